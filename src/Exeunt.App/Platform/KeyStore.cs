using System.Buffers.Binary;
using System.Data.Common;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Exeunt.App.Platform;

/// <summary>
/// The classes of personal data, each with a key of its own per customer; destroying the key of a class erases that class,
/// in every backup too. What belongs to which: docs/operations.md, "Keys".
/// </summary>
public enum DataClass
{
    /// <summary>Talks, preferences, external numbers: destroyed when the customer leaves.</summary>
    Profile = 1,

    /// <summary>Addresses: destroyed when survey, appeal and follow-up close, at once if the customer asks.</summary>
    Contact = 2,

    /// <summary>Account details for a refund: destroyed when the refund is reconciled.</summary>
    Payout = 3,

    /// <summary>Name, letters, certificate: until the case's documented date.</summary>
    Case = 4,

    /// <summary>Vouchers and what the law requires: until its date.</summary>
    Legal = 5,
}

/// <summary>
/// The key store: one 256-bit key per subject and class, wrapped by the newest master key, in a store of its own (keys.db, or the
/// PostgreSQL database "name_keys"). A key is committed here before anything is written with it, and destroyed after the erasure
/// is in the ledger. Every change is followed by a second copy, a file elsewhere, before its caller goes on; a copy that cannot be
/// written does not stop the work, but says so (<see cref="CopyFault"/>) and lets no master key be destroyed.
/// </summary>
public sealed class KeyStore : IAsyncDisposable
{
    private const int Batch = 2000;
    private const long RotationLock = 0x45786575_4B657973;

    /// <summary>Secret that holds when an epoch ends at the latest: papers name the day, so a longer period counts from the next epoch only.</summary>
    private const string EpochEnd = "epoch-end";
    private readonly MasterKeys _masters;
    private readonly string? _postgres;
    private readonly SqliteConnection? _sqlite;
    private readonly string _copyFile;
    private readonly bool _scratch;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly SemaphoreSlim _rotation = new(1, 1);
    private KeyCopy? _copy;
    private FileStream? _copyLock;
    private bool _readOnly;

    private KeyStore(MasterKeys masters, SqliteConnection? sqlite, string? postgres, string copyFile, bool scratch = false) =>
        (_masters, _sqlite, _postgres, _copyFile, _scratch) = (masters, sqlite, postgres, copyFile, scratch);

    /// <summary>Why there is no second copy that follows; null while there is one.</summary>
    public string? CopyFault { get; private set; }

    /// <summary>What was done at the start because the store was missing, damaged or older than its copy; null: nothing.</summary>
    public string? Mended { get; private set; }

    public MasterKeys Masters => _masters;

    public string CopyFile => _copyFile;

    /// <summary>
    /// Opens (and on first use creates) the key store beside an embedded database. A store that is damaged, gone, or older than its
    /// second copy is put aside and the copy takes its place.
    /// </summary>
    /// <exception cref="InvalidDataException">No master key opens it, or it is damaged or gone and there is no copy.</exception>
    public static async Task<KeyStore> OpenSqlite(HostOptions options, MasterKeys masters, CancellationToken ct)
    {
        var copyFile = options.KeysCopy ?? masters.DefaultCopy;
        // The copy beside a master key that another installation uses is that one's.
        var mended = Settle(options, copyFile, masters.Foreign is null && !options.IsScratch);
        var store = new KeyStore(masters, Sql.OpenSqlite(options.KeysFile, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA busy_timeout=5000;"), null, copyFile, options.IsScratch) { Mended = mended };
        try
        {
            await store.Prepare(ct);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens the key store for reading, beside the server that writes it.</summary>
    /// <exception cref="InvalidDataException">No master key opens this key store.</exception>
    public static async Task<KeyStore> OpenSqliteReadOnly(string file, MasterKeys masters, CancellationToken ct)
    {
        var store = new KeyStore(masters, KeyCopy.OpenReadOnly(file), null, "") { _readOnly = true, CopyFault = "read-only" };
        await store.Check(() => store.Secret("check", ct));
        return store;
    }

    /// <summary>Opens the PostgreSQL key store; creates its database when it is missing and may be created.</summary>
    /// <exception cref="InvalidDataException">No master key opens it, or its second copy is newer.</exception>
    public static async Task<KeyStore> OpenPostgres(HostOptions options, MasterKeys masters, CancellationToken ct)
    {
        var address = await EnsureDatabase(options.Database!, "_keys", ct);
        await RefuseNewBesideOld(options.Database!, address, options.KeysCopy ?? masters.DefaultCopy, ct);
        var store = new KeyStore(masters, null, address, options.KeysCopy ?? masters.DefaultCopy, options.IsScratch);
        await store.Prepare(ct);
        return store;
    }

    /// <summary>
    /// An empty key store, or one that no longer says which it is, beside a database that has history is not a first start: a new one would make
    /// everything personal unreadable.
    /// </summary>
    private static async Task RefuseNewBesideOld(string database, string keys, string copy, CancellationToken ct)
    {
        await using var store = await Sql.OpenPostgres(keys, ct);
        // Of before there were epochs: keys, and nothing else yet.
        if ((await IsWhole(store, ct) && await Says(store, ct) is not null) || (await Has(store, "subject_keys", ct) && !await Has(store, "state", ct) && !await Has(store, "dead_keys", ct)))
            return;
        await using var app = await Sql.OpenPostgres(database, ct);
        await using var history = app.Command("SELECT EXISTS (SELECT 1 FROM audit_log)");
        if (await history.ExecuteScalarAsync(ct) is true)
            throw new InvalidDataException($"The key store {store.Database} is empty or damaged, and the database has history: put its newest copy in its place (exeunt keys put FILE; this node's is {copy}), or restore (docs/operations.md). A new one would make everything personal unreadable.");
    }

    private static async Task<bool> Has(NpgsqlConnection store, string table, CancellationToken ct)
    {
        await using var made = store.Command("SELECT to_regclass(@table) IS NOT NULL", ("@table", table));
        return await made.ExecuteScalarAsync(ct) is true;
    }

    /// <summary>What the key store of a PostgreSQL database says of itself; null: there is none, or it cannot say it any more.</summary>
    internal static async Task<KeyStoreState?> Says(string database, CancellationToken ct)
    {
        var keys = new NpgsqlConnectionStringBuilder(database);
        keys.Database += "_keys";
        if (!await DatabaseExists(database, keys.Database, ct))
            return null;
        await using var store = await Sql.OpenPostgres(keys.ToString(), ct);
        return await Says(store, ct);
    }

    private static async Task<KeyStoreState?> Says(NpgsqlConnection store, CancellationToken ct)
    {
        if (!await Has(store, "state", ct))
            return null;
        try
        {
            return KeyCopy.Read(store);
        }
        // A state that no store ever had is damage.
        catch (Exception e) when (KeyCopy.IsDamage(e))
        {
            return null;
        }
    }

    /// <summary>Whether it has every table: one that is gone would be made anew, and be empty.</summary>
    private static async Task<bool> IsWhole(NpgsqlConnection store, CancellationToken ct)
    {
        foreach (var (table, _, _) in Tables)
            if (!await Has(store, table, ct))
                return false;
        return true;
    }

    /// <summary>The address of the database of a name with a suffix; it is created when it is missing.</summary>
    internal static async Task<string> EnsureDatabase(string appConnection, string suffix, CancellationToken ct)
    {
        var builder = new NpgsqlConnectionStringBuilder(appConnection);
        var name = builder.Database + suffix;
        builder.Database = name;
        if (!await DatabaseExists(appConnection, name, ct))
            await using (var admin = await Sql.OpenPostgres(appConnection, ct))
                await admin.Execute($"CREATE DATABASE \"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", ct);
        return builder.ToString();
    }

    internal static async Task<bool> DatabaseExists(string connection, string name, CancellationToken ct)
    {
        await using var admin = await Sql.OpenPostgres(connection, ct);
        await using var exists = admin.Command("SELECT 1 FROM pg_database WHERE datname = @name", ("@name", name));
        return await exists.ExecuteScalarAsync(ct) is not null;
    }

    /// <summary>How new the store is.</summary>
    public Task<KeyStoreState> State(CancellationToken ct) => Use(c => Task.FromResult(KeyCopy.Read(c)!), ct);

    /// <summary>The first server that opens a store says when its epoch began; each that serves, until when it ends at the latest.</summary>
    /// <param name="epochDays">0: nothing is promised.</param>
    public async Task BeginEpochs(DateTimeOffset now, CancellationToken ct, int epochDays = 0)
    {
        if ((await State(ct)).EpochBegan == DateTimeOffset.UnixEpoch)
            await Begin(now, ct);
        if (epochDays <= 0 || _readOnly || _scratch)
            return;
        var state = await State(ct);
        var due = state.EpochBegan.AddDays(epochDays);
        // Without days it says what was promised; null: nothing was yet.
        if (await EndsAt(state, 0, ct) is { } promised && promised <= due)
            return;
        await Change(async (connection, transaction, _, change) =>
        {
            if (change.After.Epoch == state.Epoch)
                await Promise(connection, transaction, change, due, ct);
        }, ct);
    }

    private async Task Begin(DateTimeOffset now, CancellationToken ct)
    {
        await Change(async (connection, transaction, _, change) =>
        {
            await using var begin = connection.Command("UPDATE state SET epoch_began = @now", ("@now", now.ToUnixTimeMilliseconds()));
            begin.Transaction = transaction;
            await begin.ExecuteNonQueryAsync(ct);
            change.After = change.After with { EpochBegan = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds()) };
        }, ct, always: true);
    }

    /// <summary>
    /// Creates the keys that are missing, durably, before the caller writes with them. What was destroyed is not made again, except for an account: a
    /// later refund (a ruling's) needs one of its own.
    /// </summary>
    /// <exception cref="KeyDestroyedException">One of them was destroyed; none was made.</exception>
    public async Task Ensure(IReadOnlyCollection<long> subjects, IReadOnlyCollection<DataClass> classes, CancellationToken ct)
    {
        if (subjects.Count == 1 && classes.Count == 1 && await Find(subjects.First(), classes.First(), ct) is not null)
            return;
        await Change(async (connection, transaction, master, change) =>
        {
            var once = classes.Where(c => c != DataClass.Payout).Select(c => (int)c).ToList();
            foreach (var chunk in once.Count == 0 ? [] : subjects.Chunk(500))
            {
                await using var dead = connection.Command(
                    $"SELECT subject, class FROM dead_keys d WHERE subject IN ({string.Join(',', chunk)}) AND class IN ({string.Join(',', once)}) "
                    + "AND NOT EXISTS (SELECT 1 FROM subject_keys k WHERE k.subject = d.subject AND k.class = d.class) LIMIT 1");
                dead.Transaction = transaction;
                await using var row = await dead.ExecuteReaderAsync(ct);
                if (await row.ReadAsync(ct))
                    throw new KeyDestroyedException(row.GetInt64(0), (DataClass)row.GetInt32(1));
            }
            // One at a time: bulk paths make many at once with Create.
            await using var insert = connection.Command(
                "INSERT INTO subject_keys (subject, class, wrapped, epoch) VALUES (@subject, @class, @wrapped, @epoch) ON CONFLICT DO NOTHING",
                ("@subject", 0L), ("@class", 0), ("@wrapped", Array.Empty<byte>()), ("@epoch", change.After.Epoch));
            insert.Transaction = transaction;
            if (_postgres is null)
                await insert.PrepareAsync(ct);
            foreach (var subject in subjects)
            foreach (var dataClass in classes)
            {
                var wrapped = Vault.Encrypt(master, RandomNumberGenerator.GetBytes(32), About(subject, dataClass));
                insert.Parameters[0].Value = subject;
                insert.Parameters[1].Value = (int)dataClass;
                insert.Parameters[2].Value = wrapped;
                if (await insert.ExecuteNonQueryAsync(ct) == 1)
                    change.Made.Add(new StoredKey(subject, (int)dataClass, change.After.Epoch, wrapped));
            }
        }, ct);
    }

    /// <summary>
    /// Makes the keys of new subjects, durably, and returns them: one array per subject, in the order of the classes. The
    /// subjects must be new (their numbers just reserved); ascending numbers are fastest.
    /// </summary>
    public async Task<Dictionary<long, byte[][]>> Create(IReadOnlyList<long> subjects, IReadOnlyList<DataClass> classes, CancellationToken ct)
    {
        var made = new Dictionary<long, byte[][]>(subjects.Count);
        await Change(async (connection, transaction, master, change) =>
        {
            made.Clear();
            using (var sealer = new Vault.Sealer(master))
                foreach (var subject in subjects)
                {
                    var keys = new byte[classes.Count][];
                    for (var c = 0; c < keys.Length; c++)
                    {
                        keys[c] = RandomNumberGenerator.GetBytes(32);
                        change.Made.Add(new StoredKey(subject, (int)classes[c], change.After.Epoch, sealer.Encrypt(keys[c], About(subject, classes[c]))));
                    }
                    made.Add(subject, keys);
                }
            if (connection is SqliteConnection sqlite)
            {
                using var insert = new SqliteStatement(sqlite, "INSERT INTO subject_keys (subject, class, wrapped, epoch) VALUES (?, ?, ?, ?)");
                foreach (var key in change.Made)
                    insert.Set(1, key.Subject).Set(2, (long)key.Class).Set(3, key.Wrapped.AsSpan()).Set(4, (long)key.Epoch).Run();
            }
            else
                await Copy((NpgsqlConnection)connection, change.Made, ct);
        }, ct);
        return made;
    }

    /// <summary>
    /// Takes back the keys of subjects who did not come to be: gone from the file and its log, here and in the second copy, when this returns. No mark
    /// of an erasure stays, since nothing was kept of anybody.
    /// </summary>
    public Task TakeBack(IReadOnlyCollection<long> subjects, CancellationToken ct) => Change(async (connection, transaction, _, change) =>
    {
        foreach (var chunk in subjects.Chunk(500))
        {
            await using var delete = connection.Command($"DELETE FROM subject_keys WHERE subject IN ({string.Join(',', chunk)}) RETURNING subject, class");
            delete.Transaction = transaction;
            await using var rows = await delete.ExecuteReaderAsync(ct);
            while (await rows.ReadAsync(ct))
                change.TakenBack.Add((rows.GetInt64(0), rows.GetInt32(1)));
        }
    }, ct, checkpoint: true);

    /// <summary>The key of a subject and class; null when it was never made or has been destroyed.</summary>
    /// <exception cref="CryptographicException">The stored key is damaged, and so is that of the second copy.</exception>
    public async Task<byte[]?> Find(long subject, DataClass dataClass, CancellationToken ct) =>
        await Use(async connection =>
        {
            await using var select = connection.Command(
                "SELECT wrapped, epoch FROM subject_keys WHERE subject = @subject AND class = @class",
                ("@subject", subject), ("@class", (int)dataClass));
            (byte[] Wrapped, int Epoch) found;
            await using (var row = await select.ExecuteReaderAsync(ct))
            {
                if (!await row.ReadAsync(ct))
                    return null;
                found = ((byte[])row.GetValue(0), row.GetInt32(1));
            }
            return await Unwrap(connection, subject, dataClass, found, ct);
        }, ct);

    /// <summary>The keys of many subjects for one class, in one pass; subjects without a key are left out.</summary>
    public async Task<Dictionary<long, byte[]>> FindAll(IReadOnlyCollection<long> subjects, DataClass dataClass, CancellationToken ct) =>
        await Use(async connection =>
        {
            var keys = new Dictionary<long, byte[]>(subjects.Count);
            foreach (var chunk in subjects.Chunk(500))
            {
                var stored = new List<(long Subject, byte[] Wrapped, int Epoch)>(chunk.Length);
                await using (var select = connection.Command(
                    $"SELECT subject, wrapped, epoch FROM subject_keys WHERE class = @class AND subject IN ({string.Join(',', chunk)})",
                    ("@class", (int)dataClass)))
                await using (var rows = await select.ExecuteReaderAsync(ct))
                    while (await rows.ReadAsync(ct))
                        stored.Add((rows.GetInt64(0), (byte[])rows.GetValue(1), rows.GetInt32(2)));
                foreach (var (subject, wrapped, epoch) in stored)
                    keys[subject] = await Unwrap(connection, subject, dataClass, (wrapped, epoch), ct);
            }
            return keys;
        }, ct);

    /// <summary>Whether the key of a subject and class was destroyed, or would have been had there been one.</summary>
    public async Task<bool> IsDead(long subject, DataClass dataClass, CancellationToken ct) =>
        await Use(async connection =>
        {
            await using var select = connection.Command("SELECT 1 FROM dead_keys WHERE subject = @subject AND class = @class LIMIT 1", ("@subject", subject), ("@class", (int)dataClass));
            return await select.ExecuteScalarAsync(ct) is not null;
        }, ct);

    /// <summary>Destroys keys of one subject. Returns how many there were.</summary>
    public Task<int> Destroy(long subject, IReadOnlyCollection<DataClass> classes, DateTimeOffset at, CancellationToken ct) =>
        Destroy([.. classes.Select(c => (subject, c))], at, ct);

    /// <summary>
    /// Destroys keys, all in one transaction: overwritten in the file and out of the write-ahead log, here and in the second copy, when
    /// this returns. A mark of each stays, also where there was no key: it says that this is erased. Returns how many keys there were.
    /// </summary>
    /// <param name="at">When; it stands in the mark.</param>
    /// <param name="numbers">Tokens of customers' numbers, kept with the marks of their profiles.</param>
    public async Task<int> Destroy(IReadOnlyCollection<(long Subject, DataClass Class)> which, DateTimeOffset at, CancellationToken ct, IReadOnlyDictionary<long, byte[]>? numbers = null)
    {
        var gone = 0;
        await Change(async (connection, transaction, _, change) =>
        {
            gone = 0;
            foreach (var chunk in which.Distinct().Chunk(500))
            {
                var pairs = string.Join(',', chunk.Select(k => $"({k.Subject},{(int)k.Class})"));
                var living = await Pairs($"DELETE FROM subject_keys WHERE (subject, class) IN (VALUES {pairs}) RETURNING subject, class");
                var marked = await Pairs($"SELECT DISTINCT subject, class FROM dead_keys WHERE (subject, class) IN (VALUES {pairs})");
                gone += living.Count;
                var dead = chunk.Where(k => living.Contains(k) || !marked.Contains(k)).ToList();
                if (dead.Count == 0)
                    continue;
                await using var mark = connection.Command(
                    $"INSERT INTO dead_keys (subject, class, at, epoch, number) VALUES {string.Join(',', dead.Select(d => $"({d.Subject},{(int)d.Class},@at,@epoch,{Literal(NumberOf(d))})"))} RETURNING id, subject, class",
                    ("@at", at.ToUnixTimeMilliseconds()), ("@epoch", change.After.Epoch));
                mark.Transaction = transaction;
                await using var marks = await mark.ExecuteReaderAsync(ct);
                while (await marks.ReadAsync(ct))
                {
                    var key = (Subject: marks.GetInt64(1), Class: (DataClass)marks.GetInt32(2));
                    change.Dead.Add(new DeadKey(marks.GetInt64(0), key.Subject, key.Class, at, change.After.Epoch, NumberOf(key)));
                }
            }

            async Task<HashSet<(long Subject, DataClass Class)>> Pairs(string statement)
            {
                await using var command = connection.Command(statement);
                command.Transaction = transaction;
                await using var rows = await command.ExecuteReaderAsync(ct);
                var pairs = new HashSet<(long, DataClass)>();
                while (await rows.ReadAsync(ct))
                    pairs.Add((rows.GetInt64(0), (DataClass)rows.GetInt32(1)));
                return pairs;
            }
        }, ct, checkpoint: true);
        return gone;

        byte[]? NumberOf((long Subject, DataClass Class) key) => key.Class == DataClass.Profile ? numbers?.GetValueOrDefault(key.Subject) : null;

        string Literal(byte[]? number) => number is null ? "NULL" : _postgres is null ? $"X'{Convert.ToHexString(number)}'" : $"'\\x{Convert.ToHexString(number)}'::bytea";
    }

    /// <summary>Marks of destroyed keys after one, in their order, at most <paramref name="limit"/>.</summary>
    public Task<List<DeadKey>> DeadAfter(long id, int limit, CancellationToken ct) =>
        Use(async connection =>
        {
            await using var select = connection.Command($"SELECT id, subject, class, at, epoch, number FROM dead_keys WHERE id > @id ORDER BY id LIMIT {limit}", ("@id", id));
            await using var rows = await select.ExecuteReaderAsync(ct);
            var dead = new List<DeadKey>();
            while (await rows.ReadAsync(ct))
                dead.Add(new DeadKey(rows.GetInt64(0), rows.GetInt64(1), (DataClass)rows.GetInt32(2), DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(3)), rows.GetInt32(4), rows.IsDBNull(5) ? null : (byte[])rows.GetValue(5)));
            return dead;
        }, ct);

    /// <summary>The last mark; 0: none.</summary>
    public Task<long> LastDead(CancellationToken ct) => Number("SELECT COALESCE(MAX(id), 0) FROM dead_keys", ct);

    /// <summary>The highest number a key was ever made for; 0: none.</summary>
    public Task<long> HighestSubject(CancellationToken ct) => Number("SELECT COALESCE(MAX(subject), 0) FROM (SELECT MAX(subject) AS subject FROM subject_keys UNION ALL SELECT MAX(subject) FROM dead_keys) s", ct);

    private Task<long> Number(string query, CancellationToken ct, params (string Name, object? Value)[] parameters) => Use(async connection =>
    {
        await using var select = connection.Command(query, parameters);
        return Convert.ToInt64(await select.ExecuteScalarAsync(ct), System.Globalization.CultureInfo.InvariantCulture);
    }, ct);

    /// <summary>A secret of the installation under a name (token key, signing key), made on first use by <paramref name="make"/>.</summary>
    public async Task<byte[]> Secret(string name, Func<byte[]> make, CancellationToken ct)
    {
        if (await FindSecret(name, ct) is { } known)
            return known;
        await Change(async (connection, transaction, master, change) =>
        {
            var wrapped = Vault.Encrypt(master, make(), About(name));
            await using var insert = connection.Command("INSERT INTO secrets (name, wrapped, epoch) VALUES (@name, @wrapped, @epoch) ON CONFLICT DO NOTHING",
                ("@name", name), ("@wrapped", wrapped), ("@epoch", change.After.Epoch));
            insert.Transaction = transaction;
            if (await insert.ExecuteNonQueryAsync(ct) == 1)
                change.Secrets.Add((name, change.After.Epoch, wrapped));
        }, ct);
        return await Secret(name, ct);
    }

    /// <summary>How many secrets there are under a name and its numbers: "name", "name.2", "name.3".</summary>
    public async Task<int> CountSecrets(string name, CancellationToken ct) =>
        (int)await Number("SELECT COUNT(*) FROM secrets WHERE name = @name OR name LIKE @numbered", ct, ("@name", name), ("@numbered", name + ".%"));

    /// <summary>A secret that was made before.</summary>
    /// <exception cref="InvalidDataException">There is none under this name.</exception>
    public async Task<byte[]> Secret(string name, CancellationToken ct) =>
        await FindSecret(name, ct) ?? throw new InvalidDataException($"The key store has no secret '{name}'.");

    /// <summary>
    /// The day from which no copy of the key store from before can give back a key that was destroyed at a time: the day after the master key of
    /// its epoch is due to be destroyed, or, when that epoch is over, was. Null where nobody can tell: epochs stand still, the old one could not be
    /// destroyed yet, the running one is overdue, or something keeps it from ending.
    /// </summary>
    /// <param name="now">The time; null while the machine's clock is in doubt, when no epoch ends.</param>
    /// <param name="subject">Whose keys were destroyed then: their marks tell in which epoch; null: in the last one.</param>
    public async Task<DateOnly?> CopiesDieOn(DateTimeOffset at, DateTimeOffset? now, int epochDays, string zone, CancellationToken ct, long? subject = null)
    {
        var state = await State(ct);
        if (_masters.Foreign is not null)
            return null;
        if (at >= state.EpochBegan)
            return await EndsAt(state, epochDays, ct) is { } ends && CopyFault is null && now < ends ? Clocks.DateIn(ends, zone).AddDays(1) : null;
        var epoch = subject is null ? 0 : (int)await Number("SELECT COALESCE(MAX(epoch), 0) FROM dead_keys WHERE subject = @subject", ct, ("@subject", subject));
        return _masters.Destroyed.TryGetValue(epoch == 0 ? state.Epoch - 1 : epoch, out var destroyed) ? Clocks.DateIn(destroyed, zone).AddDays(1) : null;
    }

    /// <summary>
    /// When the running epoch is due to end: <paramref name="epochDays"/> after it began, and no later than it was promised when it began (papers may name
    /// that day). Null: it stands still.
    /// </summary>
    public async Task<DateTimeOffset?> EndsAt(int epochDays, CancellationToken ct) => await EndsAt(await State(ct), epochDays, ct);

    private async Task<DateTimeOffset?> EndsAt(KeyStoreState state, int epochDays, CancellationToken ct)
    {
        var promised = await FindSecret(EpochEnd, ct) is { Length: 12 } kept && BinaryPrimitives.ReadInt32LittleEndian(kept) == state.Epoch
            ? DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(kept.AsSpan(4)))
            : (DateTimeOffset?)null;
        var configured = epochDays > 0 ? state.EpochBegan.AddDays(epochDays) : (DateTimeOffset?)null;
        return promised is null || configured < promised ? configured : promised;
    }

    /// <summary>Keeps when the epoch ends at the latest; what was kept of the one before goes.</summary>
    private async Task Promise(DbConnection connection, DbTransaction transaction, KeyChange change, DateTimeOffset ends, CancellationToken ct)
    {
        var kept = new byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(kept, change.After.Epoch);
        BinaryPrimitives.WriteInt64LittleEndian(kept.AsSpan(4), ends.ToUnixTimeMilliseconds());
        var wrapped = Vault.Encrypt(Master(change.After.Epoch), kept, About(EpochEnd));
        await using var put = connection.Command(
            "INSERT INTO secrets (name, wrapped, epoch) VALUES (@name, @wrapped, @epoch) ON CONFLICT (name) DO UPDATE SET wrapped = excluded.wrapped, epoch = excluded.epoch",
            ("@name", EpochEnd), ("@wrapped", wrapped), ("@epoch", change.After.Epoch));
        put.Transaction = transaction;
        await put.ExecuteNonQueryAsync(ct);
        change.Secrets.Add((EpochEnd, change.After.Epoch, wrapped));
    }

    /// <summary>
    /// Does what is due of the epochs: begins a new one when the running one ends, <paramref name="epochDays"/> long (or goes on with one that was
    /// interrupted), wraps every living key anew, writes the second copy, unwraps every key of both, and only then destroys the old
    /// master key. May be stopped anywhere and run again.
    /// </summary>
    /// <returns>The epochs that were destroyed; empty when nothing was due.</returns>
    /// <exception cref="InvalidDataException">A key did not come back, or the second copy is not there: nothing was destroyed.</exception>
    /// <exception cref="IOException">The master key's file or the second copy cannot be written.</exception>
    public async Task<IReadOnlyList<int>> Rotate(int epochDays, DateTimeOffset now, CancellationToken ct)
    {
        if (_readOnly || _scratch)
            return [];
        await _rotation.WaitAsync(ct);
        try
        {
            await using var session = _postgres is null ? null : await Sql.OpenPostgres(_postgres, ct);
            if (session is not null)
            {
                await using var claim = session.Command($"SELECT pg_try_advisory_lock({RotationLock})");
                if (await claim.ExecuteScalarAsync(ct) is not true)
                    return [];
            }
            try
            {
                return await RotateAlone(epochDays, now, ct);
            }
            finally
            {
                if (session is not null)
                    await session.Execute($"SELECT pg_advisory_unlock({RotationLock})", CancellationToken.None);
            }
        }
        finally
        {
            _rotation.Release();
        }
    }

    private async Task<IReadOnlyList<int>> RotateAlone(int epochDays, DateTimeOffset now, CancellationToken ct)
    {
        var state = await State(ct);
        if (_masters.Oldest == state.Epoch)
        {
            if (await EndsAt(state, epochDays, ct) is not { } ends || now < ends)
                return [];
            if (!_masters.Claim())
                throw new InvalidDataException($"The master key {_masters.File} belongs to {_masters.Foreign}: give this installation a copy of its own (--master-key FILE), or take it over with \"exeunt keys claim\" when the other is retired.");
            if (CopyFault is { } fault)
                throw new InvalidDataException($"There is no second copy of the key store ({fault}): no epoch ends without one.");
            _masters.Begin(state.Epoch + 1, now);
            Failpoint.Reach(Point.EpochBegun);
            await Change(async (connection, transaction, _, change) =>
            {
                if (change.After.Epoch != state.Epoch)
                    return; // Another node was first.
                await using var begin = connection.Command("UPDATE state SET epoch = @epoch, epoch_began = @now", ("@epoch", state.Epoch + 1), ("@now", now.ToUnixTimeMilliseconds()));
                begin.Transaction = transaction;
                await begin.ExecuteNonQueryAsync(ct);
                change.After = change.After with { Epoch = state.Epoch + 1, EpochBegan = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds()) };
                if (epochDays > 0)
                    await Promise(connection, transaction, change, change.After.EpochBegan.AddDays(epochDays), ct);
            }, ct, always: true);
            state = await State(ct);
        }
        await WrapAnew(state.Epoch, ct);
        // So that no copy from before it looks as new as the store.
        await Change((_, _, _, _) => Task.CompletedTask, ct, always: true);
        await WriteCopy(ct);
        if (CopyFault is { } without)
            throw new InvalidDataException($"There is no second copy of the key store ({without}): no epoch ends without one.");
        await ProveBoth(state.Epoch, ct);
        Failpoint.Reach(Point.BeforeEpochEnds);
        var destroyed = _masters.DestroyBefore(state.Epoch, now);
        Failpoint.Reach(Point.AfterEpochEnds);
        return destroyed;
    }

    /// <summary>Wraps what an older epoch wraps by the newest, some thousand rows a transaction.</summary>
    private async Task WrapAnew(int epoch, CancellationToken ct)
    {
        var (subject, dataClass) = (long.MinValue, 0);
        while (true)
        {
            var done = await Use(async connection =>
            {
                var rows = new List<StoredKey>();
                await using (var select = connection.Command(
                    $"SELECT subject, class, wrapped, epoch FROM subject_keys WHERE (subject, class) > (@subject, @class) ORDER BY subject, class LIMIT {Batch}", ("@subject", subject), ("@class", dataClass)))
                await using (var read = await select.ExecuteReaderAsync(ct))
                    while (await read.ReadAsync(ct))
                        rows.Add(new StoredKey(read.GetInt64(0), read.GetInt32(1), read.GetInt32(3), (byte[])read.GetValue(2)));
                if (rows.Count == 0)
                    return true;
                (subject, dataClass) = (rows[^1].Subject, rows[^1].Class);
                var older = rows.Where(r => r.Epoch < epoch).ToList();
                if (older.Count == 0)
                    return false;
                var fresh = new List<StoredKey>(older.Count);
                using (var sealer = new Vault.Sealer(Master(epoch)))
                    foreach (var row in older)
                    {
                        var key = await Unwrap(connection, row.Subject, (DataClass)row.Class, (row.Wrapped, row.Epoch), ct);
                        fresh.Add(row with { Epoch = epoch, Wrapped = sealer.Encrypt(key, About(row.Subject, (DataClass)row.Class)) });
                    }
                await using var transaction = await connection.BeginTransactionAsync(ct);
                if (connection is SqliteConnection sqlite)
                {
                    using var update = new SqliteStatement(sqlite, "UPDATE subject_keys SET wrapped = ?1, epoch = ?2 WHERE subject = ?3 AND class = ?4 AND epoch < ?2");
                    foreach (var key in fresh)
                        update.Set(1, key.Wrapped.AsSpan()).Set(2, (long)key.Epoch).Set(3, key.Subject).Set(4, (long)key.Class).Run();
                }
                else
                {
                    await using var update = connection.Command(
                        "UPDATE subject_keys k SET wrapped = f.wrapped, epoch = @epoch FROM unnest(@subjects, @classes, @wrapped, @old) AS f (subject, class, wrapped, old) WHERE k.subject = f.subject AND k.class = f.class AND k.epoch < @epoch AND k.wrapped = f.old",
                        ("@epoch", epoch), ("@subjects", fresh.Select(f => f.Subject).ToArray()), ("@classes", fresh.Select(f => f.Class).ToArray()), ("@wrapped", fresh.Select(f => f.Wrapped).ToArray()), ("@old", older.Select(o => o.Wrapped).ToArray()));
                    update.Transaction = transaction;
                    await update.ExecuteNonQueryAsync(ct);
                }
                Failpoint.Reach(Point.BeforeWrap);
                await transaction.CommitAsync(ct);
                Failpoint.Reach(Point.AfterWrap);
                return false;
            }, ct);
            if (done)
                break;
        }
        await Use(async connection =>
        {
            var older = new List<(string Name, byte[] Clear)>();
            await using (var select = connection.Command("SELECT name, wrapped, epoch FROM secrets WHERE epoch < @epoch", ("@epoch", epoch)))
            await using (var read = await select.ExecuteReaderAsync(ct))
                while (await read.ReadAsync(ct))
                    older.Add((read.GetString(0), Vault.Decrypt(Master(read.GetInt32(2)), (byte[])read.GetValue(1), About(read.GetString(0)))));
            foreach (var (name, clear) in older)
            {
                Failpoint.Reach(Point.BeforeWrap);
                await connection.Execute("UPDATE secrets SET wrapped = @wrapped, epoch = @epoch WHERE name = @name", ct,
                    ("@wrapped", Vault.Encrypt(Master(epoch), clear, About(name))), ("@epoch", epoch), ("@name", name));
            }
            if (_sqlite is not null)
                await connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)", ct);
            return 0;
        }, ct);
    }

    /// <summary>Opens the store and its second copy anew and unwraps every key of both with one epoch's master key.</summary>
    private async Task ProveBoth(int epoch, CancellationToken ct)
    {
        for (var tries = 1; ; tries++)
        {
            var live = await Look(c => KeyCopy.Prove(c, _masters, epoch, ct), ct);
            using var copy = KeyCopy.OpenReadOnly(_copyFile);
            var second = await KeyCopy.Prove(copy, _masters, epoch, ct);
            if (live == second)
                return;
            // A key was made or destroyed between the two looks: look again.
            if (tries == 5)
                throw new InvalidDataException($"The second copy of the key store does not hold what the store holds ({second.Living} and {live.Living} keys): no epoch ends.");
        }
    }

    /// <summary>Writes the second copy anew where it has lost track (another node changed the store, its disk was away).</summary>
    public async Task FollowUp(CancellationToken ct)
    {
        if (_readOnly || _scratch || !_masters.Claim())
            return;
        if (_sqlite is not null)
            // What a reader kept in the write-ahead log when a key was destroyed.
            await Use(async c => await c.Execute("PRAGMA wal_checkpoint(TRUNCATE)", ct), ct);
        await WriteCopy(ct, ifBehind: true);
    }

    /// <summary>Writes the store as one file, as backups hold it.</summary>
    internal Task Export(string file, CancellationToken ct) => Look(async connection =>
    {
        await KeyCopy.Write(connection, file, ct);
        return 0;
    }, ct);

    /// <summary>
    /// Puts a key store file's content in place of what a PostgreSQL database's key store holds, all or nothing; what was there is put aside in a schema.
    /// </summary>
    /// <returns>Where what was in place is; null: there was nothing.</returns>
    private static async Task<string?> Take(string appConnection, string file, CancellationToken ct)
    {
        using var source = KeyCopy.OpenReadOnly(file);
        var numbers = KeyCopy.HoldsNumbers(source);
        await using var postgres = await Sql.OpenPostgres(await EnsureDatabase(appConnection, "_keys", ct), ct);
        await using var transaction = await postgres.BeginTransactionAsync(ct);
        string? aside = null;
        foreach (var (table, _, _) in Tables)
            if (await Has(postgres, table, ct))
            {
                if (aside is null)
                    await postgres.Execute($"CREATE SCHEMA \"{aside = Stamp().Replace('-', '_')}\"", ct);
                await postgres.Execute($"ALTER TABLE {table} SET SCHEMA \"{aside}\"", ct);
            }
        await postgres.Execute(KeyCopy.Schema(postgres: true), ct);
        foreach (var (table, columns, types) in Tables)
        {
            await using var copy = await postgres.BeginBinaryImportAsync($"COPY {table} ({columns}) FROM STDIN (FORMAT BINARY)", ct);
            await using var select = source.Command($"SELECT {(numbers ? columns : columns.Replace(", number", ", NULL", StringComparison.Ordinal))} FROM {table}");
            await using var rows = await select.ExecuteReaderAsync(ct);
            while (await rows.ReadAsync(ct))
            {
                copy.StartRow();
                for (var i = 0; i < types.Length; i++)
                    if (rows.IsDBNull(i))
                        copy.WriteNull();
                    else switch (types[i])
                    {
                        case NpgsqlTypes.NpgsqlDbType.Bigint:
                            copy.Write(rows.GetInt64(i), types[i]);
                            break;
                        case NpgsqlTypes.NpgsqlDbType.Integer:
                            copy.Write(rows.GetInt32(i), types[i]);
                            break;
                        case NpgsqlTypes.NpgsqlDbType.Bytea:
                            copy.Write((byte[])rows.GetValue(i), types[i]);
                            break;
                        default:
                            copy.Write(rows.GetString(i), types[i]);
                            break;
                    }
            }
            await copy.CompleteAsync(ct);
        }
        await postgres.Execute("SELECT setval(pg_get_serial_sequence('dead_keys', 'id'), COALESCE((SELECT MAX(id) FROM dead_keys), 0) + 1, false)", ct);
        await transaction.CommitAsync(ct);
        return aside is null ? null : $"{postgres.Database}, schema {aside}";
    }

    private static readonly (string Table, string Columns, NpgsqlTypes.NpgsqlDbType[] Types)[] Tables =
    [
        ("subject_keys", "subject, class, wrapped, epoch", [NpgsqlTypes.NpgsqlDbType.Bigint, NpgsqlTypes.NpgsqlDbType.Integer, NpgsqlTypes.NpgsqlDbType.Bytea, NpgsqlTypes.NpgsqlDbType.Integer]),
        ("secrets", "name, wrapped, epoch", [NpgsqlTypes.NpgsqlDbType.Varchar, NpgsqlTypes.NpgsqlDbType.Bytea, NpgsqlTypes.NpgsqlDbType.Integer]),
        ("dead_keys", "id, subject, class, at, epoch, number", [NpgsqlTypes.NpgsqlDbType.Bigint, NpgsqlTypes.NpgsqlDbType.Bigint, NpgsqlTypes.NpgsqlDbType.Integer, NpgsqlTypes.NpgsqlDbType.Bigint, NpgsqlTypes.NpgsqlDbType.Integer, NpgsqlTypes.NpgsqlDbType.Bytea]),
        ("state", "id, store, epoch, generation, epoch_began", [NpgsqlTypes.NpgsqlDbType.Integer, NpgsqlTypes.NpgsqlDbType.Varchar, NpgsqlTypes.NpgsqlDbType.Integer, NpgsqlTypes.NpgsqlDbType.Bigint, NpgsqlTypes.NpgsqlDbType.Bigint]),
    ];

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        _copy?.Dispose();
        _copy = null;
        if (_copyLock is not null)
            await _copyLock.DisposeAsync();
        if (_sqlite is not null)
        {
            if (!_readOnly)
                await _sqlite.Execute("PRAGMA wal_checkpoint(TRUNCATE)", CancellationToken.None);
            await _sqlite.DisposeAsync();
        }
    }

    /// <summary>
    /// Decides which file is the store before it is opened: keys.db, unless it is damaged, gone, or older than the second copy.
    /// </summary>
    /// <returns>What was done; null: nothing.</returns>
    private static string? Settle(HostOptions options, string copyFile, bool isOurs)
    {
        var file = options.KeysFile;
        var isThere = File.Exists(file);
        if (!isThere && !File.Exists(options.DatabaseFile))
            return null;
        var live = KeyCopy.StateOf(file);
        var copy = isOurs ? StateOfCopy(copyFile) : null;
        var older = live is not null && copy is not null && copy.Store == live.Store && copy.IsNewerThan(live);
        if (live is not null && !older)
            return null;
        if (isThere && live is null && KeyCopy.IsOfBefore(file))
            return null;
        // A very first start that was cut off.
        if (isThere && !File.Exists(options.DatabaseFile) && copy is null)
            return null;
        if (live is null && isThere && KeyCopy.Peek(file) is { } damaged && (copy is null || damaged.Store != copy.Store || damaged.IsNewerThan(copy)))
            throw new InvalidDataException($"The key store {file} is damaged (epoch {damaged.Epoch}, generation {damaged.Generation}), and there is no second copy at {copyFile} that is as new. Put a newer copy in its place (exeunt keys put FILE), or restore (docs/operations.md).");
        if (copy is null)
            throw new InvalidDataException(isThere
                ? $"The key store {file} is damaged, and there is no sound second copy at {copyFile}. Nothing personal can be read without it. Put a copy in its place (exeunt keys put FILE), or restore (docs/operations.md)."
                : $"The key store {file} is gone, and there is no second copy at {copyFile}. Put a copy in its place (exeunt keys put FILE), or restore (docs/operations.md); a new one would make everything personal unreadable.");
        var why = !isThere ? "was gone" : older ? "was older than its second copy" : "was damaged";
        var scratch = Directory.CreateTempSubdirectory("exeunt-keys-").FullName;
        try
        {
            PutInPlace(options, KeyCopy.Openable(copyFile, Path.Combine(scratch, "copy")));
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
        return $"The key store {why}; its second copy took its place (epoch {copy.Epoch}, generation {copy.Generation}).";
    }

    /// <summary>
    /// Puts a key store file in place of what an installation has; that is put aside: a file beside it, on PostgreSQL a schema of the key store's database.
    /// What the ledger of the database beside it says was erased since is destroyed before.
    /// </summary>
    /// <returns>Where what was in place is; null: there was nothing.</returns>
    internal static async Task<string?> PutInPlace(HostOptions options, string file, CancellationToken ct)
    {
        if (options.Database is not { } database)
            return PutInPlace(options, file);
        var scratch = Directory.CreateTempSubdirectory("exeunt-keys-").FullName;
        try
        {
            var fresh = Path.Combine(scratch, "keys.db");
            KeyCopy.Duplicate(file, fresh);
            await using (var ledger = await Sql.OpenPostgres(database, ct))
                if (await Has(ledger, "erasures", ct))
                    KeyCopy.DestroyErased(fresh, ledger);
            return await Take(database, fresh, ct);
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static string? PutInPlace(HostOptions options, string file)
    {
        var place = options.KeysFile;
        KeyCopy.Duplicate(file, place + ".new");
        if (File.Exists(options.DatabaseFile))
        {
            using var ledger = KeyCopy.OpenReadOnly(options.DatabaseFile);
            using var has = ledger.Command("SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'erasures'");
            if (has.ExecuteScalar() is 1L)
                KeyCopy.DestroyErased(place + ".new", ledger);
        }
        var (was, stamp) = (File.Exists(place), Stamp());
        foreach (var part in new[] { "", "-wal", "-shm" }.Where(p => File.Exists(place + p)))
            File.Move(place + part, $"{place}.{stamp}{part}");
        File.Move(place + ".new", place);
        return was ? $"{place}.{stamp}" : null;
    }

    private static string Stamp() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"aside-{TimeProvider.System.GetUtcNow():yyyyMMddHHmmss}");

    /// <summary>How new a second copy is; null: there is none, it is damaged, or it cannot be read, which is said when it is to be followed.</summary>
    private static KeyStoreState? StateOfCopy(string file)
    {
        try
        {
            return KeyCopy.StateOfAny(file);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private async Task Prepare(CancellationToken ct)
    {
        await Use(async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            foreach (var statement in KeyCopy.Schema(_postgres is not null).Split(';'))
            {
                await using var create = connection.Command(statement);
                create.Transaction = transaction;
                await create.ExecuteNonQueryAsync(ct);
            }
            KeyCopy.Upgrade(connection, transaction);
            await using var first = connection.Command("INSERT INTO state (id, store, epoch, generation, epoch_began) VALUES (1, @store, @epoch, 0, 0) ON CONFLICT DO NOTHING",
                ("@store", Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))), ("@epoch", _masters.Newest));
            first.Transaction = transaction;
            await first.ExecuteNonQueryAsync(ct);
            await transaction.CommitAsync(ct);
            return 0;
        }, ct);
        var state = await State(ct);
        if (_masters.Of(state.Epoch) is null)
            throw new InvalidDataException(_masters.Destroyed.TryGetValue(state.Epoch, out var at)
                ? $"This key store is of epoch {state.Epoch}, whose master key was destroyed on {at:yyyy-MM-dd}: it can never be opened again. Use a newer copy (exeunt restore, docs/operations.md)."
                : $"The master key file {_masters.File} does not hold epoch {state.Epoch}: give the one that belongs to this key store (--master-key FILE).");
        await Check(() => Secret("check", () => RandomNumberGenerator.GetBytes(16), ct));
        if (_postgres is not null && !_scratch && _masters.Foreign is null && StateOfCopy(_copyFile) is { } copy && copy.Store == state.Store && copy.IsNewerThan(state))
            throw new InvalidDataException($"The key store on PostgreSQL (epoch {state.Epoch}, generation {state.Generation}) is older than its second copy {_copyFile} (epoch {copy.Epoch}, generation {copy.Generation}). Put that in its place (exeunt keys put FILE); it must not serve, because erased customers would come back.");
        await OpenCopy(ct);
    }

    /// <summary>Opens the second copy, written anew where it is missing, damaged or behind. A copy that belongs to another store is left alone.</summary>
    private async Task OpenCopy(CancellationToken ct)
    {
        if (_scratch)
        {
            CopyFault = "a place that is thrown away";
            return;
        }
        if (!_masters.Claim())
        {
            CopyFault = $"the master key belongs to {_masters.Foreign}";
            return;
        }
        var state = await State(ct);
        try
        {
            var known = KeyCopy.StateOf(_copyFile);
            if (known is not null && known.Store != state.Store)
                CopyFault = $"{_copyFile} is the copy of another key store";
            else if (known != state)
                await WriteCopy(ct);
            else if (LockCopy())
                _copy = KeyCopy.Open(_copyFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteException)
        {
            CopyFault = e.Message;
        }
    }

    /// <summary>One process follows a copy: two would each believe in what the other replaced.</summary>
    private bool LockCopy()
    {
        if (_copyLock is not null)
            return true;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_copyFile)!);
            _copyLock = new FileStream(_copyFile + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            CopyFault = $"{_copyFile} is followed by another process";
            return false;
        }
    }

    /// <summary>Writes the second copy anew beside the old one, and renames it. One that cannot be written is followed no more: <see cref="CopyFault"/> says why.</summary>
    /// <param name="ifBehind">Only where the copy is not at the store's generation.</param>
    private async Task WriteCopy(CancellationToken ct, bool ifBehind = false)
    {
        var fresh = _copyFile + ".new";
        await _turn.WaitAsync(ct);
        try
        {
            await using var postgres = _postgres is null ? null : await Sql.OpenPostgres(_postgres, ct);
            DbConnection store = postgres is null ? _sqlite! : postgres;
            Directory.CreateDirectory(Path.GetDirectoryName(_copyFile)!);
            // In turn: what is read before it may be older than the copy, which follows every change.
            var state = KeyCopy.Read(store)!;
            // The file is asked, not the open connection: that may hold one that was moved away.
            var found = KeyCopy.Peek(_copyFile);
            if (ifBehind && _copy is not null && found == state)
            {
                CopyFault = null;
                return;
            }
            // What is there may be the last that is left of another store, or of a newer one: it is never written over.
            if (found is { } there && (there.Store != state.Store || there.IsNewerThan(state)))
            {
                CopyFault = there.Store != state.Store ? $"{_copyFile} is the copy of another key store" : $"{_copyFile} is newer than the key store (generation {there.Generation})";
                return;
            }
            if (!LockCopy())
                return;
            File.Delete(fresh);
            await KeyCopy.Write(store, fresh, ct);
            _copy?.Dispose();
            _copy = null;
            foreach (var part in new[] { _copyFile + "-wal", _copyFile + "-shm" })
                File.Delete(part);
            File.Move(fresh, _copyFile, overwrite: true);
            _copy = KeyCopy.Open(_copyFile);
            CopyFault = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteException)
        {
            Lose(e.Message);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task Check(Func<Task<byte[]>> openSomething)
    {
        try
        {
            await openSomething();
        }
        catch (CryptographicException e)
        {
            throw new InvalidDataException("The master key does not open this key store: give the one it was made with (--master-key FILE).", e);
        }
    }

    private Task<byte[]?> FindSecret(string name, CancellationToken ct) =>
        Use(async connection =>
        {
            await using var select = connection.Command("SELECT wrapped, epoch FROM secrets WHERE name = @name", ("@name", name));
            await using var row = await select.ExecuteReaderAsync(ct);
            return await row.ReadAsync(ct) ? Vault.Decrypt(Master(row.GetInt32(1)), (byte[])row.GetValue(0), About(name)) : null;
        }, ct);

    /// <summary>
    /// One change in one transaction, which also raises the generation: writers take turns on that row, so that none writes with an
    /// epoch that another has just ended. What the change did is then done to the second copy.
    /// </summary>
    private async Task Change(Func<DbConnection, DbTransaction, byte[], KeyChange, Task> work, CancellationToken ct, bool checkpoint = false, bool always = false)
    {
        await _turn.WaitAsync(ct);
        try
        {
            await using var postgres = _postgres is null ? null : await Sql.OpenPostgres(_postgres, ct);
            DbConnection connection = postgres is null ? _sqlite! : postgres;
            var change = new KeyChange();
            await using (var transaction = await connection.BeginTransactionAsync(ct))
            {
                await using (var bump = connection.Command("UPDATE state SET generation = generation + 1 RETURNING store, epoch, generation, epoch_began"))
                {
                    bump.Transaction = transaction;
                    await using var row = await bump.ExecuteReaderAsync(ct);
                    await row.ReadAsync(ct);
                    change.After = KeyCopy.Read(row);
                }
                await work(connection, transaction, Master(change.After.Epoch), change);
                if (change.IsNothing && !always)
                    return;
                Failpoint.Reach(change.Dead.Count > 0 ? Point.BeforeDestroy : Point.BeforeKey);
                try
                {
                    await transaction.CommitAsync(ct);
                }
                catch
                {
                    // Nobody can tell whether it is in the store: the copy is written anew before it is followed again.
                    Lose("a change of the store was cut off, and it is being written anew");
                    throw;
                }
                Failpoint.Reach(change.Dead.Count > 0 ? Point.AfterDestroy : Point.AfterKey);
            }
            if (checkpoint && _sqlite is not null)
                await _sqlite.Execute("PRAGMA wal_checkpoint(TRUNCATE)", ct);
            Follow(change);
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Follow(KeyChange change)
    {
        if (_copy is null)
            return;
        try
        {
            if (!_copy.Follow(change))
                Lose("it is behind, and is being written anew");
        }
        catch (Exception e) when (e is SqliteException or IOException)
        {
            Lose(e.Message);
        }
    }

    /// <summary>Follows the copy no more; FollowUp writes it anew.</summary>
    private void Lose(string why)
    {
        CopyFault = why;
        try
        {
            _copy?.Dispose();
        }
        catch (SqliteException)
        {
            // It is lost already.
        }
        _copy = null;
    }

    /// <summary>A read on a connection of its own, so that a long one does not stop the work.</summary>
    private async Task<T> Look<T>(Func<DbConnection, Task<T>> look, CancellationToken ct)
    {
        await using DbConnection connection = _postgres is not null ? await Sql.OpenPostgres(_postgres, ct) : KeyCopy.OpenReadOnly(_sqlite!.DataSource);
        return await look(connection);
    }

    private async Task<T> Use<T>(Func<DbConnection, Task<T>> work, CancellationToken ct)
    {
        if (_postgres is not null)
        {
            await using var connection = await Sql.OpenPostgres(_postgres, ct);
            return await work(connection);
        }
        await _turn.WaitAsync(ct);
        try
        {
            return await work(_sqlite!);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Unwraps a key; one that is damaged is mended from the second copy.</summary>
    private async Task<byte[]> Unwrap(DbConnection connection, long subject, DataClass dataClass, (byte[] Wrapped, int Epoch) stored, CancellationToken ct)
    {
        var master = Master(stored.Epoch);
        try
        {
            return Vault.Decrypt(master, stored.Wrapped, About(subject, dataClass));
        }
        catch (CryptographicException) when (!_readOnly && _copy?.Find(subject, dataClass) is { } second)
        {
            var key = Vault.Decrypt(Master(second.Epoch), second.Wrapped, About(subject, dataClass));
            await connection.Execute("UPDATE subject_keys SET wrapped = @wrapped, epoch = @epoch WHERE subject = @subject AND class = @class AND wrapped = @damaged", ct,
                ("@wrapped", second.Wrapped), ("@epoch", second.Epoch), ("@subject", subject), ("@class", (int)dataClass), ("@damaged", stored.Wrapped));
            return key;
        }
    }

    private byte[] Master(int epoch) =>
        _masters.Of(epoch) ?? throw new CryptographicException($"The master key of epoch {epoch} is not in {_masters.File}.");

    private static async Task Copy(NpgsqlConnection connection, IReadOnlyCollection<StoredKey> keys, CancellationToken ct)
    {
        await using var copy = await connection.BeginBinaryImportAsync("COPY subject_keys (subject, class, wrapped, epoch) FROM STDIN (FORMAT BINARY)", ct);
        foreach (var key in keys)
        {
            copy.StartRow();
            copy.Write(key.Subject, NpgsqlTypes.NpgsqlDbType.Bigint);
            copy.Write(key.Class, NpgsqlTypes.NpgsqlDbType.Integer);
            copy.Write(key.Wrapped, NpgsqlTypes.NpgsqlDbType.Bytea);
            copy.Write(key.Epoch, NpgsqlTypes.NpgsqlDbType.Integer);
        }
        await copy.CompleteAsync(ct);
    }

    internal static string About(long subject, DataClass dataClass) => $"key|{subject}|{(int)dataClass}";

    internal static string About(string secret) => "key|" + secret;
}
