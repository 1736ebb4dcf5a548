using Exeunt.App.Data;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Microsoft.Data.Sqlite;
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

    private static Task Execute(HostOptions options, string sql) => Scalar(options, sql);

    private static async Task<string?> Scalar(HostOptions options, string sql)
    {
        await using System.Data.Common.DbConnection connection = options.Database is null
            ? new SqliteConnection($"Data Source={options.DatabaseFile};Pooling=false")
            : new NpgsqlConnection(options.Database);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return $"{await command.ExecuteScalarAsync()}";
    }
}
