using Exeunt.App.Data;
using Exeunt.App.Features.Approvals;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Features.Surveys;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;

namespace Exeunt.App.Features.Cases;

/// <summary>Cases: intake, progress, handling; pages in Portal and Console, the REST API here.</summary>
public static class CasesFeature
{
    public static void Add(IServiceCollection services)
    {
        services.AddScoped<CaseDesk>().AddScoped<CaseAccess>().AddScoped<CaseTexts>().AddScoped<CaseLetters>().AddScoped<CustomerMatch>()
            .AddScoped<Challenges>().AddScoped<Drafts>().AddScoped<Receiving>().AddScoped<ProvenIdentity>().AddScoped<Ending>().AddScoped<CasesConsole.Pages>().AddScoped<CaseParts>().AddScoped<AuditLog.InclusionProofs>()
            .AddScoped<CaseNames>().AddScoped<CaseRows>().AddScoped<FilteredCases>().AddScoped<CaseViews>().AddScoped<ITodaySource, CasesToday>();
        services.AddEffect<EffectiveStep>("step.effective").AddEffect<LapseStep>("case.lapse").AddEffect<ForgetDraft>("draft.forget")
            .AddEffect<HoldEnds>("hold.end").AddEffect<PeriodStep>("step.period").AddEffect<PeriodEnds>(PeriodEnds.Kind).AddEffect<AutoCheckStep>("step.auto-check");
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        CustomerApi(routes.MapGroup("/api").WithTags("Customer"));
        StaffApi(routes.MapGroup("/api/cases").WithTags("Cases"));
        CasesConsole.Map(routes);
    }

    // ---- what a customer can do without an account: the same use cases as the portal -----------------------------------

    /// <param name="System">The source system, as it calls itself.</param>
    /// <param name="Reference">Under which the source system knows the application.</param>
    /// <param name="ActedBy">Who pressed the button there.</param>
    /// <param name="Representative">Who applies for the customer, with a document of authority (PDF, JPEG, PNG or WebP in Base64).</param>
    public sealed record Application(
        string? ContractNumber, string? Name, string? Contact, DateOnly? EndsOn, string? Reason, string? Words,
        string? System = null, string? Reference = null, string? ActedBy = null, Intakes.ApiRepresentative? Representative = null);

    public sealed record CodeEntered(string? Code);

    public sealed record Words(string? Text);

    public sealed record Survey(int Handling, int Clarity, string? Words);

    private static void CustomerApi(IEndpointRouteBuilder api)
    {
        api.MapPost("/applications", async (Application body, SubmitApplication submit, Caller caller, CancellationToken ct) =>
            (await submit.Run(caller.Call, new(null, body.ContractNumber, body.Name, body.Contact, body.EndsOn, body.Reason, body.Words, Channel.Api, Sent: new(body.System, body.Reference, body.ActedBy, body.Representative)), ct)).Api())
            .Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit).Takes(LargeBodies.OneFile)
            .WithSummary("Apply to end a contract. Answers the same for a real and an invented contract.");

        api.MapGet("/progress/{token}", async (string token, ShowProgress show, CaseAccess access, Caller caller, HttpContext http, CancellationToken ct) =>
            (await show.Run(caller.Call, new(token, await IsOpen(access, http, caller, token, ct)), ct)).Api())
            .Needs(Permission.Public).WithSummary("Where an application stands; everything with a Case-Session header.");

        api.MapGet("/progress/{token}/receipt", async (string token, ShowReceipt show, Caller caller, CancellationToken ct) => (await show.Run(caller.Call, new(token), ct)).Api())
            .Needs(Permission.Public).WithSummary("The signed receipt, and its proof of inclusion in the log once there is one.");

        api.MapPost("/progress/{token}/code", async (string token, SendCaseCode send, Caller caller, CancellationToken ct) =>
            (await send.Run(caller.Call, new(token), ct)).Api())
            .Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit).WithSummary("Send a code to the contact on file.");

        api.MapPost("/progress/{token}/identity", async (string token, CodeEntered body, ProveIdentity prove, Caller caller, CancellationToken ct) =>
            (await prove.Run(caller.Call, new(token, body.Code), ct)).Api())
            .Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit).WithSummary("Enter the code; answers with a Case-Session.");

        api.MapPost("/progress/{token}/withdrawal", (string token, WithdrawCase withdraw, CaseAccess access, Caller caller, HttpContext http, CancellationToken ct) =>
            AsCustomer(access, http, caller, token, async (id, call) => (await withdraw.Run(call, new(id), ct)).Api(), ct))
            .Needs(Permission.CustomerOfCase).WithSummary("Withdraw the application and keep the contract.");

        api.MapPost("/progress/{token}/messages", (string token, Words body, LeaveMessage leave, CaseAccess access, Caller caller, HttpContext http, CancellationToken ct) =>
            AsCustomer(access, http, caller, token, async (id, call) => (await leave.Run(call, new(id, body.Text), ct)).Api(), ct))
            .Needs(Permission.CustomerOfCase).WithSummary("Write to the people of the case.");

        api.MapGet("/progress/{token}/documents/{document:guid}", (string token, Guid document, DownloadOwnDocument download, CaseAccess access, Caller caller, HttpContext http, CancellationToken ct) =>
            AsCustomer(access, http, caller, token, async (id, call) => await download.Run(call, new(id, document), ct) is { Succeeded: true, Value: var file }
                ? Results.File(file.Bytes, file.MediaType, file.Name) : new ProblemResult(CommonRefusals.NotFound), ct))
            .Needs(Permission.CustomerOfCase).WithSummary("Download a document of the case.");

        api.MapPost("/surveys/{token}", async (string token, Survey body, AnswerSurvey answer, Caller caller, CancellationToken ct) =>
            (await answer.Run(caller.Call, new(token, body.Handling, body.Clarity, body.Words), ct)).Api())
            .Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit).WithSummary("Answer the survey on how the ending was handled.");
    }

    public static async Task<bool> IsOpen(CaseAccess access, HttpContext http, Caller caller, string token, CancellationToken ct) =>
        await access.CaseOf(token, ct) is { } id && access.IsOpen(http, id, caller.Now);

    /// <summary>Runs something as the customer whose session opens the case of the link.</summary>
    public static async Task<IResult> AsCustomer(
        CaseAccess access, HttpContext http, Caller caller, string token, Func<Guid, Call, Task<IResult>> work, CancellationToken ct)
    {
        var (id, call, refusal) = await access.Open(http, caller, token, ct);
        return refusal is null ? await work(id, call) : new ProblemResult(refusal);
    }

    // ---- staff ---------------------------------------------------------------------------------------------------------

    public sealed record Talk(string? Reason, string? Words, string? Channel, int Minutes, DateTimeOffset? StartedAt);

    public sealed record Seen(string? Digest);

    public sealed record Assignment(Guid To);

    public sealed record Hold(string? Reason);

    public sealed record Question(Guid To, string? Text);

    private static void StaffApi(IEndpointRouteBuilder api)
    {
        api.MapGet("", async (HttpContext http, string? after, ListCases list, Caller caller, CancellationToken ct) => (await list.Run(caller.Call, new(CaseFilter.Read(http.Request.Query), after), ct)).Api())
            .Needs(Permission.ViewCases)
            .WithSummary("List cases, 50 a page, by the query of the list's page: state, kind, who, unit, waits, due, overdue, disputed, tier, reason, channel, q, order; after for the next page.");

        api.MapGet("/views", async (CaseViews views, Caller caller, CancellationToken ct) => Results.Json(await views.For(caller.Call, ct), Json.Plain))
            .Needs(Permission.ViewCases).WithSummary("Your saved views and those shared with your units.");

        api.MapPost("/views", async (SaveCaseView.Request body, SaveCaseView save, Caller caller, CancellationToken ct) => (await save.Run(caller.Call, body, ct)).Api())
            .Needs(Permission.ViewCases).WithSummary("Save a view; with a unit it is shared.");

        api.MapDelete("/views/{id:guid}", async (Guid id, DeleteCaseView delete, Caller caller, CancellationToken ct) => (await delete.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.ViewCases).WithSummary("Delete a view of yours.");

        api.MapGet("/{id:guid}/actions", async (Guid id, ListCaseActions actions, Caller caller, CancellationToken ct) => (await actions.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.ViewCases).WithSummary("Every action there is in a case: possible for you now, or why not, and from when.");

        api.MapGet("/{id:guid}", async (Guid id, ShowCase show, Caller caller, CancellationToken ct) => CaseJson(await show.Run(caller.Call, new(id), ct)))
            .Needs(Permission.ViewCases).WithSummary("One case with its history.");

        api.MapPost("/{id:guid}/take", async (Guid id, TakeCase take, Caller caller, CancellationToken ct) => (await take.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Take a case for oneself.");

        api.MapPost("/{id:guid}/assignment", async (Guid id, Assignment body, AssignCase assign, Caller caller, CancellationToken ct) => (await assign.Run(caller.Call, new(id, body.To), ct)).Api())
            .Needs(Permission.AssignCases).WithSummary("Assign a case.");

        api.MapPost("/{id:guid}/talk", async (Guid id, Talk body, RecordTalk talk, Caller caller, CancellationToken ct) =>
            (await talk.Run(caller.Call, new(id, body.Reason, body.Words, body.Channel, body.Minutes, body.StartedAt), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Record a talk and the reason.");

        api.MapPost("/{id:guid}/settlement", async (Guid id, RecomputeSettlement settle, Caller caller, CancellationToken ct) => (await settle.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Compute the settlement again.");

        api.MapPost("/{id:guid}/approvals/finance", async (Guid id, Seen body, Approve approve, Caller caller, CancellationToken ct) =>
            (await approve.Run(caller.Call, new(id, ApprovalSubject.Settlement, Role.Finance, body.Digest), ct)).Api())
            .Needs(Permission.ApproveMoney).WithSummary("Approve as finance the settlement with this digest.");

        api.MapPost("/{id:guid}/approvals/legal", async (Guid id, Seen body, Approve approve, Caller caller, CancellationToken ct) =>
            (await approve.Run(caller.Call, new(id, ApprovalSubject.Settlement, Role.Legal, body.Digest), ct)).Api())
            .Needs(Permission.ApproveLegal).WithSummary("Approve as legal the settlement with this digest.");

        api.MapPost("/{id:guid}/approvals/return", async (Guid id, Words body, ReturnApproval back, Caller caller, CancellationToken ct) => (await back.Run(caller.Call, new(id, body.Text), ct)).Api())
            .Needs(Permission.ReturnMoney).WithSummary("Send the settlement back with words.");

        api.MapPost("/{id:guid}/hold", async (Guid id, Hold body, HoldCase hold, Caller caller, CancellationToken ct) => (await hold.Run(caller.Call, new(id, body.Reason), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Hold money and erasure.");

        api.MapPost("/{id:guid}/resume", async (Guid id, ResumeCase resume, Caller caller, CancellationToken ct) => (await resume.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("End a hold.");

        api.MapPost("/{id:guid}/question", async (Guid id, Question body, AskUpwards ask, Caller caller, CancellationToken ct) => (await ask.Run(caller.Call, new(id, body.To, body.Text), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Ask or report to somebody above.");

        api.MapPost("/{id:guid}/answer", async (Guid id, Words body, AnswerUpwards answer, Caller caller, CancellationToken ct) => (await answer.Run(caller.Call, new(id, body.Text), ct)).Api())
            .Needs(Permission.AssignCases).WithSummary("Answer what one was asked.");

        api.MapPost("/{id:guid}/messages", async (Guid id, Words body, ReplyToCustomer reply, Caller caller, CancellationToken ct) => (await reply.Run(caller.Call, new(id, body.Text), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Answer the customer.");
    }

    /// <summary>The case as JSON: the row, without the page's helpers.</summary>
    private static IResult CaseJson(Outcome<ShowCase.View> outcome) =>
        outcome.Refusal is { } refusal
            ? new ProblemResult(refusal)
            : Results.Json(new
            {
                @case = outcome.Value.Case, outcome.Value.Customer, outcome.Value.Contract, outcome.Value.Offer, outcome.Value.Settlement, outcome.Value.Approvals,
                outcome.Value.Work, outcome.Value.Payment, documents = outcome.Value.Documents.Select(d => new { d.Id, d.Kind, d.FileName, d.Size, d.At }),
                outcome.Value.Survey, outcome.Value.History, outcome.Value.Money, offers = outcome.Value.Offers.Made, amendment = outcome.Value.Offers.Amendment,
            }, Json.Plain);
}
