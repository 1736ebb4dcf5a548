using System.Text.RegularExpressions;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Exeunt.Browser.Tests;

/// <summary>A policy from its first word to the case that is settled by it, with the law in between.</summary>
[Collection(nameof(InBrowser))]
public sealed partial class PolicyJourneyTests(BrowserFixture browser)
{
    [Theory]
    [InlineData("zh")]
    [InlineData("en")]
    public async Task A_policy_is_written_refused_by_the_law_mended_published_and_used_by_a_case(string language)
    {
        var number = $"DE-{language}";
        var today = await browser.BusinessDate();

        // A supervisor writes a policy for consumers in Germany: six weeks' notice and a fixed renewal.
        await using var writer = await browser.Open(Role.Supervisor, language: language, name: $"journey-{language}");
        var page = writer.Page;
        await writer.Goto("/policies/new");
        await page.FillAsync("#f-number", number);
        await page.FillAsync("#f-titleEnglish", "Ending a cloud contract in Germany");
        await page.FillAsync("#f-titleChinese", "德国云服务解约政策");
        await page.FillAsync("[name='effectiveFrom']", today);
        await page.FillAsync("[name='notice.count']", "42");
        await page.SelectOptionAsync("[name='renewal.kind']", "FIXED");
        await page.FillAsync("[name='renewal.months']", "12");
        await page.SelectOptionAsync("[name='etf.kind']", "REMAIN_PCT");
        await page.FillAsync("[name='etf.pct']", "10%");
        await page.ClickAsync("#section-scope > summary");
        await page.FillAsync("[name='scope.jurisdictions']", "DE");

        // What the law says of it stands beside the form at once, and handing it in is refused with article and fix.
        await Assertions.Expect(page.Locator("#meaning")).ToContainTextAsync("BGB § 309");
        await page.ClickAsync(".save-bar [value='submit']");
        await Assertions.Expect(page.Locator(".notice.bad").First).ToContainTextAsync("BGB § 309");
        await writer.Check("journey-policy-refused");

        // Mended, it goes to those who sign.
        await page.SelectOptionAsync("[name='renewal.kind']", "INDEFINITE");
        await page.FillAsync("[name='renewal.months']", "");
        await page.FillAsync("[name='notice.count']", "30");
        await Assertions.Expect(page.Locator("#words")).ToContainTextAsync("30");
        await Assertions.Expect(page.Locator("#meaning")).Not.ToContainTextAsync("BGB § 309");
        await page.ClickAsync(".save-bar [value='submit']");
        await Assertions.Expect(page.Locator("#sign, .steps").First).ToBeVisibleAsync();
        page.Url.ShouldEndWith($"/policies/{number}/1", customMessage: await page.InnerTextAsync("main"));

        foreach (var role in new[] { Role.BranchHead, Role.Finance, Role.Legal })
        {
            await using var signer = await browser.Open(role, language: language, name: $"journey-{language}");
            await signer.Goto($"/policies/{number}/1");
            await signer.Page.ClickAsync("#sign");
            await Assertions.Expect(signer.Page.Locator("#sign")).ToHaveCountAsync(0);
        }

        // The writer publishes it, having read what is only warned of.
        await writer.Goto($"/policies/{number}/1");
        await writer.Check("journey-policy-signed");
        foreach (var box in await page.Locator("#publish-form input[name='acknowledged']").AllAsync())
            await box.CheckAsync();
        await page.ClickAsync("#publish");
        await Assertions.Expect(page.Locator("#publish")).ToHaveCountAsync(0);
        await writer.Check("journey-policy-published");

        // Anybody reads it before signing.
        await using var customer = await browser.Open(BrowserFixture.Phone, language);
        (await customer.Goto($"/terms/{number}")).Status.ShouldBe(200);
        await customer.Check("journey-terms");

        // A customer whose contract was signed under it leaves within the term: the case is settled by this version.
        var contract = await browser.App.AContract(policy: number, jurisdiction: "DE", language: language);
        await customer.Goto("/apply");
        await customer.Page.FillAsync("[name=contractNumber]", contract.Number);
        await customer.Page.FillAsync("[name=name]", contract.Name);
        await customer.Page.FillAsync("[name=contact]", contract.Mail);
        await customer.Page.ClickAsync("main form button.btn-primary");
        await customer.Page.WaitForURLAsync("**/code");
        await customer.Page.FillAsync("[name=code]", await browser.Code(contract.Mail));
        await customer.Page.ClickAsync("main form button.btn-primary");
        // The contract's law is Germany's, and so is the page: everything asked at once, the button that ends it, the receipt.
        await customer.Page.WaitForSelectorAsync("button.confirm-words");
        customer.Path.ShouldBe("/end/germany/form");
        await customer.Check("journey-portal-germany");
        await customer.Page.ClickAsync("button.confirm-words");
        await customer.Page.WaitForURLAsync("**/receipt/**");
        var caseNumber = CaseNumber().Match(await customer.Page.InnerTextAsync("main")).Value;

        await using var agent = await browser.Open(Role.Agent, language: language);
        await agent.Goto("/cases");
        await agent.Page.ClickAsync($"a:has-text('{caseNumber}')");
        await agent.Page.SelectOptionAsync("form[action$='/talk'] select[name=reason]", "PRICE/TOO_HIGH");
        await agent.Page.FillAsync("form[action$='/talk'] [name=minutes]", "5");
        await agent.Page.ClickAsync("form[action$='/talk'] button.btn-primary");
        await BrowserFixture.Eventually(async () =>
        {
            await agent.Page.ReloadAsync();
            return await agent.Page.Locator("#settlement").CountAsync() == 1;
        });
        var settlement = await agent.Page.InnerTextAsync("#settlement");
        settlement.ShouldContain(number);
        // Seven months of the term are not begun on the earliest day: a tenth of 7 × ¥199.00.
        settlement.ShouldContain("139.30");
        // German consumers are made no offer once they have declared: the law is named, and the case has gone on without it.
        (await agent.Page.Locator("form[action$='/offer']").CountAsync()).ShouldBe(0);
        (await agent.Page.InnerTextAsync("main")).ShouldContain("312k");
        await agent.Check("journey-case");
    }

    [GeneratedRegex(@"T-\d{4}-\d{6}")]
    private static partial Regex CaseNumber();
}
