using System.Net;
using System.Text;
using System.Text.Json;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Platform;

/// <summary>Every error is problem+json for programs and a page for people, and every answer has the security headers.</summary>
public abstract class ProblemsTests(ExeuntApp app)
{
    [Theory]
    [InlineData("GET", "/api/nothing", null, 404)]
    [InlineData("DELETE", "/api/me", null, 405)]
    [InlineData("POST", "/api/effects/not-an-id/retry", "{}", 404)]
    [InlineData("POST", "/api/sign-in", "{\"mail\":", 400)]
    [InlineData("POST", "/api/sign-in", "[1]", 400)]
    [InlineData("GET", "/api/me", null, 401)]
    [InlineData("POST", "/sign-out", null, 422)]
    [InlineData("GET", "/welcome/unknown", null, 404)]
    public async Task Answers_programs_with_a_problem(string method, string path, string? body, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");

        using var answer = await app.Client().SendAsync(request);

        ((int)answer.StatusCode).ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        problem.GetProperty("status").GetInt32().ShouldBe(status);
        problem.GetProperty("type").GetString().ShouldStartWith("/problems/");
        problem.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        Secured(answer);
    }

    [Theory]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("POST", "/sign-out", 422)]
    [InlineData("DELETE", "/sign-in", 405)]
    [InlineData("GET", "/welcome/unknown", 404)]
    public async Task Answers_people_with_a_page(string method, string path, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("Accept", "text/html");

        using var answer = await app.Client("zh").SendAsync(request);

        ((int)answer.StatusCode).ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        (await answer.Content.ReadAsStringAsync()).ShouldContain("lang=\"zh-CN\"");
        Secured(answer);
    }

    [Theory]
    [InlineData("{\"mail\":\"a\\u0000b\",\"password\":\"x\"}")]
    [InlineData("{\"password\":\"x\",\"mail\":\"a\\ud83d\"}")]
    public async Task Names_the_field_with_a_text_that_no_database_keeps(string body)
    {
        using var answer = await app.Client().PostAsync(new Uri("/api/sign-in", UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        (problem.GetProperty("code").GetString(), problem.GetProperty("field").GetString()).ShouldBe(("unreadable", "mail"));
    }

    [Fact]
    public async Task Refuses_a_form_with_a_text_that_no_database_keeps()
    {
        using var browser = await app.Browser(Role.Finance);
        await browser.Get("/money");

        // In parts, where the framework takes U+0000; of a form in one piece it takes none.
        var page = await browser.Submit("form[action='/money/bank-file']", new { content = "a\0b" });

        page.Status.ShouldBe(422);
        page.Text.ShouldContain("cannot be kept");
    }

    [Theory]
    [InlineData("/ui/portal.css")]
    [InlineData("/sign-in")]
    [InlineData("/health/live")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/openapi/index.html")]
    public async Task Sends_the_security_headers_with_everything(string path)
    {
        using var answer = await app.Client().GetAsync(new Uri(path, UriKind.Relative));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        Secured(answer);
    }

    [Theory]
    [InlineData("//evil.example/?lang=zh")]
    [InlineData("/%5Cevil.example/?lang=zh")]
    public async Task Never_leads_to_another_server(string path)
    {
        using var answer = await app.Client().GetAsync(new Uri(app.Url.ToString().TrimEnd('/') + path));

        (answer.Headers.Location?.OriginalString ?? "/").ShouldNotStartWith("//");
        (answer.Headers.Location?.OriginalString ?? "/").ShouldNotContain("\\");
    }

    [Fact]
    public async Task Is_ready_when_its_stores_answer()
    {
        using var answer = await app.Client().GetAsync(new Uri("/health/ready", UriKind.Relative));

        (await answer.Content.ReadAsStringAsync()).ShouldBe("""{"status":"ok","failed":[],"degraded":[]}""");
    }

    [Fact]
    public async Task Describes_the_api_with_its_roles_and_headers()
    {
        var document = JsonDocument.Parse(await app.Client().GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative))).RootElement;

        var invite = document.GetProperty("paths").GetProperty("/api/people").GetProperty("post");
        invite.GetProperty("security").GetArrayLength().ShouldBe(1);
        invite.GetProperty("description").GetString()!.ShouldContain(nameof(Role.Administrator));
        invite.GetProperty("parameters").EnumerateArray().Select(p => p.GetProperty("name").GetString()).ShouldContain("Idempotency-Key");
        invite.GetProperty("responses").TryGetProperty("422", out _).ShouldBeTrue();
        document.GetProperty("paths").EnumerateObject().ShouldAllBe(p => p.Name.StartsWith("/api/", StringComparison.Ordinal) || p.Name.StartsWith("/health/", StringComparison.Ordinal));
    }

    private static void Secured(HttpResponseMessage answer)
    {
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'; script-src 'self'; ");
        answer.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        answer.Headers.GetValues("Referrer-Policy").Single().ShouldBe("no-referrer");
        answer.Headers.Contains("Server").ShouldBeFalse();
        answer.Headers.CacheControl.ShouldNotBeNull();
    }

    public sealed class OnSqlite(SqliteApp app) : ProblemsTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : ProblemsTests(app), IClassFixture<PostgresApp>;
}
