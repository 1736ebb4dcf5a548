using Exeunt.Core;
using Shouldly;
using Xunit;

namespace Exeunt.Browser.Tests;

/// <summary>Every page of the console, for somebody who may open it: both widths, both languages, nothing serious by axe.</summary>
[Collection(nameof(InBrowser))]
public sealed class PagesTests(BrowserFixture browser)
{
    private static readonly (Role Role, string Path, string Name)[] Pages =
    [
        (Role.Supervisor, "/today", "today"),
        (Role.Supervisor, "/customers", "customers"),
        (Role.Supervisor, "/customers/1", "customer"),
        (Role.Supervisor, "/watch", "watch"),
        (Role.Supervisor, "/watch/transitions", "transitions"),
        (Role.Supervisor, "/watch/tiers", "tiers"),
        (Role.Supervisor, "/churn-definition", "churn-definition"),
        (Role.Supervisor, "/standards", "standards"),
        (Role.Supervisor, "/listings", "listings-all"),
        (Role.Supervisor, "/classes", "classes"),
        (Role.Supervisor, "/classes/value-rfm", "classes-rfm"),
        (Role.Supervisor, "/classes/importance/1", "scheme"),
        (Role.Supervisor, "/classes/new?start=importance", "scheme-new"),
        (Role.Supervisor, "/classes/new?start=groups", "scheme-new-groups"),
        (Role.Supervisor, "/classes/plan?who=all", "classes-plan"),
        (Role.Supervisor, "/customers?class=importance:important&col=tier,spend,classes", "customers-class"),
        (Role.Supervisor, "/customers?state=Churned&col=tier,state,spend,orders,silent,last-order,since", "customers-churned"),
        (Role.Supervisor, "/watch/indicators", "indicators"),
        (Role.Supervisor, "/watch/indicators/spend_12m", "indicator"),
        (Role.Supervisor, "/cases/process-map", "process-map"),
        (Role.Supervisor, "/cases/process-map?step=talk&from=2024-06", "process-map-step"),
        (Role.Supervisor, "/work", "work"),
        (Role.Finance, "/money", "money-empty"),
        (Role.Finance, "/policies", "policies"),
        (Role.Finance, "/policies/JY-01/1", "policy"),
        (Role.Legal, "/pages", "legal-pages"),
        (Role.Legal, "/packs", "packs"),
        (Role.Legal, "/packs/saas", "pack"),
        (Role.Supervisor, "/intake", "intake"),
        (Role.Supervisor, "/intake/mail", "intake-mail"),
        (Role.Supervisor, "/voice", "voice"),
        (Role.Legal, "/rules", "rules"),
        (Role.Legal, "/rules/DE", "rules-place"),
        (Role.Legal, "/rules/reviews", "rules-reviews"),
        (Role.Finance, "/formulas", "formulas"),
        (Role.Finance, "/formulas/etf?currency=USD&etf=%7B%22kind%22%3A%22DECLINING%22%2C%22initial%22%3A%22350.00%22%2C%22perMonth%22%3A%2210.00%22%7D&start=2025-01-15&effEnd=2025-12-20&termMonths=24", "formula"),
        (Role.DataOfficer, "/proof", "proof"),
        (Role.DataOfficer, "/data-requests", "data-requests"),
        (Role.DataOfficer, "/customers/1/data-request", "data-request-new"),
        (Role.Auditor, "/audit", "audit"),
        (Role.BranchHead, "/imports", "imports"),
        (Role.Administrator, "/admin", "admin"),
        (Role.Administrator, "/admin/people", "admin-people"),
        (Role.Administrator, "/admin/units", "admin-units"),
        (Role.Administrator, "/admin/calendars", "admin-calendars"),
        (Role.Administrator, "/admin/effects", "admin-effects"),
        (Role.Administrator, "/admin/keys", "admin-keys"),
        (Role.Administrator, "/mailbox", "mailbox"),
        (Role.Administrator, "/account", "account"),
    ];

    [Theory]
    [InlineData("en", BrowserFixture.Desk)]
    [InlineData("zh", BrowserFixture.Phone)]
    public async Task Opens_calm_and_clear_for_those_who_may(string language, int width)
    {
        var faults = new List<string>();
        foreach (var role in Pages.Select(p => p.Role).Distinct())
        {
            await using var window = await browser.Open(role, width, language);
            foreach (var (_, path, name) in Pages.Where(p => p.Role == role))
            {
                var answer = await window.Goto(path);
                if (answer.Status != 200)
                    faults.Add($"{path} answers {answer.Status}");
                try
                {
                    await window.Check("page-" + name);
                }
                catch (Xunit.Sdk.FailException e)
                {
                    faults.Add(e.Message);
                }
            }
        }
        faults.ShouldBeEmpty(string.Join("\n\n", faults));
    }

    [Fact]
    public async Task Sign_in_opens_without_an_account()
    {
        await using var window = await browser.Open(BrowserFixture.Phone, "zh");
        (await window.Goto("/sign-in")).Status.ShouldBe(200);
        await window.Check("page-sign-in");
    }
}
