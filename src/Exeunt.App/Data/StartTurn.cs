using System.Diagnostics;
using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Exeunt.App.Data;

/// <summary>
/// One node at a time opens and prepares a shared PostgreSQL database: what a start makes when it is not there (tables, seeds, the search store, the
/// waits) is made once, and nodes that are started at the same moment wait for each other. A data folder has its lock for that.
/// </summary>
internal static class StartTurn
{
    /// <summary>"ExStart" in bytes; one number in each database.</summary>
    private const long StartLock = 0x45785374_61727400;

    /// <summary>A rebuilt search store of a million customers takes a minute or two; a node that hangs is to be looked at.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Waits for the turn; dispose to give it back, which the end of the process does as well. On SQLite there is nothing to wait for.</summary>
    /// <exception cref="InvalidDataException">Another node has had the turn for ten minutes.</exception>
    public static async Task<NpgsqlConnection?> Take(HostOptions options, CancellationToken ct)
    {
        if (options.Database is not { } database)
            return null;
        var session = await Open(database, ct);
        try
        {
            // A node whose machine is gone gives its turn back within half a minute, not when the system thinks of it after two hours.
            await session.Execute("SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 4", ct);
            await using var claim = session.Command($"SELECT pg_try_advisory_lock({StartLock})");
            for (var began = Stopwatch.GetTimestamp(); await claim.ExecuteScalarAsync(ct) is not true; await Task.Delay(100, ct))
                if (Stopwatch.GetElapsedTime(began) > Patience)
                    throw new InvalidDataException(
                        "Another node has been starting on this database for ten minutes, and this one waits for it. Look at what that node says, end it if it hangs, and start this one again.");
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>A connection of its own, whose end is the end of the turn. Makes the database when there is none.</summary>
    private static async Task<NpgsqlConnection> Open(string database, CancellationToken ct)
    {
        var alone = new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ToString();
        for (var tries = 0; ; tries++)
            try
            {
                return await Sql.OpenPostgres(alone, ct);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidCatalogName && tries < 5)
            {
                await Create(alone, ct);
            }
    }

    private static async Task Create(string database, CancellationToken ct)
    {
        await using var context = new PostgresAppDb(new DbContextOptionsBuilder<PostgresAppDb>().UseNpgsql(database).Options);
        try
        {
            await context.GetService<IRelationalDatabaseCreator>().CreateAsync(ct);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ObjectInUse)
        {
            // Another node makes it, or has just made it.
            await Task.Delay(200, ct);
        }
    }
}
