using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Intakes;
using Exeunt.Core;
using Shouldly;
using Xunit;

namespace Exeunt.Browser.Tests;

/// <summary>The door: a call by its guide, and the inbox of mails.</summary>
[Collection(nameof(InBrowser))]
public sealed class IntakeJourneyTests(BrowserFixture browser)
{
    [Theory]
    [InlineData("en", BrowserFixture.Desk)]
    [InlineData("zh", BrowserFixture.Phone)]
    [InlineData("zh", BrowserFixture.Desk)]
    [InlineData("en", BrowserFixture.Phone)]
    public async Task Calls_and_mails_are_taken(string language, int width)
    {
        var contract = await browser.App.AContractInForce();
        await using var agent = await browser.Open(Role.Agent, width, language);
        await agent.Goto("/intake");
        await agent.Check("intake");

        await agent.Goto("/intake/phone");
        await agent.Check("intake-calls");
        await agent.Page.FillAsync("[name=number]", "13900001234");
        await agent.Page.ClickAsync("main form .btn-primary");
        await agent.Page.WaitForURLAsync("**/intake/phone/*");
        await agent.Page.FillAsync("[name=contractNumber]", contract.Number);
        await agent.Page.FillAsync("[name=name]", contract.Name);
        await agent.Page.FillAsync("[name=contact]", contract.Mail);
        await agent.Check("intake-call");
        await agent.Page.ClickAsync("button[value=code]");
        await agent.Page.WaitForURLAsync("**done=sent*");
        await agent.Page.FillAsync("[name=code]", await browser.Code(contract.Mail));
        await agent.Page.ClickAsync("button[value=check]");
        await agent.Page.WaitForSelectorAsync("[name=confirmed]");
        await agent.Check("intake-call-proven");
        await agent.Page.ClickAsync("button[value=apply]");
        await agent.Page.WaitForSelectorAsync("[role=alert]");
        await agent.Check("intake-call-refused");
        await agent.Page.CheckAsync("[name=confirmed]");
        await agent.Page.CheckAsync("[name=wish]");
        await agent.Page.ClickAsync("button[value=apply]");
        await agent.Page.WaitForSelectorAsync("a[href^='/cases/']");
        await agent.Check("intake-call-receipt");
        await agent.Page.ClickAsync("main a[href^='/cases/']");
        await agent.Page.WaitForURLAsync("**/cases/*");
        await agent.Page.WaitForSelectorAsync("#intake");
        await agent.Check("intake-card");

        browser.App.Drop(IntakeWorld.AMail("Anna Berg <anna@mail.example>", language == "zh" ? $"请问合同 {contract.Number} 怎么解约？" : $"How can I cancel my contract {contract.Number}?", language == "zh" ? "咨询" : "A question"));
        await browser.App.TakeMails();
        await agent.Goto("/intake/mail");
        await agent.Check("intake-mails");
        await agent.Page.ClickAsync("a.row-link");
        await agent.Page.WaitForURLAsync("**/intake/mail/*");
        await agent.Check("intake-mail");
        await agent.Goto("/intake/visit");
        await agent.Check("intake-visit");
        await agent.Goto("/intake/chat");
        await agent.Check("intake-chats");
    }
}
