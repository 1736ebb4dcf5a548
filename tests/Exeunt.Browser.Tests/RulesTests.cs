using System.Text;
using Exeunt.Core;
using Exeunt.Core.Rules;
using Shouldly;
using Xunit;

namespace Exeunt.Browser.Tests;

/// <summary>A change of the law as Legal meets it: a new version, what it changed, what it breaks, and the review closed.</summary>
[Collection(nameof(InBrowser))]
public sealed class RulesTests(BrowserFixture browser)
{
    [Fact]
    public async Task Legal_hands_in_a_version_sees_what_it_changes_and_closes_the_review()
    {
        var app = browser.App;
        var today = DateOnly.FromDateTime(app.Time.GetUtcNow().AddHours(8).DateTime);
        var rule = China.Pack.Rule("CN-REN") with
        {
            Status = RuleStatus.Verified, Limits = [.. China.Pack.Rule("CN-REN").Limits, new("etf.remainingShare", LimitOperator.AtMost, "0.10")],
        };
        var next = China.Pack with { Version = 2, IssuedOn = today, Rules = [.. China.Pack.Rules.Select(r => r.Id == rule.Id ? rule : r)] };
        var api = await app.SignIn(Role.Legal);
        (await api.PostAsync("/api/rules", new StringContent(next.ToJson(), Encoding.UTF8, "application/json"))).IsSuccessStatusCode.ShouldBeTrue();
        for (var tries = 0; tries < 50 && !(await api.GetStringAsync("/api/reviews")).Contains("CN-REN", StringComparison.Ordinal); tries++)
            await Task.Delay(200);

        await using (var window = await browser.Open(Role.Legal, BrowserFixture.Phone, "zh"))
        {
            await window.Goto("/rules");
            await window.Check("rules-zh-phone");
            await window.Goto("/rules/CN?status=changed");
            (await window.Page.ContentAsync()).ShouldContain("第 1 版内容");
            await window.Check("rules-changed-zh-phone");
            await window.Goto("/rules/reviews");
            await window.Check("rules-reviews-zh-phone");
        }
        await using (var window = await browser.Open(Role.Legal, BrowserFixture.Desk, "en"))
        {
            await window.Goto("/rules/CN?status=policies");
            await window.Check("rules-touching-en");
            await window.Goto("/rules/CN?version=1");
            await window.Check("rules-all-en");
            await window.Goto("/rules/reviews");
            // Other policies of the shared company may break the new version too, each with a review of its own.
            var open = window.Page.Locator("summary", new() { HasText = "Close the review" });
            for (var left = await open.CountAsync(); left > 0; left--)
            {
                await open.First.ClickAsync();
                await window.Page.Locator("textarea").First.FillAsync("The fee goes down with the next version of the policy.");
                await window.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Close the review" }).First.ClickAsync();
                await Microsoft.Playwright.Assertions.Expect(open).ToHaveCountAsync(left - 1, new() { Timeout = 15_000 });
            }
            await window.Page.GetByText("Nothing to review").WaitForAsync();
            await window.Goto("/rules/reviews?closed=1");
            await window.Check("rules-closed-en");
        }
        await using (var window = await browser.Open(Role.Administrator, BrowserFixture.Phone, "zh"))
        {
            await window.Goto("/admin/calendars?place=CN&year=2026");
            await window.Check("calendars-zh-phone");
        }
    }
}
