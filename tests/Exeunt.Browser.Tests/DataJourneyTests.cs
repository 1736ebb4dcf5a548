using Exeunt.App.Data;
using Exeunt.App.Features.DataRequests;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.Browser.Tests;

/// <summary>What data officer, legal and customer see of data at exit: schedule, holds, certificates, locked data, requests.</summary>
[Collection(nameof(InBrowser))]
public sealed class DataJourneyTests(BrowserFixture browser)
{
    [Theory]
    [InlineData("zh", BrowserFixture.Phone)]
    [InlineData("en", BrowserFixture.Desk)]
    public async Task A_customer_leaves_and_what_stays_is_locked(string language, int width)
    {
        var it = await browser.App.ASettledCase();
        await using var officer = await browser.Open(Role.DataOfficer, width, language);
        await officer.Goto("/retention");
        await officer.Check("retention");

        await officer.Goto($"/cases/{it.Id}");
        await officer.Page.ClickAsync("#data details:has(form[action$='/legal-holds']) > summary");
        await officer.Check("data-planned");
        await officer.Page.SelectOptionAsync("#data form[action$='/legal-holds'] [name=reason]", "Claim");
        await officer.Page.ClickAsync("#data form[action$='/legal-holds'] button");
        await officer.Page.WaitForSelectorAsync("#data .notice.warn");
        await officer.Check("data-held");
        await officer.Page.ClickAsync("#data form[action$='/lifting'] button");
        await using var legal = await browser.Open(Role.Legal, width, language, name: "data");
        await legal.Goto($"/cases/{it.Id}");
        await legal.Page.ClickAsync("#data form[action$='/lifting'] button");
        await legal.Page.WaitForSelectorAsync("#data .notice.warn", new() { State = Microsoft.Playwright.WaitForSelectorState.Detached });

        var (reference, amount) = await it.Order();
        await (await browser.App.SignIn(Role.Finance)).Ok(HttpMethod.Post, "/api/bank-files", new { content = MoneyWorld.BankFile((amount, reference)) });
        await browser.App.Drain();
        await legal.Goto($"/cases/{it.Id}");
        await legal.Page.ClickAsync("#data details:has(form[action$='/revocation']) > summary");
        await legal.Check("data-erased");
        await browser.App.AdvanceDays(31);
        await legal.Goto($"/cases/{it.Id}");
        await legal.Page.ClickAsync("#data details:has(form[action$='/locked']) > summary");
        await legal.Page.SelectOptionAsync("#data form[action$='/locked'] [name=reason]", "claim");
        await legal.Check("data-locked");
        await legal.Page.ClickAsync("#data form[action$='/locked'] button");
        await legal.Page.WaitForSelectorAsync(".notice.warn");
        await legal.Check("data-opened");
        await using var portal = await browser.Open(width, language);
        await portal.Goto($"/progress/{it.Token}");
        (await portal.Page.Locator("a[href*='/certificates/']").CountAsync()).ShouldBe(2);
        await portal.Check("portal-certificates");
    }

    [Theory]
    [InlineData("zh", BrowserFixture.Phone)]
    [InlineData("en", BrowserFixture.Desk)]
    public async Task A_customer_without_a_case_comes_to_their_data_by_a_code(string language, int width)
    {
        var contract = await browser.App.AContractInForce(language: language);
        await using var customer = await browser.Open(width, language);
        await customer.Goto("/own-data");
        await customer.Check("own-data-start");
        await customer.Page.FillAsync("[name=contractNumber]", contract.Number);
        await customer.Page.FillAsync("[name=contact]", contract.Mail);
        await customer.Page.ClickAsync("form[action='/own-data'] button");
        await customer.Page.WaitForSelectorAsync("[name=code]");
        await customer.Check("own-data-code");
        await customer.Page.FillAsync("[name=code]", await browser.App.CodeFor(contract.Mail));
        await customer.Page.ClickAsync("form[action$='/code'] button");
        await customer.Page.WaitForSelectorAsync("form[action$='/data/zip']");
        await customer.Check("own-data-door");
        await customer.Page.ClickAsync("a[href$='/data-requests']");
        await customer.Page.CheckAsync("[name=kind][value=Object]");
        await customer.Page.ClickAsync("form[action$='/data-requests'] button");
        await customer.Page.WaitForSelectorAsync(".notice.ok");
        await customer.Check("own-data-asked");

        // Another mail address is granted, and stopped by whoever holds the one on file.
        await customer.Page.CheckAsync("[name=kind][value=Correct]");
        await customer.Page.FillAsync("[name=mail]", "another@customer.example");
        await customer.Page.ClickAsync("form[action$='/data-requests'] button");
        await customer.Page.WaitForSelectorAsync("section.summary:nth-of-type(2)");
        var officer = await browser.App.SignIn(Role.DataOfficer);
        var request = await browser.App.With<AppDb, Guid>(db => db.Set<DataRequest>().Where(r => r.CustomerId == contract.CustomerId).OrderByDescending(r => r.Serial).Select(r => r.Id).FirstAsync());
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{request}/fulfilment", new { });
        await customer.Page.ReloadAsync();
        await customer.Check("own-data-granted");
        await customer.Page.ClickAsync("form[action$='/stop'] button");
        await customer.Page.WaitForURLAsync("**done=stopped");
        await customer.Check("own-data-stopped");
    }

    [Theory]
    [InlineData("zh", BrowserFixture.Phone)]
    [InlineData("en", BrowserFixture.Desk)]
    public async Task A_customer_asks_about_their_data_and_the_officer_answers(string language, int width)
    {
        var contract = await browser.App.AContractInForce(language: language);
        var (customer, _, token) = await browser.App.Applied(contract);
        await using var portal = await browser.Open(width, language);
        await portal.Page.Context.AddCookiesAsync([new() { Name = "exeunt.case", Value = customer.DefaultRequestHeaders.GetValues("Case-Session").Single(), Url = browser.App.Url.ToString() }]);
        await portal.Goto($"/progress/{token}/data-requests");
        await portal.Page.ClickAsync("main form button");
        await portal.Page.WaitForSelectorAsync("[role=alert], .error");
        await portal.Check("data-request-refused");
        await portal.Page.CheckAsync("[name=kind][value=Correct]");
        await portal.Page.FillAsync("[name=words]", language == "zh" ? "姓名应为王小方" : "My name is Wang Xiaofang");
        await portal.Page.ClickAsync("main form button");
        await portal.Page.WaitForSelectorAsync("[role=status]");
        await portal.Check("data-request-asked");

        await using var officer = await browser.Open(Role.DataOfficer, width, language);
        await officer.Goto("/data-requests");
        await officer.Check("data-requests");
        await officer.Page.ClickAsync("a.row-link");
        await officer.Page.WaitForSelectorAsync("#decide");
        await officer.Check("data-request");
        await officer.Page.FillAsync("[name=name]", "王小方");
        await officer.Page.ClickAsync("form[action$='/fulfilment'] button");
        await officer.Page.WaitForSelectorAsync("#decide", new() { State = Microsoft.Playwright.WaitForSelectorState.Detached });
        await officer.Check("data-request-done");
    }
}
