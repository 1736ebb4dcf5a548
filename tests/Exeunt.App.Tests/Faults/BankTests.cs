using System.Net.Http.Json;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Faults;

/// <summary>A bank that is away, slow, silent or lies: a refund is handed over once, and asked for instead of paid again.</summary>
public abstract class BankTests(ExeuntApp app)
{
    [Fact]
    public async Task Waits_for_a_bank_that_is_away_and_then_hands_over_once()
    {
        var id = await Approved();
        // Where the orders should go there is a file.
        var folder = Path.Combine(app.Options.World, "bank", "orders");
        var aside = folder + ".aside";
        if (Directory.Exists(folder))
            Directory.Move(folder, aside);
        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        await File.WriteAllTextAsync(folder, "closed");
        await Execute(id);
        var order = await Order(id);
        var effect = await app.With<AppDb, Effect>(db => db.Effects.AsNoTracking().SingleAsync(e => e.Kind == "bank.instruct" && e.CaseId == id));
        (effect.State, effect.Note).ShouldBe((EffectState.Waiting, nameof(IOException)));

        File.Delete(folder);
        if (Directory.Exists(aside))
            Directory.Move(aside, folder);
        app.Advance(TimeSpan.FromHours(2));
        await app.Drain();
        File.Exists(FileOf(order)).ShouldBeTrue();
        (await Order(id)).State.ShouldBe(PaymentState.Ordered);
    }

    [Fact]
    public async Task Does_not_hand_over_again_what_the_bank_has_taken_away()
    {
        var id = await Approved();
        await Execute(id);
        var order = await Order(id);
        // The bank fetches its orders and removes them; then somebody holds the case and lets it go on.
        File.Delete(FileOf(order));
        var agent = await app.SignIn(Role.Agent);
        await (await agent.PostAsJsonAsync($"/api/cases/{id}/hold", new { reason = "fraud-check" })).Done();
        await (await agent.PostAsync($"/api/cases/{id}/resume", null)).Done();
        await app.Drain();

        File.Exists(FileOf(order)).ShouldBeFalse();
        (await app.With<AppDb, int>(db => db.Effects.CountAsync(e => e.Kind == "bank.instruct" && e.CaseId == id && e.State == EffectState.Done))).ShouldBe(1, "what was handed over is not instructed again");
    }

    [Fact]
    public async Task Asks_for_what_the_bank_does_not_show_and_never_pays_it_again()
    {
        var id = await Approved();
        await Execute(id);
        var order = await Order(id);
        order.Direction.ShouldBe(PaymentDirection.Refund);
        var written = File.GetLastWriteTimeUtc(FileOf(order));
        await app.AdvanceDays(9);
        (await Order(id)).State.ShouldBe(PaymentState.Ordered);
        await app.AdvanceDays(2);
        (await Order(id)).State.ShouldBe(PaymentState.Unknown);
        // The file at the bank is the one from the first day.
        File.GetLastWriteTimeUtc(FileOf(order)).ShouldBe(written);
        var finance = await app.Browser(Role.Finance);
        (await finance.Get("/today")).Html.ShouldContain(await app.With<AppDb, string>(db => db.Cases.Where(c => c.Id == id).Select(c => c.Number).SingleAsync()));

        // It did pay, only late; the statement brings it twice, and it counts once.
        var api = await app.SignIn(Role.Finance);
        var line = $"2026-05-01,-{Money.Format(order.Amount, 2)},CNY,refund {order.Reference}";
        var read = await (await api.PostAsJsonAsync("/api/bank-files", new { content = $"date,amount,currency,text\n{line}\n{line}\n" })).Done();
        read.GetProperty("matched").GetInt32().ShouldBe(1);
        var after = await Order(id);
        (after.State, after.Matched).ShouldBe((PaymentState.Reconciled, order.Amount));
        await app.AdvanceDays(2);
        File.GetLastWriteTimeUtc(FileOf(order)).ShouldBe(written);
        (await app.With<AppDb, int>(db => db.PaymentOrders.CountAsync(o => o.CaseId == id))).ShouldBe(1);
    }

    [Fact]
    public async Task Hands_over_again_what_the_bank_never_had_when_two_people_say_so()
    {
        var id = await Approved();
        await Execute(id);
        var order = await Order(id);
        var (one, two) = (await app.SignIn(Role.Finance), await app.SignIn(Role.Finance, name: "second"));
        (await one.Refused($"/api/payments/{order.Id}/again")).ShouldBe("payment.not-unknown");
        await app.AdvanceDays(11);
        (await Order(id)).State.ShouldBe(PaymentState.Unknown);
        File.Delete(FileOf(order));
        (await (await app.SignIn(Role.Agent)).Refused($"/api/payments/{order.Id}/again")).ShouldBe("not-allowed");

        (await one.Ok(HttpMethod.Post, $"/api/payments/{order.Id}/again")).GetProperty("isHandedOver").GetBoolean().ShouldBeFalse();
        (await one.Refused($"/api/payments/{order.Id}/again")).ShouldBe("payment.again-own");
        await app.Drain();
        File.Exists(FileOf(order)).ShouldBeFalse("one person is not enough");
        using (var browser = await app.Browser(Role.Finance, name: "second"))
        {
            await browser.Get($"/cases/{id}");
            browser.Page.Text.ShouldContain("says that the bank never had it");
            await browser.Submit("Hand it over again");
        }
        await app.Drain();

        File.Exists(FileOf(order)).ShouldBeTrue();
        var again = await Order(id);
        (again.State, again.Attempt, again.Reference, again.AgainBy).ShouldBe((PaymentState.Ordered, 2, order.Reference, null));
        await app.AdvanceDays(11);
        (await Order(id)).State.ShouldBe(PaymentState.Unknown, "asked for again after ten days");
        (await two.Ok(HttpMethod.Post, $"/api/payments/{order.Id}/again")).GetProperty("isHandedOver").GetBoolean().ShouldBeFalse("each time anew by two");
    }

    [Fact]
    public async Task Leaves_an_order_that_lies_at_the_bank_when_it_runs_again()
    {
        var id = await Approved();
        await Execute(id);
        var order = await Order(id);
        var file = FileOf(order);
        File.SetLastWriteTimeUtc(file, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        // Written by somebody who came too late to name it.
        var late = Path.Combine(app.Options.World, "bank", "parts", order.Reference + ".late.part");
        await File.WriteAllTextAsync(late, "{}");
        // As after a crash between the hand-over and the save.
        await RunsAgain(id);
        (await app.Drain()).ShouldBeGreaterThan(0);
        File.GetLastWriteTimeUtc(file).Year.ShouldBe(2026);
        File.GetLastWriteTimeUtc(file).ShouldBe(new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        File.Exists(late).ShouldBeFalse();
    }

    [Fact]
    public async Task Goes_on_with_what_was_begun_when_a_hold_that_came_in_between_ends()
    {
        var id = await Approved();
        await Execute(id);
        var order = await Order(id);
        // Taken, and then the disk was full: nothing was written.
        File.Delete(FileOf(order));
        File.Delete(Path.Combine(app.Options.World, "bank", "handed", order.Reference));
        await RunsAgain(id);
        var agent = await app.SignIn(Role.Agent);
        await (await agent.PostAsJsonAsync($"/api/cases/{id}/hold", new { reason = "fraud-check" })).Done();
        await app.Drain();
        File.Exists(FileOf(order)).ShouldBeFalse("nothing leaves while it is held");

        await (await agent.PostAsync($"/api/cases/{id}/resume", null)).Done();
        app.Advance(TimeSpan.FromMinutes(11));
        await app.Drain();

        File.Exists(FileOf(order)).ShouldBeTrue();
    }

    [Fact]
    public async Task Does_not_hand_over_what_a_statement_showed_before_it_was_ordered_anew()
    {
        var id = await Approved();
        // As after a restore from before it was ordered: the bank has paid it, and the statement is read first.
        var reference = await app.With<AppDb, string>(db => Task.FromResult(PaymentOrder.ReferenceOf(db, id, PaymentPurpose.Settlement, "0")));
        var amount = -(await app.TheCase(id)).SettlementTotal!.Value;
        var finance = await app.SignIn(Role.Finance);
        var read = await finance.Ok(HttpMethod.Post, "/api/bank-files", new { content = $"date,amount,currency,text\n2026-05-01,-{Money.Format(amount, 2)},CNY,refund {reference}\n" });
        read.GetProperty("matched").GetInt32().ShouldBe(0, "there is no order yet");

        await Execute(id);

        var order = await Order(id);
        (order.Reference, order.State).ShouldBe((reference, PaymentState.Unknown));
        File.Exists(FileOf(order)).ShouldBeFalse();
        await finance.Ok(HttpMethod.Post, $"/api/bank-files/{read.GetProperty("fileId").GetGuid()}/lines/2/assignment", new { order = reference });
        (await Order(id)).State.ShouldBe(PaymentState.Reconciled);
    }

    [Fact]
    public async Task Never_hands_over_what_a_node_with_another_folder_began_to_and_asks_for_it_after_a_day()
    {
        var id = await Approved();
        await Execute(id);
        var order = await Order(id);
        // The other node's files are not to be seen here; it took the order and died.
        File.Delete(FileOf(order));
        File.Delete(Path.Combine(app.Options.World, "bank", "handed", order.Reference));
        await app.With<AppDb>(async db =>
        {
            (await db.PaymentOrders.SingleAsync(o => o.Id == order.Id)).HandedBy = "another";
            db.Audit(await app.SystemCall(), "test.another", "payment");
            await db.SaveChangesAsync();
        });
        await RunsAgain(id);

        (await app.Drain()).ShouldBeGreaterThan(0);
        File.Exists(FileOf(order)).ShouldBeFalse();
        (await app.With<AppDb, string?>(db => db.Effects.Where(e => e.Kind == "bank.instruct" && e.CaseId == id).Select(e => e.Note).SingleAsync())).ShouldBe("handed-over-elsewhere");
        app.Advance(TimeSpan.FromHours(25));
        await app.Drain();

        File.Exists(FileOf(order)).ShouldBeFalse();
        (await Order(id)).State.ShouldBe(PaymentState.Unknown);
    }

    /// <summary>The effect that hands the case's order over comes once more, as after a crash before it was saved.</summary>
    private Task RunsAgain(Guid id) => app.With<AppDb>(async db =>
    {
        var effect = await db.Effects.SingleAsync(e => e.Kind == "bank.instruct" && e.CaseId == id);
        (effect.State, effect.DoneAt) = (EffectState.Waiting, null);
        await db.SaveChangesAsync();
    });

    private string FileOf(PaymentOrder order) => Path.Combine(app.Options.World, "bank", "orders", order.Reference + ".json");

    private Task<PaymentOrder> Order(Guid id) => app.With<AppDb, PaymentOrder>(db => db.PaymentOrders.AsNoTracking().SingleAsync(o => o.CaseId == id));

    /// <summary>A case whose customer gets the deposit back, approved by both.</summary>
    private async Task<Guid> Approved()
    {
        var (customer, id, token) = await app.Applied(await app.AContractInForce(device: 0, deposit: 500_000));
        var agent = await app.SignIn(Role.Agent);
        await (await agent.PostAsJsonAsync($"/api/cases/{id}/talk", new { reason = "PRICE", channel = "phone", minutes = 5 })).Done();
        await (await agent.PostAsJsonAsync($"/api/cases/{id}/offer", new { entry = "PAUSE", months = 3 })).Done();
        await (await customer.PostAsJsonAsync($"/api/progress/{token}/offer", new { accept = false })).Done();
        await app.Drain();
        var digest = (await app.TheCase(id)).SettlementDigest;
        await (await (await app.SignIn(Role.Legal)).PostAsJsonAsync($"/api/cases/{id}/approvals/legal", new { digest })).Done();
        await (await (await app.SignIn(Role.Finance)).PostAsJsonAsync($"/api/cases/{id}/approvals/finance", new { digest })).Done();
        return id;
    }

    private async Task Execute(Guid id)
    {
        await app.AdvanceDays(31);
        var technical = await app.SignIn(Role.Technical);
        var shown = await (await technical.GetAsync($"/api/cases/{id}")).Done();
        foreach (var order in shown.GetProperty("work").EnumerateArray())
            await (await technical.PostAsync($"/api/work-orders/{order.GetProperty("id").GetGuid()}/confirmation", null)).Done();
        await app.Drain();
    }

    public sealed class OnSqlite(SqliteApp app) : BankTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : BankTests(app), IClassFixture<PostgresApp>;
}
