using System.Globalization;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Offboarding;
using Exeunt.Core;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Exeunt.Browser.Tests;

/// <summary>How a customer cooperates: rated on the scale with what it rests on, scored by a second person, withdrawn.</summary>
[Collection(nameof(InBrowser))]
public sealed class RatingsJourneyTests(BrowserFixture browser)
{
    [Theory]
    [InlineData("zh", BrowserFixture.Phone)]
    [InlineData("en", BrowserFixture.Desk)]
    public async Task A_customer_is_rated_by_two_people_and_what_was_wrong_is_withdrawn(string language, int width)
    {
        var zh = language == "zh";
        var id = (await browser.App.AContractInForce(language: language)).CustomerId;
        var evidence = zh ? "两次约定均未到场，电话不接" : "Missed two appointments and does not answer calls";
        var until = (await browser.App.Today()).AddMonths(3).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await using var manager = await browser.Open(Role.AccountManager, width, language, name: "rates");
        await manager.Goto($"/customers/{id}");
        await manager.Page.ClickAsync("#rating summary");

        // Without a step of the scale it is refused beside the scale, and what was typed stays.
        await manager.Page.FillAsync("#rating-form [name=evidence]", evidence);
        await manager.Page.FillAsync("#rating-form [name=until]", until);
        await manager.Page.ClickAsync("#rating-form > button");
        await manager.Page.WaitForSelectorAsync("#rating-form fieldset .error");
        (await manager.Page.InnerTextAsync("#rating-form fieldset .error")).ShouldContain(zh ? "请从 1 至 5 级中选择。" : "Choose a step of the scale, 1 to 5.");
        (await manager.Page.InputValueAsync("#rating-form [name=evidence]")).ShouldBe(evidence);
        (await manager.Page.InputValueAsync("#rating-form [name=until]")).ShouldBe(until);
        await manager.Check("rating-refused");

        // With it the rating counts at once; its second score is somebody else's to give.
        await manager.Page.CheckAsync("#rating-form [name=score][value='2']");
        await manager.Page.ClickAsync("#rating-form > button");
        await manager.Page.WaitForSelectorAsync("main tbody tr");
        (await manager.Page.InnerTextAsync("main tbody tr")).ShouldContain(evidence);
        (await Now(manager)).ShouldContain(zh ? "经常失约或不答复" : "Often does not keep what was agreed");
        (await manager.Page.Locator("button[value=second]").CountAsync()).ShouldBe(0);
        await manager.Check("rating");

        await using var head = await browser.Open(Role.BranchHead, width, language, name: "rates");
        await head.Goto($"/customers/{id}");
        await head.Page.ClickAsync($"#rating a[href='/customers/{id}/ratings']");
        await head.Page.WaitForSelectorAsync("button[value=second]");
        await head.Check("rating-to-second");
        await head.Page.SelectOptionAsync("main tbody [name=score]", "4");
        await head.Page.ClickAsync("button[value=second]");
        await head.Page.WaitForSelectorAsync("button[value=second]", new() { State = WaitForSelectorState.Detached });
        (await head.Page.InnerTextAsync("main tbody tr")).ShouldContain(zh ? "初评 2 分，复评 4 分，取平均" : "first 2, second 4; the mean counts");
        (await Now(head)).ShouldContain(zh ? "基本守约" : "Mostly keeps what was agreed");

        // It was another customer: withdrawn with the reason, it stays to be read and counts no more.
        var reason = zh ? "误记，属于另一位客户" : "It was another customer";
        await manager.Goto($"/customers/{id}/ratings");
        await manager.Page.ClickAsync("main tbody summary");
        await manager.Page.FillAsync("main tbody [name=reason]", reason);
        await manager.Check("rating-to-withdraw");
        await manager.Page.ClickAsync("button[value=withdraw]");
        await manager.Page.WaitForSelectorAsync("button[value=withdraw]", new() { State = WaitForSelectorState.Detached });
        (await manager.Page.InnerTextAsync("main tbody tr")).ShouldContain(reason);
        (await Now(manager)).ShouldContain(zh ? "暂无有效评分" : "Nobody has rated how this customer cooperates");
        await manager.Check("rating-withdrawn");
    }

    /// <summary>The card that says what counts now.</summary>
    private static Task<string> Now(Window window) => window.Page.InnerTextAsync("main .card >> nth=0");
}
