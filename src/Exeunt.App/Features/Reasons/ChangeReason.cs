using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Reasons;

/// <summary>What may be written of a reason.</summary>
/// <param name="Position">Its place among its like, 0 to 999.</param>
/// <param name="CustomerEn">How customers are asked it; both languages or neither.</param>
/// <param name="AskEn">The guide: what to ask and how to answer, all four texts or none.</param>
/// <param name="Offers">Codes of the entries that answer it, the best first; null leaves them as they are.</param>
public sealed record ReasonContent(
    string? English, string? Chinese, int Position, string? CustomerEn, string? CustomerZh, bool Retired, string? AskEn, string? AskZh, string? AnswerEn, string? AnswerZh,
    IReadOnlyList<string>? Offers)
{
    public Refusal? Check()
    {
        foreach (var (field, text) in new[] { ("english", English), ("chinese", Chinese) })
            if (string.IsNullOrWhiteSpace(text))
                return CommonRefusals.Required(field);
        foreach (var (field, text, most) in new[]
        {
            ("english", English, ReasonRow.MaxName), ("chinese", Chinese, ReasonRow.MaxName), ("customerEn", CustomerEn, ReasonRow.MaxName), ("customerZh", CustomerZh, ReasonRow.MaxName),
            ("askEn", AskEn, ReasonRow.MaxGuide), ("askZh", AskZh, ReasonRow.MaxGuide), ("answerEn", AnswerEn, ReasonRow.MaxGuide), ("answerZh", AnswerZh, ReasonRow.MaxGuide),
        })
            if (text?.Trim().Length > most)
                return CommonRefusals.TooLong(field, most);
        if (Position is < 0 or > 999)
            return new Refusal(RefusalKind.Invalid, "reason.position", "A place from 0 to 999.", "顺序为 0 至 999。", Field: "position");
        if (Text(CustomerEn) is null != Text(CustomerZh) is null)
            return ReasonRefusals.BothLanguages;
        return new[] { AskEn, AskZh, AnswerEn, AnswerZh }.Select(Text).Select(t => t is null).Distinct().Count() == 1 ? null : ReasonRefusals.WholeGuide;
    }

    public void WriteTo(ReasonRow row)
    {
        (row.English, row.Chinese, row.Position, row.Retired) = (English!.Trim(), Chinese!.Trim(), Position, Retired);
        (row.CustomerEnglish, row.CustomerChinese) = (Text(CustomerEn), Text(CustomerZh));
        (row.AskEnglish, row.AskChinese, row.AnswerEnglish, row.AnswerChinese) = (Text(AskEn), Text(AskZh), Text(AnswerEn), Text(AnswerZh));
        row.Version++;
    }

    private static string? Text(string? typed) => string.IsNullOrWhiteSpace(typed) ? null : typed.Trim();
}

/// <summary>Changes a reason's words, place, guide and offers, or retires it.</summary>
public sealed class ChangeReason(AppDb db, ReasonOffers offers) : UseCase<ChangeReason.Request, Done>(db)
{
    /// <param name="Seen">Version that was looked at; null: whichever it is.</param>
    public sealed record Request(string Code, ReasonContent Content, int? Seen = null);

    public override Permission Needs => Permission.EditPolicies;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.Reasons.SingleOrDefaultAsync(r => r.Code == request.Code, ct) is not { } row)
            return CommonRefusals.NotFound;
        if ((request.Seen ?? call.ExpectedVersion) is { } seen && seen != row.Version)
            return CommonRefusals.ChangedMeanwhile;
        if (request.Content.Check() is { } no)
            return no;
        request.Content.WriteTo(row);
        if (await offers.Stage(row.Code, request.Content.Offers, ct) is { } unknown)
            return unknown;
        Db.Audit(call, row.Retired ? "reason.retired" : "reason.changed", $"reason:{row.Code}", new { row.Version });
        return await Commit(Done.It, ct);
    }
}

/// <summary>The table that leads from a reason to the offers that answer it.</summary>
public sealed class ReasonOffers(AppDb db)
{
    public const int Max = 10;

    /// <summary>Stages the ordered list of a reason; null leaves it as it is.</summary>
    public async Task<Refusal?> Stage(string reason, IReadOnlyList<string>? codes, CancellationToken ct)
    {
        if (codes is null)
            return null;
        if (codes.Count > Max || codes.Distinct().Count() != codes.Count || await db.OfferEntries.Where(e => codes.Contains(e.Code)).Select(e => e.Code).Distinct().CountAsync(ct) != codes.Count)
            return ReasonRefusals.NoEntry;
        var rows = await db.ReasonOffers.Where(o => o.Reason == reason).ToListAsync(ct);
        db.ReasonOffers.RemoveRange(rows.Where(r => !codes.Contains(r.Entry)));
        foreach (var (code, i) in codes.Select((c, i) => (c, i)))
            if (rows.FirstOrDefault(r => r.Entry == code) is { } row)
                row.Position = i;
            else
                db.ReasonOffers.Add(new ReasonOffer { Reason = reason, Entry = code, Position = i });
        return null;
    }
}
