using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Packs;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Exeunt.Core.Packs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Exeunt.Browser.Tests;

/// <summary>One case of each trade from the customer's first page to the certificate and the closed case.</summary>
[Collection(nameof(InBrowserForYears))]
public sealed class PackEndsJourneyTests(BrowserFixture browser)
{
    [Theory]
    [InlineData("zh", BrowserFixture.Phone)]
    [InlineData("en", BrowserFixture.Desk)]
    public async Task A_pledged_life_policy_is_surrendered_with_a_consent_while_a_claim_is_open(string language, int width)
    {
        await browser.App.Install(Insurer.Pack);
        var it = await Applied(await browser.App.AContractOf(Insurer.Life, language, change: c => (c.PolicyLoan, c.Rights) = (3000_00, PolicyRight.Pledged)), width, language);
        await BrowserFixture.Eventually(async () => await it.Step("consent") == "Active" && (await it.Find("consent"))!.Value.TryGetProperty("failed", out _));
        await using (var supervisor = await browser.Open(Role.Supervisor, width, language))
        {
            await supervisor.Goto($"/cases/{it.Id}");
            await supervisor.Page.ClickAsync("#claims details summary");
            await supervisor.Page.FillAsync("#claims [name=number]", "CL-2026-1");
            await supervisor.Page.FillAsync("#claims [name=reportedOn]", await browser.BusinessDate());
            await supervisor.Page.ClickAsync("#claims form[action$='/claims'] button");
            await supervisor.Page.WaitForSelectorAsync("#claims .notice");
            await supervisor.Page.ClickAsync("#check-list details summary");
            await supervisor.Check($"pack-insurer-consent-{language}");
            await supervisor.Page.SetInputFilesAsync("#check-list input[type=file]", new FilePayload { Name = "consent.pdf", MimeType = "application/pdf", Buffer = MoneyWorld.Receipt });
            await supervisor.Page.ClickAsync("#check-list details form button");
            await BrowserFixture.Eventually(async () => await it.Step("effective") == "Active" && await it.Line("surrender") is not null);
            await supervisor.Goto($"/cases/{it.Id}");
            await supervisor.Check($"pack-insurer-settled-{language}");
        }
        await browser.App.AdvanceDays(1);
        await Works(it, language, 3);
        await BrowserFixture.Eventually(async () => await it.Step("certificate") == "Done");
        await it.Pay();
        await using (var supervisor = await browser.Open(Role.Supervisor, width, language))
        {
            await supervisor.Goto($"/cases/{it.Id}");
            await supervisor.Page.ClickAsync("#claims form[action$='/claims/closure'] button");
            await BrowserFixture.Eventually(async () => await it.Step("erase") == "Done");
        }
        await Closes(it);
    }

    /// <summary>The editor shows the surrender table of a policy and keeps it.</summary>
    [Theory]
    [InlineData("zh", BrowserFixture.Phone)]
    [InlineData("en", BrowserFixture.Desk)]
    public async Task A_surrender_table_is_edited_and_kept(string language, int width)
    {
        await browser.App.Install(Insurer.Pack);
        await using var legal = await browser.Open(Role.Legal, width, language);
        await legal.Goto("/policies/LIFE-01/1");
        (await legal.Page.InnerTextAsync("main")).ShouldContain(language == "zh" ? "满 3 年：45%" : "3 years: 45%");
        await legal.Check($"pack-insurer-policy-{language}");
        if (await legal.Page.Locator("form[action$='/revise'] button").CountAsync() == 1)
        {
            await legal.Page.ClickAsync("form[action$='/revise'] button");
            await legal.Page.WaitForURLAsync("**/LIFE-01/2/edit");
        }
        else
            await legal.Goto("/policies/LIFE-01/2/edit");
        await legal.Page.EvaluateAsync("document.querySelectorAll('#section-insurance, #section-insurance details').forEach(d => d.open = true)");
        await legal.Page.FillAsync("[name='insurance.surrender.rows[3].share']", language == "zh" ? "46%" : "47%");
        await legal.Check($"pack-insurer-editor-{language}");
        await legal.Page.ClickAsync("button[value=save]");
        await legal.Page.WaitForSelectorAsync(".notice.ok, .notice.bad");
        (await legal.Page.InputValueAsync("[name='insurance.surrender.rows[3].share']")).ShouldBe(language == "zh" ? "0.46" : "0.47");
        (await legal.Page.InputValueAsync("[name='insurance.surrender.rows[20].share']")).ShouldBe("1.25");
    }

    [Fact]
    public async Task A_hotel_guest_leaves_and_the_deposit_comes_back_after_the_room_was_looked_at()
    {
        await browser.App.Install(Hotel.Pack);
        var it = await Applied(await browser.App.AContractOf(Hotel.Policy, "zh", change: c => c.Deposit = 2000_00), BrowserFixture.Phone, "zh");
        await Works(it, "zh", 2);
        await BrowserFixture.Eventually(async () => await it.Step("certificate") == "Done");
        await using (var supervisor = await browser.Open(Role.Supervisor, BrowserFixture.Phone, "zh"))
        {
            await supervisor.Goto($"/cases/{it.Id}");
            await supervisor.Check("pack-hotel-room-zh");
            for (var left = 4; left > 0; left--)
            {
                await supervisor.Page.Locator("#check-list form button").First.ClickAsync();
                await supervisor.Page.WaitForFunctionAsync($"() => document.querySelectorAll('#check-list form').length === {left - 1}");
            }
        }
        await BrowserFixture.Eventually(async () => await it.Step("money") == "Done");
        await it.Pay();
        await Closes(it);
    }

    [Fact]
    public async Task A_loan_is_repaid_approved_and_certified_and_the_collateral_comes_back()
    {
        await browser.App.Install(Bank.Pack);
        var it = await Applied(await browser.App.AContractOf(Bank.Policy, "en", change: c => c.CurrentMonthPrepaid = false), BrowserFixture.Desk, "en");
        await Approved(it);
        await browser.App.AdvanceDays(11);
        await Works(it, "en", 3);
        await BrowserFixture.Eventually(async () => await it.Step("certificate") == "Done" && await it.Step("collateral") == "Done");
        await using (var auditor = await browser.Open(Role.Auditor, language: "en"))
        {
            await auditor.Goto($"/cases/{it.Id}");
            await auditor.Check("pack-bank-certified-en");
        }
        await it.Pay();
        await Closes(it);
    }

    [Fact]
    public async Task A_cloud_account_is_closed_by_systems_alone()
    {
        await browser.App.Install(Saas.Pack);
        await using var system = await browser.App.Provisioning();
        var it = await Applied(await browser.App.AContractOf(Saas.Policy, "zh"), BrowserFixture.Phone, "zh");
        await BrowserFixture.Eventually(async () => await it.Step("check") == "Done" && system.Orders.Count >= 3);
        await it.SystemWorks();
        await BrowserFixture.Eventually(async () => await it.Step("certificate") == "Done");
        await using (var auditor = await browser.Open(Role.Auditor, BrowserFixture.Phone, "zh"))
        {
            await auditor.Goto($"/cases/{it.Id}");
            await auditor.Check("pack-saas-certified-zh");
        }
        await it.Pay();
        await Closes(it);
    }

    [Fact]
    public async Task A_line_is_backed_up_cleaned_up_and_its_number_given_back()
    {
        await browser.App.Install(Telecom.Pack);
        var it = await Applied(await browser.App.AContractOf(Telecom.Policy, "en"), BrowserFixture.Desk, "en");
        await Talked(it, Role.Agent, "PRICE/TOO_HIGH");
        await browser.App.AdvanceDays(4);
        foreach (var orders in new[] { 2, 3, 1 })
            await Works(it, "en", orders);
        await BrowserFixture.Eventually(async () => await it.Step("certificate") == "Done");
        if (await it.Step("approve") == "Active")
            await Approved(it);
        await BrowserFixture.Eventually(async () => await it.Step("money") == "Done");
        await it.Pay();
        await Closes(it);
    }

    [Fact]
    public async Task A_prepaid_card_is_blocked_and_what_is_left_comes_back()
    {
        await browser.App.Install(PrepaidCards.Pack);
        var paidOn = DateOnly.Parse(await browser.BusinessDate(), System.Globalization.CultureInfo.InvariantCulture).AddDays(-90);
        var it = await Applied(await browser.App.AContractOf(PrepaidCards.Policy, "zh", change: c => PackWorld.Card(c, paidOn)), BrowserFixture.Phone, "zh");
        await Works(it, "zh", 1);
        await BrowserFixture.Eventually(async () => await it.Step("money") == "Done" && await it.Step("certificate") == "Done");
        (await it.Line("prepaid")).ShouldBe(-400_00);
        await it.Pay();
        await Closes(it);
    }

    [Fact]
    public async Task A_distributors_stock_is_counted_before_the_money_and_its_customers_pass_on()
    {
        await browser.App.Install(Manufacturer.Pack);
        var it = await Applied(await browser.App.AContractOf(Manufacturer.Policy, "en"), BrowserFixture.Desk, "en");
        await Talked(it, Role.AccountManager, "COMPETITION/SWITCHED");
        var last = DateOnly.Parse((await it.Case()).GetProperty("effectiveOn").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
        await browser.App.AdvanceDays(last.DayNumber - DateOnly.Parse(await browser.BusinessDate(), System.Globalization.CultureInfo.InvariantCulture).DayNumber + 1);
        await BrowserFixture.Eventually(async () => await it.Step("stock-count") == "Active" && (await it.OpenWork()).Count >= 5);
        await it.Work();
        await BrowserFixture.Eventually(async () => await it.Step("certificate") == "Done");
        await Ticked(it, 4, BrowserFixture.Desk, "en");
        await Approved(it);
        await BrowserFixture.Eventually(async () => await it.Step("money") == "Done");
        await it.Pay();
        // It is followed up for sixty days.
        await browser.App.AdvanceDays(31);
        await Closes(it);
    }

    private async Task Talked(APackCase it, Role role, string reason)
    {
        await using var staff = await browser.Open(role, language: "en");
        await staff.Goto($"/cases/{it.Id}");
        await staff.Page.SelectOptionAsync("form[action$='/talk'] [name=reason]", reason);
        await staff.Page.FillAsync("form[action$='/talk'] [name=minutes]", "5");
        await staff.Page.ClickAsync("form[action$='/talk'] > button");
        await BrowserFixture.Eventually(async () => await it.Step("talk") == "Done");
    }

    private async Task Ticked(APackCase it, int items, int width, string language)
    {
        await using var supervisor = await browser.Open(Role.Supervisor, width, language);
        await supervisor.Goto($"/cases/{it.Id}");
        for (var left = items; left > 0; left--)
        {
            await supervisor.Page.Locator("#check-list form button").First.ClickAsync();
            await supervisor.Page.WaitForFunctionAsync($"() => document.querySelectorAll('#check-list form').length === {left - 1}");
        }
    }

    private async Task Approved(APackCase it)
    {
        await BrowserFixture.Eventually(async () => await it.Step("approve") == "Active");
        foreach (var (role, word) in new[] { (Role.Finance, "finance"), (Role.Legal, "legal") })
        {
            await using var approver = await browser.Open(role, language: "en");
            await approver.Goto($"/cases/{it.Id}");
            await approver.Page.ClickAsync($"form[action$='/approve/{word}'] button");
            await approver.Page.WaitForFunctionAsync($"() => !document.querySelector(\"form[action$='/approve/{word}']\")");
        }
    }

    /// <summary>The customer applies on the portal, from the first page to the receipt.</summary>
    private async Task<APackCase> Applied(CaseWorld.AContract contract, int width, string language)
    {
        await using var customer = await browser.Open(width, language);
        await customer.Goto("/apply");
        await customer.Page.FillAsync("[name=contractNumber]", contract.Number);
        await customer.Page.FillAsync("[name=name]", contract.Name);
        await customer.Page.FillAsync("[name=contact]", contract.Mail);
        await customer.Page.ClickAsync("main form button.btn-primary");
        await customer.Page.WaitForURLAsync("**/code", Window.Arrived);
        await customer.Page.FillAsync("[name=code]", await browser.Code(contract.Mail));
        await customer.Page.ClickAsync("main form button.btn-primary");
        await customer.Page.WaitForURLAsync("**/date", Window.Arrived);
        await customer.Page.ClickAsync(".pair button");
        await customer.Page.WaitForURLAsync("**/reason", Window.Arrived);
        await customer.Page.ClickAsync(".pair button[name=skip]");
        await customer.Page.WaitForURLAsync("**/check", Window.Arrived);
        await customer.Page.CheckAsync("input[name=confirmed]");
        await customer.Page.ClickAsync(".pair button");
        await customer.Page.WaitForURLAsync("**/receipt", Window.Arrived);
        var id = await browser.App.With<AppDb, Guid>(db => db.Cases.AsNoTracking().Where(c => c.ContractId == contract.ContractId).Select(c => c.Id).SingleAsync());
        return new APackCase(browser.App, contract, id, browser.App.Client(), "");
    }

    /// <summary>The technical department confirms its work orders on the case's page.</summary>
    private async Task Works(APackCase it, string language, int orders)
    {
        await using var technical = await browser.Open(Role.Technical, language: language);
        const string button = "form[action*='/work/'] button";
        await BrowserFixture.Eventually(async () =>
        {
            await technical.Goto($"/cases/{it.Id}");
            return await technical.Page.Locator(button).CountAsync() == orders;
        });
        for (var left = orders; left > 0; left--)
        {
            // The one that was clicked goes; with the last of a step those of the next may be there already.
            var form = technical.Page.Locator("form[action*='/work/']").First;
            var action = await form.GetAttributeAsync("action");
            await form.Locator("button").ClickAsync();
            await BrowserFixture.Eventually(async () => await technical.Page.Locator($"form[action='{action}']").CountAsync() == 0);
        }
    }

    private async Task Closes(APackCase it)
    {
        await browser.App.AdvanceDays(32);
        await BrowserFixture.Eventually(async () => await it.State() == "Closed");
        (await it.Case()).GetProperty("outcome").GetString().ShouldBe("Executed");
        await using var auditor = await browser.Open(Role.Auditor, language: "zh");
        await auditor.Goto($"/cases/{it.Id}");
        (await auditor.Page.InnerTextAsync("main")).ShouldContain("本案已结");
    }
}
