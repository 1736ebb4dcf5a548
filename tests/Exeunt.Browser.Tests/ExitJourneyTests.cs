using System.Text.RegularExpressions;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Exeunt.Browser.Tests;

/// <summary>A customer of the demo company ends a contract, from the first page to the closed case, with everybody at their own window.</summary>
[Collection(nameof(InBrowser))]
public sealed partial class ExitJourneyTests(BrowserFixture browser)
{
    [Theory]
    [InlineData("zh", "HT-2024-1187", "王芳", "wang.fang@huadong-pack.example", BrowserFixture.Phone)]
    [InlineData("en", "EX-2025-0042", "Anna Berg", "anna.berg@northgate.example", BrowserFixture.Desk)]
    public async Task A_contract_ends_from_application_to_closed_case(string language, string contract, string name, string mail, int width)
    {
        // The customer applies without an account.
        await using var customer = await browser.Open(width, language);
        await customer.Goto("/");
        await customer.Check("portal-start");
        await customer.Goto("/apply");
        await customer.Check("portal-apply");
        await Fill(customer, "contractNumber", contract);
        await Fill(customer, "name", name);
        await Fill(customer, "contact", mail);
        await customer.Page.ClickAsync("main form button.btn-primary");
        await customer.Page.WaitForURLAsync("**/code");
        await customer.Check("portal-code");
        await Fill(customer, "code", await browser.Code(mail));
        await customer.Page.ClickAsync("main form button.btn-primary");
        await customer.Page.WaitForURLAsync("**/date");
        await customer.Check("portal-date");
        await customer.Page.ClickAsync(".pair button");
        await customer.Page.WaitForURLAsync("**/reason");
        await customer.Page.CheckAsync("input[name=reason][value=PRICE]");
        await customer.Check("portal-reason");
        await customer.Page.ClickAsync(".pair button:not([name=skip])");
        await customer.Page.WaitForURLAsync("**/check");
        await customer.Check("portal-check");
        await customer.Page.CheckAsync("input[name=confirmed]");
        await customer.Page.ClickAsync(".pair button");
        await customer.Page.WaitForURLAsync("**/receipt");
        await customer.Check("portal-receipt");
        var number = CaseNumber().Match(await customer.Page.InnerTextAsync("main")).Value;
        number.ShouldNotBeEmpty();
        var progress = new Uri(customer.Page.Url).AbsolutePath.Replace("/receipt", "", StringComparison.Ordinal);

        // The agent sees the case, talks, and makes one offer.
        await using var agent = await browser.Open(Role.Agent, language: language);
        await agent.Goto("/cases");
        await agent.Check("cases");
        await agent.Page.ClickAsync($"a:has-text('{number}')");
        await agent.Page.WaitForURLAsync(CaseUrl());
        var casePath = new Uri(agent.Page.Url).AbsolutePath;
        await agent.Check("case-talk");
        await agent.Page.SelectOptionAsync("form[action$='/talk'] select[name=reason]", "PRICE/TOO_HIGH");
        await agent.Page.FillAsync("form[action$='/talk'] [name=minutes]", "12");
        await agent.Page.FillAsync("form[action$='/talk'] [name=words]", language == "zh" ? "比去年贵了一半" : "Half as much again as last year");
        await agent.Page.ClickAsync("form[action$='/talk'] button.btn-primary");
        await agent.Page.WaitForSelectorAsync("form[action$='/offer']");
        await agent.Check("case-offer");
        await agent.Page.Locator("form[action$='/offer']").First.Locator("[name=months]").FillAsync("3");
        await agent.Page.ClickAsync("form[action$='/offer'] button.btn-primary");

        // The customer declines on the progress page; the settlement is computed.
        await BrowserFixture.Eventually(async () =>
        {
            await customer.Goto(progress + "/offer");
            return await customer.Page.Locator("button[value=decline]").CountAsync() == 1;
        });
        await customer.Check("portal-offer");
        await customer.Page.ClickAsync("button[value=decline]");

        // Finance and legal approve, each in their own window.
        foreach (var (role, word) in new[] { (Role.Finance, "finance"), (Role.Legal, "legal") })
        {
            await using var approver = await browser.Open(role, language: language);
            var form = $"form[action$='/approve/{word}']";
            await BrowserFixture.Eventually(async () =>
            {
                await approver.Goto(casePath);
                return await approver.Page.Locator(form).CountAsync() == 1;
            });
            await approver.Check($"case-approve-{word}");
            await approver.Page.ClickAsync($"{form} button");
            await BrowserFixture.Eventually(async () => await approver.Page.Locator(form).CountAsync() == 0);
        }

        // The business date moves past the last service day, on the administration page.
        await browser.StoreBusinessDate();
        await using var administrator = await browser.Open(Role.Administrator, language: language);
        await administrator.Goto("/admin/clock");
        await administrator.Check("admin-clock");
        await administrator.Page.FillAsync("main form [name=days]", "35");
        await administrator.Page.ClickAsync("main form:has([name=days]) button");

        // Technical confirms the work orders.
        await using var technical = await browser.Open(Role.Technical, language: language);
        await BrowserFixture.Eventually(async () =>
        {
            await technical.Goto(casePath);
            return await technical.Page.Locator("form[action*='/work/'] button").CountAsync() == 3;
        });
        await technical.Check("case-work");
        for (var left = 3; left > 0; left--)
        {
            await technical.Page.Locator("form[action*='/work/'] button").First.ClickAsync();
            await BrowserFixture.Eventually(async () => await technical.Page.Locator("form[action*='/work/'] button").CountAsync() == left - 1);
        }

        // Finance reads the bank's file.
        await using var finance = await browser.Open(Role.Finance, language: language);
        var reference = "";
        await BrowserFixture.Eventually(async () =>
        {
            await finance.Goto(casePath);
            reference = Reference().Match(await finance.Page.InnerTextAsync("main")).Value;
            return reference.Length > 0;
        });
        var file = await (await finance.Page.APIRequest.GetAsync("/world/bank.csv")).BodyAsync();
        await finance.Goto("/money");
        await finance.Check("money");
        await finance.Page.SetInputFilesAsync("form[action='/money/bank-file'] input[type=file]", new FilePayload { Name = "bank.csv", MimeType = "text/csv", Buffer = file });
        await finance.Page.ClickAsync("form[action='/money/bank-file'] button.btn-primary");
        await finance.Check("money-report");

        // Anybody checks the certificate; the customer answers the survey.
        ReceivedMail certificate = null!;
        await BrowserFixture.Eventually(() => Task.FromResult((certificate = browser.App.Mails(mail).LastOrDefault(m => m.Links.Any(l => l.Contains("/survey/", StringComparison.Ordinal)))!) is not null));
        certificate.Attachments.ShouldHaveSingleItem();
        await using var anybody = await browser.Open(width, language);
        await anybody.Goto("/verify");
        await anybody.Page.SetInputFilesAsync("input[name=file]", new FilePayload { Name = "certificate.pdf", MimeType = "application/pdf", Buffer = certificate.Attachments.Single().Value });
        await anybody.Page.ClickAsync("form:has(input[name=file]) button");
        await anybody.Check("verify");
        (await anybody.Page.InnerTextAsync("main")).ShouldContain(language == "zh" ? "有效" : "alid");
        await anybody.Goto(new Uri(certificate.Links.Single(l => l.Contains("/survey/", StringComparison.Ordinal))).AbsolutePath);
        await anybody.Check("survey");
        await anybody.Page.CheckAsync("input[name=handling][value='5']");
        await anybody.Page.CheckAsync("input[name=clarity][value='4']");
        await anybody.Page.ClickAsync("main form button.btn-primary");
        await anybody.Check("survey-thanks");

        // For thirty days an appeal is open. Then the case closes with its whole history; the customer's page says so too.
        await browser.StoreBusinessDate();
        await administrator.Goto("/admin/clock");
        await administrator.Page.FillAsync("main form [name=days]", "32");
        await administrator.Page.ClickAsync("main form:has([name=days]) button");
        await BrowserFixture.Eventually(async () =>
        {
            await agent.Goto($"/cases?state=Closed");
            return await agent.Page.Locator($"a:has-text('{number}')").CountAsync() == 1;
        });
        await agent.Goto(casePath);
        await agent.Check("case-closed");
        await customer.Goto(progress);
        await customer.Check("portal-closed");
        await using var phone = await browser.Open(Role.Agent, BrowserFixture.Phone, language);
        await phone.Goto(casePath);
        await phone.Check("case-closed-phone");
    }

    private static Task Fill(Window window, string name, string value) => window.Page.FillAsync($"[name={name}]", value);

    [GeneratedRegex(@"T-\d{4}-\d{6}")]
    private static partial Regex CaseNumber();

    [GeneratedRegex(@"/cases/[0-9a-f-]{36}")]
    private static partial Regex CaseUrl();

    [GeneratedRegex("EX[A-Z2-7]{12}")]
    private static partial Regex Reference();
}
