using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Batches;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Inbox;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Batches;

/// <summary>One action for many cases: shown beforehand, each for itself, as the person who asked, never twice, stopped and gone on with.</summary>
public abstract class BatchTests(ExeuntApp app)
{
    [Fact]
    public async Task Does_what_it_says_beforehand_and_names_what_it_cannot()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var ids = new List<Guid>();
        for (var i = 0; i < 4; i++)
            ids.Add((await WaitsWorld.AProvenCase(own)).Id);
        var agent = await own.SignIn(Role.Agent);
        (await agent.PostAsJsonAsync($"/api/cases/{ids[0]}/hold", new { reason = "legal" })).EnsureSuccessStatusCode();

        var preview = await Post(agent, "/api/batches/preview", new { action = "Hold", argument = "legal", cases = ids });
        (preview.GetProperty("total").GetInt32(), preview.GetProperty("can").GetInt32()).ShouldBe((4, 3));
        preview.GetProperty("cannotBe")[0].GetProperty("code").GetString().ShouldBe("case.held-already");

        var batch = (await Post(agent, "/api/batches", new { action = "Hold", argument = "legal", cases = ids })).GetGuid();
        (await Get(agent, batch)).GetProperty("batch").GetProperty("state").GetString().ShouldBe("Running");
        await own.Drain();
        var done = await Get(agent, batch);
        (State(done), Number(done, "done"), Number(done, "refused")).ShouldBe(("Done", 3, 1));
        done.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("state").GetString()).Order().ShouldBe(["Done", "Done", "Done", "Refused"]);
        (await own.With<AppDb, int>(db => db.Cases.CountAsync(c => c.State == CaseState.Held))).ShouldBe(4);
        (await own.With<AppDb, List<string>>(db => db.CaseEvents.Where(e => e.Data.Contains("\"held\"")).Select(e => e.By).Distinct().ToListAsync())).Single().ShouldStartWith("staff:");

        (await (await own.SignIn(Role.Agent, name: "2")).GetAsync($"/api/batches/{batch}")).StatusCode.ShouldBe(HttpStatusCode.NotFound, "a batch is its owner's");
    }

    [Fact]
    public async Task Takes_all_that_a_filter_finds_and_no_more_than_one_may()
    {
        await using var own = await ExeuntApp.Start(app.On);
        await WaitsWorld.AProvenCase(own);
        await WaitsWorld.AProvenCase(own);
        var (agent, supervisor) = (await own.SignIn(Role.Agent), await own.SignIn(Role.Supervisor));
        var to = await own.Staff(Role.Agent);
        (await agent.PostAsJsonAsync("/api/batches", new { action = "Assign", argument = to, query = "who=nobody" })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await supervisor.PostAsJsonAsync("/api/batches", new { action = "Assign", argument = Guid.NewGuid(), query = "who=nobody" })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await supervisor.PostAsJsonAsync("/api/batches", new { action = "Hold", argument = "whim", query = "" })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await supervisor.PostAsJsonAsync("/api/batches", new { action = "Resume", query = "state=Closed" })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        var batch = (await Post(supervisor, "/api/batches", new { action = "Assign", argument = to, query = "who=nobody" })).GetGuid();
        await own.Drain();
        Number(await Get(supervisor, batch), "done").ShouldBe(2);
        (await own.With<AppDb, int>(db => db.Cases.CountAsync(c => c.AssignedTo == $"staff:{to:N}"))).ShouldBe(2);
    }

    [Fact]
    public async Task Gives_cases_only_to_somebody_who_may_handle_them()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var (_, id, _) = await WaitsWorld.AProvenCase(own);
        var supervisor = await own.SignIn(Role.Supervisor);
        foreach (var (to, code) in new (object, string)[]
        {
            (new { }, "required"), (new { to = Guid.NewGuid() }, "case.not-a-handler"), (new { to = await own.Staff(Role.Technical) }, "case.not-a-handler"),
            (new { to = await own.Staff(Role.Agent, unit: "NORTH") }, "case.not-a-handler"),
        })
        {
            using var answer = await supervisor.PostAsJsonAsync($"/api/cases/{id}/assignment", to);
            answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            (problem.GetProperty("code").GetString(), problem.GetRawText().Contains("\"to\"", StringComparison.Ordinal)).ShouldBe((code, true));
        }
        var north = await own.Staff(Role.Agent, unit: "NORTH");
        var preview = await Post(supervisor, "/api/batches/preview", new { action = "Assign", argument = north, cases = new[] { id } });
        (preview.GetProperty("can").GetInt32(), preview.GetProperty("cannotBe")[0].GetProperty("code").GetString()).ShouldBe((0, "case.not-a-handler"));
        var batch = (await Post(supervisor, "/api/batches", new { action = "Assign", argument = north, cases = new[] { id } })).GetGuid();
        await own.Drain();
        Number(await Get(supervisor, batch), "refused").ShouldBe(1);

        (await supervisor.PostAsJsonAsync($"/api/cases/{id}/assignment", new { to = await own.Staff(Role.Agent) })).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task Goes_on_after_a_stop_and_does_nothing_twice()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var ids = new List<Guid>();
        for (var i = 0; i < RunBatch.Cases + 5; i++)
            ids.Add((await WaitsWorld.AProvenCase(own)).Id);
        var agent = await own.SignIn(Role.Agent);
        var batch = (await Post(agent, "/api/batches", new { action = "Hold", argument = "legal", cases = ids })).GetGuid();
        // The first cases are done and the server stops before it has written down that they are.
        var person = (await own.CallOf(Role.Agent)).Actor;
        foreach (var id in ids.Order().Take(3))
            await own.With<BatchActions>(async actions => (await actions.Run(BatchAction.Hold, "legal", id,
                (await own.SystemCall()) with { Actor = person, IdempotencyKey = $"batch:{batch:N}:{id:N}" }, default)).ShouldBeNull());
        await own.Restart();

        await own.Drain();

        var done = await Get(await own.SignIn(Role.Agent), batch);
        (State(done), Number(done, "done"), Number(done, "refused")).ShouldBe(("Done", ids.Count, 0));
        (await own.With<AppDb, int>(db => db.CaseEvents.CountAsync(e => e.Data.Contains("\"held\"")))).ShouldBe(ids.Count);
    }

    [Fact]
    public async Task Cancelled_it_leaves_the_rest_and_loses_nothing_that_was_done()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var ids = new List<Guid>();
        for (var i = 0; i < 3; i++)
            ids.Add((await WaitsWorld.AProvenCase(own)).Id);
        var agent = await own.SignIn(Role.Agent);
        var batch = (await Post(agent, "/api/batches", new { action = "Hold", argument = "legal", cases = ids })).GetGuid();
        var first = ids.Order().First();
        var person = (await own.CallOf(Role.Agent)).Actor;
        await own.With<BatchActions>(async actions => (await actions.Run(BatchAction.Hold, "legal", first,
            (await own.SystemCall()) with { Actor = person, IdempotencyKey = $"batch:{batch:N}:{first:N}" }, default)).ShouldBeNull());
        (await agent.PostAsync($"/api/batches/{batch}/cancel", null)).EnsureSuccessStatusCode();
        (await agent.PostAsync($"/api/batches/{batch}/cancel", null)).StatusCode.ShouldBe(HttpStatusCode.Conflict);

        await own.Drain();

        var view = await Get(agent, batch);
        State(view).ShouldBe("Cancelled");
        view.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("state").GetString()).ShouldBe(["Done", "Left", "Left"]);
        (await own.With<AppDb, int>(db => db.Cases.CountAsync(c => c.State == CaseState.Held))).ShouldBe(1);
    }

    [Fact]
    public async Task Acts_with_the_roles_its_owner_has_when_it_runs()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var (_, id, _) = await WaitsWorld.AProvenCase(own);
        var agent = await own.SignIn(Role.Agent);
        var batch = (await Post(agent, "/api/batches", new { action = "Hold", argument = "legal", cases = new[] { id } })).GetGuid();
        await own.With<Exeunt.App.Features.Staff.StaffDb>(async staff =>
        {
            (await staff.Users.SingleAsync(u => u.DisplayName == "Agent")).IsDisabled = true;
            await staff.SaveChangesAsync();
        });

        await own.Drain();

        (await own.With<AppDb, string?>(db => db.BatchItems.Select(i => i.Code).SingleAsync())).ShouldBe("not-allowed");
        (await own.With<AppDb, CaseState>(db => db.Cases.Where(c => c.Id == id).Select(c => c.State).SingleAsync())).ShouldNotBe(CaseState.Held);
        batch.ShouldNotBe(Guid.Empty);
    }

    [Fact]
    public async Task Works_on_the_pages_without_script()
    {
        await using var own = await ExeuntApp.Start(app.On);
        await WaitsWorld.AProvenCase(own);
        await WaitsWorld.AProvenCase(own);
        using var browser = await own.Browser(Role.Agent);
        var list = await browser.Get("/cases");
        var ids = list.Document.QuerySelectorAll("input.choose").Select(i => i.GetAttribute("value")!).ToList();
        ids.Count.ShouldBe(2);

        var check = await browser.Submit("Go on…", new { action = "Hold", @case = ids[0] });
        check.Text.ShouldContain("Why");
        check = await browser.Submit("See what will happen", new { reason = "legal" });
        check.Text.ShouldContain("hold: 1 of 1 cases");
        await browser.Submit("Start");
        await own.Drain();
        (await browser.Get("/cases?state=Held")).All("tbody tr").Count.ShouldBe(1);
    }

    private static async Task<JsonElement> Post(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private static async Task<JsonElement> Get(HttpClient client, Guid batch) => await client.GetFromJsonAsync<JsonElement>($"/api/batches/{batch}");

    private static string? State(JsonElement view) => view.GetProperty("batch").GetProperty("state").GetString();

    private static int Number(JsonElement view, string name) => view.GetProperty("batch").GetProperty(name).GetInt32();

    public sealed class OnSqlite(SqliteApp app) : BatchTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : BatchTests(app), IClassFixture<PostgresApp>;
}
