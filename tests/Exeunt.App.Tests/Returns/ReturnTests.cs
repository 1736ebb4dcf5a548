using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Orders;
using Exeunt.App.Features.Returns;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using SkiaSharp;
using Xunit;

namespace Exeunt.App.Tests.Returns;

/// <summary>Orders come back: by right, by line and piece, with money, stock and invoice to the cent.</summary>
public abstract class ReturnTests(ExeuntApp app)
{
    private static readonly object ThreeLampsAndKettle = new { wish = "Refund", lines = new object[] { new { line = 1, quantity = 3, reason = "NoReason", words = "太亮 words-canary" }, new { line = 2, quantity = 1, reason = "NoReason" } } };
    private static readonly object OneLamp = new { wish = "Refund", lines = new[] { new { line = 1, quantity = 1, reason = "NoReason" } } };

    [Fact]
    public async Task A_partly_accepted_return_goes_from_the_application_to_the_reconciled_refund()
    {
        var order = await app.AnOrderDelivered();
        var (customer, id, token, receipt) = await app.Returned(order, ThreeLampsAndKettle);
        var begun = receipt.GetProperty("returns")[0];
        begun.GetProperty("number").GetString()!.ShouldStartWith("R-");
        begun.GetProperty("needsPerson").GetBoolean().ShouldBeFalse();
        var today = await app.Today();
        begun.GetProperty("sendBackBy").GetString().ShouldBe(today.AddDays(14).ToString("yyyy-MM-dd"));
        app.Mails(order.Of.Mail).ShouldContain(m => m.Attachments.Keys.Any(k => k.EndsWith("-return.pdf", StringComparison.Ordinal)));

        // A photo is written anew and keeps nothing but the picture.
        var picture = Picture(3000, 1000, "gps-canary");
        await Ok(await customer.PostAsJsonAsync($"/api/progress/{token}/return/photos", new { line = 1, bytes = picture }));
        (await (await customer.PostAsJsonAsync($"/api/progress/{token}/return/photos", new { line = 1, bytes = Encoding.ASCII.GetBytes("not a picture at all, really not") })).Refusal()).ShouldBe("return.no-photo");
        var own = await customer.Own(token);
        var photo = own.GetProperty("lines")[0].GetProperty("photos")[0].GetProperty("documentId").GetGuid();
        var stored = await (await customer.GetAsync($"/api/progress/{token}/documents/{photo}")).Content.ReadAsByteArrayAsync();
        Encoding.Latin1.GetString(stored).ShouldNotContain("gps-canary");
        using (var shown = SKBitmap.Decode(stored))
            (shown.Width, shown.Height).ShouldBe((1600, 533));

        // The parcel arrives: seven days for the money. Two lamps as new, one rejected and kept; the kettle used, with its share off.
        var warehouse = await app.SignIn(Role.Technical);
        await Ok(await warehouse.PostAsJsonAsync($"/api/cases/{id}/return/parcel", new { on = today }));
        (await customer.Own(token)).GetProperty("refundBy").GetString().ShouldBe(Next(today.AddDays(7)).ToString("yyyy-MM-dd"));
        (await (await customer.PostAsync($"/api/progress/{token}/withdrawal", null)).Refusal()).ShouldBe("return.arrived");
        object Look(int accepted, int rejected, string? finding) => new
        {
            lines = new object[]
            {
                new { line = 1, accepted, rejected, condition = "AsNew", ground = "NotIntact", finding, fate = "KeptFor", fateOn = today.AddDays(30) },
                new { line = 2, accepted = 1, rejected = 0, condition = "Used", finding = "有水垢" },
            },
        };
        (await (await warehouse.PostAsJsonAsync($"/api/cases/{id}/return/inspection", Look(3, 1, "x"))).Refusal()).ShouldBe("return.counts-wrong");
        (await (await warehouse.PostAsJsonAsync($"/api/cases/{id}/return/inspection", Look(2, 1, null))).Refusal()).ShouldBe("return.ground-missing");
        (await (await warehouse.PostAsJsonAsync($"/api/cases/{id}/return/inspection", new { lines = new[] { new { line = 1, accepted = 1 } } })).Refusal()).ShouldBe("return.lines-missing");
        await Ok(await warehouse.PostAsJsonAsync($"/api/cases/{id}/return/inspection", Look(2, 1, "灯罩破裂")));
        await app.Drain();

        // Paid: lamps 299.97 and kettle 150.00 less 30.00 shared 20.00 : 10.00 -> 279.97 and 140.00. Two of three lamps: 186.65. Used kettle: 20 % off.
        own = await customer.Own(token);
        Text(own, "goods").ShouldBe("326.65 CNY");
        Text(own, "freight").ShouldBe("0.00 CNY");
        Text(own, "deducted").ShouldBe("28.00 CNY");
        Text(own, "total").ShouldBe("298.65 CNY");
        own.GetProperty("refunds").EnumerateArray().Select(r => $"{r.GetProperty("means").GetString()} {Text(r, "amount")}").ShouldBe(["Card 200.00 CNY", "Wallet 98.65 CNY"]);
        own.GetProperty("creditNote").GetString().ShouldBe($"INV-{order.Number}-C1");

        // Each refund tells the bank its own means; the ledger, stock and invoice follow.
        var bank = string.Join('\n', Directory.GetFiles(Path.Combine(app.Options.World, "bank", "orders")).Select(File.ReadAllText));
        foreach (var refund in own.GetProperty("refunds").EnumerateArray())
            bank.ShouldContain(refund.GetProperty("reference").GetString()!);
        bank.ShouldContain("card-canary-1111");
        var moves = await app.With<AppDb, List<StockMove>>(db => db.StockMoves.AsNoTracking().Where(m => m.CaseId == id).OrderBy(m => m.Line).ToListAsync());
        moves.Select(m => (m.Product, m.Part, m.Quantity, m.Cause)).ShouldBe([("LAMP", StockPart.Shelf, 2, "returned"), ("KETTLE", StockPart.SecondHand, 1, "returned")]);
        var letters = await app.With<AppDb, List<RedLetter>>(db => db.RedLetters.AsNoTracking().Where(r => r.CaseId == id).OrderBy(r => r.Code).ToListAsync());
        letters.Select(l => l.Net + l.Vat).ShouldBe([-18665, -14000]);
        var lines = (await app.Order(order.Id)).Lines.OrderBy(l => l.Number).ToList();
        lines.Select(l => (l.Claimed, l.Refunded)).ShouldBe([(3, 2), (1, 1)]);

        // The customer confirms: the rejected lamp is theirs again; the bank's file ends the case.
        await Ok(await customer.PostAsync($"/api/progress/{token}/return/confirmation", null));
        (await app.Order(order.Id)).Lines.OrderBy(l => l.Number).Select(l => l.Claimed).ShouldBe([2, 1]);
        (await app.TheCase(id)).State.ShouldBe(CaseState.WindingUp);
        await Reconcile(own);
        (await app.TheCase(id)).Outcome.ShouldBe(CaseOutcome.Executed);
        await LedgerIsEven(id);
        await app.ShouldFold(id);
        // The link later: the case opens with a code, the receipt stands.
        app.Advance(TimeSpan.FromSeconds(61));
        var later = app.Client("zh");
        (await later.GetAsync($"/progress/{token}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await later.GetAsync($"/progress/{token}/receipt")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Ok(await later.GetAsync($"/api/progress/{token}/receipt"));
        (await (await later.GetAsync($"/api/progress/{token}/return")).Refusal()).ShouldBe("case.code-first");
        await Ok(await later.PostAsync($"/api/progress/{token}/code", null));
        later.DefaultRequestHeaders.Add("Case-Session", (await Ok(await later.PostAsJsonAsync($"/api/progress/{token}/identity", new { code = await app.CodeFor(order.Of.Mail) }))).GetProperty("session").GetString());
        (await later.Own(token)).GetProperty("number").GetString().ShouldBe(begun.GetProperty("number").GetString());
        var stranger = await app.Returned(await app.AnOrderDelivered(), OneLamp);
        (await (await stranger.Customer.GetAsync($"/api/progress/{token}/return")).Refusal()).ShouldBe("case.code-first");
        (await app.PlacesWith("words-canary")).ShouldBeEmpty();
        (await app.PlacesWith("card-canary-1111")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Lines_that_were_not_sent_are_cancelled_with_their_freight_and_nothing_comes_back()
    {
        var order = await app.AnOrderDelivered(delivered: false);
        (await Try(order, OneLamp)).ShouldBe("return.not-delivered");
        var (customer, id, token, _) = await app.Returned(order, new { wish = "Cancel", lines = new object[] { new { line = 1, quantity = 3, reason = "NoReason" }, new { line = 2, quantity = 1, reason = "NoReason" } } });
        var own = await customer.Own(token);
        Text(own, "total").ShouldBe("431.97 CNY", "everything that was paid");
        (await app.TheCase(id)).ReturnIsStatutory.ShouldBeTrue();
        (await app.With<AppDb, List<string>>(db => db.StockMoves.Where(m => m.CaseId == id).Select(m => m.Cause).Distinct().ToListAsync())).ShouldBe(["not-sent"]);
        // A line that was cancelled is not sent afterwards.
        (await Try(order, OneLamp)).ShouldBe("return.too-many");
        await Reconcile(own);
        await Ok(await customer.PostAsync($"/api/progress/{token}/return/confirmation", null));
        (await app.TheCase(id)).Outcome.ShouldBe(CaseOutcome.Executed);
        await LedgerIsEven(id);
        await app.ShouldFold(id);
    }

    [Fact]
    public async Task An_exchange_sends_another_article_and_settles_the_difference_either_way()
    {
        var shop = await app.SignIn(Role.BranchHead);
        foreach (var (code, price) in new[] { ("DEAR", "250.00"), ("CHEAP", "40.00") })
            await Ok(await shop.PostAsJsonAsync("/api/products", new { code, english = code, chinese = "换货品" + code, price, currency = "CNY", taxRate = "0.13" }));
        foreach (var (code, difference) in new[] { ("CHEAP", "100.00 CNY"), ("DEAR", "-110.00 CNY") })
        {
            var order = await app.AnOrderDelivered();
            (await Try(order, new { wish = "Exchange", exchange = "NOWHERE", lines = new[] { new { line = 2, quantity = 1, reason = "NoReason" } } })).ShouldBe("return.no-such-product");
            var (customer, id, token, _) = await app.Returned(order, new { wish = "Exchange", exchange = code, lines = new[] { new { line = 2, quantity = 1, reason = "NoReason" } } });
            await Arrive(id, (2, 1, 0));
            var own = await customer.Own(token);
            Text(own, "total").ShouldBe(difference);
            var now = await app.Order(order.Id);
            now.Lines.Single(l => l.Product == code).ExchangedFor.ShouldBe(2);
            (await app.With<AppDb, int>(db => db.StockMoves.Where(m => m.CaseId == id && m.Product == code).SumAsync(m => m.Quantity))).ShouldBe(-1);
            await Reconcile(own);
            now = await app.Order(order.Id);
            if (code == "DEAR")
                now.Payments.Single(p => p.Amount == 11000).PaidOn.ShouldNotBeNull("what was paid in addition can go back later");
            now.Payments.ShouldAllBe(p => p.Refunded <= p.Amount);
            await LedgerIsEven(id);
            await app.ShouldFold(id);
        }
    }

    [Fact]
    public async Task Never_more_comes_back_than_was_sold_across_parallel_returns_and_double_sends()
    {
        var order = await app.AnOrderDelivered();
        var (trying, tried) = await app.Proven(order);
        foreach (var (line, quantity, code) in new[] { (1, 4, "return.too-many"), (1, int.MaxValue, "return.too-many"), (1, -1, "return.too-many"), (9, 1, "return.no-such-line"), (1, 0, "return.nothing-chosen") })
            (await (await trying.PutAsJsonAsync($"/api/returns/{tried}", new { wish = "Refund", lines = new[] { new { line, quantity, reason = "NoReason" } } })).Refusal()).ShouldBe(code);

        // Three drafts of two lamps each, sent at once: three lamps were sold, so one of them goes through.
        var drafts = new List<(HttpClient Client, string Token)>();
        for (var i = 0; i < 3; i++)
        {
            var draft = await app.Proven(order);
            await Ok(await draft.Client.PutAsJsonAsync($"/api/returns/{draft.Token}", new { wish = "Refund", lines = new[] { new { line = 1, quantity = 2, reason = "NoReason" } } }));
            drafts.Add(draft);
        }
        var answers = await Task.WhenAll(drafts.Select(d => d.Client.PostAsync($"/api/returns/{d.Token}/submission", null)));
        answers.Count(a => a.IsSuccessStatusCode).ShouldBe(1);
        foreach (var refused in answers.Where(a => !a.IsSuccessStatusCode))
            (await refused.Refusal()).ShouldBe("return.too-many");
        (await app.Order(order.Id)).Lines.Single(l => l.Number == 1).Claimed.ShouldBe(2);

        // The same draft twice: the second finds nothing to send.
        var (client, token) = await app.Proven(order);
        await Ok(await client.PutAsJsonAsync($"/api/returns/{token}", OneLamp));
        var twice = await Task.WhenAll(client.PostAsync($"/api/returns/{token}/submission", null), client.PostAsync($"/api/returns/{token}/submission", null));
        twice.Count(a => a.IsSuccessStatusCode).ShouldBe(1);
        (await app.Order(order.Id)).Lines.Single(l => l.Number == 1).Claimed.ShouldBe(3);
    }

    [Theory]
    [InlineData("CN")]
    [InlineData("DE")]
    public async Task No_tier_mark_decision_hold_or_approval_stands_in_the_way_of_a_right_of_law(string place)
    {
        var order = await app.AnOrderDelivered(place: place);
        await app.With<AppDb>(async db =>
        {
            var customer = await db.Customers.SingleAsync(c => c.Id == order.Of.CustomerId);
            customer.Tier = Features.Customers.CustomerTier.HighRisk;
            // A mark that bars re-entry, and a setting that sends everything beyond the law to a person.
            db.Erasures.Add(new Features.Erasure.ErasureRow { CustomerId = customer.Id, CaseId = Guid.NewGuid(), Class = Exeunt.App.Platform.DataClass.Legal, Token = customer.NumberToken, At = DateTimeOffset.UnixEpoch });
            db.Audit(await app.SystemCall(), "test.marked", "customer");
            await db.SaveChangesAsync();
        });
        var admin = await app.SignIn(Role.Administrator);
        await Ok(await admin.PutAsJsonAsync("/api/return-policy", new { asksBeyondLaw = true }));
        // The company is ending the relationship.
        var manager = await app.SignIn(Role.AccountManager);
        var ending = await manager.PostAsJsonAsync("/api/offboardings", new { customerId = order.Of.CustomerId, contractId = order.Of.ContractId, ground = "OFFBOARD_BREACH", words = "多次违约", facts = new[] { new { code = "BREACHES", value = "3", source = "crm" } } });

        var (customer, id, token, receipt) = await app.Returned(order, OneLamp);
        await Ok(await admin.PutAsJsonAsync("/api/return-policy", new { asksBeyondLaw = false }));
        receipt.GetProperty("returns")[0].GetProperty("needsPerson").GetBoolean().ShouldBeFalse();
        var exit = await app.TheCase(id);
        (exit.ReturnIsStatutory, exit.Tier).ShouldBe((true, "HighRisk"));
        var supervisor = await app.SignIn(Role.Supervisor);
        (await (await supervisor.PostAsJsonAsync($"/api/cases/{id}/return/decision", new { admit = false, words = "score too low" })).Refusal()).ShouldBe("return.right-of-law");
        (await (await supervisor.PostAsJsonAsync($"/api/cases/{id}/refusal", new { ground = "not-the-customer", words = "no" })).Refusal()).ShouldBe("return.right-of-law");
        // Held: the refund goes all the same.
        await Ok(await (await app.SignIn(Role.Agent)).PostAsJsonAsync($"/api/cases/{id}/hold", new { reason = "legal" }));
        await Arrive(id, (1, 1, 0));
        var own = await customer.Own(token);
        own.GetProperty("settled").GetBoolean().ShouldBeTrue();
        var reference = own.GetProperty("refunds")[0].GetProperty("reference").GetString()!;
        File.Exists(Path.Combine(app.Options.World, "bank", "orders", reference + ".json")).ShouldBeTrue("nothing holds what the law gives back");
        Text(own, "freight").ShouldBe(place == "DE" ? "2.67 CNY" : "0.00 CNY", "Europe pays the outward freight back");
        await app.ShouldFold(id);
        ending.StatusCode.ShouldNotBe(HttpStatusCode.InternalServerError);
    }

    [Fact]
    public async Task Beyond_law_and_promise_a_person_decides_and_the_rest_does_not_wait_for_it()
    {
        var order = await app.AnOrderDelivered(daysAgo: 40);
        var (customer, id, token, receipt) = await app.Returned(order, new { wish = "Refund", lines = new object[] { new { line = 1, quantity = 1, reason = "NoReason" }, new { line = 2, quantity = 1, reason = "Defective" } } });
        receipt.GetProperty("returns").GetArrayLength().ShouldBe(2, "the faulty kettle goes on, the lamp is asked about");
        var asked = receipt.GetProperty("returns").EnumerateArray().Single(r => r.GetProperty("needsPerson").GetBoolean()).GetProperty("caseId").GetGuid();
        (await app.TheCase(id)).SendBackBy.ShouldNotBeNull();
        (await app.TheCase(asked)).SendBackBy.ShouldBeNull();
        var supervisor = await app.SignIn(Role.Supervisor);
        (await (await supervisor.PostAsJsonAsync($"/api/cases/{asked}/return/decision", new { admit = true })).Refusal()).ShouldBe("required");
        await Ok(await supervisor.PostAsJsonAsync($"/api/cases/{asked}/return/decision", new { admit = false, words = "已过承诺期限" }));
        (await app.TheCase(asked)).Outcome.ShouldBe(CaseOutcome.Refused);
        (await app.Order(order.Id)).Lines.OrderBy(l => l.Number).Select(l => l.Claimed).ShouldBe([0, 1]);
        // A fault of goods: no deduction for being damaged, and both freights are ours.
        await Arrive(id, (2, 1, 0), "Damaged");
        var own = await customer.Own(token);
        Text(own, "deducted").ShouldBe("0.00 CNY");
        Text(own, "total").ShouldBe("144.00 CNY", "140.00 and a third of 12.00 freight by value");
        (await app.With<AppDb, StockPart>(db => db.StockMoves.Where(m => m.CaseId == id).Select(m => m.Part).SingleAsync())).ShouldBe(StockPart.Scrap);
        await app.ShouldFold(asked);
    }

    [Fact]
    public async Task A_return_that_is_not_sent_lapses_with_notice_and_begins_anew_while_its_right_runs()
    {
        var order = await app.AnOrderDelivered(daysAgo: 1);
        var (customer, id, token, _) = await app.Returned(order, OneLamp);
        (await (await customer.PostAsync($"/api/progress/{token}/return/revival", null)).Refusal()).ShouldBe("return.not-lapsed");
        await app.AdvanceDays(15);
        (await app.TheCase(id)).Outcome.ShouldBe(CaseOutcome.Lapsed);
        app.Mails(order.Of.Mail).ShouldContain(m => m.Subject.Contains("失效"));
        (await app.Order(order.Id)).Lines.Sum(l => l.Claimed).ShouldBe(0);

        // Seven days are over, thirty of the company's promise are not.
        var again = (await Ok(await customer.PostAsync($"/api/progress/{token}/return/revival", null))).GetProperty("returns")[0];
        var second = again.GetProperty("caseId").GetGuid();
        (await app.TheCase(second)).ReturnIsStatutory.ShouldBeFalse();
        (await app.TheCase(second)).LinkedTo.ShouldBe(id);
        (await (await customer.PostAsync($"/api/progress/{token}/return/revival", null)).Refusal()).ShouldBe("return.revived-already");
        await app.AdvanceDays(30);
        (await app.TheCase(second)).Outcome.ShouldBe(CaseOutcome.Lapsed);
        // Now nothing runs; but the right was used in time, so a late parcel is taken up by staff.
        var agent = await app.SignIn(Role.Agent);
        (await (await agent.PostAsync($"/api/cases/{second}/return/revival", null)).Refusal()).ShouldBe("return.right-over");
        var third = (await Ok(await agent.PostAsync($"/api/cases/{id}/return/revival", null))).GetProperty("returns")[0].GetProperty("caseId").GetGuid();
        (await app.TheCase(third)).ReturnIsStatutory.ShouldBeTrue();
        await app.ShouldFold(id);
        await app.ShouldFold(third);
    }

    [Fact]
    public async Task Who_said_that_it_is_on_its_way_is_waited_for()
    {
        var order = await app.AnOrderDelivered(daysAgo: 1);
        var (customer, id, token, _) = await app.Returned(order, OneLamp);
        (await (await customer.PostAsJsonAsync($"/api/progress/{token}/return/sent", new { on = (await app.Today()).AddDays(1), carrier = "SF" })).Refusal()).ShouldBe("return.day-wrong");
        await Ok(await customer.PostAsJsonAsync($"/api/progress/{token}/return/sent", new { carrier = "SF 123 carrier-canary" }));
        await app.AdvanceDays(20);
        (await app.TheCase(id)).IsClosed.ShouldBeFalse();
        await Ok(await customer.PostAsync($"/api/progress/{token}/withdrawal", null));
        (await app.TheCase(id)).Outcome.ShouldBe(CaseOutcome.Withdrawn);
        (await app.Order(order.Id)).Lines.Sum(l => l.Claimed).ShouldBe(0);
    }

    [Fact]
    public async Task A_contested_result_is_looked_at_by_another_person_and_only_gets_better()
    {
        var order = await app.AnOrderDelivered();
        var (customer, id, token, _) = await app.Returned(order, new { wish = "Refund", lines = new object[] { new { line = 1, quantity = 3, reason = "NoReason" }, new { line = 2, quantity = 1, reason = "NoReason" } } });
        var first = await app.SignIn(Role.Technical, name: "first");
        var today = await app.Today();
        await Ok(await first.PostAsJsonAsync($"/api/cases/{id}/return/parcel", new { }));
        object Look(int lamps, string kettle) => new
        {
            lines = new object[]
            {
                new { line = 1, accepted = lamps, rejected = 3 - lamps, condition = "AsNew", ground = "NotIntact", finding = "划痕", fate = "SentBack", fateOn = today.AddDays(10) },
                new { line = 2, accepted = 1, rejected = 0, condition = kettle, finding = "水垢" },
            },
        };
        await Ok(await first.PostAsJsonAsync($"/api/cases/{id}/return/inspection", Look(1, "Damaged")));
        await app.Drain();
        Text(await customer.Own(token), "total").ShouldBe("163.32 CNY", "93.32 for a lamp, half of 140.00");

        (await (await customer.PostAsJsonAsync($"/api/progress/{token}/return/objection", new { text = " " })).Refusal()).ShouldBe("required");
        var again = await Ok(await customer.PostAsJsonAsync($"/api/progress/{token}/return/objection", new { text = "灯没有划痕" }));
        var second = again.GetProperty("caseId").GetGuid();
        (await (await customer.PostAsync($"/api/progress/{token}/return/confirmation", null)).Refusal()).ShouldBe("case.step-not-active");
        (await (await first.PostAsJsonAsync($"/api/cases/{second}/return/inspection", Look(3, "Used"))).Refusal()).ShouldBe("return.inspected-before");
        var other = await app.SignIn(Role.Technical, name: "other");
        (await (await other.PostAsJsonAsync($"/api/cases/{second}/return/inspection", Look(0, "Used"))).Refusal()).ShouldBe("return.less-than-before");
        await Ok(await other.PostAsJsonAsync($"/api/cases/{second}/return/inspection", Look(3, "Used")));
        await app.Drain();
        // The other two lamps, and the deduction down from 70.00 to 28.00; together what a first look would have given.
        var view = await Ok(await other.GetAsync($"/api/cases/{second}/return"));
        Text(view, "total").ShouldBe("228.65 CNY");
        var now = await app.Order(order.Id);
        now.Lines.OrderBy(l => l.Number).Select(l => (l.Claimed, l.Refunded)).ShouldBe([(3, 3), (1, 1)]);
        now.Payments.Sum(p => p.Refunded).ShouldBe(16332 + 22865);
        // Nobody answers: after its time the result stands.
        await app.AdvanceDays(9);
        (await app.TheCase(second)).IsActive(Core.Procedures.StepKind.ConfirmResult).ShouldBeFalse();
        await app.ShouldFold(id);
        await app.ShouldFold(second);
    }

    [Fact]
    public async Task Whoever_takes_a_return_does_not_inspect_it()
    {
        var order = await app.AnOrderDelivered();
        var supervisor = await app.SignIn(Role.Supervisor);
        object wanted(string? proof) => new { wish = "Refund", lines = new[] { new { line = 1, quantity = 1, reason = "NoReason" } }, proof, channel = "Phone" };
        (await (await supervisor.PostAsJsonAsync($"/api/orders/{order.Id}/returns", wanted(null))).Refusal()).ShouldBe("return.proof-missing");
        var id = (await Ok(await supervisor.PostAsJsonAsync($"/api/orders/{order.Id}/returns", wanted("callback")))).GetProperty("returns")[0].GetProperty("caseId").GetGuid();
        await Ok(await supervisor.PostAsJsonAsync($"/api/cases/{id}/return/parcel", new { }));
        (await (await supervisor.PostAsJsonAsync($"/api/cases/{id}/return/inspection", new { lines = new[] { new { line = 1, accepted = 1, rejected = 0, condition = "AsNew" } } })).Refusal()).ShouldBe("case.own-request");
        (await (await app.SignIn(Role.Analyst)).PostAsJsonAsync($"/api/cases/{id}/return/parcel", new { })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        // The inbox of the warehouse shows the parcel.
        using var browser = await app.Browser(Role.Technical, language: "zh");
        (await browser.Get("/today")).Text.ShouldContain("验收退货");
    }

    [Fact]
    public async Task A_real_and_an_invented_order_look_the_same_before_a_code()
    {
        var order = await app.AnOrderDelivered();
        app.Advance(TimeSpan.FromSeconds(61));
        var texts = new List<string>();
        foreach (var (number, contact) in new[] { (order.Number, order.Of.Mail), (order.Number, "else@nowhere.example"), ("SO-NONE", "no@nowhere.example") })
        {
            var client = app.Client("zh");
            var token = (await (await client.PostAsJsonAsync("/api/returns", new { orderNumber = number, contact })).Done()).GetProperty("token").GetString()!;
            var shown = await client.GetStringAsync($"/api/returns/{token}");
            texts.Add(shown.Replace(number, "N").Replace(contact, "C"));
            (await (await client.PutAsJsonAsync($"/api/returns/{token}", OneLamp)).Refusal()).ShouldBe("return.code-first");
            (await (await client.PostAsJsonAsync($"/api/returns/{token}/identity", new { code = "00000000" })).Refusal()).ShouldBe("code.wrong-or-expired");
            (await (await client.PostAsync($"/api/returns/{token}/submission", null)).Refusal()).ShouldBe("return.code-first");
            // The draft of a return is no application.
            (await client.GetAsync($"/apply/{token}/date")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }
        texts.Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task The_refund_is_red_on_day_ten_and_stalls_after_day_fifteen()
    {
        var order = await app.AnOrderDelivered();
        var (_, id, _, _) = await app.Returned(order, OneLamp);
        await Ok(await (await app.SignIn(Role.Technical)).PostAsJsonAsync($"/api/cases/{id}/return/parcel", new { }));
        var number = (await app.TheCase(id)).Number;
        foreach (var (days, words) in new[] { (0, "待退款"), (10, "退款临近拖延界限"), (6, "退款已构成故意拖延") })
        {
            await app.AdvanceDays(days);
            using var browser = await app.Browser(Role.Technical, language: "zh");
            (await browser.Get("/today")).Text.ShouldContain($"{number}：{words}");
        }
    }

    [Fact]
    public async Task An_order_is_told_again_only_with_what_may_change()
    {
        var order = await app.AnOrderDelivered(delivered: false);
        var shop = await app.SignIn(Role.BranchHead);
        var shown = await Ok(await shop.GetAsync($"/api/orders/{order.Id}")) is var _ ? order.Id : default;
        shown.ShouldBe(order.Id);
        (await (await shop.PostAsJsonAsync("/api/orders", new { customerId = order.Of.CustomerId, number = order.Number, currency = "CNY", orderedOn = "2026-01-01", lines = new[] { new { product = "LAMP", quantity = 1, unitPrice = "1.00" } }, payments = Array.Empty<object>() })).Refusal()).ShouldBe("order.differs");
        foreach (var (wrong, field) in new[]
        {
            ((object)new { customerId = order.Of.CustomerId, number = "X1", currency = "CNY", orderedOn = "2026-01-01", lines = new[] { new { product = "A", quantity = 0, unitPrice = "1.00" } }, payments = Array.Empty<object>() }, "order.field-wrong"),
            (new { customerId = order.Of.CustomerId, number = "X1", currency = "CNY", orderedOn = "2026-01-01", lines = new[] { new { product = "A", quantity = 1, unitPrice = "1.001" } }, payments = Array.Empty<object>() }, "order.field-wrong"),
            (new { customerId = order.Of.CustomerId, number = "X1", currency = "CNY", orderedOn = "2026-01-01", lines = new[] { new { product = "A", quantity = 1, unitPrice = "1.00" } }, payments = new[] { new { means = "Card", amount = "1.01", paidOn = "2026-01-01" } } }, "order.paid-too-much"),
            (new { customerId = 999_999_999, number = "X1", currency = "CNY", orderedOn = "2026-01-01", lines = new[] { new { product = "A", quantity = 1, unitPrice = "1.00" } }, payments = Array.Empty<object>() }, "order.no-such-customer"),
        })
            (await (await shop.PostAsJsonAsync("/api/orders", wrong)).Refusal()).ShouldBe(field);
    }

    [Fact]
    public async Task Orders_come_in_by_a_file_and_are_told_again_when_delivered()
    {
        await using var own = await Imports.Installation.On(app.On == Database.Sqlite ? "sqlite" : "postgres");
        await own.Import("customers", own.File("customer,name,kind", "CRM-1,王芳,person"));
        const string head = "customer,order,ordered_on,product,quantity,unit_price,tax_rate,delivered_on,shipped_on,discount,freight,paid,payment_reference";
        string[] rows = ["CRM-1,SO-1,2026-01-05,LAMP,3,99.99,0.13,,,30.00,12.00,431.97,card-canary", "CRM-1,SO-1,2026-01-05,KETTLE,1,150.00,0.13,,,,,,", "CRM-1,SO-2,2026-01-05,LAMP,1,10.00,0.13,,,20.00,,,", "CRM-2,SO-3,2026-01-05,LAMP,1,10.00,0.13,,,,,,"];
        var result = await own.Import("orders", own.File([head, .. rows]), "--json");
        result.Exit.ShouldBe(2, result.Output + result.Error);
        result.Output.ShouldContain("order.field-wrong");
        result.Output.ShouldContain("import.no-such-customer");
        (await own.With(async (_, db) => (await db.Orders.Include(o => o.Lines).SingleAsync()).Lines.OrderBy(l => l.Number).Select(l => l.Paid).ToList())).ShouldBe([27997, 14000]);
        var again = await own.Import("orders", own.File(head, "CRM-1,SO-1,2026-01-05,LAMP,3,99.99,0.13,2026-01-09,2026-01-07,30.00,12.00,431.97,", rows[1]), "--json");
        again.Output.ShouldContain("\"changed\":1", customMessage: again.Error);
        (await own.With((_, db) => db.Orders.SelectMany(o => o.Lines).Where(l => l.Number == 1).Select(l => l.DeliveredOn).SingleAsync())).ShouldBe(new DateOnly(2026, 1, 9));
    }

    [Fact]
    public async Task An_order_of_a_former_customer_waits_for_its_return_and_then_goes_with_the_facts()
    {
        var order = await app.AnOrderDelivered();
        var number = order.Number;
        var (customer, id, token, _) = await app.Returned(order, OneLamp);

        await Anonymise(order.Of.CustomerId);

        (await app.Order(order.Id)).InvoiceNumber.ShouldBe($"INV-{number}", "its return is under way");
        await Arrive(id, (1, 1, 0));
        var own = await customer.Own(token);
        own.GetProperty("creditNote").GetString().ShouldBe($"INV-{number}-C1");
        await Ok(await customer.PostAsync($"/api/progress/{token}/return/confirmation", null));
        await Reconcile(own);
        (await app.TheCase(id)).State.ShouldBe(CaseState.Closed);

        await Anonymise(order.Of.CustomerId);

        await app.With<AppDb>(async db =>
        {
            (await db.Orders.AnyAsync(o => o.Id == order.Id)).ShouldBeFalse();
            (await db.Set<OrderLine>().AnyAsync(l => l.OrderId == order.Id)).ShouldBeFalse();
            (await db.Set<OrderPayment>().AnyAsync(p => p.OrderId == order.Id)).ShouldBeFalse();
            (await db.Returns.AsNoTracking().SingleAsync(r => r.CaseId == id)).CreditNote.ShouldBeNull();
            // Nor does what never goes hold the number.
            (await db.CaseEvents.AnyAsync(e => e.Data.Contains(number))).ShouldBeFalse();
            (await db.Cases.AsNoTracking().SingleAsync(c => c.Id == id)).Steps.ShouldAllBe(s => s.Note == null || !s.Note.Contains(number, StringComparison.Ordinal));
            (await db.AuditLog.AnyAsync(r => r.Data.Contains(number))).ShouldBeFalse();
        });
        await app.ShouldFold(id);
        // The case is there, without the return's lines.
        var page = await (await app.Browser(Role.Auditor, language: "en")).Get($"/cases/{id}");
        page.Status.ShouldBe(200);
        (await (await (await app.SignIn(Role.Auditor)).GetAsync($"/api/cases/{id}/return")).Refusal()).ShouldBe("not-found");
        (await (await customer.GetAsync($"/api/progress/{token}/return")).Refusal()).ShouldBe("not-found");
    }

    // ---- intent ----------------------------------------------------------------------------------------------------

    /// <summary>What happens when the time of a former customer's facts is over; afterwards they are a customer again.</summary>
    private async Task Anonymise(long customer)
    {
        await Leave(true);
        await app.Drain();
        await Leave(false);

        Task Leave(bool gone) => app.With<AppDb>(async db =>
        {
            var call = await app.SystemCall();
            (await db.Customers.SingleAsync(c => c.Id == customer)).ErasedAt = gone ? call.Now : null;
            if (gone)
                db.Enqueue(Exeunt.App.Platform.Effect.Now(Features.Erasure.AnonymiseFacts.Kind, $"retention|{customer}|{Guid.NewGuid():N}", call, new Features.Erasure.AnonymiseFacts.What(customer)));
            db.Audit(call, "test.former", $"customer:{customer}");
            await db.SaveChangesAsync();
        });
    }

    private async Task<string> Try(ReturnWorld.AnOrder order, object wanted)
    {
        var (client, token) = await app.Proven(order);
        return await (await client.PutAsJsonAsync($"/api/returns/{token}", wanted)).Refusal();
    }

    private async Task Arrive(Guid id, (int Line, int Accepted, int Rejected) looked, string condition = "AsNew")
    {
        var warehouse = await app.SignIn(Role.Technical);
        await Ok(await warehouse.PostAsJsonAsync($"/api/cases/{id}/return/parcel", new { }));
        await Ok(await warehouse.PostAsJsonAsync($"/api/cases/{id}/return/inspection", new { lines = new[] { new { line = looked.Line, accepted = looked.Accepted, rejected = looked.Rejected, condition, finding = "已查验" } } }));
        await app.Drain();
    }

    /// <summary>The bank's file with every order of the return.</summary>
    private async Task Reconcile(JsonElement own)
    {
        var finance = await app.SignIn(Role.Finance);
        var day = (await app.Today()).ToString("yyyy-MM-dd");
        var csv = new StringBuilder("date,amount,currency,text\n");
        foreach (var refund in own.GetProperty("refunds").EnumerateArray())
            csv.Append(System.Globalization.CultureInfo.InvariantCulture, $"{day},{(refund.GetProperty("direction").GetString() == "Refund" ? "-" : "")}{Text(refund, "amount").Split(' ')[0]},CNY,{refund.GetProperty("reference").GetString()}\n");
        var report = await (await finance.PostAsJsonAsync("/api/bank-files", new { content = csv.ToString() })).Done();
        report.GetProperty("unmatched").GetArrayLength().ShouldBe(0);
        await app.Drain();
    }

    private async Task LedgerIsEven(Guid id) => await app.With<AppDb>(async db =>
    {
        var postings = await db.Postings.AsNoTracking().Where(p => p.CaseId == id).ToListAsync();
        postings.ShouldNotBeEmpty();
        postings.GroupBy(p => p.EntryId).ShouldAllBe(e => e.Sum(p => p.Amount) == 0);
        postings.Where(p => p.Account == "settlement").Sum(p => p.Amount).ShouldBe(0);
    });

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;

    private static DateOnly Next(DateOnly day) => Core.Calendar.HolidayCalendars.For("CN").OnOrAfter(day);

    private static Task<JsonElement> Ok(HttpResponseMessage response) => response.Done();

    /// <summary>A JPEG with a comment that says where it was taken.</summary>
    private static byte[] Picture(int width, int height, string comment)
    {
        using var bitmap = new SKBitmap(width, height);
        bitmap.Erase(SKColors.SteelBlue);
        using var image = SKImage.FromBitmap(bitmap);
        using var data = image.Encode(SKEncodedImageFormat.Jpeg, 90);
        var bytes = data.ToArray();
        var said = Encoding.ASCII.GetBytes(comment);
        return [.. bytes[..2], 0xFF, 0xFE, (byte)((said.Length + 2) >> 8), (byte)(said.Length + 2), .. said, .. bytes[2..]];
    }

    public sealed class OnSqlite(SqliteApp app) : ReturnTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : ReturnTests(app), IClassFixture<PostgresApp>;
}
