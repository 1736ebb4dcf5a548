using System.Security.Cryptography;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Facts;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Exeunt.App.Data;

/// <summary>
/// The opened stores of one installation: database (migrated), key store, search store. Opening takes the lock on an embedded
/// data folder, so that one process at a time writes.
/// </summary>
public sealed class Storage : IAsyncDisposable
{
    private readonly FileStream? _lock;
    private readonly byte[] _answerKey;
    private readonly byte[] _paymentKey;

    private Storage(HostOptions options, FileStream? lockFile, SqliteGate? gate, KeyStore keys, SearchStore search, byte[] numberKey) =>
        (Options, _lock, Gate, Keys, Search, Numbers, FactKeys, _answerKey, _paymentKey) =
            (options, lockFile, gate, keys, search, new NumberTokens(numberKey), new FactKeys(numberKey), HMACSHA256.HashData(numberKey, "answers"u8), HMACSHA256.HashData(numberKey, "payments"u8));

    public HostOptions Options { get; }
    public SqliteGate? Gate { get; }
    public KeyStore Keys { get; }
    public SearchStore Search { get; }
    public NumberTokens Numbers { get; }
    public FactKeys FactKeys { get; }

    /// <summary>Whether the database can be written.</summary>
    public Writing Writing { get; } = new();

    /// <summary>One import or rebuild of months at a time in this process; see <see cref="Bulk.Alone"/>.</summary>
    internal SemaphoreSlim BulkTurn { get; } = new(1, 1);

    /// <summary>Whether this was opened beside a running server, for reading only.</summary>
    public bool IsReadOnly { get; private init; }
    public bool IsSqlite => Options.Database is null;

    /// <summary>Takes the lock, brings the database to this version's schema and opens the stores.</summary>
    /// <exception cref="LockedException">Another process serves this data folder.</exception>
    /// <exception cref="NewerDatabaseException">The database was made by a newer version.</exception>
    /// <param name="held">The lock, where the caller holds it already and goes on holding it.</param>
    /// <param name="restoring">By the restore itself, which brings it up to its erasures.</param>
    /// <exception cref="InvalidDataException">A restore was cut short here.</exception>
    public static async Task<Storage> Open(HostOptions options, CancellationToken ct, FileStream? held = null, bool restoring = false)
    {
        Directory.CreateDirectory(options.Data);
        if (!restoring && options.Database is null)
            await Features.Backup.RestoreMark.Refuse(options, ct);
        Failpoint.Arm(options.Data);
        var masters = MasterKeys.Load(options);
        if (options.Database is null)
        {
            var lockFile = held is null ? Lock(options) : null;
            KeyStore? opened = null;
            try
            {
                // Keys first: a database without its key store is not touched.
                var keys = opened = await KeyStore.OpenSqlite(options, masters, ct);
                await Migrate.Sqlite(options.DatabaseFile, ct);
                var gate = new SqliteGate(options.DatabaseFile);
                var search = await SearchStore.OpenSqlite(Path.Combine(options.Data, "search.db"), await Token(keys, "search-key", ct), ct);
                using (var database = KeyCopy.OpenReadOnly(options.DatabaseFile))
                    await CompleteWhereNobodyIs(search, database, ct);
                return new Storage(options, lockFile, gate, keys, search, await Token(keys, "number-key", ct));
            }
            catch
            {
                if (opened is not null)
                    await opened.DisposeAsync();
                if (lockFile is not null)
                    await lockFile.DisposeAsync();
                throw;
            }
        }
        await using var turn = await StartTurn.Take(options, ct);
        if (!restoring)
            await Features.Backup.RestoreMark.Refuse(options, ct);
        await Migrate.Postgres(options.Database, ct);
        var pgKeys = await KeyStore.OpenPostgres(options, masters, ct);
        var pgSearch = await SearchStore.OpenPostgres(options.Database, await Token(pgKeys, "search-key", ct), ct);
        await using (var database = await Sql.OpenPostgres(options.Database, ct))
            await CompleteWhereNobodyIs(pgSearch, database, ct);
        return new Storage(options, null, null, pgKeys, pgSearch, await Token(pgKeys, "number-key", ct));
    }

    /// <summary>The search store of a database without customers is complete: what is imported goes into both.</summary>
    private static async Task CompleteWhereNobodyIs(SearchStore search, System.Data.Common.DbConnection database, CancellationToken ct)
    {
        if (await search.IsComplete(ct))
            return;
        await using var any = database.Command("SELECT COUNT(*) FROM (SELECT 1 FROM customers LIMIT 1) c");
        if (Convert.ToInt64(await any.ExecuteScalarAsync(ct), System.Globalization.CultureInfo.InvariantCulture) == 0)
            await search.Complete(ct);
    }

    /// <summary>
    /// Builds the models of both contexts, without a connection: the greatest part of a start. Done beside the rest of it; whoever needs a
    /// model meanwhile waits for this one.
    /// </summary>
    public static void BuildModels(HostOptions options)
    {
        using DbContext app = options.Database is null
            ? new SqliteAppDb(new DbContextOptionsBuilder<SqliteAppDb>().UseSqlite().Options)
            : new PostgresAppDb(new DbContextOptionsBuilder<PostgresAppDb>().UseNpgsql().Options);
        using DbContext staff = options.Database is null
            ? new SqliteStaffDb(new DbContextOptionsBuilder<SqliteStaffDb>().UseSqlite(o => o.MigrationsHistoryTable(Migrate.StaffHistory)).Options)
            : new PostgresStaffDb(new DbContextOptionsBuilder<PostgresStaffDb>().UseNpgsql(o => o.MigrationsHistoryTable(Migrate.StaffHistory)).Options);
        // The mapping to tables as well: the first query would make it.
        Parallel.Invoke(() => _ = app.Model.GetRelationalModel(), () => _ = staff.Model.GetRelationalModel());
    }

    /// <summary>
    /// Opens the stores of a reading command: with the lock when it is free, else beside the server that holds it, without
    /// changing anything.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no database here.</exception>
    /// <exception cref="NewerDatabaseException">The database was made by a newer version.</exception>
    public static async Task<Storage> OpenReadOnly(HostOptions options, CancellationToken ct)
    {
        if (options.Database is not null)
            return await Open(options, ct);
        if (!File.Exists(options.DatabaseFile))
            throw new FileNotFoundException($"There is no database in {options.Data}. Import a file or start the server first, or name the data folder with --data DIR.", options.DatabaseFile);
        try
        {
            return await Open(options, ct);
        }
        catch (LockedException)
        {
            await using (var db = new SqliteAppDb(new DbContextOptionsBuilder<SqliteAppDb>().UseSqlite(ReadOnlyConnection(options)).Options))
                await Migrate.RefuseOther(db, ct);
            var keys = await KeyStore.OpenSqliteReadOnly(options.KeysFile, MasterKeys.Load(options), ct);
            return new Storage(options, null, null, keys, null!, await keys.Secret("number-key", ct)) { IsReadOnly = true };
        }
    }

    private static string ReadOnlyConnection(HostOptions options) =>
        new SqliteConnectionStringBuilder { DataSource = options.DatabaseFile, Mode = SqliteOpenMode.ReadOnly, Pooling = true }.ToString();

    public AppDb NewAppDb()
    {
        AppDb db = Gate is not null || IsReadOnly
            ? new SqliteAppDb(new DbContextOptionsBuilder<SqliteAppDb>().UseSqlite(Gate?.ReadOnly ?? ReadOnlyConnection(Options)).Options, Gate)
            : new PostgresAppDb(new DbContextOptionsBuilder<PostgresAppDb>().UseNpgsql(Options.Database).Options);
        (db.AnswerKey, db.PaymentKey, db.Writing) = (_answerKey, _paymentKey, Writing);
        return db;
    }

    /// <summary>Writes something that changes nothing, to see whether writing works again.</summary>
    public async Task<bool> TryToWrite(CancellationToken ct)
    {
        try
        {
            if (Gate is not null)
            {
                using var turn = await Gate.Enter(ct);
                await turn.Connection.Execute("PRAGMA user_version = 0", ct);
            }
            else
            {
                await using var connection = await Sql.OpenPostgres(Options.Database!, ct);
                // Nothing is changed, but a server that only reads says so.
                await connection.Execute("UPDATE settings SET value = value WHERE false; SELECT pg_current_xact_id()", ct);
            }
            Writing.Worked();
        }
        catch (Exception e) when (e is System.Data.Common.DbException or TimeoutException)
        {
            Writing.Failed(e);
            return false;
        }
        return Writing.Works;
    }

    public StaffDb NewStaffDb(TimeProvider time)
    {
        StaffDb db = Gate is not null
            ? new SqliteStaffDb(new DbContextOptionsBuilder<SqliteStaffDb>().UseSqlite(Gate.ReadOnly, o => o.MigrationsHistoryTable(Migrate.StaffHistory)).Options, Gate)
            : new PostgresStaffDb(new DbContextOptionsBuilder<PostgresStaffDb>().UseNpgsql(Options.Database, o => o.MigrationsHistoryTable(Migrate.StaffHistory)).Options);
        db.Time = time;
        return db;
    }

    public async ValueTask DisposeAsync()
    {
        if (Gate is not null)
            await Gate.DisposeAsync();
        await Keys.DisposeAsync();
        if (!IsReadOnly)
            await Search.DisposeAsync();
        BulkTurn.Dispose();
        if (_lock is not null)
        {
            File.Delete(Options.HolderFile);
            await _lock.DisposeAsync();
        }
    }

    /// <summary>Writes beside the lock who serves this folder, for the message to those who find it locked.</summary>
    public void Announce(string url)
    {
        if (_lock is not null)
            File.WriteAllText(Options.HolderFile, $"{Environment.ProcessId} {url}");
    }

    private static Task<byte[]> Token(KeyStore keys, string name, CancellationToken ct) =>
        keys.Secret(name, () => RandomNumberGenerator.GetBytes(32), ct);

    /// <summary>Takes the lock on an embedded data folder, which must be there.</summary>
    /// <exception cref="LockedException">Another process holds it.</exception>
    internal static FileStream Lock(HostOptions options)
    {
        try
        {
            // No sharing: on Unix any other mode is a shared lock, which a second process gets as well.
            var stream = new FileStream(options.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.Delete(options.HolderFile);
            return stream;
        }
        catch (IOException)
        {
            throw new LockedException(options.HolderFile);
        }
    }
}

/// <summary>Another process holds the data folder.</summary>
public sealed class LockedException(string holderFile) : Exception(Describe(holderFile))
{
    private static string Describe(string holderFile)
    {
        var words = "";
        try
        {
            words = File.ReadAllText(holderFile).Trim();
        }
        catch (IOException)
        {
            // The holder's words are a courtesy; the lock itself is the fact.
        }
        var parts = words.Split(' ', 2);
        return parts.Length == 2 && parts[1].Length > 0
            ? $"This data folder is served by process {parts[0]} at {parts[1]}. Stop it first, or send the work there ({parts[1]}/imports, {parts[1]}/openapi)."
            : "This data folder is in use by another exeunt command. Wait until it has finished, or stop it.";
    }
}

/// <summary>The database was made by a newer version of the product.</summary>
public sealed class NewerDatabaseException(IEnumerable<string> unknown) : Exception(
    $"This database was made by a newer version of Exeunt (unknown to this one: {string.Join(", ", unknown)}). Start that version, or restore a backup made by this one.");
