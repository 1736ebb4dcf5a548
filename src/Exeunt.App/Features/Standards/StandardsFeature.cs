using System.Text;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Platform;
using Exeunt.Core.Standards;

namespace Exeunt.App.Features.Standards;

/// <summary>标准: who is listed and why, as signed documents; their back-tests; the nightly evaluation and what people decide about listings. Pages in Console.</summary>
public static class StandardsFeature
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<BacktestProgress>().AddScoped<ListingDesk>().AddScoped<ListingNames>().AddScoped<LiveEffect>().AddScoped<StandardsConsole.Pages>().AddScoped<StandardsConsole.Editing>()
            .AddScoped<ITodaySource, StandardsToday>();
        services.AddEffect<RunBacktest>(RunBacktest.Kind).AddEffect<EvaluateStandards>(EvaluateStandards.Kind).AddEffect<EvaluatePart>(EvaluatePart.Kind);
    }

    public sealed record Months(string? From, string? To, int? Threshold);

    public sealed record CaseWanted(long? ContractId, string? Words);

    public sealed record TierWanted(IReadOnlyList<string>? Codes, string? Words);

    public sealed record Closing(bool Done, DismissReason? Reason);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(StandardSchema.Path, () => Results.Text(StandardSchema.Json, "application/schema+json", Encoding.UTF8)).Needs(Permission.Public).ExcludeFromDescription();
        var api = routes.MapGroup("/api/standards").WithTags("Standards");
        SignedApi.Map(api, SignedKind.Standard);
        api.MapPost("/{id}/{version:int}/backtest", async (string id, int version, Months body, StartBacktest start, Caller caller, CancellationToken ct) =>
                (await start.Run(caller.Call, new(id, version, body.From, body.To, body.Threshold), ct)).Api())
            .Needs(Permission.WriteStandards).WithSummary("Back-test a version over history; it runs in the background.");
        api.MapGet("/backtests/{test:guid}", async (Guid test, ShowBacktest show, Caller caller, CancellationToken ct) =>
                await show.Run(caller.Call, new(test), ct) is var outcome && outcome.Refusal is { } no ? new ProblemResult(no)
                : outcome.Value.Json is { } report ? Results.Text(report, "application/json", Encoding.UTF8) : Results.Json(new { outcome.Value.Test.State, outcome.Value.Percent }, Json.Plain, statusCode: StatusCodes.Status202Accepted))
            .Needs(Permission.ViewPolicies).WithSummary("The report of a back-test, of the customers of your units; whole for those who may publish when a version was published with it. 202 while it runs.");
        api.MapPost("/evaluate", async (StartEvaluation start, Caller caller, CancellationToken ct) => (await start.Run(caller.Call, new(), ct)).Api())
            .Needs(Permission.EvaluateStandards).WithSummary("Judge all customers by the standards in force now; it also happens every night.");
        var listings = routes.MapGroup("/api/listings").WithTags("Standards");
        listings.MapPost("/{id:guid}/case", async (Guid id, CaseWanted body, OpenListedCase open, Caller caller, CancellationToken ct) => (await open.Run(caller.Call, new(id, body.ContractId, body.Words), ct)).Api())
            .Needs(Permission.HandleOffboarding).WithSummary("Open an offboarding case from a listing, with own grounds.");
        listings.MapPost("/{id:guid}/tier", async (Guid id, TierWanted body, ChangeListedTier change, Caller caller, CancellationToken ct) => (await change.Run(caller.Call, new(id, body.Codes, body.Words), ct)).Api())
            .Needs(Permission.ProposeTiers).Produces<Tiers.ChangeTier.Changed>().WithSummary("Move a listed customer to the tier the standard proposes, with own grounds; a move down waits for a second person.");
        listings.MapPost("/{id:guid}/close", async (Guid id, Closing body, CloseListing close, Caller caller, CancellationToken ct) => (await close.Run(caller.Call, new(id, body.Done, body.Reason), ct)).Api())
            .Needs(Permission.DecideListings).WithSummary("Say that what a listing asked for is done, or why nothing follows.");
        StandardsConsole.Map(routes);
    }
}
