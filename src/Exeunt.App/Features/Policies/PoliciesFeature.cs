using Exeunt.App.Features.Policies.Console;
using Exeunt.App.Platform;

namespace Exeunt.App.Features.Policies;

/// <summary>政策: termination policies, to be read.</summary>
public static class PoliciesFeature
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/policies", async (ListPolicies list, Caller caller, CancellationToken ct) =>
            await list.Run(caller.Call, new(), ct) is { Refusal: null, Value: var rows } ? Web.Page<PoliciesPage>(new { Rows = rows }) : (IResult)new ProblemResult(CommonRefusals.NotAllowed(Permission.ViewPolicies)))
            .Needs(Permission.ViewPolicies);
        routes.MapPage("/policies/{number}/{version:int}", async (string number, int version, ShowPolicy show, Caller caller, CancellationToken ct) =>
            await show.Run(caller.Call, new(number, version), ct) is { Refusal: null, Value: var row } ? Web.Page<PolicyPage>(new { Row = row }) : (IResult)new ProblemResult(CommonRefusals.NotFound))
            .Needs(Permission.ViewPolicies);
    }
}
