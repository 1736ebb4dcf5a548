using System.IO.Compression;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Offboarding;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Exeunt.Browser.Tests;

/// <summary>A termination that is disputed, ruled and appealed against: what legal, the customer and somebody who took no part do on their pages.</summary>
[Collection(nameof(InBrowser))]
public sealed class DisputeJourneyTests(BrowserFixture browser)
{
    [Theory]
    [InlineData("zh", BrowserFixture.Phone, true)]
    [InlineData("en", BrowserFixture.Desk, false)]
    public async Task Part_of_a_claim_is_disputed_and_ruled_and_the_end_appealed(string language, int width, bool upheld)
    {
        var zh = language == "zh";
        var exit = await browser.App.ASettledCase();
        var path = $"/cases/{exit.Id}";

        // Legal disputes part of the claim. What cannot be read is refused beside its field, and what was typed stays.
        await using var legal = await browser.Open(Role.Legal, width, language, name: "disputes");
        await legal.Goto(path);
        await legal.Page.ClickAsync("#disputes details:has(form[action$='/disputes']) > summary");
        await legal.Page.SelectOptionAsync("#disputes [name=forum]", "Court");
        await legal.Page.FillAsync("#disputes [name=amount]", zh ? "三百" : "three hundred");
        await legal.Page.FillAsync("#disputes form[action$='/disputes'] [name=words]", zh ? "（2026）民初 17 号，客户不认可欠款" : "File 17/2026: the customer denies the unpaid invoices");
        await legal.Page.ClickAsync("#disputes form[action$='/disputes'] button");
        await legal.Page.WaitForSelectorAsync("#disputes .field.invalid");
        await legal.Check("dispute-refused");
        (await legal.Page.InputValueAsync("#disputes [name=forum]")).ShouldBe("Court");
        // Less than the settlement comes to on any date, so that something of it is ordered whatever other journeys did to the calendar.
        await legal.Page.FillAsync("#disputes [name=amount]", "500.00");
        await legal.Page.ClickAsync("#disputes form[action$='/disputes'] button");
        await legal.Page.WaitForSelectorAsync("#disputes h3");

        // A deadline: one in the past is refused, one of this week is on today's page of all who handle disputes.
        var today = await browser.App.Today();
        var deadline = "#disputes form[action$='/deadlines']";
        await legal.Page.ClickAsync($"#disputes details:has({deadline[10..]}) > summary");
        await legal.Page.SelectOptionAsync($"{deadline} [name=kind]", "Hearing");
        await legal.Page.FillAsync($"{deadline} [name=dueOn]", $"{today.AddDays(-1):yyyy-MM-dd}");
        await legal.Page.ClickAsync($"{deadline} button");
        await legal.Page.WaitForSelectorAsync($"{deadline} .field.invalid");
        await legal.Check("dispute-deadline-refused");
        await legal.Page.FillAsync($"{deadline} [name=dueOn]", $"{today.AddDays(5):yyyy-MM-dd}");
        await legal.Page.ClickAsync($"{deadline} button");
        await legal.Page.WaitForSelectorAsync("#disputes .todo-list li");
        await legal.Check("dispute-opened");
        // Whoever opened it is told that another ends it.
        (await legal.Page.Locator("#disputes form[action$='/ruling']").CountAsync()).ShouldBe(0);
        (await legal.Page.Locator("#disputes .why-not").CountAsync()).ShouldBe(1);

        // The whole file with its proof comes down.
        var download = await legal.Page.RunAndWaitForDownloadAsync(() => legal.Page.ClickAsync("form[action$='/export'] button"));
        download.SuggestedFilename.ShouldEndWith("-file.zip");
        using (var zip = await ZipFile.OpenReadAsync((await download.PathAsync())!))
            zip.Entries.Select(e => e.FullName).ShouldContain("manifest.json");

        // The customer sees what is contested and that nothing is erased; another of legal meets the deadline.
        await using var customer = await browser.Open(width, language);
        await customer.Page.Context.AddCookiesAsync([new Cookie { Name = "exeunt.case", Value = exit.Customer.DefaultRequestHeaders.GetValues("Case-Session").Single(), Url = browser.App.Options.Url }]);
        await customer.Goto($"/progress/{exit.Token}");
        await customer.Check("dispute-portal");
        (await customer.Page.Locator("#dispute").CountAsync()).ShouldBe(1);
        await using var other = await browser.Open(Role.Legal, width, language, name: "other");
        await BrowserFixture.Eventually(async () =>
        {
            await other.Goto("/today");
            return await other.Page.Locator($"a[href='{path}#disputes']").CountAsync() == 1;
        });
        await other.Check("dispute-today");
        await other.Page.ClickAsync($"a[href='{path}#disputes']");
        await other.Page.ClickAsync("#disputes form[action*='/deadlines/'] button");
        await other.Page.WaitForSelectorAsync("#disputes .todo-list .chip.ok");

        // The end goes on; only what is not contested was ordered. More than was contested cannot be left; half of it is.
        var total = await exit.Total();
        var (_, ordered) = await exit.Order();
        var contested = (await exit.Accounts())["contested"];
        ordered.ShouldBe(total - contested);
        await other.Goto(path + "#disputes");
        await other.Page.ClickAsync("#disputes details:has(form[action$='/ruling']) > summary");
        await other.Page.FillAsync("[name=upheld]", MoneyWorld.Yuan(contested + 1));
        await other.Page.FillAsync("form[action$='/ruling'] [name=words]", zh ? "判决：支持一半" : "Judgement: half of it stands");
        await other.Page.ClickAsync("form[action$='/ruling'] button");
        await other.Page.WaitForSelectorAsync("form[action$='/ruling'] .field.invalid");
        await other.Check("dispute-ruling-refused");
        (await other.Page.InputValueAsync("[name=upheld]")).ShouldBe(MoneyWorld.Yuan(contested + 1));
        await other.Page.FillAsync("[name=upheld]", MoneyWorld.Yuan(contested / 2));
        await other.Page.ClickAsync("form[action$='/ruling'] button");
        await other.Page.WaitForSelectorAsync("form[action$='/ruling']", new() { State = WaitForSelectorState.Detached });
        await other.Check("dispute-ruled");
        (await exit.Accounts())["contested"].ShouldBe(0);

        // What follows from the ruling leaves only when a third person releases it; finance finds it on today's page.
        await customer.Goto($"/progress/{exit.Token}");
        (await customer.Page.Locator("main").InnerTextAsync()).ShouldNotContain(zh ? "纠纷结束后的款项" : "Payment after the dispute");
        await using var finance = await browser.Open(Role.Finance, width, language, name: "releases");
        await finance.Goto("/today");
        await finance.Check("ruling-today");
        await finance.Page.ClickAsync($"a[href='{path}#payment']");
        await finance.Page.WaitForSelectorAsync("form[action$='/release']");
        await finance.Check("ruling-to-release");
        await finance.Page.ClickAsync("form[action$='/release'] button");
        await finance.Page.WaitForSelectorAsync("form[action$='/release']", new() { State = WaitForSelectorState.Detached });
        await finance.Check("ruling-released");

        // The customer reads the payment that follows, and appeals.
        await customer.Goto($"/progress/{exit.Token}");
        (await customer.Page.Locator("main").InnerTextAsync()).ShouldContain(zh ? "纠纷结束后的款项" : "Payment after the dispute");
        (await customer.Page.Locator("#dispute").CountAsync()).ShouldBe(0);
        await customer.Page.ClickAsync("details:has(form[action$='/appeal']) > summary");
        await customer.Page.FillAsync("[name=appeal]", zh ? "法务没有听我说，路由器早已归还" : "Nobody heard me; the router went back long ago");
        await customer.Check("appeal-make");
        await customer.Page.ClickAsync("form[action$='/appeal'] button");
        await customer.Page.WaitForURLAsync("**/progress/*?done=appeal");
        await customer.Check("appeal-made");

        // Legal approved the settlement and so took part; somebody else finds it on today's page and decides.
        await legal.Goto(path);
        await legal.Check("appeal-not-mine");
        await using var outsider = await browser.Open(Role.BranchHead, width, language, name: "appeals");
        await outsider.Goto("/today");
        await outsider.Page.Locator($"a[href='{path}']").First.ClickAsync();
        await outsider.Page.ClickAsync("#next a[href='#appeal']");
        await outsider.Page.CheckAsync($"form[action$='/appeal'] [name=upheld][value={(upheld ? "yes" : "no")}]");
        await outsider.Page.FillAsync("form[action$='/appeal'] [name=words]", upheld ? zh ? "我今天给您打过电话，您是对的。" : "I called you today; you are right." : zh ? "我看了交接记录，路由器未归还。" : "I read the hand-over record: no router came back.");
        await outsider.Page.FillAsync("form[action$='/appeal'] [name=linkedCase]", "T-1999-000001");
        await outsider.Page.ClickAsync("form[action$='/appeal'] button");
        await outsider.Page.WaitForSelectorAsync("form[action$='/appeal'] .field.invalid");
        await outsider.Check("appeal-refused");
        (await outsider.Page.IsCheckedAsync($"form[action$='/appeal'] [name=upheld][value={(upheld ? "yes" : "no")}]")).ShouldBeTrue();
        await outsider.Page.FillAsync("form[action$='/appeal'] [name=linkedCase]", "");
        await outsider.Page.ClickAsync("form[action$='/appeal'] button");
        await outsider.Page.WaitForSelectorAsync("form[action$='/appeal']", new() { State = WaitForSelectorState.Detached });
        await outsider.Check("appeal-decided");
        await customer.Goto($"/progress/{exit.Token}");
        await customer.Check("appeal-answered");
        (await customer.Page.Locator($"#appeal .chip{(upheld ? ".ok" : "")}").CountAsync()).ShouldBe(1);
        (await exit.Customer.Ok(HttpMethod.Get, $"/api/progress/{exit.Token}")).GetProperty("open").GetProperty("rights").GetProperty("appeals").EnumerateArray().Single().GetProperty("upheld").GetBoolean().ShouldBe(upheld);
    }
}
