using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Data;

/// <summary>The database follows the binary's version at start, forwards only.</summary>
public sealed class MigrateTests
{
    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task Makes_the_database_on_the_first_start(Database on)
    {
        var place = Templates.Place(on, $"first-{Guid.NewGuid():N}");
        await using (var storage = await Storage.Open(place, default))
        await using (var db = storage.NewAppDb())
            db.Units.ShouldBeEmpty();
        await Templates.Drop(place);
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task The_migrations_one_after_another_make_the_schema_that_the_models_describe(Database on)
    {
        var (migrated, described) = (Templates.Place(on, $"migrated-{Guid.NewGuid():N}"), Templates.Place(on, $"described-{Guid.NewGuid():N}"));
        foreach (var place in (HostOptions[])[migrated, described])
            Directory.CreateDirectory(place.Data);
        await using (await StartTurn.Take(migrated, default))
            await (migrated.Database is { } database ? Migrate.Postgres(database, default) : Migrate.Sqlite(migrated.DatabaseFile, default));
        foreach (var context in (Func<DbContext>[])
            [() => On<SqliteAppDb, PostgresAppDb>(described, o => new(o), o => new(o)), () => On<SqliteStaffDb, PostgresStaffDb>(described, o => new(o), o => new(o))])
        {
            await using var db = context();
            if (!await db.Database.EnsureCreatedAsync())
                await db.Database.ExecuteSqlRawAsync(db.Database.GenerateCreateScript().Replace("{", "{{").Replace("}", "}}"));
        }

        var schema = await Schema(migrated);

        schema.Count.ShouldBeGreaterThan(1_000);
        schema.ShouldBe(await Schema(described));
        foreach (var place in (HostOptions[])[migrated, described])
            await Templates.Drop(place);
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task Refuses_a_database_made_by_a_newer_version(Database on)
    {
        await using var app = await ExeuntApp.Start(on);
        await app.Stop();
        await Execute(app.Options, "INSERT INTO \"__EFMigrationsHistory\" (\"MigrationId\", \"ProductVersion\") VALUES ('29990101000000_FromTheFuture', '99.0')");

        var refused = await Should.ThrowAsync<NewerDatabaseException>(() => app.Restart());

        refused.Message.ShouldContain("29990101000000_FromTheFuture");
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task A_failed_migration_leaves_the_old_database_as_it_was(Database on)
    {
        // An old database in which a later migration is bound to fail: its history is gone but for one row that is missing.
        await using var app = await ExeuntApp.Start(on);
        var member = await app.Staff(Role.Agent);
        await app.Stop();
        await Execute(app.Options, "CREATE TABLE keep (words VARCHAR(20))");
        await Execute(app.Options, "INSERT INTO keep VALUES ('still here')");
        await Execute(app.Options, "CREATE TABLE history_before AS SELECT * FROM \"__EFMigrationsHistory\"");
        await Execute(app.Options, "DELETE FROM \"__EFMigrationsHistory\"");

        await Should.ThrowAsync<System.Data.Common.DbException>(() => app.Restart());

        (await Scalar(app.Options, "SELECT words FROM keep")).ShouldBe("still here");
        (await Scalar(app.Options, "SELECT COUNT(*) FROM \"__EFMigrationsHistory\"")).ShouldBe("0");
        Directory.EnumerateFiles(app.Options.Data, "*before-migration*").ShouldBeEmpty();
        await Execute(app.Options, "INSERT INTO \"__EFMigrationsHistory\" SELECT * FROM history_before");
        await app.Restart();
        (await app.Staff(Role.Agent)).ShouldBe(member);
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task Forgets_what_bank_files_were_called(Database on)
    {
        await using var app = await ExeuntApp.Start(on);
        var id = (await (await app.SignIn(Role.Finance)).Ok(HttpMethod.Post, "/api/bank-files", new { content = MoneyWorld.BankFile((1_00, "x"), (2_00, "y")) })).GetProperty("fileId").GetGuid();
        await app.Stop();
        var name = await Scalar(app.Options, "SELECT name FROM bank_files");
        name.ShouldStartWith("2026-03-01 – 2026-03-02 · ");
        await Execute(app.Options, "UPDATE bank_files SET name = 'Wang Xiaofang 6222 0000.csv'");
        await Execute(app.Options, "DELETE FROM \"__EFMigrationsHistory\" WHERE \"MigrationId\" = '20261128154000_NamesOfBankFiles'");

        await app.Restart();

        (await Scalar(app.Options, "SELECT name FROM bank_files")).ShouldBe(name);
        (await (await app.SignIn(Role.Auditor)).Ok(HttpMethod.Get, $"/api/bank-files/{id}")).GetRawText().ShouldNotContain("Xiaofang");
    }

    [Fact]
    public async Task A_second_process_is_told_which_server_holds_the_data_folder()
    {
        await using var app = await ExeuntApp.Start(Database.Sqlite);
        await app.With<Storage>(storage =>
        {
            storage.Announce(app.Options.Url);
            return Task.CompletedTask;
        });

        var refused = await Should.ThrowAsync<LockedException>(() => Storage.Open(app.Options, default));

        refused.Message.ShouldContain($"{Environment.ProcessId}");
        refused.Message.ShouldContain(app.Options.Url);
    }

    [Fact]
    public async Task A_stopped_server_leaves_the_lock_and_no_write_ahead_log()
    {
        await using var app = await ExeuntApp.Start(Database.Sqlite);
        await app.Staff(Role.Agent);
        await app.Stop();

        var log = new FileInfo(app.Options.DatabaseFile + "-wal");
        (log.Exists ? log.Length : 0).ShouldBe(0);
        await using var storage = await Storage.Open(app.Options, default);
    }

    private static DbContext On<TSqlite, TPostgres>(HostOptions place, Func<DbContextOptions<TSqlite>, TSqlite> sqlite, Func<DbContextOptions<TPostgres>, TPostgres> postgres)
        where TSqlite : DbContext where TPostgres : DbContext =>
        place.Database is { } database
            ? postgres(new DbContextOptionsBuilder<TPostgres>().UseNpgsql(database).Options)
            : sqlite(new DbContextOptionsBuilder<TSqlite>().UseSqlite($"Data Source={place.DatabaseFile};Pooling=false").Options);

    /// <summary>Columns, keys, indexes and checks, each as a line, in an order of its own. Defaults are left out: a migration needs some for rows that are there.</summary>
    private static async Task<List<string>> Schema(HostOptions place)
    {
        var lines = new List<string>();
        string[] questions = place.Database is null
            ?
            [
                "SELECT 'column', t.name, c.name, c.type, c.\"notnull\", c.pk FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'",
                "SELECT 'index', name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
                "SELECT 'reference', t.name, f.\"table\", f.\"from\", f.\"to\", f.on_delete FROM sqlite_master t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'",
                "SELECT 'checks', name, (LENGTH(sql) - LENGTH(REPLACE(sql, ' CHECK (', ''))) / 8 FROM sqlite_master WHERE type = 'table'",
            ]
            :
            [
                "SELECT 'column', table_name, column_name, data_type, character_maximum_length, is_nullable FROM information_schema.columns WHERE table_schema = 'public'",
                "SELECT 'index', indexdef FROM pg_indexes WHERE schemaname = 'public'",
                "SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
            ];
        await using var connection = await Open(place);
        foreach (var question in questions)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = question;
            await using var rows = await command.ExecuteReaderAsync();
            while (await rows.ReadAsync())
                lines.Add(string.Join(' ', Enumerable.Range(0, rows.FieldCount).Select(i => $"{rows.GetValue(i)}")));
        }
        lines.RemoveAll(l => l.Contains("__", StringComparison.Ordinal) || l.Contains("sqlite_sequence", StringComparison.Ordinal));
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    private static async Task<System.Data.Common.DbConnection> Open(HostOptions options)
    {
        System.Data.Common.DbConnection connection = options.Database is null
            ? new SqliteConnection($"Data Source={options.DatabaseFile};Pooling=false")
            : new NpgsqlConnection(new NpgsqlConnectionStringBuilder(options.Database) { Pooling = false }.ToString());
        await connection.OpenAsync();
        return connection;
    }

    private static Task Execute(HostOptions options, string sql) => Scalar(options, sql);

    private static async Task<string?> Scalar(HostOptions options, string sql)
    {
        await using var connection = await Open(options);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return $"{await command.ExecuteScalarAsync()}";
    }
}
