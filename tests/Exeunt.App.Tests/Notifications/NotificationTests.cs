using System.Net.Http.Json;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Inbox;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Notifications;

/// <summary>Who is told what: with the change, in the console, by mail where wanted, without personal data.</summary>
public abstract class NotificationTests(ExeuntApp app)
{
    [Fact]
    public async Task Tells_whom_it_concerns_and_nobody_what_they_did_themselves()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var (customer, id, token) = await WaitsWorld.AProvenCase(own);
        var (agent, supervisor, finance) = (await own.SignIn(Role.Agent), await own.SignIn(Role.Supervisor), await own.SignIn(Role.Finance));
        (await agent.PostAsync($"/api/cases/{id}/take", null)).EnsureSuccessStatusCode();
        (await Kinds(agent)).ShouldBeEmpty("they took it themselves");
        (await supervisor.PostAsJsonAsync($"/api/cases/{id}/assignment", new { to = await own.Staff(Role.Supervisor) })).EnsureSuccessStatusCode();
        (await supervisor.PostAsJsonAsync($"/api/cases/{id}/assignment", new { to = await own.Staff(Role.Agent) })).EnsureSuccessStatusCode();
        (await customer.PostAsJsonAsync($"/api/progress/{token}/messages", new { text = "Where does it stand?" })).EnsureSuccessStatusCode();
        (await supervisor.PostAsync($"/api/cases/{id}/ask", null)).EnsureSuccessStatusCode();
        (await Kinds(agent)).ShouldBe(["Asked", "Message", "Assigned"]);
        (await Kinds(supervisor)).ShouldBeEmpty();

        (await agent.PostAsJsonAsync($"/api/cases/{id}/talk", new { reason = "PRICE", channel = "phone", minutes = 5 })).EnsureSuccessStatusCode();
        (await agent.PostAsync($"/api/cases/{id}/offer/skip", null)).EnsureSuccessStatusCode();
        await own.Drain();
        (await finance.PostAsJsonAsync($"/api/cases/{id}/approvals/return", new { text = "The deposit is missing." })).EnsureSuccessStatusCode();
        (await Kinds(agent))[0].ShouldBe("Returned");
    }

    [Fact]
    public async Task The_unanswered_message_waits_until_somebody_answers()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var (customer, id, token) = await WaitsWorld.AProvenCase(own);
        var agent = await own.SignIn(Role.Agent);
        (await customer.PostAsJsonAsync($"/api/progress/{token}/messages", new { text = "Hello?" })).EnsureSuccessStatusCode();
        (await own.With<AppDb, List<string>>(db => db.Waits.Where(w => w.CaseId == id).Select(w => w.What).ToListAsync())).ShouldContain("message");
        (await agent.PostAsJsonAsync($"/api/cases/{id}/messages", new { text = "We are on it." })).EnsureSuccessStatusCode();
        (await own.With<AppDb, List<string>>(db => db.Waits.Where(w => w.CaseId == id).Select(w => w.What).ToListAsync())).ShouldNotContain("message");
    }

    [Fact]
    public async Task Reads_one_or_all_and_leaves_those_of_others()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var (_, id, _) = await WaitsWorld.AProvenCase(own);
        var (agent, supervisor) = (await own.SignIn(Role.Agent), await own.SignIn(Role.Supervisor));
        (await supervisor.PostAsJsonAsync($"/api/cases/{id}/assignment", new { to = await own.Staff(Role.Agent) })).EnsureSuccessStatusCode();
        (await supervisor.PostAsync($"/api/cases/{id}/ask", null)).EnsureSuccessStatusCode();
        using var browser = await own.Browser(Role.Agent);
        (await browser.Get("/today")).Document.QuerySelector(".bell")!.GetAttribute("aria-label").ShouldBe("Notifications: 2 unread");
        var one = (await agent.GetFromJsonAsync<JsonElement>("/api/notifications")).GetProperty("lines")[0].GetProperty("id").GetInt64();
        ((int)(await supervisor.PostAsync($"/api/notifications/read?id={one}", null)).StatusCode).ShouldBe(404);
        (await agent.PostAsync($"/api/notifications/read?id={one}", null)).EnsureSuccessStatusCode();
        (await Kinds(agent, "?unread=true")).Count.ShouldBe(1);
        await browser.Get("/notifications");
        await browser.Submit("Mark all as read");
        (await Kinds(agent, "?unread=true")).ShouldBeEmpty();
        (await Kinds(agent)).Count.ShouldBe(2);
        (await browser.Get("/today")).Text.ShouldContain("was given to you", Case.Insensitive, "what changed since yesterday");
    }

    [Fact]
    public async Task Mails_only_what_is_wanted_and_names_nobody()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var (_, id, _) = await WaitsWorld.AProvenCase(own);
        var (agent, supervisor) = (await own.SignIn(Role.Agent), await own.SignIn(Role.Supervisor));
        var to = await own.Staff(Role.Agent);
        (await supervisor.PostAsJsonAsync($"/api/cases/{id}/assignment", new { to })).EnsureSuccessStatusCode();
        await own.Drain();
        own.Mails("agent.hq@test.example").ShouldBeEmpty();
        (await agent.PutAsJsonAsync("/api/notifications/wishes", new { inApp = new[] { "Message" }, byMail = new[] { "Asked" } })).EnsureSuccessStatusCode();
        (await supervisor.PostAsync($"/api/cases/{id}/ask", null)).EnsureSuccessStatusCode();
        await own.Drain();
        await own.Drain();

        var mail = own.Mails("agent.hq@test.example").Single();
        mail.Subject.ShouldContain("T-");
        mail.Text.ShouldContain($"/cases/{id}");
        mail.Text.ShouldNotContain("王");
        (await Kinds(agent)).ShouldBeEmpty("only messages are shown now");
    }

    private static async Task<List<string>> Kinds(HttpClient client, string query = "") =>
        [.. (await client.GetFromJsonAsync<JsonElement>("/api/notifications" + query)).GetProperty("lines").EnumerateArray().Select(l => l.GetProperty("kind").GetString()!)];

    public sealed class OnSqlite(SqliteApp app) : NotificationTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : NotificationTests(app), IClassFixture<PostgresApp>;
}
