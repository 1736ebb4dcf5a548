using Exeunt.Core;
using Shouldly;
using Xunit;

namespace Exeunt.Browser.Tests;

/// <summary>An analyst writes from when customers count as lost, and sees beside it what that means and changes.</summary>
[Collection(nameof(InBrowser))]
public sealed class ChurnDefinitionTests(BrowserFixture browser)
{
    [Theory]
    [InlineData("zh", BrowserFixture.Phone)]
    [InlineData("en", BrowserFixture.Desk)]
    public async Task The_churn_definition_is_written_with_its_effect_beside(string language, int width)
    {
        await using var author = await browser.Open(Role.Analyst, width, language);
        await author.Goto("/churn-definition");
        await author.Page.ClickAsync("form[action='/churn-definition/new'] button");
        await author.Page.ClickAsync("#add-segment");
        await author.Page.FillAsync("[name='segments[0].name.chinese']", "企业客户");
        await author.Page.FillAsync("[name='segments[0].name.english']", "Firms");
        await author.Page.FillAsync("[name='segments[0].code']", "firms");
        await author.Page.CheckAsync("[name='segments[0].scope.kinds'][value=Organisation]");
        await author.Page.FillAsync("[name='segments[0].thresholds.silentMonths']", "6");
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
        (await author.Goto("/churn-definition")).Status.ShouldBe(200);
    }
}
