using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Keys;

/// <summary>Looks after the key store: begins and ends the master key's epochs, and writes the second copy anew where it has fallen behind.</summary>
public sealed partial class KeyKeeper(IServiceScopeFactory scopes, KeyStore keys, HostOptions options, Clocks clocks, ILogger<KeyKeeper> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await Look(ct);
                await Task.Delay(Every, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is System.Data.Common.DbException or IOException or InvalidDataException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
            {
                Stumbled(log, e);
                await Task.Delay(Every * 5, ct);
            }
        }
    }

    /// <summary>Does what is due; returns the epochs whose master keys were destroyed.</summary>
    public async Task<IReadOnlyList<int>> Look(CancellationToken ct)
    {
        await keys.FollowUp(ct);
        var gone = await keys.Rotate(options.KeyEpochDays, clocks.Now, ct);
        if (gone.Count == 0)
            return gone;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDb>();
        db.Audit(new Call(Actor.System, clocks.Now, clocks.BusinessNow), "keys.epochs-destroyed", "key-store", new { epochs = gone, now = (await keys.State(ct)).Epoch });
        await db.SaveChangesAsync(ct);
        EpochsEnded(log, string.Join(", ", gone));
        return gone;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Master keys destroyed: epochs {Epochs}")]
    private static partial void EpochsEnded(ILogger log, string epochs);

    [LoggerMessage(Level = LogLevel.Error, Message = "The key store could not be looked after; trying again")]
    private static partial void Stumbled(ILogger log, Exception e);
}
