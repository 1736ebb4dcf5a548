using Exeunt.Core;
using Exeunt.Core.LegalPages;
using Xunit;

namespace Exeunt.Browser.Tests;

/// <summary>The pages of the law as they are drawn, in their own language and read in ours, and the pages on which staff writes them.</summary>
[Collection(nameof(InBrowser))]
public sealed class LegalPagesTests(BrowserFixture browser)
{
    [Theory]
    [InlineData(BrowserFixture.Phone, "zh")]
    [InlineData(BrowserFixture.Desk, "en")]
    public async Task Every_page_from_the_first_button_to_the_receipt(int width, string language)
    {
        await using var window = await browser.Open(width, language);
        await window.Goto("/end");
        await window.Check("end-ways");
        foreach (var page in BuiltInPages.All.Where(p => !p.StepByStep))
        {
            await window.Goto($"/end/{page.Id}");
            await window.Check($"end-{page.Id}-entry");
            await window.Page.ClickAsync("a.entry");
            await window.Check($"end-{page.Id}-form");
            await window.Page.FillAsync("[name=name]", "Erika Mustermann");
            await window.Page.FillAsync("[name=contractNumber]", "HT-2024-0001");
            await window.Page.FillAsync("[name=contact]", "erika");
            await window.Page.ClickAsync("main form button");
            await window.Page.WaitForSelectorAsync(".notice.bad");
            await window.Check($"end-{page.Id}-error");
            await window.Page.FillAsync("[name=contact]", $"{page.Id}-{width}@muster.example");
            await window.Page.ClickAsync("main form button");
            if (page.Recap)
            {
                await window.Page.WaitForSelectorAsync("button.confirm-words");
                await window.Check($"end-{page.Id}-recap");
                await window.Page.ClickAsync("button.confirm-words");
            }
            await window.Page.WaitForURLAsync("**/receipt/**", Window.Arrived);
            await window.Page.WaitForSelectorAsync("main h1");
            await window.Check($"end-{page.Id}-receipt");
        }
        await window.Goto($"/end/germany/form?in={language}");
        await window.Check("end-germany-form-read");
    }

    [Theory]
    [InlineData(BrowserFixture.Desk, "en")]
    [InlineData(BrowserFixture.Phone, "zh")]
    public async Task Staff_write_a_page_and_see_at_once_what_the_law_says(int width, string language)
    {
        await using var window = await browser.Open(Role.Supervisor, width, language);
        await window.Goto("/pages");
        await window.Check("pages");
        await window.Goto("/pages/germany/1");
        await window.Check("pages-germany");
        var drafts = width == BrowserFixture.Desk ? "france" : "california";
        await window.Goto($"/pages/{drafts}/1");
        await window.Page.ClickAsync("#revise");
        await window.Page.WaitForSelectorAsync("#page-form");
        await window.Check("pages-editor");
        var document = await window.Page.InputValueAsync("[name=document]");
        await window.Page.FillAsync("[name=document]", document.Replace("\"recap\": true", "\"recap\": false", StringComparison.Ordinal).Replace("\"own\": \"", "\"own\": \"Neu ", StringComparison.Ordinal));
        await window.Page.ClickAsync("button[value=check]");
        await window.Check("pages-editor-breach");
        await window.Page.FillAsync("[name=document]", "{");
        await window.Page.ClickAsync("button[value=check]");
        await window.Page.WaitForSelectorAsync(".findings");
        await window.Check("pages-editor-unreadable");
    }
}
