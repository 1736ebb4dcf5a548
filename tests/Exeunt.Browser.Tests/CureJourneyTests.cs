using Exeunt.App.Data;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Offboarding;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Exeunt.Browser.Tests;

/// <summary>An offboarding's other ways: an improvement agreement met or missed, put right in the wind-down, ended at once and reviewed by another.</summary>
[Collection(nameof(InBrowser))]
public sealed class CureJourneyTests(BrowserFixture browser)
{
    [Theory]
    [InlineData("zh", BrowserFixture.Phone, true)]
    [InlineData("zh", BrowserFixture.Phone, false)]
    [InlineData("en", BrowserFixture.Desk, true)]
    [InlineData("en", BrowserFixture.Desk, false)]
    public async Task An_improvement_is_agreed_observed_and_judged(string language, int width, bool met)
    {
        var zh = language == "zh";
        var it = await browser.App.AnOffboarding(language: language);
        var path = $"/cases/{it.Id}";
        await using var manager = await browser.Open(Role.AccountManager, width, language);
        await manager.Goto(path);
        await manager.Check("offboarding-first");
        await manager.Page.SelectOptionAsync("form[action$='/talk'] [name=reason]", "CUSTOMER/FINANCIAL");
        await manager.Page.FillAsync("form[action$='/talk'] [name=minutes]", "40");
        await manager.Page.ClickAsync("form[action$='/talk'] > button");

        // An agreement without a target is refused, and what was typed stays.
        var form = "form[action$='/cure-agreement']";
        await manager.Page.WaitForSelectorAsync($"details:has({form})");
        await manager.Page.ClickAsync($"details:has({form}) > summary");
        var until = (await browser.App.Today()).AddDays(30);
        await manager.Page.FillAsync($"{form} [name=untilOn]", $"{until:yyyy-MM-dd}");
        await manager.Page.FillAsync($"{form} [name=words]", zh ? "结清欠款，不再威胁员工" : "Pay what is due and leave our staff in peace");
        await manager.Page.FillAsync($"{form} [name=consequence]", zh ? "继续办理清退" : "The case goes on");
        await manager.Page.ClickAsync($"{form} button");
        await manager.Page.WaitForSelectorAsync($"{form} .error");
        await manager.Check("cure-refused");
        (await manager.Page.InputValueAsync($"{form} [name=consequence]")).ShouldBe(zh ? "继续办理清退" : "The case goes on");
        await manager.Page.FillAsync($"{form} [name=target-ArrearsAtMost]", "100.00");
        await manager.Page.FillAsync($"{form} [name=target-ComplaintsAtMost]", "2");
        await manager.Page.ClickAsync($"{form} button");
        await manager.Page.WaitForSelectorAsync("form[action$='/judgement']");
        await manager.Check("cure-agreed");

        // The customer reads it behind the link of the mail.
        await using var customer = await browser.OpenMailed(it.Contract.Mail, width, language);
        await customer.Page.WaitForSelectorAsync("#agreement");
        await customer.Check("cure-portal");

        // It cannot be missed before its time is over.
        await manager.Page.CheckAsync("form[action$='/judgement'] [name=met][value=no]");
        await manager.Page.FillAsync("form[action$='/judgement'] [name=words]", zh ? "没有起色" : "Nothing has changed");
        await manager.Page.ClickAsync("form[action$='/judgement'] button");
        await manager.Page.WaitForSelectorAsync("#next .notice.bad");
        await manager.Check("cure-not-yet");

        // The observation is over: the manager finds it on today's page and judges with the figures beside.
        await browser.App.With<AppDb>(async db =>
        {
            var contract = await db.Contracts.SingleAsync(c => c.Id == it.Contract.ContractId);
            (contract.Unpaid, contract.Version) = (met ? 0 : 500_00, contract.Version + 1);
            db.Audit(await browser.App.SystemCall(), "test.contract", $"contract:{contract.Id}");
            await db.SaveChangesAsync();
        });
        await browser.App.AdvanceDays(31);
        await BrowserFixture.Eventually(async () => (await it.View()).GetProperty("agreement").GetProperty("reminded").GetBoolean());
        await manager.Goto("/today");
        await manager.Check("cure-today");
        await manager.Page.ClickAsync($"a[href='{path}']");
        await manager.Page.CheckAsync($"form[action$='/judgement'] [name=met][value={(met ? "yes" : "no")}]");
        await manager.Page.FillAsync("form[action$='/judgement'] [name=words]", met ? zh ? "欠款已结清，未再发生冲突" : "All was paid, and nobody was threatened again" : zh ? "仍欠 500 元" : "CNY 500 are still unpaid");
        await manager.Check("cure-judge");
        await manager.Page.ClickAsync("form[action$='/judgement'] button");
        await manager.Page.WaitForSelectorAsync("form[action$='/judgement']", new() { State = WaitForSelectorState.Detached });
        await manager.Check(met ? "cure-met" : "cure-missed");
        if (met)
        {
            (await it.Outcome()).ShouldBe("Saved");
            await customer.Goto(customer.Path);
            await customer.Check("cure-portal-kept");
            return;
        }

        // Missed, it goes on to the checks and the decision.
        (await it.StepState("check")).ShouldBe("Active");
        await customer.Goto(customer.Path);
        await customer.Check("cure-portal-missed");
        await it.Check();
        await manager.Goto(path);
        await manager.Check("decision-to-draft");
        await manager.Page.ClickAsync("#next a[href='#draft-decision']");
        await manager.Page.CheckAsync("[name=codes][value=A02]");
        await manager.Page.FillAsync("[name=reasons]", zh ? $"约定于 {until:yyyy-MM-dd} 前结清欠款，至今仍欠 500 元。" : $"It was agreed that all is paid by {until:d MMM yyyy}; CNY 500 are still unpaid.");
        await manager.Page.ClickAsync("form[action$='/decision'] > button");
        await manager.Page.WaitForSelectorAsync("#offboarding ul li:has-text('A02')");
        await manager.Check("decision-drafted");
    }

    [Theory]
    [InlineData("zh", BrowserFixture.Phone)]
    [InlineData("en", BrowserFixture.Desk)]
    public async Task What_is_put_right_in_the_wind_down_is_turned_back(string language, int width)
    {
        var zh = language == "zh";
        var it = await browser.App.AnOffboarding(language: language);
        var path = $"/cases/{it.Id}";
        await it.Notify();
        await BrowserFixture.Eventually(async () => await it.State() == "Scheduled");
        await it.Effective();
        await BrowserFixture.Eventually(async () => await it.StepState("restrict") == "Active");
        await using var technical = await browser.Open(Role.Technical, width, language);
        await technical.Goto(path);
        await technical.Page.ClickAsync("form[action*='/work/'] button");
        await BrowserFixture.Eventually(async () => await it.StepState("wind-down") == "Active");

        // Open orders are listed and closed one by one; the final bill waits for the last.
        await using var manager = await browser.Open(Role.AccountManager, width, language);
        await manager.Goto(path);
        await manager.Page.FillAsync("[name=orders]", "PO-1001, 1250.00\nPO-1002");
        await manager.Check("wind-down");
        await manager.Page.ClickAsync("form[action$='/open-orders'] button");
        await manager.Page.WaitForSelectorAsync("form[action*='/open-orders/']");
        await manager.Page.ClickAsync("form[action*='/open-orders/'] button[value=Finished] >> nth=0");
        await manager.Page.WaitForFunctionAsync("() => document.querySelectorAll(\"form[action*='/open-orders/']\").length === 1");
        await manager.Page.ClickAsync("form[action$='/wind-down'] button");
        await manager.Page.WaitForSelectorAsync("#next .notice.bad");
        await manager.Check("wind-down-refused");

        // The customer paid: everything is turned back, and what was restricted is given back by a work order.
        await manager.Page.ClickAsync("details:has(form[action$='/cure']) > summary");
        await manager.Page.FillAsync("form[action$='/cure'] [name=words]", zh ? "欠款已全部结清，感谢配合。" : "Everything was paid. Thank you.");
        await manager.Check("cured-form");
        await manager.Page.ClickAsync("form[action$='/cure'] button");
        await BrowserFixture.Eventually(async () => await it.Outcome() == "Saved");
        await manager.Goto(path);
        await manager.Check("cured");
        await BrowserFixture.Eventually(async () =>
        {
            await technical.Goto(path);
            return await technical.Page.Locator("form[action*='/work/'] button").CountAsync() == 1;
        });
        await technical.Check("cured-work");
        await technical.Page.ClickAsync("form[action*='/work/'] button");
        await technical.Page.WaitForSelectorAsync("form[action*='/work/']", new() { State = WaitForSelectorState.Detached });
        await using var customer = await browser.OpenMailed(it.Contract.Mail, width, language);
        await customer.Check("cured-portal");
        // To a closed case nothing is written any more: no form that would be refused.
        (await customer.Page.Locator("form[action$='/messages']").CountAsync()).ShouldBe(0);
        await browser.App.With<AppDb>(async db => (await db.Contracts.AsNoTracking().SingleAsync(c => c.Id == it.Contract.ContractId)).LastServiceDay.ShouldBeNull());
    }

    [Theory]
    [InlineData("zh", BrowserFixture.Phone, false)]
    [InlineData("en", BrowserFixture.Desk, true)]
    public async Task What_was_ended_at_once_is_reviewed_by_another(string language, int width, bool stands)
    {
        var zh = language == "zh";
        var contract = await browser.App.AContractInForce(1200_00, language);
        await using var head = await browser.Open(Role.BranchHead, width, language);
        await head.Goto($"/customers/{contract.CustomerId}");
        await head.Page.ClickAsync($"a[href='/customers/{contract.CustomerId}/offboarding?now=true']");
        await head.Page.WaitForSelectorAsync("form[action$='/immediate']");
        await head.Page.SelectOptionAsync("[name=ground]", "DANGER");
        await head.Page.FillAsync("main [name=words]", zh ? "持刀进入营业厅" : "Came into the shop with a knife");
        await head.Page.FillAsync("[name=toldTo]", zh ? "客户本人" : "The customer");
        await head.Page.FillAsync("[name=reasons]", zh ? "您持刀威胁员工，警方已记录。" : "You attacked our staff with a knife; the police have recorded it.");
        var evidence = new FilePayload { Name = "police.pdf", MimeType = "application/pdf", Buffer = MoneyWorld.Receipt };
        await head.Page.SetInputFilesAsync("[name=evidence]", evidence);
        await head.Page.ClickAsync("form[action$='/immediate'] .actions button");
        await head.Page.WaitForSelectorAsync("form[action$='/immediate'] .error");
        await head.Check("immediate-refused");
        (await head.Page.InputValueAsync("[name=toldTo]")).ShouldBe(zh ? "客户本人" : "The customer");
        await head.Page.CheckAsync("[name=codes][value=A08]");
        await head.Page.SetInputFilesAsync("[name=evidence]", evidence);
        await head.Page.ClickAsync("form[action$='/immediate'] .actions button");
        await head.Page.WaitForURLAsync("**/cases/*");
        await head.Page.WaitForSelectorAsync("#offboarding");
        var path = new Uri(head.Page.Url).AbsolutePath;
        var it = new AnOffboarding(browser.App, contract, Guid.Parse(path.Split('/')[^1]));
        await head.Check("immediate-case");
        (await head.Page.Locator("form[action$='/decision/approve']").CountAsync()).ShouldBe(0);

        // The service is suspended and the letter is out; the customer reads it behind its link.
        await it.Work();
        await using var customer = await browser.OpenMailed(contract.Mail, width, language);
        await customer.Check("immediate-portal");

        // Legal finds the review on today's page, and in the register.
        await using var legal = await browser.Open(Role.Legal, width, language);
        await legal.Goto("/spot-decisions");
        await legal.Check("spot-register-due");
        await legal.Goto("/today");
        await legal.Check("immediate-today");
        await legal.Page.Locator($"a[href^='{path}']").First.ClickAsync();
        await legal.Page.WaitForSelectorAsync("form[action$='/decision/approve']");
        await legal.Page.FillAsync("form[action$='/decision/approve'] [name=words]", stands ? zh ? "录像属实" : "The recording shows it" : zh ? "监控显示是另一个人" : "The recording shows somebody else");
        await legal.Check("immediate-review");
        await legal.Page.ClickAsync(stands ? "form[action$='/decision/approve'] .btn-primary" : "button[formaction$='/decision/reverse']");
        await legal.Page.WaitForSelectorAsync("form[action$='/decision/approve']", new() { State = WaitForSelectorState.Detached });
        await legal.Check(stands ? "immediate-stands" : "immediate-reversed");
        if (stands)
            (await it.StepState("review")).ShouldBe("Done");
        else
            (await it.Outcome()).ShouldBe("Refused");
        await customer.Goto(customer.Path);
        await customer.Check(stands ? "immediate-portal-stands" : "immediate-portal-reversed");
        await legal.Goto("/spot-decisions");
        await legal.Check("spot-register-reviewed");
        (await legal.Page.InnerTextAsync($"tr:has(a[href='{path}'])")).ShouldContain(stands ? zh ? "维持" : "It stands" : zh ? "撤销" : "It was wrong");
    }
}
