using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Reasons;

/// <summary>The reasons for leaving, on two levels, in their order; retired ones too, since old cases name them.</summary>
public sealed class ReasonList(IReadOnlyList<ReasonRow> rows)
{
    /// <summary>A first-level reason with its details.</summary>
    public sealed record Group(ReasonRow Reason, IReadOnlyList<ReasonRow> Details);

    public IReadOnlyList<ReasonRow> All => rows;

    public IReadOnlyList<Group> Groups { get; } =
    [
        .. rows.Where(r => !r.IsDetail).OrderBy(r => r.Position).ThenBy(r => r.Code, StringComparer.Ordinal)
            .Select(r => new Group(r, [.. rows.Where(d => d.IsDetail && d.First == r.Code).OrderBy(d => d.Position).ThenBy(d => d.Code, StringComparer.Ordinal)])),
    ];

    /// <summary>What can be chosen now.</summary>
    public IReadOnlyList<Group> Active => [.. Groups.Where(g => !g.Reason.Retired).Select(g => g with { Details = [.. g.Details.Where(d => !d.Retired)] })];

    /// <summary>What customers are asked on the portal.</summary>
    public IReadOnlyList<ReasonRow> ForCustomers => [.. Active.Select(g => g.Reason).Where(r => r.CustomerEnglish is not null && r.CustomerChinese is not null)];

    public ReasonRow? Find(string? code) => code is null ? null : rows.FirstOrDefault(r => r.Code == code);

    /// <summary>Whether a reason can be chosen: neither it nor its first level is retired.</summary>
    public bool CanChoose(string code) => Find(code) is { Retired: false } row && (!row.IsDetail || Find(row.First) is { Retired: false });

    /// <summary>"Price › Too high"; a code that is not known stays as it is.</summary>
    public string Words(string code, Texts t)
    {
        var first = Find(code.Split('/')[0])?.Name(t) ?? code;
        return code.Contains('/', StringComparison.Ordinal) && Find(code) is { } detail ? $"{first} › {detail.Name(t)}" : first;
    }

    public string Words(string reason, string? detail, Texts t) => Words(detail is null ? reason : $"{reason}/{detail}", t);

    /// <summary>The guide for a reason: its own, else that of its first level; null when there is none.</summary>
    public ReasonRow? Guide(string? code) =>
        Find(code) is not { } row ? null : HasGuide(row) ? row : Find(row.First) is { } first && HasGuide(first) ? first : null;

    public static bool HasGuide(ReasonRow row) => row.AskEnglish is not null && row.AskChinese is not null && row.AnswerEnglish is not null && row.AnswerChinese is not null;
}

/// <summary>Reads the reasons.</summary>
public sealed class ReasonBook(AppDb db)
{
    /// <summary>Far more than anybody can choose from.</summary>
    public const int Max = 500;

    private ReasonList? _list;

    /// <summary>The list, read once a request.</summary>
    public async Task<ReasonList> All(CancellationToken ct) =>
        _list ??= new ReasonList(await db.Reasons.AsNoTracking().OrderBy(r => r.Code).Take(Max).ToListAsync(ct));

    /// <summary>Why a reason cannot be chosen; null when it can.</summary>
    public async Task<Refusal?> Check(string code, CancellationToken ct) =>
        (await All(ct)) is var list && list.Find(code) is null ? ReasonRefusals.Unknown : list.CanChoose(code) ? null : ReasonRefusals.Retired;

    /// <summary>The list a new installation begins with.</summary>
    public static async Task Seed(AppDb db, Call call, CancellationToken ct)
    {
        if (await db.Reasons.AnyAsync(ct))
            return;
        foreach (var row in ReasonSeeds.Rows())
            db.Reasons.Add(row);
        db.Audit(call, "reasons.built-in", "reasons");
        await db.SaveChangesAsync(ct);
    }
}

public static class ReasonRefusals
{
    public static readonly Refusal Unknown = new(RefusalKind.Invalid, "reason.unknown",
        "Choose one of the reasons in the list.", "请从列表中选择原因。", Field: "reason");

    public static readonly Refusal Retired = new(RefusalKind.Invalid, "reason.retired",
        "This reason is retired; choose another one of the list.", "该原因已停用，请从列表中另选。", Field: "reason");

    public static readonly Refusal Code = new(RefusalKind.Invalid, "reason.code",
        "A code has 2 to 40 capital letters, digits or _ and never changes.", "代码为 2 至 40 位大写字母、数字或 _，设定后不可更改。", Field: "code");

    public static readonly Refusal Taken = new(RefusalKind.Conflict, "reason.taken", "This code is in the list already.", "该代码已存在。", Field: "code");

    public static readonly Refusal BothLanguages = new(RefusalKind.Invalid, "reason.both-languages",
        "Fill in both languages, or neither.", "中英文须同时填写或同时留空。", Field: "customerEn");

    public static readonly Refusal WholeGuide = new(RefusalKind.Invalid, "reason.whole-guide",
        "A guide needs what to ask and how to answer in both languages; leave all four empty for none.", "话术须有中英文的“问什么”和“怎么答”；不需要时四项留空。", Field: "askEn");

    public static readonly Refusal NoEntry = new(RefusalKind.Invalid, "reason.no-such-offer",
        "Each line is the code of an entry of the offer catalogue, once.", "每行填写一个挽留目录代码，不得重复。", Field: "offers");

    public static readonly Refusal TooMany = new(RefusalKind.Conflict, "reason.too-many", "The list has at most 500 reasons.", "原因最多 500 项。");
}
