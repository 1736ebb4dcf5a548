using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Packs;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Exeunt.Core.Packs;
using Shouldly;
using Xunit;

namespace Exeunt.Browser.Tests;

/// <summary>Packs in the browser: looked at, installed, and a case of cloud software and of telecom from the pages.</summary>
[Collection(nameof(InBrowser))]
public sealed class PacksJourneyTests(BrowserFixture browser)
{
    [Theory]
    [InlineData("zh", BrowserFixture.Phone)]
    [InlineData("en", BrowserFixture.Desk)]
    public async Task A_pack_is_looked_at_and_installed_and_its_cases_run(string language, int width)
    {
        await using (var legal = await browser.Open(Role.Legal, width, language))
        {
            await legal.Goto("/packs");
            await legal.Check($"packs-{language}");
            foreach (var pack in Packs.All)
            {
                await legal.Goto($"/packs/{pack.Code}");
                await legal.Check($"pack-{pack.Code}-{language}");
                if (await legal.Page.Locator("#install-pack").CountAsync() > 0)
                {
                    await legal.Page.ClickAsync("#install-pack");
                    await legal.Page.WaitForURLAsync("**?added=*");
                }
            }
            await legal.Goto($"/procedures/{Saas.TerminationId}/1");
            await legal.Check($"pack-procedure-{language}");
        }

        // Cloud software with an open bill: the system looks, a person ticks what it found.
        await using var system = await browser.App.Provisioning();
        var cloud = await browser.App.Ends(await browser.App.AContractOf(Saas.Policy, language, unpaid: 100_00));
        await using (var supervisor = await browser.Open(Role.Supervisor, width, language))
        {
            await BrowserFixture.Eventually(async () => await cloud.Step("check") == "Active" && (await cloud.Find("check"))!.Value.TryGetProperty("failed", out _));
            await supervisor.Goto($"/cases/{cloud.Id}");
            await supervisor.Check($"pack-saas-check-{language}");
            await supervisor.Page.ClickAsync("#check-list form button");
            await supervisor.Page.WaitForFunctionAsync("() => !document.querySelector('#check-list form')");
        }
        (await cloud.Step("check")).ShouldBe("Done");

        // Telecom: the talk says that the number is taken along; the quote goes out by itself.
        var line = await browser.App.Ends(await browser.App.AContractOf(Telecom.Policy, language));
        await using (var agent = await browser.Open(Role.Agent, width, language))
        {
            await agent.Goto($"/cases/{line.Id}");
            await agent.Page.SelectOptionAsync("form[action$='/talk'] [name=reason]", "COMPETITION/PORTING");
            await agent.Page.FillAsync("form[action$='/talk'] [name=minutes]", "5");
            await agent.Page.ClickAsync("form[action$='/talk'] > button");
            await BrowserFixture.Eventually(async () => await line.Step("port-quote") == "Done");
            await agent.Goto($"/cases/{line.Id}");
            await agent.Check($"pack-telecom-{language}");
        }
    }
}
