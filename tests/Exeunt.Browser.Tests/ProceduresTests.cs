using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Procedures;
using Exeunt.Core;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Exeunt.Browser.Tests;

/// <summary>Procedures and approvals in a browser: read, written, compared; the matrix, an absence, and an approval with its stages.</summary>
[Collection(nameof(InBrowser))]
public sealed class ProceduresTests(BrowserFixture browser)
{
    [Theory]
    [InlineData("en", BrowserFixture.Desk)]
    [InlineData("zh", BrowserFixture.Phone)]
    [InlineData("zh", BrowserFixture.Desk)]
    public async Task A_procedure_is_read_and_written(string language, int width)
    {
        await using var window = await browser.Open(Role.Supervisor, width, language, name: "writer" + language + width);
        var page = window.Page;
        await window.Goto("/procedures");
        await window.Check("procedures");
        await window.Goto("/procedures/general-termination/2");
        await window.Check("procedure");
        await window.Goto("/procedures/general-offboarding/1");
        await window.Check("procedure-offboarding");
        await window.Goto("/procedures/general-termination/1/compare/2");
        await window.Check("procedure-compare");

        await window.Goto("/procedures/new");
        await page.FillAsync("[name=id]", $"br-{language}-{width}");
        await page.FillAsync("[name='name.english']", "Short termination");
        await page.FillAsync("[name='name.chinese']", "简易解约");
        await page.ClickAsync(".save-bar [value=save]");
        await page.WaitForURLAsync("**/edit?saved=1");
        await page.ClickAsync("#step-1 > summary");
        await page.FillAsync("[name='steps[1].after']", "offer");
        await page.ClickAsync("#step-1 details.more > summary");
        await page.SelectOptionAsync("[name='steps[1].when[0].fact']", "Tier");
        await page.FillAsync("[name='steps[1].when[0].values']", "Vip, HighRisk");
        await window.Check("procedure-editor");
        await page.ClickAsync(".save-bar [value=submit]");
        await Assertions.Expect(page.Locator(".notice.bad").First).ToBeVisibleAsync();
        await window.Check("procedure-editor-unsound");
        (await page.InputValueAsync("[name='steps[1].when[0].values']")).ShouldBe("Vip, HighRisk");
        await page.SelectOptionAsync("[name='steps[1].when[0].fact']", "");
        await page.FillAsync("[name='steps[1].when[0].values']", "");
        await page.FillAsync("[name='steps[1].after']", "identity");
        await page.ClickAsync(".save-bar [value=submit]");
        await page.WaitForURLAsync($"**/procedures/br-{language}-{width}/1");
        await window.Check("procedure-in-sign-off");
        await using var head = await browser.Open(Role.BranchHead, width, language);
        await head.Goto($"/procedures/br-{language}-{width}/1");
        await head.Page.ClickAsync("#sign");
        await head.Check("procedure-signed");
    }

    [Theory]
    [InlineData("en", BrowserFixture.Desk)]
    [InlineData("zh", BrowserFixture.Phone)]
    public async Task Approvals_are_said_in_words_delegated_and_given(string language, int width)
    {
        var head = await browser.App.Staff(Role.BranchHead);
        await using var finance = await browser.Open(Role.Finance, width, language, name: "away" + language);
        await finance.Goto("/approvals");
        await finance.Page.SelectOptionAsync("#absence-form [name=to]", head.ToString());
        var today = await browser.BusinessDate();
        await finance.Page.FillAsync("#absence-form [name=fromOn]", today[..10]);
        await finance.Page.FillAsync("#absence-form [name=untilOn]", today[..10]);
        await finance.Page.ClickAsync("#record-absence");
        await Assertions.Expect(finance.Page.Locator("#absence table")).ToBeVisibleAsync();
        await finance.Check("approvals");

        var waiting = await browser.App.AWaitingSettlement();
        await using var standIn = await browser.Open(Role.BranchHead, width, language);
        await standIn.Goto($"/cases/{waiting.Id}");
        await standIn.Check("case-approve-for");
        await standIn.Page.ClickAsync("form:has([name=behalf]) button");
        await Assertions.Expect(standIn.Page.Locator("#approvals .good")).ToHaveCountAsync(1);
        await standIn.Page.ClickAsync("#procedure > summary");
        await standIn.Check("case-approved-for");

        if (language == "en")
        {
            await using var author = await browser.Open(Role.Supervisor, width, language);
            await author.Goto("/approvals/1");
            await author.Page.ClickAsync("#revise");
            await author.Page.WaitForURLAsync("**/edit");
            await author.Page.ClickAsync(".save-bar [value=stepped]");
            await author.Check("matrix-editor");
            await author.Page.ClickAsync(".save-bar [value=submit]");
            await author.Page.WaitForURLAsync("**/approvals/2");
            await author.Check("matrix-in-sign-off");
        }
    }
}
