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
/// The key store: one 256-bit key per subject and class, wrapped by the master key, in a store of its own (keys.db, or the
/// PostgreSQL database "name_keys"). A key is committed here before anything is written with it, and deleted after the
/// erasure is in the ledger.
/// </summary>
public sealed class KeyStore : IAsyncDisposable
{
    private readonly byte[] _master;
    private readonly string? _postgres;
    private readonly DbConnection? _sqlite;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private bool _readOnly;

    private KeyStore(byte[] master, DbConnection? sqlite, string? postgres) =>
        (_master, _sqlite, _postgres) = (master, sqlite, postgres);

    /// <summary>Opens (and on first use creates) the key store beside an embedded database.</summary>
    /// <exception cref="InvalidDataException">The master key does not open this key store.</exception>
    public static async Task<KeyStore> OpenSqlite(string file, byte[] master, CancellationToken ct)
    {
        var connection = Sql.OpenSqlite(file,
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA busy_timeout=5000;");
        var store = new KeyStore(master, connection, null);
        await store.Prepare("BLOB", ct);
        return store;
    }

    /// <summary>Opens the key store for reading, beside the server that writes it.</summary>
    /// <exception cref="InvalidDataException">The master key does not open this key store.</exception>
    public static async Task<KeyStore> OpenSqliteReadOnly(string file, byte[] master, CancellationToken ct)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        await connection.OpenAsync(ct);
        var store = new KeyStore(master, connection, null) { _readOnly = true };
        await store.Check(() => store.Secret("check", ct));
        return store;
    }

    /// <summary>Opens the PostgreSQL key store; creates its database when it is missing and may be created.</summary>
    public static async Task<KeyStore> OpenPostgres(string appConnection, byte[] master, CancellationToken ct)
    {
        var builder = new NpgsqlConnectionStringBuilder(appConnection);
        var name = builder.Database + "_keys";
        await using (var admin = await Sql.OpenPostgres(appConnection, ct))
        {
            await using var exists = admin.Command("SELECT 1 FROM pg_database WHERE datname = @name", ("@name", name));
            if (await exists.ExecuteScalarAsync(ct) is null)
                await admin.Execute($"CREATE DATABASE \"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", ct);
        }
        builder.Database = name;
        var store = new KeyStore(master, null, builder.ToString());
        await store.Prepare("BYTEA", ct);
        return store;
    }

    /// <summary>Creates the keys that are missing, durably, before the caller writes with them.</summary>
    public async Task Ensure(IReadOnlyCollection<long> subjects, IReadOnlyCollection<DataClass> classes, CancellationToken ct) =>
        await Use(async connection =>
        {
            // One at a time: bulk paths make many at once with Create.
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await using var insert = connection.Command(
                "INSERT INTO subject_keys (subject, class, wrapped) VALUES (@subject, @class, @wrapped) ON CONFLICT DO NOTHING",
                ("@subject", 0L), ("@class", 0), ("@wrapped", Array.Empty<byte>()));
            insert.Transaction = transaction;
            if (_postgres is null)
                await insert.PrepareAsync(ct);
            foreach (var subject in subjects)
            foreach (var dataClass in classes)
            {
                insert.Parameters[0].Value = subject;
                insert.Parameters[1].Value = (int)dataClass;
                insert.Parameters[2].Value = Wrap(subject, dataClass, RandomNumberGenerator.GetBytes(32));
                await insert.ExecuteNonQueryAsync(ct);
            }
            Failpoint.Reach(Point.BeforeKey);
            await transaction.CommitAsync(ct);
            Failpoint.Reach(Point.AfterKey);
            return 0;
        }, ct);

    /// <summary>
    /// Makes the keys of new subjects, durably, and returns them: one array per subject, in the order of the classes. The
    /// subjects must be new (their numbers just reserved); ascending numbers are fastest.
    /// </summary>
    public async Task<Dictionary<long, byte[][]>> Create(IReadOnlyList<long> subjects, IReadOnlyList<DataClass> classes, CancellationToken ct)
    {
        var made = new Dictionary<long, byte[][]>(subjects.Count);
        var wrapped = new byte[subjects.Count][][];
        using (var sealer = new Vault.Sealer(_master))
            for (var i = 0; i < subjects.Count; i++)
            {
                var subject = subjects[i];
                var keys = new byte[classes.Count][];
                wrapped[i] = new byte[classes.Count][];
                for (var c = 0; c < keys.Length; c++)
                {
                    keys[c] = RandomNumberGenerator.GetBytes(32);
                    wrapped[i][c] = sealer.Encrypt(keys[c], About(subject, classes[c]));
                }
                made.Add(subject, keys);
            }
        await Use(async connection =>
        {
            if (connection is SqliteConnection sqlite)
            {
                await using var transaction = await sqlite.BeginTransactionAsync(ct);
                using var insert = new SqliteStatement(sqlite, "INSERT INTO subject_keys (subject, class, wrapped) VALUES (?, ?, ?)");
                for (var i = 0; i < subjects.Count; i++)
                    for (var c = 0; c < classes.Count; c++)
                        insert.Set(1, subjects[i]).Set(2, (long)classes[c]).Set(3, wrapped[i][c].AsSpan()).Run();
                await transaction.CommitAsync(ct);
            }
            else
            {
                await using var copy = await ((NpgsqlConnection)connection).BeginBinaryImportAsync("COPY subject_keys (subject, class, wrapped) FROM STDIN (FORMAT BINARY)", ct);
                for (var i = 0; i < subjects.Count; i++)
                    for (var c = 0; c < classes.Count; c++)
                    {
                        copy.StartRow();
                        copy.Write(subjects[i], NpgsqlTypes.NpgsqlDbType.Bigint);
                        copy.Write((int)classes[c], NpgsqlTypes.NpgsqlDbType.Integer);
                        copy.Write(wrapped[i][c], NpgsqlTypes.NpgsqlDbType.Bytea);
                    }
                await copy.CompleteAsync(ct);
            }
            return 0;
        }, ct);
        return made;
    }

    /// <summary>The key of a subject and class; null when it was never made or has been destroyed.</summary>
    public async Task<byte[]?> Find(long subject, DataClass dataClass, CancellationToken ct) =>
        await Use(async connection =>
        {
            await using var select = connection.Command(
                "SELECT wrapped FROM subject_keys WHERE subject = @subject AND class = @class",
                ("@subject", subject), ("@class", (int)dataClass));
            return await select.ExecuteScalarAsync(ct) is byte[] wrapped ? Unwrap(subject, dataClass, wrapped) : null;
        }, ct);

    /// <summary>The keys of many subjects for one class, in one pass; subjects without a key are left out.</summary>
    public async Task<Dictionary<long, byte[]>> FindAll(IReadOnlyCollection<long> subjects, DataClass dataClass, CancellationToken ct) =>
        await Use(async connection =>
        {
            var keys = new Dictionary<long, byte[]>(subjects.Count);
            foreach (var chunk in subjects.Chunk(500))
            {
                await using var select = connection.Command(
                    $"SELECT subject, wrapped FROM subject_keys WHERE class = @class AND subject IN ({string.Join(',', chunk)})",
                    ("@class", (int)dataClass));
                await using var rows = await select.ExecuteReaderAsync(ct);
                while (await rows.ReadAsync(ct))
                    keys[rows.GetInt64(0)] = Unwrap(rows.GetInt64(0), dataClass, (byte[])rows.GetValue(1));
            }
            return keys;
        }, ct);

    /// <summary>Destroys the keys of a subject: overwritten in the file and out of the write-ahead log when this returns. Returns how many there were.</summary>
    public async Task<int> Destroy(long subject, IReadOnlyCollection<DataClass> classes, CancellationToken ct) =>
        await Use(async connection =>
        {
            var list = string.Join(',', classes.Select(c => (int)c));
            Failpoint.Reach(Point.BeforeDestroy);
            var gone = await connection.Execute($"DELETE FROM subject_keys WHERE subject = @subject AND class IN ({list})", ct, ("@subject", subject));
            Failpoint.Reach(Point.AfterDestroy);
            if (_sqlite is not null)
                await connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)", ct);
            return gone;
        }, ct);

    /// <summary>A secret of the installation under a name (token key, signing key), made on first use by <paramref name="make"/>.</summary>
    public async Task<byte[]> Secret(string name, Func<byte[]> make, CancellationToken ct) =>
        await Use(async connection =>
        {
            await using var select = connection.Command("SELECT wrapped FROM secrets WHERE name = @name", ("@name", name));
            if (await select.ExecuteScalarAsync(ct) is byte[] known)
                return Open(known, name);
            await connection.Execute("INSERT INTO secrets (name, wrapped) VALUES (@name, @wrapped) ON CONFLICT DO NOTHING", ct,
                ("@name", name), ("@wrapped", Seal(make(), name)));
            return Open((byte[])(await select.ExecuteScalarAsync(ct))!, name);
        }, ct);

    /// <summary>A secret that was made before.</summary>
    /// <exception cref="InvalidDataException">There is none under this name.</exception>
    public async Task<byte[]> Secret(string name, CancellationToken ct) =>
        await Use(async connection =>
        {
            await using var select = connection.Command("SELECT wrapped FROM secrets WHERE name = @name", ("@name", name));
            return await select.ExecuteScalarAsync(ct) is byte[] wrapped
                ? Open(wrapped, name)
                : throw new InvalidDataException($"The key store has no secret '{name}'.");
        }, ct);

    public async ValueTask DisposeAsync()
    {
        if (_sqlite is null)
            return;
        await _turn.WaitAsync();
        if (!_readOnly)
            await _sqlite.Execute("PRAGMA wal_checkpoint(TRUNCATE)", CancellationToken.None);
        await _sqlite.DisposeAsync();
    }

    private async Task Prepare(string bytes, CancellationToken ct)
    {
        await Use(async connection =>
        {
            await connection.Execute(
                $"CREATE TABLE IF NOT EXISTS subject_keys (subject BIGINT NOT NULL, class INTEGER NOT NULL, wrapped {bytes} NOT NULL, PRIMARY KEY (subject, class))"
                + (_sqlite is null ? "" : " WITHOUT ROWID"), ct);
            return await connection.Execute($"CREATE TABLE IF NOT EXISTS secrets (name VARCHAR(60) NOT NULL PRIMARY KEY, wrapped {bytes} NOT NULL)", ct);
        }, ct);
        await Check(() => Secret("check", () => RandomNumberGenerator.GetBytes(16), ct));
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

    private static string About(long subject, DataClass dataClass) => $"key|{subject}|{(int)dataClass}";

    private byte[] Wrap(long subject, DataClass dataClass, byte[] key) => Vault.Encrypt(_master, key, About(subject, dataClass));

    private byte[] Unwrap(long subject, DataClass dataClass, byte[] wrapped) => Vault.Decrypt(_master, wrapped, About(subject, dataClass));

    private byte[] Seal(byte[] clear, string about) => Vault.Encrypt(_master, clear, "key|" + about);

    private byte[] Open(byte[] wrapped, string about) => Vault.Decrypt(_master, wrapped, "key|" + about);
}
