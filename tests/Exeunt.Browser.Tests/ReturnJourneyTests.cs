using System.Globalization;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Returns;
using Exeunt.Core;
using Microsoft.Playwright;
using Shouldly;
using SkiaSharp;
using Xunit;

namespace Exeunt.Browser.Tests;

/// <summary>An order comes back in part: the customer's way without JavaScript, the parcel and its inspection, the result.</summary>
[Collection(nameof(InBrowser))]
public sealed class ReturnJourneyTests(BrowserFixture browser)
{
    [Theory]
    [InlineData("zh", BrowserFixture.Phone)]
    [InlineData("en", BrowserFixture.Desk)]
    public async Task A_partly_accepted_return_from_the_start_page_to_the_confirmed_result(string language, int width)
    {
        var order = await browser.App.AnOrderDelivered();
        browser.App.Advance(TimeSpan.FromSeconds(61));
        // On the phone without scripts (and so without axe, which is one); at the desk with both.
        var scripts = width == BrowserFixture.Desk;
        await using var customer = await browser.Open(width, language, javaScript: scripts);
        Task Look(string name) => scripts ? customer.Check(name) : customer.Shoot(name);
        await customer.Goto("/");
        await customer.Page.ClickAsync("a[href='/return']");
        await Look("return-start");
        await customer.Page.FillAsync("[name=orderNumber]", order.Number);
        await customer.Page.FillAsync("[name=contact]", order.Of.Mail);
        await customer.Page.ClickAsync("form[action='/return'] button");
        await customer.Page.FillAsync("[name=code]", await browser.App.CodeFor(order.Of.Mail));
        await Look("return-code");
        await customer.Page.ClickAsync("form[action$='/code'] button");
        await Look("return-lines");

        // Too many pieces come back to the page with what was typed.
        await customer.Page.CheckAsync("[name=wish][value=Refund]");
        await customer.Page.FillAsync("[name=quantity-1]", "4");
        await customer.Page.FillAsync("[name=quantity-2]", "1");
        await customer.Page.ClickAsync("form[action$='/lines'] button");
        await customer.Page.WaitForSelectorAsync(".notice.bad, .error, [role=alert]");
        await Look("return-too-many");
        await customer.Page.FillAsync("[name=quantity-1]", "3");
        await customer.Page.ClickAsync("form[action$='/lines'] button");
        await Look("return-check");
        await customer.Page.ClickAsync("form[action$='/check'] button");
        await customer.Page.WaitForURLAsync("**/progress/*/return*");
        await Look("return-own");
        await customer.Page.Locator("input[type=file]").First.SetInputFilesAsync(new FilePayload { Name = "lamp.png", MimeType = "image/png", Buffer = Picture() });
        await customer.Page.Locator("form[action$='/photos'] button").First.ClickAsync();
        await Look("return-photo");

        var id = await browser.App.With<Exeunt.App.Data.AppDb, Guid>(db => Task.FromResult(db.Returns.OrderByDescending(r => r.CaseId).First().CaseId));
        await browser.App.Drain();
        await using var warehouse = await browser.Open(Role.Technical, width, language);
        await warehouse.Goto("/today");
        await warehouse.Goto($"/cases/{id}");
        await warehouse.Page.ClickAsync("form[action$='/return/parcel'] button");
        await warehouse.Page.WaitForSelectorAsync("#inspection");
        await warehouse.Check("return-inspection");
        await warehouse.Goto("/today");
        await warehouse.Check("return-today");
        await warehouse.Goto($"/cases/{id}");
        await warehouse.Page.FillAsync("[name=accepted-1]", "2");
        await warehouse.Page.FillAsync("[name=rejected-1]", "1");
        await warehouse.Page.SelectOptionAsync("[name=condition-1]", "AsNew");
        await warehouse.Page.SelectOptionAsync("[name=condition-2]", "Used");
        await warehouse.Page.FillAsync("[name=finding-2]", language == "zh" ? "有水垢" : "Limescale");
        await warehouse.Page.ClickAsync("#inspection > button");
        await warehouse.Page.WaitForSelectorAsync(".field.invalid");
        await warehouse.Check("return-inspection-refused");
        await warehouse.Page.FillAsync("[name=finding-1]", language == "zh" ? "灯罩破裂" : "The shade is cracked");
        await warehouse.Page.SelectOptionAsync("[name=ground-1]", "NotIntact");
        await warehouse.Page.SelectOptionAsync("[name=fate-1]", "KeptFor");
        await warehouse.Page.FillAsync("[name=fateOn-1]", (await browser.App.Today()).AddDays(20).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        await warehouse.Page.ClickAsync("#inspection > button");
        await warehouse.Page.WaitForSelectorAsync("#inspection", new PageWaitForSelectorOptions { State = WaitForSelectorState.Detached });
        await browser.App.Drain();
        await warehouse.Goto($"/cases/{id}");
        await warehouse.Check("return-settled");
        await warehouse.Goto($"/orders/{order.Id}");

        await customer.Goto(customer.Path);
        await Look("return-result");
        await customer.Page.ClickAsync("form[action$='/confirmation'] button");
        await Look("return-confirmed");

        await using var manager = await browser.Open(Role.Agent, width, language);
        await manager.Goto($"/orders/{order.Id}");
        await manager.Check("order");
        await manager.Goto($"/customers/{order.Of.CustomerId}");
        await manager.Check("customer-orders");
    }

    private static byte[] Picture()
    {
        using var bitmap = new SKBitmap(800, 600);
        bitmap.Erase(SKColors.Goldenrod);
        using var image = SKImage.FromBitmap(bitmap);
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }
}
