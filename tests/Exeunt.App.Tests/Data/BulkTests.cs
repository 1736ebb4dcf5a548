using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Data;

/// <summary>Rows by the ten thousand: one writer at a time, who overwrites nothing that was changed meanwhile.</summary>
public abstract class BulkTests(ExeuntApp app)
{
    [Fact]
    public async Task The_turn_is_given_back_when_the_connection_broke()
    {
        await app.With<Storage>(async storage =>
        {
            await using (await Bulk.Alone(storage, default))
            {
                if (storage.Options.Database is { } database)
                    await BreakTheWriter(database);
            }

            using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            await using var next = await Bulk.Alone(storage, soon.Token);
            (await next.Reserve("customers", 1, soon.Token)).ShouldBeGreaterThan(0);
        });
    }

    [Fact]
    public async Task A_row_that_was_changed_meanwhile_stays_as_it_is_and_is_named()
    {
        var (same, changed) = (await app.AContract(), await app.AContract());
        BulkColumn[] columns = [new("id", NpgsqlDbType.Bigint), new("industry", NpgsqlDbType.Varchar), new("version", NpgsqlDbType.Integer)];

        var missed = await app.With<Storage, HashSet<long>>(async storage =>
        {
            await using var bulk = await Bulk.Alone(storage, default);
            return await bulk.UpdateUnchanged("customers", columns, [[same.Id, "Retail", 0], [changed.Id, "Retail", 7]], "", default);
        });

        missed.ShouldHaveSingleItem().ShouldBe(changed.Id);
        var (one, other) = (await Row(same.Id), await Row(changed.Id));
        (one.Industry, one.Version).ShouldBe(("Retail", 1));
        (other.Industry, other.Version).ShouldBe((null, 0));
    }

    private Task<Customer> Row(long id) => app.With<AppDb, Customer>(db => db.Customers.AsNoTracking().SingleAsync(c => c.Id == id));

    /// <summary>Ends the session that has the lock of imports, as a restart of the server or of something between does.</summary>
    private static async Task BreakTheWriter(string database)
    {
        await using var connection = await Sql.OpenPostgres(new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ToString(), default);
        // The two halves of the lock's number.
        await using var kill = connection.Command(
            $"SELECT COUNT(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory' AND classid = {0x45786575} AND objid = {0x496D7074} "
            + "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
        (await kill.ExecuteScalarAsync()).ShouldBe(1L);
    }

    public sealed class OnSqlite(SqliteApp app) : BulkTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : BulkTests(app), IClassFixture<PostgresApp>;
}
