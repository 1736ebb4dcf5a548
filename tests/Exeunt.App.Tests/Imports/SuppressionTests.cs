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
}
