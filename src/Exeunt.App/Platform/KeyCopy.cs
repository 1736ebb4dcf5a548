using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Exeunt.App.Platform;

/// <summary>Which key store, and how new: of two with one <see cref="Store"/>, the one with the higher epoch, then the higher generation, is newer.</summary>
/// <param name="Store">Random name of the store, the same in all its copies.</param>
/// <param name="Epoch">The master key's epoch that new keys are wrapped by.</param>
/// <param name="Generation">Changes so far.</param>
/// <param name="EpochBegan">When the epoch began; real time.</param>
public sealed record KeyStoreState(string Store, int Epoch, long Generation, DateTimeOffset EpochBegan)
{
    public bool IsNewerThan(KeyStoreState other) => (Epoch, Generation).CompareTo((other.Epoch, other.Generation)) > 0;
}

/// <summary>A key as it is stored.</summary>
internal readonly record struct StoredKey(long Subject, int Class, int Epoch, byte[] Wrapped);

/// <summary>The mark of a destroyed key: what was erased is known wherever the key store is, also beside an older database.</summary>
/// <param name="Id">Ascending; says how far a database has been brought up to the erasures.</param>
/// <param name="Number">Keyed token of the number that other systems know a customer by (with the profile's mark): an import does not bring them back, whatever database stands beside.</param>
public readonly record struct DeadKey(long Id, long Subject, DataClass Class, DateTimeOffset At, int Epoch, byte[]? Number = null);

/// <summary>What one change did to the key store.</summary>
internal sealed class KeyChange
{
    public KeyStoreState After { get; set; } = null!;
    public List<StoredKey> Made { get; } = [];
    public List<DeadKey> Dead { get; } = [];
    public List<(long Subject, int Class)> TakenBack { get; } = [];
    public List<(string Name, int Epoch, byte[] Wrapped)> Secrets { get; } = [];
    public bool IsNothing => Made.Count == 0 && Dead.Count == 0 && TakenBack.Count == 0 && Secrets.Count == 0;
}

/// <summary>
/// A key store as one SQLite file of its own: the second copy that follows every change, and the form in which backups hold it,
/// whatever the database. It opens only with the master key's file.
/// </summary>
internal sealed class KeyCopy : IDisposable
{
    /// <summary>Tables of a key store. On PostgreSQL the same with other types.</summary>
    public static string Schema(bool postgres) => string.Format(CultureInfo.InvariantCulture, """
        CREATE TABLE IF NOT EXISTS subject_keys (subject BIGINT NOT NULL, class INTEGER NOT NULL, wrapped {0} NOT NULL, epoch INTEGER NOT NULL DEFAULT 1, PRIMARY KEY (subject, class)){1};
        CREATE TABLE IF NOT EXISTS secrets (name VARCHAR(60) NOT NULL PRIMARY KEY, wrapped {0} NOT NULL, epoch INTEGER NOT NULL DEFAULT 1);
        CREATE TABLE IF NOT EXISTS dead_keys (id {2}, subject BIGINT NOT NULL, class INTEGER NOT NULL, at BIGINT NOT NULL, epoch INTEGER NOT NULL, number {0});
        CREATE INDEX IF NOT EXISTS ix_dead_keys_subject ON dead_keys (subject, class);
        CREATE TABLE IF NOT EXISTS state (id INTEGER NOT NULL PRIMARY KEY, store VARCHAR(40) NOT NULL, epoch INTEGER NOT NULL, generation BIGINT NOT NULL, epoch_began BIGINT NOT NULL)
        """, postgres ? "BYTEA" : "BLOB", postgres ? "" : " WITHOUT ROWID", postgres ? "BIGSERIAL PRIMARY KEY" : "INTEGER PRIMARY KEY AUTOINCREMENT");

    /// <summary>Whether a store's marks hold the number yet: those of older versions did not.</summary>
    public static bool HoldsNumbers(DbConnection connection, DbTransaction? within = null)
    {
        using var look = connection.Command(connection is SqliteConnection
            ? "SELECT COUNT(*) FROM pragma_table_info('dead_keys') WHERE name = 'number'"
            : "SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = 'dead_keys' AND column_name = 'number'");
        look.Transaction = within;
        return Convert.ToInt64(look.ExecuteScalar(), CultureInfo.InvariantCulture) > 0;
    }

    /// <summary>Brings a store of an older version to this one's tables.</summary>
    public static void Upgrade(DbConnection connection, DbTransaction? within = null)
    {
        if (HoldsNumbers(connection, within))
            return;
        using var add = connection.Command(connection is SqliteConnection ? "ALTER TABLE dead_keys ADD COLUMN number BLOB" : "ALTER TABLE dead_keys ADD COLUMN IF NOT EXISTS number BYTEA");
        add.Transaction = within;
        add.ExecuteNonQuery();
    }

    private const string Pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA busy_timeout=5000;";
    private readonly SqliteConnection _connection;
    private readonly Lock _turn = new();

    private KeyCopy(string file, SqliteConnection connection) => (File, _connection) = (file, connection);

    public string File { get; }

    /// <summary>Opens a copy for following the store it is of.</summary>
    public static KeyCopy Open(string file)
    {
        var connection = Sql.OpenSqlite(file, Pragmas);
        try
        {
            Upgrade(connection);
            return new(file, connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>How new a key store file is; null when there is none, or it is damaged or of an older form.</summary>
    /// <exception cref="IOException">It cannot be read where it lies, which says nothing about what is in it.</exception>
    public static KeyStoreState? StateOf(string file) => Ask(file, c => IsSound(c) && IsWhole(c) ? Read(c) : null);

    /// <summary>What a key store file says of itself, in order or not; null when it cannot say it any more.</summary>
    /// <exception cref="IOException">It cannot be read where it lies.</exception>
    public static KeyStoreState? Peek(string file) => Ask(file, Read);

    /// <summary>The state of a file that SQLite may not be able to open where it lies (<see cref="Openable"/>).</summary>
    /// <exception cref="IOException">It cannot be read at all.</exception>
    public static KeyStoreState? StateOfAny(string file)
    {
        if (!System.IO.File.Exists(file))
            return null;
        var folder = Path.Combine(Path.GetTempPath(), $"exeunt-keys-{Guid.NewGuid():N}");
        try
        {
            return StateOf(Openable(file, folder));
        }
        finally
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }

    private static KeyStoreState? Ask(string file, Func<SqliteConnection, KeyStoreState?> ask)
    {
        if (!System.IO.File.Exists(file))
            return null;
        try
        {
            using var connection = OpenReadOnly(file);
            return ask(connection);
        }
        catch (SqliteException e) when (!IsDamage(e))
        {
            throw Unreadable(file, e);
        }
        catch (Exception e) when (IsDamage(e) || e is InvalidOperationException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>
    /// The file itself; where SQLite cannot open it in its place (in write-ahead mode on a medium that is read-only), a copy of it with its journals, which hold
    /// what was changed last, in a folder of its own.
    /// </summary>
    /// <param name="folder">Made only when it is needed.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string Openable(string file, string folder)
    {
        try
        {
            using var connection = OpenReadOnly(file);
            using var any = connection.Command("SELECT COUNT(*) FROM sqlite_master");
            any.ExecuteScalar();
            return file;
        }
        catch (SqliteException e) when (IsDamage(e))
        {
            return file;
        }
        catch (SqliteException e) when (e.SqliteErrorCode is not (NoPermission or ReadOnly or Disk or CannotOpen))
        {
            throw Unreadable(file, e);
        }
        catch (SqliteException)
        {
            return Copied(file, folder);
        }
    }

    private static string Copied(string file, string folder)
    {
        var copy = Path.Combine(folder, Path.GetFileName(file));
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            else
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            foreach (var part in new[] { "", "-wal", "-journal" }.Where(p => System.IO.File.Exists(file + p)))
            {
                System.IO.File.Copy(file + part, copy + part, overwrite: true);
                if (!OperatingSystem.IsWindows())
                    System.IO.File.SetUnixFileMode(copy + part, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(file, e);
        }
        try
        {
            // The journals are played in.
            Sql.OpenSqlite(copy, "PRAGMA journal_mode=DELETE").Dispose();
        }
        catch (SqliteException e) when (IsDamage(e))
        {
            // Whoever asks it finds that again.
        }
        catch (SqliteException e)
        {
            throw Unreadable(file, e);
        }
        return copy;
    }

    private static IOException Unreadable(string file, Exception e) => new($"{file} cannot be read ({e.Message.TrimEnd('.')}).", e);

    /// <summary>Whether reading a store failed because it is damaged or none (a table or column that is gone, a value that no store has), and not because nobody can get at it.</summary>
    public static bool IsDamage(Exception e) =>
        e is SqliteException { SqliteErrorCode: NoSuchTable or Corrupt or NoDatabase } or PostgresException { SqlState: ['4', '2', ..] or ['X', 'X', ..] or PostgresErrorCodes.InvalidCatalogName }
            or ArgumentOutOfRangeException or InvalidCastException;

    // SQLite's result codes.
    private const int NoSuchTable = 1;
    private const int NoPermission = 3;
    private const int ReadOnly = 8;
    private const int Disk = 10;
    private const int Corrupt = 11;
    private const int CannotOpen = 14;
    private const int NoDatabase = 26;

    /// <summary>Whether it is a key store of before there were epochs: keys, and no state yet.</summary>
    public static bool IsOfBefore(string file)
    {
        try
        {
            using var connection = OpenReadOnly(file);
            using var tables = connection.Command("SELECT group_concat(name) FROM sqlite_master WHERE name IN ('subject_keys', 'state', 'dead_keys')");
            return IsSound(connection) && tables.ExecuteScalar() is "subject_keys";
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    /// <summary>Whether SQLite finds the file in order, as far as it can see: what a key says is checked when it is unwrapped.</summary>
    public static bool IsSound(DbConnection connection)
    {
        using var check = connection.Command("PRAGMA quick_check(1)");
        return check.ExecuteScalar() is "ok";
    }

    /// <summary>Whether it has every table of a key store: one that is gone would be made anew, and be empty.</summary>
    private static bool IsWhole(SqliteConnection connection)
    {
        using var tables = connection.Command("SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name IN ('subject_keys', 'secrets', 'dead_keys', 'state')");
        return tables.ExecuteScalar() is 4L;
    }

    /// <summary>Writes a key store file anew, complete and synced, in place of what lies at <paramref name="copy"/>.</summary>
    public static void Duplicate(string file, string copy)
    {
        System.IO.File.Delete(copy);
        using var source = OpenReadOnly(file);
        using var vacuum = source.Command("VACUUM INTO @file", ("@file", copy));
        vacuum.ExecuteNonQuery();
        if (!OperatingSystem.IsWindows())
            System.IO.File.SetUnixFileMode(copy, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>
    /// Destroys in a key store file what a database's ledger says was erased and the file has no mark of, as one that is behind has not. A mark is made
    /// after its entry, so one that is as late belongs to it, and a key that is there beside it was made anew.
    /// </summary>
    public static void DestroyErased(string file, DbConnection database)
    {
        using var store = Sql.OpenSqlite(file, "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY");
        Upgrade(store);
        using var transaction = store.BeginTransaction();
        Do("CREATE TEMP TABLE ledger (subject INTEGER NOT NULL, class INTEGER NOT NULL, at INTEGER NOT NULL, number BLOB)");
        using (var insert = new SqliteStatement(store, "INSERT INTO ledger (subject, class, at, number) VALUES (?, ?, ?, ?)"))
        using (var select = database.Command("SELECT customer_id, class, at, token FROM erasures"))
        using (var rows = select.ExecuteReader())
            while (rows.Read())
                insert.Set(1, rows.GetInt64(0)).Set(2, (long)Enum.Parse<DataClass>(rows.GetString(1))).Set(3, rows.GetInt64(2)).Set(4, rows.IsDBNull(3) ? null : rows.GetValue(3)).Run();
        Do("""
            CREATE TEMP TABLE unmarked AS SELECT subject, class, MAX(at) AS at, MAX(number) AS number FROM ledger l
            WHERE NOT EXISTS (SELECT 1 FROM dead_keys d WHERE d.subject = l.subject AND d.class = l.class AND d.at >= l.at) GROUP BY subject, class
            """);
        Do("INSERT INTO dead_keys (subject, class, at, epoch, number) SELECT subject, class, at, (SELECT epoch FROM state), number FROM unmarked");
        Do("DELETE FROM subject_keys WHERE (subject, class) IN (SELECT subject, class FROM unmarked)");
        Do("UPDATE state SET generation = generation + 1 WHERE EXISTS (SELECT 1 FROM unmarked)");
        transaction.Commit();

        void Do(string statement)
        {
            using var command = store.Command(statement);
            command.Transaction = transaction;
            command.ExecuteNonQuery();
        }
    }

    public static SqliteConnection OpenReadOnly(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    public static KeyStoreState? Read(DbConnection connection)
    {
        using var select = connection.Command("SELECT store, epoch, generation, epoch_began FROM state");
        using var row = select.ExecuteReader();
        return row.Read() ? Read(row) : null;
    }

    public static KeyStoreState Read(DbDataReader row) =>
        new(row.GetString(0), row.GetInt32(1), row.GetInt64(2), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)));

    public KeyStoreState? State => Read(_connection);

    /// <summary>Follows one change of the store; durable, and what was destroyed is out of the file, when it returns.</summary>
    /// <returns>False when a change between is missing here: the copy must be written anew.</returns>
    public bool Follow(KeyChange change)
    {
        using var _ = _turn.EnterScope();
        using var transaction = _connection.BeginTransaction();
        using var bump = _connection.Command(
            "UPDATE state SET generation = @generation, epoch = @epoch, epoch_began = @began WHERE store = @store AND generation = @before",
            ("@generation", change.After.Generation), ("@epoch", change.After.Epoch), ("@began", change.After.EpochBegan.ToUnixTimeMilliseconds()),
            ("@store", change.After.Store), ("@before", change.After.Generation - 1));
        bump.Transaction = transaction;
        if (bump.ExecuteNonQuery() == 0)
            return false;
        Put(_connection, change.Made);
        using (var delete = new SqliteStatement(_connection, "DELETE FROM subject_keys WHERE subject = ? AND class = ?"))
        using (var dead = new SqliteStatement(_connection, "INSERT INTO dead_keys (id, subject, class, at, epoch, number) VALUES (?, ?, ?, ?, ?, ?)"))
        {
            foreach (var key in change.Dead)
            {
                delete.Set(1, key.Subject).Set(2, (long)key.Class).Run();
                Mark(dead, key.Id, key.Subject, (long)key.Class, key.At.ToUnixTimeMilliseconds(), key.Epoch, key.Number);
            }
            foreach (var (subject, dataClass) in change.TakenBack)
                delete.Set(1, subject).Set(2, (long)dataClass).Run();
        }
        foreach (var (name, epoch, wrapped) in change.Secrets)
        {
            using var insert = _connection.Command("INSERT OR REPLACE INTO secrets (name, wrapped, epoch) VALUES (@name, @wrapped, @epoch)", ("@name", name), ("@wrapped", wrapped), ("@epoch", epoch));
            insert.Transaction = transaction;
            insert.ExecuteNonQuery();
        }
        transaction.Commit();
        if (change.Dead.Count > 0 || change.TakenBack.Count > 0)
            Checkpoint();
        return true;
    }

    /// <summary>The wrapped key of a subject here, to mend a damaged row of the store.</summary>
    public (byte[] Wrapped, int Epoch)? Find(long subject, DataClass dataClass)
    {
        using var _ = _turn.EnterScope();
        using var select = _connection.Command("SELECT wrapped, epoch FROM subject_keys WHERE subject = @subject AND class = @class", ("@subject", subject), ("@class", (int)dataClass));
        using var row = select.ExecuteReader();
        return row.Read() ? ((byte[])row.GetValue(0), row.GetInt32(1)) : null;
    }

    /// <summary>
    /// Writes a whole copy of a store into a file that is not there yet, from one moment of the store. The file is complete and
    /// synced when this returns.
    /// </summary>
    /// <param name="source">An open connection to the store; it is read within one transaction.</param>
    public static async Task Write(DbConnection source, string file, CancellationToken ct)
    {
        var numbers = HoldsNumbers(source);
        await using var snapshot = await source.BeginTransactionAsync(source is SqliteConnection ? System.Data.IsolationLevel.Serializable : System.Data.IsolationLevel.RepeatableRead, ct);
        using (var target = Sql.OpenSqlite(file, "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON"))
        {
            await target.Execute(Schema(postgres: false), ct);
            using var transaction = target.BeginTransaction();
            await Each("SELECT store, epoch, generation, epoch_began FROM state", async row =>
            {
                var state = Read(row);
                await target.Execute("INSERT INTO state (id, store, epoch, generation, epoch_began) VALUES (1, @store, @epoch, @generation, @began)", ct,
                    ("@store", state.Store), ("@epoch", state.Epoch), ("@generation", state.Generation), ("@began", state.EpochBegan.ToUnixTimeMilliseconds()));
            });
            await Each("SELECT name, wrapped, epoch FROM secrets", async row =>
                await target.Execute("INSERT INTO secrets (name, wrapped, epoch) VALUES (@name, @wrapped, @epoch)", ct, ("@name", row.GetString(0)), ("@wrapped", row.GetValue(1)), ("@epoch", row.GetInt32(2))));
            using (var insert = new SqliteStatement(target, "INSERT INTO subject_keys (subject, class, wrapped, epoch) VALUES (?, ?, ?, ?)"))
                await Each("SELECT subject, class, wrapped, epoch FROM subject_keys ORDER BY subject, class", row =>
                {
                    insert.Set(1, row.GetInt64(0)).Set(2, (long)row.GetInt32(1)).Set(3, ((byte[])row.GetValue(2)).AsSpan()).Set(4, (long)row.GetInt32(3)).Run();
                    return Task.CompletedTask;
                });
            using (var dead = new SqliteStatement(target, "INSERT INTO dead_keys (id, subject, class, at, epoch, number) VALUES (?, ?, ?, ?, ?, ?)"))
                await Each($"SELECT id, subject, class, at, epoch, {(numbers ? "number" : "NULL")} FROM dead_keys ORDER BY id", row =>
                {
                    Mark(dead, row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), row.GetInt64(3), row.GetInt32(4), row.IsDBNull(5) ? null : (byte[])row.GetValue(5));
                    return Task.CompletedTask;
                });
            transaction.Commit();
        }
        await snapshot.CommitAsync(ct);
        if (!OperatingSystem.IsWindows())
            System.IO.File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        async Task Each(string query, Func<DbDataReader, Task> use)
        {
            await using var select = source.Command(query);
            select.Transaction = snapshot;
            await using var rows = await select.ExecuteReaderAsync(ct);
            while (await rows.ReadAsync(ct))
                await use(rows);
        }
    }

    /// <summary>
    /// Unwraps every key and secret of a key store file.
    /// </summary>
    /// <returns>How many keys live in it, and a digest over all of them in order, the same for two stores with the same living keys.</returns>
    /// <exception cref="CryptographicException">A key does not open.</exception>
    /// <exception cref="InvalidDataException">A key is wrapped by another epoch than <paramref name="epoch"/> (where one is asked for), or by one whose master key is gone.</exception>
    public static async Task<(long Living, string Digest)> Prove(DbConnection store, MasterKeys masters, int? epoch, CancellationToken ct)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var living = 0L;
        await using (var select = store.Command("SELECT subject, class, wrapped, epoch FROM subject_keys ORDER BY subject, class"))
        await using (var rows = await select.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct))
            {
                var (subject, dataClass) = (rows.GetInt64(0), (DataClass)rows.GetInt32(1));
                digest.AppendData(BitConverter.GetBytes(subject));
                digest.AppendData(BitConverter.GetBytes((int)dataClass));
                digest.AppendData(Vault.Decrypt(Master(rows.GetInt32(3)), (byte[])rows.GetValue(2), KeyStore.About(subject, dataClass)));
                living++;
            }
        await using (var select = store.Command("SELECT name, wrapped, epoch FROM secrets ORDER BY name"))
        await using (var rows = await select.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct))
                digest.AppendData(Vault.Decrypt(Master(rows.GetInt32(2)), (byte[])rows.GetValue(1), KeyStore.About(rows.GetString(0))));
        return (living, Convert.ToHexStringLower(digest.GetHashAndReset()));

        byte[] Master(int by) => epoch is { } only && by != only
            ? throw new InvalidDataException($"A key is still wrapped by epoch {by}.")
            : masters.Of(by) ?? throw new InvalidDataException($"A key is wrapped by epoch {by}, whose master key is gone.");
    }

    private static void Mark(SqliteStatement insert, long id, long subject, long dataClass, long at, long epoch, byte[]? number) =>
        insert.Set(1, id).Set(2, subject).Set(3, dataClass).Set(4, at).Set(5, epoch).Set(6, (object?)number).Run();

    internal static void Put(SqliteConnection connection, IReadOnlyCollection<StoredKey> keys)
    {
        if (keys.Count == 0)
            return;
        using var insert = new SqliteStatement(connection, "INSERT OR REPLACE INTO subject_keys (subject, class, wrapped, epoch) VALUES (?, ?, ?, ?)");
        foreach (var key in keys)
            insert.Set(1, key.Subject).Set(2, (long)key.Class).Set(3, key.Wrapped.AsSpan()).Set(4, (long)key.Epoch).Run();
    }

    public void Dispose()
    {
        try
        {
            Checkpoint();
        }
        finally
        {
            _connection.Dispose();
        }
    }

    private void Checkpoint()
    {
        using var checkpoint = _connection.Command("PRAGMA wal_checkpoint(TRUNCATE)");
        checkpoint.ExecuteNonQuery();
    }
}
