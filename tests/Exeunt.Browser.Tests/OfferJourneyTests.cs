using Exeunt.App.Tests.Offers;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Exeunt.Browser.Tests;

/// <summary>Reasons, catalogue, the talk with its guide, an offer that needs approval, the customer's one screen, and what became of it.</summary>
[Collection(nameof(InBrowser))]
public sealed class OfferJourneyTests(BrowserFixture browser)
{
    [Theory]
    [InlineData("zh", BrowserFixture.Phone, true)]
    [InlineData("en", BrowserFixture.Desk, false)]
    public async Task An_offer_goes_from_the_catalogue_to_its_answer(string language, int width, bool accepts)
    {
        await using var supervisor = await browser.Open(Role.Supervisor, width, language);
        foreach (var (path, name) in new[]
        {
            ("/policies/reasons", "reasons"), ("/policies/reasons/PRICE", "reason-editor"), ("/policies/offers", "offer-catalogue"), ("/policies/offers/DISCOUNT", "offer-entry"), ("/policies/offers/report", "offer-report"),
        })
        {
            await supervisor.Goto(path);
            if (name == "offer-report")
                await supervisor.Page.WaitForSelectorAsync("ex-chart svg");
            await supervisor.Check(name);
        }

        var now = await browser.App.AnOfferCase();
        await using var agent = await browser.Open(Role.Agent, width, language);
        await agent.Goto($"/cases/{now.Id}");
        await agent.Check("offer-proposals");
        var form = agent.Page.Locator("form[action$='/offer']:has(input[value=DISCOUNT])");
        await form.Locator("[name=percent]").FillAsync("31");
        await form.Locator("[name=percent]").EvaluateAsync("e => e.removeAttribute('max')");
        await form.Locator("button").ClickAsync();
        await agent.Page.WaitForSelectorAsync(".field.invalid");
        await agent.Check("offer-refused");
        form = agent.Page.Locator("form[action$='/offer']:has(input[value=DISCOUNT])");
        await form.Locator("[name=percent]").FillAsync("20");
        await form.Locator("[name=months]").FillAsync("6");
        await form.Locator("button").ClickAsync();
        await agent.Page.WaitForSelectorAsync(".proposal", new PageWaitForSelectorOptions { State = WaitForSelectorState.Detached });

        await supervisor.Goto($"/cases/{now.Id}");
        await supervisor.Check("offer-approval");
        await supervisor.Page.ClickAsync("button[value=Approve]");
        await supervisor.Page.WaitForSelectorAsync("button[value=Approve]", new PageWaitForSelectorOptions { State = WaitForSelectorState.Detached });

        await using var customer = await browser.Open(width, language);
        await customer.Page.Context.AddCookiesAsync([new Cookie { Name = "exeunt.case", Value = Uri.EscapeDataString(now.Customer.DefaultRequestHeaders.GetValues("Case-Session").Single()), Url = browser.App.Options.Url }]);
        await customer.Goto($"/progress/{now.Token}");
        await customer.Check("offer-on-progress");
        await customer.Page.ClickAsync("a[href$='/offer']");
        await customer.Page.WaitForURLAsync("**/offer");
        await customer.Check("offer-screen");
        var (yes, no) = (await Box(customer, "accept"), await Box(customer, "decline"));
        // The two answers are of one size and look alike.
        (Math.Abs(yes.Width - no.Width) < 1 && Math.Abs(yes.Height - no.Height) < 1).ShouldBeTrue($"{yes.Width}×{yes.Height} and {no.Width}×{no.Height}");
        (await Look(customer, "accept")).ShouldBe(await Look(customer, "decline"));
        await customer.Page.ClickAsync($"button[value={(accepts ? "accept" : "decline")}]");
        await customer.Page.WaitForURLAsync(url => !url.EndsWith("/offer", StringComparison.Ordinal));
        await customer.Check("offer-answered");

        await agent.Goto($"/cases/{now.Id}");
        await agent.Page.Locator(".card:has(h2) .lines summary").First.ClickAsync();
        await agent.Check("offer-on-case");
        (await now.Offer()).GetProperty("state").GetString().ShouldBe(accepts ? "Accepted" : "Declined");
    }

    [Fact]
    public async Task The_guide_stands_beside_the_talk()
    {
        var contract = await Exeunt.App.Tests.Cases.CaseWorld.AContractInForce(browser.App);
        var client = browser.App.Client("en");
        var receipt = await client.Ok(HttpMethod.Post, "/api/applications", new { contractNumber = contract.Number, name = contract.Name, contact = contract.Mail, reason = "SERVICE" });
        var token = receipt.GetProperty("token").GetString()!;
        await client.Ok(HttpMethod.Post, $"/api/progress/{token}/code");
        await client.Ok(HttpMethod.Post, $"/api/progress/{token}/identity", new { code = await browser.Code(contract.Mail) });
        foreach (var (language, width) in new[] { ("en", BrowserFixture.Desk), ("zh", BrowserFixture.Phone) })
        {
            await using var agent = await browser.Open(Role.Agent, width, language);
            await agent.Goto($"/cases/{receipt.GetProperty("caseId").GetGuid()}");
            await agent.Check("talk-with-guide");
            (await agent.Page.Locator(".guides details[open]").CountAsync()).ShouldBe(1);
        }
    }

    private static async Task<LocatorBoundingBoxResult> Box(Window window, string answer) => (await window.Page.Locator($"button[value={answer}]").BoundingBoxAsync())!;

    private static Task<string> Look(Window window, string answer) =>
        window.Page.Locator($"button[value={answer}]").EvaluateAsync<string>("e => { const s = getComputedStyle(e); return [e.className, s.color, s.backgroundColor, s.borderColor, s.fontSize, s.fontWeight].join('|'); }");
}
