using System.Globalization;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Cases.Portal;
using Exeunt.App.Features.Negotiation.Console;
using Exeunt.App.Features.Negotiation.Portal;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Negotiation;

/// <summary>协商: numbered proposals of either side, and the signed agreement.</summary>
public static class NegotiationFeature
{
    public static void Add(IServiceCollection services) => services.AddScoped<Negotiating>().AddEffect<NegotiationOver>("step.negotiation-over");

    /// <param name="Fee">In major units, "120.00"; empty: the policy's.</param>
    public sealed record Terms(DateOnly? EndsOn, string? Fee, int? Instalments, string? Words);

    public sealed record Seen(string? Digest);

    public static void Map(IEndpointRouteBuilder routes)
    {
        Staff(routes);
        Customer(routes);
    }

    private static void Staff(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/cases/{id:guid}/negotiation", (Guid id, ShowProposals show, Caller caller, CancellationToken ct) => Page(id, show, caller, null, null, ct)).Needs(Permission.ViewCases);
        routes.MapForm("/cases/{id:guid}/negotiation", async (Guid id, IFormCollection typed, ProposeTerms propose, ShowProposals show, Caller caller, CancellationToken ct) =>
            (await propose.Run(caller.Call, new(id, Read(typed)), ct)).Refusal is { } no ? await Page(id, show, caller, no, typed, ct) : Web.SeeOther($"/cases/{id}/negotiation")).Needs(Permission.HandleCases);
        routes.MapForm("/cases/{id:guid}/negotiation/confirm", async (Guid id, IFormCollection typed, ConfirmProposal confirm, ShowProposals show, Caller caller, CancellationToken ct) =>
            (await confirm.Run(caller.Call, new(id, typed["digest"]), ct)).Refusal is { } no ? await Page(id, show, caller, no, null, ct) : Web.SeeOther($"/cases/{id}/negotiation")).Needs(Permission.HandleCases);
        routes.MapForm("/cases/{id:guid}/negotiation/end", async (Guid id, EndNegotiation end, ShowProposals show, Caller caller, CancellationToken ct) =>
            (await end.Run(caller.Call, new(id), ct)).Refusal is { } no ? await Page(id, show, caller, no, null, ct) : Web.SeeOther($"/cases/{id}/negotiation")).Needs(Permission.HandleCases);

        var api = routes.MapGroup("/api/cases/{id:guid}/proposals").WithTags("Negotiation");
        api.MapGet("", async (Guid id, DateOnly? on, ShowProposals show, Caller caller, CancellationToken ct) => (await show.Run(caller.Call, new(id, on), ct)).Api())
            .Needs(Permission.ViewCases).WithSummary("The proposals of a case, and the policy's fee on a day.");
        api.MapPost("", async (Guid id, Terms body, ProposeTerms propose, Caller caller, CancellationToken ct) =>
            (await propose.Run(caller.Call, new(id, new(body.EndsOn, body.Fee, body.Instalments, body.Words)), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Propose terms for an ending by agreement.");
        api.MapPost("/confirmation", async (Guid id, Seen body, ConfirmProposal confirm, Caller caller, CancellationToken ct) => (await confirm.Run(caller.Call, new(id, body.Digest), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Confirm the customer's proposal with this digest.");
        api.MapPost("/end", async (Guid id, EndNegotiation end, Caller caller, CancellationToken ct) => (await end.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("End the negotiation without an agreement.");
    }

    private static void Customer(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/progress/{token}/negotiation", ([AsParameters] ProgressPages.Visit visit, ShowNegotiation show) => OwnPage(visit, show, null, null)).Needs(Permission.CustomerOfCase);
        routes.MapForm("/progress/{token}/negotiation", ([AsParameters] ProgressPages.Visit visit, IFormCollection typed, ProposeOwnTerms propose, ShowNegotiation show) =>
            visit.AsCustomer(async (id, call) => (await propose.Run(call, new(id, Read(typed)), visit.Ct)).Refusal is { } no
                ? await OwnPage(visit, show, no, typed) : Web.SeeOther($"{visit.Path}/negotiation"))).Needs(Permission.CustomerOfCase).RequireRateLimiting(Security.IntakeLimit);
        routes.MapForm("/progress/{token}/negotiation/confirm", ([AsParameters] ProgressPages.Visit visit, IFormCollection typed, ConfirmOwnProposal confirm, ShowNegotiation show) =>
            visit.AsCustomer(async (id, call) => (await confirm.Run(call, new(id, typed["digest"]), visit.Ct)).Refusal is { } no
                ? await OwnPage(visit, show, no, null) : Web.SeeOther($"{visit.Path}/negotiation"))).Needs(Permission.CustomerOfCase).RequireRateLimiting(Security.IntakeLimit);
        routes.LeadBack("/progress/{token}/negotiation/confirm", "/progress/{0}/negotiation");

        var api = routes.MapGroup("/api/progress/{token}/proposals").WithTags("Customer");
        api.MapGet("", (string token, DateOnly? on, ShowNegotiation show, CaseAccess access, Caller caller, HttpContext http, CancellationToken ct) =>
            CasesFeature.AsCustomer(access, http, caller, token, async (id, call) => (await show.Run(call, new(id, on), ct)).Api(), ct))
            .Needs(Permission.CustomerOfCase).WithSummary("The proposals of one's case.");
        api.MapPost("", (string token, Terms body, ProposeOwnTerms propose, CaseAccess access, Caller caller, HttpContext http, CancellationToken ct) =>
            CasesFeature.AsCustomer(access, http, caller, token, async (id, call) => (await propose.Run(call, new(id, new(body.EndsOn, body.Fee, body.Instalments, body.Words)), ct)).Api(), ct))
            .Needs(Permission.CustomerOfCase).WithSummary("Propose terms for an ending by agreement.");
        api.MapPost("/confirmation", (string token, Seen body, ConfirmOwnProposal confirm, CaseAccess access, Caller caller, HttpContext http, CancellationToken ct) =>
            CasesFeature.AsCustomer(access, http, caller, token, async (id, call) => (await confirm.Run(call, new(id, body.Digest), ct)).Api(), ct))
            .Needs(Permission.CustomerOfCase).WithSummary("Confirm the company's proposal with this digest.");
    }

    private static Negotiating.Typed Read(IFormCollection typed) =>
        new(DateOnly.TryParseExact(typed["endsOn"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null, typed["fee"],
            int.TryParse(typed["instalments"], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 1 ? count : null, typed["words"]);

    private static async Task<IResult> Page(Guid id, ShowProposals show, Caller caller, Refusal? refusal, IFormCollection? typed, CancellationToken ct) =>
        await show.Run(caller.Call, new(id), ct) is { Refusal: null, Value: var view }
            ? Web.Page<NegotiationPage>(new { View = view, Refusal = refusal, Typed = typed }, refusal is null ? StatusCodes.Status200OK : Problems.StatusOf(refusal))
            : new ProblemResult(CommonRefusals.NotFound);

    private static Task<IResult> OwnPage(ProgressPages.Visit visit, ShowNegotiation show, Refusal? refusal, IFormCollection? typed) =>
        visit.AsCustomer(async (id, call) => await show.Run(call, new(id), visit.Ct) is { Refusal: null, Value: var view }
            ? Web.Page<MyNegotiationPage>(new { visit.Token, View = view, Refusal = refusal, Typed = typed }, refusal is null ? StatusCodes.Status200OK : Problems.StatusOf(refusal))
            : Web.SeeOther(visit.Path));
}
