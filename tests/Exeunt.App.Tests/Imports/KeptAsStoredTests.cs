using Exeunt.App.Features.Customers;
using Exeunt.App.Features.DataRequests;
using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Imports;

/// <summary>A row that goes in without something of it: the command tells which, where and why, and ends well.</summary>
public sealed class KeptAsStoredTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task The_command_names_the_columns_whose_old_value_the_customer_had_corrected(string database)
    {
        await using var app = await Installation.On(database);
        await app.Import("customers", app.File("customer,name,mail", "CRM-1,王芳,old@canary.example", "CRM-2,李明,li@canary.example"));
        await app.With(async (storage, db) =>
        {
            var (vault, call) = (new Vault(storage.Keys), new Call(Core.Actor.System, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch));
            var customer = await db.Customers.OrderBy(c => c.Id).FirstAsync();
            var (old, right) = (new CustomerContact("old@canary.example", null, null), new CustomerContact("new@canary.example", null, null));
            customer.Contact = await vault.Seal(customer.Id, DataClass.Contact, CustomerTable.ContactPlace, customer.Row, right, default);
            await new Corrections(db, vault, storage.Numbers).StageContact(customer.Id, old, right, call, default);
            db.Audit(call, "test.corrected", "customer");
            return await db.SaveChangesAsync();
        });
        var map = app.FileOf("{ \"columns\": { \"customer\": \"No\", \"mail\": \"E-Mail\", \"phone\": \"Tel\" } }");

        var (exit, output, error) = await app.Import("contacts", app.File("No,E-Mail,Tel", "CRM-1,ＯＬＤ@canary.example,13900001111", "CRM-2,old@canary.example,13900002222"), "--map", map);

        exit.ShouldBe(0, error);
        error.ShouldContain("line 2, column E-Mail: import.corrected");
        error.ShouldNotContain("line 3", Case.Sensitive, "whose address it was does not matter to another");
        error.ShouldContain("0 new, 2 changed, 0 there already, 0 refused, 1 kept as stored");
        (output + error).ShouldNotContain("canary.example");
        await app.With(async (storage, db) =>
        {
            var all = await db.Customers.AsNoTracking().OrderBy(c => c.Id).ToListAsync();
            var vault = new Vault(storage.Keys);
            (await vault.Open<CustomerContact>(all[0].Id, DataClass.Contact, CustomerTable.ContactPlace, all[0].Row, all[0].Contact, default)).ShouldBe(new CustomerContact("new@canary.example", "13900001111", null));
            (await vault.Open<CustomerContact>(all[1].Id, DataClass.Contact, CustomerTable.ContactPlace, all[1].Row, all[1].Contact, default)).ShouldBe(new CustomerContact("old@canary.example", "13900002222", null));
            return 0;
        });
        (await app.Import("contacts", app.File("No,E-Mail,Tel", "CRM-1,old@canary.example,"), "--map", map, "--json")).Output.ShouldContain("\"isIn\":true");
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task The_command_says_that_a_customer_is_only_stored(string database)
    {
        await using var app = await Installation.On(database);
        await app.Import("customers", app.File("customer,name,phone", "CRM-1,王芳,13900001111"));
        await app.With(async (_, db) =>
        {
            (await db.Customers.SingleAsync()).RestrictedAt = DateTimeOffset.UnixEpoch;
            db.Audit(new Call(Core.Actor.System, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch), "test.restricted", "customer");
            return await db.SaveChangesAsync();
        });

        var (exit, _, error) = await app.Import("customers", app.File("customer,name,phone", "CRM-1,王芳,13900002222"));

        exit.ShouldBe(0, error);
        error.ShouldContain("line 2: import.only-stored");
        error.ShouldContain("0 new, 0 changed, 1 there already, 0 refused, 1 kept as stored");
        await app.With(async (storage, db) =>
        {
            var one = await db.Customers.AsNoTracking().SingleAsync();
            (await new Vault(storage.Keys).Open<CustomerContact>(one.Id, DataClass.Contact, CustomerTable.ContactPlace, one.Row, one.Contact, default))!.Phone.ShouldBe("13900001111");
            return 0;
        });
    }
}
