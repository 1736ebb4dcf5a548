using Exeunt.App.Data;
using Exeunt.App.Features.Evaluate.Console;
using Exeunt.App.Platform;
using Exeunt.Core.Churn;

namespace Exeunt.App.Features.Evaluate;

/// <summary>Churn states: the watch page; the commands are <see cref="EvaluateCommand"/> and <see cref="MonthsCommand"/>.</summary>
public static class EvaluateFeature
{
    public static IServiceCollection AddEvaluate(this IServiceCollection services) =>
        services.AddScoped<WatchCustomers>().AddHostedService(p => new PendingAuditCollector(p.GetRequiredService<Storage>(), p.GetRequiredService<ILogger<PendingAuditCollector>>()));

    public static void MapEvaluate(this IEndpointRouteBuilder routes) =>
        routes.MapPage("/watch", async (string? state, long? after, WatchCustomers watch, Caller caller, CancellationToken ct) =>
        {
            var wanted = Enum.TryParse<ChurnState>(state, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : (ChurnState?)null;
            return Web.Page<Watch>(new { View = await watch.Run(caller.Call, wanted, after ?? 0, ct) });
        }).Needs(Permission.ViewWatch);
}
