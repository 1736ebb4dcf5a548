using System.Globalization;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Cases.Portal;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Microsoft.AspNetCore.Mvc;

namespace Exeunt.App.Features.Settlements;

/// <summary>Facts, lines, plan, credit and red letters of a case: its forms on the case page and on the customer's own, and the REST API.</summary>
public static class CaseMoneyForms
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        Console(routes.MapGroup("/cases/{id:guid}"));
        Portal(routes);
        Api(routes.MapGroup("/api/cases/{id:guid}").WithTags("Money"));
        CustomerApi(routes.MapGroup("/api/progress/{token}").WithTags("Customer"));
    }

    /// <summary>A code as typed; null when it is none.</summary>
    public static T? One<T>(string? text) where T : struct, Enum => Enum.TryParse<T>(text, out var value) && Enum.IsDefined(value) ? value : null;

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;

    private static void Console(IEndpointRouteBuilder form)
    {
        form.MapForm("/facts", (Guid id, IFormCollection typed, CasesConsole.Pages pages, ChangeFacts change, CancellationToken ct) =>
            pages.After("facts", id, typed, call => change.Run(call, new(id, Facts(typed)), ct), ct, "settlement")).Needs(Permission.HandleCases);
        form.MapForm("/lines", async (Guid id, IFormCollection typed, CasesConsole.Pages pages, AddLine add, CancellationToken ct) =>
        {
            var evidence = await Bytes(typed.Files["evidence"], ct);
            // "Damage/screen" chooses an entry of a list, "Waiver" a kind of its own.
            var what = typed["what"].ToString().Split('/', 2);
            return await pages.After("line", id, typed, call => add.Run(call, new(id, One<CaseLineKind>(what[0]), what.ElementAtOrDefault(1), typed["amount"], typed["words"], evidence), ct), ct, "lines");
        }).Needs(Permission.HandleCases).Takes(LargeBodies.OneFile);
        form.MapForm("/lines/{line:guid}/decision", (Guid id, Guid line, IFormCollection typed, CasesConsole.Pages pages, DecideLine decide, CancellationToken ct) =>
            pages.After($"decision-{line}", id, typed, call => decide.Run(call, new(id, line, One<LineDecision>(typed["decision"]), typed["words"]), ct), ct, "lines")).Needs(Permission.DecideLines);
        form.MapForm("/lines/{line:guid}/take-back", (Guid id, Guid line, IFormCollection typed, CasesConsole.Pages pages, TakeLineBack back, CancellationToken ct) =>
            pages.After($"decision-{line}", id, typed, call => back.Run(call, new(id, line), ct), ct, "lines")).Needs(Permission.HandleCases);
        form.MapForm("/plan", (Guid id, IFormCollection typed, CasesConsole.Pages pages, MakePlan make, CancellationToken ct) =>
            pages.After("plan", id, typed, call => make.Run(call, new(id, Number(typed["count"])), ct), ct, "payment")).Needs(Permission.HandleMoney);
        form.MapForm("/plan/demand", (Guid id, IFormCollection typed, CasesConsole.Pages pages, DemandInstalments demand, CancellationToken ct) =>
            pages.After("plan", id, typed, call => demand.Run(call, new(id), ct), ct, "payment")).Needs(Permission.HandleMoney);
        form.MapForm("/plan/accelerate", (Guid id, IFormCollection typed, CasesConsole.Pages pages, AcceleratePlan accelerate, CancellationToken ct) =>
            pages.After("plan", id, typed, call => accelerate.Run(call, new(id), ct), ct, "payment")).Needs(Permission.HandleMoney);
        form.MapForm("/payments/{order:guid}/release", (Guid id, Guid order, IFormCollection typed, CasesConsole.Pages pages, ReleaseRuling release, CancellationToken ct) =>
            pages.After("release", id, typed, call => release.Run(call, new(order), ct), ct, "payment")).Needs(Permission.HandleMoney);
        form.MapForm("/payments/{order:guid}/again", (Guid id, Guid order, IFormCollection typed, CasesConsole.Pages pages, HandOverAgain again, CancellationToken ct) =>
            pages.After("again", id, typed, call => again.Run(call, new(order), ct), ct, "payment")).Needs(Permission.HandleMoney);
        form.MapForm("/credit-refund", (Guid id, IFormCollection typed, CasesConsole.Pages pages, RefundCredit refund, CancellationToken ct) =>
            pages.After("credit", id, typed, call => refund.Run(call, new(id), ct), ct, "payment")).Needs(Permission.HandleMoney);
        form.MapForm("/red-letter", (Guid id, IFormCollection typed, CasesConsole.Pages pages, DecideRedLetter decide, CancellationToken ct) =>
            pages.After("red-letter", id, typed, call => decide.Run(call, new(id, typed["code"], One<RedLetterState>(typed["state"])), ct), ct, "payment")).Needs(Permission.HandleMoney);
    }

    private static FactsForm Facts(IFormCollection typed) =>
        new()
        {
            Ground = typed["ground"], Fault = typed["fault"], DeviceKept = typed["deviceKept"] == "yes", Unpaid = typed["unpaid"], UnpaidDueOn = typed["unpaidDueOn"],
            LastBilledDay = typed["lastBilledDay"], Costs = typed["costs"], DepositDeductions = typed["depositDeductions"], PrepaidConsumed = typed["prepaidConsumed"],
            PerformedPercent = typed["performedPercent"], LossProven = typed["lossProven"], LossAvoidableCost = typed["lossAvoidableCost"],
            LossReplacementMonths = typed["lossReplacementMonths"], LossMitigationCost = typed["lossMitigationCost"], BadFaith = typed["badFaith"] == "yes",
            RenewalNoticeSent = typed["renewalNoticeSent"], ExpressRequest = typed["expressRequest"] == "yes", Informed = typed["informed"] == "yes", Instalments = typed["instalments"],
        };

    /// <summary>The bytes of an upload; of one that is too large just enough to say so.</summary>
    private static async Task<byte[]?> Bytes(IFormFile? file, CancellationToken ct)
    {
        if (file is not { Length: > 0 })
            return null;
        var bytes = new byte[(int)Math.Min(file.Length, Evidence.MaxBytes + 1L)];
        await using var stream = file.OpenReadStream();
        await stream.ReadExactlyAsync(bytes, ct);
        return bytes;
    }

    private static void Portal(IEndpointRouteBuilder routes)
    {
        routes.MapForm("/progress/{token}/lines/{line:guid}/objection", ([AsParameters] ProgressPages.Visit visit, Guid line, [FromForm] string? objection, ContestLine contest) =>
            visit.AsCustomer(async (id, call) => (await contest.Run(call, new(id, line, objection), visit.Ct)).Refusal is { } no ? await visit.Progress(no, typed: objection) : Web.SeeOther($"{visit.Path}#lines")))
            .Needs(Permission.CustomerOfCase).RequireRateLimiting(Security.IntakeLimit);
        routes.MapPage("/progress/{token}/lines/{line:guid}/objection", (string token) => Web.SeeOther($"/progress/{token}")).Needs(Permission.Public);
        routes.MapPage("/progress/{token}/dates", ([AsParameters] ProgressPages.Visit visit, ShowOwnCurve show) => visit.AsCustomer(async (id, call) =>
            await show.Run(call, new(id), visit.Ct) is var shown && shown.Refusal is { } no ? new ProblemResult(no) : Web.Page<Portal.MyDatesPage>(new { visit.Token, View = shown.Value })))
            .Needs(Permission.CustomerOfCase);
        routes.MapForm("/progress/{token}/instalments", ([AsParameters] ProgressPages.Visit visit, [FromForm] string? count, ChooseInstalments choose) =>
            visit.AsCustomer(async (id, call) => (await choose.Run(call, new(id, Number(count)), visit.Ct)).Refusal is { } no ? await visit.Progress(no) : Web.SeeOther($"{visit.Path}#plan")))
            .Needs(Permission.CustomerOfCase).RequireRateLimiting(Security.IntakeLimit);
        routes.MapPage("/progress/{token}/instalments", (string token) => Web.SeeOther($"/progress/{token}")).Needs(Permission.Public);
    }

    // ---- the REST API --------------------------------------------------------------------------------------------------

    /// <param name="Evidence">Base64.</param>
    public sealed record NewLine(CaseLineKind? Kind, string? Entry, string? Amount, string? Words, byte[]? Evidence);

    public sealed record Decision(LineDecision? Kind, string? Words);

    public sealed record NewPlan(int? Count);

    public sealed record RedLetterDecision(string? Code, RedLetterState? State);

    public sealed record Objection(string? Words);

    private static void Api(IEndpointRouteBuilder api)
    {
        api.MapPost("/facts", async (Guid id, FactsForm body, ChangeFacts change, Caller caller, CancellationToken ct) => (await change.Run(caller.Call, new(id, body), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Write the facts of the end; the settlement is computed again.");
        api.MapPost("/lines", async (Guid id, NewLine body, AddLine add, Caller caller, CancellationToken ct) =>
            (await add.Run(caller.Call, new(id, body.Kind, body.Entry, body.Amount, body.Words, body.Evidence), ct)).Api())
            .Needs(Permission.HandleCases).Takes(LargeBodies.OneFile).WithSummary("Add a damage, something missing, a cost, a waiver or goodwill.");
        api.MapPost("/lines/{line:guid}/decision", async (Guid id, Guid line, Decision body, DecideLine decide, Caller caller, CancellationToken ct) =>
            (await decide.Run(caller.Call, new(id, line, body.Kind, body.Words), ct)).Api())
            .Needs(Permission.DecideLines).WithSummary("Approve, refuse, uphold or drop a line somebody else added.");
        api.MapPost("/lines/{line:guid}/taking-back", async (Guid id, Guid line, TakeLineBack back, Caller caller, CancellationToken ct) => (await back.Run(caller.Call, new(id, line), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Take back a line one added oneself.");
        api.MapPost("/plan", async (Guid id, NewPlan body, MakePlan make, Caller caller, CancellationToken ct) => (await make.Run(caller.Call, new(id, body.Count), ct)).Api())
            .Needs(Permission.HandleMoney).WithSummary("Make a plan of instalments for the open claim, or replace the one that runs.");
        api.MapPost("/plan/demand", async (Guid id, DemandInstalments demand, Caller caller, CancellationToken ct) => (await demand.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.HandleMoney).WithSummary("Demand the overdue instalments.");
        api.MapPost("/plan/acceleration", async (Guid id, AcceleratePlan accelerate, Caller caller, CancellationToken ct) => (await accelerate.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.HandleMoney).WithSummary("Demand the whole of a plan at once, where the law allows it.");
        api.MapPost("/credit-refund", async (Guid id, RefundCredit refund, Caller caller, CancellationToken ct) => (await refund.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.HandleMoney).WithSummary("Order back what the customer paid too much.");
        api.MapPost("/red-letter", async (Guid id, RedLetterDecision body, DecideRedLetter decide, Caller caller, CancellationToken ct) => (await decide.Run(caller.Call, new(id, body.Code, body.State), ct)).Api())
            .Needs(Permission.HandleMoney).WithSummary("Say what became of the red-letter invoice of a refunded line.");
        api.MapGet("/ledger", async (Guid id, ShowLedger show, Caller caller, CancellationToken ct) => (await show.Run(caller.Call, new(id), ct)) is { Refusal: null, Value: var view }
                ? Results.Json(new { view.CaseId, view.Number, view.Entries, accounts = view.Accounts.Select(a => new { a.Account, a.Balance }) }, Json.Plain) : new ProblemResult(CommonRefusals.NotFound))
            .Needs(Permission.ViewMoney).WithSummary("The ledger of a case in double entry.");
    }

    private static void CustomerApi(IEndpointRouteBuilder api)
    {
        api.MapPost("/lines/{line:guid}/objection", (string token, Guid line, Objection body, ContestLine contest, CaseAccess access, Caller caller, HttpContext http, CancellationToken ct) =>
            CasesFeature.AsCustomer(access, http, caller, token, async (id, call) => (await contest.Run(call, new(id, line, body.Words), ct)).Api(), ct))
            .Needs(Permission.CustomerOfCase).WithSummary("Object to a line that people added.");
        api.MapPost("/instalments", (string token, NewPlan body, ChooseInstalments choose, CaseAccess access, Caller caller, HttpContext http, CancellationToken ct) =>
            CasesFeature.AsCustomer(access, http, caller, token, async (id, call) => (await choose.Run(call, new(id, body.Count), ct)).Api(), ct))
            .Needs(Permission.CustomerOfCase).WithSummary("Choose to pay what is owed by instalments.");
    }
}
