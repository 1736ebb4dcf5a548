using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.HandOvers;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Offboarding;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.HandOvers;

/// <summary>Everything one person looks after passes to others.</summary>
public abstract class PortfolioTests(ExeuntApp app)
{
    private static int _people;

    private sealed record APlan(Guid Id, Guid Leaver, Guid One, Guid Two, IReadOnlyList<long> Customers, HttpClient Boss, string Name)
    {
        public string Path => $"/api/hand-overs/plans/{Id}";
    }

    private async Task<APlan> Planned(int count, object? more = null)
    {
        var n = $"{Interlocked.Increment(ref _people)}";
        var (leaver, one, two) = (await app.Staff(Role.AccountManager, name: "leaver" + n), await app.Staff(Role.AccountManager, name: "one" + n), await app.Staff(Role.Agent, name: "two" + n));
        var customers = await app.CustomersOf(leaver, count);
        var boss = await app.SignIn(Role.Supervisor, name: "boss" + n);
        var today = await app.Today();
        var made = await boss.Ok(HttpMethod.Post, $"/api/hand-overs/people/{leaver}", more ?? new { reason = "Departure", successors = new[] { one, two }, visitBy = today.AddDays(10) });
        made.GetProperty("total").GetInt32().ShouldBe(count);
        return new(made.GetProperty("id").GetGuid(), leaver, one, two, customers, boss, n);
    }

    private static JsonElement Standing(JsonElement plan) => plan.GetProperty("standing");

    private static int Of(JsonElement plan, string what) => Standing(plan).GetProperty(what).GetInt32();

    /// <summary>Runs effects one part at a time.</summary>
    private Task RunPart(Guid plan) => app.With<IServiceProvider>(async services =>
    {
        var db = services.GetRequiredService<AppDb>();
        var effect = await db.Effects.SingleAsync(e => e.Kind == RunPlan.Kind && e.State == EffectState.Waiting && e.Payload.Contains(plan.ToString()));
        (await services.GetRequiredService<RunPlan>().Run(effect, await app.SystemCall(), default)).State.ShouldBe(EffectState.Done);
        (effect.State, effect.Fence) = (EffectState.Done, effect.Fence + 1);
        await db.SaveChangesAsync();
    });

    [Fact]
    public async Task Two_hundred_customers_pass_over_with_letters_visits_and_progress()
    {
        var it = await Planned(200);
        var shown = await it.Boss.Ok(HttpMethod.Get, it.Path);
        // Ten VIPs wait for a person; all others are shared evenly.
        (Of(shown, "unassigned"), Of(shown, "visitsPlanned"), shown.Text("stage")).ShouldBe((10, 10, "Draft"));
        shown.List("successors").Select(s => s.GetProperty("customers").GetInt32()).ShouldBe([95, 95]);
        (await it.Boss.Refused(it.Path + "/start")).ShouldBe("portfolio.unassigned");
        await it.Boss.Ok(HttpMethod.Post, it.Path + "/change", new { allUnassigned = true, successor = it.One });
        (await it.Boss.Refused($"/api/hand-overs/people/{it.Leaver}", new { reason = "Departure" })).ShouldBe("portfolio.exists");
        (await it.Boss.Refused(it.Path + "/close")).ShouldBe("portfolio.not-draft");
        await it.Boss.Ok(HttpMethod.Post, it.Path + "/start");
        (await it.Boss.Refused(it.Path + "/start")).ShouldBe("portfolio.not-draft");
        var seen = new List<int> { Of(await it.Boss.Ok(HttpMethod.Get, it.Path), "moved") };
        for (var part = 0; part < 4; part++)
        {
            await RunPart(it.Id);
            seen.Add(Of(await it.Boss.Ok(HttpMethod.Get, it.Path), "moved"));
        }
        seen.ShouldBe([0, 50, 100, 150, 200]);
        await app.Drain();
        shown = await it.Boss.Ok(HttpMethod.Get, it.Path);
        (shown.Text("stage"), Of(shown, "moved"), Of(shown, "lettersMailed"), Of(shown, "lettersToPost"), Of(shown, "lettersWaiting")).ShouldBe(("Moved", 200, 180, 20, 0));
        await app.With<AppDb>(async db =>
        {
            (await db.Customers.CountAsync(c => c.OwnerId == it.Leaver)).ShouldBe(0);
            (await db.OwnerChanges.CountAsync(c => c.PlanId == it.Id && c.State == OwnerChangeState.Done)).ShouldBe(200);
            (await db.Notifications.CountAsync(n => n.Path == $"/hand-overs/plans/{it.Id}")).ShouldBe(3);
        });
        app.Mails().Count(m => m.Attachments.Keys.Any(k => k.EndsWith("-new-contact.pdf", StringComparison.Ordinal)) && it.Customers.Any(c => m.To.Contains($"c{c}@"))).ShouldBe(180);
        (await it.Boss.Refused(it.Path + "/close")).ShouldBe("portfolio.not-done");

        // Visits: the new owner's, not a stranger's; with who was there and how it went.
        var visits = (await it.Boss.Ok(HttpMethod.Get, it.Path + "?show=Visits")).List("items").Select(i => i.GetProperty("position").GetInt32()).ToList();
        visits.Count.ShouldBe(10);
        var owner = await app.SignIn(Role.AccountManager, name: "one" + it.Name);
        var today = await app.Today();
        var made = new { on = today, present = "Li, Wang present-canary", outcome = "Accepted", minutes = "agreed on a call each month" };
        (await (await app.SignIn(Role.Agent, name: "two" + it.Name)).Refused($"{it.Path}/items/{visits[0]}/visit", made)).ShouldBe("portfolio.not-your-visit");
        (await (await app.SignIn(Role.Agent, name: "stranger")).Refused($"{it.Path}/items/{visits[0]}/visit", made)).ShouldBe("not-found");
        (await owner.Refused($"{it.Path}/items/{visits[0]}/visit", new { on = today.AddDays(1), present = "x", outcome = "Accepted", minutes = "m" })).ShouldBe("portfolio.visit-day");
        (await owner.Refused($"{it.Path}/items/{visits[0]}/visit", new { on = today, present = "x", outcome = "Accepted" })).ShouldBe("required");
        await owner.Ok(HttpMethod.Post, $"{it.Path}/items/{visits[0]}/visit", made);
        (await owner.Refused($"{it.Path}/items/{visits[0]}/visit", made)).ShouldBe("portfolio.no-visit");
        (await app.PlacesWith("present-canary")).ShouldBeEmpty();
        await owner.Ok(HttpMethod.Post, $"{it.Path}/items/{visits[1]}/visit", new { declined = true, minutes = "wants no visit" });
        // Overdue visits show; a visit is waived by somebody else only.
        await app.AdvanceDays(11);
        Of(await it.Boss.Ok(HttpMethod.Get, it.Path), "visitsOverdue").ShouldBe(8);
        (await it.Boss.Refused($"{it.Path}/items/{visits[2]}/waive", new { part = "Visit", words = "no time" })).ShouldBe("portfolio.own-waiver");
        var head = await app.SignIn(Role.BranchHead, name: "head" + it.Name);
        (await head.Refused($"{it.Path}/items/{visits[2]}/waive", new { part = "Visit" })).ShouldBe("required");
        foreach (var visit in visits.Skip(2))
            await head.Ok(HttpMethod.Post, $"{it.Path}/items/{visit}/waive", new { part = "Visit", words = "moved away" });
        (await it.Boss.Refused(it.Path + "/close")).ShouldBe("portfolio.not-done");
        foreach (var letter in (await it.Boss.Ok(HttpMethod.Get, it.Path + "?show=ToPost")).List("items").Select(i => i.GetProperty("position").GetInt32()).ToList())
            await it.Boss.Ok(HttpMethod.Post, $"{it.Path}/items/{letter}/posted");
        await it.Boss.Ok(HttpMethod.Post, it.Path + "/close");
        (await it.Boss.Ok(HttpMethod.Get, it.Path)).Text("stage").ShouldBe("Closed");
    }

    [Fact]
    public async Task A_stop_in_the_middle_of_a_part_moves_nobody_twice()
    {
        var it = await Planned(60);
        await it.Boss.Ok(HttpMethod.Post, it.Path + "/change", new { allUnassigned = true, successor = it.Two });
        await it.Boss.Ok(HttpMethod.Post, it.Path + "/start");
        // The part is worked out and the process dies before it saves.
        await app.With<IServiceProvider>(async services =>
        {
            var effect = await services.GetRequiredService<AppDb>().Effects.AsNoTracking().SingleAsync(e => e.Kind == RunPlan.Kind && e.Payload.Contains(it.Id.ToString()));
            await services.GetRequiredService<RunPlan>().Run(effect, await app.SystemCall(), default);
        });
        Of(await it.Boss.Ok(HttpMethod.Get, it.Path), "moved").ShouldBe(0);
        await RunPart(it.Id);
        // The same part comes again under another key, as if its end had been lost.
        await app.With<AppDb>(async db =>
        {
            db.Enqueue(new Effect { Kind = RunPlan.Kind, Key = $"again|{it.Id:N}", Payload = JsonSerializer.Serialize(new RunPlan.Part(it.Id), Json.Plain), Clock = EffectClock.Real, DueAt = app.Time.GetUtcNow() });
            await db.SaveChangesAsync();
        });
        await app.Drain();
        await app.With<AppDb>(async db =>
        {
            (await db.OwnerChanges.Where(c => c.PlanId == it.Id).GroupBy(c => c.CustomerId).Select(g => g.Count()).ToListAsync()).ShouldBe(Enumerable.Repeat(1, 60));
            var plan = await db.PortfolioPlans.AsNoTracking().SingleAsync(p => p.Id == it.Id);
            (plan.Stage, plan.Moved, plan.Left).ShouldBe((PlanStage.Moved, 60, 0));
        });
    }

    [Fact]
    public async Task Customers_who_were_erased_or_are_somebody_elses_by_now_are_left_and_said()
    {
        var it = await Planned(6);
        await it.Boss.Ok(HttpMethod.Post, it.Path + "/change", new { allUnassigned = true, successor = it.One });
        var two = (await it.Boss.Ok(HttpMethod.Get, it.Path)).List("items").Where(i => i.GetProperty("successorId").GetGuid() == it.Two).Select(i => i.GetProperty("customerId").GetInt64()).ToList();
        await it.Boss.Ok(HttpMethod.Post, it.Path + "/start");
        var mine = it.Customers.Except(two).ToList();
        await app.Change(mine[0], c => c.ErasedAt = app.Time.GetUtcNow());
        await app.OwnedBy(mine[1], it.Two);
        await app.With<StaffDb>(async staff =>
        {
            (await staff.Users.SingleAsync(m => m.Id == it.Two)).IsDisabled = true;
            await staff.SaveChangesAsync();
        });
        await app.Drain();
        var shown = await it.Boss.Ok(HttpMethod.Get, it.Path + "?show=Left");
        var why = shown.List("items").ToDictionary(i => i.GetProperty("customerId").GetInt64(), i => i.Text("code"));
        why[mine[0]].ShouldBe("hand-over.erased");
        why[mine[1]].ShouldBe("portfolio.not-theirs-any-more");
        two.ShouldAllBe(c => why[c] == "hand-over.not-an-owner");
        (Of(shown, "moved"), Of(shown, "left"), Of(shown, "stillTheirs")).ShouldBe((6 - 2 - two.Count, 2 + two.Count, two.Count));
        // What is left is handed over one by one; then the plan can be closed.
        foreach (var customer in two)
            await it.Boss.Ok(HttpMethod.Post, $"/api/customers/{customer}/hand-over", new { to = it.One, reason = "Departure" });
        Of(await it.Boss.Ok(HttpMethod.Get, it.Path), "stillTheirs").ShouldBe(0);
    }

    [Fact]
    public async Task Who_sees_and_changes_a_plan()
    {
        var it = await Planned(5);
        (await (await app.SignIn(Role.AccountManager, name: "one" + it.Name)).Refused(it.Path + "/start")).ShouldBe("not-allowed");
        (await (await app.SignIn(Role.Supervisor, "EAST")).Refused(it.Path + "/start")).ShouldBe("not-found");
        (await (await app.SignIn(Role.Supervisor, "EAST")).Refused($"/api/hand-overs/people/{it.Leaver}", new { reason = "Departure" })).ShouldBe("portfolio.nothing");
        (await it.Boss.Refused(it.Path + "/change", new { positions = new[] { 1 }, successor = await app.Staff(Role.Finance) })).ShouldBe("hand-over.not-an-owner");
        (await it.Boss.Refused(it.Path + "/change", new { positions = new[] { 1 }, successor = it.Leaver })).ShouldBe("hand-over.same-owner");
        (await it.Boss.Refused(it.Path + "/change", new { positions = new[] { 99 }, successor = it.One })).ShouldBe("portfolio.nothing-chosen");
        await it.Boss.Ok(HttpMethod.Post, it.Path + "/change", new { allUnassigned = true, successor = it.One, visit = false });
        await it.Boss.Ok(HttpMethod.Post, it.Path + "/start");
        await app.Drain();
        var mine = (await (await app.SignIn(Role.AccountManager, name: "one" + it.Name)).Ok(HttpMethod.Get, it.Path)).List("items").ToList();
        mine.ShouldAllBe(i => i.GetProperty("successorId").GetGuid() == it.One);
        mine.Count.ShouldBeLessThan(5);
        using var stranger = await app.Browser(Role.Agent, name: "stranger");
        (await stranger.Get($"/hand-overs/plans/{it.Id}")).Status.ShouldBe(404);
        (await stranger.Get("/hand-overs")).Status.ShouldBe(403);
    }

    [Fact]
    public async Task An_account_is_not_disabled_while_customers_hang_on_it_unless_access_must_end_at_once()
    {
        var leaver = await app.Staff(Role.AccountManager, name: "disabled");
        await app.CustomersOf(leaver, 3);
        var admin = await app.SignIn(Role.Administrator);
        (await admin.Refused($"/api/people/{leaver}/disable")).ShouldBe("staff.owns-customers");
        await admin.Ok(HttpMethod.Post, $"/api/people/{leaver}/disable?anyway=true");
        var boss = await app.SignIn(Role.Supervisor);
        var person = (await boss.Ok(HttpMethod.Get, "/api/hand-overs")).List("people").Single(p => p.GetProperty("id").GetGuid() == leaver);
        (person.GetProperty("isDisabled").GetBoolean(), person.GetProperty("customers").GetInt32(), person.GetProperty("vip").GetInt32()).ShouldBe((true, 3, 1));
    }

    [Fact]
    public async Task A_customer_who_leaves_within_a_year_of_the_owners_departure_is_marked()
    {
        var (leaver, next) = (await app.Staff(Role.AccountManager, name: "gone"), await app.Staff(Role.AccountManager, name: "next"));
        var contract = await app.AContractInForce();
        await app.OwnedBy(contract.CustomerId, leaver);
        var boss = await app.SignIn(Role.Supervisor, name: "marks");
        var plan = (await boss.Ok(HttpMethod.Post, $"/api/hand-overs/people/{leaver}", new { reason = "Departure", successors = new[] { next }, visitShare = 0 })).GetProperty("id").GetGuid();
        await boss.Ok(HttpMethod.Post, $"/api/hand-overs/plans/{plan}/start");
        await app.Drain();
        (await boss.Ok(HttpMethod.Get, $"/api/hand-overs/plans/{plan}")).List("gone").ShouldBeEmpty();
        var (_, caseId, _) = await app.Applied(contract);
        (await boss.Ok(HttpMethod.Get, $"/api/hand-overs/plans/{plan}")).List("gone").ShouldHaveSingleItem().GetProperty("caseId").GetGuid().ShouldBe(caseId);
        using var page = await app.Browser(Role.Supervisor);
        (await page.Get($"/cases/{caseId}")).Text.ShouldContain("An owner left on");
        (await page.Get($"/customers/{contract.CustomerId}")).Text.ShouldContain("An owner left on");
    }

    public sealed class OnSqlite(SqliteApp app) : PortfolioTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : PortfolioTests(app), IClassFixture<PostgresApp>;
}
