using System.Globalization;
using Exeunt.App.Features.Batches.Console;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Microsoft.Extensions.Primitives;

namespace Exeunt.App.Features.Batches;

/// <summary>批量办理: one action for many cases, shown beforehand, followed while it runs.</summary>
internal static class BatchesFeature
{
    public static void Add(IServiceCollection services) =>
        services.AddScoped<BatchActions>().AddScoped<BatchCases>().AddEffect<RunBatch>("batch.run");

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapForm("/cases/batches/check", Check).Needs(Permission.ViewCases);
        routes.MapForm("/cases/batches", Start).Needs(Permission.ViewCases);
        routes.MapPage("/cases/batches/{id:guid}", Show).Needs(Permission.ViewCases);
        routes.MapForm("/cases/batches/{id:guid}/cancel", async (Guid id, Caller caller, CancelBatch cancel, CancellationToken ct) =>
            (await cancel.Run(caller.Call, new(id), ct)).Then(_ => $"/cases/batches/{id}")).Needs(Permission.ViewCases);

        var api = routes.MapGroup("/api/batches").WithTags("Batches");
        api.MapPost("/preview", async (BatchChoice body, Caller caller, PreviewBatch preview, CancellationToken ct) => (await preview.Run(caller.Call, Whole(body), ct)).Api())
            .Needs(Permission.ViewCases).WithSummary("What a batch would do to how many cases, and which cannot and why.");
        api.MapPost("", async (BatchChoice body, Caller caller, StartBatch start, CancellationToken ct) => (await start.Run(caller.Call, Whole(body), ct)).Api())
            .Needs(Permission.ViewCases).WithSummary("Do one thing to many cases: those named, or all that a query of the list finds (at most 5,000).");
        api.MapGet("/{id:guid}", async (Guid id, BatchItemState? state, int? after, Caller caller, ShowBatch show, CancellationToken ct) => (await show.Run(caller.Call, new(id, state, after ?? 0), ct)).Api())
            .Needs(Permission.ViewCases).WithSummary("How far a batch of yours is, and what became of each case.");
        api.MapPost("/{id:guid}/cancel", async (Guid id, Caller caller, CancelBatch cancel, CancellationToken ct) => (await cancel.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.ViewCases).WithSummary("Stop a batch of yours; what was done stays done.");
    }

    private static BatchChoice Whole(BatchChoice body) => body with { Cases = body.Cases ?? [] };

    private static BatchChoice Choice(IFormCollection typed)
    {
        var action = Enum.TryParse<BatchAction>(typed["action"], out var known) && Enum.IsDefined(known) ? known : BatchAction.Ask;
        var cases = typed["all"] == "1" ? StringValues.Empty : typed["case"];
        return new BatchChoice(action, action == BatchAction.Assign ? typed["to"] : action == BatchAction.Hold ? typed["reason"] : (string?)null,
            [.. cases.Select(c => Guid.TryParse(c, out var id) ? id : default).Where(id => id != default)], typed["all"] == "1" ? typed["query"].ToString() : null);
    }

    private static async Task<IResult> Check(IFormCollection typed, Caller caller, PreviewBatch preview, StaffDirectory staff, CancellationToken ct)
    {
        var choice = Choice(typed);
        // First the choice of an action, then, on the page itself, what the action needs to know.
        if (choice is { Action: BatchAction.Assign, Argument: null or "" } or { Action: BatchAction.Hold, Argument: null or "" })
        {
            var people = choice.Action == BatchAction.Assign && caller.May(Permission.AssignCases) ? await staff.Holders(Permission.HandleCases, "", ct) : [];
            return Web.Page<BatchCheckPage>(new { Choice = choice, People = people, Back = Back(typed) });
        }
        var outcome = await preview.Run(caller.Call, choice, ct);
        return outcome.Refusal is { } no
            ? Web.Page<BatchCheckPage>(new { Choice = choice, People = Array.Empty<StaffDirectory.Holder>(), Back = Back(typed), Refusal = no }, Problems.StatusOf(no))
            : Web.Page<BatchCheckPage>(new { Choice = choice, People = Array.Empty<StaffDirectory.Holder>(), Back = Back(typed), View = outcome.Value });
    }

    private static string Back(IFormCollection typed) => CaseFilter.Read(typed["query"].ToString()).Path();

    private static async Task<IResult> Start(IFormCollection typed, Caller caller, StartBatch start, CancellationToken ct)
    {
        // The page's own key: sent twice, the form starts one batch.
        var call = caller.Call with { IdempotencyKey = typed["key"].ToString() is { Length: > 0 and <= 80 } key ? "form:" + key : null };
        return (await start.Run(call, Choice(typed), ct)).Then(id => $"/cases/batches/{id}");
    }

    private static async Task<IResult> Show(Guid id, string? state, string? after, Caller caller, ShowBatch show, CancellationToken ct)
    {
        var wanted = Enum.TryParse<BatchItemState>(state, out var one) && Enum.IsDefined(one) ? one : (BatchItemState?)null;
        var outcome = await show.Run(caller.Call, new(id, wanted, int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0), ct);
        return outcome.Refusal is { } no ? new ProblemResult(no) : Web.Page<BatchPage>(new { View = outcome.Value, State = wanted, Paged = after is not null });
    }
}
