using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Exeunt.Browser.Tests;

/// <summary>In whose name papers are issued: they wait until the administrator has said it, and then go out.</summary>
[Collection(nameof(InBrowser))]
public sealed class CompanyJourneyTests(BrowserFixture browser)
{
    [Theory]
    [InlineData("zh", BrowserFixture.Phone)]
    [InlineData("en", BrowserFixture.Desk)]
    public async Task Papers_wait_until_the_company_is_filled_in(string language, int width)
    {
        var zh = language == "zh";
        // The shared company has its name already: this journey has an installation of its own, in which a contract has ended.
        await using var app = await ExeuntApp.StartNameless(Database.Sqlite);
        var it = await app.ASettledCase();
        await it.Approve();
        await app.AdvanceDays(31);
        var technical = await app.SignIn(Role.Technical);
        foreach (var order in (await it.Shown()).GetProperty("work").EnumerateArray())
            await technical.Ok(HttpMethod.Post, $"/api/work-orders/{order.GetProperty("id").GetGuid()}/confirmation");
        await app.Drain();
        bool Issued() => app.Mails(it.Contract.Mail).Any(m => m.Attachments.Keys.Any(name => name.EndsWith("-settlement.pdf", StringComparison.Ordinal)));
        Issued().ShouldBeFalse("nobody has said in whose name");

        // The administrator sees what waits, and is led to the page by today's list.
        await using var window = await browser.Open(app, Role.Administrator, width, language);
        var page = window.Page;
        await window.Goto("/admin/effects");
        (await page.InnerTextAsync("main")).ShouldContain(zh ? "公司信息尚未填写" : "The company's name is missing");
        await window.Goto("/today");
        await page.ClickAsync("main a[href='/admin/company']");
        await page.WaitForURLAsync("**/admin/company");
        await page.WaitForSelectorAsync("main .notice.warn");
        await window.Check("company-missing");

        // A name of blanks is refused beside its field, and nothing that was typed is lost.
        (string Field, string Text)[] typed =
        [
            ("chinese", "北风电信"), ("english", " "), ("fullChinese", "北风电信有限公司"), ("fullEnglish", "Northwind Telecom Ltd"), ("registration", "91440300NORTHWIND1"), ("appeals", "appeals@northwind.example"),
        ];
        foreach (var (field, text) in typed)
            await page.FillAsync($"[name={field}]", text);
        await page.ClickAsync("main form .btn-primary");
        await page.WaitForSelectorAsync(".field.invalid [name=english]");
        (await page.InnerTextAsync("#f-english-error")).ShouldContain(zh ? "请填写此项。" : "Please fill this in.");
        foreach (var (field, text) in typed)
            (await page.InputValueAsync($"[name={field}]")).ShouldBe(text, field);
        await window.Check("company-refused");

        await page.FillAsync("[name=english]", "Northwind");
        await page.ClickAsync("main form .btn-primary");
        await page.WaitForSelectorAsync("main .notice.warn", new() { State = WaitForSelectorState.Detached });
        (await page.InputValueAsync("[name=english]")).ShouldBe("Northwind");
        await window.Check("company-saved");

        // What waited goes out, customers see the name, and today's list asks for nothing more.
        await app.Drain();
        Issued().ShouldBeTrue();
        await using var customer = await browser.Open(app, width, language);
        await customer.Goto("/");
        (await customer.Page.InnerTextAsync("header .home")).ShouldBe(zh ? "北风电信" : "Northwind");
        await window.Goto("/today");
        (await page.Locator("main a[href='/admin/company']").CountAsync()).ShouldBe(0);
    }
}
