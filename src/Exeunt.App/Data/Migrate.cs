using System.Data.Common;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace Exeunt.App.Data;

/// <summary>
/// Brings a database to this version's schema at start. A newer database is refused; a failed migration leaves the old
/// database as it was (a copy is put back on SQLite; PostgreSQL rolls back).
/// </summary>
public static class Migrate
{
    private const string AppHistory = "__EFMigrationsHistory";
    internal const string StaffHistory = "__staff_migrations";

    public static async Task Sqlite(string file, CancellationToken ct)
    {
        var connection = new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString();
        var exists = File.Exists(file);
        if (exists)
        {
            await using var asked = new SqliteConnection(connection);
            await asked.OpenAsync(ct);
            if (!await Pending(asked, typeof(SqliteAppDb), AppHistory, ct) && !await Pending(asked, typeof(SqliteStaffDb), StaffHistory, ct))
                return;
        }
        await using var app = new SqliteAppDb(new DbContextOptionsBuilder<SqliteAppDb>().UseSqlite(connection).Options);
        await using var staff = new SqliteStaffDb(new DbContextOptionsBuilder<SqliteStaffDb>()
            .UseSqlite(connection, o => o.MigrationsHistoryTable(StaffHistory)).Options);
        var copy = file + ".before-migration";
        if (exists)
        {
            File.Delete(copy);
            await using var source = new SqliteConnection(connection);
            await source.OpenAsync(ct);
            await using var vacuum = source.CreateCommand();
            vacuum.CommandText = "VACUUM INTO $copy";
            vacuum.Parameters.AddWithValue("$copy", copy);
            await vacuum.ExecuteNonQueryAsync(ct);
        }
        try
        {
            await app.Database.MigrateAsync(ct);
            await staff.Database.MigrateAsync(ct);
            await app.Database.CloseConnectionAsync();
            File.Delete(copy);
        }
        catch
        {
            await app.Database.CloseConnectionAsync();
            await staff.Database.CloseConnectionAsync();
            File.Delete(file + "-wal");
            File.Delete(file + "-shm");
            if (exists)
                File.Move(copy, file, overwrite: true);
            else
                File.Delete(file);
            throw;
        }
    }

    /// <summary>The same on PostgreSQL, whose database is there (<see cref="StartTurn"/> makes it).</summary>
    public static async Task Postgres(string connection, CancellationToken ct)
    {
        await using (var asked = await Sql.OpenPostgres(connection, ct))
            if (!await Pending(asked, typeof(PostgresAppDb), AppHistory, ct) && !await Pending(asked, typeof(PostgresStaffDb), StaffHistory, ct))
                return;
        await using var app = new PostgresAppDb(new DbContextOptionsBuilder<PostgresAppDb>().UseNpgsql(connection).Options);
        await using var staff = new PostgresStaffDb(new DbContextOptionsBuilder<PostgresStaffDb>()
            .UseNpgsql(connection, o => o.MigrationsHistoryTable(StaffHistory)).Options);
        await app.Database.MigrateAsync(ct);
        await staff.Database.MigrateAsync(ct);
    }

    /// <summary>Whether an opened database has this version's schema.</summary>
    public static async Task<bool> IsCurrent(Storage storage, TimeProvider time, CancellationToken ct)
    {
        await using var app = storage.NewAppDb();
        await using var staff = storage.NewStaffDb(time);
        return !await Pending(app, AppHistory, ct) && !await Pending(staff, StaffHistory, ct);
    }

    /// <summary>For readers beside a server: the database must be exactly of this version.</summary>
    /// <exception cref="NewerDatabaseException">The database was made by a newer version.</exception>
    /// <exception cref="InvalidDataException">The database was made by an older version.</exception>
    public static async Task RefuseOther(AppDb db, CancellationToken ct)
    {
        if (await Pending(db, AppHistory, ct))
            throw new InvalidDataException("This database was made by an older version of Exeunt, whose server is running. Stop it and start this version once.");
    }

    private static async Task<bool> Pending(DbContext db, string history, CancellationToken ct)
    {
        await db.Database.OpenConnectionAsync(ct);
        return await Pending(db.Database.GetDbConnection(), db.GetType(), history, ct);
    }

    /// <summary>
    /// Whether a database lacks migrations of a context. Reads both lists itself: the context would first build its model, which a start does
    /// beside this, and the assembly would load every type it has.
    /// </summary>
    /// <exception cref="NewerDatabaseException">The database has migrations that this version does not know.</exception>
    private static async Task<bool> Pending(DbConnection open, Type context, string history, CancellationToken ct)
    {
        var known = Migrations.Value.Where(t => t.GetCustomAttribute<DbContextAttribute>()?.ContextType == context)
            .Select(t => t.GetCustomAttribute<MigrationAttribute>()!.Id).ToHashSet();
        await using var command = open.CreateCommand();
        command.CommandText = open is SqliteConnection ? $"SELECT count(*) FROM sqlite_master WHERE name = '{history}'" : $"SELECT count(to_regclass('\"{history}\"'))";
        var applied = new List<string>();
        if (await command.ExecuteScalarAsync(ct) is > 0L)
        {
            command.CommandText = $"SELECT \"MigrationId\" FROM \"{history}\"";
            await using var rows = await command.ExecuteReaderAsync(ct);
            while (await rows.ReadAsync(ct))
                applied.Add(rows.GetString(0));
        }
        var unknown = applied.Where(m => !known.Contains(m)).ToList();
        if (unknown.Count > 0)
            throw new NewerDatabaseException(unknown);
        return applied.Count < known.Count;
    }

    /// <summary>Every migration of all contexts, found once.</summary>
    private static readonly Lazy<List<Type>> Migrations = new(() =>
    {
        var assembly = typeof(Migrate).Assembly;
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var metadata = file.GetMetadataReader();
        return
        [
            .. from handle in metadata.TypeDefinitions
            let type = metadata.GetTypeDefinition(handle)
            where type.BaseType.Kind == HandleKind.TypeReference
                && metadata.StringComparer.Equals(metadata.GetTypeReference((TypeReferenceHandle)type.BaseType).Name, nameof(Migration))
            select assembly.GetType($"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}", throwOnError: true)!,
        ];
    });
}
