using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Customers;

/// <summary>
/// Looks every minute whether everybody can be found, and makes the search store anew where that is not so: PostgreSQL empties its tables when it crashes,
/// and an import may have been cut off.
/// </summary>
public sealed partial class SearchKeeper(IServiceScopeFactory scopes, Storage storage, Clocks clocks, ILogger<SearchKeeper> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
            try
            {
                // A start has looked already.
                await Task.Delay(Every, ct);
                await Look(ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever goes wrong is said and tried again; the server goes on.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Stumbled(log, e);
            }
    }

    /// <summary>Returns how many customers were indexed.</summary>
    public async Task<int> Look(CancellationToken ct)
    {
        if (await storage.Search.IsComplete(ct))
            return 0;
        // An import that is under way says at its end that everybody is in it.
        await using var alone = await Bulk.Alone(storage, ct);
        await using var scope = scopes.CreateAsyncScope();
        return await RebuildSearch.IfIncomplete(
            scope.ServiceProvider.GetRequiredService<AppDb>(), scope.ServiceProvider.GetRequiredService<Vault>(), storage.Search, new Call(Actor.System, clocks.Now, clocks.BusinessNow), ct);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The search store could not be made anew; tried again soon")]
    private static partial void Stumbled(ILogger log, Exception e);
}
