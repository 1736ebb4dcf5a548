using System.Net.Http.Json;
using Exeunt.App.Tests.Inbox;
using Exeunt.Core;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Exeunt.Browser.Tests;

/// <summary>A person's day in the console: inbox, list, many cases at once, calendar, notifications, all by keyboard.</summary>
[Collection(nameof(InBrowser))]
public sealed class ConsoleTests(BrowserFixture browser)
{
    [Theory]
    [InlineData("en", BrowserFixture.Desk)]
    [InlineData("zh", BrowserFixture.Phone)]
    public async Task Goes_through_a_day(string language, int width)
    {
        var chinese = language == "zh";
        var ids = new List<Guid>();
        for (var i = 0; i < 3; i++)
            ids.Add((await WaitsWorld.AProvenCase(browser.App)).Id);
        var supervisor = await browser.App.SignIn(Role.Supervisor, name: "lead");
        var me = $"day{language}";
        (await supervisor.PostAsJsonAsync($"/api/cases/{ids[0]}/assignment", new { to = await browser.App.Staff(Role.Agent, name: me) })).EnsureSuccessStatusCode();
        (await supervisor.PostAsync($"/api/cases/{ids[0]}/ask", null)).EnsureSuccessStatusCode();

        await using var window = await browser.Open(Role.Agent, width, language, name: me);
        await window.Goto("/today");
        await window.Check("inbox");
        (await window.Page.InnerTextAsync("main")).ShouldContain(chinese ? "与客户沟通" : "Talk to the customer");
        await window.Goto("/notifications");
        await window.Check("notifications");

        // The list: a filter in words, then three rows chosen and held.
        await window.Goto("/cases?who=nobody&waits=Agent");
        await window.Check("cases-filtered");
        await window.Goto("/cases");
        await window.Check("cases-list");
        foreach (var id in ids)
            await window.Page.CheckAsync($"input.choose[value='{id}']");
        await window.Page.SelectOptionAsync("#batch-action", "Hold");
        await window.Page.ClickAsync(".batch-bar button");
        await window.Page.SelectOptionAsync("select[name=reason]", "customer-asked");
        await window.Page.ClickAsync("main form button.btn-primary");
        (await window.Page.InnerTextAsync("main")).ShouldContain(chinese ? "3 个案件中的 3 个" : "3 of 3 cases");
        await window.Check("batch-check");
        await window.Page.ClickAsync("main form button.btn-primary");
        await window.Page.WaitForURLAsync("**/cases/batches/*");
        await BrowserFixture.Eventually(async () => (await window.Page.InnerTextAsync("main")).Contains(chinese ? "成功 3 个" : "3 done", StringComparison.Ordinal));
        await window.Check("batch-progress");

        await window.Goto($"/cases/{ids[0]}");
        await window.Page.ClickAsync(".why-nots summary");
        await window.Check("case-why-not");
        await window.Goto("/calendar");
        await window.Check("calendar");
        await window.Goto("/calendar?view=week");
        await window.Check("calendar-week");
    }

    [Fact]
    public async Task Is_all_at_hand_by_keyboard()
    {
        await WaitsWorld.AProvenCase(browser.App);
        await WaitsWorld.AProvenCase(browser.App);
        await using var window = await browser.Open(Role.Agent, name: "keys");
        var page = window.Page;
        await window.Goto("/cases?who=nobody");
        await page.Keyboard.PressAsync("?");
        (await page.Locator("ex-keys dialog[open] kbd").AllInnerTextsAsync()).ShouldContain("x");
        await page.Keyboard.PressAsync("Escape");
        // The first two of the list, whichever they are: other journeys leave cases of their own.
        var rows = await page.Locator("input.choose").EvaluateAllAsync<string[]>("all => all.map(i => i.value)");
        var (second, first) = (rows[0], rows[1]);
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("x");
        (await page.IsCheckedAsync($"input.choose[value='{second}']")).ShouldBeTrue();
        await page.Keyboard.PressAsync("a");
        (await page.EvaluateAsync<string>("document.activeElement.id")).ShouldBe("batch-action");
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync($"**/cases/{second}");
        await page.Keyboard.PressAsync("n");
        await page.WaitForURLAsync($"**/cases/{first}");
        await page.Keyboard.PressAsync("e");
        (await page.EvaluateAsync<bool>("document.activeElement.closest('#next') !== null")).ShouldBeTrue();
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("p");
        await page.WaitForURLAsync($"**/cases/{second}");
        await page.Keyboard.PressAsync("Escape");
        await page.WaitForURLAsync("**/cases?who=nobody");
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("l");
        await page.WaitForURLAsync("**/calendar");
    }
}
