using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Exeunt.App.Commands;
using Exeunt.App.Data;
using Exeunt.App.Features.AuditLog;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Exeunt.App.Features.Backup;

/// <summary>What came of trying a backup.</summary>
/// <param name="At">When it was tried.</param>
/// <param name="BackupAt">When the backup was taken.</param>
/// <param name="Seconds">How long restoring and looking took.</param>
/// <param name="Faults">What was wrong, in words for administrators; empty: it can be relied on.</param>
public sealed record DrillReport(string Backup, DateTimeOffset At, DateTimeOffset? BackupAt, double Seconds, long Customers, long Cases, long Leaves, int Erasures, IReadOnlyList<string> Faults)
{
    public bool IsGood => Faults.Count == 0;
}

/// <summary>
/// Tries a backup: restores it into a place that is thrown away, joined with the newest key store as in earnest, and looks whether
/// everything is there that must be: the audit log to its last leaf, every account in balance, cases equal to their events, living
/// customers readable, erased ones not.
/// </summary>
internal static class Drill
{
    /// <summary>How many customers and cases are looked at.</summary>
    private const int Sample = 500;

    public static async Task<DrillReport> Try(string folder, HostOptions options, TimeProvider time, CancellationToken ct)
    {
        var began = time.GetTimestamp();
        var faults = new List<string>();
        var scratch = MakeScratch();
        var masters = MasterKeys.Find(options);
        var place = HostOptions.For(Path.Combine(scratch, "data")) with
        {
            MasterKey = masters?.File ?? options.MasterKey, KeysCopy = options.KeysCopy ?? masters?.DefaultCopy, World = options.World, Demo = false, Worker = false, IsScratch = true,
            Database = options.Database is { } database ? Scratch(database) : null,
        };
        DateTimeOffset? backupAt = null;
        long customers = 0, cases = 0, leaves = 0;
        var erasures = 0;
        try
        {
            // The installation's own key store takes part, as it would in earnest.
            var live = Path.Combine(scratch, "live-keys.db");
            if (options.Database is null ? File.Exists(options.KeysFile) : await KeyStore.DatabaseExists(options.Database, new NpgsqlConnectionStringBuilder(options.Database).Database + "_keys", ct))
                await Backups.ExportKeys(options, live, ct);
            var restored = await RestoreCommand.Restore(folder, place, File.Exists(live) ? live : null, eraseAgain: false, TextWriter.Null, ct);
            (backupAt, erasures) = (restored.Backup.At, restored.ErasedAgain);
            await using var storage = await Storage.Open(place, ct);
            await using var db = storage.NewAppDb();
            var clocks = new Clocks(time);
            customers = await db.Customers.LongCountAsync(ct);
            cases = await db.Cases.LongCountAsync(ct);
            var log = await new CheckAuditLog(db, new Letterhead(storage.Keys, clocks)).Compare(ct);
            leaves = log.Size;
            if (log.Difference is { } difference)
                faults.Add($"audit log: {difference} at {log.At}");
            if (log.Size < restored.Backup.AuditSize)
                faults.Add($"audit log: {log.Size} leaves, {restored.Backup.AuditSize} when the backup was taken");
            await Balances(db, faults, ct);
            await Folds(db, new ProcedureBook(db, clocks, new ProcedureCache()), faults, ct);
            await People(db, new Vault(storage.Keys), faults, ct);
        }
#pragma warning disable CA1031 // Whatever goes wrong with a backup is what was to be found.
        catch (Exception e) when ((e is not OperationCanceledException || !ct.IsCancellationRequested) && !Writing.IsAway(e))
#pragma warning restore CA1031
        {
            faults.Add(e.Message);
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(scratch, recursive: true);
            if (place.Database is { } made)
                await Drop(options.Database!, made);
        }
        return new DrillReport(Path.GetFullPath(folder), time.GetUtcNow(), backupAt, Math.Round(time.GetElapsedTime(began).TotalSeconds, 1), customers, cases, leaves, erasures, faults);
    }

    /// <summary>A folder of this process; those of processes that are gone, which were stopped in the middle of a drill, are removed.</summary>
    private static string MakeScratch()
    {
        const string Prefix = "exeunt-drill-";
        foreach (var left in Directory.EnumerateDirectories(Path.GetTempPath(), Prefix + "*"))
            if (int.TryParse(Path.GetFileName(left)[Prefix.Length..].Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var process) && !Directory.Exists($"/proc/{process}"))
                try
                {
                    Directory.Delete(left, recursive: true);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    // Another account's, or another one removes it just now.
                }
        return Directory.CreateTempSubdirectory(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-")).FullName;
    }

    private static async Task Balances(AppDb db, List<string> faults, CancellationToken ct)
    {
        var unequal = await db.Postings.AsNoTracking().GroupBy(p => new { p.EntryId, p.Currency }).Where(g => g.Sum(p => p.Amount) != 0).Select(g => g.Key.EntryId).Take(5).ToListAsync(ct);
        faults.AddRange(unequal.Select(id => $"ledger: entry {id:N} does not sum to 0"));
    }

    /// <summary>The newest cases, worked out again from their events.</summary>
    private static async Task Folds(AppDb db, ProcedureBook procedures, List<string> faults, CancellationToken ct)
    {
        var rows = await db.Cases.AsNoTracking().OrderByDescending(c => c.Id).Take(Sample).ToListAsync(ct);
        var ids = rows.ConvertAll(c => c.Id);
        var events = (await db.CaseEvents.AsNoTracking().Where(e => ids.Contains(e.CaseId)).OrderBy(e => e.Number).ToListAsync(ct)).ToLookup(e => e.CaseId);
        foreach (var row in rows)
        {
            var folded = ExitCase.Fold(row.Id, events[row.Id].Select(e => e.Read()), procedures.Find);
            if (JsonSerializer.Serialize(folded, Json.Plain) != JsonSerializer.Serialize(row, Json.Plain))
                faults.Add($"case {row.Number}: it is not what its events say");
        }
    }

    /// <summary>Living customers must be readable, erased classes must not.</summary>
    private static async Task People(AppDb db, Vault vault, List<string> faults, CancellationToken ct)
    {
        var gone = await db.Erasures.AsNoTracking().Where(e => e.CustomerId > 0).OrderByDescending(e => e.Id).Select(e => e.CustomerId).Take(Sample).ToListAsync(ct);
        var newest = await db.Customers.AsNoTracking().OrderByDescending(c => c.Id).Select(c => c.Id).Take(Sample).ToListAsync(ct);
        var rows = await db.Customers.AsNoTracking().Where(c => newest.Contains(c.Id) || gone.Contains(c.Id)).ToListAsync(ct);
        var ids = rows.ConvertAll(c => c.Id);
        var erased = (await db.Erasures.AsNoTracking().Where(e => ids.Contains(e.CustomerId)).Select(e => new { e.CustomerId, e.Class }).ToListAsync(ct)).ToLookup(e => e.CustomerId, e => e.Class);
        var (unread, back) = (0, 0);
        foreach (var row in rows)
        {
            Count(row.Identity, DataClass.Case, await Opens<CustomerIdentity>(row, DataClass.Case, CustomerTable.IdentityPlace, row.Identity));
            Count(row.Contact, DataClass.Contact, await Opens<CustomerContact>(row, DataClass.Contact, CustomerTable.ContactPlace, row.Contact));
            Count(row.Profile, DataClass.Profile, await Opens<CustomerProfile>(row, DataClass.Profile, CustomerTable.ProfilePlace, row.Profile));

            void Count(byte[]? blob, DataClass dataClass, bool opens)
            {
                if (blob is null)
                    return;
                if (erased[row.Id].Contains(dataClass))
                    back += opens ? 1 : 0;
                else if (!opens)
                    unread++;
            }
        }
        if (unread > 0)
            faults.Add($"{unread} sealed values of living customers do not open");
        if (back > 0)
            faults.Add($"{back} sealed values of erased customers are there again");

        async Task<bool> Opens<T>(Customer row, DataClass dataClass, string place, byte[]? blob) where T : class
        {
            try
            {
                return blob is null || await vault.Open<T>(row.Id, dataClass, place, row.Row, blob, ct) is not null;
            }
            catch (CryptographicException)
            {
                return false;
            }
        }
    }

    private static string Scratch(string database)
    {
        var builder = new NpgsqlConnectionStringBuilder(database) { Pooling = false };
        builder.Database = $"{builder.Database}_drill_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
        return builder.ToString();
    }

    private static async Task Drop(string server, string made)
    {
        var name = new NpgsqlConnectionStringBuilder(made).Database!;
        await using var admin = await Sql.OpenPostgres(server, CancellationToken.None);
        foreach (var one in new[] { name, name + "_keys" })
            await admin.Execute($"DROP DATABASE IF EXISTS \"{one.Replace("\"", "\"\"", StringComparison.Ordinal)}\" WITH (FORCE)", CancellationToken.None);
    }
}

/// <summary><c>exeunt drill DIR</c>.</summary>
public static class DrillCommand
{
    public const string Help = """
        exeunt drill DIR

        Tries the backup in DIR: restores it into a place that is thrown away afterwards (on PostgreSQL a database of its own),
        joined with the newest key store, and looks whether audit log, accounts, cases and customers are whole. Touches nothing
        else; a server may run. Exit: 0 it can be relied on, 1 not. A server with --backups does this by itself every night.
        """;

    public static async Task<int> Run(string[] args, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        if (Arguments.Parse(args).Words is not [var folder])
        {
            await error.WriteLineAsync(Help);
            return 1;
        }
        var report = await Drill.Try(folder, options, TimeProvider.System, ct);
        if (options.Json)
            await output.WriteLineAsync(JsonSerializer.Serialize(report, Json.Indented));
        else
        {
            foreach (var fault in report.Faults)
                await output.WriteLineAsync(fault);
            await output.WriteLineAsync(report.IsGood
                ? string.Create(CultureInfo.InvariantCulture, $"good: {report.Customers} customers, {report.Cases} cases, {report.Leaves} leaves, {report.Erasures} erasures applied again, {report.Seconds} s")
                : "not good");
        }
        return report.IsGood ? 0 : 1;
    }
}
