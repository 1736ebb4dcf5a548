using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Imports;

/// <summary>An old file does not bring an erased customer back, by whichever door.</summary>
public sealed class SuppressionTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task An_old_file_is_refused_at_every_door(string database)
    {
        await using var app = await Installation.On(database);
        var old = new Dictionary<string, string[]>
        {
            ["customers"] = ["customer,name,kind,mail", "CRM-7,王芳,person,wang@canary.example"],
            ["contacts"] = ["customer,phone", "CRM-7,13900001111"],
            ["contracts"] = ["customer,contract,product,start_on,term_months,monthly_fee", "CRM-7,HT-7,GYM,2024-03-10,24,99.00"],
            ["invoices"] = ["customer,document,date,quantity,unit_price,currency", "CRM-7,D1,2024-01-05,2,3.50,CNY"],
            ["orders"] = ["customer,order,ordered_on,product,quantity,unit_price,tax_rate", "CRM-7,SO-7,2026-01-05,LAMP,1,10.00,0.13"],
        };
        (await app.Import("customers", app.File(old["customers"]))).Exit.ShouldBe(0);
        // Erased as an exit erases: the ledger keeps the token, the row has it no more.
        await app.With(async (_, db) =>
        {
            var customer = await db.Customers.SingleAsync();
            db.Erasures.Add(new ErasureRow { CustomerId = customer.Id, Class = DataClass.Profile, Token = customer.NumberToken, At = DateTimeOffset.UnixEpoch });
            (customer.NumberToken, customer.Profile, customer.Contact, customer.ErasedAt) = (null, null, null, DateTimeOffset.UnixEpoch);
            db.Audit(new Call(Core.Actor.System, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch), "test.erased", "customer");
            return await db.SaveChangesAsync();
        });
        foreach (var (noun, lines) in old)
            foreach (var number in new[] { "CRM-7", " CRM-7 " })
            {
                var result = await app.Import(noun, app.File(lines[0], lines[1].Replace("CRM-7", number, StringComparison.Ordinal)));
                result.Exit.ShouldBe(2, $"{noun}: {result.Output}{result.Error}");
                (result.Output + result.Error).ShouldContain("import.suppressed", Case.Sensitive, noun);
            }
        await app.With(async (storage, db) =>
        {
            (await db.Customers.CountAsync()).ShouldBe(1);
            (await db.Customers.SingleAsync()).Contact.ShouldBeNull();
            (await db.Contracts.AnyAsync()).ShouldBeFalse();
            (await db.Orders.AnyAsync()).ShouldBeFalse();
            (await db.Facts.AnyAsync()).ShouldBeFalse();
            (await storage.Search.Find(TokenKind.Mail, "wang@canary.example", 5, default)).Count.ShouldBeLessThan(2);
            return 0;
        });
        // The positive: somebody who was never erased comes in.
        (await app.Import("customers", app.File(old["customers"][0], "CRM-8,李明,person,li@canary.example"))).Exit.ShouldBe(0);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Another_spelling_of_an_erased_number_phone_or_mail_is_refused_at_every_door(string database)
    {
        await using var app = await Installation.On(database);
        // Many systems number their customers by phone or mail address.
        (await app.Import("customers", app.File("customer,name", "CRM-7,王芳", "+86 138-0013-8000,李明", "Wang.Fang@canary.example,张伟"))).Exit.ShouldBe(0);
        await app.With(async (_, db) =>
        {
            foreach (var customer in await db.Customers.ToListAsync())
            {
                db.Erasures.Add(new ErasureRow { CustomerId = customer.Id, Class = DataClass.Profile, Token = customer.NumberToken, At = DateTimeOffset.UnixEpoch });
                (customer.NumberToken, customer.Profile, customer.Contact, customer.ErasedAt) = (null, null, null, DateTimeOffset.UnixEpoch);
            }
            db.Audit(new Call(Core.Actor.System, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch), "test.erased", "customers");
            return await db.SaveChangesAsync();
        });
        var doors = new Dictionary<string, (string Header, string Others)>
        {
            ["customers"] = ("customer,name,kind,mail", "王芳,person,wang@canary.example"),
            ["contacts"] = ("customer,phone", "13900001111"),
            ["contracts"] = ("customer,contract,product,start_on,term_months,monthly_fee", "HT-7,GYM,2024-03-10,24,99.00"),
            ["invoices"] = ("customer,document,date,quantity,unit_price,currency", "D1,2024-01-05,2,3.50,CNY"),
            ["orders"] = ("customer,order,ordered_on,product,quantity,unit_price,tax_rate", "SO-7,2026-01-05,LAMP,1,10.00,0.13"),
        };
        string[][] spellings =
        [
            ["ｃｒｍ－７", "13800138000", "WANG.FANG@CANARY.EXAMPLE"],
            ["crm-7", "0086 138 0013 8000", "ｗａｎｇ．ｆａｎｇ＠ｃａｎａｒｙ．ｅｘａｍｐｌｅ"],
            [" Crm-7", "１３８－００１３－８０００", "wang.fang@canary.example "],
        ];
        foreach (var (noun, (header, rest)) in doors)
            foreach (var numbers in spellings)
            {
                var result = await app.Import(noun, app.File([header, .. numbers.Select(n => $"{n},{rest}")]));
                result.Exit.ShouldBe(2, $"{noun}: {result.Output}{result.Error}");
                for (var line = 2; line <= 4; line++)
                    result.Error.ShouldContain($"line {line}, column customer: import.suppressed", Case.Sensitive, noun);
            }
        await app.With(async (_, db) =>
        {
            (await db.Customers.CountAsync()).ShouldBe(3);
            (await db.Contracts.AnyAsync()).ShouldBeFalse();
            (await db.Orders.AnyAsync()).ShouldBeFalse();
            (await db.Facts.AnyAsync()).ShouldBeFalse();
            return 0;
        });
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_number_that_an_earlier_version_suppressed_as_it_was_written_is_refused_in_another_spelling(string database)
    {
        await using var app = await Installation.On(database);
        await app.With(async (storage, db) =>
        {
            foreach (var (id, number) in new[] { (91L, "crm-7"), (92L, "CRM-8"), (93L, "+8613800138000"), (94L, "Crm-9") })
                db.Erasures.Add(new ErasureRow { CustomerId = id, Class = DataClass.Profile, Token = storage.Numbers.Of("own", number), At = DateTimeOffset.UnixEpoch });
            db.Audit(new Call(Core.Actor.System, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch), "test.erased", "customers");
            return await db.SaveChangesAsync();
        });

        var (exit, _, error) = await app.Import("customers", app.File("customer,name", "CRM-7,A", "ｃｒｍ－８,B", "138 0013 8000,C", " Crm-9,D", "CRM-10,E"));

        exit.ShouldBe(2);
        for (var line = 2; line <= 5; line++)
            error.ShouldContain($"line {line}, column customer: import.suppressed");
        error.ShouldContain("1 new");
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Of_two_that_an_earlier_version_told_apart_the_erased_one_is_not_taken_for_the_other(string database)
    {
        await using var app = await Installation.On(database);
        await app.Import("customers", app.File("customer,name", "A-1,One", "A-2,Two"));
        await app.With(async (storage, db) =>
        {
            var all = await db.Customers.OrderBy(c => c.Id).ToListAsync();
            db.Erasures.Add(new ErasureRow { CustomerId = all[0].Id, Class = DataClass.Profile, Token = storage.Numbers.Of("own", "crm-7"), At = DateTimeOffset.UnixEpoch });
            (all[0].NumberToken, all[0].Profile, all[0].Contact, all[0].ErasedAt) = (null, null, null, DateTimeOffset.UnixEpoch);
            all[1].NumberToken = storage.Numbers.Of("own", "CRM-7");
            db.Audit(new Call(Core.Actor.System, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch), "test.erased", "customer");
            return await db.SaveChangesAsync();
        });

        var contacts = await app.Import("contacts", app.File("customer,phone", "crm-7,13900001111", "CRM-7,13900002222"));
        contacts.Error.ShouldContain("line 2, column customer: import.suppressed");
        contacts.Error.ShouldContain("0 new, 1 changed, 0 there already, 1 refused");
        var customers = await app.Import("customers", app.File("customer,phone", "crm-7,13900001111", "CRM-7,13900002222"));
        customers.Error.ShouldContain("line 2, column customer: import.suppressed");
        customers.Error.ShouldContain("0 new, 0 changed, 1 there already, 1 refused");
        var invoices = await app.Import("invoices", app.File("customer,document,date,amount,currency", "crm-7,D1,2024-01-05,1.00,CNY", "CRM-7,D2,2024-01-05,1.00,CNY"));
        invoices.Error.ShouldContain("line 2, column customer: import.suppressed");

        await app.With(async (storage, db) =>
        {
            (await db.Customers.CountAsync()).ShouldBe(2);
            var other = await db.Customers.AsNoTracking().SingleAsync(c => c.ErasedAt == null);
            (await new Vault(storage.Keys).Open<CustomerContact>(other.Id, DataClass.Contact, CustomerTable.ContactPlace, other.Row, other.Contact, default))!.Phone.ShouldBe("13900002222");
            (await db.Facts.AsNoTracking().Select(f => f.CustomerId).SingleAsync()).ShouldBe(other.Id);
            return 0;
        });
    }
}
