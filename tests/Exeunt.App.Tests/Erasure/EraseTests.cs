using Exeunt.App.Data;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Returns;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
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

    [Fact]
    public async Task What_is_said_in_a_case_after_another_one_erased_the_customer_goes_with_the_contact()
    {
        var first = await app.ASettledCase();
        var second = await app.ASettledCase(contract: await app.AnotherContract(first.Contract));
        await second.Approve();
        await Pay(await first.Order());
        await Pay(await Ordered(second));
        (await Profile(first)).ShouldBeFalse();
        var open = await first.Case();
        open.GetProperty("state").GetString().ShouldNotBe("Closed");
        open.GetProperty("steps").EnumerateArray().Single(s => s.GetProperty("id").GetString() == "erase").GetProperty("state").GetString().ShouldBe("Skipped", "the other one erased them");

        var agent = await app.SignIn(Role.Agent);
        await first.Customer.Ok(HttpMethod.Post, $"/api/progress/{first.Token}/messages", new { text = "还少一张发票" });
        await agent.Ok(HttpMethod.Post, $"/api/cases/{first.Id}/messages", new { text = "It is sent today." });
        await agent.Ok(HttpMethod.Post, $"/api/cases/{first.Id}/question", new { to = await app.Staff(Role.Supervisor), text = "May I?" });
        await (await app.SignIn(Role.Legal)).Ok(HttpMethod.Post, $"/api/cases/{first.Id}/disputes", new { forum = "Court", words = "(2026) 民初 19 号", lines = new[] { "unpaid" } });

        (await Sealed(first.Id, "message")).ShouldBe([DataClass.Contact, DataClass.Contact]);
        (await Sealed(first.Id, "question")).ShouldBe([DataClass.Contact]);
        (await Sealed(first.Id, "dispute")).ShouldBe([DataClass.Contact]);
        await app.With<Features.Cases.CaseTexts>(async texts => (await texts.All(first.Id, default)).Values.ShouldContain("还少一张发票"));
        await app.With<Remnants>(async remnants => (await remnants.Of(first.Contract.CustomerId, default)).ShouldBeEmpty());
        await app.ShouldFold(first.Id);
    }

    [Fact]
    public async Task A_former_customer_sends_a_return_and_what_is_said_about_it_goes_with_the_contact_however_it_ends()
    {
        var it = await app.ASettledCase();
        var order = await Bought(it.Contract);
        await Pay(await it.Order());
        (await Profile(it)).ShouldBeFalse();

        var (customer, id, token, receipt) = await app.Returned(order, new { wish = "Refund", lines = new[] { new { line = 1, quantity = 1, reason = "NoReason", words = "太亮" } } });
        receipt.GetProperty("returns")[0].GetProperty("needsPerson").GetBoolean().ShouldBeTrue("the promise is over");
        await (await app.SignIn(Role.Supervisor)).Ok(HttpMethod.Post, $"/api/cases/{id}/return/decision", new { admit = true, words = "同意退货" });
        await customer.Ok(HttpMethod.Post, $"/api/progress/{token}/return/sent", new { carrier = "SF 123" });

        (await Sealed(id, "return")).ShouldBe([DataClass.Contact, DataClass.Contact, DataClass.Contact]);
        await app.AdvanceDays(31);
        (await it.Case()).GetProperty("state").GetString().ShouldBe("Closed");
        (await Contact(it)).ShouldBeTrue("the return still needs it");

        await customer.Ok(HttpMethod.Post, $"/api/progress/{token}/withdrawal");
        await app.Drain();
        (await Contact(it)).ShouldBeFalse();
        (await Sealed(id, "return")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_contact_that_an_earlier_version_left_after_a_return_goes_when_a_server_starts()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var (left, stays, open) = (await own.AnOrderDelivered(), await own.AnOrderDelivered(), await own.AnOrderDelivered());
        var customers = new[] { left, stays, open }.Select(o => o.Of.CustomerId).ToList();
        foreach (var order in new[] { left, stays, open })
            await own.Returned(order, new { wish = "Refund", lines = new[] { new { line = 1, quantity = 1, reason = "NoReason" } } });
        await own.With<AppDb>(db => db.Write(ct => db.Cases.Where(c => c.CustomerId == left.Of.CustomerId || c.CustomerId == stays.Of.CustomerId).ExecuteUpdateAsync(s => s.SetProperty(c => c.State, CaseState.Closed), ct), default));
        await own.With<AppDb>(async db =>
        {
            var call = await own.SystemCall();
            foreach (var row in await db.Customers.Where(c => customers.Contains(c.Id)).ToListAsync())
                // Who is a customer still is not asked about.
                row.ErasedAt = row.Id == stays.Of.CustomerId ? null : call.Now;
            db.Erasures.Add(new ErasureRow { CustomerId = left.Of.CustomerId, Class = DataClass.Profile, At = call.Now });
            db.Audit(call, "test.left", "customers");
            await db.SaveChangesAsync();
        });

        (await own.With<AppDb, int>(async db => await ContactsLeft.Stage(db, await own.SystemCall(), default))).ShouldBe(1);
        (await own.With<AppDb, int>(async db => await ContactsLeft.Stage(db, await own.SystemCall(), default))).ShouldBe(0);
        await own.Drain();

        await own.With<AppDb>(async db =>
        {
            var kept = await db.Customers.AsNoTracking().Where(c => customers.Contains(c.Id) && c.Contact != null).OrderBy(c => c.Id).Select(c => c.Id).ToListAsync();
            kept.ShouldBe([stays.Of.CustomerId, open.Of.CustomerId]);
        });
    }

    [Fact]
    public async Task The_letter_that_refuses_a_return_of_a_former_customer_is_sent_before_the_contact_goes_though_the_mail_server_was_away()
    {
        var it = await app.ASettledCase();
        var order = await Bought(it.Contract);
        await Pay(await it.Order());
        var (_, id, _, _) = await app.Returned(order, new { wish = "Refund", lines = new[] { new { line = 1, quantity = 1, reason = "NoReason" } } });
        await app.AdvanceDays(31);
        (await it.Case()).GetProperty("state").GetString().ShouldBe("Closed");
        (await Contact(it)).ShouldBeTrue("the return still needs it");

        var supervisor = await app.SignIn(Role.Supervisor);
        await app.With<Outages>(servers =>
        {
            servers.IsAway("mail");
            return Task.CompletedTask;
        });
        await supervisor.Ok(HttpMethod.Post, $"/api/cases/{id}/return/decision", new { admit = false, words = "已过承诺期限" });
        await app.Drain();
        (await Contact(it)).ShouldBeTrue("the letter that says so is not sent");
        app.Mails(it.Contract.Mail).ShouldNotContain(m => m.Text.Contains("已过承诺期限"));

        app.Advance(TimeSpan.FromMinutes(11));
        await app.Drain();
        app.Mails(it.Contract.Mail).ShouldContain(m => m.Text.Contains("已过承诺期限"));
        (await Contact(it)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_return_of_a_former_customer_that_lapsed_keeps_the_contact_a_month_for_a_late_parcel()
    {
        var it = await app.ASettledCase();
        var order = await Bought(it.Contract);
        await Pay(await it.Order());
        await app.AdvanceDays(20);
        var (_, id, _, _) = await app.Returned(order, new { wish = "Refund", lines = new[] { new { line = 1, quantity = 1, reason = "NoReason" } } });
        await (await app.SignIn(Role.Supervisor)).Ok(HttpMethod.Post, $"/api/cases/{id}/return/decision", new { admit = true, words = "同意退货" });
        await app.AdvanceDays(16);
        (await app.TheCase(id)).Outcome.ShouldBe(Core.Cases.CaseOutcome.Lapsed);
        (await it.Case()).GetProperty("state").GetString().ShouldBe("Closed");
        app.Mails(it.Contract.Mail).ShouldContain(m => m.Subject.Contains("失效"));

        await app.AdvanceDays(20);
        (await Contact(it)).ShouldBeTrue("a parcel may still come");
        await app.AdvanceDays(12);
        (await Contact(it)).ShouldBeFalse();
    }

    [Fact]
    public async Task Words_die_with_the_first_key_that_is_still_there_and_where_there_is_none_they_are_refused()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var contract = await own.AContractInForce();
        var (_, id, _) = await own.Applied(contract);

        (await Said()).ShouldBe((DataClass.Profile, DataClass.Contact));
        await Destroy(DataClass.Profile);
        (await Said()).ShouldBe((DataClass.Contact, DataClass.Contact));
        await Destroy(DataClass.Contact);
        (await Said()).ShouldBe((DataClass.Case, DataClass.Case));
        await Destroy(DataClass.Case);
        await Should.ThrowAsync<KeyDestroyedException>(() => Said());

        Task Destroy(DataClass dataClass) => own.With<KeyStore>(keys => keys.Destroy(contract.CustomerId, [dataClass], own.Time.GetUtcNow(), default));

        Task<(DataClass, DataClass)> Said() => own.With<IServiceProvider, (DataClass, DataClass)>(async services =>
        {
            var (db, texts) = (services.GetRequiredService<AppDb>(), services.GetRequiredService<Features.Cases.CaseTexts>());
            var exit = await db.Cases.AsNoTracking().SingleAsync(c => c.Id == id);
            var (now, later) = (await texts.Stage(exit, "message", "words", default), await texts.StageUntilClosed(exit, "survey", "words", default));
            return (db.Texts.Local.Single(t => t.Id == now).Class, db.Texts.Local.Single(t => t.Id == later).Class);
        });
    }

    /// <summary>The keys under which the texts of a case of one kind lie.</summary>
    private Task<List<DataClass>> Sealed(Guid exit, string kind) =>
        app.With<AppDb, List<DataClass>>(db => db.Texts.AsNoTracking().Where(t => t.CaseId == exit && t.Kind == kind).Select(t => t.Class).ToListAsync());

    /// <summary>A lamp that was delivered ten days ago.</summary>
    private async Task<ReturnWorld.AnOrder> Bought(CaseWorld.AContract by)
    {
        var (number, today) = ($"SO-E-{by.CustomerId}", await app.Today());
        var recorded = await (await app.SignIn(Role.BranchHead)).Ok(HttpMethod.Post, "/api/orders", new
        {
            customerId = by.CustomerId, number, currency = "CNY", orderedOn = today.AddDays(-12), informedOn = today.AddDays(-12),
            lines = new[] { new { product = "LAMP", nameEnglish = "Lamp", nameChinese = "台灯", quantity = 1, unitPrice = "99.99", taxRate = "0.13", shippedOn = today.AddDays(-10), deliveredOn = today.AddDays(-10) } },
            payments = new[] { new { means = "Card", amount = "99.99", paidOn = today.AddDays(-12) } },
        });
        return new(recorded.GetProperty("orderId").GetGuid(), number, by);
    }

    /// <summary>Of a case that is approved and has ended: its work is done, and its money ordered.</summary>
    private async Task<(string Reference, long Amount)> Ordered(ACase of)
    {
        var technical = await app.SignIn(Role.Technical);
        foreach (var work in (await of.Shown()).GetProperty("work").EnumerateArray())
            await technical.Ok(HttpMethod.Post, $"/api/work-orders/{work.GetProperty("id").GetGuid()}/confirmation");
        await app.Drain();
        var payment = (await of.Shown()).GetProperty("payment");
        return (payment.GetProperty("reference").GetString()!, payment.GetProperty("amount").GetInt64());
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
