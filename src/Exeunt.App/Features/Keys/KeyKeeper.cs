using System.Data.Common;
using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Keys;

/// <summary>Looks after the key store: begins and ends the master key's epochs, and writes the second copy anew where it has fallen behind.</summary>
public sealed partial class KeyKeeper(IServiceScopeFactory scopes, KeyStore keys, HostOptions options, Clocks clocks, ClockWatch watch, SharedClock shared, ILogger<KeyKeeper> log) : BackgroundService
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
#pragma warning disable CA1031 // Whatever goes wrong is said and tried again; the server goes on.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Stumbled(log, e);
                await Task.Delay(Every, ct);
            }
        }
    }

    /// <summary>Does what is due; returns the epochs whose master keys were destroyed.</summary>
    public async Task<IReadOnlyList<int>> Look(CancellationToken ct)
    {
        try
        {
            await keys.FollowUp(ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or DbException)
        {
            // The rest does not wait for it; what must not go without a second copy refuses by itself.
            Stumbled(log, e);
        }
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDb>();
        var call = new Call(Actor.System, clocks.Now, clocks.BusinessNow);
        await watch.Watch(db, call, ct);
        // The master key's file is the fact: what a stop kept from being recorded is recorded now; shares before an epoch that may not end.
        await Tell(keys.Masters.Shared.TakeLast(20).Select(s => ($"key-shares:{s.Epoch}:{s.At.ToUnixTimeSeconds()}", (object)new { s.At, s.Shares, s.Needed })), "keys.shared");
        await Tell(keys.Masters.Recovered.TakeLast(20).Select(at => ($"key-recovery:{at.ToUnixTimeSeconds()}", (object)new { at })), "keys.recovered");
        // While the clock is in doubt, or apart from the other nodes', no epoch ends either: an older backup may yet be needed.
        var gone = await ClockWatch.InDoubt(db, ct) is null && await shared.Apart(ct) is null ? await keys.Rotate(options.KeyEpochDays, clocks.Now, ct) : [];
        // Whoever holds a share of an epoch that is over must destroy it now.
        var sharings = keys.Masters.Shared;
        await Tell(keys.Masters.Destroyed.OrderByDescending(d => d.Key).Take(8)
            .Select(d => ($"key-epoch:{d.Key}", (object)new { at = d.Value, shares = sharings.Where(s => s.Epoch == d.Key).Sum(s => s.Shares) })), "keys.epoch-destroyed");
        await ChangeSigner.TellOfTheLast(db, scope.ServiceProvider.GetRequiredService<Documents.Letterhead>(), call, ct);
        await db.SaveChangesAsync(ct);
        if (gone.Count > 0)
            EpochsEnded(log, string.Join(", ", gone));
        return gone;

        async Task Tell(IEnumerable<(string Target, object Data)> facts, string verb)
        {
            var all = facts.DistinctBy(f => f.Target).ToDictionary(f => f.Target, f => f.Data);
            if (all.Count == 0)
                return;
            var told = await db.AuditLog.AsNoTracking().Where(r => all.Keys.Contains(r.Target)).Select(r => r.Target).Distinct().ToListAsync(ct);
            foreach (var (target, data) in all.Where(f => !told.Contains(f.Key)))
                db.Audit(call, verb, target, data);
            await db.SaveChangesAsync(ct);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Master keys destroyed: epochs {Epochs}")]
    private static partial void EpochsEnded(ILogger log, string epochs);

    [LoggerMessage(Level = LogLevel.Error, Message = "The key store could not be looked after; trying again")]
    private static partial void Stumbled(ILogger log, Exception e);
}
