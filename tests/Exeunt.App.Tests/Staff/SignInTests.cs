using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Staff;

/// <summary>Invitation, password, second factor, lock-out, and the end of access.</summary>
public abstract class SignInTests(ExeuntApp app)
{
    private const string Password = "four quiet words here";

    [Fact]
    public async Task Lets_an_invited_person_in_with_password_and_second_factor()
    {
        var (mail, link) = await Invite();
        using var browser = app.Browser();
        await browser.Get(link);
        (await browser.Submit("Set the password", new { fresh = "short", again = "short" })).Status.ShouldBe(422);
        await browser.Submit("Set the password", new { fresh = Password, again = Password });
        browser.Page.Path.ShouldBe("/account/second-factor");
        await browser.Submit("Set it up");
        var key = browser.Page.Of("code")!.Replace(" ", "", StringComparison.Ordinal);
        (await browser.Submit("Turn the second factor on", new { code = "000000" })).Status.ShouldBe(422);
        await browser.Submit("Turn the second factor on", new { code = Totp(key, 0) });
        var codes = browser.Page.All("li code");
        codes.Count.ShouldBe(10);
        (await app.Browser().Get(link)).Status.ShouldBe(404);

        using var second = app.Browser();
        await second.Get("/sign-in?back=/account");
        await second.Submit("Sign in", new { mail, password = Password });
        second.Page.Path.ShouldStartWith("/sign-in/code");
        (await second.Submit("Sign in", new { code = Totp(key, 0) })).Status.ShouldBe(422, "a code works once");
        await second.Submit("Sign in", new { code = codes[0] });
        second.Page.Path.ShouldBe("/account");

        (await SignIn(mail, Password, codes[0])).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, "a recovery code works once");
        (await SignIn(mail, Password)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await SignIn(mail, Password, codes[1])).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Answers_a_wrong_password_like_an_unknown_person()
    {
        var mail = await Person();
        var wrong = await SignIn(mail, "not the password");
        var unknown = await SignIn("nobody@test.example", "not the password");

        wrong.StatusCode.ShouldBe(unknown.StatusCode);
        Code(await wrong.Content.ReadAsStringAsync()).ShouldBe(Code(await unknown.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Locks_after_eight_failures_and_says_nothing_about_it()
    {
        var mail = await Person();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SignIn(mail, "not the password")));

        var locked = await SignIn(mail, Password);

        Code(await locked.Content.ReadAsStringAsync()).ShouldBe("sign-in-failed");
    }

    [Fact]
    public async Task Refuses_the_next_request_of_a_disabled_person()
    {
        var mail = await Person();
        using var api = app.Client();
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await Token(mail));
        using var browser = app.Browser();
        await browser.Get("/sign-in");
        await browser.Submit("Sign in", new { mail, password = Password });
        browser.Page.Path.ShouldBe("/today");
        await browser.Get("/account");
        var me = JsonDocument.Parse(await api.GetStringAsync(new Uri("/api/me", UriKind.Relative))).RootElement.GetProperty("id").GetGuid();

        using var administrator = await app.SignIn(Role.Administrator);
        (await administrator.PostAsJsonAsync($"/api/people/{me}/disable", new { })).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await api.GetAsync(new Uri("/api/me", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await browser.Submit("Save", new { language = "zh" })).Path.ShouldStartWith("/sign-in");
        (await SignIn(mail, Password)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Loses_a_withdrawn_role_with_the_next_request()
    {
        var mail = await Person(Role.Administrator);
        using var api = app.Client();
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await Token(mail));
        var me = JsonDocument.Parse(await api.GetStringAsync(new Uri("/api/me", UriKind.Relative))).RootElement.GetProperty("id").GetGuid();
        (await api.GetAsync(new Uri("/api/people", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var administrator = await app.SignIn(Role.Administrator);
        await administrator.PostAsJsonAsync($"/api/people/{me}/roles/withdraw", new { role = "Administrator", unit = "HQ" });

        (await api.GetAsync(new Uri("/api/people", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Keeps_a_branch_administrator_away_from_head_office()
    {
        var head = await app.Staff(Role.Administrator);
        await app.Staff(Role.Agent, "WEST");
        using var branch = await app.SignIn(Role.Administrator, "WEST");

        var reset = await branch.PostAsJsonAsync($"/api/people/{head}/reset", new { });
        var invited = await branch.PostAsJsonAsync("/api/people", new { mail = "x@test.example", role = "Finance", unit = "HQ" });

        Code(await reset.Content.ReadAsStringAsync()).ShouldBe("staff.outside-your-units");
        Code(await invited.Content.ReadAsStringAsync()).ShouldBe("unit.unknown");
    }

    [Fact]
    public async Task Keeps_authenticator_keys_out_of_the_database()
    {
        var (_, link) = await Invite();
        using var browser = app.Browser();
        await browser.Get(link);
        await browser.Submit("Set the password", new { fresh = Password, again = Password });
        await browser.Submit("Set it up");
        var key = browser.Page.Of("code")!.Replace(" ", "", StringComparison.Ordinal);

        app.FilesWith(System.Text.Encoding.UTF8.GetBytes(key)).ShouldBeEmpty();
    }

    private async Task<string> Person(Role role = Role.Agent)
    {
        var (mail, link) = await Invite(role);
        using var browser = app.Browser();
        await browser.Get(link);
        await browser.Submit("Set the password", new { fresh = Password, again = Password });
        browser.Page.Path.ShouldBe("/account/second-factor");
        return mail;
    }

    private async Task<(string Mail, string Link)> Invite(Role role = Role.Agent)
    {
        var mail = $"{Guid.NewGuid():N}@test.example";
        using var administrator = await app.Browser(Role.Administrator);
        await administrator.Get("/admin/people");
        await administrator.Submit("Add a person", new { mail, name = "New person", role = role.ToString(), unit = "HQ" });
        administrator.Page.Status.ShouldBe(200);
        return (mail, new Uri(administrator.Page.Of("#one-time-link")!).AbsolutePath);
    }

    private Task<HttpResponseMessage> SignIn(string mail, string password, string? code = null) =>
        app.Client().PostAsJsonAsync("/api/sign-in", new { mail, password, code });

    private async Task<string> Token(string mail) =>
        JsonDocument.Parse(await (await SignIn(mail, Password)).Content.ReadAsStringAsync()).RootElement.GetProperty("token").GetString()!;

    private static string? Code(string problem) => JsonDocument.Parse(problem).RootElement.GetProperty("code").GetString();

    /// <summary>RFC 6238, as an authenticator app computes it: SHA-1, thirty seconds, six digits, by the machine's clock.</summary>
    private static string Totp(string base32, int stepsAhead)
    {
        var bits = string.Concat(base32.Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        var key = Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2)).ToArray();
        var step = (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 30) + stepsAhead;
        var counter = BitConverter.GetBytes(step);
        Array.Reverse(counter);
#pragma warning disable CA5350 // RFC 6238 as every authenticator app does it.
        var hash = HMACSHA1.HashData(key, counter);
#pragma warning restore CA5350
        var at = hash[^1] & 15;
        var number = ((hash[at] & 127) << 24) | (hash[at + 1] << 16) | (hash[at + 2] << 8) | hash[at + 3];
        return $"{number % 1_000_000:000000}";
    }

    public sealed class OnSqlite(SqliteApp app) : SignInTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : SignInTests(app), IClassFixture<PostgresApp>;
}
