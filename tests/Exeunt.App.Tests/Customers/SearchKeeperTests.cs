using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Imports;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Customers;

/// <summary>Everybody can be found again without a restart, whatever emptied the search store or cut off what fills it.</summary>
public abstract class SearchKeeperTests(Database on)
{
    [Fact]
    public async Task Who_is_missing_in_the_search_store_is_put_in_while_the_server_runs_and_once()
    {
        await using var app = await ExeuntApp.Start(on);
        var (missing, erased) = (await app.AContractInForce(), await app.AContractInForce());
        await app.With<SearchStore>(async search =>
        {
            await search.Remove(missing.CustomerId, default);
            await search.Remove(erased.CustomerId, default);
            await search.Incomplete(default);
        });
        await app.With<AppDb>(async db =>
        {
            var customer = await db.Customers.SingleAsync(c => c.Id == erased.CustomerId);
            (customer.ErasedAt, customer.Version) = (FakeTime.Start, customer.Version + 1);
            db.Audit(await app.SystemCall(), "test.erased", $"customer:{customer.Id}");
            await db.SaveChangesAsync();
        });

        (await app.With<SearchKeeper, int>(keeper => keeper.Look(default))).ShouldBeGreaterThan(0);

        (await Found(app, missing)).ShouldContain(missing.CustomerId);
        (await Found(app, erased)).ShouldBeEmpty("who was erased is not put in again");
        (await app.With<SearchKeeper, int>(keeper => keeper.Look(default))).ShouldBe(0);
        (await app.With<AppDb, int>(db => db.AuditLog.CountAsync(r => r.Verb == "search.rebuilt"))).ShouldBe(1);
    }

    [Fact]
    public async Task An_import_leaves_the_store_complete_and_one_that_is_cut_off_does_not()
    {
        await using var installation = await Installation.On(on == Database.Sqlite ? "sqlite" : "postgres");
        var file = installation.File("customer,name", "C-1,王小明", "C-2,李小红");
        (await installation.Import("customers", file)).Exit.ShouldBe(0);
        (await installation.With((storage, _) => storage.Search.IsComplete(default))).ShouldBeTrue();
        using var stop = new CancellationTokenSource();
        await installation.With(async (storage, _) =>
        {
            var import = new Features.Imports.RunImport(storage, new Call(Core.Actor.System, FakeTime.Start, FakeTime.Start))
            {
                Progress = async _ => await stop.CancelAsync(),
            };
            await using var stream = File.OpenRead(installation.File(["customer,name", .. Enumerable.Range(0, 10_000).Select(i => $"D-{i},王小明")]));
            await Should.ThrowAsync<OperationCanceledException>(() => import.Run(stream, new Features.Imports.ImportRequest(Features.Imports.ImportNoun.Customers, null, null, false, "world", [""]), stop.Token));
            return 0;
        });

        (await installation.With((storage, _) => storage.Search.IsComplete(default))).ShouldBeFalse();
    }

    private static Task<List<long>> Found(ExeuntApp app, CaseWorld.AContract contract) => app.With<SearchStore, List<long>>(search => search.Find(TokenKind.Mail, contract.Mail, 10, default));

    public sealed class OnSqlite() : SearchKeeperTests(Database.Sqlite);

    public sealed class OnPostgres() : SearchKeeperTests(Database.Postgres), IClassFixture<OnPostgres.Server>
    {
        public sealed class Server : INeedPostgres;
    }
}
