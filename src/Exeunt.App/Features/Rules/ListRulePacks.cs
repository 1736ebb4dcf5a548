using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Rules;

namespace Exeunt.App.Features.Rules;

/// <summary>The newest pack of every place.</summary>
public sealed class ListRulePacks(AppDb db, RuleBook rules) : UseCase<ListRulePacks.Request, IReadOnlyList<ListRulePacks.Row>>(db)
{
    public sealed record Request;

    /// <param name="InForce">Rules in force today.</param>
    /// <param name="Binding">Of these, rules that refuse.</param>
    public sealed record Row(string Jurisdiction, int Version, DateOnly IssuedOn, Words Title, int Rules, int Verified, int Secondary, int General, int InForce, int Binding);

    public override Permission Needs => Permission.ViewPolicies;

    protected override async Task<Outcome<IReadOnlyList<Row>>> Handle(Call call, Request request, CancellationToken ct)
    {
        var today = call.Today(Clocks.CompanyZone);
        return (Row[])[.. (await rules.Newest(ct)).Select(p => new Row(
            p.Jurisdiction, p.Version, p.IssuedOn, p.Title, p.Rules.Count, p.Rules.Count(r => r.Status == RuleStatus.Verified), p.Rules.Count(r => r.Status == RuleStatus.Secondary),
            p.Rules.Count(r => r.Status == RuleStatus.GeneralKnowledge), p.Rules.Count(r => r.IsInForce(today)), p.Rules.Count(r => r.IsInForce(today) && r.Binds)))];
    }
}
