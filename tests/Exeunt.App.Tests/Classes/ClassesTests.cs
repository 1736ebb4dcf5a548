using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Exeunt.App.Data;
using Exeunt.App.Features.Classes;
using Exeunt.App.Features.Facts;
using Exeunt.App.Features.Standards;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Offboarding;
using Exeunt.App.Tests.Policies;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Exeunt.Core.Activity;
using Exeunt.Core.Classes;
using Exeunt.Core.Standards;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using Fact = Exeunt.Core.Activity.Fact;
using FactKind = Exeunt.Core.Activity.FactKind;

namespace Exeunt.App.Tests.Classes;

/// <summary>Schemes from the draft to the class of each customer and the work that follows, by the REST API and the pages.</summary>
public abstract class ClassesTests(Database on)
{
    private static Scheme Orders(string id = "orders") => new(id, 1, new("By orders", "按订单"), SchemeKind.Rules,
    [
        new("many", new("Many", "多单客户"), ConditionText.Read("orders_12m >= 3").Condition, Strategy: new("Serve first", "优先服务"), Plan: [new("call", new("Call", "致电"), 5, 30), new("visit", new("Visit", "拜访"), 10)]),
        new("few", new("Few", "少单客户"), ConditionText.Read("orders_12m >= 1").Condition, Strategy: new("Develop", "培育"), Plan: [new("ask", new("Ask", "询问"), 20)]),
        new("none", new("None", "无单客户"), Strategy: new("Let go", "放弃")),
    ]);

    [Xunit.Fact]
    public async Task Customers_come_into_classes_and_leave_them_with_the_work_that_follows()
    {
        await using var app = await ExeuntApp.Start(on);
        // Orders early in months, so that closed months decide.
        var (many, few, none) = (await Customer(app, 4), await Customer(app, 1), await Customer(app, 0));
        await Publish(app, Orders());
        var today = await app.Today();
        (await Classes(app, "orders", many, few, none)).ShouldBe(["many", "few", "none"], "also who has no history");
        (await Open(app, many)).ShouldBe([("call", today.AddDays(5)), ("visit", today.AddDays(10))]);
        (await Open(app, few)).ShouldBe([("ask", today.AddDays(20))]);
        (await Open(app, none)).ShouldBeEmpty();
        (await Changes(app, many)).ShouldBe([(null, "many")]);

        // Again, and a part that is run twice: nothing is written.
        var before = await Everything(app);
        await Evaluate(app);
        var part = await app.With<AppDb, Effect>(db => db.Effects.AsNoTracking().OrderByDescending(e => e.Id).FirstAsync(e => e.Kind == EvaluatePart.Kind));
        await app.With<AppDb>(async db =>
        {
            db.Enqueue(new Effect { Kind = EvaluatePart.Kind, Key = "again", Payload = part.Payload, DueAt = DateTimeOffset.UnixEpoch, Clock = EffectClock.Real });
            await db.SaveChangesAsync();
        });
        await app.Drain();
        (await Everything(app)).ShouldBe(before);

        // Done: what recurs is due again, what does not is over. Nobody does it twice.
        await app.AdvanceDays(6);
        var manager = await app.SignIn(Role.Supervisor);
        var tasks = (await manager.Ok(HttpMethod.Get, "/api/classes/tasks?everybody=true&scheme=orders&class=many")).GetProperty("lines").EnumerateArray().ToList();
        tasks.Select(t => (t.GetProperty("customerId").GetInt64(), t.GetProperty("what").GetProperty("english").GetString())).ShouldBe([(many, "Call"), (many, "Visit")]);
        var (call, visit) = (tasks[0].GetProperty("id").GetGuid(), tasks[1].GetProperty("id").GetGuid());
        (await app.Post(Role.Supervisor, $"/api/classes/tasks/{call}/done"))["next"]!.GetValue<int>().ShouldBe(1);
        (await app.Refused(Role.Supervisor, $"/api/classes/tasks/{call}/done")).ShouldBe("class-task.closed");
        (await app.Refused(Role.Supervisor, $"/api/classes/tasks/{visit}/skip")).ShouldBe("class-task.no-reason");
        (await app.Post(Role.Supervisor, $"/api/classes/tasks/{visit}/skip", """{"reason":"CustomerWish"}"""))["next"]!.GetValue<int>().ShouldBe(0);
        today = await app.Today();
        (await Open(app, many)).ShouldBe([("call", today.AddDays(30))]);

        // A change of the facts changes the class in the night: what was open lapses, what the other class asks begins.
        await Months(app, many, 1);
        await Months(app, few, 5);
        await app.AdvanceDays(1);
        today = await app.Today();
        (await Classes(app, "orders", many, few)).ShouldBe(["few", "many"]);
        (await Open(app, many)).ShouldBe([("ask", today.AddDays(20))]);
        (await Open(app, few)).ShouldBe([("call", today.AddDays(5)), ("visit", today.AddDays(10))]);
        (await Changes(app, few)).ShouldBe([(null, "few"), ("few", "many")]);
        (await app.With<AppDb, ClassTask>(db => db.ClassTasks.SingleAsync(t => t.CustomerId == few && t.Step == "ask"))).State.ShouldBe(ClassTaskState.Lapsed);

        // Back on the same day: of one day the last word counts.
        await Months(app, few, 1);
        await Evaluate(app);
        (await Changes(app, few)).ShouldBe([(null, "few")]);
        var member = await app.With<AppDb, ClassMember>(db => db.ClassMembers.SingleAsync(m => m.CustomerId == few));
        (member.Class, member.Since).ShouldBe(("few", today.AddDays(-7)));

        // Another version: the step that is gone lapses, a new one begins now, what stayed goes on.
        await Months(app, many, 4);
        await Evaluate(app);
        await Publish(app, Orders() with { Classes = [Orders().Classes[0] with { Plan = [new("call", new("Call", "致电"), 5, 30), new("gift", new("Gift", "礼品"), 3)] }, .. Orders().Classes.Skip(1)] });
        (await Open(app, many)).ShouldBe([("gift", today.AddDays(3)), ("call", today.AddDays(5))]);
        (await app.With<AppDb, List<int>>(db => db.ClassMembers.Where(m => m.SchemeId == "orders").Select(m => m.SchemeVersion).Distinct().ToListAsync())).ShouldBe([2]);

        // The movement between two months.
        var moves = await manager.Ok(HttpMethod.Get, "/api/classes/orders/transitions");
        moves.GetProperty("flows").EnumerateArray().Select(f => (f.TryGetProperty("from", out var from) ? from.GetString() : null, f.GetProperty("to").GetString(), f.GetProperty("customers").GetInt32()))
            .ShouldBe([(null, "few", 1), (null, "many", 1), (null, "none", 1)], ignoreOrder: true);
        (moves.GetProperty("before").GetInt32(), moves.GetProperty("moved").GetInt32()).ShouldBe((0, 0));
        await app.AdvanceDays(40);
        moves = await manager.Ok(HttpMethod.Get, "/api/classes/orders/transitions");
        moves.GetProperty("flows").EnumerateArray().Select(f => (f.GetProperty("from").GetString(), f.GetProperty("to").GetString())).ShouldContain(("many", "many"), moves.ToString());
        JsonDocument.Parse(await (await manager.GetAsync("/api/classes/orders/transitions?from=2026-09")).Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString().ShouldBe("classes.month");
    }

    [Xunit.Fact]
    public async Task Who_may_not_be_evaluated_has_no_class_and_no_work_and_who_is_forgotten_leaves_nothing()
    {
        await using var app = await ExeuntApp.Start(on);
        var (objecting, staying) = (await Customer(app, 4), await Customer(app, 4));
        await Publish(app, Orders());
        await app.With<AppDb>(async db =>
        {
            (await db.Customers.SingleAsync(c => c.Id == objecting)).ObjectedAt = app.Time.GetUtcNow();
            db.Audit(await app.SystemCall(), "test.objected", "customer");
            await db.SaveChangesAsync();
        });
        // At once nothing is shown any more; the next evaluation takes it away.
        var supervisor = await app.SignIn(Role.Supervisor);
        (await supervisor.Ok(HttpMethod.Get, $"/api/customers/{objecting}/classes")).GetProperty("lines").GetArrayLength().ShouldBe(0);
        (await supervisor.Ok(HttpMethod.Get, "/api/classes/tasks?everybody=true")).GetProperty("lines").EnumerateArray().ShouldAllBe(l => l.GetProperty("customerId").GetInt64() == staying);
        await app.AdvanceDays(1);
        (await Classes(app, "orders", objecting, staying)).ShouldBe([null, "many"]);
        (await Open(app, objecting)).ShouldBeEmpty();
        (await Changes(app, objecting)).ShouldBe([(null, "many"), ("many", null)]);

        // When what is kept of the customer goes, so does what was concluded from it.
        await app.With<AppDb>(async db =>
        {
            (await db.Customers.SingleAsync(c => c.Id == staying)).ErasedAt = app.Time.GetUtcNow();
            db.Enqueue(Effect.Now(Features.Erasure.AnonymiseFacts.Kind, $"retention|{staying}", await app.SystemCall(), new Features.Erasure.AnonymiseFacts.What(staying)));
            db.Audit(await app.SystemCall(), "test.erased", "customer");
            await db.SaveChangesAsync();
        });
        await app.Drain();
        await app.With<AppDb>(async db =>
        {
            (await db.ClassMembers.AnyAsync(m => m.CustomerId == staying)).ShouldBeFalse();
            (await db.ClassChanges.AnyAsync(m => m.CustomerId == staying)).ShouldBeFalse();
            (await db.ClassTasks.AnyAsync(m => m.CustomerId == staying)).ShouldBeFalse();
        });
    }

    [Xunit.Fact]
    public async Task Rfm_and_abc_say_what_a_plain_computation_says()
    {
        await using var app = await ExeuntApp.Start(on);
        var today = await app.Today();
        var random = new Random(11);
        var bought = new Dictionary<long, List<(DateOnly On, long Amount)>>();
        for (var i = 0; i < 40; i++)
        {
            var id = (await app.AContractInForce()).CustomerId;
            var orders = Enumerable.Range(0, random.Next(1, 9)).Select(_ => (On: new DateOnly(2026, 2, 20).AddDays(-random.Next(0, 520)), Amount: random.Next(1, 50) * 100L)).DistinctBy(o => o.On).OrderBy(o => o.On).ToList();
            bought[id] = orders;
            await Facts(app, id, [.. orders.Select((o, k) => new Fact(FactKind.Order, o.On, o.Amount, $"{k}"))]);
        }
        var currency = await app.With<AppDb, string>(db => db.Customers.Where(c => c.Id == bought.Keys.First()).Select(c => c.Currency).SingleAsync());
        await Publish(app, SchemeStarts.Rfm);
        await Publish(app, SchemeStarts.Abc);

        // The window: twelve closed months before this one.
        var from = new DateOnly(today.Year, today.Month, 1).AddMonths(-12);
        var rows = bought.Select(b => (Id: b.Key, Days: today.DayNumber - b.Value.Max(o => o.On).DayNumber, Orders: b.Value.Count(o => o.On >= from), Spend: b.Value.Where(o => o.On >= from).Sum(o => o.Amount))).ToList();
        var scored = rows.Where(r => r.Orders > 0).ToList();
        int Score(IEnumerable<long> all, long value)
        {
            var sorted = all.Order().ToList();
            var cuts = Enumerable.Range(1, 4).Select(k => sorted[(int)Math.Ceiling(sorted.Count * k / 5.0) - 1]).Where(c => c < sorted[^1]).Distinct().ToList();
            return 5 - cuts.Count(c => value <= c);
        }
        char Letter(int score) => score >= 4 ? 'h' : 'l';
        var expected = scored.ToDictionary(r => r.Id, r => new string([Letter(Score(scored.Select(s => -(long)s.Days), -r.Days)), Letter(Score(scored.Select(s => (long)s.Orders), r.Orders)), Letter(Score(scored.Select(s => s.Spend), r.Spend))]));
        foreach (var row in rows)
            (await Classes(app, "value-rfm", row.Id))[0].ShouldBe(expected.GetValueOrDefault(row.Id), $"{row}");
        expected.Values.Distinct().Count().ShouldBeGreaterThan(3);

        var whole = rows.Sum(r => r.Spend);
        foreach (var row in rows)
        {
            var larger = rows.Where(r => r.Spend > row.Spend).Sum(r => r.Spend);
            var share = row.Spend <= 0 ? "c" : larger * 100 < whole * 80 ? "a" : larger * 100 < whole * 95 ? "b" : "c";
            (await Classes(app, "spend-abc", row.Id))[0].ShouldBe(share, $"{row} {currency}");
        }

        // The cuts stand with the run.
        var runs = await app.With<AppDb, List<ClassRun>>(db => db.ClassRuns.AsNoTracking().Where(r => db.ClassRuns.Any(o => o.RunId == r.RunId && o.SchemeId == "spend-abc")).ToListAsync());
        runs.Select(r => r.SchemeId).Order().ShouldBe(["spend-abc", "value-rfm"]);
        SchemeCuts.Read(runs.Single(r => r.SchemeId == "spend-abc").Cuts).Abc!.Keys.ShouldBe([currency]);
    }

    [Xunit.Fact]
    public async Task A_scheme_is_written_checked_signed_and_compared_like_a_standard()
    {
        await using var app = await ExeuntApp.Start(on);
        var json = SchemeDocument.ToJson(Orders());
        (await app.Refused(Role.Supervisor, "/api/classes", json.Replace("orders_12m", "customer_age", StringComparison.Ordinal))).ShouldBe("standard.protected");
        (await app.Refused(Role.Agent, "/api/classes", json)).ShouldBe("not-allowed");
        (await app.Refused(Role.Supervisor, "/api/classes", json.Replace("\"orders\"", "\"plan\"", StringComparison.Ordinal))).ShouldBe("scheme.reserved");
        var open = Orders() with { Classes = [.. Orders().Classes.Take(2)] };
        await app.Post(Role.Supervisor, "/api/classes", SchemeDocument.ToJson(open));
        (await app.Refused(Role.Supervisor, "/api/classes/orders/1/submit")).ShouldBe("scheme.last-open");
        var edited = await app.Post(Role.Supervisor, "/api/classes/orders/1", json, method: "PUT");
        await Sign(app, "orders", 1, edited);
        await app.Post(Role.Supervisor, "/api/classes/orders/1/publish");
        await app.Drain();
        using var reader = await app.SignIn(Role.Auditor);
        SchemeDocument.Read(await (await reader.GetAsync("/api/classes/orders/1")).Content.ReadAsStringAsync()).Scheme!.Classes.Select(c => c.Code).ShouldBe(["many", "few", "none"]);
        (await app.Refused(Role.Supervisor, "/api/classes", SchemeDocument.ToJson(SchemeStarts.Abc with { Id = "orders" }))).ShouldBe("version.id-fixed", "the kind of a scheme does not change");
        (await (await app.Client().GetAsync(SchemeSchema.Path)).Content.ReadAsStringAsync()).ShouldBe(SchemeSchema.Json);

        // Groups are found among the customers of today, and stay a draft until each has a name.
        for (var i = 0; i < 8; i++)
            await Customer(app, i < 4 ? 1 : 8);
        var groups = SchemeStarts.Groups with { Clusters = new(["orders_12m", "days_since_order"], 2) };
        var found = SchemeDocument.Read((await app.Post(Role.Supervisor, "/api/classes/find-groups", SchemeDocument.ToJson(groups))).ToJsonString()).Scheme!;
        found.Clusters!.Found!.Groups.Sum(g => g.Size).ShouldBe(found.Clusters.Found.Customers);
        await app.Post(Role.Supervisor, "/api/classes", SchemeDocument.ToJson(found));
        (await app.Refused(Role.Supervisor, "/api/classes/groups/1/submit")).ShouldBeOneOf("scheme.no-strategy", "scheme.not-named");
        (await app.Refused(Role.Supervisor, "/api/classes/find-groups", json)).ShouldBe("scheme.no-clusters");
        (await app.Refused(Role.Supervisor, "/api/classes/find-groups", SchemeDocument.ToJson(groups with { Clusters = new(["orders_12m", "spend_12m"], 2) }))).ShouldBe("scheme.needs-currency");
    }

    [Xunit.Fact]
    public async Task A_scheme_taken_out_of_use_leaves_no_class_and_no_open_work()
    {
        await using var app = await ExeuntApp.Start(on);
        var many = await Customer(app, 4);
        await Publish(app, Orders());
        (await Open(app, many)).Count.ShouldBe(2);
        (await app.Refused(Role.Analyst, "/api/classes/orders/1/retire", """{"words":"no"}""")).ShouldBe("not-allowed");
        await app.Post(Role.Supervisor, "/api/classes/orders/1/retire", """{"words":"nobody works by it"}""");
        await app.Drain();
        (await Open(app, many)).ShouldBeEmpty();
        (await app.With<AppDb, int>(db => db.ClassMembers.CountAsync())).ShouldBe(0);
        (await Changes(app, many)).ShouldBe([], "entered and left on one day");
        using var supervisor = await app.Browser(Role.Supervisor);
        (await supervisor.Get("/classes/orders/1")).Text.ShouldContain("nobody works by it");
        (await supervisor.Get("/classes")).Status.ShouldBe(200);
    }

    [Xunit.Fact]
    public async Task Work_is_seen_within_ones_units_and_goes_with_the_customer()
    {
        await using var app = await ExeuntApp.Start(on);
        var (here, elsewhere) = (await Customer(app, 4), await Customer(app, 4));
        var me = await app.Staff(Role.AccountManager);
        var units = await app.With<AppDb, List<Features.Units.Unit>>(db => db.Units.AsNoTracking().ToListAsync());
        await app.With<AppDb>(async db =>
        {
            (await db.Customers.SingleAsync(c => c.Id == here)).OwnerId = me;
            (await db.Customers.SingleAsync(c => c.Id == elsewhere)).OwnerId = Guid.NewGuid();
            db.Audit(await app.SystemCall(), "test.owned", "customer");
            await db.SaveChangesAsync();
        });
        await Publish(app, Orders());
        using var manager = await app.SignIn(Role.AccountManager);
        async Task<List<long>> Seen(HttpClient client, string query = "") =>
            [.. (await client.Ok(HttpMethod.Get, "/api/classes/tasks?scheme=orders" + query)).GetProperty("lines").EnumerateArray().Select(l => l.GetProperty("customerId").GetInt64()).Distinct().Order()];
        (await Seen(manager)).ShouldBe([here], "mine");
        (await Seen(manager, "&everybody=true")).ShouldBe([here, elsewhere]);

        // On today's page when it is due, in the calendar, on the page of the customer.
        (await manager.Ok(HttpMethod.Get, "/api/today")).ToString().ShouldNotContain("/classes/plan");
        await app.AdvanceDays(4);
        (await manager.Ok(HttpMethod.Get, "/api/today")).ToString().ShouldContain("/classes/plan?scheme=orders");
        var today = await app.Today();
        var calendar = await manager.Ok(HttpMethod.Get, $"/api/calendar?from={today:yyyy-MM-dd}&until={today.AddDays(20):yyyy-MM-dd}&mine=true");
        calendar.GetProperty("items").EnumerateArray().Where(i => i.GetProperty("kind").GetString() == "Plan").Select(i => i.GetProperty("name").GetString()).Distinct().ShouldBe([$"{here}"]);
        using var browser = await app.Browser(Role.AccountManager);
        var page = await browser.Get($"/customers/{here}");
        page.Text.ShouldContain("By orders");
        page.Text.ShouldContain("Call");
        page = await browser.Submit("#classes form button[value=done]");
        page.Path.ShouldStartWith($"/customers/{here}");
        (await Open(app, here)).Select(t => t.Step).ShouldBe(["visit", "call"]);

        // The pages, and the list of customers filtered by class with a column that the export carries.
        (await browser.Get("/classes")).Text.ShouldContain("Many");
        (await browser.Get("/classes/orders")).Text.ShouldContain("Serve first");
        (await browser.Get("/classes/plan?who=all")).Text.ShouldContain("Visit");
        var list = await browser.Get("/customers?class=orders:many&col=classes");
        list.Html.ShouldContain($"/customers/{here}\"");
        list.All("tbody td").Distinct().ShouldBe(["Many"]);
        (await browser.Get("/customers?class=orders:few")).Html.ShouldNotContain($"/customers/{here}\"");
        (await browser.Get("/customers.csv?class=orders:many&col=classes")).Html.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).ShouldAllBe(l => l.EndsWith(",Many", StringComparison.Ordinal));
        (await Members(manager, "many")).ShouldBe([here, elsewhere]);

        // Who holds a role elsewhere only sees and closes nothing of it.
        var home = await app.With<AppDb, int>(db => db.Customers.Where(c => c.Id == here).Select(c => c.UnitId).SingleAsync());
        if (units.FirstOrDefault(u => !units.Single(h => h.Id == home).Path.StartsWith(u.Path, StringComparison.Ordinal)) is not { } other)
            return;
        using var stranger = await app.SignIn(Role.Supervisor, other.Code);
        (await Seen(stranger, "&everybody=true")).ShouldBeEmpty();
        (await Members(stranger, "many")).ShouldBeEmpty();
        var task = await app.With<AppDb, Guid>(db => db.ClassTasks.Where(t => t.CustomerId == here && t.State == ClassTaskState.Open).Select(t => t.Id).FirstAsync());
        (await stranger.PostAsync($"/api/classes/tasks/{task}/done", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await stranger.Ok(HttpMethod.Get, "/api/classes/distribution?scheme=orders")).GetProperty("customers").GetInt32().ShouldBe(0);
    }

    [Xunit.Fact]
    public async Task The_editor_works_without_scripts()
    {
        await using var app = await ExeuntApp.Start(on);
        await Customer(app, 4);
        using var author = await app.Browser(Role.Supervisor);
        (await author.Get("/classes")).Text.ShouldContain("Ready-made");
        var page = await author.Get("/classes/new?start=importance");
        page.Text.ShouldContain("Every customer has a place");
        page = await author.Submit("Check", new Dictionary<string, string> { ["classes[0].when"] = "gender = 1" });
        page.Text.ShouldContain("sex or gender must not decide");
        page = await author.Submit("Check", new Dictionary<string, string> { ["classes[0].when"] = "orders_12m >= 2" });
        page = await author.Submit("#add-class");
        page.Document.QuerySelector("[name='classes[3].code']")!.GetAttribute("value").ShouldBe("potential", "the last one stays the last");
        page = await author.Submit("button[value='class-remove.2']");
        page.Document.QuerySelector("[name='classes[2].code']")!.GetAttribute("value").ShouldBe("potential");
        page = await author.Submit("button[value='class-up.1']");
        page.Document.QuerySelector("[name='classes[0].code']")!.GetAttribute("value").ShouldBe("general");
        page.Document.QuerySelector("[name='classes[1].plan[0].code']")!.GetAttribute("value").ShouldBe("call");
        page = await author.Submit("button[value='step-add.0']");
        page.Document.QuerySelector("[name='classes[0].plan[1].after']")!.GetAttribute("value").ShouldBe("7");
        page = await author.Submit("button[value='step-remove.0.0']");
        page.Document.QuerySelector("[name='classes[0].steps']")!.GetAttribute("value").ShouldBe("1");
        page = await author.Submit("Save");
        page.Status.ShouldBe(422, "the new step says nothing yet");
        page = await author.Submit("Save", new Dictionary<string, string> { ["classes[0].plan[0].code"] = "ring", ["classes[0].plan[0].what.english"] = "Ring", ["classes[0].plan[0].what.chinese"] = "致电" });
        page.Path.ShouldBe("/classes/importance/1/edit?saved=1");
        page.Html.ShouldNotContain("style=\"");

        // Groups are found in the form, named, and saved.
        await author.Get("/classes/new?start=groups");
        page = await author.Submit("#find-groups", new Dictionary<string, string> { ["clusters.groups"] = "2" });
        page.Text.ShouldContain("fewer different customers");
        await Customer(app, 1);
        await Customer(app, 9);
        app.Advance(TimeSpan.FromMinutes(2));
        await author.Get("/classes/new?start=groups");
        page = await author.Submit("#find-groups", new Dictionary<string, string> { ["clusters.groups"] = "2" });
        page.Text.ShouldContain("The groups are found");
        page = await author.Submit("Save", new Dictionary<string, string> { ["classes[0].name.english"] = "Quiet", ["classes[0].name.chinese"] = "安静" });
        page.Path.ShouldBe("/classes/groups/1/edit?saved=1");
        page = await author.Get("/classes/groups/1");
        page.Text.ShouldContain("Quiet");
        page.Text.ShouldContain("has no name of its own yet");
    }

    private static async Task<List<long>> Members(HttpClient client, string code) =>
        [.. (await client.Ok(HttpMethod.Get, $"/api/classes/orders/members?class={code}")).GetProperty("members").EnumerateArray().Select(m => m.GetProperty("customer").GetInt64()).Order()];

    private static async Task<long> Customer(ExeuntApp app, int orders)
    {
        var id = (await app.AContractInForce()).CustomerId;
        await Months(app, id, orders);
        return id;
    }

    private static async Task Months(ExeuntApp app, long customer, int orders)
    {
        var month = Month.Of(await app.Today());
        await Facts(app, customer, [.. Enumerable.Range(1, orders).Select(i => new Fact(FactKind.Order, (month - i).Day(7), 100_00, $"{i}"))]);
    }

    private static Task Facts(ExeuntApp app, long customer, Fact[] facts) => app.With<AppDb>(async db =>
    {
        var row = await db.Activity.SingleOrDefaultAsync(a => a.CustomerId == customer);
        if (facts.Length == 0)
        {
            if (row is not null)
                db.Remove(row);
        }
        else if (row is not null)
            row.Months = ActivityMonths.Build(facts);
        else
            db.Activity.Add(new ActivityRow { CustomerId = customer, Months = ActivityMonths.Build(facts) });
        db.Audit(await app.SystemCall(), "test.months", $"customer:{customer}");
        await db.SaveChangesAsync();
    });

    private static async Task Evaluate(ExeuntApp app)
    {
        await app.Post(Role.Analyst, "/api/standards/evaluate");
        await app.Drain();
    }

    private static async Task Publish(ExeuntApp app, Scheme scheme)
    {
        var draft = await app.Post(Role.Supervisor, "/api/classes", SchemeDocument.ToJson(scheme));
        var version = draft["version"]!.GetValue<int>();
        await Sign(app, scheme.Id, version, draft);
        await app.Post(Role.Supervisor, $"/api/classes/{scheme.Id}/{version}/publish");
        await app.Drain();
        (await app.With<AppDb, List<string?>>(db => db.Effects.Where(e => e.Kind.StartsWith("standards.") && e.Attempts > 0 && e.State != EffectState.Done).Select(e => e.Note).ToListAsync())).ShouldBeEmpty();
    }

    private static async Task Sign(ExeuntApp app, string id, int version, JsonNode key)
    {
        var digest = new JsonObject { ["digest"] = key["digest"]!.GetValue<string>() }.ToJsonString();
        await app.Post(Role.Supervisor, $"/api/classes/{id}/{version}/submit");
        await app.Post(Role.BranchHead, $"/api/classes/{id}/{version}/sign", digest);
        await app.Post(Role.Legal, $"/api/classes/{id}/{version}/sign", digest);
    }

    private static Task<List<string?>> Classes(ExeuntApp app, string scheme, params long[] customers) => app.With<AppDb, List<string?>>(async db =>
    {
        var known = await db.ClassMembers.AsNoTracking().Where(m => m.SchemeId == scheme && customers.Contains(m.CustomerId)).ToDictionaryAsync(m => m.CustomerId, m => m.Class);
        return [.. customers.Select(known.GetValueOrDefault)];
    });

    private static Task<List<(string Step, DateOnly Due)>> Open(ExeuntApp app, long customer) => app.With<AppDb, List<(string, DateOnly)>>(async db =>
        [.. (await db.ClassTasks.AsNoTracking().Where(t => t.CustomerId == customer && t.State == ClassTaskState.Open).ToListAsync()).OrderBy(t => t.DueOn).Select(t => (t.Step, t.DueOn))]);

    private static Task<List<(string? From, string? To)>> Changes(ExeuntApp app, long customer) => app.With<AppDb, List<(string?, string?)>>(async db =>
        [.. (await db.ClassChanges.AsNoTracking().Where(c => c.CustomerId == customer).OrderBy(c => c.On).ToListAsync()).Select(c => (c.From, c.To))]);

    private static Task<string> Everything(ExeuntApp app) => app.With<AppDb, string>(async db => JsonSerializer.Serialize(new
    {
        Members = await db.ClassMembers.AsNoTracking().OrderBy(m => m.SchemeId).ThenBy(m => m.CustomerId).ToListAsync(), Changes = await db.ClassChanges.AsNoTracking().OrderBy(c => c.CustomerId).ThenBy(c => c.On).ToListAsync(),
        Tasks = await db.ClassTasks.AsNoTracking().OrderBy(t => t.Id).ToListAsync(),
    }));

    public sealed class OnSqlite() : ClassesTests(Database.Sqlite);

    public sealed class OnPostgres(Faults.PostgresServer server) : ClassesTests(Database.Postgres), IClassFixture<Faults.PostgresServer>
    {
        public string? Server => server.Connection;
    }
}
