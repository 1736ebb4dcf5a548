using Exeunt.App.Platform;
using Exeunt.App.Features.ReEntry.Console;
using Microsoft.AspNetCore.Mvc;

namespace Exeunt.App.Features.ReEntry;

/// <summary>重签: a former customer returns; the record says whose approval that needs.</summary>
public static class ReEntryFeature
{
    public static void Add(IServiceCollection services)
    {
        services.AddScoped<Recognition>();
        services.AddEffect<ForgetFormer>(ForgetFormer.Kind);
    }

    public sealed record Ask(Guid CaseId, string? Words);

    public sealed record Decision(bool? Approve, string? Words);

    public sealed record Known(string? Mail, string? Phone, string? Number, string? Source);

    /// <param name="Source">The system that the number is from, as an import's mapping names it; default "own".</param>
    public sealed record Suppressed(string? Number, string? Source);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/re-entry").WithTags("Re-entry");
        api.MapGet("", async (string? mail, string? phone, string? number, string? source, CheckReEntry check, Caller caller, CancellationToken ct) => (await check.Run(caller.Call, new(mail, phone, number, source), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Whether somebody was a customer before, and whose approval a return needs.");
        api.MapPost("/requests", async (Ask body, AskReEntry ask, Caller caller, CancellationToken ct) => (await ask.Run(caller.Call, new(body.CaseId, body.Words), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Ask that a former customer may come back.");
        api.MapPost("/requests/{id:guid}/decision", async (Guid id, Decision body, DecideReEntry decide, Caller caller, CancellationToken ct) => (await decide.Run(caller.Call, new(id, body.Approve, body.Words), ct)).Api())
            .Needs(Permission.DecideOffboarding).WithSummary("Decide a request that somebody else made.");
        api.MapPost("/cases/{id:guid}/welcome", async (Guid id, WelcomeBack welcome, Caller caller, CancellationToken ct) => (await welcome.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Re-sign: link the old case, lift the import suppression.");
        api.MapPost("/numbers", async (Suppressed body, LiftSuppression lift, Caller caller, CancellationToken ct) => (await lift.Run(caller.Call, new(body.Number, body.Source), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Re-sign by the number of an erased customer: imports take it again, also where no case is left to be recognised.");
        routes.MapPage("/re-entry", () => Web.Page<ReEntryPage>()).Needs(Permission.HandleCases);
        // What was typed is personal data: a form that is posted, and its answer is the page itself.
        routes.MapForm("/re-entry", async ([FromForm] string? mail, [FromForm] string? phone, [FromForm] string? number, [FromForm] string? source, CheckReEntry check, Caller caller, CancellationToken ct) =>
        {
            var outcome = await check.Run(caller.Call, new(mail, phone, number, source), ct);
            return Web.Page<ReEntryPage>(new { Typed = new Known(mail, phone, number, source), Answer = outcome.Succeeded ? outcome.Value : null, outcome.Refusal }, outcome.Refusal is { } no ? Problems.StatusOf(no) : StatusCodes.Status200OK);
        }).Needs(Permission.HandleCases);
        routes.MapForm("/re-entry/numbers", async ([FromForm] string? number, [FromForm] string? source, LiftSuppression lift, Caller caller, CancellationToken ct) =>
        {
            var outcome = await lift.Run(caller.Call, new(number, source), ct);
            return outcome.Refusal is { } no ? Web.Page<ReEntryPage>(new { Typed = new Known(null, null, number, source), Refusal = no }, Problems.StatusOf(no)) : Web.SeeOther("/re-entry?done=lifted");
        }).Needs(Permission.HandleCases);
        routes.MapForm("/re-entry/requests", async (IFormCollection typed, AskReEntry ask, Caller caller, CancellationToken ct) =>
            (await ask.Run(caller.Call, new(Guid.TryParse(typed["case"], out var id) ? id : default, typed["words"]), ct)).Then(_ => "/re-entry?done=asked")).Needs(Permission.HandleCases);
        routes.MapForm("/re-entry/requests/{id:guid}", async (Guid id, IFormCollection typed, DecideReEntry decide, Caller caller, CancellationToken ct) =>
            (await decide.Run(caller.Call, new(id, typed["approve"].ToString() switch { "yes" => true, "no" => false, _ => null }, typed["words"]), ct)).Then(_ => "/re-entry?done=decided")).Needs(Permission.DecideOffboarding);
        routes.MapForm("/re-entry/cases/{id:guid}", async (Guid id, WelcomeBack welcome, Caller caller, CancellationToken ct) => (await welcome.Run(caller.Call, new(id), ct)).Then(_ => $"/cases/{id}")).Needs(Permission.HandleCases);
    }
}
