using Exeunt.App.Features.LateCharges.Console;
using Exeunt.App.Platform;

namespace Exeunt.App.Features.LateCharges;

/// <summary>终止后收费: what was charged after the end is found and refunded.</summary>
public static class LateChargesFeature
{
    public static void Add(IServiceCollection services) => services.AddEffect<ScanLateCharges>(ScanLateCharges.Kind);

    public sealed record Decision(bool? Refund, string? Words);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/late-charges").WithTags("Money");
        api.MapGet("", async (Guid? caseId, ListLateCharges list, Caller caller, CancellationToken ct) => (await list.Run(caller.Call, new(caseId), ct)).Api())
            .Needs(Permission.ViewMoney).WithSummary("What was charged after an end and waits for a decision.");
        api.MapPost("/scan", async (FindLateCharges find, Caller caller, CancellationToken ct) => (await find.Run(caller.Call, new(), ct)).Api())
            .Needs(Permission.HandleMoney).WithSummary("Look for charges after an end now; it also happens every night and after every import.");
        api.MapPost("/{id:guid}/decision", async (Guid id, Decision body, DecideLateCharge decide, Caller caller, CancellationToken ct) => (await decide.Run(caller.Call, new(id, body.Refund, body.Words), ct)).Api())
            .Needs(Permission.ApproveMoney).WithSummary("Refund a charge after the end, or say why it is owed.");
        routes.MapPage("/money/late-charges", async (ListLateCharges list, Caller caller, CancellationToken ct) =>
        {
            var outcome = await list.Run(caller.Call, new(), ct);
            return outcome.Refusal is { } no ? (IResult)new ProblemResult(no) : Web.Page<LateChargesPage>(new { List = outcome.Value });
        }).Needs(Permission.ViewMoney);
        routes.MapForm("/money/late-charges/{id:guid}", async (Guid id, IFormCollection typed, DecideLateCharge decide, ListLateCharges list, Caller caller, CancellationToken ct) =>
        {
            var outcome = await decide.Run(caller.Call, new(id, typed["refund"].ToString() switch { "yes" => true, "no" => false, _ => null }, typed["words"]), ct);
            if (outcome.Refusal is not { } no)
                return Web.SeeOther("/money/late-charges");
            var page = await list.Run(caller.Call with { IdempotencyKey = null }, new(), ct);
            return page.Refusal is null ? Web.Page<LateChargesPage>(new { List = page.Value, Refusal = no, Charge = (Guid?)id }, Problems.StatusOf(no)) : new ProblemResult(no);
        }).Needs(Permission.ApproveMoney);
    }
}
