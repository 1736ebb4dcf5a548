using System.Net.Http.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.HandOvers;
using Exeunt.App.Features.Notifications;
using Exeunt.App.Features.Staff;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Offboarding;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.HandOvers;

/// <summary>One customer changes hands, or is given up.</summary>
public abstract class HandOverTests(ExeuntApp app)
{
    private static string At(long customer, string what = "hand-over") => $"/api/customers/{customer}/{what}";

    private async Task<(CaseWorld.AContract Contract, Guid Old, Guid New)> AnOwnedCustomer(string language = "zh")
    {
        var (old, fresh) = (await app.Staff(Role.AccountManager, name: "old"), await app.Staff(Role.AccountManager, name: "new"));
        var contract = await app.AContractInForce(1200_00, language);
        await app.OwnedBy(contract.CustomerId, old);
        return (contract, old, fresh);
    }

    [Fact]
    public async Task Passes_a_customer_on_with_the_open_case_and_takes_the_clear_view_from_the_owner_before()
    {
        var (contract, old, fresh) = await AnOwnedCustomer();
        var (_, caseId, _) = await app.Applied(contract);
        (await app.TheCase(caseId)).AssignedTo.ShouldBe(StaffDirectory.IdOf(old));
        using var before = await app.Browser(Role.AccountManager, name: "old");
        await before.Get($"/customers/{contract.CustomerId}");
        var boss = await app.SignIn(Role.Supervisor);

        var shown = await boss.Ok(HttpMethod.Get, At(contract.CustomerId));
        var lines = shown.List("lines").ToList();
        lines.ShouldContain(l => l.Text("kind") == "Case" && l.GetProperty("ofOwner").GetBoolean() && l.Text("link") == $"/cases/{caseId}");
        lines.ShouldContain(l => l.Text("kind") == "Arrears" && l.GetProperty("amount").GetRawText().Contains("1200.00"));
        lines.ShouldContain(l => l.Text("kind") == "Contract");
        shown.List("candidates").Select(c => c.GetProperty("id").GetGuid()).ShouldContain(fresh);
        shown.List("candidates").Select(c => c.GetProperty("id").GetGuid()).ShouldNotContain(old);

        var done = await boss.Ok(HttpMethod.Post, At(contract.CustomerId), new { to = fresh, reason = "CustomerWish", words = "asked-for-her words-canary" });
        done.GetProperty("casesMoved").GetInt32().ShouldBe(1);
        (await app.TheCase(caseId)).AssignedTo.ShouldBe(StaffDirectory.IdOf(fresh));
        await app.ShouldFold(caseId);
        (await app.TheCustomer(contract.CustomerId)).OwnerId.ShouldBe(fresh);
        (await app.PlacesWith("words-canary")).ShouldBeEmpty();

        // The page that was open before does not help the owner before; the new one sees the data.
        (await before.Submit("form.reveal")).Status.ShouldBe(403);
        (await before.Get($"/customers/{contract.CustomerId}")).Document.QuerySelector("form.reveal").ShouldBeNull();
        using var after = await app.Browser(Role.AccountManager, name: "new");
        await after.Get($"/customers/{contract.CustomerId}");
        (await after.Submit("form.reveal")).Text.ShouldContain(contract.Phone);
        // Whoever has an open case of the customer sees them again, and a supervisor always does.
        (await boss.PostAsJsonAsync($"/api/cases/{caseId}/assignment", new { to = old })).EnsureSuccessStatusCode();
        (await before.Get($"/customers/{contract.CustomerId}")).Document.QuerySelector("form.reveal").ShouldNotBeNull();

        var line = (await (await app.SignIn(Role.Auditor)).Ok(HttpMethod.Get, At(contract.CustomerId, "owners"))).List("lines").ShouldHaveSingleItem();
        (line.Text("reason"), line.Text("words"), line.Text("state")).ShouldBe(("CustomerWish", "asked-for-her words-canary", "Done"));
        await app.With<AppDb>(async db =>
        {
            var told = await db.Notifications.AsNoTracking().Where(n => n.Number == $"{contract.CustomerId}").ToListAsync();
            told.Select(n => (n.To, n.Kind)).ShouldBe([(StaffDirectory.IdOf(fresh), NotificationKind.CustomersReceived), (StaffDirectory.IdOf(old), NotificationKind.CustomersGiven)], ignoreOrder: true);
        });
        using var bell = await app.Browser(Role.AccountManager, name: "new");
        (await bell.Get("/notifications")).Document.QuerySelector($"a[href='/customers/{contract.CustomerId}']").ShouldNotBeNull();
    }

    [Fact]
    public async Task Refuses_the_wrong_role_another_unit_and_a_wrong_successor()
    {
        var (contract, old, fresh) = await AnOwnedCustomer();
        var body = new { to = fresh, reason = "Rebalance" };
        (await (await app.SignIn(Role.AccountManager, name: "new")).Refused(At(contract.CustomerId), body)).ShouldBe("not-allowed");
        (await (await app.SignIn(Role.Administrator)).Refused(At(contract.CustomerId), body)).ShouldBe("not-allowed");
        (await (await app.SignIn(Role.Supervisor, "EAST")).Refused(At(contract.CustomerId), body)).ShouldBe("not-found");
        var boss = await app.SignIn(Role.Supervisor);
        (await boss.Refused(At(1), body)).ShouldBe("not-found");
        (await boss.Refused(At(contract.CustomerId), new { to = fresh })).ShouldBe("required");
        (await boss.Refused(At(contract.CustomerId), new { to = fresh, reason = "GivenUp" })).ShouldBe("required");
        (await boss.Refused(At(contract.CustomerId), new { to = fresh, reason = "Other" })).ShouldBe("required");
        (await boss.Refused(At(contract.CustomerId), new { reason = "Rebalance" })).ShouldBe("required");
        (await boss.Refused(At(contract.CustomerId), new { to = old, reason = "Rebalance" })).ShouldBe("hand-over.same-owner");
        (await boss.Refused(At(contract.CustomerId), new { to = await app.Staff(Role.Finance), reason = "Rebalance" })).ShouldBe("hand-over.not-an-owner");
        (await boss.Refused(At(contract.CustomerId), new { to = await app.Staff(Role.Agent, "EAST"), reason = "Rebalance" })).ShouldBe("hand-over.not-an-owner");
        (await boss.Refused(At(contract.CustomerId), new { to = Guid.NewGuid(), reason = "Rebalance" })).ShouldBe("hand-over.not-an-owner");
        var today = await app.Today();
        (await boss.Refused(At(contract.CustomerId), new { to = fresh, reason = "Rebalance", from = today.AddDays(-1) })).ShouldBe("hand-over.from");
        (await boss.Refused(At(contract.CustomerId), new { to = fresh, reason = "Rebalance", from = today.AddDays(366) })).ShouldBe("hand-over.from");
        (await app.ChangesOf(contract.CustomerId)).ShouldBeEmpty();
        // Sent twice under one key it happens once.
        boss.DefaultRequestHeaders.Add("Idempotency-Key", $"twice-{contract.CustomerId}");
        var first = await boss.Ok(HttpMethod.Post, At(contract.CustomerId), body);
        (await boss.Ok(HttpMethod.Post, At(contract.CustomerId), body)).GetProperty("id").GetGuid().ShouldBe(first.GetProperty("id").GetGuid());
        (await app.ChangesOf(contract.CustomerId)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Of_two_people_who_decide_at_once_one_is_told_to_look_again()
    {
        var (contract, _, fresh) = await AnOwnedCustomer();
        var other = await app.Staff(Role.Agent, name: "other");
        var (one, two) = (await app.SignIn(Role.Supervisor), await app.SignIn(Role.BranchHead));
        var version = (await one.Ok(HttpMethod.Get, At(contract.CustomerId))).GetProperty("version").GetInt32();
        var answers = await Task.WhenAll(
            one.PostAsJsonAsync(At(contract.CustomerId), new { to = fresh, reason = "Rebalance", version }), two.PostAsJsonAsync(At(contract.CustomerId), new { to = other, reason = "Rebalance", version }));
        answers.Count(a => a.IsSuccessStatusCode).ShouldBe(1);
        (await answers.Single(a => !a.IsSuccessStatusCode).Refusal()).ShouldBe("changed-meanwhile");
        (await app.ChangesOf(contract.CustomerId)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Waits_for_its_day_and_looks_again_then()
    {
        var (contract, old, fresh) = await AnOwnedCustomer();
        var leaver = await app.Staff(Role.Agent, name: "leaver");
        var boss = await app.SignIn(Role.Supervisor);
        var day = (await app.Today()).AddDays(3);
        var planned = (await boss.Ok(HttpMethod.Post, At(contract.CustomerId), new { to = leaver, reason = "Absence", from = day })).GetProperty("id").GetGuid();
        (await boss.Refused(At(contract.CustomerId), new { to = fresh, reason = "Absence" })).ShouldBe("hand-over.planned-already");
        await boss.Ok(HttpMethod.Post, At(contract.CustomerId, $"hand-over/{planned}/cancel"));
        (await boss.Refused(At(contract.CustomerId, $"hand-over/{planned}/cancel"))).ShouldBe("hand-over.not-planned");
        await boss.Ok(HttpMethod.Post, At(contract.CustomerId), new { to = leaver, reason = "Absence", from = day });
        (await app.TheCustomer(contract.CustomerId)).OwnerId.ShouldBe(old);
        // By its day the successor has left too.
        await app.With<StaffDb>(async staff =>
        {
            (await staff.Users.SingleAsync(m => m.Id == leaver)).IsDisabled = true;
            await staff.SaveChangesAsync();
        });
        await app.AdvanceDays(3);
        (await app.TheCustomer(contract.CustomerId)).OwnerId.ShouldBe(old);
        (await app.ChangesOf(contract.CustomerId)).Select(c => (c.State, c.Code)).ShouldBe([(OwnerChangeState.Cancelled, null), (OwnerChangeState.Refused, "hand-over.not-an-owner")], ignoreOrder: true);
        await boss.Ok(HttpMethod.Post, At(contract.CustomerId), new { to = fresh, reason = "Absence", from = (await app.Today()).AddDays(1) });
        await app.AdvanceDays(1);
        (await app.TheCustomer(contract.CustomerId)).OwnerId.ShouldBe(fresh);
    }

    private static object GiveUp(string alternative = "SharedDesk", Guid? successor = null, string reason = "SmallVolume", DateOnly? from = null) =>
        new { reason, grounds = "two orders a year grounds-canary", alternative, contact = "Service desk 400-800-1234", successor, from };

    [Theory]
    [InlineData("zh", "服务方式调整通知", "公共服务台")]
    [InlineData("en", "How we look after you from now on", "Our service desk")]
    public async Task Gives_a_customer_up_after_somebody_else_approved_and_takes_them_up_again(string language, string subject, string instead)
    {
        var (contract, old, fresh) = await AnOwnedCustomer(language);
        var boss = await app.SignIn(Role.BranchHead, name: "asks");
        var preview = await boss.Ok(HttpMethod.Post, At(contract.CustomerId, "giving-up/preview"), GiveUp());
        (preview.Text("language"), preview.Text("subject"), preview.GetProperty("needsApproval").GetBoolean()).ShouldBe((language, subject, true));
        preview.List("paragraphs").Select(p => p.GetString()!).ShouldContain(p => p.Contains(instead));
        // Who only looks sees the name masked; the customer reads it in full.
        preview.List("paragraphs").Select(p => p.GetString()!).ShouldAllBe(p => !p.Contains(contract.Name));
        (await app.With<AppDb, int>(db => db.GivingUps.CountAsync(g => g.CustomerId == contract.CustomerId))).ShouldBe(0);

        var asked = await boss.Ok(HttpMethod.Post, At(contract.CustomerId, "giving-up"), GiveUp());
        asked.Text("state").ShouldBe("Asked");
        var (path, digest) = ($"/api/giving-up/{asked.GetProperty("id").GetGuid()}", asked.Text("digest"));
        (await boss.Refused(At(contract.CustomerId, "giving-up"), GiveUp())).ShouldBe("hand-over.giving-up-open");
        (await boss.Refused(At(contract.CustomerId), new { to = fresh, reason = "Rebalance" })).ShouldBe("hand-over.giving-up-open");
        (await boss.Refused(path + "/decision", new { approved = true, digest })).ShouldBe("giving-up.own-request");
        (await (await app.SignIn(Role.Supervisor)).Refused(path + "/decision", new { approved = true, digest })).ShouldBe("not-allowed");
        (await (await app.SignIn(Role.BranchHead, "EAST")).Refused(path + "/decision", new { approved = true, digest })).ShouldBe("not-found");
        var other = await app.SignIn(Role.BranchHead, name: "approves");
        (await other.Refused(path + "/decision", new { approved = true, digest = "something else" })).ShouldBe("giving-up.not-what-was-shown");
        (await other.Refused(path + "/decision", new { approved = false, digest })).ShouldBe("required");
        using (var page = await app.Browser(Role.BranchHead, name: "approves"))
            (await page.Get("/today")).Document.QuerySelector($"a[href='/giving-up/{path[^36..]}']").ShouldNotBeNull();
        await other.Ok(HttpMethod.Post, path + "/decision", new { approved = true, digest, words = "agreed" });
        (await other.Refused(path + "/decision", new { approved = true, digest })).ShouldBe("giving-up.decided-already");

        var customer = await app.TheCustomer(contract.CustomerId);
        (customer.OwnerId, customer.GivenUpOn).ShouldBe((null, await app.Today()));
        await app.Drain();
        var mail = app.Mails(contract.Mail).ShouldHaveSingleItem();
        mail.Subject.ShouldBe(subject);
        mail.Text.ShouldContain("Service desk 400-800-1234");
        mail.Text.ShouldContain(contract.Name);
        mail.Text.ShouldContain(instead);
        mail.Attachments.Keys.ShouldHaveSingleItem().ShouldEndWith("-given-up.pdf");
        mail.Text.ShouldNotContain("grounds-canary");
        (await app.PlacesWith("grounds-canary")).ShouldBeEmpty();
        var document = (await other.Ok(HttpMethod.Get, path)).GetProperty("documentId").GetGuid();
        using (var page = await app.Browser(Role.Supervisor))
            (await page.Get($"/customers/{contract.CustomerId}/hand-over/letters/{document}")).ContentType.ShouldBe("application/pdf");
        using (var page = await app.Browser(Role.Supervisor, "EAST"))
            (await page.Get($"/customers/{contract.CustomerId}/hand-over/letters/{document}")).Status.ShouldBe(404);

        // The list finds it, the owner before sees nothing in clear, and somebody can take it up again.
        using var list = await app.Browser(Role.Supervisor);
        (await list.Get("/customers?care=GivenUp")).Document.QuerySelector($"a[href='/customers/{contract.CustomerId}']").ShouldNotBeNull();
        (await boss.Refused(At(contract.CustomerId, "giving-up"), GiveUp())).ShouldBe("giving-up.given-up-already");
        app.Advance(TimeSpan.FromSeconds(1));
        await boss.Ok(HttpMethod.Post, At(contract.CustomerId), new { to = fresh, reason = "CustomerWish" });
        (await app.ChangesOf(contract.CustomerId)).Select(c => (c.FromOwner, c.ToOwner, c.Reason)).ShouldBe([(old, null, HandOverReason.GivenUp), (null, fresh, HandOverReason.TakenUp)]);
        (await app.TheCustomer(contract.CustomerId)).GivenUpOn.ShouldBeNull();
        (await list.Get("/customers?care=GivenUp")).Document.QuerySelector($"a[href='/customers/{contract.CustomerId}']").ShouldBeNull();
    }

    [Fact]
    public async Task With_a_named_colleague_no_approval_is_needed()
    {
        var (contract, _, fresh) = await AnOwnedCustomer("en");
        var boss = await app.SignIn(Role.Supervisor);
        (await boss.Refused(At(contract.CustomerId, "giving-up"), GiveUp("Colleague"))).ShouldBe("giving-up.successor");
        (await boss.Refused(At(contract.CustomerId, "giving-up"), GiveUp(successor: fresh))).ShouldBe("giving-up.successor");
        (await boss.Refused(At(contract.CustomerId, "giving-up"), GiveUp("Colleague", fresh, "Other"))).ShouldBe("required");
        (await boss.Ok(HttpMethod.Post, At(contract.CustomerId, "giving-up"), GiveUp("Colleague", fresh))).Text("state").ShouldBe("Done");
        var customer = await app.TheCustomer(contract.CustomerId);
        (customer.OwnerId, customer.GivenUpOn).ShouldBe((fresh, null));
        await app.Drain();
        app.Mails(contract.Mail).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_running_case_needs_somebody_and_the_way_on_is_said()
    {
        var (contract, _, _) = await AnOwnedCustomer();
        var (_, caseId, _) = await app.Applied(contract);
        var boss = await app.SignIn(Role.Supervisor);
        var answer = await boss.PostAsJsonAsync(At(contract.CustomerId, "giving-up"), GiveUp());
        var no = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        no.Text("code").ShouldBe("giving-up.period-runs");
        no.Text("possibleOn").ShouldBe($"{(await app.TheCase(caseId)).EffectiveOn!.Value.AddDays(1):yyyy-MM-dd}");
        // Somebody else has the case: then it is looked after.
        (await boss.PostAsJsonAsync($"/api/cases/{caseId}/assignment", new { to = await app.Staff(Role.Agent, name: "takes") })).EnsureSuccessStatusCode();
        (await boss.Ok(HttpMethod.Post, At(contract.CustomerId, "giving-up/preview"), GiveUp())).GetProperty("needsApproval").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task What_forbids_it_by_its_day_stops_it()
    {
        var (contract, old, _) = await AnOwnedCustomer();
        var boss = await app.SignIn(Role.BranchHead, name: "asks");
        var asked = await boss.Ok(HttpMethod.Post, At(contract.CustomerId, "giving-up"), GiveUp(from: (await app.Today()).AddDays(2)));
        await (await app.SignIn(Role.BranchHead, name: "approves")).Ok(HttpMethod.Post, $"/api/giving-up/{asked.GetProperty("id").GetGuid()}/decision", new { approved = true, digest = asked.Text("digest") });
        (await app.TheCustomer(contract.CustomerId)).OwnerId.ShouldBe(old);
        await app.Applied(contract);
        await app.AdvanceDays(2);
        (await app.TheCustomer(contract.CustomerId)).OwnerId.ShouldBe(old);
        (await boss.Ok(HttpMethod.Get, $"/api/giving-up/{asked.GetProperty("id").GetGuid()}")).Text("state").ShouldBe("Refused");
    }

    [Fact]
    public async Task An_erased_customer_is_neither_handed_over_nor_given_up()
    {
        var (contract, _, fresh) = await AnOwnedCustomer();
        await app.Change(contract.CustomerId, c => c.ErasedAt = app.Time.GetUtcNow());
        var boss = await app.SignIn(Role.Supervisor);
        (await boss.Refused(At(contract.CustomerId), new { to = fresh, reason = "Rebalance" })).ShouldBe("hand-over.erased");
        (await boss.Refused(At(contract.CustomerId, "giving-up"), GiveUp())).ShouldBe("hand-over.erased");
        (await boss.Ok(HttpMethod.Get, At(contract.CustomerId))).GetProperty("isErased").GetBoolean().ShouldBeTrue();
    }

    public sealed class OnSqlite(SqliteApp app) : HandOverTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : HandOverTests(app), IClassFixture<PostgresApp>;
}
