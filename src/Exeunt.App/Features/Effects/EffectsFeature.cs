using Exeunt.App.Features.Effects.Console;
using Exeunt.App.Platform;

namespace Exeunt.App.Features.Effects;

/// <summary>Work that is still to happen or was given up, for the administrator.</summary>
public static class EffectsFeature
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/admin/effects", async (ListEffects list, Caller caller, CancellationToken ct) =>
        {
            var lists = await list.Run(caller.Call, new(), ct);
            return lists.Refusal is { } refusal ? new ProblemResult(refusal) : (IResult)Web.Page<EffectsPage>(new { Lists = lists.Value });
        }).Needs(Permission.ManageSettings);

        routes.MapForm("/admin/effects/{id:guid}/retry", async (Guid id, RetryEffect retry, Caller caller, CancellationToken ct) =>
            (await retry.Run(caller.Call, new(id), ct)).Then(_ => "/admin/effects")).Needs(Permission.ManageSettings);

        var api = routes.MapGroup("/api/effects").WithTags("Administration");
        api.MapGet("", async (ListEffects list, Caller caller, CancellationToken ct) => (await list.Run(caller.Call, new(), ct)).Api())
            .Needs(Permission.ManageSettings).Produces<EffectLists>().WithSummary("Effects that wait or were given up");
        api.MapPost("/{id:guid}/retry", async (Guid id, RetryEffect retry, Caller caller, CancellationToken ct) => (await retry.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.ManageSettings).WithSummary("Try an effect again that was given up");
    }
}
