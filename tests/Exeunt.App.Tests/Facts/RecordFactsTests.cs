using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Features.Imports;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Exeunt.Core.Activity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Facts;

/// <summary>POST /api/facts: all or none, once, and the months with them.</summary>
public abstract class RecordFactsTests(ExeuntApp app)
{
    private const Role Importer = Role.BranchHead;

    [Fact]
    public async Task Facts_of_every_kind_make_the_customers_months()
    {
        var (id, number) = await ACustomer();
        using var client = await app.SignIn(Importer);

        var answer = await Send(client, new
        {
            source = "crm",
            facts = new object[]
            {
                new { customer = number, kind = "Order", number = "O1", date = "2026-01-05", amount = 120.50, cost = 100, productLine = "tea" },
                new { customer = number, kind = "Return", number = "R1", date = "2026-01-09", amount = 20.5, cost = 17, productLine = "tea" },
                new { customer = number, kind = "Due", number = "B1", date = "2026-01-06", amount = 100, dueOn = "2026-01-20" },
                new { customer = number, kind = "Payment", number = "P1", date = "2026-01-25", amount = 60 },
                new { customer = number, kind = "Complaint", number = "C1", date = "2026-01-07", verdict = "Valid" },
                new { customer = number, kind = "Contact", date = "2026-01-07", minutes = 20, hourCost = 90 },
                new { customer = number, kind = "Usage", date = "2026-01-08", times = 4 },
                new { customer = number, kind = "Promise", number = "V1", date = "2026-01-30", kept = false },
                new { customer = number, kind = "Rating", number = "S1", date = "2026-01-31", score = 2.5, until = "2026-06-30" },
            },
        });

        (answer.GetProperty("added").GetInt32(), answer.GetProperty("unchanged").GetInt32()).ShouldBe((9, 0));
        var values = await Values(id, new(2026, 2, 10));
        values(Indicator.Spend12m).ShouldBe(100_00);
        values(Indicator.Margin12m).ShouldBe(17_00);
        values(Indicator.DaysOverdue).ShouldBe(21);
        values(Indicator.OverdueAmount).ShouldBe(40_00);
        values(Indicator.ValidComplaintRate12m).ShouldBe(10_000);
        values(Indicator.CostToServe12m).ShouldBe(30_00);
        values(Indicator.Usage12m).ShouldBe(4);
        values(Indicator.BrokenPromises12m).ShouldBe(1);
        values(Indicator.Attitude).ShouldBe(250);
        values(Indicator.LinesLost).ShouldBe(0);
        await MonthsAreTheFacts();
    }

    [Fact]
    public async Task The_same_again_changes_nothing_with_the_key_or_without()
    {
        var (id, number) = await ACustomer();
        using var client = await app.SignIn(Importer);
        var body = new { source = "crm", facts = new[] { new { customer = number, kind = "Order", number = "O1", date = "2026-01-05", amount = 10 }, new { customer = number, kind = "Order", number = "O1", date = "2026-01-05", amount = 10 } } };
        client.DefaultRequestHeaders.Add("Idempotency-Key", $"facts {number}");
        var first = await Send(client, body);
        var again = await Send(client, body);
        client.DefaultRequestHeaders.Remove("Idempotency-Key");
        var anew = await Send(client, body);

        first.GetProperty("added").GetInt32().ShouldBe(2);
        again.GetProperty("added").GetInt32().ShouldBe(2);
        (anew.GetProperty("added").GetInt32(), anew.GetProperty("unchanged").GetInt32()).ShouldBe((0, 2));
        (await Values(id, new(2026, 2, 1)))(Indicator.Spend12m).ShouldBe(20_00);
    }

    [Fact]
    public async Task A_customer_is_known_in_every_spelling_of_the_number()
    {
        // The token is one of the number as it is written, as earlier versions made it.
        var (id, number) = await ACustomer();
        using var client = await app.SignIn(Importer);

        var answer = await Send(client, new
        {
            source = "crm",
            facts = new[]
            {
                new { customer = number, kind = "Order", number = "O1", date = "2026-01-05", amount = 10 },
                new { customer = number.ToUpperInvariant() + " ", kind = "Order", number = "O2", date = "2026-01-06", amount = 20 },
            },
        });

        answer.GetProperty("added").GetInt32().ShouldBe(2);
        (await Values(id, new(2026, 2, 1)))(Indicator.Spend12m).ShouldBe(30_00);
    }

    [Fact]
    public async Task Who_was_erased_is_not_taken_for_another_whom_an_earlier_version_told_apart()
    {
        var ((gone, number), (id, _)) = (await ACustomer(), await ACustomer());
        var (small, capital) = ($"x-{number}", $"X-{number.ToUpperInvariant()}");
        var call = await app.SystemCall();
        await app.With<IServiceProvider>(async services =>
        {
            var numbers = services.GetRequiredService<Storage>().Numbers;
            await using var db = services.GetRequiredService<Storage>().NewAppDb();
            var (erased, other) = (await db.Customers.SingleAsync(c => c.Id == gone), await db.Customers.SingleAsync(c => c.Id == id));
            db.Erasures.Add(new ErasureRow { CustomerId = gone, Class = DataClass.Profile, Token = numbers.Of("crm", small), At = call.Now });
            (erased.NumberToken, erased.ErasedAt, other.NumberToken) = (null, call.Now, numbers.Of("crm", capital));
            db.Audit(call, "test.erased", $"customer:{gone}");
            await db.SaveChangesAsync();
        });
        using var client = await app.SignIn(Importer);

        var refused = await client.PostAsJsonAsync("/api/facts", new { source = "crm", facts = new[] { new { customer = small, kind = "Order", number = "O1", date = "2026-01-05", amount = 10 } } });
        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().ShouldBe("fact.customer");
        var answer = await Send(client, new { source = "crm", facts = new[] { new { customer = capital, kind = "Order", number = "O1", date = "2026-01-05", amount = 10 } } });
        answer.GetProperty("added").GetInt32().ShouldBe(1);
        (await Values(id, new(2026, 2, 1)))(Indicator.Spend12m).ShouldBe(10_00);
    }

    [Fact]
    public async Task One_wrong_line_and_nothing_goes_in()
    {
        var (id, number) = await ACustomer();
        using var client = await app.SignIn(Importer);
        var right = new Dictionary<string, object?> { ["customer"] = number, ["kind"] = "Order", ["number"] = "O1", ["date"] = "2026-01-05", ["amount"] = 10 };
        async Task Refused(string field, string code, params (string, object?)[] changes)
        {
            var wrong = new Dictionary<string, object?>(right);
            foreach (var (name, value) in changes)
                wrong[name] = value;
            var answer = await client.PostAsJsonAsync("/api/facts", new { source = "crm", facts = new[] { right, wrong } });
            answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, code);
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            (problem.GetProperty("code").GetString(), problem.GetProperty("field").GetString()).ShouldBe((code, $"facts[1].{field}"));
        }

        await Refused("customer", "fact.customer", ("customer", "nobody"));
        await Refused("customer", "fact.customer", ("customer", null));
        await Refused("kind", "fact.kind", ("kind", null));
        await Refused("kind", "fact.kind", ("kind", "Other"));
        await Refused("date", "fact.required", ("date", null));
        await Refused("amount", "fact.amount", ("amount", -1));
        await Refused("amount", "fact.amount", ("amount", 1.005));
        await Refused("amount", "fact.amount", ("amount", 1e20));
        await Refused("hour_cost", "fact.amount", ("kind", "Contact"), ("amount", null), ("number", null), ("productLine", null), ("cost", null), ("minutes", 1_000_000), ("hourCost", 9_999_999_999_999));
        await Refused("product_line", "fact.characters", ("productLine", "a\u0001b"));
        await Refused("productLine", "unreadable", ("productLine", "a\0b"));
        await Refused("due_on", "fact.not-of-kind", ("dueOn", "2026-02-01"));
        await Refused("due_on", "fact.date", ("kind", "Due"), ("dueOn", "2026-01-04"));
        await Refused("score", "fact.score", ("kind", "Rating"), ("amount", null), ("score", 5.5));
        await Refused("kept", "fact.required", ("kind", "Promise"), ("amount", null));
        await Refused("number", "fact.required", ("number", " "), ("correction", "Replace"));
        await Refused("correction", "fact.mixed", ("correction", "Replace"));
        (await app.With<AppDb, int>(db => db.Facts.CountAsync(f => f.CustomerId == id))).ShouldBe(0);
    }

    /// <summary>What figures are must not depend on how a system puts facts into requests.</summary>
    [Fact]
    public async Task Facts_that_differ_are_different_in_one_request_and_in_two()
    {
        object[] Pair(string number, Func<string, Dictionary<string, object?>> of) =>
            [.. new[] { "a", "b" }.Select(side => new Dictionary<string, object?>(of(side)) { ["customer"] = number, ["date"] = "2026-01-05" })];
        (string Name, Func<string, Dictionary<string, object?>> Of)[] pairs =
        [
            ("promise", side => new() { ["kind"] = "Promise", ["number"] = "V1", ["kept"] = side == "a" }),
            ("promise without a number", side => new() { ["kind"] = "Promise", ["kept"] = side == "a" }),
            ("due day", side => new() { ["kind"] = "Due", ["number"] = "B1", ["amount"] = 10, ["dueOn"] = side == "a" ? "2026-01-20" : "2026-02-20" }),
            ("cost of a contact", side => new() { ["kind"] = "Contact", ["minutes"] = 0, ["cost"] = side == "a" ? 5 : 50 }),
            ("last day of a rating", side => new() { ["kind"] = "Rating", ["number"] = "S1", ["score"] = 3, ["until"] = side == "a" ? "2026-03-01" : "2026-06-01" }),
            ("product line", side => new() { ["kind"] = "Order", ["number"] = "O1", ["amount"] = 10, ["productLine"] = side }),
        ];
        using var client = await app.SignIn(Importer);
        foreach (var (name, of) in pairs)
        {
            var ((one, oneNumber), (two, twoNumber)) = (await ACustomer(), await ACustomer());
            await Send(client, new { source = "crm", facts = Pair(oneNumber, of) });
            foreach (var fact in Pair(twoNumber, of))
                (await Send(client, new { source = "crm", facts = new[] { fact } })).GetProperty("added").GetInt32().ShouldBe(1, name);
            foreach (var fact in Pair(twoNumber, of))
                (await Send(client, new { source = "crm", facts = new[] { fact } })).GetProperty("unchanged").GetInt32().ShouldBe(1, name);

            var months = await app.With<AppDb, Dictionary<long, string>>(db => db.Activity.Where(a => a.CustomerId == one || a.CustomerId == two).ToDictionaryAsync(a => a.CustomerId, a => Convert.ToHexString(a.Months)));
            months[two].ShouldBe(months[one], name);
        }
        await MonthsAreTheFacts();
    }

    [Fact]
    public async Task A_verdict_and_a_cost_that_come_later_are_taken_over_once()
    {
        var (id, number) = await ACustomer();
        using var client = await app.SignIn(Importer);
        object Complaint(string? verdict) => new { customer = number, kind = "Complaint", number = "C1", date = "2026-01-07", verdict };
        object Order(decimal? cost) => new { customer = number, kind = "Order", number = "O1", date = "2026-01-05", amount = 100, cost, productLine = "tea" };
        await Send(client, new { source = "crm", facts = new[] { Complaint(null), Order(null) } });

        var later = await Send(client, new { source = "crm", facts = new[] { Complaint("Valid"), Order(60) } });
        var other = await Send(client, new { source = "crm", facts = new[] { Complaint("Abusive"), Order(70) } });
        var less = await Send(client, new { source = "crm", facts = new[] { Complaint("Pending"), Order(null) } });

        (later.GetProperty("added").GetInt32(), later.GetProperty("changed").GetInt32(), later.GetProperty("unchanged").GetInt32()).ShouldBe((0, 2, 0));
        (other.GetProperty("changed").GetInt32(), other.GetProperty("unchanged").GetInt32()).ShouldBe((0, 2));
        (less.GetProperty("changed").GetInt32(), less.GetProperty("unchanged").GetInt32()).ShouldBe((0, 2));
        var values = await Values(id, new(2026, 2, 10));
        values(Indicator.ValidComplaintRate12m).ShouldBe(10_000);
        values(Indicator.Margin12m).ShouldBe(40_00);
        await MonthsAreTheFacts();
    }

    [Fact]
    public async Task An_order_of_an_invoice_file_is_the_same_by_request_and_in_a_file_of_facts()
    {
        var (id, number) = await ACustomer();
        using var client = await app.SignIn(Importer);
        var call = await app.SystemCall();
        async Task<(long Added, long Unchanged)> Import(ImportNoun noun, params string[] lines)
        {
            using var file = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
            var result = await app.With<Storage, ImportResult>(storage => new RunImport(storage, call).Run(file, new ImportRequest(noun, null, null, false, "crm", [""]), default));
            return (result.Added, result.Unchanged);
        }

        (await Import(ImportNoun.Invoices, "customer,document,date,quantity,unit_price,currency",
            $"{number},O1,2026-01-05,2,5.00,CNY", $"{number},O1,2026-01-05,1,10.00,CNY", $"{number},C2,2026-01-06,-1,3.00,CNY", $"{number},A3,2026-01-07,1,-1.50,CNY")).ShouldBe((4, 0));
        (await Import(ImportNoun.Facts, "customer,kind,date,number,amount",
            $"{number},order,2026-01-05,O1,10", $"{number},order,2026-01-05,O1,10.00", $"{number},return,2026-01-06,C2,3", $"{number},adjustment,2026-01-07,A3,-1.5")).ShouldBe((0, 4));
        var answer = await Send(client, new
        {
            source = "crm",
            facts = new object[]
            {
                new { customer = number, kind = "Order", number = "O1", date = "2026-01-05", amount = 10 },
                new { customer = number, kind = "Return", number = "C2", date = "2026-01-06", amount = 3 },
                new { customer = number, kind = "Adjustment", number = "A3", date = "2026-01-07", amount = -1.5 },
            },
        });

        (answer.GetProperty("added").GetInt32(), answer.GetProperty("unchanged").GetInt32()).ShouldBe((0, 3));
        (await Values(id, new(2026, 2, 1)))(Indicator.Spend12m).ShouldBe(15_50);
        await MonthsAreTheFacts();
    }

    /// <summary>The history is not read: its rows are gone here, and the months still hold it.</summary>
    [Fact]
    public async Task A_fact_is_added_to_months_and_lines_without_reading_the_history()
    {
        var (id, number) = await ACustomer();
        using var client = await app.SignIn(Importer);
        object Order(string order, string date) => new { customer = number, kind = "Order", number = order, date, amount = 10, productLine = "tea" };
        await Send(client, new { source = "crm", facts = new[] { Order("O1", "2025-12-05") } });
        var call = await app.SystemCall();
        await app.With<Storage>(async storage =>
        {
            await using var db = storage.NewAppDb();
            db.Facts.RemoveRange(await db.Facts.Where(f => f.CustomerId == id).ToListAsync());
            db.Audit(call, "test.gone", $"customer:{id}");
            await db.SaveChangesAsync();
        });

        await Send(client, new { source = "crm", facts = new[] { Order("O2", "2026-01-05"), Order("O3", "2025-11-05") } });

        (await Values(id, new(2026, 2, 1)))(Indicator.Spend12m).ShouldBe(30_00);
        var line = await app.With<AppDb, byte[]>(db => db.ActivityLines.Where(a => a.CustomerId == id).Select(a => a.Months).SingleAsync());
        new ActivityMonths(line).Count.ShouldBe(3);
        await app.With<Storage>(async storage =>
        {
            await using var bulk = await Bulk.Alone(storage, default);
            (await bulk.RebuildMonths(default)).ShouldBe(1);
        });
    }

    /// <summary>Requests in any order, with late facts, more lines of an order, verdicts and costs that come later, and corrections.</summary>
    [Fact]
    public async Task Months_are_the_facts_whatever_is_told_in_whatever_order()
    {
        var random = new Random(20261127);
        var customers = new List<string>();
        for (var i = 0; i < 4; i++)
            customers.Add((await ACustomer()).Number);
        using var client = await app.SignIn(Importer);
        Dictionary<string, object?> One()
        {
            var (kind, day) = (random.Next(8), new DateOnly(2024, 1, 1).AddDays(random.Next(600)));
            var fact = new Dictionary<string, object?> { ["customer"] = customers[random.Next(4)], ["date"] = $"{day:yyyy-MM-dd}", ["number"] = $"{random.Next(30)}" };
            string? Line() => random.Next(3) switch { 0 => null, 1 => "tea", _ => "bread" };
            foreach (var (name, value) in kind switch
            {
                <= 2 => new (string, object?)[] { ("kind", "Order"), ("amount", random.Next(1, 50)), ("productLine", Line()), ("cost", random.Next(2) == 0 ? null : random.Next(1, 20)) },
                3 => [("kind", "Return"), ("amount", random.Next(1, 9)), ("productLine", Line())],
                4 => [("kind", "Complaint"), ("date", "2025-03-04"), ("verdict", random.Next(2) == 0 ? null : "Valid")],
                5 => [("kind", "Due"), ("amount", random.Next(1, 90)), ("dueOn", $"{day.AddDays(random.Next(40)):yyyy-MM-dd}")],
                6 => [("kind", "Payment"), ("amount", random.Next(1, 90))],
                _ => [("kind", "Usage"), ("number", null), ("times", random.Next(1, 5))],
            })
                fact[name] = value;
            return fact;
        }
        var told = new List<Dictionary<string, object?>>();
        for (var request = 0; request < 12; request++)
        {
            var facts = Enumerable.Range(0, random.Next(1, 25)).Select(_ => One()).ToList();
            told.AddRange(facts);
            // Some again, and orders whose cost is known now.
            facts.AddRange(told.Where(_ => random.Next(12) == 0).Select(f => f.ContainsKey("cost") ? new Dictionary<string, object?>(f) { ["cost"] = 3 } : f).ToList());
            // Now and then, what is said of orders and returns replaces what was said.
            if (request % 4 == 3)
                facts = facts.ConvertAll(f => f["kind"] is "Order" or "Return" ? new Dictionary<string, object?>(f) { ["correction"] = "Replace" } : f);
            await Send(client, new { source = "crm", facts });
            await MonthsAreTheFacts();
        }
    }

    [Fact]
    public async Task The_same_product_line_is_one_whatever_blanks_stand_around_it()
    {
        var (id, number) = await ACustomer();
        using var client = await app.SignIn(Importer);
        object Order(string order, string? line) => new { customer = number, kind = "Order", number = order, date = "2026-01-05", amount = 10, productLine = line };

        await Send(client, new { source = "crm", facts = new[] { Order("O1", "COFFEE"), Order("O2", " COFFEE\t"), Order("O3", "  "), Order("O4", "") } });
        var usage = await Send(client, new { source = "crm", facts = new[] { new { customer = number, kind = "Usage", date = "2026-01-05", productLine = " " } } });

        usage.GetProperty("added").GetInt32().ShouldBe(1);
        var lines = await app.With<AppDb, List<string>>(db => db.ProductLines.Select(l => l.Code).ToListAsync());
        lines.Where(l => l.Contains("COFFEE")).ShouldBe(["COFFEE"]);
        lines.ShouldNotContain("");
        lines.ShouldNotContain("  ");
        (await app.With<AppDb, int>(db => db.Facts.CountAsync(f => f.CustomerId == id && f.ProductLine != 0))).ShouldBe(2);
    }

    [Fact]
    public async Task A_day_that_cannot_be_true_is_refused_and_a_due_day_may_lie_ahead()
    {
        var (id, number) = await ACustomer();
        using var client = await app.SignIn(Importer);
        var today = await app.With<Clocks, DateOnly>(c => Task.FromResult(Clocks.DateIn(c.BusinessNow, Clocks.CompanyZone)));
        async Task Refused(string field, object fact)
        {
            var answer = await client.PostAsJsonAsync("/api/facts", new { source = "crm", facts = new[] { fact } });
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
            (problem.GetProperty("code").GetString(), problem.GetProperty("field").GetString()).ShouldBe(("fact.date", $"facts[0].{field}"));
        }

        foreach (var on in new[] { today.AddDays(2), new DateOnly(1969, 12, 31), new DateOnly(2200, 1, 1) })
            await Refused("date", new { customer = number, kind = "Order", number = "O1", date = on, amount = 10 });
        await Refused("date", new { customer = number, kind = "Due", number = "B1", date = today.AddDays(2), amount = 10, dueOn = today.AddDays(30) });
        await Refused("date", new { customer = number, kind = "Due", number = "B1", date = "2201-01-01", amount = 10 });
        await Refused("due_on", new { customer = number, kind = "Due", number = "B1", date = today, amount = 10, dueOn = "2201-01-01" });
        var taken = await Send(client, new
        {
            source = "crm",
            facts = new object[]
            {
                new { customer = number, kind = "Order", number = "O1", date = today.AddDays(1), amount = 10 },
                new { customer = number, kind = "Order", number = "O2", date = "1970-01-01", amount = 10 },
                new { customer = number, kind = "Due", number = "B1", date = today, amount = 10, dueOn = "2200-12-31" },
                new { customer = number, kind = "Due", number = "B2", date = today.AddDays(60), amount = 10 },
            },
        });

        taken.GetProperty("added").GetInt32().ShouldBe(4);
        (await app.With<AppDb, int>(db => db.Facts.CountAsync(f => f.CustomerId == id))).ShouldBe(4);
        await MonthsAreTheFacts();
    }

    [Fact]
    public async Task A_correction_replaces_and_a_late_original_does_not_come_back()
    {
        var (id, number) = await ACustomer();
        using var client = await app.SignIn(Importer);
        object Order(string order, decimal amount, string date, string? correction = null) => new { customer = number, kind = "Order", number = order, date, amount, correction };
        await Send(client, new { source = "crm", facts = new[] { Order("O1", 10, "2025-11-05"), Order("O2", 5, "2026-01-05") } });

        var corrected = await Send(client, new { source = "crm", facts = new[] { Order("O1", 7, "2025-12-05", "Replace"), Order("O3", 1, "2026-01-06", "Cancel") } });
        var late = await Send(client, new { source = "crm", facts = new[] { Order("O1", 10, "2025-11-05"), Order("O3", 99, "2026-01-06") } });

        corrected.GetProperty("removed").GetInt32().ShouldBe(1);
        (late.GetProperty("added").GetInt32(), late.GetProperty("unchanged").GetInt32()).ShouldBe((0, 2));
        var values = await Values(id, new(2026, 2, 1));
        values(Indicator.Spend12m).ShouldBe(12_00);
        values(Indicator.TenureMonths).ShouldBe(1);
        await MonthsAreTheFacts();
    }

    [Fact]
    public async Task Another_units_customer_is_nobody_and_an_agent_may_not()
    {
        var (_, number) = await ACustomer();
        using var agent = await app.SignIn(Role.Agent);
        var body = new { source = "crm", facts = new[] { new { customer = number, kind = "Usage", date = "2026-01-05" } } };

        (await agent.PostAsJsonAsync("/api/facts", body)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await app.Client().PostAsJsonAsync("/api/facts", body)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var east = await app.SignIn(Importer, "EAST");
        var stranger = await east.PostAsJsonAsync("/api/facts", body);
        stranger.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await stranger.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().ShouldBe("fact.customer");
        (await east.GetFromJsonAsync<JsonElement>("/api/indicators")).GetProperty("customers").GetInt32().ShouldBe(0);
        using var client = await app.SignIn(Importer);
        (await client.PostAsJsonAsync("/api/facts", new { facts = Array.Empty<object>() })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await client.PostAsJsonAsync("/api/facts", new { facts = Enumerable.Repeat(body.facts[0], 5_001) })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await client.PostAsync("/api/facts", new StringContent("{\"facts\":[null,", System.Text.Encoding.UTF8, "application/json"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await client.PostAsync("/api/facts", new StringContent("{\"facts\":[null]}", System.Text.Encoding.UTF8, "application/json"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Two_at_once_for_one_customer_both_count()
    {
        var (id, number) = await ACustomer();
        using var client = await app.SignIn(Importer);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Send(client, new { source = "crm", facts = new[] { new { customer = number, kind = "Order", number = $"O{i}", date = "2026-01-05", amount = 10 } } })));

        (await Values(id, new(2026, 2, 1)))(Indicator.Orders12m).ShouldBe(4);
        await MonthsAreTheFacts();
    }

    /// <summary>Both read the months they add to; who was second does it again.</summary>
    [Fact]
    public async Task A_file_and_requests_for_the_same_customers_at_once_lose_nothing()
    {
        var customers = new List<(long Id, string Number)> { await ACustomer(), await ACustomer() };
        using var client = await app.SignIn(Importer);
        const int rounds = 12;

        await Task.WhenAll(
            app.With<Storage>(async storage =>
            {
                await using var bulk = await Bulk.Alone(storage, default);
                for (var round = 0; round < rounds; round++)
                    await bulk.InsertFacts(customers.Select((c, i) => new BulkFact(c.Id, 1_000 + round, i, 1_00, new DateOnly(2026, 1, 1 + round).DayNumber, FactKind.Order)).ToArray(), default);
            }),
            Task.Run(async () =>
            {
                for (var round = 0; round < rounds;)
                {
                    var answer = await client.PostAsJsonAsync("/api/facts", new { source = "crm", facts = customers.Select(c => new { customer = c.Number, kind = "Order", number = $"O{round}", date = "2026-01-05", amount = 10 }) });
                    if (answer.StatusCode == HttpStatusCode.Conflict)
                        continue;
                    answer.StatusCode.ShouldBe(HttpStatusCode.OK);
                    round++;
                }
            }));

        foreach (var (id, _) in customers)
            (await Values(id, new(2026, 2, 1)))(Indicator.Orders12m).ShouldBe(2 * rounds);
        await MonthsAreTheFacts();
    }

    [Fact]
    public async Task The_pages_of_indicators_show_how_values_spread()
    {
        var (_, number) = await ACustomer();
        using var client = await app.SignIn(Importer);
        var today = await app.With<Clocks, DateOnly>(c => Task.FromResult(Clocks.DateIn(c.BusinessNow, Clocks.CompanyZone)));
        await Send(client, new { source = "crm", facts = new[] { new { customer = number, kind = "Order", number = "O1", date = today.AddMonths(-2).ToString("yyyy-MM-dd"), amount = 77 } } });
        app.Advance(TimeSpan.FromMinutes(2));
        foreach (var language in new[] { "zh", "en" })
        {
            var browser = await app.Browser(Role.Supervisor, language: language);
            var list = (await browser.Get("/watch/indicators")).Html;
            foreach (var definition in IndicatorDefinition.All)
            {
                list.ShouldContain($"/watch/indicators/{definition.Code}");
                (await browser.Get($"/watch/indicators/{definition.Code}")).Html.ShouldContain("<h1");
            }
            (await browser.Get("/watch/indicators/spend_12m")).Html.ShouldContain("ex-chart");
        }
        using var analyst = await app.SignIn(Role.Analyst);
        var spread = await analyst.GetFromJsonAsync<JsonElement>("/api/indicators/spend_12m");
        spread.GetProperty("spread").GetProperty("known").GetInt32().ShouldBeGreaterThan(0);
        (await analyst.GetAsync("/api/indicators/nothing")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await analyst.GetAsync("/api/indicators/spend_12m?asOf=2026-13-01")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await analyst.GetAsync("/api/indicators/spend_12m?currency=XXX")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await analyst.GetAsync("/api/indicators/spend_12m?unit=99999")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task<JsonElement> Send(HttpClient client, object body)
    {
        var answer = await client.PostAsJsonAsync("/api/facts", body);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private async Task MonthsAreTheFacts() =>
        (await app.With<Storage, (int Wrong, int Compared)>(storage => Months.Check(storage, default))).Wrong.ShouldBe(0);

    private async Task<Func<Indicator, long>> Values(long id, DateOnly asOf)
    {
        var all = await app.With<Storage, CustomerBase>(storage => Features.Evaluate.LoadBase.Run(storage, withLines: true, default));
        return indicator => all.Open(all.IndexOf(id), new HistoryScratch()).At(asOf)[indicator];
    }

    private async Task<(long Id, string Number)> ACustomer()
    {
        var number = Guid.NewGuid().ToString("N")[..12];
        // The first member of staff brings the unit.
        await app.Staff(Importer);
        var call = await app.SystemCall();
        return (await app.With<IServiceProvider, long>(async services =>
        {
            await using var db = services.GetRequiredService<Storage>().NewAppDb();
            var id = (await db.Customers.MaxAsync(c => (long?)c.Id) ?? 0) + 1;
            db.Customers.Add(new Customer
            {
                Id = id, Source = "crm", NumberToken = services.GetRequiredService<Storage>().Numbers.Of("crm", number), UnitId = (await db.Units.OrderBy(u => u.Path).FirstAsync()).Id,
                Kind = CustomerKind.Organisation, OrganisationName = $"Company {number}", Language = "en", Currency = "CNY",
            });
            db.Audit(call, "test.customer", $"customer:{id}");
            await db.SaveChangesAsync();
            return id;
        }), number);
    }

    public sealed class OnSqlite(SqliteApp app) : RecordFactsTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : RecordFactsTests(app), IClassFixture<PostgresApp>;
}
