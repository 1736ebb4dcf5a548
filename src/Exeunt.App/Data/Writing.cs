using Microsoft.Data.Sqlite;
using Npgsql;

namespace Exeunt.App.Data;

/// <summary>
/// Whether the database could be written when that was last tried. While it could not (the disk is full, the database is away), commands are answered
/// 503 and the server says it is not ready; it goes on by itself when there is room again.
/// </summary>
public sealed class Writing
{
    private volatile bool _failed;

    public bool Works => !_failed;

    /// <summary>Takes note of a save that failed, when it failed because nothing can be written now.</summary>
    public void Failed(Exception e) => _failed |= IsImpossible(e);

    public void Worked() => _failed = false;

    /// <summary>No room, no disk, no database: the same command may succeed later.</summary>
    public static bool IsImpossible(Exception? e) =>
        e switch
        {
            null => false,
            // SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN
            SqliteException { SqliteErrorCode: 8 or 10 or 13 or 14 } => true,
            // Out of room, of memory, of connections; an operator or the system itself stopped it.
            PostgresException { SqlState: ['5', '3' or '7' or '8', ..] } => true,
            PostgresException => false,
            NpgsqlException => true,
            _ => IsImpossible(e.InnerException),
        };
}
