using System.Net.Http.Json;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Inbox;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Agenda;

/// <summary>The calendar: what ends and what is due, by permission; one's own as a file.</summary>
public abstract class AgendaTests(ExeuntApp app)
{
    [Fact]
    public async Task Shows_what_ends_and_what_is_due_on_its_day()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var (_, id, _) = await WaitsWorld.AProvenCase(own);
        var (on, number) = await own.With<AppDb, (DateOnly, string)>(async db => await db.Cases.Select(c => new ValueTuple<DateOnly, string>(c.EffectiveOn!.Value, c.Number)).SingleAsync());
        var (agent, trainer) = (await own.SignIn(Role.Agent), await own.SignIn(Role.Trainer));
        var today = (await own.SystemCall()).Today("Asia/Shanghai");

        var items = await Items(agent, today, on);
        items.ShouldContain(("Ends", $"{on:yyyy-MM-dd}", number));
        items.ShouldContain(i => i.Kind == "Due" && i.Name == number);
        (await Items(trainer, today, on)).ShouldBeEmpty();
        (await Items(agent, on.AddDays(1), on.AddDays(30))).ShouldBeEmpty();
        ((int)(await agent.GetAsync($"/api/calendar?from={on:yyyy-MM-dd}&until={on.AddDays(-1):yyyy-MM-dd}")).StatusCode).ShouldBe(422);

        using var browser = await own.Browser(Role.Agent, language: "zh");
        (await browser.Get($"/calendar?on={on:yyyy-MM-dd}")).Of($"td:has(time[datetime='{on:yyyy-MM-dd}']) a.kind-ends")!.ShouldContain(number);
        (await browser.Get($"/calendar?on={on:yyyy-MM-dd}&view=week")).Text.ShouldContain("解约：最后服务日");
        id.ShouldNotBe(Guid.Empty);
    }

    [Fact]
    public async Task Gives_one_s_own_as_a_file_without_names()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var (_, id, _) = await WaitsWorld.AProvenCase(own);
        await WaitsWorld.AProvenCase(own);
        var agent = await own.SignIn(Role.Agent);
        (await agent.PostAsync($"/api/cases/{id}/take", null)).EnsureSuccessStatusCode();
        using var browser = await own.Browser(Role.Agent);
        var client = own.Client();
        client.DefaultRequestHeaders.Add("Cookie", browser.Cookies.GetCookieHeader(own.Url));

        var file = await client.GetStringAsync("/calendar.ics");

        var number = await own.With<AppDb, string>(db => db.Cases.Where(c => c.Id == id).Select(c => c.Number).SingleAsync());
        file.ShouldStartWith("BEGIN:VCALENDAR\r\n");
        file.Split("BEGIN:VEVENT").Length.ShouldBe(3, "the last day of one's own case, and its talk");
        file.ShouldContain($"SUMMARY:{number}");
        file.ShouldNotContain("王");
        file.Split("\r\n").ShouldAllBe(l => System.Text.Encoding.UTF8.GetByteCount(l) <= 75);
    }

    private static async Task<List<(string Kind, string On, string Name)>> Items(HttpClient client, DateOnly from, DateOnly until) =>
        [.. (await client.GetFromJsonAsync<JsonElement>($"/api/calendar?from={from:yyyy-MM-dd}&until={until:yyyy-MM-dd}")).GetProperty("items").EnumerateArray()
            .Select(i => (i.GetProperty("kind").GetString()!, i.GetProperty("on").GetString()!, i.GetProperty("name").GetString()!))];

    public sealed class OnSqlite(SqliteApp app) : AgendaTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : AgendaTests(app), IClassFixture<PostgresApp>;
}
