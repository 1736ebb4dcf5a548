using Exeunt.App.Data;
using Exeunt.App.Features.Policies;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Policies;
using Exeunt.Core.Rules;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Rules;

/// <summary>One version of a pack: its rules, what changed since another version, and which published policies each rule touches.</summary>
public sealed class ShowRulePack(AppDb db, RuleBook rules) : UseCase<ShowRulePack.Request, ShowRulePack.View>(db)
{
    /// <param name="Version">Null: the newest.</param>
    public sealed record Request(string Jurisdiction, int? Version = null);

    public sealed record VersionLine(int Version, DateOnly IssuedOn, DateTimeOffset ImportedAt);

    /// <param name="Before">The rule in the version before, when it says something else there.</param>
    /// <param name="IsNew">Whether the version before does not have it.</param>
    public sealed record RuleLine(LegalRule Rule, bool InForce, LegalRule? Before, bool IsNew, IReadOnlyList<Touched> Policies);

    /// <param name="Breach">What it breaks; null: it keeps to the rule.</param>
    public sealed record Touched(string Number, int Version, PolicyFinding? Breach);

    public sealed record View(RulePack Pack, IReadOnlyList<VersionLine> Versions, IReadOnlyList<RuleLine> Rules, DateOnly Today, bool MaySign);

    public override Permission Needs => Permission.ViewPolicies;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        var rows = await Db.RulePacks.AsNoTracking().Where(p => p.Jurisdiction == request.Jurisdiction).OrderByDescending(p => p.Version)
            .Select(p => new { p.Version, p.IssuedOn, p.ImportedAt, p.ImportedBy }).ToListAsync(ct);
        if (rows.FirstOrDefault(r => request.Version is null || r.Version == request.Version) is not { } row)
            return CommonRefusals.NotFound;
        var pack = (await rules.Named($"{request.Jurisdiction} {row.Version}", ct))[0];
        var before = row.Version > 1 && rows.Any(r => r.Version == row.Version - 1) ? (await rules.Named($"{request.Jurisdiction} {row.Version - 1}", ct))[0] : null;
        var today = call.Today(Clocks.CompanyZone);
        var policies = (await Db.Policies.AsNoTracking().Where(p => p.Status == PolicyStatus.Published).OrderBy(p => p.Number).ThenBy(p => p.Version).Take(ListPolicies.Max).ToListAsync(ct))
            .ConvertAll(p => TerminationPolicy.FromJson(p.Document));
        var findings = policies.Select(p => (Policy: p, Found: PolicyCheck.Of(p, [pack], today))).ToList();
        var lines = pack.Rules.Select(rule =>
        {
            var old = before?.Rules.FirstOrDefault(r => r.Id == rule.Id);
            var touched = findings.Where(f => PolicyCheck.IsTouched(f.Policy, pack, rule, today))
                .Select(f => new Touched(f.Policy.Number, f.Policy.Version, f.Found.FirstOrDefault(x => x.Rule.Id == rule.Id))).ToList();
            return new RuleLine(rule, rule.IsInForce(today), old is not null && !Same(old, rule) ? old : null, before is not null && old is null, touched);
        });
        return new View(pack, [.. rows.Select(r => new VersionLine(r.Version, r.IssuedOn, r.ImportedAt))], [.. lines], today,
            call.Actor.Allows(Permission.ManageRules) && row.Version == rows[0].Version && row.ImportedBy != call.Actor.Id);
    }

    private static bool Same(LegalRule a, LegalRule b) => Json(a) == Json(b);

    private static string Json(LegalRule rule) => System.Text.Json.JsonSerializer.Serialize(rule, Core.Settlement.SettlementJson.Document);
}
