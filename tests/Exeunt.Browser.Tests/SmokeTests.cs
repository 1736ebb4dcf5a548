using Shouldly;
using Xunit;

namespace Exeunt.Browser.Tests;

/// <summary>A real browser reaches the server and finds nothing to complain about.</summary>
[Collection(nameof(InBrowser))]
public sealed class SmokeTests(BrowserFixture browser)
{
    [Theory]
    [InlineData(BrowserFixture.Desk, "en", "no such thing")]
    [InlineData(BrowserFixture.Phone, "zh", "没有找到")]
    public async Task An_unknown_address_shows_a_page_that_says_so(int width, string language, string words)
    {
        await using var window = await browser.Open(width, language);

        var answer = await window.Goto("/no-such-page");

        answer.Status.ShouldBe(404);
        (await window.Page.Locator("main").InnerTextAsync()).ShouldContain(words);
        await window.Check("not-found");
    }
}
