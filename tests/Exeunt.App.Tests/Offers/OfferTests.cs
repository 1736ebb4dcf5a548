using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Offers;
using Exeunt.App.Features.Policies;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Exeunt.Core.Offers;
using Exeunt.Core.Policies;
using Exeunt.Core.Settlement;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Offers;

/// <summary>Offers from the catalogue to what became of them.</summary>
public abstract class OfferTests(ExeuntApp app)
{
    [Fact]
    public async Task Proposes_what_answers_the_reason_and_says_why_not_the_rest()
    {
        var now = await app.AnOfferCase();
        var proposals = (await now.Agent.Ok(HttpMethod.Get, $"/api/cases/{now.Id}/offer-proposals")).EnumerateArray().ToList();
        proposals.Take(3).Select(p => (p.GetProperty("entry").GetString(), p.GetProperty("answers").GetString())).ShouldBe([("DISCOUNT", "PRICE"), ("DOWNGRADE", "PRICE"), ("EXTENSION", "PRICE")]);
        var deferral = proposals.Single(p => p.GetProperty("entry").GetString() == "DEFERRED_PAYMENT");
        deferral.GetProperty("eligible").GetBoolean().ShouldBeFalse();
        deferral.GetProperty("conditions")[0].GetProperty("code").GetString().ShouldBe("no-arrears");
        // 199.00 × 1 × 5 %, and 199.00 × 12 × 40 % × 70 %.
        (proposals[0].GetProperty("cost").GetInt64(), proposals[0].GetProperty("value").GetInt64()).ShouldBe((9_95, 668_64));
    }

    [Fact]
    public async Task Keeps_the_entry_and_the_figures_an_offer_was_made_from()
    {
        var now = await app.AnOfferCase();
        await app.Entry("KEPT", e => e with { Name = new("Kept", "保留"), Percent = new(5, 20) }, from: "DISCOUNT");
        var made = await now.Make(new { entry = "KEPT", percent = 15, months = 3 });
        made.TryGetProperty("approver", out _).ShouldBeFalse();
        await app.Entry("KEPT", e => e with { Percent = new(1, 2), MarginPercent = 1 });
        await app.With<AppDb>(async db =>
        {
            var offer = await db.Offers.AsNoTracking().SingleAsync(o => o.CaseId == now.Id);
            (offer.EntryCode, offer.EntryVersion, offer.MadeFrom!.Percent!.Most).ShouldBe(("KEPT", 1, 20));
            OfferEntry.DigestOf(offer.Entry).ShouldBe(offer.EntryDigest);
            (offer.Cost, offer.Value).ShouldBe((89_55, 668_64));
            // Recomputed from what was kept it is the same.
            (offer.Numbers!.Cost.Minor, offer.Numbers.Value.Minor).ShouldBe((offer.Cost, offer.Value));
            Offer.ConditionsOf(offer.Conditions).ShouldAllBe(c => c.Met);
            offer.Digest.ShouldBe(Offer.DigestOf(now.Id, offer.EntryDigest, offer.Parameters, offer.Numbers.Cost, offer.AnswerBy!.Value));
        });
        (await (await app.SignIn(Role.Supervisor)).Ok(HttpMethod.Get, "/api/offer-entries/KEPT")).GetProperty("version").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Refuses_each_condition_with_its_code_and_the_day()
    {
        var today = (await app.SystemCall()).Today("Asia/Shanghai");
        var now = await app.AnOfferCase(unpaid: 500_00);
        async Task Refused(string code, Func<OfferEntry, OfferEntry> change, DateOnly? on = null, object? offer = null)
        {
            await app.Entry("TRY", e => change(e), from: "TRAINING");
            (await now.Agent.Problem(HttpMethod.Post, $"/api/cases/{now.Id}/offer", offer ?? new { entry = "TRY" })).ShouldBe((code, on), code);
        }
        static Func<OfferEntry, OfferEntry> If(Func<OfferConditions, OfferConditions> change) => e => e with { Conditions = change(new()) };
        await Refused("offer.tier", If(c => c with { Tiers = ["Vip"] }));
        await Refused("offer.tenure", If(c => c with { MinTenureMonths = 240 }), new DateOnly(2040, 5, 1));
        await Refused("offer.fee", If(c => c with { MinFee = [new(200_00, "CNY")] }));
        await Refused("offer.spend", If(c => c with { MinSpend = [new(1, "CNY")] }));
        await Refused("offer.arrears", If(c => c with { NoArrears = true }));
        await Refused("offer.reason", If(c => c with { Reasons = ["SERVICE"] }));
        await Refused("offer.sector", If(c => c with { Sectors = ["retail"] }));
        await Refused("offer.not-yet-valid", e => e with { ValidFrom = today.AddDays(5) }, today.AddDays(5));
        await Refused("offer.no-longer-valid", e => e with { ValidUntil = today.AddDays(-1) });
        await Refused("offer.retired", e => e with { Active = false });
        await Refused("offer.margin-floor", e => e with { FixedCost = [new(900_00, "CNY")], MarginFloorPercent = 10 });
        await Refused("offer.percent", e => e with { Percent = new(5, 10) }, offer: new { entry = "TRY", percent = 11 });
        // A fee far below the present one costs what it gives up, whatever the entry's formula.
        (await now.Agent.Problem(HttpMethod.Post, $"/api/cases/{now.Id}/offer", new { entry = "PLAN_SWITCH", fee = "1.00" })).Code.ShouldBe("offer.margin-floor");
        (await now.Agent.Problem(HttpMethod.Post, $"/api/cases/{now.Id}/offer", new { entry = "NOTHING" })).Code.ShouldBe("offer.no-such-entry");
        await app.With<AppDb>(async db => (await db.Offers.CountAsync(o => o.CaseId == now.Id)).ShouldBe(0));
    }

    [Fact]
    public async Task Asks_once_in_a_case_and_waits_after_a_no_and_a_yes()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var first = await own.AnOfferCase();
        await first.Make(new { entry = "DISCOUNT", percent = 10, months = 2 });
        (await first.Agent.Problem(HttpMethod.Post, $"/api/cases/{first.Id}/offer", new { entry = "PAUSE", months = 1 })).Code.ShouldBe("case.offer-already-asked");
        await first.Answer(false);
        (await first.Agent.Problem(HttpMethod.Post, $"/api/cases/{first.Id}/offer", new { entry = "PAUSE", months = 1 })).Code.ShouldBe("case.offer-already-asked");
        await own.ShouldFold(first.Id);
        var today = (await own.SystemCall()).Today("Asia/Shanghai");
        await first.Customer.Ok(HttpMethod.Post, $"/api/progress/{first.Token}/withdrawal");

        // The same customer in another case: not again for ninety days.
        var second = await own.AnOfferCase(first.Contract);
        (await second.Agent.Problem(HttpMethod.Post, $"/api/cases/{second.Id}/offer", new { entry = "PAUSE", months = 1 })).ShouldBe(("offer.declined-lately", today.AddDays(90)));
        await second.Customer.Ok(HttpMethod.Post, $"/api/progress/{second.Token}/withdrawal");
        await own.AdvanceDays(90);
        var third = await own.AnOfferCase(first.Contract);
        await third.Make(new { entry = "PAUSE", months = 1 });
        await third.Answer(true);

        // After a yes the cool-down.
        today = (await own.SystemCall()).Today("Asia/Shanghai");
        var fourth = await own.AnOfferCase(first.Contract);
        (await fourth.Agent.Problem(HttpMethod.Post, $"/api/cases/{fourth.Id}/offer", new { entry = "DISCOUNT", percent = 10, months = 2 })).ShouldBe(("offer.cool-down", today.AddDays(180)));
    }

    [Fact]
    public async Task The_database_keeps_a_second_offer_and_an_own_approval_out()
    {
        var now = await app.AnOfferCase();
        await now.Make(new { entry = "DISCOUNT", percent = 10, months = 2 });
        await Fails(async db =>
        {
            db.Offers.Add(new Offer { Id = Guid.CreateVersion7(), CaseId = now.Id, Kind = OfferKind.Pause, Months = 1, Cost = 1, Currency = "CNY", MadeBy = "staff:x", MadeAt = DateTimeOffset.UnixEpoch });
            await Task.CompletedTask;
        });
        await Fails(async db => (await db.Offers.SingleAsync(o => o.CaseId == now.Id)).DecidedBy = (await db.Offers.AsNoTracking().SingleAsync(o => o.CaseId == now.Id)).MadeBy);
        await Fails(async db => (await db.Offers.SingleAsync(o => o.CaseId == now.Id)).Approval = OfferApproval.Approved);

        async Task Fails(Func<AppDb, Task> change) => await app.With<AppDb>(async db =>
        {
            await change(db);
            db.Audit(await app.SystemCall(), "test.offer", "offer");
            await Should.ThrowAsync<DbUpdateException>(() => db.SaveChangesAsync());
        });
    }

    [Fact]
    public async Task Above_the_limit_somebody_else_approves_before_the_customer_sees_it()
    {
        var now = await app.AnOfferCase();
        var agent = await app.SignIn(Role.Supervisor, name: "maker");
        var made = await agent.Ok(HttpMethod.Post, $"/api/cases/{now.Id}/offer", new { entry = "DISCOUNT", percent = 30, months = 6 });
        made.GetProperty("approver").GetString().ShouldBe("Supervisor");
        var digest = made.GetProperty("digest").GetString();
        async Task<string> Decide(HttpClient who, object body) => (await who.Problem(HttpMethod.Post, $"/api/cases/{now.Id}/offer/decision", body)).Code;

        // Nothing of it shows to the customer, on no page.
        (await now.Customer.Ok(HttpMethod.Get, $"/api/progress/{now.Token}")).GetProperty("open").TryGetProperty("offer", out _).ShouldBeFalse();
        (await now.Customer.Problem(HttpMethod.Get, $"/api/progress/{now.Token}/offer")).Code.ShouldBe("case.no-open-offer");
        app.Mails(now.Contract.Mail).ShouldNotContain(m => m.Text.Contains("30%"));
        (await now.Customer.Problem(HttpMethod.Post, $"/api/progress/{now.Token}/offer", new { accept = true })).Code.ShouldBe("case.no-open-offer");

        (await Decide(now.Agent, new { decision = "Approve", digest })).ShouldBe("not-allowed");
        (await Decide(agent, new { decision = "Approve", digest })).ShouldBe("offer.own");
        var supervisor = await app.SignIn(Role.Supervisor);
        (await Decide(supervisor, new { decision = "Approve", digest = new string('0', 64) })).ShouldBe("offer.approval-outdated");
        (await Decide(supervisor, new { decision = "Return", digest })).ShouldBe("required");
        (await now.Agent.Problem(HttpMethod.Post, $"/api/cases/{now.Id}/offer", new { entry = "PAUSE", months = 1 })).Code.ShouldBe("offer.waits-for-approval");
        await supervisor.Ok(HttpMethod.Post, $"/api/cases/{now.Id}/offer/decision", new { decision = "Return", digest, words = "太多了 return-canary" });
        (await Decide(supervisor, new { decision = "Approve", digest })).ShouldBe("offer.nothing-to-decide");

        // Returned, another one is made; approved, it is put before the customer.
        made = await agent.Ok(HttpMethod.Post, $"/api/cases/{now.Id}/offer", new { entry = "DISCOUNT", percent = 20, months = 6 });
        await supervisor.Ok(HttpMethod.Post, $"/api/cases/{now.Id}/offer/decision", new { decision = "Approve", digest = made.GetProperty("digest").GetString() });
        (await now.Customer.Ok(HttpMethod.Get, $"/api/progress/{now.Token}/offer")).GetProperty("words").GetString().ShouldBe("6 个月内月费优惠 20%");
        await app.Drain();
        app.Mails(now.Contract.Mail).ShouldContain(m => m.Text.Contains("6 个月内月费优惠 20%"));
        await app.With<AppDb>(async db =>
        {
            var offers = await db.Offers.AsNoTracking().Where(o => o.CaseId == now.Id).OrderBy(o => o.MadeAt).ThenBy(o => o.Id).ToListAsync();
            offers.Select(o => o.State).ShouldBe([OfferState.Returned, OfferState.Open]);
            offers[1].DecidedBy.ShouldNotBe(offers[1].MadeBy);
            // Whoever made the offer is among those who may not approve the settlement.
            (await db.Cases.AsNoTracking().SingleAsync(c => c.Id == now.Id)).Requesters.ShouldContain(offers[1].MadeBy);
        });
        (await app.PlacesWith("return-canary")).ShouldBeEmpty();
        await app.ShouldFold(now.Id);
    }

    [Fact]
    public async Task An_offer_nobody_approved_goes_back_and_leaves_room_for_another()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var now = await own.AnOfferCase();
        await now.Make(new { entry = "DISCOUNT", percent = 30, months = 6 });
        await own.AdvanceDays(15);
        (await now.Offer()).GetProperty("state").GetString().ShouldBe("Returned");
        await now.Make(new { entry = "DISCOUNT", percent = 30, months = 6 });
        await now.Agent.Ok(HttpMethod.Post, $"/api/cases/{now.Id}/offer/skip");
        (await now.Offer()).GetProperty("state").GetString().ShouldBe("Returned");
        using var supervisor = await own.Browser(Role.Supervisor);
        (await supervisor.Get("/today")).Text.ShouldNotContain("decide on an offer");
        await own.ShouldFold(now.Id);
    }

    [Fact]
    public async Task What_waits_for_approval_stands_on_the_day_of_whoever_decides()
    {
        var now = await app.AnOfferCase();
        await now.Make(new { entry = "DISCOUNT", percent = 30, months = 6 });
        using var supervisor = await app.Browser(Role.Supervisor);
        var page = await supervisor.Get("/today");
        page.Text.ShouldContain("decide on an offer that costs ¥358.20");
        page = await supervisor.Get($"/cases/{now.Id}");
        page.Of("#next h2").ShouldBe("Next: decide on the offer");
        page = await supervisor.Submit("Refuse", new { words = "" });
        page.Of(".field.invalid .error").ShouldBe("Please fill this in.");
        page = await supervisor.Submit("Refuse", new { words = "not for so short a time" });
        page.Text.ShouldContain("not for so short a time");
        (await now.Offer()).GetProperty("state").GetString().ShouldBe("Refused");
        using var agent = await app.Browser(Role.Agent);
        page = await agent.Get($"/cases/{now.Id}");
        page.Of("#next h2").ShouldBe("Next: make one offer, or none");
        page.All(".proposal summary")[0].ShouldBe("Discount answers “Price”");
        page.All(".why-not b").ShouldContain("Pay later:");
    }

    [Fact]
    public async Task A_dear_offer_asks_for_the_branch_head()
    {
        var now = await app.AnOfferCase();
        await app.Entry("DEAR", e => e with { Cost = OfferCostFormula.Fixed, FixedCost = [new(600_00, "CNY")], BranchHeadAbove = [new(500_00, "CNY")], ApprovalAbove = [new(10_00, "CNY")], MarginFloorPercent = 0 }, from: "TRAINING");
        var made = await now.Make(new { entry = "DEAR" });
        made.GetProperty("approver").GetString().ShouldBe("BranchHead");
        var body = new { decision = "Approve", digest = made.GetProperty("digest").GetString() };
        (await (await app.SignIn(Role.Supervisor)).Problem(HttpMethod.Post, $"/api/cases/{now.Id}/offer/decision", body)).Code.ShouldBe("offer.branch-head");
        await (await app.SignIn(Role.BranchHead)).Ok(HttpMethod.Post, $"/api/cases/{now.Id}/offer/decision", body);
        (await now.Offer()).GetProperty("state").GetString().ShouldBe("Open");
    }

    [Fact]
    public async Task Declining_is_as_easy_as_accepting_and_the_screen_tells_it_whole()
    {
        var now = await app.AnOfferCase();
        await now.Make(new { entry = "DISCOUNT", percent = 10, months = 6 });
        using var browser = app.Browser("en");
        browser.Cookies.Add(new System.Net.Cookie("exeunt.case", Uri.EscapeDataString(now.Customer.DefaultRequestHeaders.GetValues("Case-Session").Single()), "/", app.Url.Host));
        var page = await browser.Get($"/progress/{now.Token}");
        page.Document.QuerySelector("[value=accept]").ShouldBeNull();
        page = await browser.Follow("Look at the offer");
        var buttons = page.Document.QuerySelectorAll(".pair button");
        buttons.Length.ShouldBe(2);
        // The same place, the same class, nothing to fill in, nothing chosen before.
        buttons.Select(b => (b.ParentElement, b.ClassName)).Distinct().ShouldHaveSingleItem();
        page.Document.QuerySelectorAll("main form input:not([type=hidden]), main form textarea, main form select").ShouldBeEmpty();
        page.Document.QuerySelectorAll("[autofocus]").ShouldBeEmpty();
        page.Text.ShouldContain("¥199.00 → ¥179.10");
        page.Text.ShouldContain("from Wed 15 Apr 2026 to Wed 14 Oct 2026");
        page.Text.ShouldContain("What it costs you Nothing.");
        page.Text.ShouldContain("If you do not, your contract ends on");
        page.Text.ShouldContain("Decide later");
        page = await browser.Submit("No thanks, end my contract as planned");
        page.Path.ShouldBe($"/progress/{now.Token}?done=declined");
        (await browser.Get($"/progress/{now.Token}/offer")).Path.ShouldBe($"/progress/{now.Token}");
        (await now.Offer()).GetProperty("state").GetString().ShouldBe("Declined");
    }

    [Fact]
    public async Task An_offer_nobody_answers_is_over_and_the_ending_goes_on()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var now = await own.AnOfferCase();
        await now.Make(new { entry = "DISCOUNT", percent = 10, months = 6 });
        await own.AdvanceDays(14);
        (await now.Offer()).GetProperty("state").GetString().ShouldBe("Open");
        await own.AdvanceDays(1);
        (await now.Offer()).GetProperty("state").GetString().ShouldBe("Expired");
        (await now.Customer.Problem(HttpMethod.Post, $"/api/progress/{now.Token}/offer", new { accept = true })).Code.ShouldBe("case.no-open-offer");
        var shown = await now.Shown();
        shown.GetProperty("case").GetProperty("settlementDigest").GetString().ShouldNotBeNull();
        shown.GetProperty("case").GetProperty("steps").EnumerateArray().Single(s => s.GetProperty("id").GetString() == "offer").GetProperty("note").GetString().ShouldBe("expired");
        await own.ShouldFold(now.Id);
    }

    [Fact]
    public async Task An_accepted_discount_amends_the_contract_and_a_later_ending_sees_it()
    {
        await using var own = await ExeuntApp.Start(app.On);
        await own.With<AppDb>(async db =>
        {
            var policy = GeneralPolicy.Document with { Number = "JY-90", Clawback = ClawbackKind.Enjoyed };
            db.Policies.Add(new PolicyRow { Number = policy.Number, Version = policy.Version, Status = PolicyStatus.Published, Document = policy.ToJson(), EffectiveFrom = policy.EffectiveFrom });
            db.Audit(await own.SystemCall(), "test.policy", "policy:JY-90");
            await db.SaveChangesAsync();
        });
        var now = await own.AnOfferCase(policy: "JY-90");
        await now.Make(new { entry = "DISCOUNT", percent = 10, months = 6 });
        var screen = await now.Customer.Ok(HttpMethod.Get, $"/api/progress/{now.Token}/offer");
        screen.GetProperty("costs")[0].GetString()!.ShouldContain("¥19.90");
        await now.Answer(true);

        await own.With<AppDb>(async db =>
        {
            var contract = await db.Contracts.AsNoTracking().SingleAsync(c => c.Id == now.Contract.ContractId);
            contract.State.ShouldBe(ContractState.InForce);
            var amendment = contract.Amendments.ShouldHaveSingleItem();
            (amendment.From, amendment.Until, amendment.FeeBefore, amendment.FeeAfter, amendment.Off, amendment.TakenBack)
                .ShouldBe((new DateOnly(2026, 4, 15), new DateOnly(2026, 10, 15), 19900, 17910, 1990, true));
            (amendment.CaseId, amendment.Number).ShouldBe((now.Id, 1));
            Settling.TermsOf(contract).FeeOn(new(2026, 5, 1)).ShouldBe(new Money(179_10, "CNY"));
            // As it was signed the contract's own row stays.
            contract.MonthlyFee.ShouldBe(19900);
        });
        await own.Drain();
        own.Mails(now.Contract.Mail).ShouldContain(m => m.Text.Contains("¥199.00 → ¥179.10"));
        using (var staff = await own.Browser(Role.Supervisor))
            (await staff.Get($"/customers/{now.Contract.CustomerId}")).Text.ShouldContain("¥19.90 off a month from Wed 15 Apr 2026 to Wed 14 Oct 2026");
        var tasks = (await now.Shown()).GetProperty("work").EnumerateArray().ToList();
        tasks.ShouldHaveSingleItem().GetProperty("english").GetString().ShouldBe("Enter the discount in billing");

        // Three full months of the discount later the customer ends the contract after all.
        await own.AdvanceDays(100);
        var later = await own.AnOfferCase(now.Contract);
        await later.Agent.Ok(HttpMethod.Post, $"/api/cases/{later.Id}/offer/skip");
        await own.Drain();
        var shown = await later.Shown();
        var ends = DateOnly.Parse(shown.GetProperty("case").GetProperty("effectiveOn").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
        var statement = JsonDocument.Parse(shown.GetProperty("settlement").GetProperty("statement").GetString()!).RootElement;
        var lines = statement.GetProperty("lines").EnumerateArray().ToDictionary(l => l.GetProperty("line").GetString()!, l => l);
        var full = Exeunt.Core.Calendar.BillingPeriods.FullMonths(new(2026, 4, 15), ends.AddDays(1));
        full.ShouldBeInRange(3, 5);
        lines["clawback.offer"].GetProperty("amount").GetString().ShouldBe(new Money(1990L * full, "CNY").ToString());
        lines["unusedPrepaid"].GetProperty("inputs").GetProperty("amount").GetString().ShouldBe("179.10");
        lines["etf"].GetProperty("inputs").GetRawText().ShouldContain("179.10");
        statement.GetProperty("inputs").GetProperty("contract").GetProperty("amendments")[0].GetProperty("off").GetString().ShouldBe("19.90 CNY");
    }

    [Fact]
    public async Task A_pause_a_plan_a_deferral_and_a_credit_change_what_they_say()
    {
        async Task<Contract> Accepted(object offer, string reason = "PRICE", long unpaid = 0)
        {
            var now = await app.AnOfferCase(reason: reason, unpaid: unpaid);
            await now.Make(offer);
            await now.Answer(true);
            return await app.With<AppDb, Contract>(db => db.Contracts.AsNoTracking().SingleAsync(c => c.Id == now.Contract.ContractId));
        }
        var paused = Settling.TermsOf(await Accepted(new { entry = "PAUSE", months = 3 }));
        (paused.TermEnd, paused.FeeOn(paused.Amendments![0].From)).ShouldBe((new DateOnly(2027, 3, 14), new Money(0, "CNY")));
        var smaller = Settling.TermsOf(await Accepted(new { entry = "DOWNGRADE", fee = "149.00" }));
        smaller.FeeInForce(smaller.Amendments![0].From.AddYears(1)).ShouldBe(new Money(149_00, "CNY"));
        var deferred = await Accepted(new { entry = "DEFERRED_PAYMENT", months = 2 }, "CUSTOMER/FINANCIAL", 1000_00);
        deferred.UnpaidDueOn.ShouldBe((await app.SystemCall()).Today("Asia/Shanghai").AddMonths(2));
        deferred.Amendments.Single().DueAfter.ShouldBe(deferred.UnpaidDueOn);
        var credited = await Accepted(new { entry = "CREDIT", amount = "80.00" }, "SERVICE");
        await app.With<AppDb>(async db =>
        {
            var order = await db.PaymentOrders.AsNoTracking().SingleAsync(o => o.CaseId == credited.Amendments.Single().CaseId);
            (order.Purpose, order.Direction, order.Amount, order.State).ShouldBe((PaymentPurpose.Offer, PaymentDirection.Refund, 80_00, PaymentState.Ordered));
            var postings = await db.Postings.AsNoTracking().Where(p => p.CaseId == order.CaseId).ToListAsync();
            postings.Select(p => (p.Account, p.Amount)).ShouldBe([("expense.goodwill", 80_00), ("settlement", -80_00)], ignoreOrder: true);
            await app.Drain();
            // The bank pays it, and the customer's account is even.
            await (await app.SignIn(Role.Finance)).Ok(HttpMethod.Post, "/api/bank-files", new { content = MoneyWorld.BankFile((-80_00, order.Reference)) });
            postings = await db.Postings.AsNoTracking().Where(p => p.CaseId == order.CaseId).ToListAsync();
            postings.Where(p => p.Account == "settlement").Sum(p => p.Amount).ShouldBe(0);
        });
    }

    [Fact]
    public async Task After_ninety_days_it_is_known_what_became_of_it()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var (kept, left, undone) = (await own.AnOfferCase(), await own.AnOfferCase(), await own.AnOfferCase());
        foreach (var one in new[] { kept, left, undone })
        {
            await one.Make(new { entry = "DISCOUNT", percent = 10, months = 6 });
            await one.Answer(true);
        }
        var technical = await own.SignIn(Role.Technical);
        foreach (var one in new[] { kept, left })
            foreach (var order in (await one.Shown()).GetProperty("work").EnumerateArray())
                await technical.Ok(HttpMethod.Post, $"/api/work-orders/{order.GetProperty("id").GetGuid()}/confirmation");
        await own.AdvanceDays(80);
        var gone = await own.AnOfferCase(left.Contract);
        await own.AdvanceDays(9);
        (await kept.Offer()).TryGetProperty("result", out _).ShouldBeFalse();
        await own.AdvanceDays(1);
        (await kept.Offer()).GetProperty("result").GetString().ShouldBe("Confirmed");
        (await undone.Offer()).GetProperty("result").GetString().ShouldBe("NotFulfilled");
        (await left.Offer()).GetProperty("result").GetString().ShouldBe("Lost");
        // Who took an offer and left is not offered the next one.
        var (code, on) = await gone.Agent.Problem(HttpMethod.Post, $"/api/cases/{gone.Id}/offer", new { entry = "PAUSE", months = 1 });
        code.ShouldBeOneOf("offer.cool-down", "offer.abuse");
        on.ShouldNotBeNull();

        var report = (await (await own.SignIn(Role.Analyst)).Ok(HttpMethod.Get, "/api/offers/report")).EnumerateArray().Single();
        (report.GetProperty("made").GetInt32(), report.GetProperty("accepted").GetInt32(), report.GetProperty("confirmed").GetInt32(), report.GetProperty("lost").GetInt32(), report.GetProperty("notFulfilled").GetInt32())
            .ShouldBe((3, 3, 1, 1, 1));
        (report.GetProperty("cost").GetInt64(), report.GetProperty("saved").GetInt64()).ShouldBe((3 * 119_40, 668_64));
        report.GetProperty("acceptance").GetProperty("low").GetDouble().ShouldBe(0.4385, 0.0001);
        using var analyst = await own.Browser(Role.Analyst);
        var page = await analyst.Get("/policies/offers/report");
        page.Text.ShouldContain("Discount (CNY) is accepted most often: 100.0 %, 3 of 3");
    }

    [Fact]
    public async Task Several_talks_of_a_case_are_kept_with_when_how_and_how_long()
    {
        var now = await app.AnOfferCase();
        var began = (await app.SystemCall()).BusinessNow.AddMinutes(-30);
        (await now.Agent.Problem(HttpMethod.Post, $"/api/cases/{now.Id}/talk", new { reason = "PRICE", minutes = 5, startedAt = began.AddHours(2) })).Code.ShouldBe("talk.started");
        await now.Agent.Ok(HttpMethod.Post, $"/api/cases/{now.Id}/talk", new { reason = "SERVICE/SLOW", channel = "visit", minutes = 25, words = "上门谈了 talk-two-canary", startedAt = began });
        using var agent = await app.Browser(Role.Agent);
        var page = await agent.Get($"/cases/{now.Id}");
        page.Text.ShouldContain("25 min");
        page.Text.ShouldContain("talk-two-canary");
        page.All("details summary").Count(s => s == "Record another talk").ShouldBe(1);
        (await app.PlacesWith("talk-two-canary")).ShouldBeEmpty();
        (await now.Shown()).GetProperty("history").EnumerateArray().Count(e => e.GetProperty("what").TryGetProperty("minutes", out _)).ShouldBe(2);
    }

    public sealed class OnSqlite(SqliteApp app) : OfferTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : OfferTests(app), IClassFixture<PostgresApp>;
}
