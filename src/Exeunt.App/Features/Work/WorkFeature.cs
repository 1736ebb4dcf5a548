using Exeunt.App.Features.Work.Console;
using Exeunt.App.Platform;

namespace Exeunt.App.Features.Work;

/// <summary>Work orders to departments.</summary>
public static class WorkFeature
{
    public static void Add(IServiceCollection services) => services.AddEffect<WorkOrdersStep>("step.work-orders", "step.wind-down", "step.hand-over");

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/work-orders/{id:guid}/confirmation", async (Guid id, ConfirmWork confirm, Caller caller, CancellationToken ct) => (await confirm.Run(caller.Call, new(id), ct)).Api())
            .WithTags("Work").Needs(Permission.CarryOutWork).WithSummary("Confirm that a work order is done.");
        routes.MapPage("/work", List).Needs(Permission.CarryOutWork);
        routes.MapForm("/work/{id:guid}", async (Guid id, ConfirmWork confirm, Caller caller, CancellationToken ct) => (await confirm.Run(caller.Call, new(id), ct)).Then(_ => "/work"))
            .Needs(Permission.CarryOutWork);
    }

    private static async Task<IResult> List(ListWork list, Caller caller, CancellationToken ct)
    {
        var outcome = await list.Run(caller.Call, new(), ct);
        return outcome.Refusal is { } no ? new ProblemResult(no) : Web.Page<WorkPage>(new { List = outcome.Value });
    }
}
