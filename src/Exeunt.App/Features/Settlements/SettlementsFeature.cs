using System.Text;
using System.Text.Json;
using Exeunt.App.Platform;
using Exeunt.Core.Settlement;

namespace Exeunt.App.Features.Settlements;

/// <summary>Settlements, payments, reconciliation.</summary>
public static class SettlementsFeature
{
    public static void Add(IServiceCollection services)
    {
        services.AddScoped<Settling>().AddScoped<CaseFacts>().AddScoped<CaseMoneyReader>().AddScoped<PlanMaker>().AddScoped<Allocating>().AddScoped<MoneyConsole.Files>().AddScoped<ITodaySource, MoneyToday>();
        services.AddEffect<SettleStep>("step.settle").AddEffect<OrderMoneyStep>("step.order-money").AddEffect<BankInstruct>("bank.instruct").AddEffect<InstructHeld>(InstructHeld.Kind).AddEffect<AskBank>(AskBank.Kind).AddEffect<ReconcileStep>("step.reconcile")
            .AddEffect<ForgetContactAfterPlan>("erase.contact-after-plan");
    }

    /// <param name="Content">The file as text.</param>
    public sealed record BankFileText(string? Content);

    public sealed record Assignment(string? Order);

    public sealed record SettingAside(SetAsideReason? Reason, string? Words);

    public static void Map(IEndpointRouteBuilder routes)
    {
        MoneyConsole.Map(routes);
        CaseMoneyForms.Map(routes);
        FormulasConsole.Map(routes);
        var api = routes.MapGroup("/api").WithTags("Money");
        api.MapPost("/bank-files", async (BankFileText body, ReconcileBankFile reconcile, Caller caller, CancellationToken ct) =>
            (await reconcile.Run(caller.Call, new(Encoding.UTF8.GetBytes(body.Content ?? "")), ct)).Api())
            .Needs(Permission.HandleMoney).Takes(MoneyConsole.MaxBody).WithSummary("Read a bank statement (CSV: date,amount,currency,text) and open its reconciliation.");
        api.MapGet("/bank-files/{id:guid}", async (Guid id, bool? open, int? after, ShowBankFile show, Caller caller, CancellationToken ct) =>
            (await show.Run(caller.Call, new(id, null, open == true, after ?? 0), ct)).Api())
            .Needs(Permission.ViewMoney).WithSummary("A reconciliation with its lines and what became of each.");
        api.MapPost("/bank-files/{id:guid}/lines/{line:int}/assignment", async (Guid id, int line, Assignment body, AssignBankLine assign, Caller caller, CancellationToken ct) =>
            (await assign.Run(caller.Call, new(id, line, body.Order), ct)).Api())
            .Needs(Permission.HandleMoney).WithSummary("Assign a line to an order by its reference or its case's number.");
        api.MapPost("/bank-files/{id:guid}/lines/{line:int}/set-aside", async (Guid id, int line, SettingAside body, SetBankLineAside aside, Caller caller, CancellationToken ct) =>
            (await aside.Run(caller.Call, new(id, line, body.Reason, body.Words), ct)).Api())
            .Needs(Permission.HandleMoney).WithSummary("Set a line aside with a reason and words.");
        api.MapPost("/bank-files/{id:guid}/closing", async (Guid id, CloseBankFile close, Caller caller, CancellationToken ct) => (await close.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.HandleMoney).WithSummary("Close a reconciliation of which no line is open.");

        api.MapPost("/payments/{id:guid}/release", async (Guid id, ReleaseRuling release, Caller caller, CancellationToken ct) => (await release.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.HandleMoney).WithSummary("Release the payment that follows from the end of a dispute; by a person with no part in it.");

        api.MapPost("/payments/{id:guid}/again", async (Guid id, HandOverAgain again, Caller caller, CancellationToken ct) => (await again.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.HandleMoney).WithSummary("Say that the bank never had a refund whose result is unknown; the second person who says so has it handed over again.");

        api.MapPost("/payments/held/release", async (ReleaseHeldPayments.Request body, ReleaseHeldPayments release, Caller caller, CancellationToken ct) => (await release.Run(caller.Call, body, ct)).Api())
            .Needs(Permission.HandleMoney).WithSummary("Let refunds go to the bank again after a restore, when the bank's statements have been taken in.");

        api.MapPost("/settlements/preview", async (HttpRequest request, CancellationToken ct) =>
            {
                var settled = SettlementDocument.Settle(await Body(request, ct));
                return settled.Refusal is { } refusal ? new ProblemResult(refusal) : Results.Text(settled.Value.ToJson(), "application/json");
            })
            .Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit).WithSummary("Compute a statement from {contract, policy, facts}; the same bytes as the command settle.");

        api.MapPost("/settlements/curve", async (HttpRequest request, CancellationToken ct) =>
            {
                var curve = CurveDocument.Answer(await Body(request, ct));
                return curve.Refusal is { } refusal ? new ProblemResult(refusal) : Results.Text(curve.Value, "application/json");
            })
            .Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit).WithSummary("The total on other dates: {contract, policy, facts} with from, days or until, stepDays.");

        api.MapGet("/cases/{id:guid}/settlement/curve", async (Guid id, DateOnly? from, int? days, int? stepDays, ShowCurve show, Caller caller, CancellationToken ct) =>
            {
                var curve = await show.Run(caller.Call, new(id, from, days, stepDays ?? 1), ct);
                return curve.Refusal is { } refusal ? new ProblemResult(refusal) : Results.Text(CurveDocument.Json(curve.Value.Currency, curve.Value.Points), "application/json");
            })
            .Needs(Permission.ViewCases).WithSummary("What a case's settlement comes to on other dates: month by month to the end of the term, or days from a day.");

        api.MapGet("/formulas", () => Results.Json(FormulaCatalogue.All, Json.Plain))
            .Needs(Permission.Public).WithSummary("Every formula with its text, inputs and a worked example.");

        api.MapPost("/formulas/{name}", async (string name, HttpRequest request, CancellationToken ct) => Answer(name, await Body(request, ct)))
            .Needs(Permission.Public).RequireRateLimiting(Security.FormulaLimit).WithSummary("Compute one formula; the body is its inputs object.");
    }

    /// <summary>The workbench's answer: 200 with lines and total, 404 for an unknown formula, 422 for any other error; the body says which.</summary>
    private static IResult Answer(string name, string body)
    {
        (string Text, bool IsError) answer;
        try
        {
            using var inputs = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false });
            answer = FormulaWorkbench.Answer(name, inputs.RootElement);
        }
        catch (JsonException)
        {
            // The workbench says INVALID_INPUT in its own form for a line it cannot read.
            answer = FormulaWorkbench.Answer(body);
        }
        var status = !answer.IsError ? StatusCodes.Status200OK : FormulaCatalogue.Find(name) is null ? StatusCodes.Status404NotFound : StatusCodes.Status422UnprocessableEntity;
        return Results.Text(answer.Text, "application/json", statusCode: status);
    }

    private static async Task<string> Body(HttpRequest request, CancellationToken ct)
    {
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        return await reader.ReadToEndAsync(ct);
    }
}
