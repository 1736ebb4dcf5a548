using System.Globalization;
using System.Security.Cryptography;
using Exeunt.App.Commands;
using Exeunt.App.Data;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Proof;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Exeunt.App.Features.Backup;

/// <summary><c>exeunt restore DIR</c>: a backup, joined with the newest key store there is, and brought up to its erasures before anything is served.</summary>
public static class RestoreCommand
{
    public const string Help = """
        exeunt restore DIR [--keys FILE] [--erase-again]

        Puts a backup back: into the data folder (--data), or into an empty PostgreSQL database (--database). It is joined with
        the newest key store found, which may be newer than the backup: the one that is still in place, the second copy
        (--keys-copy, by default beside the master key), the one given by --keys, the backup's own. What was erased since the
        backup is erased again; legal holds that the exported audit log says were placed since then are placed again. Refused:
        a damaged backup, a place that has a database or that a server holds, a key store whose master key was destroyed, and an
        older key store beside a newer.

          --keys FILE     another copy of the key store
          --erase-again   where only the backup's own key store is left and the exported audit log knows of later erasures:
                          erase these customers again: profile, account, contact and what they typed in applications at
                          once, name and vouchers when nothing keeps them any more; and what else was erased of
                          applications and feedback
        """;

    /// <summary>In the data folder: where a restore keeps what it works with.</summary>
    internal const string Scratch = "restoring";

    public static async Task<int> Run(string[] args, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        var typed = Arguments.Parse(args, "--keys FILE", "--erase-again");
        if (typed.Words is not [var folder])
        {
            await error.WriteLineAsync(Help);
            return 1;
        }
        if (typed["--keys"] is { } given && !File.Exists(given))
            throw new UsageException($"--keys {given}: no such file.");
        try
        {
            var restored = await Restore(folder, options, typed["--keys"], typed.Has("--erase-again"), error, ct);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"Restored the backup of {restored.Backup.At:yyyy-MM-dd HH:mm} UTC with the key store of epoch {restored.Keys.Epoch}, generation {restored.Keys.Generation}; {restored.ErasedAgain} erasures applied again."));
            return 0;
        }
        catch (Exception e) when (e is InvalidDataException or LockedException)
        {
            await error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    internal sealed record Restored(BackupManifest Backup, KeyStoreState Keys, int ErasedAgain);

    /// <summary>Restores, or leaves the place as it was.</summary>
    /// <exception cref="InvalidDataException">Why not; nothing was restored.</exception>
    /// <exception cref="LockedException">A server or another command holds the data folder.</exception>
    internal static async Task<Restored> Restore(string folder, HostOptions options, string? given, bool eraseAgain, TextWriter notes, CancellationToken ct)
    {
        var manifest = await BackupManifest.Check(folder, ct);
        if (manifest.Database != (options.Database is null ? "sqlite" : "postgresql"))
            throw new InvalidDataException($"{folder} is a backup of a {manifest.Database} database{(options.Database is null ? ": name the new one with --database" : "; leave --database out")}.");
        if (options.Database is { } there && await HasTables(there, ct))
            throw new InvalidDataException($"The database {new NpgsqlConnectionStringBuilder(there).Database} is not empty. Rename it first, and leave the one named …_keys where it is: it is newer than the backup's.");
        var isNewFolder = !Directory.Exists(options.Data);
        Directory.CreateDirectory(options.Data);
        // First of all: what a server holds is not touched, also when its database is gone.
        await using var held = options.Database is null ? Storage.Lock(options) : null;
        if (options.Database is null && File.Exists(options.DatabaseFile))
            throw new InvalidDataException($"{options.DatabaseFile} exists. Move it away first; leave keys.db where it is, it is newer than the backup's.");
        var installation = Path.Combine(options.Data, Backups.InstallationFile);
        var named = !File.Exists(installation) && File.Exists(Path.Combine(folder, Backups.InstallationFile));
        // In the data folder: what a restore that was cut off has left there the next one clears away.
        var scratch = Path.Combine(options.Data, Scratch);
        if (Directory.Exists(scratch))
            Directory.Delete(scratch, recursive: true);
        Directory.CreateDirectory(scratch);
        var before = await RestoreMark.Find(options, ct);
        var begun = before is not null;
        // From then on there may be in the folder what is nowhere else: the key store that was there before.
        var placing = false;
        try
        {
            if (named)
                File.Copy(Path.Combine(folder, Backups.InstallationFile), installation);
            var masters = MasterKeys.Find(options) ?? throw new InvalidDataException("The master key is not here, and without it nothing can be restored: name it with --master-key FILE.");
            var keys = await Choose(folder, manifest, options, masters, given, scratch, notes, ct);
            var erasing = (await ErasedLater(options, manifest, keys, notes, ct)).With(before);
            if (erasing.Count > 0 && !eraseAgain)
                throw new InvalidDataException($"The exported audit log tells of {erasing.Count} erasures after this backup, and no key store that knows of them was found. Give a newer one (--keys FILE), or have them erased again (--erase-again). Nothing was restored.");
            // Until it is brought up to its erasures nothing serves it, also when this is cut short.
            await RestoreMark.Set(options, erasing, ct);
            begun = !erasing.IsEmpty;
            placing = true;
            if (options.Database is { } database)
                await IntoPostgres(folder, options, database, keys, erasing, ct);
            else
                await IntoFolder(folder, options, keys, erasing, ct);
            var opened = false;
            try
            {
                var applied = await Open(options, held, manifest.At, erasing, notes, ct);
                opened = true;
                begun = false;
                await RestoreMark.Lift(options, ct);
                return new Restored(manifest, keys.State, applied);
            }
            catch (Exception e) when (e is InvalidDataException or System.Data.Common.DbException or NewerDatabaseException)
            {
                throw new InvalidDataException($"What was restored does not open: {e.Message}");
            }
            finally
            {
                // Nothing that was not brought up to its erasures may be served.
                if (!opened && options.Database is null)
                    foreach (var part in new[] { "", "-wal", "-shm" })
                        File.Delete(options.DatabaseFile + part);
            }
        }
        catch (InvalidDataException) when (!placing)
        {
            if (isNewFolder && !begun)
                Directory.Delete(options.Data, recursive: true);
            else if (named)
                File.Delete(installation);
            throw;
        }
        finally
        {
            // It may have gone with the folder.
            if (Directory.Exists(scratch))
                Directory.Delete(scratch, recursive: true);
            // What the key store was told to destroy it does not ask for again: that is remembered until it is done.
            if (!begun && Directory.Exists(options.Data) && !await IsThere(options))
                try
                {
                    await RestoreMark.Lift(options, CancellationToken.None);
                }
                catch (System.Data.Common.DbException)
                {
                    // It stays until the next restore, and what went wrong is told.
                }
        }
    }

    /// <param name="Name">"live", "second copy", "given" or "backup".</param>
    private sealed record Candidate(string Name, string File, string Shown, KeyStoreState State);

    /// <summary>The newest of the key stores of this installation that opens. One that is newer and does not open is named, and nothing older is taken in its place.</summary>
    private static async Task<Candidate> Choose(
        string folder, BackupManifest manifest, HostOptions options, MasterKeys masters, string? given, string scratch, TextWriter notes, CancellationToken ct)
    {
        var live = options.KeysFile;
        var shown = live;
        KeyStoreState? broken = null;
        if (options.Database is { } database)
        {
            (live, shown) = (Path.Combine(scratch, "live.db"), new NpgsqlConnectionStringBuilder(database).Database + "_keys");
            if (await HasTables(Of(database, shown), ct))
                try
                {
                    await Backups.ExportKeys(options, live, ct);
                }
                catch (Exception e) when (KeyCopy.IsDamage(e))
                {
                    File.Delete(live);
                    await notes.WriteLineAsync($"{shown}: damaged, not used.");
                    if (await KeyStore.Says(database, ct) is { } said && said.Store == manifest.Keys.Store)
                        broken = said;
                }
        }
        var copy = options.KeysCopy ?? masters.DefaultCopy;
        List<Candidate> found = [];
        List<(string Shown, KeyStoreState State)> damaged = broken is null ? [] : [(shown, broken)];
        foreach (var (name, place, at) in new[] { ("live", live, shown), ("second copy", copy, copy), ("given", given, given), ("backup", Path.Combine(folder, Backups.KeysFile), Path.Combine(folder, Backups.KeysFile)) })
        {
            if (place is null || !File.Exists(place))
                continue;
            var (file, said) = Look(place, Path.Combine(scratch, name));
            if (said is not { } state)
            {
                if (name == "given")
                    throw new InvalidDataException($"{at} cannot be read: it is damaged, or no key store. Give another copy of it (--keys FILE), or leave it out. Nothing was restored.");
                await notes.WriteLineAsync($"{at}: damaged, not used.");
                if (KeyCopy.Peek(file) is { } says && says.Store == manifest.Keys.Store)
                    damaged.Add((at!, says));
            }
            else if (state.Store != manifest.Keys.Store)
            {
                if (name == "given" || (name == "live" && options.Database is not null))
                    throw new InvalidDataException($"{at} is the key store of another installation. Nothing was restored.");
                await notes.WriteLineAsync($"{at}: of another installation, not used.");
            }
            else
            {
                await notes.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{at}: epoch {state.Epoch}, generation {state.Generation}"));
                found.Add(new Candidate(name, file, at!, state));
            }
        }
        // A stable order: of two equally new ones the live one stays.
        var sorted = found.OrderByDescending(c => c.State.Epoch).ThenByDescending(c => c.State.Generation).ToList();
        string? why = null;
        if (damaged.FirstOrDefault(d => sorted.Count == 0 || d.State.IsNewerThan(sorted[0].State)) is { Shown: { } worse } newer)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                $"{worse} is damaged, says that it is of epoch {newer.State.Epoch}, generation {newer.State.Generation}, and an older key store is not taken in its place. Give another copy of it (--keys FILE), or move it away if there is none. Nothing was restored."));
        foreach (var candidate in sorted.TakeWhile(c => !sorted[0].State.IsNewerThan(c.State)))
        {
            if (masters.Of(candidate.State.Epoch) is null)
            {
                why = masters.Destroyed.TryGetValue(candidate.State.Epoch, out var at)
                    ? $"{candidate.Shown} is of epoch {candidate.State.Epoch}, whose master key was destroyed on {at:yyyy-MM-dd}: it can never be opened again. Give the newest key store (--keys FILE). Nothing was restored."
                    : $"{candidate.Shown} is of epoch {candidate.State.Epoch}, which {masters.File} does not hold: give the master key that belongs to it (--master-key FILE). Nothing was restored.";
                continue;
            }
            try
            {
                using var store = KeyCopy.OpenReadOnly(candidate.File);
                await KeyCopy.Prove(store, masters, null, ct);
                return candidate;
            }
            catch (Exception e) when (e is CryptographicException or InvalidDataException or SqliteException)
            {
                why = $"{candidate.Shown} is damaged ({e.Message}), and an older key store is not taken in its place. Give another copy of it (--keys FILE). Nothing was restored.";
            }
        }
        throw new InvalidDataException(why ?? "There is no key store of this installation: neither in place, nor the second copy, nor given, nor in the backup. Nothing was restored.");
    }

    /// <summary>A key store where it can be opened, and how new it is; one that cannot be read may be the newest.</summary>
    private static (string File, KeyStoreState? State) Look(string place, string aside)
    {
        try
        {
            var file = KeyCopy.Openable(place, aside);
            return (file, KeyCopy.StateOf(file));
        }
        catch (IOException e)
        {
            throw new InvalidDataException($"{e.Message} An older key store is not taken in its place: make it readable, or move it away if it is not to be used. Nothing was restored.", e);
        }
    }

    /// <summary>
    /// What the exported audit log says was erased after the backup and the key store does not know of: customers, and what else ("case:…",
    /// "feedback:…") with how many entries there are of it; and which legal holds were placed and lifted. It knows of an erasure of a customer when it has a mark of that customer from then or later, and of the others what is as old
    /// as its newest mark of any: a mark is made after its entry. Of what was only repeated from marks any mark of the customer will do.
    /// </summary>
    private static async Task<Erasing> ErasedLater(HostOptions options, BackupManifest manifest, Candidate keys, TextWriter notes, CancellationToken ct)
    {
        var folder = Path.Combine(options.World, "audit");
        if (!Directory.Exists(folder))
        {
            if (keys.Name != "live")
                await notes.WriteLineAsync($"{folder}: no exported audit log to compare with. If customers were erased after this backup, this key store may not know of it.");
            return Erasing.Nothing;
        }
        var (marks, newest) = (new Dictionary<long, long>(), 0L);
        using (var store = KeyCopy.OpenReadOnly(keys.File))
        await using (var select = store.Command("SELECT subject, MAX(at) FROM dead_keys GROUP BY subject"))
        await using (var rows = await select.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct))
                if (rows.GetInt64(0) > 0)
                    marks[rows.GetInt64(0)] = rows.GetInt64(1);
                else
                    newest = Math.Max(newest, rows.GetInt64(1));
        var (later, others, holds) = (new SortedSet<long>(), new SortedDictionary<string, int>(StringComparer.Ordinal), new SortedDictionary<long, LaterHolds>());
        foreach (var file in Directory.EnumerateFiles(folder, "*.log").Order(StringComparer.Ordinal))
            await foreach (var line in File.ReadLinesAsync(file, ct))
                if (AuditEntry.Parse(System.Text.Encoding.UTF8.GetBytes(line)) is { Verb: "erasure.recorded" or ErasedBefore.Repeated or LaterHolds.WasPlaced or LaterHolds.WasLifted } entry
                    && entry.Index >= manifest.AuditSize)
                {
                    var isHold = entry.Verb is LaterHolds.WasPlaced or LaterHolds.WasLifted;
                    if (entry.Target.Split(':') is not [("customer" or "account") and var kind, var number] || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var customer))
                    {
                        if (!isHold && entry.AtMs > newest)
                            others[entry.Target] = others.GetValueOrDefault(entry.Target) + 1;
                        continue;
                    }
                    // What was only repeated after a restore was not asked whether it is held.
                    if (isHold || (entry.Verb != ErasedBefore.Repeated && holds.ContainsKey(customer)))
                        holds[customer] = holds.GetValueOrDefault(customer, LaterHolds.None).After(entry);
                    if (isHold)
                        continue;
                    if (kind == "account")
                    {
                        // Of one who may have stayed: the account alone.
                        if (!marks.TryGetValue(customer, out var gone) || (entry.Verb != ErasedBefore.Repeated && gone < entry.AtMs))
                            others[entry.Target] = 1;
                    }
                    else if (!marks.TryGetValue(customer, out var at) || (entry.Verb != ErasedBefore.Repeated && at < entry.AtMs))
                        later.Add(customer);
                }
        return new([.. later], others, holds);
    }

    private static async Task IntoFolder(string folder, HostOptions options, Candidate keys, Erasing erasing, CancellationToken ct)
    {
        if (keys.Name != "live")
            await KeyStore.PutInPlace(options, keys.File, ct);
        if (erasing.Later.Count > 0)
            await using (var store = await KeyStore.OpenSqlite(options, MasterKeys.Load(options), ct))
                await Mark(store, erasing, ct);
        // Left by what was here: a write-ahead log of another database would be played into this one.
        foreach (var part in new[] { "-wal", "-shm" }.Select(p => options.DatabaseFile + p).Where(File.Exists))
            File.Move(part, string.Create(CultureInfo.InvariantCulture, $"{part}.aside-{TimeProvider.System.GetUtcNow():yyyyMMddHHmmss}"));
        foreach (var part in Directory.EnumerateFiles(options.Data, "search.db*").ToList())
            File.Delete(part);
        // The database last, and whole or not at all: without it there is nothing to serve.
        var unfinished = options.DatabaseFile + ".restoring";
        File.Copy(Path.Combine(folder, Backups.DatabaseFile), unfinished, overwrite: true);
        using (var restored = KeyCopy.OpenReadOnly(unfinished))
        {
            await using var check = restored.Command("PRAGMA integrity_check");
            if (await check.ExecuteScalarAsync(ct) is not "ok")
                throw new InvalidDataException($"{Path.Combine(folder, Backups.DatabaseFile)}: SQLite finds it damaged. Nothing was restored.");
        }
        File.Move(unfinished, options.DatabaseFile);
    }

    private static async Task IntoPostgres(string folder, HostOptions options, string database, Candidate keys, Erasing erasing, CancellationToken ct)
    {
        var name = new NpgsqlConnectionStringBuilder(database).Database!;
        if (!await KeyStore.DatabaseExists(Maintenance(database), name, ct))
        {
            await using var admin = await Sql.OpenPostgres(Maintenance(database), ct);
            await admin.Execute($"CREATE DATABASE \"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", ct);
        }
        if (keys.Name != "live")
            await KeyStore.PutInPlace(options, keys.File, ct);
        if (erasing.Later.Count > 0)
            await using (var store = await KeyStore.OpenPostgres(options, MasterKeys.Load(options), ct))
                await Mark(store, erasing, ct);
        // Now there is a key store beside which every node sees it.
        await RestoreMark.Set(options, erasing, ct);
        await Backups.Tool("pg_restore", database, ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", "-d", name], Path.Combine(folder, Backups.DumpFile), ct);
        NpgsqlConnection.ClearAllPools();
    }

    /// <summary>Whether there is a database that could be served; of one that does not answer nobody knows.</summary>
    private static async Task<bool> IsThere(HostOptions options)
    {
        try
        {
            return options.Database is { } database ? await HasTables(database, CancellationToken.None) : File.Exists(options.DatabaseFile);
        }
        catch (NpgsqlException)
        {
            return true;
        }
    }

    /// <summary>Opens what was restored as a server would, which proves that schema, master key and key store fit, and applies the erasures.</summary>
    private static async Task<int> Open(HostOptions options, FileStream? held, DateTimeOffset backupAt, Erasing erasing, TextWriter notes, CancellationToken ct)
    {
        await using var storage = await Storage.Open(options, ct, held, restoring: true);
        await using var db = storage.NewAppDb();
        var now = TimeProvider.System.GetUtcNow();
        // Numbers that were given after the backup have keys or marks already: they are not given again.
        await Bulk.Raise(db, "customers", await storage.Keys.HighestSubject(ct), new Call(Actor.System, now, now), ct);
        await HoldAgain(db, erasing, notes, new Call(Actor.System, now, now), ct);
        if (!options.IsScratch)
            await AuditLog.TreeHeads.PutAside(db, options, new Call(Actor.System, now, now), ct);
        await Settlements.HeldPayments.Begin(db, backupAt, new Call(Actor.System, now, now), ct);
        await EraseTyped(db, storage.Keys, erasing, notes, now, ct);
        return await ErasedBefore.Apply(db, storage.Keys, storage.Search, new Call(Actor.System, now, now), ct);
    }

    /// <summary>
    /// Destroys the keys of some customers that no schedule keeps, before there is a database that could be served without it. Which class an entry
    /// was about the exported log does not tell: name and vouchers, which a law may keep, are planned as after every erasure (<see cref="EraseAsked"/>). Of whom
    /// a hold stands on when the log ends the first erasure, which was before the hold, is repeated; the contact may have been there when it was placed, and stays.
    /// </summary>
    private static Task<int> Mark(KeyStore store, Erasing erasing, CancellationToken ct) =>
        store.Destroy(
            [.. erasing.Later.SelectMany(c => (erasing.IsHeld(c) ? new[] { DataClass.Profile, DataClass.Payout } : [DataClass.Profile, DataClass.Contact, DataClass.Payout]).Select(k => (c, k)))],
            TimeProvider.System.GetUtcNow(), ct);

    /// <summary>
    /// Places again the legal holds that were placed after the backup and may still stand, before anything is served: nothing of these customers is erased until
    /// people lift them. What was lifted after the backup stands again, and is named.
    /// </summary>
    private static async Task HoldAgain(AppDb db, Erasing erasing, TextWriter notes, Call call, CancellationToken ct)
    {
        foreach (var (customer, told) in erasing.Holds ?? new Dictionary<long, LaterHolds>())
        {
            // Came after the backup.
            if (await db.Customers.SingleOrDefaultAsync(c => c.Id == customer, ct) is not { } row)
                continue;
            var known = await db.Set<LegalHold>().AsNoTracking().Where(h => h.CustomerId == customer).ToListAsync(ct);
            // An entry that was not in the exported log yet when the backup was taken is about a hold that the backup has.
            var times = known.Select(h => h.PlacedAt.ToUnixTimeMilliseconds()).ToHashSet();
            var standing = known.Count(h => h.LiftedAt is null);
            var again = told.Again(told.Placed.Count(at => !times.Contains(at)), standing);
            for (var i = 0; i < again; i++)
            {
                var hold = new LegalHold { Id = Guid.CreateVersion7(), CustomerId = customer, Reason = LegalHoldReason.Restored, PlacedBy = call.Actor.Id, PlacedAt = call.Now };
                db.Add(hold);
                row.Version++;
                db.Audit(call, LaterHolds.WasPlaced, $"customer:{customer}", new { hold = hold.Id, hold.Reason });
            }
            if (again > 0)
            {
                await db.SaveChangesAsync(ct);
                await notes.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                    $"customer:{customer}: legal holds placed after this backup and placed again: {again}. Nothing of this customer is erased until the data officer and legal lift them; by whom and why they were placed the log of then tells."));
            }
            if (told.Lifted > 0 && standing > 0)
                await notes.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                    $"customer:{customer}: legal holds lifted after this backup: {told.Lifted}. Those that the backup has stand again until the data officer and legal lift them."));
            if (erasing.IsHeld(customer) && erasing.Later.Contains(customer))
                await notes.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                    $"customer:{customer}: profile and account are erased again; contact and applications stay as long as the hold does."));
        }
        db.ChangeTracker.Clear();
    }

    /// <summary>
    /// Destroys the keys of what was typed and erased after the backup: in the applications of customers who are erased again, which went with them, and
    /// wherever else the exported log says so. The marks have the rows cleared (<see cref="ErasedBefore"/>). What came after the backup is not here.
    /// </summary>
    private static async Task EraseTyped(AppDb db, KeyStore keys, Erasing erasing, TextWriter notes, DateTimeOffset now, CancellationToken ct)
    {
        var gone = new List<(long Subject, DataClass Class)>();
        // Of whom is held, only what has an entry of its own below.
        foreach (var chunk in erasing.Later.Where(c => !erasing.IsHeld(c)).Chunk(Remains.AtOnce))
        {
            List<long> some = [.. chunk];
            var typed = await db.Cases.AsNoTracking().Where(c => c.CustomerId != null && some.Contains(c.CustomerId.Value) && c.IntakeSubject < 0).Select(c => c.IntakeSubject).ToListAsync(ct);
            gone.AddRange(typed.Select(t => (t, DataClass.Case)));
        }
        foreach (var (target, times) in erasing.Others)
        {
            if (target.Split(':') is ["account", var account] && long.TryParse(account, NumberStyles.None, CultureInfo.InvariantCulture, out var customer))
            {
                gone.Add((customer, DataClass.Payout));
                await notes.WriteLineAsync($"{target}: was erased after this backup, and is erased again.");
                continue;
            }
            if (target.Split(':') is not [("case" or "feedback" or "spot") and var kind, var number] || !Guid.TryParseExact(number, "N", out var id))
            {
                await notes.WriteLineAsync($"{target}: was erased after this backup and is readable again; erase it by hand.");
                continue;
            }
            var subject = kind == "case" ? await db.Cases.AsNoTracking().Where(c => c.Id == id && c.IntakeSubject < 0).Select(c => (long?)c.IntakeSubject).SingleOrDefaultAsync(ct)
                : kind == "spot" ? await db.Set<Offboarding.SpotDecision>().AsNoTracking().Where(s => s.Id == id && s.CaseId == null).Select(s => (long?)s.Subject).SingleOrDefaultAsync(ct)
                : await db.FeedbackIndex.AsNoTracking().Where(f => f.FeedbackId == id).Select(f => (long?)f.Subject).SingleOrDefaultAsync(ct);
            if (subject is not { } typed)
                continue;
            // Which class an entry was about the exported log does not tell. Of feedback the address goes first, the words with it or later.
            DataClass[] order = kind != "feedback" ? [DataClass.Case] : [DataClass.Contact, DataClass.Case];
            var left = times;
            foreach (var dataClass in order)
                if (left > 0 && !await keys.IsDead(typed, dataClass, ct))
                {
                    gone.Add((typed, dataClass));
                    left--;
                }
            await notes.WriteLineAsync($"{target}: what was typed there was erased after this backup, and is erased again.");
        }
        if (gone.Count > 0)
            await keys.Destroy(gone, now, ct);
    }

    private static async Task<bool> HasTables(string database, CancellationToken ct)
    {
        if (!await KeyStore.DatabaseExists(Maintenance(database), new NpgsqlConnectionStringBuilder(database).Database!, ct))
            return false;
        await using var connection = await Sql.OpenPostgres(database, ct);
        await using var count = connection.Command("SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'");
        return Convert.ToInt64(await count.ExecuteScalarAsync(ct), CultureInfo.InvariantCulture) > 0;
    }

    /// <summary>The server's own database, from which others are looked for and made.</summary>
    internal static string Maintenance(string database) => Of(database, "postgres");

    internal static string Of(string database, string name) => new NpgsqlConnectionStringBuilder(database) { Database = name }.ToString();
}
