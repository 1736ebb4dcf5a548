using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Facts;
using Exeunt.App.Features.LateCharges;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Offboarding;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Exeunt.Core.Activity;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.FollowUps;

/// <summary>What comes after the end: formalities, appeals, being forgotten, coming back, and charges that should not be.</summary>
public abstract class AfterTests(ExeuntApp app)
{
    [Fact]
    public async Task Hands_over_with_receipts_and_charges_what_is_missing()
    {
        var it = await app.ASettledCase(0);
        var agent = await app.SignIn(Role.Agent);
        var items = (await agent.Ok(HttpMethod.Get, $"/api/cases/{it.Id}/formalities")).GetProperty("items").EnumerateArray().ToList();
        items.Select(i => i.GetProperty("name").GetProperty("english").GetString()).Order().ShouldBe(["Access card", "Router"]);
        var card = items.Single(i => i.GetProperty("name").GetProperty("english").GetString() == "Access card").GetProperty("id").GetGuid();
        var receipt = (await agent.Ok(HttpMethod.Post, $"/api/cases/{it.Id}/formalities/{card}", new { condition = "scratched condition-canary", evidence = MoneyWorld.Photo })).GetProperty("receipt").GetString()!;
        receipt.ShouldEndWith("/R1");
        (await agent.Refused($"/api/cases/{it.Id}/formalities/{card}")).ShouldBe("case.item-done-already");
        await app.Drain();
        app.Mails(it.Contract.Mail).ShouldContain(m => m.Subject.Contains(receipt) && m.Attachments.Count == 1);

        // The customer sees the same list.
        var mine = (await it.Customer.Ok(HttpMethod.Get, $"/api/progress/{it.Token}")).GetProperty("open").GetProperty("rights").GetProperty("formalities").EnumerateArray().ToList();
        mine.Select(f => f.GetProperty("state").GetString()).Order().ShouldBe(["Done", "Open"]);

        // Nothing waits for the router: the contract ends on its day, and fourteen days later it is charged by the published price.
        await app.AdvanceDays(31);
        (await it.Case()).GetProperty("state").GetString().ShouldBe("Executing");
        (await it.Case()).GetProperty("steps").EnumerateArray().Single(s => s.GetProperty("id").GetString() == "formalities").GetProperty("state").GetString().ShouldBe("Done");
        (await it.LineCodes()).ShouldNotContain("missing.router");
        await app.AdvanceDays(15);
        (await it.LineCodes()).ShouldContain("missing.router");
        await app.ShouldFold(it.Id);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answers_an_appeal_by_somebody_who_took_no_part(bool upheld)
    {
        var it = await app.ASettledCase(0);
        (await it.Customer.Refused($"/api/progress/{it.Token}/appeal", new { text = "why" })).ShouldBe("case.nothing-decided");
        await it.Order();
        await it.Customer.Ok(HttpMethod.Post, $"/api/progress/{it.Token}/appeal", new { text = "没有人听我说 appeal-canary" });
        (await it.Customer.Refused($"/api/progress/{it.Token}/appeal", new { text = "again" })).ShouldBe("case.appealed-already");
        (await it.Customer.Refused($"/api/progress/{it.Token}/forgetting")).ShouldBe("case.appealed-already");
        // Legal approved the settlement, so legal took part.
        (await (await app.SignIn(Role.Legal)).Refused($"/api/cases/{it.Id}/appeal/decision", new { upheld, words = "w" })).ShouldBe("case.decided-before");
        (await (await app.SignIn(Role.Agent)).Refused($"/api/cases/{it.Id}/appeal/decision", new { upheld, words = "w" })).ShouldBe("not-allowed");
        var outsider = await app.SignIn(Role.BranchHead, name: "appeals");
        (await outsider.Refused($"/api/cases/{it.Id}/appeal/decision", new { upheld, words = "w", linkedCase = "T-1999-000001" })).ShouldBe("appeal.no-such-case");
        await outsider.Ok(HttpMethod.Post, $"/api/cases/{it.Id}/appeal/decision", new { upheld, words = "I called you today." });
        (await outsider.Refused($"/api/cases/{it.Id}/appeal/decision", new { upheld, words = "w" })).ShouldBe("case.no-appeal");
        await app.Drain();
        app.Mails(it.Contract.Mail).ShouldContain(m => m.Attachments.Keys.Any(k => k.EndsWith("-appeal.pdf", StringComparison.Ordinal)));
        var answered = (await it.Customer.Ok(HttpMethod.Get, $"/api/progress/{it.Token}")).GetProperty("open").GetProperty("rights").GetProperty("appeals").EnumerateArray().Single();
        (answered.GetProperty("upheld").GetBoolean(), answered.GetProperty("answer").GetString()).ShouldBe((upheld, "I called you today."));
        await app.ShouldFold(it.Id);
    }

    [Fact]
    public async Task Forgets_the_contact_at_once_when_the_customer_asks()
    {
        var it = await app.ASettledCase(0);
        (await it.Customer.Refused($"/api/progress/{it.Token}/forgetting")).ShouldBe("case.step-not-active");
        var (reference, amount) = await it.Order();
        var agent = await app.SignIn(Role.Agent);
        var today = await app.Today();
        (await agent.Refused($"/api/cases/{it.Id}/follow-ups", new { words = "call", dueOn = today.AddDays(-1) })).ShouldBe("follow-up.due");
        var task = (await agent.Ok(HttpMethod.Post, $"/api/cases/{it.Id}/follow-ups", new { words = "help to move the mailbox", dueOn = today.AddDays(2) })).GetProperty("taskId").GetGuid();
        await agent.Ok(HttpMethod.Post, $"/api/cases/{it.Id}/follow-ups/{task}");
        (await agent.Refused($"/api/cases/{it.Id}/follow-ups/{task}")).ShouldBe("follow-up.done-already");
        var refund = (await it.Shown()).GetProperty("payment").GetProperty("direction").GetString() == "Refund";
        await (await app.SignIn(Role.Finance)).Ok(HttpMethod.Post, "/api/bank-files", new { content = MoneyWorld.BankFile((refund ? -amount : amount, reference)) });
        await app.Drain();
        await it.Customer.Ok(HttpMethod.Post, $"/api/progress/{it.Token}/forgetting");
        await app.Drain();
        (await it.Case()).GetProperty("state").GetString().ShouldBe("Closed");
        await app.With<AppDb>(async db => (await db.Customers.AsNoTracking().SingleAsync(c => c.Id == it.Contract.CustomerId)).Contact.ShouldBeNull());
        (await app.PlacesWith(it.Contract.Mail)).ShouldBeEmpty();
        await app.ShouldFold(it.Id);
    }

    [Fact]
    public async Task Finds_and_refunds_what_was_charged_after_the_end()
    {
        var it = await app.ASettledCase(0);
        await it.Order();
        var last = DateOnly.Parse((await it.Case()).GetProperty("effectiveOn").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
        await app.AddFacts(it.Contract.CustomerId, FactKind.Order, last, 50_00);
        await app.AddFacts(it.Contract.CustomerId, FactKind.Order, last.AddDays(1), 199_00);
        await app.AddFacts(it.Contract.CustomerId, FactKind.Order, last.AddDays(2), 9_00);
        await app.AddFacts(it.Contract.CustomerId, FactKind.Return, last.AddDays(2), -9_00);
        // The nightly scan finds both charges, and only once.
        await app.AdvanceDays(2);
        var finance = await app.SignIn(Role.Finance);
        (await finance.Ok(HttpMethod.Post, "/api/late-charges/scan")).GetProperty("charges").GetInt32().ShouldBe(0);
        var open = (await finance.Ok(HttpMethod.Get, $"/api/late-charges?caseId={it.Id}")).GetProperty("open").EnumerateArray().ToList();
        open.Select(o => o.GetProperty("amount").Minor()).ShouldBe([199_00, 9_00]);
        (await (await app.SignIn(Role.Supervisor)).Refused($"/api/late-charges/{open[0].GetProperty("id").GetGuid()}/decision", new { refund = true })).ShouldBe("not-allowed");
        await finance.Ok(HttpMethod.Post, $"/api/late-charges/{open[0].GetProperty("id").GetGuid()}/decision", new { refund = true });
        (await finance.Refused($"/api/late-charges/{open[0].GetProperty("id").GetGuid()}/decision", new { refund = true })).ShouldBe("late-charge.decided-already");
        (await finance.Refused($"/api/late-charges/{open[1].GetProperty("id").GetGuid()}/decision", new { refund = false })).ShouldBe("required");
        await finance.Ok(HttpMethod.Post, $"/api/late-charges/{open[1].GetProperty("id").GetGuid()}/decision", new { refund = false, words = "postage for the router" });
        await app.Drain();
        await app.With<AppDb>(async db =>
        {
            var order = await db.PaymentOrders.AsNoTracking().SingleAsync(o => o.CaseId == it.Id && o.Purpose == PaymentPurpose.LateCharge);
            (order.Direction, order.Amount).ShouldBe((PaymentDirection.Refund, 199_00));
            (await db.Set<LateCharge>().AsNoTracking().Where(c => c.CaseId == it.Id).CountAsync()).ShouldBe(2);
        });
        (await it.Accounts()).ShouldContainKeyAndValue("late-charges", 199_00);
        app.Mails(it.Contract.Mail).ShouldContain(m => m.Subject.Contains("误收退款"));
    }

    [Fact]
    public async Task Recognises_who_comes_back_and_asks_for_the_approval_the_record_calls_for()
    {
        var agent = await app.SignIn(Role.Agent);
        (await agent.Ok(HttpMethod.Get, "/api/re-entry?mail=stranger@customer.example")).GetProperty("result").GetString().ShouldBe("clear");

        // Who left by themselves is welcome.
        var left = await app.ASettledCase(0);
        await left.Order();
        var known = await agent.Ok(HttpMethod.Get, $"/api/re-entry?mail={Uri.EscapeDataString(left.Contract.Mail.ToUpperInvariant())}");
        known.GetProperty("result").GetString().ShouldBe("known");
        var before = known.GetProperty("before").EnumerateArray().Single();
        before.GetProperty("caseId").GetGuid().ShouldBe(left.Id);
        before.GetProperty("monthlyFee").Minor().ShouldBe(199_00);
        before.TryGetProperty("remainder", out _).ShouldBeTrue();
        (await agent.Refused("/api/re-entry/requests", new { caseId = left.Id, words = "w" })).ShouldBe("re-entry.no-approval-needed");
        await agent.Ok(HttpMethod.Post, $"/api/re-entry/cases/{left.Id}/welcome");
        (await agent.Refused($"/api/re-entry/cases/{left.Id}/welcome")).ShouldBe("re-entry.welcomed-already");
        await app.ShouldFold(left.Id);

        // Who was offboarded for breach needs an approval, by another person with the role.
        var it = await app.AnOffboarding();
        await it.Notify();
        await it.Effective();
        await it.Work();
        await (await it.Manager).Ok(HttpMethod.Post, it.Path("wind-down"));
        await app.Drain();
        await it.ApproveSettlement();
        await it.Work();
        var phone = Uri.EscapeDataString(it.Contract.Phone);
        (await agent.Ok(HttpMethod.Get, $"/api/re-entry?phone={phone}")).GetProperty("result").GetString().ShouldBe("approval-needed");
        (await agent.Refused($"/api/re-entry/cases/{it.Id}/welcome")).ShouldBe("re-entry.approval-first");
        var request = (await agent.Ok(HttpMethod.Post, "/api/re-entry/requests", new { caseId = it.Id, words = "paid everything since" })).GetProperty("requestId").GetGuid();
        (await agent.Refused("/api/re-entry/requests", new { caseId = it.Id, words = "w" })).ShouldBe("re-entry.asked-already");
        (await agent.Ok(HttpMethod.Get, $"/api/re-entry?phone={phone}")).GetProperty("result").GetString().ShouldBe("asked");
        (await agent.Refused($"/api/re-entry/requests/{request}/decision", new { approve = true, words = "w" })).ShouldBe("not-allowed");
        (await (await app.SignIn(Role.Legal)).Refused($"/api/re-entry/requests/{request}/decision", new { approve = true, words = "w" })).ShouldBe("re-entry.other-role");
        await (await app.SignIn(Role.BranchHead)).Ok(HttpMethod.Post, $"/api/re-entry/requests/{request}/decision", new { approve = true, words = "A year is long enough." });
        (await agent.Ok(HttpMethod.Get, $"/api/re-entry?phone={phone}")).GetProperty("result").GetString().ShouldBe("approved");
        await agent.Ok(HttpMethod.Post, $"/api/re-entry/cases/{it.Id}/welcome");
        // The tokens hold nothing that could be read.
        (await app.PlacesWith("paid everything since")).ShouldBeEmpty();
    }

    public sealed class OnSqlite(SqliteApp app) : AfterTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : AfterTests(app), IClassFixture<PostgresApp>;
}
