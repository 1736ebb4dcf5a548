using Exeunt.App.Features.Staff;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Data;

/// <summary>
/// Brings a database to this version's schema at start. A newer database is refused; a failed migration leaves the old
/// database as it was (a copy is put back on SQLite; PostgreSQL rolls back).
/// </summary>
public static class Migrate
{
    internal const string StaffHistory = "__staff_migrations";

    public static async Task Sqlite(string file, CancellationToken ct)
    {
        var connection = new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString();
        await using var app = new SqliteAppDb(new DbContextOptionsBuilder<SqliteAppDb>().UseSqlite(connection).Options);
        await using var staff = new SqliteStaffDb(new DbContextOptionsBuilder<SqliteStaffDb>()
            .UseSqlite(connection, o => o.MigrationsHistoryTable(StaffHistory)).Options);
        var exists = File.Exists(file);
        if (exists && !await Pending(app, ct) && !await Pending(staff, ct))
            return;
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

    public static async Task Postgres(string connection, CancellationToken ct)
    {
        await using var app = new PostgresAppDb(new DbContextOptionsBuilder<PostgresAppDb>().UseNpgsql(connection).Options);
        await using var staff = new PostgresStaffDb(new DbContextOptionsBuilder<PostgresStaffDb>()
            .UseNpgsql(connection, o => o.MigrationsHistoryTable(StaffHistory)).Options);
        if (await app.Database.CanConnectAsync(ct) && !await Pending(app, ct) && !await Pending(staff, ct))
            return;
        await app.Database.MigrateAsync(ct);
        await staff.Database.MigrateAsync(ct);
    }

    /// <summary>Whether an opened database has this version's schema.</summary>
    public static async Task<bool> IsCurrent(Storage storage, TimeProvider time, CancellationToken ct)
    {
        await using var app = storage.NewAppDb();
        await using var staff = storage.NewStaffDb(time);
        return !await Pending(app, ct) && !await Pending(staff, ct);
    }

    /// <summary>For readers beside a server: the database must be exactly of this version.</summary>
    /// <exception cref="NewerDatabaseException">The database was made by a newer version.</exception>
    /// <exception cref="InvalidDataException">The database was made by an older version.</exception>
    public static async Task RefuseOther(AppDb db, CancellationToken ct)
    {
        if (await Pending(db, ct))
            throw new InvalidDataException("This database was made by an older version of Exeunt, whose server is running. Stop it and start this version once.");
    }

    private static async Task<bool> Pending(DbContext db, CancellationToken ct)
    {
        var known = db.Database.GetMigrations().ToHashSet();
        var applied = (await db.Database.GetAppliedMigrationsAsync(ct)).ToList();
        var unknown = applied.Where(m => !known.Contains(m)).ToList();
        if (unknown.Count > 0)
            throw new NewerDatabaseException(unknown);
        return applied.Count < known.Count;
    }
}
