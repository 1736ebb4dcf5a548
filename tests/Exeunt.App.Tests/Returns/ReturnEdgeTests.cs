using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Exeunt.App.Data;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Returns;

/// <summary>Where an order and its returns could contradict each other: told later, cancelled in part, exchanged, on the way, counted short.</summary>
public abstract class ReturnEdgeTests(ExeuntApp app)
{
    [Fact]
    public async Task What_is_on_its_way_can_be_given_back_before_it_arrives()
    {
        var (order, _) = await AnOrder(body => Each(body["lines"]!, l => l["deliveredOn"] = null));
        (await Try(order, "Cancel", 2, 1)).ShouldBe("return.shipped");
        var (_, id, _, receipt) = await app.Returned(order, Wanted("Refund", 2, 1));
        receipt.GetProperty("returns")[0].GetProperty("needsPerson").GetBoolean().ShouldBeFalse("the right of law does not wait for the carrier");
        (await app.TheCase(id)).ReturnIsStatutory.ShouldBeTrue();
    }

    [Fact]
    public async Task A_payment_told_later_is_refunded_like_any_other()
    {
        var (order, body) = await AnOrder(body => Each(body["payments"]!, p => p["paidOn"] = null));
        await Tell(body, told => Each(told["payments"]!, p => p["paidOn"] = told["orderedOn"]!.GetValue<string>()));
        (await app.Order(order.Id)).Payments.ShouldAllBe(p => p.PaidOn != null);
        var (customer, id, token, _) = await app.Returned(order, Wanted("Refund", 2, 1));
        await Arrive(id, 2, 1, 0);
        (await customer.Own(token)).GetProperty("refunds").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Of_what_was_cancelled_in_part_the_rest_is_sent_and_of_what_was_cancelled_whole_nothing()
    {
        var (order, body) = await AnOrder(body => Each(body["lines"]!, l => (l["shippedOn"], l["deliveredOn"]) = (null, null)));
        await app.Returned(order, new { wish = "Cancel", lines = new object[] { new { line = 1, quantity = 2, reason = "NoReason" }, new { line = 2, quantity = 1, reason = "NoReason" } } });
        var day = body["orderedOn"]!.GetValue<string>();
        (await Told(body, told => told["lines"]![1]!["deliveredOn"] = day)).ShouldBe("order.line-cancelled");
        await Tell(body, told => told["lines"]![0]!["deliveredOn"] = day);
        // The lamp that was sent is not cancelled for money after it arrived.
        (await Try(order, "Cancel", 1, 1)).ShouldBe("return.shipped");
        await app.Returned(order, Wanted("Refund", 1, 1));
    }

    [Fact]
    public async Task A_replacement_is_told_as_sent_and_has_rights_of_its_own_while_the_order_can_be_told_again()
    {
        var shop = await app.SignIn(Role.BranchHead);
        await (await shop.PostAsJsonAsync("/api/products", new { code = "EDGE-DEAR", english = "Dear", chinese = "贵", price = "250.00", currency = "CNY", taxRate = "0.13" })).Done();
        var (order, body) = await AnOrder(_ => { });
        var (_, id, _, _) = await app.Returned(order, new { wish = "Exchange", exchange = "EDGE-DEAR", lines = new[] { new { line = 2, quantity = 1, reason = "NoReason" } } });
        await Arrive(id, 2, 1, 0);
        // The shop knows nothing of what an exchange costs more.
        await Tell(body, _ => { });
        var line = (await app.Order(order.Id)).Lines.Single(l => l.Product == "EDGE-DEAR").Number;
        (await Told(body, told => told["exchanged"] = new JsonArray(new JsonObject { ["number"] = 1, ["deliveredOn"] = told["orderedOn"]!.GetValue<string>() }))).ShouldBe("order.field-wrong");
        var today = (await app.Today()).ToString("yyyy-MM-dd");
        await Tell(body, told => told["exchanged"] = new JsonArray(new JsonObject { ["number"] = line, ["shippedOn"] = today, ["deliveredOn"] = today }));
        (await Try(order, "Cancel", line, 1)).ShouldBe("return.shipped");
        var (_, back, _, receipt) = await app.Returned(order, Wanted("Refund", line, 1));
        receipt.GetProperty("returns")[0].GetProperty("needsPerson").GetBoolean().ShouldBeFalse();
        (await app.TheCase(back)).ReturnIsStatutory.ShouldBeTrue();
    }

    [Fact]
    public async Task Two_orders_on_one_invoice_have_credit_notes_of_their_own()
    {
        var invoice = "COLLECTED-" + Guid.NewGuid().ToString("N")[..8];
        var notes = new List<string?>();
        for (var i = 0; i < 2; i++)
        {
            var (order, _) = await AnOrder(body => body["invoiceNumber"] = invoice);
            var (customer, id, token, _) = await app.Returned(order, Wanted("Refund", 2, 1));
            await Arrive(id, 2, 1, 0);
            notes.Add((await customer.Own(token)).GetProperty("creditNote").GetString());
        }
        notes.ShouldBe([$"{invoice}-C1", $"{invoice}-C2"]);
    }

    [Fact]
    public async Task That_pieces_did_not_come_can_be_contested_and_until_then_they_stay_taken()
    {
        var (order, _) = await AnOrder(_ => { });
        var (customer, id, token, _) = await app.Returned(order, Wanted("Refund", 1, 3));
        await Arrive(id, 1, 1, 0);
        (await app.Order(order.Id)).Lines.Single(l => l.Number == 1).Claimed.ShouldBe(3);
        var second = (await (await customer.PostAsJsonAsync($"/api/progress/{token}/return/objection", new { text = "寄了三个" })).Done()).GetProperty("caseId").GetGuid();
        var other = await app.SignIn(Role.Technical, name: "recount");
        await (await other.PostAsJsonAsync($"/api/cases/{second}/return/inspection", new { lines = new[] { new { line = 1, accepted = 3, rejected = 0, condition = "AsNew", finding = "三个都在" } } })).Done();
        await app.Drain();
        (await app.Order(order.Id)).Lines.Single(l => l.Number == 1).Refunded.ShouldBe(3);
        await app.ShouldFold(id);
        await app.ShouldFold(second);
    }

    [Fact]
    public async Task What_did_not_come_is_the_customers_again_once_the_result_stands()
    {
        var (order, _) = await AnOrder(_ => { });
        var (customer, id, token, _) = await app.Returned(order, Wanted("Refund", 1, 3));
        await Arrive(id, 1, 1, 1);
        await (await customer.PostAsync($"/api/progress/{token}/return/confirmation", null)).Done();
        (await app.Order(order.Id)).Lines.Single(l => l.Number == 1).Claimed.ShouldBe(1);
    }

    [Fact]
    public async Task A_fault_of_what_cannot_be_looked_at_is_decided_by_a_person()
    {
        var (order, _) = await AnOrder(body => body["lines"]![1]!["kind"] = "Digital");
        var (_, _, _, receipt) = await app.Returned(order, new { wish = "Refund", lines = new[] { new { line = 2, quantity = 1, reason = "Defective" } } });
        receipt.GetProperty("returns")[0].GetProperty("needsPerson").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{"wish":"Refund","lines":[null,{"line":1,"quantity":1,"reason":"NoReason"}]}""", "return.nothing-chosen")]
    [InlineData("""{"wish":"Refund","lines":null}""", "return.nothing-chosen")]
    public async Task What_is_missing_is_said(string wanted, string code)
    {
        var (order, _) = await AnOrder(_ => { });
        var (client, token) = await app.Proven(order);
        (await (await client.PutAsync($"/api/returns/{token}", new StringContent(wanted, System.Text.Encoding.UTF8, "application/json"))).Refusal()).ShouldBe(code);
    }

    // ---- orders --------------------------------------------------------------------------------------------------------------------

    [Fact]
    public async Task A_text_that_no_database_keeps_is_refused_in_every_field_of_an_order()
    {
        var (_, body) = await AnOrder(_ => { });
        foreach (var field in new[] { "number", "location", "invoiceNumber" })
            (await Told(body, told => told[field] = "a\0b")).ShouldBe("unreadable", field);
        foreach (var field in new[] { "product", "nameEnglish", "nameChinese", "taxCode" })
            (await Told(body, told => told["lines"]![0]![field] = "a\0b")).ShouldBe("unreadable", field);
        (await Told(body, told => told["payments"]![0]!["reference"] = "a\0b")).ShouldBe("unreadable");
    }

    private async Task<(ReturnWorld.AnOrder Order, JsonNode Body)> AnOrder(Action<JsonNode> change)
    {
        JsonNode body = null!;
        var order = await app.AnOrderDelivered(change: made =>
        {
            body = JsonSerializer.SerializeToNode(made)!;
            change(body);
            return body.DeepClone();
        });
        return (order, body);
    }

    private async Task<HttpResponseMessage> Send(JsonNode body, Action<JsonNode> change)
    {
        var told = body.DeepClone();
        change(told);
        return await (await app.SignIn(Role.BranchHead)).PostAsJsonAsync("/api/orders", told);
    }

    private async Task Tell(JsonNode body, Action<JsonNode> change) => await (await Send(body, change)).Done();

    private async Task<string> Told(JsonNode body, Action<JsonNode> change) => await (await Send(body, change)).Refusal();

    private static void Each(JsonNode list, Action<JsonNode> change)
    {
        foreach (var one in list.AsArray())
            change(one!);
    }

    private static object Wanted(string wish, int line, int quantity) => new { wish, lines = new[] { new { line, quantity, reason = "NoReason" } } };

    private async Task<string> Try(ReturnWorld.AnOrder order, string wish, int line, int quantity)
    {
        var (client, token) = await app.Proven(order);
        return await (await client.PutAsJsonAsync($"/api/returns/{token}", Wanted(wish, line, quantity))).Refusal();
    }

    private async Task Arrive(Guid id, int line, int accepted, int rejected)
    {
        var warehouse = await app.SignIn(Role.Technical);
        await (await warehouse.PostAsJsonAsync($"/api/cases/{id}/return/parcel", new { })).Done();
        await (await warehouse.PostAsJsonAsync($"/api/cases/{id}/return/inspection", new
        {
            lines = new[] { new { line, accepted, rejected, condition = "AsNew", finding = "已查验", ground = rejected > 0 ? "NotIntact" : null, fate = rejected > 0 ? "KeptFor" : null, fateOn = rejected > 0 ? (await app.Today()).AddDays(30).ToString("yyyy-MM-dd") : null } },
        })).Done();
        await app.Drain();
    }

    public sealed class OnSqlite(SqliteApp app) : ReturnEdgeTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : ReturnEdgeTests(app), IClassFixture<PostgresApp>;
}
