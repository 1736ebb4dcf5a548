using System.Text;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Exeunt.Browser.Tests;

/// <summary>The money of an exit in the browser: a charge and the objection to it, a waiver, the reconciliation finance closes, a plan, the ledger.</summary>
[Collection(nameof(InBrowser))]
public sealed class MoneyJourneyTests(BrowserFixture browser)
{
    [Theory]
    [InlineData("zh", BrowserFixture.Desk)]
    [InlineData("en", BrowserFixture.Phone)]
    public async Task Finance_closes_a_reconciliation_of_a_file_with_one_unmatched_payment(string language, int width)
    {
        var exit = await browser.App.ASettledCase();
        var path = $"/cases/{exit.Id}";

        // The agent charges a damage with a photo and asks for a waiver.
        await using var agent = await browser.Open(Role.Agent, width, language);
        await agent.Goto(path);
        await agent.Page.ClickAsync("#settlement details:has(form[action$='/lines']) > summary");
        await agent.Page.SelectOptionAsync("[name=what]", "Damage/screen");
        await agent.Page.SetInputFilesAsync("[name=evidence]", new FilePayload { Name = "screen.jpg", MimeType = "image/jpeg", Buffer = MoneyWorld.Photo });
        await agent.Page.FillAsync("form[action$='/lines'] [name=words]", language == "zh" ? "右下角碎裂" : "Cracked in the lower right corner");
        await agent.Page.ClickAsync("form[action$='/lines'] button");
        await agent.Page.WaitForSelectorAsync(".added-lines li");
        await agent.Page.ClickAsync("#settlement details:has(form[action$='/lines']) > summary");
        await agent.Page.SelectOptionAsync("[name=what]", "Waiver");
        await agent.Page.FillAsync("[name=amount]", "150.00");
        await agent.Page.FillAsync("form[action$='/lines'] [name=words]", language == "zh" ? "设备迟到两周" : "The device came two weeks late");
        await agent.Page.ClickAsync("form[action$='/lines'] button");
        await agent.Page.WaitForSelectorAsync(".added-lines li:nth-child(2)");
        await agent.Page.ClickAsync("#facts > summary");
        await agent.Check("money-case-agent");

        // The customer objects to the charge on the progress page.
        await using var customer = await browser.Open(width, language);
        await customer.Page.Context.AddCookiesAsync([new Cookie { Name = "exeunt.case", Value = exit.Customer.DefaultRequestHeaders.GetValues("Case-Session").Single(), Url = browser.App.Options.Url }]);
        await customer.Goto($"/progress/{exit.Token}");
        await customer.Page.ClickAsync("#lines details > summary");
        await customer.Check("money-portal-line");
        await customer.Page.FillAsync("#lines textarea", language == "zh" ? "交还时是完好的" : "It was whole when I handed it back");
        await customer.Page.ClickAsync("#lines button");
        await customer.Page.WaitForSelectorAsync("#lines .chip");
        await customer.Check("money-portal-contested");

        // A supervisor drops it and approves the waiver.
        await using var supervisor = await browser.Open(Role.Supervisor, width, language);
        await supervisor.Goto("/money");
        await supervisor.Check("money-to-decide");
        await supervisor.Goto(path + "#lines");
        await supervisor.Check("money-case-decide");
        await supervisor.Page.FillAsync(".added-lines li:has(button[value=Drop]) [name=words]", language == "zh" ? "交接单未记录损坏" : "The hand-over record shows no damage");
        await supervisor.Page.ClickAsync("button[value=Drop]");
        await supervisor.Page.WaitForSelectorAsync("button[value=Drop]", new() { State = WaitForSelectorState.Detached });
        await supervisor.Page.ClickAsync("button[value=Approve]");
        await supervisor.Page.WaitForSelectorAsync("button[value=Approve]", new() { State = WaitForSelectorState.Detached });
        await supervisor.Check("money-case-decided");

        // The money is claimed; the bank's file has one payment with the reference and one without.
        var (reference, amount) = await exit.Order();
        var file = MoneyWorld.BankFile((amount - 300_00, $"settlement {reference}"), (300_00, $"without a word {language}"), (12_34, $"interest {language}"));
        await using var finance = await browser.Open(Role.Finance, width, language);
        await finance.Goto("/money");
        await finance.Page.SetInputFilesAsync("form[action='/money/bank-file'] input[type=file]", new FilePayload { Name = $"bank-{language}.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(file) });
        await finance.Page.ClickAsync("form[action='/money/bank-file'] button.btn-primary");
        await finance.Page.WaitForURLAsync("**/money/files/**");
        await finance.Page.ClickAsync("#line-3 summary");
        await finance.Check("money-file-open");
        await finance.Page.ClickAsync("#line-3 form:has(input[type=hidden][name=order]) button");
        await finance.Page.WaitForSelectorAsync("#line-3 .chip.ok");
        await finance.Page.ClickAsync("#line-4 summary");
        await finance.Page.SelectOptionAsync("#line-4 [name=reason]", "NotOurs");
        await finance.Page.FillAsync("#line-4 [name=words]", language == "zh" ? "银行利息" : "Interest of the bank");
        await finance.Page.ClickAsync("#line-4 form[action$='/set-aside'] button");
        await finance.Page.WaitForSelectorAsync("form[action$='/close']");
        await finance.Check("money-file-ready");
        await finance.Page.ClickAsync("form[action$='/close'] button");
        await finance.Page.WaitForSelectorAsync("form[action$='/close']", new() { State = WaitForSelectorState.Detached });
        await finance.Check("money-file-closed");
        await finance.Goto("/money");
        await finance.Check("money-after");
        (await finance.Page.Locator("#ledger .chip.ok").CountAsync()).ShouldBe(1);
        await finance.Goto(path);
        await finance.Check("money-case-paid");
        await finance.Goto($"/money/ledger/{exit.Id}");
        await finance.Check("money-ledger");
    }

    [Theory]
    [InlineData("zh", BrowserFixture.Phone)]
    [InlineData("en", BrowserFixture.Desk)]
    public async Task A_customer_pays_by_instalments(string language, int width)
    {
        var exit = await browser.App.ASettledCase();
        var (reference, _) = await exit.Order();
        await using var customer = await browser.Open(width, language);
        await customer.Page.Context.AddCookiesAsync([new Cookie { Name = "exeunt.case", Value = exit.Customer.DefaultRequestHeaders.GetValues("Case-Session").Single(), Url = browser.App.Options.Url }]);
        await customer.Goto($"/progress/{exit.Token}");
        await customer.Check("money-portal-choose");
        await customer.Page.SelectOptionAsync("form[action$='/instalments'] select", "4");
        await customer.Page.ClickAsync("form[action$='/instalments'] button");
        await customer.Page.WaitForSelectorAsync("form[action$='/instalments']", new() { State = WaitForSelectorState.Detached });
        await customer.Check("money-portal-plan");

        await (await browser.App.SignIn(Role.Finance)).Ok(HttpMethod.Post, "/api/bank-files", new { content = MoneyWorld.BankFile((50_00, reference)) });
        await browser.App.AdvanceDays(32);
        await using var finance = await browser.Open(Role.Finance, width, language);
        await finance.Goto($"/cases/{exit.Id}#payment");
        await finance.Check("money-case-plan");
        await finance.Page.ClickAsync("form[action$='/plan/demand'] button");
        await finance.Page.WaitForURLAsync("**#payment");
        await finance.Goto("/money");
        await finance.Check("money-overdue");
        (await finance.Page.InnerTextAsync("#overdue")).ShouldContain((await exit.Case()).GetProperty("number").GetString()!);
    }
}
