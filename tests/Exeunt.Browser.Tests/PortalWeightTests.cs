using System.Globalization;
using System.Net.Http.Json;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Exeunt.Browser.Tests;

/// <summary>
/// Every page a customer meets, on a phone, in both languages, with scripts switched off: it works, loads only the two styles of the
/// portal, and is at most 60 KB as it is sent. Axe needs scripts and looks in a second window.
/// </summary>
[Collection(nameof(InBrowser))]
public sealed class PortalWeightTests(BrowserFixture browser, ITestOutputHelper output)
{
    private const int Most = 60 * 1024;

    [Theory]
    [InlineData("zh")]
    [InlineData("en")]
    public async Task Every_page_works_without_scripts_and_is_light(string language)
    {
        await using var plain = await browser.Open(BrowserFixture.Phone, language, javaScript: false);
        await using var looked = await browser.Open(BrowserFixture.Phone, language);
        var weights = new List<(string Page, int Html, int Styles)>();
        var styles = await Styles();

        // The page that is shown, or another: measured as sent, then looked at with scripts.
        async Task Look(string name, string? path = null)
        {
            path ??= new Uri(plain.Page.Url).PathAndQuery;
            var answer = await plain.Goto(path);
            answer.Status.ShouldBe(200, path);
            var headers = await answer.AllHeadersAsync();
            headers.ContainsKey("content-encoding").ShouldBeFalse($"{name}: pages hold secrets beside what was typed and are not compressed");
            headers["cache-control"].ShouldContain("no-store");
            (await plain.Page.Locator("script").CountAsync()).ShouldBe(0, name);
            var loaded = await plain.Page.Locator("link[rel=stylesheet]").EvaluateAllAsync<string[]>("l => l.map(x => new URL(x.href).pathname)");
            loaded.Select(l => l.Split('/')[^1]).ShouldBe(["parts.css", "portal.css"]);
            weights.Add((name, (await answer.BodyAsync()).Length, styles.Values.Sum()));
            await looked.Goto(path);
            await looked.Check($"light-{name}");
        }

        await Look("start", "/");
        await Look("verify", "/verify");
        await Look("terms", "/terms");
        await Look("terms-policy", "/terms/JY-01");
        await Look("follow", "/follow");

        // An application in four steps.
        var contract = await browser.App.AContractInForce(language: language);
        await Look("apply", "/apply");
        await plain.Page.FillAsync("[name=contractNumber]", contract.Number);
        await plain.Page.FillAsync("[name=name]", contract.Name);
        await plain.Page.FillAsync("[name=contact]", contract.Mail);
        await plain.Page.ClickAsync("main form button");
        await Look("apply-code");
        await plain.Page.FillAsync("[name=code]", await browser.Code(contract.Mail));
        await plain.Page.ClickAsync("main form button.btn-primary");
        await Look("apply-date");
        await plain.Page.ClickAsync(".pair button");
        await Look("apply-reason");
        await plain.Page.ClickAsync(".pair button:not([name=skip])");
        await Look("apply-check");
        await plain.Page.CheckAsync("input[name=confirmed]");
        await plain.Page.ClickAsync(".pair button");
        await plain.Page.WaitForURLAsync("**/receipt");
        var progress = new Uri(plain.Page.Url).AbsolutePath.Replace("/receipt", "", StringComparison.Ordinal);
        await looked.Page.Context.AddCookiesAsync([.. (await plain.Page.Context.CookiesAsync()).Where(c => c.Name.StartsWith("exeunt.", StringComparison.Ordinal)).Select(c => new Cookie { Name = c.Name, Value = c.Value, Url = browser.App.Options.Url })]);
        await Look("receipt");
        await Look("progress", progress);

        // An offer waits, and everything that leads on from the progress page.
        var id = await CaseOf(progress);
        using var agent = await browser.App.SignIn(Role.Agent);
        await (await agent.PostAsJsonAsync($"/api/cases/{id}/talk", new { reason = "PRICE/TOO_HIGH", words = "…", channel = "phone", minutes = 3 })).Done();
        await Look("progress-talked", progress);
        foreach (var page in new[] { "consequences", "negotiation", "details", "withdraw", "feedback", "data", "documents", "dates" })
            await Look(page, $"{progress}/{page}");

        // A complaint.
        await Look("feedback-start", "/feedback");
        await plain.Page.ClickAsync("a[href='/feedback/complaint']");
        await Look("feedback-about");
        await plain.Page.CheckAsync("[value=REFUND]");
        await plain.Page.ClickAsync("main form button");
        await Look("feedback-words");
        await plain.Page.FillAsync("[name=words]", language == "zh" ? "退款一直没有到账。" : "The refund never came.");
        await plain.Page.ClickAsync("main form button");
        await Look("feedback-answer");
        await plain.Page.CheckAsync("[value=Mail]");
        await plain.Page.FillAsync("[name=contact]", contract.Mail);
        await plain.Page.ClickAsync("main form button");
        await Look("feedback-check");
        await plain.Page.ClickAsync("main form button");
        await plain.Page.WaitForURLAsync("**/receipt");
        var own = new Uri(plain.Page.Url).AbsolutePath.Replace("/receipt", "", StringComparison.Ordinal);
        await Look("feedback-receipt");
        await Look("feedback-own", own);
        await Answer(await Newest(), language);
        await Look("feedback-answered", own);

        foreach (var (page, html, css) in weights.OrderByDescending(w => w.Html))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{language} {page,-20} {html,7} + {css,6} = {html + css,7} bytes"));
        weights.ShouldAllBe(w => w.Html + w.Styles <= Most);
    }

    [Theory]
    [InlineData("zh", BrowserFixture.Phone)]
    [InlineData("en", BrowserFixture.Desk)]
    public async Task Staff_find_and_answer_what_was_handed_in(string language, int width)
    {
        using var anybody = browser.App.Client(language);
        foreach (var kind in new[] { "Complaint", "Suggestion" })
            await (await anybody.PostAsJsonAsync("/api/feedback", new { kind, about = "PRICE", words = language == "zh" ? "账单看不懂" : "I cannot read the bill", by = "Mail", contact = "bill@customer.example" })).Done();
        await using var agent = await browser.Open(Role.Agent, width, language);
        await agent.Goto("/voice");
        await agent.Check("voice-list");
        await agent.Goto($"/voice/{await Newest()}");
        await agent.Check("voice-new");
        await agent.Page.ClickAsync("form[action$='/take'] button");
        await agent.Page.WaitForSelectorAsync("form[action$='/answer']");
        await agent.Check("voice-answer");
        await agent.Goto("/voice/new");
        await agent.Check("voice-record");
        await agent.Goto("/today");
        await agent.Check("voice-today");
    }

    private async Task<Guid> CaseOf(string progress)
    {
        using var client = browser.App.Client();
        return (await (await client.GetAsync("/api" + progress)).Done()).GetProperty("caseId").GetGuid();
    }

    private async Task<Guid> Newest()
    {
        using var agent = await browser.App.SignIn(Role.Agent);
        var rows = (await (await agent.GetAsync("/api/voice?state=Received")).Done()).GetProperty("rows").EnumerateArray();
        return rows.MaxBy(r => r.GetProperty("number").GetString(), StringComparer.Ordinal).GetProperty("id").GetGuid();
    }

    private async Task Answer(Guid id, string language)
    {
        using var agent = await browser.App.SignIn(Role.Agent);
        await (await agent.PostAsync($"/api/voice/{id}/take", null)).Done();
        await (await agent.PostAsJsonAsync($"/api/voice/{id}/answer", new { verdict = "Justified", remedies = new[] { "Apology", "Redo" }, grounds = "-", words = language == "zh" ? "很抱歉，今日已付款。" : "We are sorry. It is paid today." })).Done();
    }

    /// <summary>The two styles as they are sent to a browser that takes Brotli: the same for everybody, so they are compressed.</summary>
    private async Task<Dictionary<string, int>> Styles()
    {
        using var client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = System.Net.DecompressionMethods.None }) { BaseAddress = browser.App.Url };
        client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("br, gzip");
        var sent = new Dictionary<string, int>();
        foreach (var style in new[] { "parts.css", "portal.css" })
        {
            using var answer = await client.GetAsync("/ui/" + style);
            answer.Content.Headers.ContentEncoding.ShouldBe(["br"]);
            answer.Headers.Vary.ShouldContain("Accept-Encoding");
            sent[style] = (await answer.Content.ReadAsByteArrayAsync()).Length;
        }
        return sent;
    }
}
