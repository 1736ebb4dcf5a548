using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Shouldly;
using Xunit;

namespace Exeunt.Browser.Tests;

/// <summary>What the public reads of a policy, and what staff sees of its effect: both languages, both widths, without JavaScript too.</summary>
[Collection(nameof(InBrowser))]
public sealed class TermsTests(BrowserFixture browser)
{
    [Theory]
    [InlineData("zh", BrowserFixture.Phone)]
    [InlineData("en", BrowserFixture.Desk)]
    [InlineData("en", BrowserFixture.Phone)]
    [InlineData("zh", BrowserFixture.Desk)]
    public async Task A_policy_is_read_before_signing_without_an_account_or_script(string language, int width)
    {
        await using var window = await browser.Open(width, language, javaScript: false);
        await window.Goto("/");
        await window.Page.ClickAsync("a[href='/terms']");
        await window.Page.ClickAsync("a[href='/terms/JY-01']");
        await using var looked = await browser.Open(width, language);
        await looked.Goto("/terms");
        await looked.Check("terms");
        await looked.Goto("/terms/JY-01");
        await looked.Check("terms-policy");
        (await window.Page.InnerTextAsync("h1")).ShouldBe(await looked.Page.InnerTextAsync("h1"));
    }

    [Theory]
    [InlineData("zh", BrowserFixture.Desk)]
    [InlineData("en", BrowserFixture.Phone)]
    [InlineData("en", BrowserFixture.Desk)]
    public async Task Staff_reads_the_document_the_replay_and_the_closed_cases(string language, int width)
    {
        await using var window = await browser.Open(Role.Supervisor, width, language);
        foreach (var (path, name) in new[] { ("/policies/JY-01/1/document", "policy-document"), ("/policies/JY-01/1/replay", "policy-replay"), ("/cases?state=Closed", "cases-history"), ("/money", "money-history") })
        {
            (await window.Goto(path)).Status.ShouldBe(200);
            await window.Check(name);
        }
        await window.Goto("/cases?state=Closed");
        await window.Page.ClickAsync("main tbody a");
        await window.Page.WaitForURLAsync(new System.Text.RegularExpressions.Regex("/cases/[0-9a-f-]{36}"));
        await window.Check("case-of-history");
    }
}
