using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Cases.Portal;
using Exeunt.App.Features.Terms.Console;
using Exeunt.App.Features.Terms.Portal;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.AspNetCore.Mvc;

namespace Exeunt.App.Features.Terms;

/// <summary>条款: what customers and readers get of a policy: public pages, answers, evidence of shown texts, the formal document, replay.</summary>
public static class TermsFeature
{
    public static void Add(IServiceCollection services) => services.AddScoped<ShownTexts>().AddScoped<OwnTerms>();

    public sealed record Confirmation(string? ContractNumber, string? Language, string? Sha256);

    /// <param name="Confirmed">True: the customer says they have read it.</param>
    public sealed record Understood(bool Confirmed, string? Sha256);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/terms", async (ListTerms list, Caller caller, CancellationToken ct) =>
            Web.Page<TermsListPage>(new { Policies = (await list.Run(caller.Call, new(), ct)).Value })).Needs(Permission.Public);
        routes.MapPage("/terms/{number}", (string number, ReadTerms read, Caller caller, CancellationToken ct) => Read(read, caller, number, null, ct)).Needs(Permission.Public);
        routes.MapPage("/terms/{number}/{version:int}", (string number, int version, ReadTerms read, Caller caller, CancellationToken ct) => Read(read, caller, number, version, ct)).Needs(Permission.Public);
        routes.MapPage("/policies/texts/{sha256}", async (string sha256, ShowStoredText show, Caller caller, CancellationToken ct) =>
            await show.Run(caller.Call, new(sha256), ct) is { Refusal: null, Value: var text } ? Web.Page<StoredTextPage>(new { Text = text }) : (IResult)new ProblemResult(CommonRefusals.NotFound))
            .Needs(Permission.ViewPolicies);
        routes.MapPage("/policies/{number}/{version:int}/document", async (string number, int version, ShowPaper show, Caller caller, CancellationToken ct) =>
            await show.Run(caller.Call, new(number, version), ct) is { Refusal: null, Value: var paper } ? Web.Page<PaperPage>(new { Paper = paper }) : (IResult)new ProblemResult(CommonRefusals.NotFound))
            .Needs(Permission.ViewPolicies);
        routes.MapPage("/policies/{number}/{version:int}/document.pdf", async (string number, int version, string? language, ShowPaper show, Documents.Letterhead head, Caller caller, CancellationToken ct) =>
        {
            var shown = await show.Run(caller.Call, new(number, version, language), ct);
            return shown.Refusal is { } no ? new ProblemResult(no)
                : Results.File(shown.Value.ToPdf(await head.Head(Texts.In(shown.Value.Language), ct), Documents.Letterhead.Fonts, caller.Now), "application/pdf", $"{number}-{version}-{shown.Value.Language}.pdf");
        }).Needs(Permission.ViewPolicies);
        routes.MapPage("/policies/{number}/{version:int}/replay", async (string number, int version, string? after, ReplayPolicy replay, Caller caller, CancellationToken ct) =>
            await replay.Run(caller.Call, new(number, version, after), ct) is { Refusal: null, Value: var view } ? Web.Page<ReplayPage>(new { View = view, After = after }) : (IResult)new ProblemResult(CommonRefusals.NotFound))
            .Needs(Permission.ViewCases);
        routes.MapPage("/policies/{number}/{version:int}/replay.csv", async (string number, int version, ReplayPolicy replay, Caller caller, CancellationToken ct) =>
            await replay.Run(caller.Call, new(number, version, Everything: true), ct) is { Refusal: null, Value: var view }
                ? Results.File(System.Text.Encoding.UTF8.GetBytes(ReplayWords.Csv(view.Page)), "text/csv; charset=utf-8", $"replay-{view.Policy.Number}-{version}.csv") : new ProblemResult(CommonRefusals.NotFound))
            .Needs(Permission.ViewCases);
        routes.MapPage("/progress/{token}/consequences", ([AsParameters] ProgressPages.Visit visit, ShowConsequences show) => Consequences(visit, show, null)).Needs(Permission.CustomerOfCase);
        routes.MapForm("/progress/{token}/consequences", Confirm).Needs(Permission.CustomerOfCase).RequireRateLimiting(Security.IntakeLimit);
        Api(routes.MapGroup("/api"));
    }

    private static void Api(IEndpointRouteBuilder api)
    {
        api.MapGet("/policies/{number}/{version:int}/text", async (string number, int version, string? language, ReadTerms read, Caller caller, CancellationToken ct) =>
            await read.Run(caller.Call, new(number, version, language), ct) is { Refusal: null, Value: var view } ? Json(view.Text) : (IResult)new ProblemResult(CommonRefusals.NotFound))
            .Needs(Permission.Public).RequireRateLimiting(Security.FormulaLimit).WithTags("Policies").WithSummary("The text of a policy to be shown before signing, with its SHA-256.");

        api.MapPost("/policies/{number}/{version:int}/confirmations", async (string number, int version, Confirmation body, ConfirmTerms confirm, Caller caller, CancellationToken ct) =>
            (await confirm.Run(caller.Call, new(number, version, body.ContractNumber, body.Language, body.Sha256), ct)).Api())
            .Needs(Permission.RecordTerms).WithTags("Policies").WithSummary("Record that a customer was shown this text before signing and confirmed it.");

        api.MapGet("/progress/{token}/consequences", (string token, string? language, ShowConsequences show, CaseAccess access, Caller caller, HttpContext http, CancellationToken ct) =>
            CasesFeature.AsCustomer(access, http, caller, token, async (id, call) => await show.Run(call, new(id, language), ct) is { Refusal: null, Value: var view }
                ? Results.Json(new { view.Text.Text, view.Text.Sha256, view.Text.Language, view.Text.PolicyNumber, view.Text.PolicyVersion, view.ConfirmedAt }, Platform.Json.Plain)
                : new ProblemResult(CommonRefusals.NotFound), ct))
            .Needs(Permission.CustomerOfCase).WithTags("Customer").WithSummary("What ending does, to be shown before it binds, with its SHA-256.");

        api.MapPost("/progress/{token}/consequences", (string token, Understood body, ConfirmConsequences confirm, CaseAccess access, Caller caller, HttpContext http, CancellationToken ct) =>
            CasesFeature.AsCustomer(access, http, caller, token, async (id, call) => (await confirm.Run(call, new(id, body.Confirmed, body.Sha256), ct)).Api(), ct))
            .Needs(Permission.CustomerOfCase).WithTags("Customer").WithSummary("Confirm what ending does. The end does not wait for it.");
    }

    private static IResult Json(TermsText text) =>
        Results.Json(new { text.Text, text.Sha256, text.Language, text.PolicyNumber, text.PolicyVersion }, Platform.Json.Plain);

    private static async Task<IResult> Read(ReadTerms read, Caller caller, string number, int? version, CancellationToken ct) =>
        await read.Run(caller.Call, new(number, version), ct) is { Refusal: null, Value: var view } ? Web.Page<TermsPage>(new { View = view }) : new ProblemResult(CommonRefusals.NotFound);

    private static Task<IResult> Consequences(ProgressPages.Visit visit, ShowConsequences show, Refusal? refusal) =>
        visit.AsCustomer(async (id, call) => await show.Run(call, new(id), visit.Ct) is { Refusal: null, Value: { MayConfirm: true } view }
            ? Web.Page<ConsequencesPage>(new { visit.Token, View = view, Refusal = refusal }, refusal is null ? StatusCodes.Status200OK : Problems.StatusOf(refusal))
            : Web.SeeOther(visit.Path));

    private static Task<IResult> Confirm([AsParameters] ProgressPages.Visit visit, [FromForm] string? confirmed, ConfirmConsequences confirm, ShowConsequences show) =>
        visit.AsCustomer(async (id, call) =>
            (await confirm.Run(call, new(id, !string.IsNullOrEmpty(confirmed), confirmed), visit.Ct)).Refusal is { } no
                ? await Consequences(visit, show, no) : Web.SeeOther($"{visit.Path}?done=confirmed"));
}
