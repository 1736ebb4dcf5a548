using Exeunt.App.Data;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Returns;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Erasure;

/// <summary>What a customer's data is needed for beside the case that would erase it.</summary>
public abstract class EraseTests(ExeuntApp app)
{
    [Fact]
    public async Task Keeps_what_another_case_of_the_customer_still_needs()
    {
        var first = await app.ASettledCase();
        var second = await app.ASettledCase(contract: await app.AnotherContract(first.Contract));
        // The second is held with its money; the first comes to its end.
        await (await app.SignIn(Role.Agent)).Ok(HttpMethod.Post, $"/api/cases/{second.Id}/hold", new { reason = "fraud-check" });
        await Pay(await first.Order());
        var erase = (await first.Case()).GetProperty("steps").EnumerateArray().Single(s => s.GetProperty("id").GetString() == "erase");
        (erase.GetProperty("state").GetString(), erase.GetProperty("note").GetString()).ShouldBe(("Skipped", "other-cases"));
        (await Profile(first)).ShouldBeTrue();
        await app.AdvanceDays(31);
        (await first.Case()).GetProperty("state").GetString().ShouldBe("Closed");
        (await Contact(first)).ShouldBeTrue("the second case still writes to the customer");

        // When the second comes to its own end, everything goes.
        await (await app.SignIn(Role.Agent)).Ok(HttpMethod.Post, $"/api/cases/{second.Id}/resume");
        await Pay(await second.Order());
        (await Profile(first)).ShouldBeFalse();
        // Codes limit for a day whom they were for.
        app.Advance(TimeSpan.FromHours(25));
        await app.With<AppDb>(async db => (await db.Challenges.AnyAsync()).ShouldBeTrue());
        await app.AdvanceDays(31);
        (await second.Case()).GetProperty("state").GetString().ShouldBe("Closed");
        (await Contact(first)).ShouldBeFalse();
        await app.With<AppDb>(async db => (await db.Challenges.AnyAsync()).ShouldBeFalse("nothing says whom codes were for"));
    }

    [Fact]
    public async Task A_dispute_in_a_case_that_has_ended_keeps_everything_from_the_erasure_of_another()
    {
        var first = await app.ASettledCase();
        var second = await app.ASettledCase(contract: await app.AnotherContract(first.Contract));
        var agent = await app.SignIn(Role.Agent);
        await agent.Ok(HttpMethod.Post, $"/api/cases/{second.Id}/hold", new { reason = "fraud-check" });
        await Pay(await first.Order());
        (await first.Case()).GetProperty("steps").EnumerateArray().Single(s => s.GetProperty("id").GetString() == "erase").GetProperty("state").GetString().ShouldBe("Skipped");
        var legal = await app.SignIn(Role.Legal);
        await legal.Ok(HttpMethod.Post, $"/api/cases/{first.Id}/disputes", new { forum = "Court", words = "(2026) 民初 18 号", lines = new[] { "unpaid" } });
        await app.AdvanceDays(31);

        await agent.Ok(HttpMethod.Post, $"/api/cases/{second.Id}/resume");
        await Pay(await second.Order());
        await app.AdvanceDays(3);

        (await Profile(first)).ShouldBeTrue("what the court may ask for stays");
    }

    [Fact]
    public async Task Several_classes_of_the_same_customers_that_are_due_go_at_once()
    {
        CaseWorld.AContract[] left = [await app.AContractInForce(), await app.AContractInForce(), await app.AContractInForce()];
        DataClass[] classes = [DataClass.Profile, DataClass.Contact, DataClass.Case, DataClass.Legal];
        await app.With<AppDb>(async db =>
        {
            var call = await app.SystemCall();
            foreach (var contract in left)
            {
                (await db.Customers.SingleAsync(c => c.Id == contract.CustomerId)).ErasedAt = call.Now;
                foreach (var dataClass in classes)
                    db.Enqueue(Effect.At(call.BusinessNow, "erase.class", $"erase|{contract.CustomerId}|{dataClass}", new EraseClass.What(contract.CustomerId, dataClass)));
            }
            db.Audit(call, "test.left", "customers");
            await db.SaveChangesAsync();
        });

        await app.Drain();

        var ids = left.Select(l => l.CustomerId).ToList();
        await app.With<AppDb>(async db =>
        {
            foreach (var contract in left)
            {
                var effects = await db.Effects.AsNoTracking().Where(e => e.Kind == "erase.class" && e.Key.StartsWith($"erase|{contract.CustomerId}|")).ToListAsync();
                effects.Select(e => (e.State, e.Attempts)).ShouldBe(classes.Select(_ => (EffectState.Done, 1)), "none had to be tried again alone");
            }
            (await db.Erasures.CountAsync(e => ids.Contains(e.CustomerId))).ShouldBe(left.Length * classes.Length);
            (await db.Customers.CountAsync(c => ids.Contains(c.Id) && (c.Profile != null || c.Contact != null || c.Identity != null || c.NumberToken != null))).ShouldBe(0);
        });
        await app.With<KeyStore>(async keys =>
        {
            foreach (var dataClass in classes)
                (await keys.FindAll(ids, dataClass, default)).ShouldBeEmpty();
        });
    }

    [Fact]
    public async Task With_the_name_go_the_numbers_of_invoices_and_one_that_is_put_back_is_found()
    {
        var order = await app.AnOrderDelivered();
        var customer = order.Of.CustomerId;
        await app.With<AppDb>(async db =>
        {
            var call = await app.SystemCall();
            (await db.Customers.SingleAsync(c => c.Id == customer)).ErasedAt = call.Now;
            db.Enqueue(Effect.At(call.BusinessNow, "erase.class", $"erase|{customer}|{DataClass.Case}", new EraseClass.What(customer, DataClass.Case)));
            db.Audit(call, "test.left", $"customer:{customer}");
            await db.SaveChangesAsync();
        });

        await app.Drain();

        (await app.Order(order.Id)).InvoiceNumber.ShouldBeNull();
        await app.With<Remnants>(async remnants => (await remnants.Of(customer, default)).ShouldBeEmpty());
        await app.With<AppDb>(async db =>
        {
            (await db.Orders.SingleAsync(o => o.Id == order.Id)).InvoiceNumber = "planted";
            db.Audit(await app.SystemCall(), "test.planted", $"customer:{customer}");
            await db.SaveChangesAsync();
        });
        await app.With<Remnants>(async remnants => (await remnants.Of(customer, default)).Select(f => (f.Key, f.Value)).ShouldBe([("orders", 1)]));
    }

    private async Task Pay((string Reference, long Amount) order)
    {
        await (await app.SignIn(Role.Finance)).Ok(HttpMethod.Post, "/api/bank-files", new { content = MoneyWorld.BankFile((order.Amount, order.Reference)) });
        await app.Drain();
    }

    private Task<bool> Profile(ACase of) => app.With<AppDb, bool>(db => db.Customers.AnyAsync(c => c.Id == of.Contract.CustomerId && c.Profile != null));

    private Task<bool> Contact(ACase of) => app.With<AppDb, bool>(db => db.Customers.AnyAsync(c => c.Id == of.Contract.CustomerId && c.Contact != null));

    public sealed class OnSqlite(SqliteApp app) : EraseTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : EraseTests(app), IClassFixture<PostgresApp>;
}
