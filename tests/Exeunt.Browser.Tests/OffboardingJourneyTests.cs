using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Offboarding;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Exeunt.Browser.Tests;

/// <summary>An offboarding in the browser: opened from the customer's file, heard, checked, decided by two, objected to by the customer, decided by an outsider.</summary>
[Collection(nameof(InBrowser))]
public sealed class OffboardingJourneyTests(BrowserFixture browser)
{
    [Theory]
    [InlineData("zh", BrowserFixture.Phone)]
    [InlineData("en", BrowserFixture.Desk)]
    public async Task An_offboarding_is_decided_by_people_and_answered_by_the_customer(string language, int width)
    {
        var zh = language == "zh";
        var contract = await browser.App.AContractInForce(1200_00, language);

        // The account manager opens it from the customer's file, with a photo and figures.
        await using var manager = await browser.Open(Role.AccountManager, width, language);
        await manager.Goto($"/customers/{contract.CustomerId}");
        await manager.Page.ClickAsync($"a[href='/customers/{contract.CustomerId}/offboarding']");
        await manager.Page.WaitForSelectorAsync("form[action$='/offboarding']");
        await manager.Page.SelectOptionAsync("[name=ground]", "OFFBOARD_BREACH");
        await manager.Page.FillAsync("main [name=words]", zh ? "3 月 2 日与 9 日两次威胁员工" : "Threatened staff on 2 and 9 March");
        await manager.Page.CheckAsync("[name=facts][value=Arrears]");
        await manager.Page.SetInputFilesAsync("[name=evidence]", new FilePayload { Name = "report.jpg", MimeType = "image/jpeg", Buffer = MoneyWorld.Photo });
        await manager.Check("offboarding-open");
        await manager.Page.ClickAsync("form[action$='/offboarding'] .actions button");
        await manager.Page.WaitForURLAsync("**/cases/*");
        var path = new Uri(manager.Page.Url).AbsolutePath;
        var it = new AnOffboarding(browser.App, contract, Guid.Parse(path.Split('/')[^1]));

        // The talk, and what it came to.
        await manager.Page.SelectOptionAsync("form[action$='/talk'] [name=reason]", "CUSTOMER/FINANCIAL");
        await manager.Page.FillAsync("form[action$='/talk'] [name=minutes]", "40");
        await manager.Page.ClickAsync("form[action$='/talk'] > button");
        await manager.Page.WaitForSelectorAsync("form[action$='/talk/conclusion']");
        await manager.Check("offboarding-talk");
        await manager.Page.CheckAsync("[name=result][value=GoesOn]");
        await manager.Page.FillAsync("form[action$='/talk/conclusion'] [name=words]", zh ? "客户不认可" : "The customer denies it");
        await manager.Page.ClickAsync("form[action$='/talk/conclusion'] > button");
        await manager.Page.WaitForSelectorAsync("#offboarding details:has(form[action$='/decision'])");

        // Checked by the supervisor, drafted by the manager, approved by the head and by legal.
        await using (var supervisor = await browser.Open(Role.Supervisor, width, language))
        {
            await supervisor.Goto(path);
            await supervisor.Check("offboarding-checks");
            for (var n = 4; n > 0; n--)
            {
                await supervisor.Page.ClickAsync("form[action$='/checks'] button >> nth=0");
                await supervisor.Page.WaitForFunctionAsync($"() => document.querySelectorAll(\"form[action$='/checks']\").length < {n}");
            }
        }
        await manager.Goto(path);
        await manager.Page.CheckAsync("[name=codes][value=A08]");
        await manager.Page.FillAsync("[name=reasons]", zh ? "3 月 2 日与 9 日威胁员工，有记录为证。" : "Staff were threatened on 2 and 9 March; both are on record.");
        await manager.Check("offboarding-draft");
        await manager.Page.ClickAsync("form[action$='/decision'] > button");
        await manager.Page.WaitForSelectorAsync("#offboarding ul li:has-text('A08')");
        foreach (var role in new[] { Role.BranchHead, Role.Legal })
        {
            await using var approver = await browser.Open(role, width, language);
            await approver.Goto(path);
            await approver.Page.FillAsync("form[action$='/decision/approve'] [name=words]", zh ? "两份记录我都看过" : "I read both records");
            await approver.Check($"offboarding-approve-{role}");
            await approver.Page.ClickAsync("form[action$='/decision/approve'] .btn-primary");
            await approver.Page.WaitForFunctionAsync("() => !document.querySelector(\"form[action$='/decision/approve']\")");
        }

        // The notice arrives with a link; the customer objects after a code.
        await BrowserFixture.Eventually(async () => (await it.State()) == "Scheduled");
        await using var customer = await browser.OpenMailed(contract.Mail, width, language);
        await customer.Page.WaitForSelectorAsync("form[action$='/objection']");
        await customer.Check("offboarding-portal");
        await customer.Page.FillAsync("[name=objection]", zh ? "当天我不在店里" : "I was not there that day");
        await customer.Page.ClickAsync("form[action$='/objection'] button");
        await customer.Page.WaitForURLAsync("**/progress/*?done=objection");
        await customer.Check("offboarding-portal-objected");

        // Somebody who took no part decides.
        await using var outsider = await browser.Open(Role.BranchHead, width, language, name: "outsider");
        await outsider.Goto(path);
        await outsider.Page.CheckAsync("#offboarding [name=upheld][value=yes]");
        await outsider.Page.FillAsync("form[action$='/objection'] [name=words]", zh ? "监控显示并非该客户" : "The recording shows somebody else");
        await outsider.Check("offboarding-objection");
        await outsider.Page.ClickAsync("form[action$='/objection'] > button");
        await BrowserFixture.Eventually(async () => (await it.Outcome()) == "Refused");
        await outsider.Goto(path);
        await outsider.Check("offboarding-refused");
    }

    [Theory]
    [InlineData("zh", BrowserFixture.Phone)]
    [InlineData("en", BrowserFixture.Desk)]
    public async Task The_registers_and_reports_are_read(string language, int width)
    {
        await using var head = await browser.Open(Role.BranchHead, width, language);
        foreach (var (page, name) in new[] { ("/spot-decisions", "spot-decisions"), ("/treatment", "treatment"), ("/money/late-charges", "late-charges") })
        {
            (await head.Goto(page)).Status.ShouldBe(200);
            await head.Check(name);
        }
        await using var admin = await browser.Open(Role.Administrator, width, language);
        await admin.Goto("/admin/systems");
        await admin.Check("systems");
        await using var agent = await browser.Open(Role.Agent, width, language);
        await agent.Goto("/re-entry");
        await agent.Check("re-entry");
    }
}
