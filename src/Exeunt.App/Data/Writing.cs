using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Exeunt.App.Data;

/// <summary>
/// Whether the database could be written when that was last tried. While it could not (the disk is full, the database is away), commands are answered
/// 503 and the server says it is not ready; it goes on by itself when there is room again.
/// </summary>
public sealed class Writing
{
    /// <summary>
    /// On a disk that is nearly full a small save succeeds where the next fails: for this long after a failure nothing is taken to be well again. A
    /// database that went away is there again with the first save.
    /// </summary>
    private static readonly TimeSpan Doubt = TimeSpan.FromSeconds(10);

    /// <summary>A server that takes no writes: one that stands by, or was turned to reading.</summary>
    private const string ReadOnlyServer = "25006";

    /// <summary>The server ended a transaction that did nothing for too long.</summary>
    private const string IdleTooLong = "25P03";

    private long _failedAt;

    public bool Works => Interlocked.Read(ref _failedAt) == 0;

    /// <summary>Takes note of a save that failed, when it failed because nothing can be written now.</summary>
    public void Failed(Exception e)
    {
        if (!IsImpossible(e))
            return;
        var at = Math.Max(1, Stopwatch.GetTimestamp() - (IsAway(e) ? (long)(Doubt.TotalSeconds * Stopwatch.Frequency) + 1 : 0));
        // What failed for want of room before stays in doubt as long as it did.
        for (var before = Interlocked.Read(ref _failedAt); at > before; before = Interlocked.Read(ref _failedAt))
            if (Interlocked.CompareExchange(ref _failedAt, at, before) == before)
                return;
    }

    public void Worked()
    {
        var at = Interlocked.Read(ref _failedAt);
        // A failure meanwhile stays.
        if (at != 0 && Stopwatch.GetElapsedTime(at) > Doubt)
            Interlocked.CompareExchange(ref _failedAt, 0, at);
    }

    /// <summary>No connection to the database: it is away, or was stopped.</summary>
    public static bool IsAway(Exception? e) =>
        e switch
        {
            null => false,
            PostgresException { SqlState: ['0', '8', ..] or ['5', '7', 'P', ..] or ReadOnlyServer or IdleTooLong } => true,
            PostgresException or SqliteException => false,
            NpgsqlException or TimeoutException { Source: "Npgsql" } => true,
            _ => IsAway(e.InnerException),
        };

    /// <summary>No room, no disk, no database: the same command may succeed later.</summary>
    public static bool IsImpossible(Exception? e) =>
        e switch
        {
            null => false,
            // Whoever asked went away: that says nothing of the database.
            OperationCanceledException => false,
            PostgresException { SqlState: "57014" } => false,
            // SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN
            SqliteException { SqliteErrorCode: 8 or 10 or 13 or 14 } => true,
            // Out of room, of memory, of connections; an operator or the system itself stopped it.
            PostgresException { SqlState: ['5', '3' or '7' or '8', ..] or ['0', '8', ..] or ReadOnlyServer or IdleTooLong } => true,
            PostgresException => false,
            // The bare one comes from a name that is not found in time.
            NpgsqlException or TimeoutException { Source: "Npgsql" } => true,
            _ => IsImpossible(e.InnerException),
        };
}
