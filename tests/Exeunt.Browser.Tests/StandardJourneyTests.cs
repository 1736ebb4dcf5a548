using Exeunt.App.Data;
using Exeunt.App.Features.Facts;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Offboarding;
using Exeunt.Core;
using Exeunt.Core.Activity;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using Fact = Exeunt.Core.Activity.Fact;
using FactKind = Exeunt.Core.Activity.FactKind;

namespace Exeunt.Browser.Tests;

/// <summary>A standard in the browser: written with its live effect, signed, back-tested, published, and leading to an offboarding case.</summary>
[Collection(nameof(InBrowser))]
public sealed class StandardJourneyTests(BrowserFixture browser)
{
    [Theory]
    [InlineData("zh", BrowserFixture.Phone)]
    [InlineData("en", BrowserFixture.Desk)]
    public async Task A_standard_leads_to_a_case(string language, int width)
    {
        var zh = language == "zh";
        var id = $"low-value-{language}";
        var contract = await browser.App.AContractInForce(0, language);
        await browser.App.With<AppDb>(async db =>
        {
            var month = Month.Of(await browser.App.Today());
            db.Activity.Add(new ActivityRow
            {
                CustomerId = contract.CustomerId,
                Months = ActivityMonths.Build([new Fact(FactKind.Order, (month - 7).Day(3), 120_00, "1"), new Fact(FactKind.Order, (month - 20).Day(3), 900_00, "2")]),
            });
            db.Audit(await browser.App.SystemCall(), "test.months", $"customer:{contract.CustomerId}");
            await db.SaveChangesAsync();
        });

        await using var author = await browser.Open(Role.Supervisor, width, language);
        await author.Goto("/standards");
        await author.Page.ClickAsync("#new-standard");
        await author.Page.WaitForSelectorAsync("#standard-form");
        await author.Page.FillAsync("[name=when]", "spend_12m < 200 CNY and customer_age > 60");
        await author.Page.WaitForSelectorAsync("#policy-meaning .findings li:has-text('customer_age')");
        await author.Check("standard-protected");
        // What it means and does follows while it is typed.
        await author.Page.FillAsync("[name=when]", "spend_12m < 200 CNY and orders_12m < 3");
        await author.Page.WaitForSelectorAsync("#policy-meaning p[lang=zh]:has-text('200.00 CNY')");
        await author.Page.WaitForSelectorAsync("#policy-example .kpis");
        await author.Page.FillAsync("[name=id]", id);
        await author.Page.FillAsync("[name='name.chinese']", "低价值客户");
        await author.Page.FillAsync("[name='name.english']", "Low value");
        await author.Check("standard-editor");
        await author.Page.ClickAsync("#save-standard");
        await author.Page.WaitForURLAsync("**/edit?saved=1");

        await author.Goto($"/standards/{id}/1");
        await author.Page.ClickAsync("#submit");
        await author.Page.WaitForSelectorAsync("#withdraw");
        foreach (var role in new[] { Role.BranchHead, Role.Legal })
        {
            await using var signer = await browser.Open(role, width, language);
            await signer.Goto($"/standards/{id}/1");
            await signer.Page.ClickAsync("#sign");
            await signer.Page.WaitForFunctionAsync("() => !document.querySelector('#sign')");
        }
        await author.Goto($"/standards/{id}/1");
        await author.Page.ClickAsync("#publish");
        await author.Page.WaitForSelectorAsync(".notice.bad");
        await author.Check("standard-no-backtest");
        await author.Page.ClickAsync("#start-backtest");
        await author.Page.WaitForURLAsync("**/backtests/*");
        await author.Page.WaitForSelectorAsync(".kpis", new() { Timeout = 30_000 });
        await author.Check("standard-backtest");
        await author.Goto($"/standards/{id}/1");
        await author.Check("standard-version");
        await author.Page.ClickAsync("#publish");
        await author.Page.WaitForFunctionAsync("() => !document.querySelector('#publish')");

        await using var head = await browser.Open(Role.BranchHead, width, language);
        await BrowserFixture.Eventually(async () => await browser.App.With<AppDb, bool>(db => Task.FromResult(db.Listings.Any(l => l.StandardId == id && l.CustomerId == contract.CustomerId))));

        // The list is narrowed: to what waits of the standard in all units, then to who is listed now in one unit. The filters stay as they were chosen.
        var rows = head.Page.Locator("main tbody tr");
        await head.Goto("/listings");
        await head.Page.SelectOptionAsync("#standard", id);
        await head.Page.CheckAsync("[name=waiting]");
        await head.Page.ClickAsync("form.filters button");
        await head.Page.WaitForURLAsync($"**/listings?standard={id}&*");
        await head.Page.WaitForSelectorAsync("html:not([aria-busy])");
        (await rows.CountAsync()).ShouldBeGreaterThan(0);
        (await rows.Filter(new() { HasNotText = zh ? "低价值客户" : "Low value" }).CountAsync()).ShouldBe(0);
        (await rows.Filter(new() { HasNotText = zh ? "待决定" : "To decide" }).CountAsync()).ShouldBe(0);
        (await head.Page.InputValueAsync("#standard")).ShouldBe(id);
        await head.Page.UncheckAsync("[name=waiting]");
        await head.Page.CheckAsync("[name=open]");
        await head.Page.SelectOptionAsync("#unit", new SelectOptionValue { Index = 1 });
        await head.Page.ClickAsync("form.filters button");
        await head.Page.WaitForURLAsync($"**/listings?standard={id}&unit=*&open=1");
        await head.Page.WaitForSelectorAsync("html:not([aria-busy])");
        (await rows.CountAsync()).ShouldBeGreaterThan(0);
        (await head.Page.InputValueAsync("#unit")).ShouldNotBeEmpty();
        (await head.Page.IsCheckedAsync("[name=open]")).ShouldBeTrue();
        await head.Check("listings-filtered");

        var mine = $"/listings?standard={id}&customer={contract.CustomerId}";
        await head.Goto(mine);
        await head.Check("listings");
        await head.Page.ClickAsync("a.row-link[href^='/listings/']");
        await head.Page.WaitForSelectorAsync("#case-form");
        await head.Check("listing");
        await head.Page.FillAsync("#case-form [name=words]", " ");
        await head.Page.ClickAsync("#open-case");
        await head.Page.WaitForSelectorAsync("#case-form .field.invalid [name=words]");
        await head.Page.FillAsync("#case-form [name=words]", zh ? "已核对全年订单与沟通记录" : "Checked the orders and talks of the year");
        await head.Page.ClickAsync("#open-case");
        await head.Page.WaitForURLAsync("**/cases/*");
        (await head.Page.ContentAsync()).ShouldContain("O-");
        await head.Check("listing-case");

        // Decided, it waits for nobody any more.
        await head.Goto(mine);
        (await rows.InnerTextAsync()).ShouldContain(zh ? "已立案" : "Case opened");
        await head.Goto(mine + "&waiting=1");
        await head.Page.WaitForSelectorAsync("main .empty");
        await head.Check("listings-none");
    }
}
