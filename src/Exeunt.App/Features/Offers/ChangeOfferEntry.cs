using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Offers;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offers;

/// <summary>Puts a new version of an entry into the catalogue, or a new entry. Offers made keep the version they were made from.</summary>
public sealed class ChangeOfferEntry(AppDb db, OfferBook book, Reasons.ReasonBook reasons) : UseCase<ChangeOfferEntry.Request, ChangeOfferEntry.Changed>(db)
{
    /// <param name="Entry">Its version does not matter: it is the next one.</param>
    /// <param name="Seen">Version that was looked at, 0 for a new entry; null: whichever it is.</param>
    public sealed record Request(OfferEntry Entry, int? Seen = null);

    public sealed record Changed(string Code, int Version);

    public override Permission Needs => Permission.EditPolicies;

    protected override async Task<Outcome<Changed>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (OfferCheck.Of(request.Entry) is { } no)
            return no;
        var known = await reasons.All(ct);
        if (request.Entry.Conditions.Reasons.FirstOrDefault(r => known.Find(r) is null) is { } unknown)
            return OfferEntryRefusals.UnknownReason(unknown);
        if (request.Entry.Conditions.Tiers.Any(t => !Enum.TryParse<Customers.CustomerTier>(t, out _)))
            return OfferEntryRefusals.UnknownTier;
        if (request.Entry.Tasks.FirstOrDefault(t => !Permissions.RolesWith(Permission.CarryOutWork).Contains(t.Role)) is not null)
            return OfferEntryRefusals.TaskRole;
        var current = await book.Find(request.Entry.Code, ct);
        if (request.Seen is { } seen && seen != (current?.Version ?? 0))
            return seen == 0 ? OfferEntryRefusals.Taken : CommonRefusals.ChangedMeanwhile;
        var entry = request.Entry with { Version = (current?.Version ?? 0) + 1 };
        if (current is null && await Db.OfferEntries.Select(e => e.Code).Distinct().CountAsync(ct) >= OfferBook.Max)
            return OfferEntryRefusals.TooMany;
        var row = OfferBook.RowOf(entry, call);
        Db.OfferEntries.Add(row);
        Db.Audit(call, current is null ? "offer-entry.added" : entry.Active ? "offer-entry.changed" : "offer-entry.retired", $"offer-entry:{entry.Code}", new { entry.Version, row.Digest });
        return await Commit(new Changed(entry.Code, entry.Version), ct);
    }
}

public static class OfferEntryRefusals
{
    public static readonly Refusal OtherCode = new(RefusalKind.Invalid, "offer-entry.other-code",
        "The code in the document is not the one of the address.", "文档中的代码与地址不一致。", Field: "code");

    public static readonly Refusal Taken = new(RefusalKind.Conflict, "offer-entry.taken", "This code is in the catalogue already.", "该代码已存在。", Field: "code");

    public static readonly Refusal TooMany = new(RefusalKind.Conflict, "offer-entry.too-many", "The catalogue has at most 200 entries.", "目录最多 200 项。");

    public static readonly Refusal UnknownTier = new(RefusalKind.Invalid, "offer-entry.tier", "Tiers are Normal, Vip and HighRisk.", "分层为 Normal、Vip、HighRisk。", Field: "tiers");

    public static readonly Refusal TaskRole = new(RefusalKind.Invalid, "offer-entry.task-role",
        "A task is for a role that carries out work orders: Technical or Supervisor.", "任务须由可执行工单的角色承担：Technical 或 Supervisor。", Field: "tasks");

    public static readonly Refusal Amounts = new(RefusalKind.Invalid, "offer-entry.amounts",
        "Amounts are written like “100.00 CNY, 12 GBP”.", "金额写作“100.00 CNY, 12 GBP”。");

    public static readonly Refusal Tasks = new(RefusalKind.Invalid, "offer-entry.task-line",
        "A task is a line: code | English | Chinese | role | days.", "每行一项任务：代码 | 英文 | 中文 | 角色 | 天数。", Field: "tasks");

    public static Refusal UnknownReason(string code) => new(RefusalKind.Invalid, "offer-entry.reason",
        $"There is no reason {code}.", $"没有原因 {code}。", Field: "reasons");

    public static Refusal Unreadable(string? at) => new(RefusalKind.Invalid, "offer-entry.document",
        $"The document cannot be read at {at ?? "its beginning"}.", $"文档无法读取：{at ?? "开头"}。");

    public static Refusal Number(string field) => new(RefusalKind.Invalid, "offer-entry.number", "A whole number, please.", "请填写整数。", Field: field);
}
