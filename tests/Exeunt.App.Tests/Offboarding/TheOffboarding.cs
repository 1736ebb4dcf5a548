using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Facts;
using Exeunt.App.Features.Offboarding;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Procedures;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Exeunt.Core.Activity;
using Exeunt.Core.Procedures;
using Exeunt.Core.Retention;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Offboarding;

/// <summary>The company ends a relationship, with every branch, by the REST API alone.</summary>
public abstract class TheOffboarding(ExeuntApp app)
{
    [Fact]
    public async Task Goes_from_the_evidence_to_the_closed_case()
    {
        var it = await app.AnOffboarding();
        var view = await it.View();
        view.GetProperty("intact").GetBoolean().ShouldBeTrue();
        view.GetProperty("evidence").EnumerateArray().Select(e => e.GetProperty("kind").GetString()).ShouldBe(["Text", "File", "Fact", "Fact"]);
        view.GetProperty("evidenceDigest").GetString()!.Length.ShouldBe(64);

        // Nothing is checked or decided before the customer was heard.
        (await it.StepState("check")).ShouldBe("Waiting");
        (await (await it.Manager).Ok(HttpMethod.Get, it.Path("offboarding"))).GetProperty("canDraft").GetBoolean().ShouldBeFalse();
        await it.Notify();

        // The notice went out as a signed letter with a link of the customer's own.
        (await it.State()).ShouldBe("Scheduled");
        var letter = app.Mails(it.Contract.Mail).Single(m => m.Attachments.Keys.Any(k => k.EndsWith("-notice.pdf", StringComparison.Ordinal)));
        letter.Attachments.Single().Value.AsSpan(0, 5).ToArray().ShouldBe("%PDF-"u8.ToArray());
        await it.OpenLink();
        var open = (await it.Customer.Ok(HttpMethod.Get, $"/api/progress/{it.Token}")).GetProperty("open");
        open.GetProperty("rights").GetProperty("canObject").GetBoolean().ShouldBeTrue();
        open.GetProperty("canWithdraw").GetBoolean().ShouldBeFalse();
        open.GetRawText().ShouldNotContain("evidence-canary");
        // What was frozen can show others: the customer reads the reasons in the letter, and cannot fetch the photo.
        open.GetProperty("documents").EnumerateArray().Select(d => d.GetProperty("kind").GetString()).ShouldBe(["Notice"]);
        var photo = view.GetProperty("files").EnumerateArray().Single().GetProperty("documentId").GetGuid();
        using (var fetched = await it.Customer.GetAsync($"/api/progress/{it.Token}/documents/{photo}"))
            ((int)fetched.StatusCode).ShouldBe(404);
        (await it.Customer.Refused($"/api/progress/{it.Token}/withdrawal")).ShouldBe("offboarding.companys-own");

        // The last day is over: restrict, finish open orders, final bill, accounts, letter, money, certificate.
        await it.Effective();
        (await it.StepState("restrict")).ShouldBe("Active");
        await it.Work();
        (await it.StepState("wind-down")).ShouldBe("Active");
        var manager = await it.Manager;
        (await manager.Ok(HttpMethod.Post, it.Path("open-orders"), new { lines = "PO-1001, 1250.00\nPO-1002" })).GetProperty("orders").GetInt32().ShouldBe(2);
        (await manager.Refused(it.Path("open-orders"), new { lines = "PO-1003, many" })).ShouldBe("open-order.line");
        (await manager.Refused(it.Path("wind-down"))).ShouldBe("open-order.some-open");
        foreach (var (order, state) in (await it.View()).GetProperty("orders").EnumerateArray().Select(o => o.GetProperty("id").GetGuid()).Zip(["Finished", "Cancelled"]))
            await manager.Ok(HttpMethod.Post, it.Path($"open-orders/{order}"), new { state });
        await manager.Ok(HttpMethod.Post, it.Path("wind-down"));
        await app.Drain();
        await it.ApproveSettlement();
        await it.Work();
        (await it.State()).ShouldBe("WindingUp");
        var certificate = app.Mails(it.Contract.Mail).Single(m => m.Attachments.Keys.Any(k => k.EndsWith("-certificate.pdf", StringComparison.Ordinal)));
        if ((await it.Case()).GetProperty("settlementTotal").GetInt64() != 0)
            await it.Pay();
        await app.AdvanceDays(31);
        (await it.Outcome()).ShouldBe("Executed");
        await app.ShouldFold(it.Id);
        foreach (var canary in new[] { "likes-tea-canary", "canary road", it.Contract.Mail })
            (await app.PlacesWith(canary)).ShouldBeEmpty(canary);
        certificate.ShouldNotBeNull();

        // What was frozen and decided is only stored now: the page says so, and the data officer opens it for a reason.
        view = await it.View();
        view.GetProperty("locked").GetProperty("code").GetString().ShouldBe("data.locked");
        (view.GetProperty("evidence").GetArrayLength(), view.TryGetProperty("decision", out _)).ShouldBe((0, false));
        var page = (await (await app.Browser(Role.Supervisor, language: "en")).Get($"/cases/{it.Id}")).Text;
        page.ShouldContain($"/customers/{it.Contract.CustomerId}/locked");
        page.ShouldNotContain("evidence-canary");
        page.ShouldNotContain("Staff were threatened twice");
        (await (await app.SignIn(Role.DataOfficer)).Ok(HttpMethod.Post, it.Path("locked"), new { reason = "claim" })).GetProperty("written").EnumerateArray()
            .Single(w => w.GetProperty("kind").GetString() == "decision").GetProperty("words").GetString()!.ShouldContain("Staff were threatened twice");

        // Months later the effect is computed from the records.
        await app.AdvanceDays(31);
        var aftermath = await manager.Ok(HttpMethod.Get, it.Path("aftermath"));
        var effect = aftermath.GetProperty("effects").EnumerateArray().ShouldHaveSingleItem().GetProperty("effect");
        (effect.GetProperty("days").GetInt32(), effect.GetProperty("stillThere").GetBoolean(), effect.GetProperty("asIntended").GetBoolean()).ShouldBe((30, false, true));
    }

    [Fact]
    public async Task Is_not_opened_without_evidence_or_beside_another_case()
    {
        var contract = await app.AContractInForce();
        var manager = await app.SignIn(Role.AccountManager);
        await app.AddFacts(contract.CustomerId, FactKind.Complaint, (await app.Today()).AddDays(-20), 0, 6);
        (await manager.Refused("/api/offboardings", OffboardingWorld.Evidence(contract, facts: ["Complaints"], photo: false))).ShouldBe("evidence.complaints-alone");
        (await manager.Refused("/api/offboardings", OffboardingWorld.Evidence(contract, facts: [], photo: false))).ShouldBe("evidence.nothing-shown");
        (await manager.Refused("/api/offboardings", OffboardingWorld.Evidence(contract, "NO_GROUND"))).ShouldBe("offboarding.unknown-ground");
        (await manager.Refused("/api/offboardings", OffboardingWorld.Evidence(contract, "DANGER"))).ShouldBe("offboarding.unknown-ground");
        (await manager.Refused("/api/offboardings", new { customerId = contract.CustomerId, contractId = contract.ContractId, ground = "OFFBOARD_RISK", words = "x", files = new[] { new { name = "a.exe", content = "MZ-program"u8.ToArray() } } })).ShouldBe("evidence.no-paper");
        (await (await app.SignIn(Role.Agent)).Refused("/api/offboardings", OffboardingWorld.Evidence(contract))).ShouldBe("not-allowed");
        await manager.Ok(HttpMethod.Post, "/api/offboardings", OffboardingWorld.Evidence(contract));
        (await manager.Refused("/api/offboardings", OffboardingWorld.Evidence(contract))).ShouldBe("offboarding.other-case");
        await Set(contract, c => c.State = ContractState.Ended);
        (await manager.Refused("/api/offboardings", OffboardingWorld.Evidence(contract))).ShouldBe("case.contract-ended");
    }

    [Theory]
    [InlineData("Cleared")]
    [InlineData("ChangedTerms")]
    public async Task Ends_in_the_talk(string result)
    {
        var it = await app.AnOffboarding();
        (await (await it.Manager).Refused(it.Path("talk/conclusion"), new { result, words = "x" })).ShouldBe("case.talk-first");
        await it.Talk(result);
        (await it.Outcome()).ShouldBe("Saved");
        await app.With<AppDb>(async db =>
        {
            var contract = await db.Contracts.AsNoTracking().SingleAsync(c => c.Id == it.Contract.ContractId);
            (contract.State, contract.MonthlyFee).ShouldBe((ContractState.InForce, result == "ChangedTerms" ? 150_00 : 199_00));
        });
        await app.Drain();
        app.Mails(it.Contract.Mail).ShouldContain(m => m.Subject.Contains("合同继续"));
        await app.ShouldFold(it.Id);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Waits_for_an_improvement_that_a_person_judges(bool met)
    {
        var it = await app.AnOffboarding();
        var manager = await it.Manager;
        await manager.Ok(HttpMethod.Post, it.Path("talk"), new { reason = "CUSTOMER/FINANCIAL", channel = "visit", minutes = 10 });
        (await manager.Refused(it.Path("talk/conclusion"), new { result = "Improvement", words = "x" })).ShouldBe("case.agreement-first");
        var today = await app.Today();
        object Agreement(DateOnly until, object[]? targets = null) => new { untilOn = until, words = "付清欠款 cure-canary", consequence = "否则继续清退", targets = targets ?? [new { measure = "ArrearsAtMost", value = 0 }, new { measure = "ComplaintsAtMost", value = 1 }] };
        (await manager.Refused(it.Path("cure-agreement"), Agreement(today.AddDays(30), []))).ShouldBe("cure.targets-needed");
        (await manager.Refused(it.Path("cure-agreement"), Agreement(today.AddDays(400)))).ShouldBe("case.cure-date");
        await manager.Ok(HttpMethod.Post, it.Path("cure-agreement"), Agreement(today.AddDays(30)));
        await app.Drain();
        app.Mails(it.Contract.Mail).ShouldContain(m => m.Subject.Contains("整改约定"));
        await it.OpenLink();
        (await it.Customer.Ok(HttpMethod.Get, $"/api/progress/{it.Token}")).GetProperty("open").GetProperty("rights").GetProperty("agreement").GetProperty("targets").GetArrayLength().ShouldBe(2);
        (await manager.Refused(it.Path("cure-agreement/judgement"), new { met = false, words = "x" })).ShouldBe("cure.not-yet");
        (await it.StepState("check")).ShouldBe("Waiting");
        await Set(it.Contract, c => c.Unpaid = met ? 0 : 50_00);
        await app.AdvanceDays(31);
        var cure = (await it.View()).GetProperty("agreement");
        (cure.GetProperty("isOver").GetBoolean(), cure.GetProperty("reminded").GetBoolean()).ShouldBe((true, true));
        cure.GetProperty("targets").EnumerateArray().First().GetProperty("isMet").GetBoolean().ShouldBe(met);
        await manager.Ok(HttpMethod.Post, it.Path("cure-agreement/judgement"), new { met, words = "looked at the figures" });
        if (met)
            (await it.Outcome()).ShouldBe("Saved");
        else
            (await it.StepState("check")).ShouldBe("Active");
        await app.ShouldFold(it.Id);
    }

    [Fact]
    public async Task Is_decided_by_others_with_grounds_over_what_they_saw()
    {
        var it = await app.AnOffboarding("OFFBOARD_COMMERCIAL");
        await it.Talk();
        (await (await app.SignIn(Role.AccountManager)).Refused(it.Path("checks"), new { item = "evidence" })).ShouldBe("offboarding.not-your-step");
        (await (await it.Supervisor).Refused(it.Path("checks"), new { item = "no-such" })).ShouldBe("offboarding.unknown-item");
        await it.Check();
        var manager = await it.Manager;
        var today = await app.Today();
        (await manager.Refused(it.Path("decision"), new { codes = new[] { "A15" }, reasons = "r", effectiveOn = today.AddDays(5) })).ShouldBe("decision.too-early");
        foreach (var late in new[] { today.AddYears(4), DateOnly.MaxValue })
            (await manager.Refused(it.Path("decision"), new { codes = new[] { "A15" }, reasons = "r", effectiveOn = late })).ShouldBe("decision.too-late");
        (await manager.Refused(it.Path("decision"), new { codes = Array.Empty<string>(), reasons = "r" })).ShouldBe("decision.codes");
        (await manager.Refused(it.Path("decision"), new { codes = new[] { "A15" } })).ShouldBe("decision.reasons-needed");
        var first = (await manager.Ok(HttpMethod.Post, it.Path("decision"), new { codes = new[] { "A15" }, reasons = "Nothing was bought for two years." })).GetProperty("digest").GetString();
        var (head, legal) = (await it.Head, await it.Legal);
        (await head.Refused(it.Path("decision/approval"), new { digest = first })).ShouldBe("case.grounds-needed");
        (await head.Refused(it.Path("decision/approval"), new { digest = "other", words = "w" })).ShouldBe("case.approval-outdated");
        (await (await app.SignIn(Role.Finance)).Refused(it.Path("decision/approval"), new { digest = first, words = "w" })).ShouldBe("not-allowed");
        await head.Ok(HttpMethod.Post, it.Path("decision/approval"), new { digest = first, words = "I agree." });
        (await head.Refused(it.Path("decision/approval"), new { digest = first, words = "again" })).ShouldBe("case.approved-already");

        // Legal sends it back; a new draft by the head herself voids her approval, and she may not approve it.
        await legal.Ok(HttpMethod.Post, it.Path("decision/return"), new { text = "say which two years" });
        var second = (await head.Ok(HttpMethod.Post, it.Path("decision"), new { codes = new[] { "A15" }, reasons = "Nothing was bought in 2024 and 2025." })).GetProperty("digest").GetString();
        second.ShouldNotBe(first);
        (await head.Refused(it.Path("decision/approval"), new { digest = second, words = "mine" })).ShouldBe("case.own-request");
        await legal.Ok(HttpMethod.Post, it.Path("decision/approval"), new { digest = second, words = "Now it does." });
        (await it.StepState("decide")).ShouldBe("Active");
        await (await app.SignIn(Role.BranchHead, name: "second")).Ok(HttpMethod.Post, it.Path("decision/approval"), new { digest = second, words = "I looked at similar customers." });
        await app.Drain();
        // Thirty days of notice for a commercial reason, from the day of service.
        (await it.Case()).GetProperty("effectiveOn").GetString().ShouldBe(today.AddDays(30).ToString("yyyy-MM-dd"));
        await app.ShouldFold(it.Id);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Hears_an_objection_before_anything_takes_effect(bool upheld)
    {
        var it = await app.AnOffboarding();
        await it.Notify();
        await it.OpenLink();
        (await it.Customer.Refused($"/api/progress/{it.Token}/objection", new { })).ShouldBe("required");
        await it.Customer.Ok(HttpMethod.Post, $"/api/progress/{it.Token}/objection", new { text = "不是我 objection-canary" });
        (await it.Customer.Refused($"/api/progress/{it.Token}/objection", new { text = "again" })).ShouldBe("case.objected-already");
        (await app.Client().Refused($"/api/progress/{it.Token}/objection", new { text = "stranger" })).ShouldBe("case.code-first");

        // Undecided it stops the effective date.
        await it.Effective();
        await app.AdvanceDays(3);
        (await it.StepState("effective")).ShouldBe("Active");

        // Whoever took part does not decide.
        (await (await it.Head).Refused(it.Path("objection/decision"), new { upheld, words = "w" })).ShouldBe("case.decided-before");
        var outsider = await app.SignIn(Role.BranchHead, name: "outsider");
        (await outsider.Refused(it.Path("objection/decision"), new { upheld })).ShouldBe("required");
        await outsider.Ok(HttpMethod.Post, it.Path("objection/decision"), new { upheld, words = "I saw the recording." });
        (await outsider.Refused(it.Path("objection/decision"), new { upheld, words = "w" })).ShouldBe(upheld ? "case.closed" : "case.no-objection");
        await app.Drain();
        if (upheld)
        {
            (await it.Outcome()).ShouldBe("Refused");
            await app.With<AppDb>(async db => (await db.Contracts.AsNoTracking().SingleAsync(c => c.Id == it.Contract.ContractId)).State.ShouldBe(ContractState.InForce));
        }
        else
            (await it.StepState("restrict")).ShouldBe("Active");
        await app.ShouldFold(it.Id);
    }

    [Fact]
    public async Task Refuses_an_objection_after_its_time()
    {
        var it = await app.AnOffboarding();
        await it.Notify();
        await app.AdvanceDays(11);
        await it.OpenLink();
        (await it.Customer.Refused($"/api/progress/{it.Token}/objection", new { text = "late" })).ShouldBe("case.too-late-to-object");
    }

    [Fact]
    public async Task Turns_back_when_it_is_cured_in_the_wind_down()
    {
        var it = await app.AnOffboarding();
        await it.Notify();
        await it.Effective();
        await it.Work();
        (await it.StepState("wind-down")).ShouldBe("Active");
        await (await it.Manager).Ok(HttpMethod.Post, it.Path("cure"), new { text = "Everything was paid." });
        (await it.Outcome()).ShouldBe("Saved");
        await app.With<AppDb>(async db =>
        {
            var contract = await db.Contracts.AsNoTracking().SingleAsync(c => c.Id == it.Contract.ContractId);
            (contract.State, contract.LastServiceDay).ShouldBe((ContractState.InForce, null));
            // What was restricted is given back by an order of its own.
            (await db.WorkOrders.AsNoTracking().Where(w => w.CaseId == it.Id && w.DoneAt == null).Select(w => w.Task).ToListAsync()).ShouldBe(["undo-stop-new-orders"]);
        });
        await it.Work();
        await app.ShouldFold(it.Id);
    }

    [Fact]
    public async Task Does_not_turn_back_after_the_first_irreversible_step()
    {
        var it = await app.AnOffboarding();
        await it.Notify();
        await it.Effective();
        await it.Work();
        await (await it.Manager).Ok(HttpMethod.Post, it.Path("wind-down"));
        await app.Drain();
        (await it.StepState("accounts")).ShouldBe("Active");
        (await (await it.Manager).Refused(it.Path("cure"), new { text = "too late" })).ShouldBe("case.irreversible");
    }

    [Fact]
    public async Task Winds_down_until_a_person_ends_it_after_orders_and_work()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var general = GeneralProcedures.Offboarding;
        StepTask[] tasks = [new("tell-suppliers", new("Tell the suppliers", "通知供应商"), Role.Technical), new("collect-devices", new("Collect the devices", "收回设备"), Role.Technical)];
        await own.Publish(general with { Steps = [.. general.Steps.Select(s => s.Id == "wind-down" ? s with { Tasks = tasks } : s)] });
        var it = await own.AnOffboarding();
        await it.Notify();
        await it.Effective();
        await it.Work();
        var manager = await it.Manager;
        (await manager.Refused(it.Path("wind-down"))).ShouldBe("wind-down.work-open");
        await manager.Ok(HttpMethod.Post, it.Path("open-orders"), new { lines = "PO-7, 10.00" });

        // One waived, the last one confirmed: the customer's order is open, so the step is.
        var first = (await it.Shown()).GetProperty("work").EnumerateArray().First(w => !w.TryGetProperty("doneAt", out _)).GetProperty("id").GetGuid();
        await (await it.Supervisor).Ok(HttpMethod.Post, $"/api/work-orders/{first}/waiver", new { text = "There are none." });
        await it.Work();
        (await it.StepState("wind-down")).ShouldBe("Active");
        (await manager.Refused(it.Path("wind-down"))).ShouldBe("open-order.some-open");
        var order = (await it.View()).GetProperty("orders").EnumerateArray().Single().GetProperty("id").GetGuid();
        await manager.Ok(HttpMethod.Post, it.Path($"open-orders/{order}"), new { state = "Finished" });
        (await it.StepState("wind-down")).ShouldBe("Active");
        await manager.Ok(HttpMethod.Post, it.Path("wind-down"));
        (await it.StepState("wind-down")).ShouldBe("Done");
        await own.ShouldFold(it.Id);
    }

    [Fact]
    public async Task Keeps_the_last_day_that_was_agreed_with_the_customer()
    {
        var it = await app.AnOffboarding();
        var manager = await it.Manager;
        var today = await app.Today();
        await manager.Ok(HttpMethod.Post, it.Path("talk"), new { reason = "CUSTOMER/FINANCIAL", channel = "visit", minutes = 10 });
        await manager.Ok(HttpMethod.Post, it.Path("cure-agreement"),
            new { untilOn = today.AddDays(1), words = "付清欠款", consequence = "否则继续清退", targets = new[] { new { measure = "ArrearsAtMost", value = 0 } } });
        await app.Drain();
        await it.OpenLink();
        var agreed = today.AddDays(8);
        var digest = (await manager.Ok(HttpMethod.Post, it.Path("proposals"), new { endsOn = agreed })).GetProperty("digest").GetString();
        await it.Customer.Ok(HttpMethod.Post, $"/api/progress/{it.Token}/proposals/confirmation", new { digest });
        await app.AdvanceDays(2);
        await manager.Ok(HttpMethod.Post, it.Path("cure-agreement/judgement"), new { met = false, words = "looked at the figures" });
        await it.Check();

        (await it.View()).GetProperty("agreedOn").GetString().ShouldBe(agreed.ToString("yyyy-MM-dd"));
        object Decision(DateOnly? on) => new { codes = new[] { "A06" }, reasons = "Staff were threatened.", effectiveOn = on };
        (await manager.Refused(it.Path("decision"), Decision(agreed.AddDays(30)))).ShouldBe("decision.agreed-day");
        await it.Decide();

        // Served two days later with ten days to object, and still it ends on the day both signed.
        (await it.Case()).GetProperty("effectiveOn").GetString().ShouldBe(agreed.ToString("yyyy-MM-dd"));
        (await it.Case()).GetProperty("objectUntil").GetString().ShouldBe(today.AddDays(12).ToString("yyyy-MM-dd"));
        await app.With<AppDb>(async db => (await db.Contracts.AsNoTracking().SingleAsync(c => c.Id == it.Contract.ContractId)).LastServiceDay.ShouldBe(agreed));
        await app.ShouldFold(it.Id);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ends_at_once_and_is_reviewed_by_another(bool stands)
    {
        var contract = await app.AContractInForce();
        var head = await app.SignIn(Role.BranchHead);
        var told = app.Time.GetUtcNow() + await app.With<Exeunt.App.Platform.Clocks, TimeSpan>(c => Task.FromResult(c.Offset));
        object Ending(string ground = "DANGER", DateTimeOffset? at = null, string? to = "客户本人") => new
        {
            customerId = contract.CustomerId, contractId = contract.ContractId, ground, words = "持刀进入营业厅", codes = new[] { "A08" }, reasons = "On 16 March staff were attacked with a knife.", toldAt = at ?? told, toldTo = to,
            files = new[] { new { name = "police.pdf", content = MoneyWorld.Receipt } },
        };
        (await (await app.SignIn(Role.Agent)).Refused("/api/offboardings/immediate", Ending())).ShouldBe("not-allowed");
        (await head.Refused("/api/offboardings/immediate", Ending("OFFBOARD_COMMERCIAL"))).ShouldBe("offboarding.unknown-ground");
        (await head.Refused("/api/offboardings/immediate", Ending(at: told.AddHours(1)))).ShouldBe("spot.told-at");
        (await head.Refused("/api/offboardings/immediate", Ending(to: ""))).ShouldBe("required");
        var id = (await head.Ok(HttpMethod.Post, "/api/offboardings/immediate", Ending())).GetProperty("caseId").GetGuid();
        await app.Drain();
        var it = new AnOffboarding(app, contract, id);
        (await it.StepState("restrict")).ShouldBe("Active");
        app.Mails(contract.Mail).ShouldContain(m => m.Attachments.Keys.Any(k => k.EndsWith("-notice.pdf", StringComparison.Ordinal)));
        await it.Work();
        var digest = (await it.View()).GetProperty("decisionDigest").GetString();
        (await head.Refused(it.Path("decision/approval"), new { digest, words = "mine" })).ShouldBe("case.own-request");
        (await head.Refused(it.Path("decision/reversal"), new { text = "mine" })).ShouldBe("case.own-request");
        var legal = await it.Legal;
        if (stands)
        {
            await legal.Ok(HttpMethod.Post, it.Path("decision/approval"), new { digest, words = "The recording shows it." });
            await app.AdvanceDays(1);
            (await it.StepState("wind-down")).ShouldBe("Active");
        }
        else
        {
            await legal.Ok(HttpMethod.Post, it.Path("decision/reversal"), new { text = "It was somebody else." });
            (await it.Outcome()).ShouldBe("Refused");
            await app.With<AppDb>(async db =>
            {
                (await db.Contracts.AsNoTracking().SingleAsync(c => c.Id == contract.ContractId)).State.ShouldBe(ContractState.InForce);
                (await db.WorkOrders.AsNoTracking().Where(w => w.CaseId == id && w.DoneAt == null).Select(w => w.Task).ToListAsync()).ShouldBe(["undo-suspend-service"]);
            });
        }
        var register = await legal.Ok(HttpMethod.Get, "/api/spot-decisions");
        var row = register.GetProperty("rows").EnumerateArray().Single(r => r.TryGetProperty("caseId", out var c) && c.GetGuid() == id);
        row.GetProperty("stands").GetBoolean().ShouldBe(stands);
        row.GetProperty("toldTo").GetString().ShouldBe("客***");
        await app.ShouldFold(id);
    }

    [Fact]
    public async Task Records_a_refusal_at_admission_alike()
    {
        var contract = await app.AContractInForce();
        var supervisor = await app.SignIn(Role.Supervisor);
        var told = app.Time.GetUtcNow() + await app.With<Exeunt.App.Platform.Clocks, TimeSpan>(c => Task.FromResult(c.Offset));
        var unit = await app.With<AppDb, int>(db => db.Customers.Where(c => c.Id == contract.CustomerId).Select(c => c.UnitId).SingleAsync());
        var id = (await supervisor.Ok(HttpMethod.Post, "/api/admission-refusals", new { unitId = unit, ground = "UNLAWFUL_ACT", words = "假证件", toldAt = told, toldTo = "张三" })).GetProperty("id").GetGuid();
        (await (await app.SignIn(Role.BranchHead)).Ok(HttpMethod.Get, "/api/spot-decisions")).GetProperty("rows").EnumerateArray().Single(r => r.GetProperty("id").GetGuid() == id).GetProperty("mayReview").GetBoolean().ShouldBeTrue();
        await (await app.SignIn(Role.BranchHead)).Ok(HttpMethod.Post, $"/api/admission-refusals/{id}/review", new { stands = false, words = "The papers were real." });
        (await (await app.SignIn(Role.Legal)).Refused($"/api/admission-refusals/{id}/review", new { stands = true, words = "w" })).ShouldBe("spot.reviewed-already");
    }

    /// <summary>Counted from the day it was said, or from that of a review that came late.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    public async Task Forgets_who_was_refused_at_admission_when_the_schedule_keeps_evidence_no_longer(int reviewedAfter)
    {
        await using var own = await ExeuntApp.Start(app.On);
        var (id, told, subject) = await ARefusal(own);
        var first = Last(told);
        await own.With<AppDb>(async db =>
        {
            (await db.Effects.AsNoTracking().SingleAsync(e => e.Kind == ForgetSpot.Kind)).DueAt.ShouldBe(Clocks.StartOf(first.AddDays(1), Clocks.CompanyZone));
            var row = await db.Set<SpotDecision>().SingleAsync(s => s.Id == id);
            if (reviewedAfter > 0)
                (row.ReviewedBy, row.ReviewedAt, row.Stands) = ("staff:other", told.AddDays(reviewedAfter), true);
            db.Audit(await own.SystemCall(), "test.reviewed", $"spot:{id:N}");
            await db.SaveChangesAsync();
        });
        var last = Last(told.AddDays(reviewedAfter));
        await own.With<Clocks>(c => { c.Offset += TimeSpan.FromDays(first.DayNumber - Clocks.DateIn(told, Clocks.CompanyZone).DayNumber + 1); return Task.CompletedTask; });
        if (reviewedAfter > 0)
        {
            await own.Drain();
            (await Row()).Data.ShouldNotBeEmpty();
            await own.With<Clocks>(c => { c.Offset += TimeSpan.FromDays(last.DayNumber - first.DayNumber - 1); return Task.CompletedTask; });
            await own.Drain();
            (await Row()).Data.ShouldNotBeEmpty();
            await own.With<Clocks>(c => { c.Offset += TimeSpan.FromDays(1); return Task.CompletedTask; });
        }
        await own.Drain();

        var left = await Row();
        (left.Data.Length, left.Review, left.Ground).ShouldBe((0, null, "UNLAWFUL_ACT"));
        await own.With<KeyStore>(async keys => ((await keys.Find(subject, DataClass.Case, default)) is null, await keys.IsDead(subject, DataClass.Case, default)).ShouldBe((true, true)));
        await own.With<AppDb>(async db =>
        {
            (await db.Erasures.AsNoTracking().SingleAsync(e => e.CustomerId == subject)).Class.ShouldBe(DataClass.Case);
            (await db.AuditLog.AsNoTracking().Where(r => r.Target == $"spot:{id:N}" && r.Verb.StartsWith("erasure.")).OrderBy(r => r.Id).Select(r => r.Verb).ToListAsync()).ShouldBe(["erasure.recorded", "erasure.done"]);
            (await db.Effects.AsNoTracking().Where(e => e.State == EffectState.Parked).ToListAsync()).ShouldBeEmpty();
        });
        var shown = (await (await own.SignIn(Role.BranchHead)).Ok(HttpMethod.Get, "/api/spot-decisions")).GetProperty("rows").EnumerateArray().Single();
        (shown.TryGetProperty("words", out _), shown.TryGetProperty("toldTo", out _), shown.GetProperty("mayReview").GetBoolean()).ShouldBe((false, false, false));

        Task<SpotDecision> Row() => own.With<AppDb, SpotDecision>(db => db.Set<SpotDecision>().AsNoTracking().SingleAsync(s => s.Id == id));
    }

    [Fact]
    public async Task Stages_at_the_start_that_a_refusal_of_an_earlier_version_is_forgotten_once()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var (id, told, _) = await ARefusal(own);
        await own.With<AppDb>(db => db.Write(ct => db.Effects.Where(e => e.Kind == ForgetSpot.Kind).ExecuteDeleteAsync(ct), default));

        await own.Restart();
        await own.Restart();

        await own.With<AppDb>(async db =>
        {
            var staged = await db.Effects.AsNoTracking().SingleAsync(e => e.Kind == ForgetSpot.Kind);
            (staged.Read<ForgetSpot.What>().Id, staged.DueAt).ShouldBe((id, Clocks.StartOf(Last(told).AddDays(1), Clocks.CompanyZone)));
            (await db.AuditLog.AsNoTracking().CountAsync(r => r.Verb == "spot.forgetting-staged")).ShouldBe(1);
        });
    }

    [Fact]
    public async Task Reports_who_was_treated_otherwise()
    {
        foreach (var result in new[] { "Cleared", "Cleared", "GoesOn" })
        {
            var it = await app.AnOffboarding("OFFBOARD_RISK", unpaid: 77_00);
            await it.Talk(result);
        }
        var odd = await app.AnOffboarding("OFFBOARD_RISK", unpaid: 79_00);
        await odd.Notify();
        await odd.OpenLink();
        await odd.Customer.Ok(HttpMethod.Post, $"/api/progress/{odd.Token}/objection", new { text = "no" });
        await (await app.SignIn(Role.BranchHead, name: "outsider")).Ok(HttpMethod.Post, odd.Path("objection/decision"), new { upheld = true, words = "w" });
        var report = await (await app.SignIn(Role.Auditor)).Ok(HttpMethod.Get, "/api/treatment?ground=OFFBOARD_RISK");
        var group = report.GetProperty("groups").EnumerateArray().First(g => g.GetProperty("cases").GetArrayLength() >= 4);
        group.GetProperty("usual").GetString().ShouldBe("saved");
        group.GetProperty("otherwise").EnumerateArray().Select(c => c.GetProperty("id").GetGuid()).ShouldBe([odd.Id]);
        var csv = await (await app.Browser(Role.Auditor)).Get("/treatment.csv?ground=OFFBOARD_RISK");
        csv.Html.ShouldContain("refused,saved,yes");
    }

    [Fact]
    public async Task Gives_way_to_the_customers_own_ending_of_the_contract()
    {
        var it = await app.AnOffboarding();
        var (_, own, _) = await app.Applied(it.Contract);
        (await it.Outcome()).ShouldBe("Joined");
        (await it.Case()).GetProperty("joinedInto").GetGuid().ShouldBe(own);
        (await app.TheCase(own)).State.ShouldBe(Core.Cases.CaseState.Open);
        await app.ShouldFold(own);
        await app.ShouldFold(it.Id);
    }

    [Fact]
    public async Task Stands_once_its_notice_is_served_though_the_customer_applies()
    {
        var it = await app.AnOffboarding();
        await it.Notify();
        var (_, own, _) = await app.Applied(it.Contract);
        (await app.TheCase(own)).Outcome.ShouldBe(Core.Cases.CaseOutcome.Joined);
        (await it.State()).ShouldBe("Scheduled");
        await app.ShouldFold(it.Id);
    }

    private Task Set(CaseWorld.AContract which, Action<Contract> change) => app.With<AppDb>(async db =>
    {
        var contract = await db.Contracts.SingleAsync(c => c.Id == which.ContractId);
        change(contract);
        contract.Version++;
        db.Audit(await app.SystemCall(), "test.contract", $"contract:{contract.Id}");
        await db.SaveChangesAsync();
    });

    /// <summary>Somebody refused at admission, who is nobody's customer.</summary>
    private static async Task<(Guid Id, DateTimeOffset Told, long Subject)> ARefusal(ExeuntApp own)
    {
        var supervisor = await own.SignIn(Role.Supervisor);
        var told = (await own.SystemCall()).BusinessNow;
        var unit = await own.With<AppDb, int>(db => db.Units.OrderBy(u => u.Path.Length).Select(u => u.Id).FirstAsync());
        var id = (await supervisor.Ok(HttpMethod.Post, "/api/admission-refusals", new { unitId = unit, ground = "UNLAWFUL_ACT", words = "假证件", toldAt = told, toldTo = "张三" })).GetProperty("id").GetGuid();
        return (id, told, await own.With<AppDb, long>(db => db.Set<SpotDecision>().Where(s => s.Id == id).Select(s => s.Subject).SingleAsync()));
    }

    /// <summary>The last day of evidence of a risk.</summary>
    private static DateOnly Last(DateTimeOffset from) => RetentionSchedule.Of(DataCategory.RiskEvidence, [], Clocks.DateIn(from, Clocks.CompanyZone)).Until!.Value;

    public sealed class OnSqlite(SqliteApp app) : TheOffboarding(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : TheOffboarding(app), IClassFixture<PostgresApp>;
}
