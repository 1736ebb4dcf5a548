using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Backup;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Proof;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Keys;

/// <summary>How the keys and the backups stand: what an administrator looks at when asked whether the data could be lost, or come back.</summary>
public sealed class ShowKeys(AppDb db, KeyStore keys, HostOptions options, Documents.Letterhead letterhead, NightlyBackup nightly, AuditLog.BucketExport? bucket = null, AuditLog.TreeHeadClock? log = null) : UseCase<ShowKeys.Request, ShowKeys.View>(db)
{
    /// <summary>Hours after which a nightly backup that did not come is a fault.</summary>
    public const int SilenceHours = 26;

    public sealed record Request;

    /// <param name="EndsAt">When this epoch's master key is due to be destroyed; null: epochs stand still.</param>
    /// <param name="CopiesDieOn">From this day on no copy from before can give back what is erased now.</param>
    /// <param name="Faults">Codes of what is wrong: "copy", "foreign", "overdue", "drill-failed", "backup-overdue", "clock", "bucket", "audit-log".</param>
    /// <param name="Jump">A jump of the machine's clock for which nothing is destroyed until it is confirmed; null: none.</param>
    /// <param name="Signers">The keys that have signed papers and the log, the newest first; that one signs.</param>
    /// <param name="Sharings">When the master key was given out in shares, the newest first.</param>
    /// <param name="Recovered">When the master key was brought back from shares, the newest first.</param>
    /// <param name="Drill">The last try of a backup; null: none yet, or no --backups.</param>
    public sealed record View(
        int Epoch, long Generation, DateTimeOffset EpochBegan, DateTimeOffset? EndsAt, DateOnly? CopiesDieOn, string MasterFile, string CopyFile, string? CopyFault,
        IReadOnlyList<DestroyedEpoch> Destroyed, string? Backups, DrillReport? Drill, IReadOnlyList<string> Faults,
        ClockJump? Jump, IReadOnlyList<Signer> Signers, IReadOnlyList<Sharing> Sharings, IReadOnlyList<DateTimeOffset> Recovered);

    /// <param name="Needed">How many of them give the key back.</param>
    /// <param name="IsOver">The epoch's key is destroyed: the shares must be, too.</param>
    public sealed record Sharing(int Epoch, DateTimeOffset At, int Shares, int Needed, bool IsOver);

    /// <param name="PublicKey">PEM, for whoever verifies.</param>
    /// <param name="SignsSince">Null: since the installation was made.</param>
    public sealed record Signer(int Number, string Fingerprint, string PublicKey, DateTimeOffset? SignsSince);

    public sealed record DestroyedEpoch(int Epoch, DateTimeOffset At);

    public override Permission Needs => Permission.ManageSettings;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        var state = await keys.State(ct);
        var ends = await keys.EndsAt(options.KeyEpochDays, ct);
        var drill = await LastDrill(Db, ct);
        var jump = await ClockWatch.InDoubt(Db, ct);
        return new View(state.Epoch, state.Generation, state.EpochBegan, ends,
            await keys.CopiesDieOn(call.Now, jump is null ? call.Now : null, options.KeyEpochDays, Clocks.CompanyZone, ct), keys.Masters.File, keys.CopyFile, keys.CopyFault,
            [.. keys.Masters.Destroyed.OrderByDescending(d => d.Key).Take(12).Select(d => new DestroyedEpoch(d.Key, d.Value))], options.Backups, drill,
            [.. Faults(keys, options, ends, drill, nightly, jump, bucket, log, call.Now)], jump, await Signers(ct),
            [.. keys.Masters.Shared.Reverse().Take(12).Select(s => new Sharing(s.Epoch, s.At, s.Shares, s.Needed, s.Epoch < keys.Masters.Oldest))], [.. keys.Masters.Recovered.Reverse().Take(12)]);
    }

    private async Task<IReadOnlyList<Signer>> Signers(CancellationToken ct)
    {
        var all = await letterhead.Keys(ct);
        var targets = all.Select(ChangeSigner.TargetOf).ToList();
        var told = await Db.AuditLog.AsNoTracking().Where(r => targets.Contains(r.Target) && r.Verb == LogVerifier.NewKey).Select(r => new { r.Target, r.At }).ToListAsync(ct);
        return [.. all.Select((k, i) => new Signer(i + 1, k.Fingerprint, k.PublicPem, told.Where(t => t.Target == targets[i]).Select(t => (DateTimeOffset?)t.At).Min())).Reverse()];
    }

    /// <summary>The codes of what is wrong, for the health report.</summary>
    public static async Task<IEnumerable<string>> FaultsNow(AppDb db, Storage storage, NightlyBackup nightly, AuditLog.BucketExport? bucket, AuditLog.TreeHeadClock? log, DateTimeOffset now, CancellationToken ct) =>
        Faults(storage.Keys, storage.Options, await storage.Keys.EndsAt(storage.Options.KeyEpochDays, ct), await LastDrill(db, ct), nightly, await ClockWatch.InDoubt(db, ct), bucket, log, now).Select(f => $"keys-{f}");

    private static async Task<DrillReport?> LastDrill(AppDb db, CancellationToken ct) =>
        await db.Settings.AsNoTracking().SingleOrDefaultAsync(s => s.Key == NightlyBackup.LastDrill, ct) is { } last ? JsonSerializer.Deserialize<DrillReport>(last.Value, Json.Plain) : null;

    private static IEnumerable<string> Faults(KeyStore keys, HostOptions options, DateTimeOffset? ends, DrillReport? drill, NightlyBackup nightly, ClockJump? jump, AuditLog.BucketExport? bucket, AuditLog.TreeHeadClock? log, DateTimeOffset now)
    {
        if (log?.Fault is not null)
            yield return "audit-log";
        if (bucket?.Fault is not null)
            yield return "bucket";
        if (jump is not null)
            yield return "clock";
        if (keys.Masters.Foreign is not null)
            yield return "foreign";
        else if (keys.CopyFault is not null)
            yield return "copy";
        if (jump is null && now > ends?.AddDays(1))
            yield return "overdue";
        if (drill is { IsGood: false })
            yield return "drill-failed";
        // Before the first one there is only the server's start to count from.
        if (options.Backups is not null && now > (drill?.At ?? nightly.Since).AddHours(SilenceHours))
            yield return "backup-overdue";
    }
}
