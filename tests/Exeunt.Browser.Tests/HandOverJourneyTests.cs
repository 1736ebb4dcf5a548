using Exeunt.App.Data;
using Exeunt.App.Features.HandOvers;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.HandOvers;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.Browser.Tests;

/// <summary>One customer changes hands, one is given up, and everything one person looks after passes to others.</summary>
[Collection(nameof(InBrowser))]
public sealed class HandOverJourneyTests(BrowserFixture browser)
{
    private static int _people;

    [Theory]
    [InlineData("zh", BrowserFixture.Phone)]
    [InlineData("en", BrowserFixture.Desk)]
    public async Task A_customer_is_handed_over_and_then_given_up(string language, int width)
    {
        var zh = language == "zh";
        var n = $"{Interlocked.Increment(ref _people)}";
        var (old, fresh) = (await browser.App.Staff(Role.AccountManager, name: "before" + n), await browser.App.Staff(Role.AccountManager, name: "after" + n));
        var contract = await browser.App.AContractInForce(1200_00, language);
        await browser.App.OwnedBy(contract.CustomerId, old);
        await using var boss = await browser.Open(Role.BranchHead, width, language, name: "asks");
        await boss.Goto($"/customers/{contract.CustomerId}");
        await boss.Page.ClickAsync($"a[href='/customers/{contract.CustomerId}/hand-over']");
        await boss.Page.WaitForSelectorAsync("[name=to]");
        await boss.Check("hand-over-preview");
        await boss.Page.SelectOptionAsync("[name=to]", $"{fresh}");
        await boss.Page.SelectOptionAsync("[name=reason]", "CustomerWish");
        await boss.Page.FillAsync("[name=words]", zh ? "客户希望由熟悉行业的同事负责" : "The customer wants somebody who knows the trade");
        await boss.Page.ClickAsync("form[action$='/hand-over'] .btn-primary");
        await BrowserFixture.Eventually(async () => (await browser.App.TheCustomer(contract.CustomerId)).OwnerId == fresh);
        await boss.Goto($"/customers/{contract.CustomerId}/hand-over");
        await boss.Check("hand-over-done");

        // Giving up: without grounds it is refused beside the field; the letter is shown before anything is asked for.
        await boss.Page.ClickAsync($"a[href='/customers/{contract.CustomerId}/giving-up']");
        await boss.Page.WaitForSelectorAsync("[name=grounds]");
        await boss.Page.SelectOptionAsync("[name=reason]", "SmallVolume");
        await boss.Page.FillAsync("[name=grounds]", " ");
        await boss.Page.CheckAsync("[name=alternative][value=SharedDesk]");
        await boss.Page.FillAsync("[name=contact]", zh ? "客户服务台 400-800-1234，工作日 9:00–18:00" : "Service desk, +86 400 800 1234, weekdays 9 to 18");
        await boss.Page.ClickAsync("form[action$='/preview'] .btn-primary");
        await boss.Page.WaitForSelectorAsync("form[action$='/preview'] .error");
        await boss.Check("giving-up-refused");
        await boss.Page.FillAsync("[name=grounds]", zh ? "一年仅两单，专人维护成本过高" : "Two orders a year do not carry a person of their own");
        await boss.Page.ClickAsync("form[action$='/preview'] .btn-primary");
        await boss.Page.WaitForSelectorAsync(".letter");
        await boss.Check("giving-up-letter");
        await boss.Page.ClickAsync("form[action$='/giving-up'] .btn-primary");
        await boss.Page.WaitForURLAsync("**/giving-up/*");
        await boss.Page.WaitForSelectorAsync(".why-not");
        await boss.Page.WaitForSelectorAsync("html:not([aria-busy])");
        await boss.Check("giving-up-own");
        var path = boss.Path;
        await using var other = await browser.Open(Role.BranchHead, width, language, name: "approves");
        await other.Goto("/today");
        await other.Page.ClickAsync($"a[href='{path}']");
        await other.Page.WaitForSelectorAsync("form[action$='/decision']");
        await other.Check("giving-up-approve");
        await other.Page.ClickAsync("button[name=approved][value=no]");
        await other.Page.WaitForSelectorAsync(".notice.bad");
        await other.Page.ClickAsync("button[name=approved][value=yes]");
        await BrowserFixture.Eventually(async () => (await browser.App.TheCustomer(contract.CustomerId)).GivenUpOn is not null);
        await browser.App.Drain();
        await other.Goto(path);
        await other.Check("giving-up-done");
        await other.Goto("/customers?care=GivenUp");
        await other.Check("customers-given-up");
        await other.Goto($"/customers/{contract.CustomerId}");
        await other.Check("customer-given-up");
    }

    [Theory]
    [InlineData("zh", BrowserFixture.Phone)]
    [InlineData("en", BrowserFixture.Desk)]
    public async Task A_portfolio_passes_over_with_a_progress_bar_and_visits(string language, int width)
    {
        var zh = language == "zh";
        var n = $"{Interlocked.Increment(ref _people)}";
        var (leaver, one) = (await browser.App.Staff(Role.AccountManager, name: "leaver" + n), await browser.App.Staff(Role.AccountManager, name: "one" + n));
        await browser.App.CustomersOf(leaver, 60, language);
        await using var boss = await browser.Open(Role.Supervisor, width, language, name: "plans");
        await boss.Goto("/hand-overs");
        await boss.Check("hand-overs");
        await boss.Page.ClickAsync($"a[href^='/hand-overs/people/{leaver}']");
        await boss.Page.WaitForSelectorAsync("[name=visitShare]");
        await boss.Page.CheckAsync($"[name=successor][value='{one}']");
        await boss.Check("portfolio");
        await boss.Page.ClickAsync("form[action*='/people/'] .btn-primary");
        await boss.Page.WaitForURLAsync("**/plans/*");
        await boss.Page.WaitForSelectorAsync("html:not([aria-busy])");
        await boss.Check("plan-draft");
        var path = boss.Path;
        var plan = Guid.Parse(path[^36..]);
        await boss.Page.SelectOptionAsync("#to", $"{one}");
        await boss.Page.ClickAsync("button[name=all]");
        await BrowserFixture.Eventually(async () => await browser.App.With<AppDb, bool>(db => db.PlanItems.AllAsync(i => i.Successor != null || i.PlanId != plan)));
        await boss.Goto(path);
        await boss.Page.ClickAsync("form[action$='/start'] .btn-primary");
        await BrowserFixture.Eventually(async () => await browser.App.With<AppDb, bool>(db => db.PortfolioPlans.AnyAsync(p => p.OwnerId == leaver && p.Stage != PlanStage.Draft)));
        await browser.App.Drain();
        await BrowserFixture.Eventually(async () => await browser.App.With<AppDb, bool>(db => db.PortfolioPlans.AnyAsync(p => p.OwnerId == leaver && p.Stage == PlanStage.Moved)));
        await boss.Goto(path);
        await boss.Check("plan-moved");

        // The new owner records the visits.
        await using var owner = await browser.Open(Role.AccountManager, width, language, name: "one" + n);
        await owner.Goto(path + "?show=Visits");
        await owner.Page.Locator("details:has(form[action$='/visit']) > summary").First.ClickAsync();
        await owner.Page.Locator("form[action$='/visit'] button:not([name])").First.ClickAsync();
        await owner.Page.WaitForSelectorAsync("form[action$='/visit'] .error");
        await owner.Page.WaitForSelectorAsync("html:not([aria-busy])");
        await owner.Check("visit-refused");
        await owner.Page.Locator("form[action$='/visit'] [name=on]").First.FillAsync(await browser.BusinessDate());
        await owner.Page.Locator("form[action$='/visit'] [name=present]").First.FillAsync(zh ? "李先生、王经理" : "Mr Li, Ms Wang");
        await owner.Page.Locator("form[action$='/visit'] [name=outcome]").First.SelectOptionAsync("Accepted");
        await owner.Page.Locator("form[action$='/visit'] [name=minutes]").First.FillAsync(zh ? "约定每月电话沟通一次" : "A call each month was agreed");
        await owner.Page.Locator("form[action$='/visit'] button:not([name])").First.ClickAsync();
        await BrowserFixture.Eventually(async () => await browser.App.With<AppDb, bool>(db => db.PlanItems.AnyAsync(i => i.PlanId == plan && i.Visit == VisitState.Done)));
        await owner.Goto(path + "?show=Visits");
        await owner.Check("visits");
        await boss.Goto("/hand-overs");
        (await boss.Page.InnerTextAsync("main")).ShouldContain("60");
        await boss.Check("hand-overs-running");
    }
}
