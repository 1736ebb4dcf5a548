using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Rules;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Rules;

/// <summary>Counsel's word that an unverified rule is right: the system writes the next version of the pack with it.</summary>
public sealed class SignOffRule(AppDb db, RuleBook rules) : UseCase<SignOffRule.Request, ImportRulePack.Imported>(db)
{
    public sealed record Request(string Jurisdiction, string Rule);

    public override Permission Needs => Permission.ManageRules;

    protected override async Task<Outcome<ImportRulePack.Imported>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.RulePacks.AsNoTracking().Where(p => p.Jurisdiction == request.Jurisdiction).OrderByDescending(p => p.Version).FirstOrDefaultAsync(ct) is not { } row)
            return CommonRefusals.NotFound;
        var old = (await rules.Named(row.Name, ct))[0];
        if (old.Rules.FirstOrDefault(r => r.Id == request.Rule) is not { } rule)
            return CommonRefusals.NotFound;
        if (row.ImportedBy == call.Actor.Id)
            return RuleRefusals.OwnImport;
        if (rule.Status == RuleStatus.Verified || rule.CounselSignOff is not null)
            return RuleRefusals.NothingToSign(rule.Id);
        var today = call.Today(Clocks.CompanyZone);
        var pack = old with
        {
            Version = old.Version + 1,
            IssuedOn = old.Version > 1 && old.IssuedOn > today ? old.IssuedOn : today,
            Rules = [.. old.Rules.Select(r => r.Id == rule.Id ? r with { CounselSignOff = new(call.Actor.Id, today) } : r)],
        };
        Db.RulePacks.Add(RulePackRow.Of(pack, call.Now, row.ImportedBy));
        Db.Audit(call, "rules.signed-off", $"rules:{pack.Jurisdiction}:{pack.Version}", new { rule = rule.Id });
        Db.Enqueue(RecheckRules.For(pack.Name, null, call));
        return await Commit(new ImportRulePack.Imported(pack.Jurisdiction, pack.Version, pack.Name), ct);
    }
}
