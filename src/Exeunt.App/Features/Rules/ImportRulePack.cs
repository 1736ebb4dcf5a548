using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Rules;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Rules;

/// <summary>
/// Takes a new version of a rule pack. Cases received before its day keep theirs; every published policy and every running case
/// is checked again.
/// </summary>
public sealed class ImportRulePack(AppDb db, RuleBook rules) : UseCase<ImportRulePack.Request, ImportRulePack.Imported>(db)
{
    public const int MaxLength = 1_000_000;

    public sealed record Request(string? Document);

    /// <param name="Name">"DE 2".</param>
    public sealed record Imported(string Jurisdiction, int Version, string Name);

    public override Permission Needs => Permission.ManageRules;

    protected override async Task<Outcome<Imported>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (CommonRefusals.Unfit("document", request.Document, MaxLength, out var unfit))
            return unfit;
        var read = RulePackDocument.Read(request.Document);
        if (read.Refusal is { } unreadable)
            return unreadable;
        var pack = read.Value;
        var before = await Db.RulePacks.AsNoTracking().Where(p => p.Jurisdiction == pack.Jurisdiction).OrderByDescending(p => p.Version).FirstOrDefaultAsync(ct);
        if (pack.Version != (before?.Version ?? 0) + 1)
            return RuleRefusals.NotNext(pack.Jurisdiction, (before?.Version ?? 0) + 1);
        if (pack.IssuedOn < call.Today(Clocks.CompanyZone))
            return RuleRefusals.IssuedInThePast(call.Today(Clocks.CompanyZone));
        var old = before is null ? null : (await rules.Named(before.Name, ct))[0];
        if (pack.Rules.FirstOrDefault(r => r.CounselSignOff is not null && !IsCarriedOver(r, old)) is { } signed)
            return RuleRefusals.SignedInDocument(signed.Id);
        Db.RulePacks.Add(RulePackRow.Of(pack, call.Now, call.Actor.Id));
        Db.Audit(call, "rules.imported", $"rules:{pack.Jurisdiction}:{pack.Version}", new { rules = pack.Rules.Count, issued = pack.IssuedOn });
        Db.Enqueue(RecheckRules.For(pack.Name, null, call));
        return await Commit(new Imported(pack.Jurisdiction, pack.Version, pack.Name), ct);
    }

    /// <summary>A sign-off stays with the rule as long as the rule says the same.</summary>
    private static bool IsCarriedOver(LegalRule rule, RulePack? old)
    {
        var one = new RulePack { Jurisdiction = "X", Version = 1, IssuedOn = default, Title = new("x", "x"), Rules = [] };
        return old?.Rules.FirstOrDefault(r => r.Id == rule.Id) is { } same && (one with { Rules = [same] }).ToJson() == (one with { Rules = [rule] }).ToJson();
    }
}

public static class RuleRefusals
{
    public static readonly Refusal OwnImport = new(RefusalKind.Forbidden, "rules.own-import",
        "You handed these rules in, so another person must sign them off.", "这些规则由您导入，须由他人签核。");

    public static Refusal NothingToSign(string rule) => new(RefusalKind.Conflict, "rules.nothing-to-sign",
        $"{rule} is verified or signed off already.", $"规则 {rule} 已核实或已签核。");

    public static Refusal NotNext(string jurisdiction, int next) => new(RefusalKind.Conflict, "rule-pack.not-next",
        $"The next version for {jurisdiction} is {next}.", $"{jurisdiction} 的下一个版本号应为 {next}。", Field: "document");

    public static Refusal IssuedInThePast(DateOnly today) => new(RefusalKind.Invalid, "rule-pack.issued-in-past",
        $"issuedOn is {today:yyyy-MM-dd} or later: what was received before keeps the law of its day.", $"issuedOn 不得早于 {today:yyyy-MM-dd}：此前收到的申请适用当时的规则。", today, "document");

    public static Refusal SignedInDocument(string rule) => new(RefusalKind.Invalid, "rule-pack.signed-in-document",
        $"{rule}: a sign-off is given here by a second person, not by the document.", $"{rule}：签核须由第二人在系统中完成，不得写在文档里。", Field: "document");
}
