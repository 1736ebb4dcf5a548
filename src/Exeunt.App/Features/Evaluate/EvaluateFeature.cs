using Exeunt.App.Data;
using Exeunt.App.Features.Evaluate.Console;
using Exeunt.App.Platform;

namespace Exeunt.App.Features.Evaluate;

/// <summary>Churn states: the watch page; the commands are <see cref="EvaluateCommand"/> and <see cref="MonthsCommand"/>.</summary>
public static class EvaluateFeature
{
    public static IServiceCollection AddEvaluate(this IServiceCollection services) =>
        services.AddScoped<WatchCustomers>().AddScoped<ChurnHistory>().AddScoped<ShowIndicators>().AddScoped<ShowIndicator>().AddScoped<ShowTransitions>().AddSingleton(p => new RecentBase(p.GetRequiredService<Storage>(), p.GetRequiredService<TimeProvider>())).AddHostedService(p => new PendingAuditCollector(p.GetRequiredService<Storage>(), p.GetRequiredService<ILogger<PendingAuditCollector>>()));

    public static void MapEvaluate(this IEndpointRouteBuilder routes)
    {
        routes.MapPage("/watch", async (string? state, string? intermittent, long? after, WatchCustomers watch, Caller caller, CancellationToken ct) =>
            Web.Page<Watch>(new { View = await watch.Run(caller.Call, StateFilter.Read(state, intermittent), after ?? 0, ct) })).Needs(Permission.ViewWatch);
        routes.MapGet("/api/churn-states", async (string? state, string? intermittent, long? after, WatchCustomers watch, Caller caller, CancellationToken ct) => Results.Json(await watch.Run(caller.Call, StateFilter.Read(state, intermittent), after ?? 0, ct), Json.Plain))
            .Needs(Permission.ViewWatch).Produces<WatchView>().WithTags("Watch").WithSummary("How many customers are in each churn state today, and a page of those in one of them; the borderline list holds also who is with us and intermittent. Names are masked.");
        routes.MapPage("/watch/indicators", Indicators).Needs(Permission.ViewWatch);
        routes.MapPage("/watch/indicators/{code}", Indicator).Needs(Permission.ViewWatch);
        routes.MapPage("/watch/transitions", Transitions).Needs(Permission.ViewWatch);
        routes.MapGet("/api/churn-states/transitions", async (string? from, string? to, int? unit, ShowTransitions show, Caller caller, CancellationToken ct) => (await show.Run(caller.Call, new(from, to, unit), ct)).Api())
            .Needs(Permission.ViewWatch).Produces<ShowTransitions.View>().WithTags("Watch").WithSummary("How many customers went from each churn state into each between the ends of two months (yyyy-MM).");
        routes.MapPage("/customers/{id:long}/states", async (long id, ChurnHistory history, Caller caller, CancellationToken ct) =>
            await history.Of(caller.Call, id, ct) is { } view ? (IResult)Web.Page<ChurnHistoryPage>(new { View = view }) : new ProblemResult(CommonRefusals.NotFound)).Needs(Permission.ViewWatch);
        routes.MapGet("/api/customers/{id:long}/churn-states", async (long id, ChurnHistory history, Caller caller, CancellationToken ct) =>
                await history.Of(caller.Call, id, ct) is { } view ? Results.Json(view, Json.Plain) : new ProblemResult(CommonRefusals.NotFound))
            .Needs(Permission.ViewWatch).Produces<ChurnHistoryView>().WithTags("Watch").WithSummary("A customer's churn state and flag since when, and every change of them as it was seen.");
        var api = routes.MapGroup("/api/indicators").WithTags("Watch");
        api.MapGet("", async (string? asOf, ShowIndicators show, Caller caller, CancellationToken ct) => (await show.Run(caller.Call, new(asOf), ct)).Api())
            .Needs(Permission.ViewWatch).Produces<ShowIndicators.View>().WithSummary("All indicators, and of how many customers each is known on a day.");
        api.MapGet("/{code}", async (string code, string? asOf, int? unit, string? currency, ShowIndicator show, Caller caller, CancellationToken ct) =>
                (await show.Run(caller.Call, new(code, asOf, unit, currency), ct)).Api())
            .Needs(Permission.ViewWatch).Produces<ShowIndicator.View>().WithSummary("How an indicator spreads over the customers of a day. Values are whole numbers of its unit: minor units, ten-thousandths, hundredths of a point.");
    }

    private static async Task<IResult> Indicators(string? asOf, ShowIndicators show, Caller caller, CancellationToken ct)
    {
        var outcome = await show.Run(caller.Call, new(asOf), ct);
        if (outcome.Refusal is not { } no)
            return Web.Page<IndicatorsPage>(new { View = outcome.Value });
        if (no.Field is null)
            return new ProblemResult(no);
        // What was asked cannot be shown: today, with what to mend.
        return Web.Page<IndicatorsPage>(new { View = (await show.Run(caller.Call, new(), ct)).Value, Refusal = no }, StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<IResult> Transitions(string? from, string? to, string? unit, ShowTransitions show, Caller caller, CancellationToken ct)
    {
        var below = Unit(unit);
        var outcome = await show.Run(caller.Call, new(from, to, below), ct);
        if (outcome.Refusal is not { } no)
            return Web.Page<TransitionsPage>(new { View = outcome.Value, Unit = below });
        return no.Field is null ? new ProblemResult(no)
            : Web.Page<TransitionsPage>(new { View = (await show.Run(caller.Call, new(Unit: below), ct)).Value, Unit = below, Refusal = no }, StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<IResult> Indicator(string code, string? asOf, string? unit, string? currency, ShowIndicator show, Caller caller, CancellationToken ct)
    {
        var below = Unit(unit);
        var outcome = await show.Run(caller.Call, new(code, asOf, below, currency is { Length: > 0 } ? currency : null), ct);
        if (outcome.Refusal is not { } no)
            return Web.Page<IndicatorPage>(new { View = outcome.Value, Unit = below });
        return no.Field is null ? new ProblemResult(no)
            : Web.Page<IndicatorPage>(new { View = (await show.Run(caller.Call, new(code), ct)).Value, Unit = (int?)null, Refusal = no }, StatusCodes.Status422UnprocessableEntity);
    }

    /// <summary>A unit of the filter; null: all.</summary>
    private static int? Unit(string? text) =>
        int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var id) ? id : null;
}
