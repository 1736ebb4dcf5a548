using System.Net;
using System.Text.Json;
using Exeunt.App.Tests.Harness;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests;

/// <summary>The server as a whole: it starts, answers every unknown address, and comes back after a stop.</summary>
public abstract class HostTests(ExeuntApp app)
{
    [Fact]
    public async Task Answers_an_unknown_address_with_a_problem()
    {
        using var client = app.Client();

        var answer = await client.GetAsync(new Uri("/api/no-such-thing", UriKind.Relative));

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        problem.GetProperty("type").GetString().ShouldBe("/problems/not-found");
        problem.GetProperty("status").GetInt32().ShouldBe(404);
    }

    [Fact]
    public async Task Answers_a_browser_at_an_unknown_address_with_a_page_in_its_language()
    {
        using var browser = app.Browser("zh-CN");

        var page = await browser.Get("/no-such-page");

        page.Status.ShouldBe(404);
        page.Text.ShouldContain("没有找到");
        page.Header("Content-Security-Policy").ShouldNotBeNull().ShouldContain("default-src 'none'");
    }

    [Theory]
    [InlineData("/listings?standard=a%00b")]
    [InlineData("/cases?reason=%00")]
    public async Task Refuses_a_character_in_an_address_that_no_text_can_hold(string path)
    {
        using var browser = await app.Browser(Exeunt.Core.Role.Supervisor);

        (await browser.Get(path)).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Starts_again_on_the_same_data()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var before = await own.Staff(Exeunt.Core.Role.Agent);

        await own.Restart();

        (await own.Staff(Exeunt.Core.Role.Agent)).ShouldBe(before);
    }

    public sealed class OnSqlite(SqliteApp app) : HostTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : HostTests(app), IClassFixture<PostgresApp>;
}
