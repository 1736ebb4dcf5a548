using Exeunt.App.Features.Clock.Console;
using Exeunt.App.Platform;
using Microsoft.AspNetCore.Mvc;

namespace Exeunt.App.Features.Clock;

/// <summary>The business date: seen, and moved forward so that everything due on the way happens in order.</summary>
public static class ClockFeature
{
    public static void Add(IServiceCollection services, HostOptions options)
    {
        services.AddEffect<ClockStep>(ClockStep.Kind);
        if (options.Database is not null)
            services.AddHostedService<ClockWatch>();
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/admin/clock", async (HttpContext context, ViewClock view, Caller caller, CancellationToken ct) =>
        {
            var clock = await view.Run(caller.Call, new(), ct);
            if (clock.Refusal is { } refusal)
                return new ProblemResult(refusal);
            // Without scripts the page follows by itself while the date moves.
            if (clock.Value.IsMoving)
                context.Response.Headers["Refresh"] = "2";
            return (IResult)Web.Page<ClockPage>(new { Clock = clock.Value });
        }).Needs(Permission.ManageSettings);

        routes.MapForm("/admin/clock", async (ViewClock view, AdvanceBusinessDate advance, Caller caller, CancellationToken ct,
            [FromForm] string? days, [FromForm] string? date) =>
        {
            var moved = await advance.Run(caller.Call, AdvanceBusinessDate.Request.Read(days, date), ct);
            if (moved.Refusal is not { } refusal)
                return Web.SeeOther("/admin/clock");
            var clock = await view.Run(caller.Call, new(), ct);
            return clock.Succeeded ? Web.Page<ClockPage>(new { Clock = clock.Value, Refusal = refusal, Days = days, Date = date }, Problems.StatusOf(refusal)) : new ProblemResult(refusal);
        }).Needs(Permission.ManageSettings);

        var api = routes.MapGroup("/api/clock").WithTags("Administration");
        api.MapGet("", async (ViewClock view, Caller caller, CancellationToken ct) => (await view.Run(caller.Call, new(), ct)).Api())
            .Needs(Permission.ManageSettings).Produces<ClockState>().WithSummary("The business date, and where it is moving to");
        api.MapPost("/advance", async (AdvanceBusinessDate.Request request, AdvanceBusinessDate advance, Caller caller, CancellationToken ct) =>
                (await advance.Run(caller.Call, request, ct)).Api())
            .Needs(Permission.ManageSettings).Produces<ClockState>().WithSummary("Move the business date forward by days, or to a date");
    }
}
