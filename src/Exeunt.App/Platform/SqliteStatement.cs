using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Exeunt.App.Platform;

/// <summary>
/// A prepared SQLite statement without the provider's parameter objects, for the bulk paths, where they would cost more than the
/// row itself. Parameters are numbered from 1, columns from 0. Not thread-safe; belongs to one connection's turn.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _db;
    private readonly sqlite3_stmt _statement;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _db = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(_db, sql, out _statement));
    }

    public SqliteStatement Set(int parameter, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, parameter, value));
        return this;
    }

    public SqliteStatement Set(int parameter, ReadOnlySpan<byte> value)
    {
        Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(_statement, parameter, 0) : raw.sqlite3_bind_blob(_statement, parameter, value));
        return this;
    }

    /// <summary>Binds what a column of the model holds: numbers, texts, bytes, dates, ids, nothing.</summary>
    public SqliteStatement Set(int parameter, object? value)
    {
        switch (value)
        {
            case null:
                Check(raw.sqlite3_bind_null(_statement, parameter));
                break;
            case string text:
                Check(raw.sqlite3_bind_text(_statement, parameter, text));
                break;
            case byte[] bytes:
                Set(parameter, bytes.AsSpan());
                break;
            case bool yes:
                Set(parameter, yes ? 1 : 0);
                break;
            case DateOnly date:
                Check(raw.sqlite3_bind_text(_statement, parameter, date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)));
                break;
            case Guid id:
                Set(parameter, id.ToByteArray(bigEndian: true).AsSpan());
                break;
            default:
                Set(parameter, Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));
                break;
        }
        return this;
    }

    /// <summary>Runs a change and makes ready for the next; returns the number of changed rows.</summary>
    public int Run()
    {
        var code = raw.sqlite3_step(_statement);
        var changed = raw.sqlite3_changes(_db);
        raw.sqlite3_reset(_statement);
        Check(code);
        return changed;
    }

    /// <summary>Moves to the next row of a query; at the end makes ready for the next run.</summary>
    public bool Next()
    {
        var code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW)
            return true;
        raw.sqlite3_reset(_statement);
        Check(code);
        return false;
    }

    /// <summary>Ends a query that was not read to its end.</summary>
    public void Reset() => raw.sqlite3_reset(_statement);

    public long Long(int column) => raw.sqlite3_column_int64(_statement, column);

    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(_statement, column);

    /// <summary>A text column; null when there is none.</summary>
    public string? Text(int column) =>
        raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL ? null : raw.sqlite3_column_text(_statement, column).utf8_to_string();

    public void Dispose() => _statement.Dispose();

    private void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_DONE))
            throw new SqliteException(raw.sqlite3_errmsg(_db).utf8_to_string(), code & 0xFF, code);
    }
}
