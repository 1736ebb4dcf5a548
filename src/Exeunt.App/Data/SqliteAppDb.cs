using Exeunt.App.Platform;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Exeunt.App.Data;

/// <summary>
/// The embedded database's one writer. Every commit and checkpoint of the process goes through this connection, behind an
/// asynchronous gate; all other connections are read-only. This keeps clear of SQLite's WAL-reset fault (two connections
/// writing or checkpointing at once, up to 3.51.2) and of "database is locked".
/// </summary>
public sealed class SqliteGate : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private bool _closed;

    public SqliteGate(string file)
    {
        File = file;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        Writer = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        Writer.Open();
        using var pragma = Writer.CreateCommand();
        pragma.CommandText =
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON; "
            + "PRAGMA wal_autocheckpoint=1000; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; PRAGMA busy_timeout=5000;";
        pragma.ExecuteNonQuery();
    }

    public string File { get; }

    internal SqliteConnection Writer { get; }

    /// <summary>
    /// Where saves run one after the other on one thread: the next begins when the one before ends, without waiting for a free thread of a
    /// busy process.
    /// </summary>
    internal TaskScheduler Line { get; } = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;

    /// <summary>Connection string for readers: read-only, pooled.</summary>
    public string ReadOnly =>
        new SqliteConnectionStringBuilder { DataSource = File, Mode = SqliteOpenMode.ReadOnly, Pooling = true }.ToString();

    /// <summary>Waits for the turn to write. Dispose the result to give it back; hold it for at most about 100 ms.</summary>
    public async Task<Turn> Enter(CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        return new Turn(this);
    }

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        if (_closed)
        {
            _turn.Release();
            return;
        }
        _closed = true;
        SqliteConnection.ClearAllPools();
        await using (var checkpoint = Writer.CreateCommand())
        {
            checkpoint.CommandText = "PRAGMA wal_checkpoint(TRUNCATE);";
            await checkpoint.ExecuteNonQueryAsync();
        }
        await Writer.DisposeAsync();
        _turn.Release();
    }

    public readonly struct Turn(SqliteGate gate) : IDisposable
    {
        public SqliteConnection Connection => gate.Writer;

        public void Dispose() => gate._turn.Release();
    }
}

/// <summary>The company's database on SQLite: reads on a read-only connection, saves on the one writer.</summary>
public sealed class SqliteAppDb(DbContextOptions<SqliteAppDb> options, SqliteGate? gate = null) : AppDb(options)
{
    private bool _inside;

    public override bool IsUniqueViolation(DbUpdateException e) =>
        e.InnerException is SqliteException { SqliteExtendedErrorCode: 2067 or 1555 };

    public override Task<T> Write<T>(Func<CancellationToken, Task<T>> work, CancellationToken ct) =>
        OnWriter(async () =>
        {
            await using var transaction = await Database.BeginTransactionAsync(ct);
            var result = await work(ct);
            await Failpoint.Commit(() => transaction.CommitAsync(ct));
            return result;
        }, ct);

    protected override Task<int> Save(bool acceptAllChangesOnSuccess, CancellationToken ct) =>
        _inside
            ? SaveBase(acceptAllChangesOnSuccess, ct)
            : OnWriter(() => SaveBase(acceptAllChangesOnSuccess, ct), ct);

    private Task<T> OnWriter<T>(Func<Task<T>> work, CancellationToken ct) =>
        Task.Factory.StartNew(() => InTurn(work, ct), ct, TaskCreationOptions.DenyChildAttach, gate!.Line).Unwrap();

    private async Task<T> InTurn<T>(Func<Task<T>> work, CancellationToken ct)
    {
        using var turn = await gate!.Enter(ct);
        await Database.CloseConnectionAsync();
        var reader = Database.GetDbConnection();
        Database.SetDbConnection(turn.Connection, contextOwnsConnection: false);
        _inside = true;
        try
        {
            return await work();
        }
        finally
        {
            _inside = false;
            Database.SetDbConnection(reader, contextOwnsConnection: true);
        }
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder conventions)
    {
        base.ConfigureConventions(conventions);
        conventions.Properties<Guid>().HaveConversion<GuidAsBytes>();
    }

    /// <summary>GUIDs take 16 bytes in network order, so that version-7 ids sort by their time.</summary>
    internal sealed class GuidAsBytes() : ValueConverter<Guid, byte[]>(
        id => id.ToByteArray(true), bytes => new Guid(bytes, true));
}
