using System.Globalization;
using Exeunt.Core;
using Shouldly;
using Xunit;

namespace Exeunt.Browser.Tests;

/// <summary>An analyst writes from when customers count as lost, sees beside it what that means and changes, and sets two versions side by side.</summary>
[Collection(nameof(InBrowser))]
public sealed class ChurnDefinitionTests(BrowserFixture browser)
{
    [Theory]
    [InlineData("zh", BrowserFixture.Phone)]
    [InlineData("en", BrowserFixture.Desk)]
    public async Task The_churn_definition_is_written_with_its_effect_beside_and_two_versions_compared(string language, int width)
    {
        await using var author = await browser.Open(Role.Analyst, width, language);
        await author.Goto("/churn-definition");
        await author.Page.ClickAsync("form[action='/churn-definition/new'] button");
        await author.Page.WaitForURLAsync("**/churn-definition/*/edit");
        var first = int.Parse(author.Path.Split('/')[2], CultureInfo.InvariantCulture);
        await author.Page.ClickAsync("#add-segment");

        // Without a name and a code it is refused beside the fields, and what was typed stays.
        await author.Page.FillAsync("[name='segments[0].thresholds.silentMonths']", "6");
        await author.Page.ClickAsync("#save-churn");
        await author.Page.WaitForSelectorAsync(".field.invalid [name='segments[0].code']");
        (await author.Page.InputValueAsync("[name='segments[0].thresholds.silentMonths']")).ShouldBe("6");
        await author.Page.FillAsync("[name='segments[0].name.chinese']", "企业客户");
        await author.Page.FillAsync("[name='segments[0].name.english']", "Firms");
        await author.Page.FillAsync("[name='segments[0].code']", "firms");
        await author.Page.CheckAsync("[name='segments[0].scope.kinds'][value=Organisation]");
        await author.Page.ClickAsync(".save-bar button[value=check]");
        await author.Page.WaitForFunctionAsync("() => document.querySelector('#policy-meaning').innerText.includes('6')");
        await author.Check("churn-editor");
        await author.Page.ClickAsync("#save-churn");
        await author.Page.WaitForURLAsync("**/edit?saved=1");
        await author.Page.ClickAsync(".save-bar a");
        await author.Page.WaitForSelectorAsync("#discard");
        await author.Check("churn-version");
        await author.Page.ClickAsync("#discard");
        await author.Page.WaitForSelectorAsync("#discard", new() { State = Microsoft.Playwright.WaitForSelectorState.Detached });

        // Begun anew from what was thrown away; side by side, only what is said of the firms differs.
        await author.Page.ClickAsync("#revise");
        await author.Page.WaitForURLAsync($"**/churn-definition/{first + 1}/edit");
        await author.Page.FillAsync("[name='segments[0].thresholds.silentMonths']", "9");
        await author.Page.ClickAsync("#save-churn");
        await author.Page.WaitForURLAsync("**/edit?saved=1");
        await author.Page.ClickAsync(".save-bar a");
        await author.Page.ClickAsync($"a[href='/churn-definition/{first}/compare/{first + 1}']");
        await author.Page.WaitForSelectorAsync(".side-by-side");
        (await author.Page.Locator(".side-by-side tr.changed").CountAsync()).ShouldBe(1);
        var changed = await author.Page.InnerTextAsync(".side-by-side tr.changed");
        foreach (var months in new[] { 6, 9 })
            changed.ShouldContain(language == "zh" ? $"连续 {months} 个整月" : $"after {months} months");
        await author.Check("churn-compare");
        await author.Goto($"/churn-definition/{first + 1}");
        await author.Page.ClickAsync("#discard");
        await author.Page.WaitForSelectorAsync("#discard", new() { State = Microsoft.Playwright.WaitForSelectorState.Detached });
        (await author.Goto("/churn-definition")).Status.ShouldBe(200);
    }
}
