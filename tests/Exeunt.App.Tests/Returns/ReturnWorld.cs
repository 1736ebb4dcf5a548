using System.Net.Http.Json;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Tests.Returns;

/// <summary>Orders for tests of returns.</summary>
public static class ReturnWorld
{
    public sealed record AnOrder(Guid Id, string Number, CaseWorld.AContract Of);

    private static int _next;

    public static async Task<DateOnly> Today(this ExeuntApp app) => (await app.SystemCall()).Today("Asia/Shanghai");

    /// <summary>
    /// Two lines: three lamps at 99.99 and one kettle at 150.00, voucher 30.00, freight 12.00, paid with 200.00 by card and the rest by wallet, delivered three days ago.
    /// </summary>
    public static async Task<AnOrder> AnOrderDelivered(this ExeuntApp app, int daysAgo = 3, Func<object, object>? change = null, string place = "CN", bool delivered = true, string currency = "CNY")
    {
        var of = await app.AContractInForce();
        var number = $"SO-{Interlocked.Increment(ref _next):D6}-{of.CustomerId}";
        var today = await app.Today();
        DateOnly? on = delivered ? today.AddDays(-daysAgo) : null;
        var body = new
        {
            customerId = of.CustomerId, number, currency, orderedOn = today.AddDays(-daysAgo - 2), jurisdiction = place, informedOn = today.AddDays(-daysAgo - 2), discount = "30.00", freight = "12.00", invoiceNumber = "INV-" + number,
            location = "WH-1",
            lines = new[]
            {
                new { product = "LAMP", nameEnglish = "Lamp", nameChinese = "台灯", quantity = 3, unitPrice = "99.99", taxRate = "0.13", shippedOn = on, deliveredOn = on },
                new { product = "KETTLE", nameEnglish = "Kettle", nameChinese = "电水壶", quantity = 1, unitPrice = "150.00", taxRate = "0.13", shippedOn = on, deliveredOn = on },
            },
            payments = new[] { new { means = "Card", amount = "200.00", paidOn = today.AddDays(-daysAgo - 2), reference = "card-canary-1111" }, new { means = "Wallet", amount = "231.97", paidOn = today.AddDays(-daysAgo - 1), reference = "wallet-canary" } },
        };
        var import = await app.SignIn(Role.BranchHead);
        var recorded = await (await import.PostAsJsonAsync("/api/orders", change is null ? body : change(body))).Done();
        return new(recorded.GetProperty("orderId").GetGuid(), number, of);
    }

    /// <summary>A draft of a return whose code was given.</summary>
    public static async Task<(HttpClient Client, string Token)> Proven(this ExeuntApp app, AnOrder order)
    {
        app.Advance(TimeSpan.FromSeconds(61));
        var client = app.Client("zh");
        var token = (await (await client.PostAsJsonAsync("/api/returns", new { orderNumber = order.Number, contact = order.Of.Mail })).Done()).GetProperty("token").GetString()!;
        await (await client.PostAsJsonAsync($"/api/returns/{token}/identity", new { code = await app.CodeFor(order.Of.Mail) })).Done();
        return (client, token);
    }

    /// <summary>A return that was sent; the client carries its session.</summary>
    public static async Task<(HttpClient Customer, Guid Id, string Token, JsonElement Receipt)> Returned(this ExeuntApp app, AnOrder order, object wanted)
    {
        var (client, draft) = await app.Proven(order);
        await (await client.PutAsJsonAsync($"/api/returns/{draft}", wanted)).Done();
        var receipt = await (await client.PostAsync($"/api/returns/{draft}/submission", null)).Done();
        var first = receipt.GetProperty("returns")[0];
        client.DefaultRequestHeaders.Add("Case-Session", first.GetProperty("session").GetString());
        await app.Drain();
        return (client, first.GetProperty("caseId").GetGuid(), first.GetProperty("token").GetString()!, receipt);
    }

    public static async Task<JsonElement> Own(this HttpClient customer, string token) => await (await customer.GetAsync($"/api/progress/{token}/return")).Done();

    public static Task<Features.Orders.Order> Order(this ExeuntApp app, Guid id) =>
        app.With<AppDb, Features.Orders.Order>(db => db.Orders.AsNoTracking().Include(o => o.Lines).Include(o => o.Payments).AsSplitQuery().SingleAsync(o => o.Id == id));
}
