using System.Net.Http.Json;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Today;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Inbox;

/// <summary>What cases wait for, by role: in step with the cases, most urgent first, a page at a time.</summary>
public abstract class InboxTests(ExeuntApp app)
{
    [Fact]
    public async Task Follows_the_case_from_role_to_role()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var (_, id) = await AProvenCase(own);
        var (agent, finance, legal, technical) = (await own.SignIn(Role.Agent), await own.SignIn(Role.Finance), await own.SignIn(Role.Legal), await own.SignIn(Role.Technical));
        (await What(agent)).ShouldBe(["talk"]);
        (await What(finance)).ShouldBeEmpty();

        (await agent.PostAsJsonAsync($"/api/cases/{id}/talk", new { reason = "PRICE", channel = "phone", minutes = 5 })).EnsureSuccessStatusCode();
        (await What(agent)).ShouldBe(["offer"]);
        (await What(await own.SignIn(Role.Agent, name: "2"))).ShouldBeEmpty("the one who talked has the case");
        (await agent.PostAsync($"/api/cases/{id}/offer/skip", null)).EnsureSuccessStatusCode();
        await own.Drain();
        (await What(agent)).ShouldBeEmpty();
        (await What(finance)).ShouldBe(["approve"]);
        (await What(legal)).ShouldBe(["approve"]);

        (await agent.PostAsJsonAsync($"/api/cases/{id}/hold", new { reason = "legal" })).EnsureSuccessStatusCode();
        (await What(agent)).ShouldBe(["hold"]);
        (await agent.PostAsync($"/api/cases/{id}/resume", null)).EnsureSuccessStatusCode();
        var digest = await own.With<AppDb, string?>(db => db.Cases.Where(c => c.Id == id).Select(c => c.SettlementDigest).SingleAsync());
        (await finance.PostAsJsonAsync($"/api/cases/{id}/approvals/finance", new { digest })).EnsureSuccessStatusCode();
        (await What(finance)).ShouldBeEmpty();
        (await What(legal)).ShouldBe(["approve"]);

        await own.AdvanceDays(31);
        (await What(technical)).ShouldBe(["work-orders"]);
        await ShouldBeInStep(own);
    }

    [Fact]
    public async Task Is_not_asked_to_approve_what_one_asked_for()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var (_, id) = await AProvenCase(own);
        var agent = await own.SignIn(Role.Agent);
        (await agent.PostAsJsonAsync($"/api/cases/{id}/talk", new { reason = "PRICE", channel = "phone", minutes = 5 })).EnsureSuccessStatusCode();
        (await agent.PostAsync($"/api/cases/{id}/offer/skip", null)).EnsureSuccessStatusCode();
        await own.Drain();
        var (finance, other) = (await own.Staff(Role.Finance, name: "asker"), await own.SignIn(Role.Finance, name: "other"));
        await own.With<AppDb>(async db =>
        {
            var row = await db.Waits.SingleAsync(w => w.CaseId == id && w.Roles == WaitRow.BitOf(Role.Finance));
            row.Barred = $"staff:{finance:N}";
            db.Audit(await own.SystemCall(), "test.barred", "waits");
            await db.SaveChangesAsync();
        });

        (await What(await own.SignIn(Role.Finance, name: "asker"))).ShouldBeEmpty();
        (await What(other)).ShouldBe(["approve"]);
    }

    [Fact]
    public async Task Puts_the_most_urgent_first_and_pages_without_loss()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var agent = await own.SignIn(Role.Agent);
        var today = (await own.SystemCall()).Today(Clocks.CompanyZone);
        await own.With<AppDb>(async db =>
        {
            // Every third overdue, today, in three days, in thirty, without a date; two for each day.
            for (var i = 0; i < 120; i++)
                await WaitsWorld.AWait(db, i, (i % 5) switch { 0 => today.AddDays(-2), 1 => today, 2 => today.AddDays(3), 3 => today.AddDays(30), _ => null });
            db.Audit(await own.SystemCall(), "test.waits", "waits");
            await db.SaveChangesAsync();
        });
        var seen = new List<(string Number, string Urgency)>();
        var after = "";
        for (var page = 0; page < 5 && after is not null; page++)
        {
            var cases = (await agent.GetFromJsonAsync<JsonElement>($"/api/today?after={after}")).GetProperty("cases");
            if (page == 0)
                cases.GetProperty("groups").EnumerateArray().Select(g => (g.GetProperty("urgency").GetString(), g.GetProperty("count").GetInt32()))
                    .ShouldBe([("Overdue", 24), ("Today", 24), ("Week", 24), ("Later", 24), ("Undated", 24)]);
            seen.AddRange(cases.GetProperty("lines").EnumerateArray().Select(l => (l.GetProperty("number").GetString()!, l.GetProperty("urgency").GetString()!)));
            after = cases.TryGetProperty("next", out var next) ? next.GetString() : null;
        }
        seen.Count.ShouldBe(120);
        seen.Select(s => s.Number).Distinct().Count().ShouldBe(120);
        seen.Select(s => (int)Enum.Parse<Urgency>(s.Urgency)).ShouldBeInOrder();
        (await agent.GetFromJsonAsync<JsonElement>("/api/today?due=Week")).GetProperty("cases").GetProperty("lines").GetArrayLength().ShouldBe(24);
    }

    [Fact]
    public async Task Shows_a_unit_only_its_own()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var (head, east) = (await own.SignIn(Role.Agent), await own.SignIn(Role.Agent, "EAST"));
        await own.SignIn(Role.Agent, "WEST");
        await own.With<AppDb>(async db =>
        {
            var units = await db.Units.ToDictionaryAsync(u => u.Code, u => u.Id);
            for (var i = 0; i < 6; i++)
                await WaitsWorld.AWait(db, i, null, units[i % 3 == 0 ? "EAST" : "WEST"]);
            db.Audit(await own.SystemCall(), "test.waits", "waits");
            await db.SaveChangesAsync();
        });

        (await What(head)).Count.ShouldBe(6);
        (await What(east)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Rebuilt_it_equals_what_was_kept()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var (_, first) = await AProvenCase(own);
        await AProvenCase(own);
        var agent = await own.SignIn(Role.Agent);
        (await agent.PostAsJsonAsync($"/api/cases/{first}/hold", new { reason = "legal" })).EnsureSuccessStatusCode();
        var kept = await Rows(own);
        // A talk and the formalities of each, and the hold.
        kept.Count.ShouldBe(5);
        await ShouldBeInStep(own);

        // One lost, one too many, one wrong: found and put right.
        await own.With<AppDb>(async db =>
        {
            var rows = await db.Waits.ToListAsync();
            db.Waits.Remove(rows.Single(w => w.What == "hold"));
            rows.First(w => w.CaseId != first).AssignedTo = "staff:nobody";
            db.Waits.Add(new WaitRow { CaseId = first, Key = "ghost", What = "talk", DueAt = WaitRow.NoDate });
            db.Audit(await own.SystemCall(), "test.waits", "waits");
            await db.SaveChangesAsync();
        });
        (await Rebuild(own, onlyCheck: true)).Wrong.ShouldBe(2);
        (await Rebuild(own, onlyCheck: false)).Wrong.ShouldBe(2);
        (await Rows(own)).ShouldBe(kept);
        await own.With<AppDb>(async db =>
        {
            db.Waits.RemoveRange(await db.Waits.ToListAsync());
            db.Audit(await own.SystemCall(), "test.waits", "waits");
            await db.SaveChangesAsync();
        });
        await own.Restart();
        (await Rows(own)).ShouldBe(kept, "a start fills an empty inbox");
    }

    [Fact]
    public void Has_words_for_everything_a_case_can_wait_for() =>
        Enum.GetValues<Core.Procedures.StepKind>().Select(Core.Cases.ExitCase.CodeOf).Concat(["draft-decision", "proposal", "objection", "appeal", "message", "question", "dispute", "hold"])
            .Where(what => !Texts.Everything.ContainsKey("wait." + what)).ShouldBeEmpty();

    [Fact]
    public async Task The_page_groups_by_urgency_in_both_languages()
    {
        await using var own = await ExeuntApp.Start(app.On);
        await AProvenCase(own);
        using var browser = await own.Browser(Role.Agent, language: "zh");
        var page = await browser.Get("/today");
        page.Text.ShouldContain("与客户沟通");
        page.Text.ShouldContain("王**");
        page.Text.ShouldNotContain("王小芳");
        using var english = await own.Browser(Role.Supervisor);
        (await english.Get("/today?scope=Unit&due=Week")).Text.ShouldContain("Talk to the customer");
        (await english.Get("/today?due=Overdue")).All("a[href^='/cases/']").Count.ShouldBe(0);
    }

    /// <summary>What waits, but for the formalities, which stand open all the while.</summary>
    private static async Task<List<string>> What(HttpClient client) =>
        [.. (await client.GetFromJsonAsync<JsonElement>("/api/today")).GetProperty("cases").GetProperty("lines").EnumerateArray().Select(l => l.GetProperty("what").GetString()!).Where(w => w != "formalities")];

    /// <summary>A case of a customer who has proven who they are.</summary>
    private static async Task<(HttpClient Customer, Guid Id)> AProvenCase(ExeuntApp own)
    {
        var (customer, id, _) = await WaitsWorld.AProvenCase(own);
        return (customer, id);
    }

    private static Task<List<string>> Rows(ExeuntApp own) => own.With<AppDb, List<string>>(async db =>
        [.. (await db.Waits.AsNoTracking().ToListAsync()).Select(w => $"{w.CaseId}|{w.Key}|{w.What}|{w.Roles}|{w.UnitId}|{w.AssignedTo}|{w.DueAt:O}|{w.Priority}|{w.Since:O}|{w.Barred}").Order(StringComparer.Ordinal)]);

    private static async Task<RebuildWaits.Result> Rebuild(ExeuntApp own, bool onlyCheck) =>
        (await own.Do<RebuildWaits, RebuildWaits.Request, RebuildWaits.Result>(await own.SystemCall(), new(onlyCheck))).Value;

    private static async Task ShouldBeInStep(ExeuntApp own) => (await Rebuild(own, onlyCheck: true)).Wrong.ShouldBe(0);

    public sealed class OnSqlite(SqliteApp app) : InboxTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : InboxTests(app), IClassFixture<PostgresApp>;
}
