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
        services.AddScoped<Settling>();
        services.AddEffect<SettleStep>("step.settle").AddEffect<OrderMoneyStep>("step.order-money").AddEffect<BankInstruct>("bank.instruct").AddEffect<ReconcileStep>("step.reconcile");
    }

    public sealed record BankFile(string Content);

    public static void Map(IEndpointRouteBuilder routes)
    {
        MoneyConsole.Map(routes);
        FormulasConsole.Map(routes);
        var api = routes.MapGroup("/api").WithTags("Money");
        api.MapPost("/bank-files", async (BankFile body, ReconcileBankFile reconcile, Caller caller, CancellationToken ct) => (await reconcile.Run(caller.Call, new(body.Content ?? ""), ct)).Api())
            .Needs(Permission.HandleMoney).WithSummary("Reconcile a bank statement (CSV: date,amount,currency,text).");

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
