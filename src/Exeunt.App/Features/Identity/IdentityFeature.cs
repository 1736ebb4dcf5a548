using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Cases.Portal;
using Exeunt.App.Features.Identity.Portal;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.AspNetCore.Mvc;

namespace Exeunt.App.Features.Identity;

/// <summary>身份: levels above a code, changes of contact and account with their hold, refusals for want of authority.</summary>
public static class IdentityFeature
{
    public static void Add(IServiceCollection services) => services.AddScoped<DetailsDesk>().AddEffect<ApplyDetails>("details.apply");

    public sealed record Payout(string? Holder, string? Account, string? Bank);

    public sealed record Contact(string? Mail, string? Phone);

    public sealed record Check(string? Method, string? Words);

    public sealed record Vouched(string? ContractNumber, string? Method, string? Words);

    public sealed record Stopped(string? Words);

    public sealed record Refused(string? Ground, string? Words);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/progress/{token}/details", ([AsParameters] ProgressPages.Visit visit, ShowDetails show) => Page(visit, show, null, null)).Needs(Permission.CustomerOfCase);
        Form(routes, "payout", (ChangePayout use, Guid id, Call call, IFormCollection typed, CancellationToken ct) => use.Run(call, new(id, typed["holder"], typed["account"], typed["bank"]), ct));
        Form(routes, "contact", (ChangeContact use, Guid id, Call call, IFormCollection typed, CancellationToken ct) => use.Run(call, new(id, typed["mail"], typed["phone"]), ct));
        Form(routes, "stop", (StopOwnChange use, Guid id, Call call, IFormCollection typed, CancellationToken ct) => use.Run(call, new(id, DetailKinds.Of(typed["kind"]) ?? DetailKind.Contact), ct));
        routes.MapForm("/cases/{id:guid}/identity", (Guid id, IFormCollection typed, CasesConsole.Pages pages, RecordIdentityCheck check, CancellationToken ct) =>
            pages.After("identity", id, typed, call => check.Run(call, new(id, typed["method"], typed["words"]), ct), ct)).Needs(Permission.HandleCases);
        routes.MapForm("/cases/{id:guid}/vouch", (Guid id, IFormCollection typed, CasesConsole.Pages pages, VouchForIdentity vouch, CancellationToken ct) =>
            pages.After("vouch", id, typed, call => vouch.Run(call, new(id, typed["contractNumber"], typed["method"], typed["words"]), ct), ct)).Needs(Permission.HandleCases);
        routes.MapForm("/cases/{id:guid}/vouch/confirm", (Guid id, IFormCollection typed, CasesConsole.Pages pages, ConfirmVouch confirm, CancellationToken ct) =>
            pages.After("vouch-confirm", id, typed, call => confirm.Run(call, new(id, int.TryParse(typed["version"], System.Globalization.CultureInfo.InvariantCulture, out var seen) ? seen : null), ct), ct)).Needs(Permission.AssignCases);
        routes.MapForm("/cases/{id:guid}/changes/{kind}/stop", (Guid id, string kind, IFormCollection typed, CasesConsole.Pages pages, StopChange stop, CancellationToken ct) =>
            pages.After("stop-" + kind, id, typed, call => stop.Run(call, new(id, DetailKinds.Of(kind), typed["words"]), ct), ct)).Needs(Permission.HandleCases);
        routes.MapForm("/cases/{id:guid}/refuse", (Guid id, IFormCollection typed, CasesConsole.Pages pages, RefuseCase refuse, CancellationToken ct) =>
            pages.After("refuse", id, typed, call => refuse.Run(call, new(id, typed["ground"], typed["words"]), ct), ct)).Needs(Permission.AssignCases);

        var api = routes.MapGroup("/api").WithTags("Identity");
        api.MapPost("/progress/{token}/payout", (string token, Payout body, ChangePayout use, CaseAccess access, Caller caller, HttpContext http, CancellationToken ct) =>
            CasesFeature.AsCustomer(access, http, caller, token, async (id, call) => (await use.Run(call, new(id, body.Holder, body.Account, body.Bank), ct)).Api(), ct))
            .Needs(Permission.CustomerOfCase).WithSummary("Name another account for a refund; held for 72 hours.");
        api.MapPost("/progress/{token}/contact", (string token, Contact body, ChangeContact use, CaseAccess access, Caller caller, HttpContext http, CancellationToken ct) =>
            CasesFeature.AsCustomer(access, http, caller, token, async (id, call) => (await use.Run(call, new(id, body.Mail, body.Phone), ct)).Api(), ct))
            .Needs(Permission.CustomerOfCase).WithSummary("Give another contact; held for 72 hours.");
        api.MapDelete("/progress/{token}/changes/{kind}", (string token, string kind, StopOwnChange use, CaseAccess access, Caller caller, HttpContext http, CancellationToken ct) =>
            CasesFeature.AsCustomer(access, http, caller, token, async (id, call) => (await use.Run(call, new(id, kind == "payout" ? DetailKind.Payout : DetailKind.Contact), ct)).Api(), ct))
            .Needs(Permission.CustomerOfCase).WithSummary("Stop a change that waits.");
        api.MapPost("/cases/{id:guid}/identity", async (Guid id, Check body, RecordIdentityCheck check, Caller caller, CancellationToken ct) => (await check.Run(caller.Call, new(id, body.Method, body.Words), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Record a check of a document or an authority.");
        api.MapPost("/cases/{id:guid}/vouch", async (Guid id, Vouched body, VouchForIdentity vouch, Caller caller, CancellationToken ct) => (await vouch.Run(caller.Call, new(id, body.ContractNumber, body.Method, body.Words), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Say whose an application without a code is, and what proves it; a second person confirms.");
        api.MapPost("/cases/{id:guid}/vouch/confirmation", async (Guid id, ConfirmVouch confirm, Caller caller, CancellationToken ct) => (await confirm.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.AssignCases).WithSummary("Confirm, as another person, whose an application is.");
        api.MapDelete("/cases/{id:guid}/changes/{kind}", async (Guid id, string kind, [FromBody] Stopped? body, StopChange stop, Caller caller, CancellationToken ct) =>
                (await stop.Run(caller.Call, new(id, DetailKinds.Of(kind), body?.Words), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Stop a change of contact or account that waits, with words.");
        api.MapPost("/cases/{id:guid}/refusal", async (Guid id, Refused body, RefuseCase refuse, Caller caller, CancellationToken ct) => (await refuse.Run(caller.Call, new(id, body.Ground, body.Words), ct)).Api())
            .Needs(Permission.AssignCases).WithSummary("Refuse an application with a ground.");
    }

    private static void Form<TUse>(IEndpointRouteBuilder routes, string name, Func<TUse, Guid, Call, IFormCollection, CancellationToken, Task<Outcome<Done>>> run) where TUse : notnull
    {
        routes.MapForm($"/progress/{{token}}/details/{name}", ([AsParameters] ProgressPages.Visit visit, IFormCollection typed, IServiceProvider services) =>
            visit.AsCustomer(async (id, call) => (await run(services.GetRequiredService<TUse>(), id, call, typed, visit.Ct)).Refusal is { } no
                ? await Page(visit, services.GetRequiredService<ShowDetails>(), no, typed) : Web.SeeOther($"{visit.Path}/details")))
            .Needs(Permission.CustomerOfCase).RequireRateLimiting(Security.IntakeLimit);
        routes.LeadBack($"/progress/{{token}}/details/{name}", "/progress/{0}/details");
    }

    private static Task<IResult> Page(ProgressPages.Visit visit, ShowDetails show, Refusal? refusal, IFormCollection? typed) =>
        visit.AsCustomer(async (id, call) => await show.Run(call, new(id), visit.Ct) is { Refusal: null, Value: var view }
            ? Web.Page<DetailsPage>(new { visit.Token, View = view, Refusal = refusal, Typed = typed }, refusal is null ? StatusCodes.Status200OK : Problems.StatusOf(refusal))
            : Web.SeeOther(visit.Path));
}
