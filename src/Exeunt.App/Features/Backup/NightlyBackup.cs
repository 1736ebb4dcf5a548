using System.Globalization;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Exeunt.App.Features.Backup;

/// <summary>
/// Once a day (UTC) takes a backup into a folder of its own in --backups, tries it by restoring it, reports, and removes what is older
/// than the last <see cref="Keep"/>. One that does not restore is kept and reported, and the good ones before it stay. What another installation has in
/// the folder is left alone.
/// </summary>
public sealed partial class NightlyBackup(IServiceScopeFactory scopes, KeyStore keys, HostOptions options, TimeProvider time, ILogger<NightlyBackup> log) : BackgroundService
{
    public const int Keep = 14;

    /// <summary>Setting: the last report, as JSON.</summary>
    public const string LastDrill = "backup.last-drill";
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    /// <summary>"ExBackup" in bytes; one number in each database.</summary>
    private const long BackupLock = 0x45784261_636B7570;

    /// <summary>When the server started.</summary>
    public DateTimeOffset Since { get; } = time.GetUtcNow();

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await RunIfDue(ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            // The database went away: that says nothing of the backup, which is taken at the next round.
            catch (Exception e) when (Writing.IsAway(e))
            {
                Failed(log, e);
            }
#pragma warning disable CA1031 // Whatever goes wrong with a backup is reported, and tried again; the server goes on.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Failed(log, e);
                try
                {
                    await Report(new DrillReport(options.Backups!, time.GetUtcNow(), null, 0, 0, 0, 0, 0, [e.Message]), ct);
                }
#pragma warning disable CA1031 // The same full disk: the log has it, and the next round tries again.
                catch (Exception again) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    Failed(log, again);
                }
            }
            await Task.Delay(Every, time, ct);
        }
    }

    /// <summary>Takes and tries today's backup when it is not there yet, and no other node is at it; returns its report, or null.</summary>
    /// <exception cref="InvalidDataException">What is there in its place is none of this installation.</exception>
    public async Task<DrillReport?> RunIfDue(CancellationToken ct)
    {
        var root = options.Backups!;
        Directory.CreateDirectory(root);
        var folder = Path.Combine(root, time.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        var store = (await keys.State(ct)).Store;
        if (Directory.Exists(folder))
        {
            if (await BackupManifest.StoreOf(folder, ct) == store)
                return null;
            throw new InvalidDataException($"{folder} is no backup of this installation. Does another one use this folder? Give each one of its own (--backups DIR). 该目录不是本安装的备份：若另一套安装也在使用，请为每套安装指定各自的目录。");
        }
        // Nodes may share the folder, and each would take what the other is making for something that was left.
        await using var turn = await Turn(ct);
        if ((options.Database is not null && turn is null) || Directory.Exists(folder))
            return null;
        // Made under another name, which is this installation's: a folder with the day's name is a whole backup. Those that a stop left are made anew.
        var mine = $".{store[..8]}.unfinished";
        foreach (var left in Directory.EnumerateDirectories(root, "*" + mine).ToList())
            Directory.Delete(left, recursive: true);
        var unfinished = $"{folder}.{Guid.NewGuid():N}"[..(folder.Length + 9)] + mine;
        await Backups.Take(options, unfinished, time.GetUtcNow(), ct);
        // Tried before it gets its name: a stop meanwhile leaves none that was never tried.
        var report = await Drill.Try(unfinished, options, time, ct) with { Backup = folder };
        // A turn that was lost meanwhile is another node's.
        if (turn is not null)
            await turn.Execute("SELECT 1", ct);
        Directory.Move(unfinished, folder);
        await Report(report, ct);
        if (report.IsGood)
            foreach (var old in (await Ours(root, store, ct)).SkipLast(Keep))
                Directory.Delete(old, recursive: true);
        return report;
    }

    /// <summary>A connection whose end is the end of the turn; null where another node has it, and on SQLite, where there is one node.</summary>
    private async Task<NpgsqlConnection?> Turn(CancellationToken ct)
    {
        if (options.Database is not { } database)
            return null;
        var session = await Sql.OpenPostgres(new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ToString(), ct);
        await using var claim = session.Command($"SELECT pg_try_advisory_lock({BackupLock})");
        if (await claim.ExecuteScalarAsync(ct) is true)
            return session;
        await session.DisposeAsync();
        return null;
    }

    /// <summary>The backups of this installation, the oldest first.</summary>
    private static async Task<IReadOnlyList<string>> Ours(string root, string store, CancellationToken ct)
    {
        var ours = new List<string>();
        foreach (var folder in Directory.EnumerateDirectories(root).Where(d => DateOnly.TryParseExact(Path.GetFileName(d), "yyyy-MM-dd", out _)).Order(StringComparer.Ordinal))
            if (await BackupManifest.StoreOf(folder, ct) == store)
                ours.Add(folder);
        return ours;
    }

    private async Task Report(DrillReport report, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (db, clocks) = (scope.ServiceProvider.GetRequiredService<AppDb>(), scope.ServiceProvider.GetRequiredService<Clocks>());
        var value = JsonSerializer.Serialize(report, Json.Plain);
        await db.Put(LastDrill, value, ct);
        db.Audit(new Call(Actor.System, clocks.Now, clocks.BusinessNow), report.IsGood ? "backup.tried" : "backup.failed", "backup", new { report.BackupAt, report.Leaves, report.Erasures, faults = report.Faults.Count });
        await db.SaveChangesAsync(ct);
        if (!report.IsGood)
            NotGood(log, string.Join("; ", report.Faults));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The nightly backup failed")]
    private static partial void Failed(ILogger log, Exception e);

    [LoggerMessage(Level = LogLevel.Error, Message = "The nightly backup does not restore: {Faults}")]
    private static partial void NotGood(ILogger log, string faults);
}
