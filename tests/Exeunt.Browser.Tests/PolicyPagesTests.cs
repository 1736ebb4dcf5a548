using Exeunt.Core;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Exeunt.Browser.Tests;

/// <summary>The editor of policies in a browser: what is typed at the left is said at the right, rows come and go in place.</summary>
[Collection(nameof(InBrowser))]
public sealed class PolicyPagesTests(BrowserFixture browser)
{
    [Theory]
    [InlineData("en", BrowserFixture.Desk)]
    [InlineData("zh", BrowserFixture.Phone)]
    [InlineData("zh", BrowserFixture.Desk)]
    public async Task Says_at_once_what_is_typed(string language, int width)
    {
        await using var window = await browser.Open(Role.Supervisor, width, language, name: language + width);
        var page = window.Page;
        var number = $"BR-{language}-{width}";
        await window.Goto("/policies/new");
        await page.FillAsync("#f-number", number);
        await page.FillAsync("#f-titleEnglish", "Broadband termination policy");
        await page.FillAsync("#f-titleChinese", "宽带解约政策");
        await page.SelectOptionAsync("[name='etf.kind']", "DECLINING");
        await page.FillAsync("[name='etf.initial']", "350.00 CNY");
        await page.FillAsync("[name='etf.perMonth']", "10.00 CNY");
        await Assertions.Expect(page.Locator("#words")).ToContainTextAsync("¥350.00");
        await page.FillAsync("[name='notice.count']", "x");
        await Assertions.Expect(page.Locator("#wrong")).ToBeVisibleAsync();
        await window.Shoot("policy-editor-wrong");
        await page.FillAsync("[name='notice.count']", "20");
        await Assertions.Expect(page.Locator("#words")).ToContainTextAsync("20");

        await page.ClickAsync("#section-handover > summary");
        await page.ClickAsync("[id='add-handOvers']");
        await page.FillAsync("[name='handOvers[0].code']", "router");
        await page.FillAsync("[name='handOvers[0].name.english']", "Router");
        await page.FillAsync("[name='handOvers[0].name.chinese']", "路由器");
        await page.FillAsync("[name='handOvers[0].price']", "180 CNY");
        await Assertions.Expect(page.Locator("#words")).ToContainTextAsync("¥180.00");
        await page.ClickAsync("[id='add-damagePrices']");
        await page.ClickAsync("[value='remove:damagePrices[0]']");
        await Assertions.Expect(page.Locator("[value='remove:damagePrices[0]']")).ToHaveCountAsync(0);
        await page.FillAsync("[name='example.fee']", "100");
        await Assertions.Expect(page.Locator("#policy-example")).ToContainTextAsync("¥100.00");
        await window.Check("policy-editor");

        await page.ClickAsync(".save-bar [value='save']");
        await page.WaitForURLAsync($"**/policies/{number}/1/edit?saved=1");
        await window.Check("policy-editor-saved");
        await page.ClickAsync(".save-bar [value='submit']");
        await page.WaitForURLAsync($"**/policies/{number}/1");
        await window.Check("policy-in-sign-off");
        await using var head = await browser.Open(Role.BranchHead, width, language);
        await head.Goto($"/policies/{number}/1");
        await head.Check("policy-to-sign");
        await head.Goto("/policies");
        await head.Check("policy-list");
    }

    [Fact]
    public async Task Keeps_what_is_marked_while_its_form_is_renewed()
    {
        await using var window = await browser.Open(Role.Supervisor, name: "marks");
        var page = window.Page;
        await window.Goto("/policies/new");
        await page.FillAsync("[name='notice.count']", "42");
        await page.EvaluateAsync("document.querySelector('#policy-fields').dataset.old = 'yes'");
        var answered = new TaskCompletionSource();
        await page.RouteAsync("**/*", async route =>
        {
            if (route.Request.Method == "POST")
                await answered.Task;
            await route.ContinueAsync();
        });
        // Another choice asks the server for the fields anew; while it thinks, the person marks what they want to replace.
        await page.SelectOptionAsync("[name='renewal.kind']", "FIXED");
        await page.Locator("[name='notice.count']").SelectTextAsync();
        answered.SetResult();
        await page.WaitForSelectorAsync("#policy-fields:not([data-old])");
        await page.Keyboard.TypeAsync("7");
        await Assertions.Expect(page.Locator("[name='notice.count']")).ToHaveValueAsync("7");
    }

    [Fact]
    public async Task Sets_the_general_policy_and_its_next_version_side_by_side()
    {
        await using (var window = await browser.Open(Role.Legal, name: "compare"))
        {
            await window.Goto("/policies/JY-01/1");
            await window.Page.ClickAsync("#revise");
            await window.Page.WaitForURLAsync("**/policies/JY-01/2/edit");
            await window.Page.FillAsync("[name='etf.pct']", "15%");
            await window.Page.FillAsync("[name='notice.count']", "20");
            await Assertions.Expect(window.Page.Locator("#effect")).ToContainTextAsync("contracts are in force");
            await Assertions.Expect(window.Page.Locator("#words")).ToContainTextAsync("20 days’ notice");
            await window.Check("policy-editor-general");
            await window.Page.ClickAsync(".save-bar [value='save']");
            await window.Page.WaitForURLAsync("**saved=1");
        }
        foreach (var (language, width) in new[] { ("en", BrowserFixture.Desk), ("zh", BrowserFixture.Phone), ("zh", BrowserFixture.Desk) })
        {
            await using var window = await browser.Open(Role.Legal, width, language);
            (await window.Goto("/policies/JY-01/1/compare/2")).Status.ShouldBe(200);
            await window.Check("policy-compare");
            await window.Goto("/policies/JY-01");
            await window.Check("policy-versions");
            await window.Goto("/policies/JY-01/1");
            await window.Check("policy-version");
        }
        await using var last = await browser.Open(Role.Legal, name: "compare");
        await last.Goto("/policies/JY-01/2");
        await last.Page.ClickAsync("#discard");
    }
}
