using System.Data.Common;
using System.Text;
using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Imports;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Imports;

/// <summary>What people do while a file goes in stays done.</summary>
public abstract class ImportRacesTests(ExeuntApp app)
{
    [Fact]
    public async Task A_mail_address_that_was_changed_while_a_file_went_in_is_not_put_back()
    {
        var customer = await app.AContract();
        var call = await app.SystemCall();
        var fresh = await app.With<Vault, byte[]>(vault => vault.Seal(customer.Id, DataClass.Contact, CustomerTable.ContactPlace, $"{customer.Id}", new CustomerContact("new@world.example", null, null), default));
        Task<ImportResult> import;
        // Whoever writes customers needs keys first: here the import stops between what it read and what it writes.
        await using (await HoldKeys())
        {
            import = Import(ImportNoun.Customers, call, null, "customer,industry", $"{customer.Id},Retail");
            await Task.Delay(TimeSpan.FromSeconds(1.5));
            import.IsCompleted.ShouldBeFalse();
            await app.With<AppDb>(async db =>
            {
                var row = await db.Customers.SingleAsync(c => c.Id == customer.Id);
                (row.Contact, row.Version) = (fresh, row.Version + 1);
                db.Audit(call, "test.mail", $"customer:{customer.Id}");
                await db.SaveChangesAsync();
            });
        }

        var result = await import;

        (result.Changed, result.Unchanged, result.Refused).ShouldBe((1, 0, 0));
        var now = await app.With<AppDb, Customer>(db => db.Customers.AsNoTracking().SingleAsync(c => c.Id == customer.Id));
        (now.Industry, now.Version).ShouldBe(("Retail", 2));
        (await app.With<Vault, CustomerContact?>(vault => vault.Open<CustomerContact>(now.Id, DataClass.Contact, CustomerTable.ContactPlace, now.Row, now.Contact, default)))!.Mail.ShouldBe("new@world.example");
    }

    [Fact]
    public async Task A_contract_that_began_to_end_while_a_file_went_in_is_not_changed()
    {
        var (ending, other) = (await app.AContract(), await app.AContract());
        var call = await app.SystemCall();
        var told = false;
        // The file is long enough for its progress to be told after what is stored was read and before anything is written.
        var strangers = Enumerable.Range(0, 4_200).Select(i => $"nobody-{i},X-{i},HOME-500,2024-12-15,24,1.00");

        var result = await Import(ImportNoun.Contracts, call, async _ =>
        {
            if (told)
                return;
            told = true;
            await app.With<AppDb>(async db =>
            {
                var contracts = await db.Contracts.Where(c => c.Id == ending.Id || c.Id == other.Id).ToListAsync();
                foreach (var contract in contracts)
                    contract.Version++;
                contracts.Single(c => c.Id == ending.Id).State = ContractState.Ending;
                db.Audit(call, "test.ending", $"contract:{ending.Id}");
                await db.SaveChangesAsync();
            });
        }, ["customer,contract,product,start_on,term_months,monthly_fee", .. new[] { ending, other }.Select(c => $"{c.Id},{c.Number},HOME-500,2024-12-15,24,299.00"), .. strangers]);

        told.ShouldBeTrue();
        (result.Changed, result.Refused).ShouldBe((1, 4_201));
        var rows = await app.With<AppDb, List<Contract>>(db => db.Contracts.AsNoTracking().Where(c => c.Id == ending.Id || c.Id == other.Id).OrderBy(c => c.Id).ToListAsync());
        rows.Select(c => (c.MonthlyFee, c.State, c.Version)).ShouldBe([(199_00L, ContractState.Ending, 1), (299_00L, ContractState.InForce, 2)]);
    }

    private Task<ImportResult> Import(ImportNoun noun, Call call, Func<ImportProgress, Task>? progress, params string[] lines) =>
        app.With<Storage, ImportResult>(storage => Task.Run(async () =>
        {
            using var file = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
            var run = progress is null ? new RunImport(storage, call) : new RunImport(storage, call) { Progress = progress };
            return await run.Run(file, new ImportRequest(noun, null, null, false, "world", [""]), default);
        }));

    /// <summary>Keeps everybody from making keys until it is disposed.</summary>
    private async Task<DbConnection> HoldKeys()
    {
        if (app.Options.Database is { } database)
        {
            var server = new NpgsqlConnectionStringBuilder(database) { Pooling = false };
            server.Database += "_keys";
            var postgres = await Sql.OpenPostgres(server.ToString(), default);
            await postgres.Execute("BEGIN; SELECT * FROM state FOR UPDATE", default);
            return postgres;
        }
        var sqlite = Sql.OpenSqlite(app.Options.KeysFile, "PRAGMA busy_timeout=5000");
        await sqlite.Execute("BEGIN IMMEDIATE", default);
        return sqlite;
    }

    public sealed class OnSqlite(SqliteApp app) : ImportRacesTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : ImportRacesTests(app), IClassFixture<PostgresApp>;
}
