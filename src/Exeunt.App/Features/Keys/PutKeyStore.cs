using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using Exeunt.App.Data;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Features.Evaluate;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Exeunt.App.Features.Keys;

/// <summary>
/// <c>exeunt keys put FILE</c>: a copy of the key store takes the place of one that is gone, damaged or older, beside a database that stays. What was in
/// place is put aside, and what the ledger says was erased since the copy is destroyed in it before. Nothing serves meanwhile.
/// </summary>
internal static class PutKeyStore
{
    /// <summary>A server that has just ended is still known to PostgreSQL for a moment.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static async Task<int> Run(string named, HostOptions options, TextWriter output, CancellationToken ct)
    {
        var masters = MasterKeys.Find(options) ?? throw new InvalidDataException("There is no master key here. Name it with --master-key FILE.");
        if (!File.Exists(named))
            throw new InvalidDataException($"There is no file {named}.");
        if (options.Database is { } there ? !await KeyStore.DatabaseExists(Backup.RestoreCommand.Maintenance(there), new NpgsqlConnectionStringBuilder(there).Database!, ct) : !File.Exists(options.DatabaseFile))
            throw new InvalidDataException($"There is no database {(options.Database is null ? $"in {options.Data}: name the data folder with --data DIR" : "of this name")}. Without one, restore a backup (exeunt restore).");
        // Whoever serves believes in what is in place, and nobody begins to.
        await using var held = options.Database is null ? Storage.Lock(options) : null;
        await using var turn = await StartTurn.Take(options, ct);
        if (turn is not null)
            await RefuseUsers(turn, ct);
        var scratch = Directory.CreateTempSubdirectory("exeunt-keys-").FullName;
        try
        {
            var file = KeyCopy.Openable(named, Path.Combine(scratch, "given"));
            var given = KeyCopy.StateOf(file) ?? throw new InvalidDataException($"{named} is no key store, or it is damaged. Nothing was changed.");
            var (living, digest) = await Prove(file, named, masters, given, ct);
            await RefuseInPlace(file, named, given, digest, options, masters, scratch, ct);
            var without = await RefuseStrange(file, named, options, ct);
            var aside = await KeyStore.PutInPlace(options, file, ct);
            var now = TimeProvider.System.GetUtcNow();
            await PendingAudit.Leave(options, new Call(Actor.System, now, now), "keys.put", "key-store", new { given.Epoch, given.Generation, living, without }, ct);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"The key store is now that of {named}: epoch {given.Epoch}, generation {given.Generation}, {living} keys, all open."));
            if (aside is not null)
                await output.WriteLineAsync($"What was in place is aside: {aside}. Destroy it when it is not needed any more.");
            if (without > 0)
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{without} customers came after this copy: it has no key of theirs, and what is kept of them cannot be read."));
            return 0;
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static async Task RefuseUsers(NpgsqlConnection turn, CancellationToken ct)
    {
        await using var others = turn.Command(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname IN (current_database(), current_database() || '_keys') AND backend_type = 'client backend' AND pid <> pg_backend_pid()");
        for (var began = TimeProvider.System.GetTimestamp(); await others.ExecuteScalarAsync(ct) is long and > 0 and var users; await Task.Delay(100, ct))
            if (TimeProvider.System.GetElapsedTime(began) > Patience)
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"The database is in use ({users} connections): stop every node and every other program that uses it first. Nothing was changed."));
    }

    private static async Task<(long Living, string Digest)> Prove(string file, string named, MasterKeys masters, KeyStoreState given, CancellationToken ct)
    {
        if (masters.Of(given.Epoch) is null)
            throw new InvalidDataException(masters.Destroyed.TryGetValue(given.Epoch, out var at)
                ? $"{named} is of epoch {given.Epoch}, whose master key was destroyed on {at:yyyy-MM-dd}: it can never be opened again. Nothing was changed."
                : $"{named} is of epoch {given.Epoch}, which {masters.File} does not hold: give the master key that belongs to it (--master-key FILE). Nothing was changed.");
        try
        {
            using var store = KeyCopy.OpenReadOnly(file);
            return await KeyCopy.Prove(store, masters, null, ct);
        }
        catch (Exception e) when (e is CryptographicException or InvalidDataException or SqliteException)
        {
            throw new InvalidDataException($"{named} is damaged ({e.Message.TrimEnd('.')}). Give another copy. Nothing was changed.", e);
        }
    }

    /// <summary>What is in place gives way only when it cannot be used, or has nothing that the copy has not: else erased customers would come back, or others be lost.</summary>
    private static async Task RefuseInPlace(string file, string named, KeyStoreState given, string digest, HostOptions options, MasterKeys masters, string scratch, CancellationToken ct)
    {
        var live = options.Database is { } database ? await KeyStore.Says(database, ct) : KeyCopy.Peek(options.KeysFile);
        if (live is null)
            return;
        if (live.Store != given.Store)
            throw new InvalidDataException($"{named} is the copy of another key store than the one in place. Nothing was changed.");
        if (live.IsNewerThan(given))
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                $"The key store in place says that it is newer (epoch {live.Epoch}, generation {live.Generation}) than {named} (epoch {given.Epoch}, generation {given.Generation}): erased customers would come back. Give a newer copy, or restore a backup (exeunt restore, docs/operations.md). Nothing was changed."));
        var export = Path.Combine(scratch, "live.db");
        string inPlace;
        try
        {
            await Backup.Backups.ExportKeys(options, export, ct);
            using var sound = KeyCopy.OpenReadOnly(export);
            inPlace = (await KeyCopy.Prove(sound, masters, null, ct)).Digest;
        }
        catch (Exception e) when (KeyCopy.IsDamage(e) || e is CryptographicException or InvalidDataException)
        {
            // It is damaged.
            return;
        }
        using var both = KeyCopy.OpenReadOnly(file);
        await both.Execute("ATTACH @live AS live", ct, ("@live", export));
        var keys = Number(both, "SELECT COUNT(*) FROM live.subject_keys k WHERE NOT EXISTS (SELECT 1 FROM main.subject_keys m WHERE m.subject = k.subject AND m.class = k.class)"
            + " AND NOT EXISTS (SELECT 1 FROM main.dead_keys d WHERE d.subject = k.subject AND d.class = k.class)");
        var marks = Number(both, "SELECT COUNT(*) FROM live.dead_keys k WHERE NOT EXISTS (SELECT 1 FROM main.dead_keys d WHERE d.subject = k.subject AND d.class = k.class AND d.at >= k.at)");
        if (keys + marks > 0)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                $"The key store in place opens, and has {keys} keys and {marks} marks of erasures that {named} has not: they would be lost. Nothing was changed."));
        if (!given.IsNewerThan(live) && inPlace == digest && Number(both, "SELECT COUNT(*) FROM live.dead_keys") == Number(both, "SELECT COUNT(*) FROM main.dead_keys"))
            throw new InvalidDataException("The key store in place is sound and as new, key by key. Nothing was changed.");
    }

    /// <summary>Refuses a copy that is older than the database, or of another one; returns how many customers came after it.</summary>
    private static async Task<int> RefuseStrange(string file, string named, HostOptions options, CancellationToken ct)
    {
        using var copy = KeyCopy.OpenReadOnly(file);
        await using DbConnection database = options.Database is { } there ? await Sql.OpenPostgres(there, ct) : KeyCopy.OpenReadOnly(options.DatabaseFile);
        await using (var applied = database.Command("SELECT value FROM settings WHERE key = @key", ("@key", ErasedBefore.AppliedSetting)))
            if (await applied.ExecuteScalarAsync(ct) is string mark && long.Parse(mark, CultureInfo.InvariantCulture) > Number(copy, "SELECT COALESCE(MAX(id), 0) FROM dead_keys"))
                throw new InvalidDataException($"{named} is older than the database: it does not know of erasures that the database has. Give a newer copy, or restore a backup (exeunt restore, docs/operations.md). Nothing was changed.");
        var known = new HashSet<long>();
        await using (var select = copy.Command("SELECT subject FROM subject_keys WHERE class = @class UNION SELECT subject FROM dead_keys WHERE class = @class", ("@class", (int)DataClass.Case)))
        await using (var rows = await select.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct))
                known.Add(rows.GetInt64(0));
        var (all, without) = (0, 0);
        await using (var select = database.Command("SELECT id FROM customers WHERE identity IS NOT NULL"))
        await using (var rows = await select.ExecuteReaderAsync(ct))
            for (; await rows.ReadAsync(ct); all++)
                if (!known.Contains(rows.GetInt64(0)))
                    without++;
        return all > 0 && without == all
            ? throw new InvalidDataException($"{named} has no key of any customer of this database: it is not its key store. Nothing was changed.") : without;
    }

    private static long Number(SqliteConnection store, string query)
    {
        using var select = store.Command(query);
        return Convert.ToInt64(select.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
