using Exeunt.App.Data;
using Exeunt.App.Features.Policies;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Policies;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Terms;

/// <summary>The policies in force today, for anybody.</summary>
public sealed class ListTerms(AppDb db) : UseCase<ListTerms.Request, IReadOnlyList<TerminationPolicy>>(db)
{
    public const int Max = 200;

    public sealed record Request;

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<IReadOnlyList<TerminationPolicy>>> Handle(Call call, Request request, CancellationToken ct)
    {
        var today = call.Today(Clocks.CompanyZone);
        var rows = await PublicPolicies.Of(Db).Where(p => p.EffectiveFrom <= today).OrderBy(p => p.Number).ThenByDescending(p => p.Version).Take(Max).ToListAsync(ct);
        return (TerminationPolicy[])[.. rows.GroupBy(p => p.Number).Select(g => PublicPolicies.InForce(g, today)).OfType<PolicyRow>().Select(p => TerminationPolicy.FromJson(p.Document))];
    }
}
