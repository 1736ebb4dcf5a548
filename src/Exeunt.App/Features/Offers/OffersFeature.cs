using System.Globalization;
using System.Text.Json;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Offers.Console;
using Exeunt.App.Features.Offers.Portal;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Offers;

namespace Exeunt.App.Features.Offers;

/// <summary>挽留方案: the catalogue, what is offered in a case, who approves it, the customer's page, and what became of it.</summary>
public static class OffersFeature
{
    public static void Add(IServiceCollection services)
    {
        services.AddScoped<OfferBook>().AddScoped<OfferDesk>().AddScoped<CaseOffersReader>().AddScoped<OfferSending>().AddScoped<OfferAccepting>();
        services.AddEffect<OfferExpires>(OfferExpires.Kind).AddEffect<OfferOutcome>(OfferOutcome.Kind);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        Catalogue(routes);
        CaseForms(routes.MapGroup("/cases/{id:guid}"));
        Portal(routes);
        Api(routes.MapGroup("/api").WithTags("Offers"));
    }

    // ---- the catalogue ------------------------------------------------------------------------------------------------

    private static void Catalogue(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/policies/offers", Entries).Needs(Permission.ViewPolicies);
        routes.MapPage("/policies/offers/new", (Caller caller) => Web.Page<EntryPage>(new { Input = OfferEntryInput.New() })).Needs(Permission.EditPolicies);
        routes.MapForm("/policies/offers/new", (IFormCollection typed, ChangeOfferEntry change, Caller caller, CancellationToken ct) => Save(null, typed, change, caller, ct)).Needs(Permission.EditPolicies);
        routes.MapPage("/policies/offers/report", Report).Needs(Permission.ViewWatch);
        routes.MapPage("/policies/offers/{code}", Entry).Needs(Permission.ViewPolicies);
        routes.MapForm("/policies/offers/{code}", (string code, IFormCollection typed, ChangeOfferEntry change, Caller caller, CancellationToken ct) => Save(code, typed, change, caller, ct)).Needs(Permission.EditPolicies);
    }

    private static async Task<IResult> Entries(ListOfferEntries list, Caller caller, CancellationToken ct) =>
        await list.Run(caller.Call, new(), ct) is { Refusal: null, Value: var view } ? Web.Page<EntriesPage>(new { View = view }) : new ProblemResult(CommonRefusals.NotAllowed(Permission.ViewPolicies));

    private static async Task<IResult> Entry(string code, ShowOfferEntry show, Caller caller, CancellationToken ct)
    {
        var shown = await show.Run(caller.Call, new(code), ct);
        return shown.Refusal is { } no ? new ProblemResult(no) : Web.Page<EntryPage>(new { Input = OfferEntryInput.Of(shown.Value.Entry), shown.Value.History });
    }

    private static async Task<IResult> Save(string? code, IFormCollection typed, ChangeOfferEntry change, Caller caller, CancellationToken ct)
    {
        var input = OfferEntryInput.Of(typed, code);
        var read = input.Read();
        var no = read.Refusal;
        if (no is null)
            no = (await change.Run(caller.Call, new(read.Value, code is null ? 0 : input.Seen), ct)).Refusal;
        return no switch
        {
            null => Web.SeeOther("/policies/offers"),
            { Kind: RefusalKind.NotFound } => new ProblemResult(no),
            _ => Web.Page<EntryPage>(new { Input = input, Refusal = no }, Problems.StatusOf(no)),
        };
    }

    private static async Task<IResult> Report(ReportOffers report, Caller caller, CancellationToken ct) =>
        await report.Run(caller.Call, new(), ct) is { Refusal: null, Value: var rows } ? Web.Page<ReportPage>(new { Rows = rows }) : new ProblemResult(CommonRefusals.NotAllowed(Permission.ViewWatch));

    // ---- the case page ------------------------------------------------------------------------------------------------

    private static void CaseForms(IEndpointRouteBuilder form)
    {
        form.MapForm("/offer", (Guid id, IFormCollection typed, CasesConsole.Pages pages, MakeOffer offer, CancellationToken ct) =>
            pages.After("offer", id, typed, call => offer.Run(call, new(id, typed["entry"], Number(typed["percent"]), Number(typed["months"]), typed["amount"], typed["fee"]), ct), ct)).Needs(Permission.HandleCases);
        form.MapForm("/offer/skip", (Guid id, IFormCollection typed, CasesConsole.Pages pages, SkipOffer skip, CancellationToken ct) =>
            pages.After("offer", id, typed, call => skip.Run(call, new(id), ct), ct)).Needs(Permission.HandleCases);
        form.MapForm("/offer/decision", (Guid id, IFormCollection typed, CasesConsole.Pages pages, DecideOffer decide, CancellationToken ct) =>
            pages.After("offer-decision", id, typed, call => decide.Run(call, new(id, Decision(typed["decision"]), typed["digest"], typed["words"]), ct), ct)).Needs(Permission.ApproveOffers);
    }

    private static OfferDecision? Decision(string? text) => Enum.TryParse<OfferDecision>(text, out var decision) && Enum.IsDefined(decision) ? decision : null;

    private static int? Number(string? text) =>
        string.IsNullOrWhiteSpace(text) ? null : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : -1;

    // ---- the customer -------------------------------------------------------------------------------------------------

    public sealed record OfferAnswer(bool Accept);

    private static void Portal(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/progress/{token}/offer", (string token, ShowOffer show, CaseAccess access, Caller caller, HttpContext http, CancellationToken ct) => Screen(token, show, access, caller, http, null, ct)).Needs(Permission.CustomerOfCase);
        routes.MapForm("/progress/{token}/offer", Answer).Needs(Permission.CustomerOfCase).RequireRateLimiting(Security.IntakeLimit);
    }

    private static async Task<IResult> Screen(string token, ShowOffer show, CaseAccess access, Caller caller, HttpContext http, Refusal? refusal, CancellationToken ct)
    {
        var (id, call, closed) = await access.Open(http, caller, token, ct);
        if (closed is not null)
            return closed.Kind == RefusalKind.NotFound ? new ProblemResult(closed) : Web.SeeOther($"/progress/{token}");
        var shown = await show.Run(call with { IdempotencyKey = null }, new(id), ct);
        // Without an open offer there is nothing to answer: where things stand says why.
        return shown.Refusal is { } no
            ? refusal is null ? Web.SeeOther($"/progress/{token}") : Web.Page<OfferOverPage>(new { Token = token, Refusal = refusal }, Problems.StatusOf(no))
            : Web.Page<OfferPage>(new { Token = token, View = shown.Value, Refusal = refusal }, refusal is null ? StatusCodes.Status200OK : Problems.StatusOf(refusal));
    }

    private static async Task<IResult> Answer(string token, IFormCollection typed, AnswerOffer use, ShowOffer show, CaseAccess access, Caller caller, HttpContext http, CancellationToken ct)
    {
        var (id, call, closed) = await access.Open(http, caller, token, ct);
        if (closed is not null)
            return closed.Kind == RefusalKind.NotFound ? new ProblemResult(closed) : Web.SeeOther($"/progress/{token}");
        var answer = typed["answer"].ToString();
        if (answer is not ("accept" or "decline"))
            return Web.SeeOther($"/progress/{token}/offer");
        var answered = await use.Run(call, new(id, answer == "accept"), ct);
        return answered.Refusal is { } no ? await Screen(token, show, access, caller, http, no, ct)
            : Web.SeeOther(answer == "accept" ? $"/progress/{token}" : $"/progress/{token}?done=declined");
    }

    // ---- the REST API -------------------------------------------------------------------------------------------------

    public sealed record NewOffer(string? Entry, int? Percent, int? Months, string? Amount, string? Fee);

    public sealed record Decided(OfferDecision? Decision, string? Digest, string? Words);

    private static void Api(IEndpointRouteBuilder api)
    {
        api.MapPost("/progress/{token}/offer", (string token, OfferAnswer body, AnswerOffer answer, CaseAccess access, Caller caller, HttpContext http, CancellationToken ct) =>
            CasesFeature.AsCustomer(access, http, caller, token, async (id, call) => (await answer.Run(call, new(id, body.Accept), ct)).Api(), ct))
            .Needs(Permission.CustomerOfCase).WithSummary("Accept or decline the offer.");
        api.MapGet("/progress/{token}/offer", (string token, ShowOffer show, CaseAccess access, Caller caller, HttpContext http, CancellationToken ct) =>
            CasesFeature.AsCustomer(access, http, caller, token, async (id, call) => (await show.Run(call, new(id), ct)).Api(), ct))
            .Needs(Permission.CustomerOfCase).WithSummary("The open offer: what changes, from when, what it costs, what stays, until when it can be answered.");

        api.MapGet("/cases/{id:guid}/offer-proposals", async (Guid id, ProposeOffers propose, Caller caller, CancellationToken ct) => (await propose.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Every entry with its conditions, cost and value for this case, the fitting ones first.");
        api.MapPost("/cases/{id:guid}/offer", async (Guid id, NewOffer body, MakeOffer offer, Caller caller, CancellationToken ct) =>
            (await offer.Run(caller.Call, new(id, body.Entry, body.Percent, body.Months, body.Amount, body.Fee), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Make the one offer of the case from an entry of the catalogue.");
        api.MapPost("/cases/{id:guid}/offer/skip", async (Guid id, SkipOffer skip, Caller caller, CancellationToken ct) => (await skip.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Make no offer.");
        api.MapPost("/cases/{id:guid}/offer/decision", async (Guid id, Decided body, DecideOffer decide, Caller caller, CancellationToken ct) =>
            (await decide.Run(caller.Call, new(id, body.Decision, body.Digest, body.Words), ct)).Api())
            .Needs(Permission.ApproveOffers).WithSummary("Approve, return or refuse the offer with this digest.");

        api.MapGet("/offer-entries", async (ListOfferEntries list, Caller caller, CancellationToken ct) => Documents(await list.Run(caller.Call, new(), ct)))
            .Needs(Permission.ViewPolicies).WithSummary("The offer catalogue: the version in use of every entry.");
        api.MapGet("/offer-entries/{code}", async (string code, ShowOfferEntry show, Caller caller, CancellationToken ct) =>
            await show.Run(caller.Call, new(code), ct) is { Succeeded: true, Value: var shown } ? Results.Content(shown.Entry.ToJson(), "application/json") : new ProblemResult(CommonRefusals.NotFound))
            .Needs(Permission.ViewPolicies).WithSummary("One entry.");
        api.MapPut("/offer-entries/{code}", async (string code, JsonElement body, ChangeOfferEntry change, Caller caller, CancellationToken ct) =>
        {
            try
            {
                var entry = OfferEntry.FromJson(body.GetRawText());
                return entry.Code == code ? (await change.Run(caller.Call, new(entry, caller.ExpectedVersion), ct)).Api() : new ProblemResult(OfferEntryRefusals.OtherCode);
            }
            catch (JsonException e)
            {
                return new ProblemResult(OfferEntryRefusals.Unreadable(e.Path));
            }
        }).Needs(Permission.EditPolicies).WithSummary("Put a new version of an entry. If-Match takes the version that was seen; 0 for a new entry.");
        api.MapGet("/offers/report", async (ReportOffers report, Caller caller, CancellationToken ct) => (await report.Run(caller.Call, new(), ct)).Api())
            .Needs(Permission.ViewWatch).WithSummary("What became of the offers, by entry and currency.");
    }

    private static IResult Documents(Outcome<ListOfferEntries.View> outcome) =>
        outcome.Refusal is { } no ? new ProblemResult(no) : Results.Content("[" + string.Join(',', outcome.Value.Entries.Select(e => e.ToJson())) + "]", "application/json");
}
