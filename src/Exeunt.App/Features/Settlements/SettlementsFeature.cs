using Exeunt.App.Platform;

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
        var api = routes.MapGroup("/api").WithTags("Money");
        api.MapPost("/bank-files", async (BankFile body, ReconcileBankFile reconcile, Caller caller, CancellationToken ct) => (await reconcile.Run(caller.Call, new(body.Content), ct)).Api())
            .Needs(Permission.HandleMoney).WithSummary("Reconcile a bank statement (CSV: date,amount,currency,text).");
    }
}
