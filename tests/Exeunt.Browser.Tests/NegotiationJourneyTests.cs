using System.Net.Http.Json;
using System.Text.Json;
using Exeunt.App.Tests.Cases;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Exeunt.Browser.Tests;

/// <summary>A termination's other ways: negotiated and signed, a question upwards, another account, refused or withdrawn.</summary>
[Collection(nameof(InBrowser))]
public sealed class NegotiationJourneyTests(BrowserFixture browser)
{
    [Theory]
    [InlineData("zh", BrowserFixture.Phone)]
    [InlineData("en", BrowserFixture.Desk)]
    public async Task A_proposal_of_the_customer_becomes_the_signed_agreement(string language, int width)
    {
        var (client, id, token, window) = await Applied(language, width);
        await using var customer = window;
        await customer.Goto($"/progress/{token}");
        await customer.Check("negotiation-progress");
        await customer.Page.ClickAsync("a[href$='/negotiation']");
        await customer.Check("negotiation-mine");

        // Too dear is refused beside the field, and what was typed stays.
        await customer.Page.FillAsync("main form [name=fee]", "99999");
        await customer.Page.ClickAsync("main form:has([name=fee]) button");
        await customer.Page.WaitForSelectorAsync(".field.invalid");
        await customer.Check("negotiation-refused");
        (await customer.Page.InputValueAsync("main form [name=fee]")).ShouldBe("99999");
        await customer.Page.FillAsync("main form [name=fee]", "100");
        await customer.Page.FillAsync("main form [name=words]", language == "zh" ? "路由器由我寄回" : "I send the router back");
        await customer.Page.ClickAsync("main form:has([name=fee]) button");
        await customer.Page.WaitForSelectorAsync(".proposals li");
        await customer.Check("negotiation-proposed");

        // An agent asks the supervisor, who answers and confirms within authority.
        await using var agent = await browser.Open(Role.Agent, width, language);
        await using var supervisor = await browser.Open(Role.Supervisor, width, language);
        await agent.Goto($"/cases/{id}");
        await agent.Page.ClickAsync("details:has(form[action$='/ask']) summary");
        await agent.Page.SelectOptionAsync("form[action$='/ask'] [name=to]", (await browser.App.Staff(Role.Supervisor)).ToString());
        await agent.Page.FillAsync("form[action$='/ask'] [name=words]", language == "zh" ? "能否同意？" : "Can we agree?");
        await agent.Page.ClickAsync("form[action$='/ask'] button");
        await agent.Page.WaitForSelectorAsync("form[action$='/ask']", new PageWaitForSelectorOptions { State = WaitForSelectorState.Detached });
        await agent.Goto($"/cases/{id}/negotiation");
        await agent.Page.ClickAsync("form[action$='/confirm'] button");
        await agent.Page.WaitForSelectorAsync(".notice.bad");
        await agent.Check("negotiation-over-authority");

        await supervisor.Goto($"/cases/{id}");
        await supervisor.Check("question-upwards");
        await supervisor.Page.FillAsync("form[action$='/answer'] [name=words]", language == "zh" ? "同意" : "Yes");
        await supervisor.Page.ClickAsync("form[action$='/answer'] button");
        await supervisor.Page.WaitForSelectorAsync("form[action$='/answer']", new PageWaitForSelectorOptions { State = WaitForSelectorState.Detached });
        await supervisor.Goto($"/cases/{id}/negotiation");
        await supervisor.Check("negotiation-confirm");
        await supervisor.Page.ClickAsync("form[action$='/confirm'] button");
        await supervisor.Page.WaitForSelectorAsync("form[action$='/confirm']", new PageWaitForSelectorOptions { State = WaitForSelectorState.Detached });
        await supervisor.Check("negotiation-signed");
        await customer.Goto($"/progress/{token}/negotiation");
        await customer.Check("negotiation-signed-mine");
        (await browser.App.TheCase(id)).AgreementId.ShouldNotBeNull();
        client.Dispose();
    }

    [Theory]
    [InlineData("zh", BrowserFixture.Phone)]
    [InlineData("en", BrowserFixture.Desk)]
    public async Task Another_account_is_asked_for_held_and_stopped_and_the_case_withdrawn(string language, int width)
    {
        var (client, id, token, window) = await Applied(language, width);
        await using var customer = window;
        await customer.Goto($"/progress/{token}/details");
        await customer.Check("details-level-one");
        await using var agent = await browser.Open(Role.Agent, width, language);
        await agent.Goto($"/cases/{id}");
        await agent.Page.ClickAsync("details:has(form[action$='/identity']) > summary");
        await agent.Page.FillAsync("form[action$='/identity'] [name=words]", language == "zh" ? "身份证原件，有效" : "Passport, valid");
        await agent.Check("identity-check");
        await agent.Page.ClickAsync("form[action$='/identity'] button");
        await BrowserFixture.Eventually(async () => (await browser.App.TheCase(id)).IdentityLevel == 2);
        await customer.Goto($"/progress/{token}/details");
        await customer.Page.FillAsync("[name=holder]", "王小芳");
        await customer.Page.FillAsync("[name=account]", "6222 0000 1234");
        await customer.Check("details-level-two");
        await customer.Page.ClickAsync("form[action$='/payout'] button");
        await customer.Page.WaitForSelectorAsync("form[action$='/stop']");
        await customer.Check("details-held");
        await agent.Goto($"/cases/{id}");
        await agent.Check("case-held-payout");
        // Whoever speaks to the customer stops it, with words; the customer asks again and stops it on their own page.
        await agent.Page.ClickAsync("#changes form[action$='/changes/payout/stop'] button");
        await agent.Page.WaitForSelectorAsync("#changes .field.invalid");
        await agent.Check("change-stop-refused");
        await agent.Page.FillAsync("#changes [name=words]", language == "zh" ? "客户来电：不是本人所为" : "The customer called: it was not them");
        await agent.Page.ClickAsync("#changes form[action$='/changes/payout/stop'] button");
        await agent.Page.WaitForSelectorAsync("#changes", new PageWaitForSelectorOptions { State = WaitForSelectorState.Detached });
        await agent.Check("change-stopped");
        await customer.Goto($"/progress/{token}/details");
        await customer.Page.FillAsync("[name=holder]", "王小芳");
        await customer.Page.FillAsync("[name=account]", "6222 0000 1234");
        await customer.Page.ClickAsync("form[action$='/payout'] button");
        await customer.Page.WaitForSelectorAsync("form[action$='/stop']");
        await customer.Page.ClickAsync("form[action$='/stop'] button");
        await customer.Page.WaitForSelectorAsync("form[action$='/stop']", new PageWaitForSelectorOptions { State = WaitForSelectorState.Detached });
        await customer.Goto($"/progress/{token}/withdraw");
        await customer.Page.ClickAsync("form[action$='/withdraw'] button");
        await BrowserFixture.Eventually(async () => (await browser.App.TheCase(id)).Outcome == CaseOutcome.Withdrawn);
        await customer.Goto($"/progress/{token}");
        await customer.Check("withdrawn");
        client.Dispose();
    }

    private async Task<(HttpClient Client, Guid Id, string Token, Window Window)> Applied(string language, int width)
    {
        var contract = await browser.App.AContractInForce(language: language);
        var client = browser.App.Client(language);
        var receipt = await (await client.PostAsJsonAsync("/api/applications", new { contractNumber = contract.Number, name = contract.Name, contact = contract.Mail })).Done();
        var token = receipt.GetProperty("token").GetString()!;
        await (await client.PostAsync($"/api/progress/{token}/code", null)).Done();
        var opened = await (await client.PostAsJsonAsync($"/api/progress/{token}/identity", new { code = await browser.Code(contract.Mail) })).Done();
        var window = await browser.Open(width, language);
        await window.Page.Context.AddCookiesAsync([new Cookie { Name = "exeunt.case", Value = Uri.EscapeDataString(opened.GetProperty("session").GetString()!), Url = browser.App.Options.Url }]);
        return (client, receipt.GetProperty("caseId").GetGuid(), token, window);
    }
}
