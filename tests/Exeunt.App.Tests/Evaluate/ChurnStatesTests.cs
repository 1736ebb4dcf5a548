using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Evaluate;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Offboarding;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Exeunt.Core.Activity;
using Exeunt.Core.Churn;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Evaluate;

/// <summary>The churn state of each customer over time: kept as seen, shown as a map, and a filter of the list.</summary>
public abstract class ChurnStatesTests(Database on)
{
    // The test's today is 16 March 2026: February is the last closed month.
    private static readonly (string Months, ChurnState State)[] Customers =
    [
        ("2025-06 2025-07 2025-08 2025-09 2025-10 2025-11 2025-12 2026-01 2026-02", ChurnState.Active),
        ("2025-06 2025-07 2025-08 2025-09 2025-10 2025-11 2025-12 2026-01", ChurnState.Borderline),
        ("2025-08 2025-09 2025-10 2025-11", ChurnState.Churned),
        ("2025-06 2025-07 2026-02", ChurnState.Reactivated),
        ("2026-01 2026-02", ChurnState.New),
    ];

    [Fact]
    public async Task Writes_only_what_changed_and_keeps_every_change_as_it_was_seen()
    {
        await using var app = await ExeuntApp.Start(on);
        var ids = await TheCustomers(app);
        await Evaluate(app);
        (await States(app, ids)).ShouldBe(Customers.Select(c => (ChurnState?)c.State));
        (await Changes(app, ids)).ShouldBe(ids.Select((id, i) => (id, (ChurnState?)null, Customers[i].State)), "each has a first state");

        await Evaluate(app);
        (await Changes(app, ids)).Count.ShouldBe(ids.Count, "nothing changed, nothing is written");

        // A month later the active one is borderline, the borderline one has not been for three months yet.
        await app.AdvanceDays(32);
        await Evaluate(app);
        var states = await States(app, ids);
        (states[0], states[1], states[3]).ShouldBe((ChurnState.Borderline, ChurnState.Borderline, ChurnState.Borderline));
        (await Changes(app, ids)).Where(c => c.Id == ids[0]).Select(c => (c.From, c.To)).ShouldBe([(null, ChurnState.Active), (ChurnState.Active, ChurnState.Borderline)]);

        // A late order mends the state; what was seen before stays.
        await SetMonths(app, ids[0], Customers[0].Months + " 2026-03");
        await Evaluate(app);
        (await States(app, ids))[0].ShouldBe(ChurnState.Active);
        (ChurnState?, ChurnState)[] seen = [(null, ChurnState.Active), (ChurnState.Active, ChurnState.Borderline), (ChurnState.Borderline, ChurnState.Active)];
        (await Changes(app, ids)).Where(c => c.Id == ids[0]).Select(c => (c.From, c.To)).ShouldBe(seen);

        // The order is taken back on the same day: of one day the last word counts.
        await SetMonths(app, ids[0], Customers[0].Months);
        await Evaluate(app);
        (await States(app, ids))[0].ShouldBe(ChurnState.Borderline);
        (await Changes(app, ids)).Where(c => c.Id == ids[0]).Select(c => (c.From, c.To)).ShouldBe(seen[..2]);
    }

    [Fact]
    public async Task The_flag_has_a_history_of_its_own_and_a_day_since_when()
    {
        const string Gaps = "2025-06 2025-07 2025-08 2025-09 2025-10 2025-12 2026-02";
        await using var app = await ExeuntApp.Start(on);
        var ids = await TheCustomers(app);
        var first = await app.Today();
        await Evaluate(app);
        (await Flags(app, ids[0])).ShouldBe("first:no");

        // The same state, now with gaps: only the flag changes, and only that is written.
        await app.AdvanceDays(1);
        var second = await app.Today();
        await SetMonths(app, ids[0], Gaps);
        await Evaluate(app);
        (await Flags(app, ids[0])).ShouldBe("first:no no:yes");
        (await Changes(app, ids)).Where(c => c.Id == ids[0]).Select(c => (c.From, c.To)).ShouldBe([(null, ChurnState.Active), (ChurnState.Active, ChurnState.Active)]);
        (await Row(app, ids[0])).ShouldBe((first, second));
        await Evaluate(app);
        (await Flags(app, ids[0])).ShouldBe("first:no no:yes");
        (await Changes(app, ids)).Count.ShouldBe(ids.Count + 1, "of the others nothing changed");

        // Taken back and said again within a day: nothing happened, and it holds since it did before.
        await app.AdvanceDays(1);
        await SetMonths(app, ids[0], Customers[0].Months);
        await Evaluate(app);
        (await Flags(app, ids[0])).ShouldBe("first:no no:yes yes:no");
        (await Row(app, ids[0])).ShouldBe((first, null));
        await SetMonths(app, ids[0], Gaps);
        await Evaluate(app);
        (await Flags(app, ids[0])).ShouldBe("first:no no:yes");
        (await Row(app, ids[0])).ShouldBe((first, second));

        // The lists and the customer's history say since when.
        using var api = await app.SignIn(Role.Analyst);
        var line = (await api.Ok(HttpMethod.Get, "/api/churn-states?intermittent=1")).GetProperty("page").EnumerateArray().Single();
        (line.GetProperty("since").GetString(), line.GetProperty("intermittentSince").GetString()).ShouldBe(($"{first:yyyy-MM-dd}", $"{second:yyyy-MM-dd}"));
        var history = await api.Ok(HttpMethod.Get, $"/api/customers/{ids[0]}/churn-states");
        history.GetProperty("intermittentSince").GetString().ShouldBe($"{second:yyyy-MM-dd}");
        history.GetProperty("changes").EnumerateArray().Select(c => (c.GetProperty("on").GetString(), c.GetProperty("to").GetString(), c.GetProperty("isIntermittent").GetBoolean()))
            .ShouldBe([($"{second:yyyy-MM-dd}", "Active", true), ($"{first:yyyy-MM-dd}", "Active", false)]);
        using var analyst = await app.Browser(Role.Analyst);
        (await analyst.Get("/watch?state=Borderline")).Text.ShouldContain($"intermittent since {Texts.English.Date(second)}");
        var page = await analyst.Get($"/customers/{ids[0]}/states");
        page.All("#changes tbody tr").Count.ShouldBe(2);
        page.Text.ShouldContain("Intermittent since");

        // The map counts who was and is flagged.
        var flags = (await api.Ok(HttpMethod.Get, "/api/churn-states/transitions?from=2025-12&to=2026-02")).GetProperty("intermittent");
        (Number("before"), Number("after"), Number("began"), Number("ended")).ShouldBe((0, 1, 1, 0), flags.ToString());
        (await analyst.Get("/watch/transitions?from=2025-12&to=2026-02")).Text.ShouldContain("Intermittent: 0 at the beginning, 1 at the end; 1 newly flagged, 0 no longer.");

        // Whose data is not evaluated shows none of it, and nobody of another unit sees it.
        await app.With<AppDb>(async db =>
        {
            (await db.Customers.SingleAsync(c => c.Id == ids[1])).ObjectedAt = app.Time.GetUtcNow();
            db.Audit(await app.SystemCall(), "test.objected", "customer");
            await db.SaveChangesAsync();
        });
        (await api.Ok(HttpMethod.Get, $"/api/customers/{ids[1]}/churn-states")).GetProperty("changes").GetArrayLength().ShouldBe(0);
        using var west = await app.SignIn(Role.Analyst, unit: "WEST");
        (await Code(west, $"/api/customers/{ids[0]}/churn-states")).ShouldBe("not-found");

        int Number(string name) => flags.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task Figures_are_of_the_units_that_one_may_watch_and_say_so()
    {
        await using var app = await ExeuntApp.Start(on);
        var ids = await TheCustomers(app);
        await app.Staff(Role.Analyst, unit: "WEST");
        await app.With<AppDb>(async db =>
        {
            (await db.Customers.SingleAsync(c => c.Id == ids[2])).UnitId = await db.Units.Where(u => u.Code == "WEST").Select(u => u.Id).SingleAsync();
            db.Audit(await app.SystemCall(), "test.moved", "customer");
            await db.SaveChangesAsync();
        });
        using var all = await app.Browser(Role.Analyst);
        using var west = await app.Browser(Role.Analyst, unit: "WEST");
        foreach (var path in new[] { "/watch", "/watch/transitions?from=2025-11&to=2026-02", "/watch/indicators", "/watch/indicators/churn_state" })
        {
            (await all.Get(path)).Text.ShouldContain("Figures of all units", customMessage: path);
            (await west.Get(path)).Text.ShouldContain("Figures only of WEST with everything below", customMessage: path);
        }
        using var api = await app.SignIn(Role.Analyst, unit: "WEST");
        var view = await api.Ok(HttpMethod.Get, "/api/indicators/churn_state");
        view.GetProperty("customers").GetInt32().ShouldBe(1);
        view.GetProperty("figures").GetProperty("isAll").GetBoolean().ShouldBeFalse();
        view.GetProperty("figures").GetProperty("codes").EnumerateArray().Select(c => c.GetString()).ShouldBe(["WEST"]);
        // Of one unit that was chosen, also for who sees them all.
        var chosen = await app.With<AppDb, int>(db => db.Units.Where(u => u.Code == "WEST").Select(u => u.Id).SingleAsync());
        (await all.Get($"/watch/indicators/churn_state?unit={chosen}")).Text.ShouldContain("Figures only of WEST with everything below");
    }

    [Fact]
    public async Task Forgets_the_state_of_who_may_not_be_evaluated_any_more()
    {
        await using var app = await ExeuntApp.Start(on);
        var ids = await TheCustomers(app);
        await Evaluate(app);
        await app.With<AppDb>(async db =>
        {
            (await db.Customers.SingleAsync(c => c.Id == ids[2])).ObjectedAt = app.Time.GetUtcNow();
            db.Audit(await app.SystemCall(), "test.objected", "customer");
            await db.SaveChangesAsync();
        });
        await Evaluate(app);
        (await app.With<AppDb, bool>(db => db.ChurnStates.AnyAsync(s => s.CustomerId == ids[2]))).ShouldBeFalse();
        (await States(app, ids)).Count(s => s is not null).ShouldBe(ids.Count - 1);
    }

    [Fact]
    public async Task The_map_counts_who_went_from_where_to_where_and_adds_up()
    {
        await using var app = await ExeuntApp.Start(on);
        await TheCustomers(app);
        var analyst = await app.SignIn(Role.Analyst);
        var map = await analyst.Ok(HttpMethod.Get, "/api/churn-states/transitions?from=2025-11&to=2026-02");
        var flows = map.GetProperty("flows").EnumerateArray().Select(f => (From: f.TryGetProperty("from", out var was) ? was.GetString() : null, To: f.GetProperty("to").GetString(), Customers: f.GetProperty("customers").GetInt32())).ToList();
        flows.ShouldContain(("Active", "Active", 1), customMessage: map.ToString());
        flows.ShouldContain(("Active", "Borderline", 1));
        flows.ShouldContain(("Active", "Churned", 1));
        flows.ShouldContain(("Churned", "Reactivated", 1));
        flows.ShouldContain((null, "New", 1), "who was not there yet");
        flows.Sum(f => f.Customers).ShouldBe(Customers.Length);
        (map.GetProperty("alive").GetInt32(), map.GetProperty("lost").GetInt32(), map.GetProperty("back").GetInt32()).ShouldBe((3, 1, 1));

        (await Code(analyst, "/api/churn-states/transitions?from=2026-02&to=2026-02")).ShouldBe("watch.month");
        (await Code(analyst, "/api/churn-states/transitions?to=2026-03")).ShouldBe("watch.month", "it is not over");
        (await Code(analyst, "/api/churn-states/transitions?from=nonsense")).ShouldBe("watch.month");
        (await Code(analyst, "/api/churn-states/transitions?unit=999999")).ShouldBe("not-found");
        var page = await (await app.Browser(Role.Analyst, language: "zh")).Get("/watch/transitions?from=2025-11&to=2026-02");
        page.Text.ShouldContain("3 位客户中流失 1 位，回流 1 位");
        (await (await app.Browser(Role.Analyst)).Get("/watch/transitions?from=2026-13")).Text.ShouldContain("A month before");
    }

    [Fact]
    public async Task The_list_filters_by_state_shows_the_chosen_columns_and_exports_what_it_shows()
    {
        await using var app = await ExeuntApp.Start(on);
        var ids = await TheCustomers(app);
        await Evaluate(app);
        var browser = await app.Browser(Role.Supervisor);
        var churned = await browser.Get("/customers?state=Churned&col=state&col=silent&col=orders");
        churned.Html.ShouldContain($"/customers/{ids[2]}\"");
        churned.Html.ShouldNotContain($"/customers/{ids[0]}\"");
        churned.All("thead th").ShouldBe(["Name", "State", "Orders, 12 months", "Silent months"]);
        churned.All("tbody td").ShouldBe(["Churned", "4", "3"]);

        var csv = await browser.Get("/customers.csv?state=Churned&col=state,silent");
        var lines = csv.Html.TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(2);
        lines[0].ShouldBe("Internal number,Name,State,Silent months");
        lines[1].ShouldStartWith($"{ids[2]},");
        lines[1].ShouldEndWith(",Churned,3");
    }

    [Fact]
    public async Task Who_pauses_as_agreed_is_not_judged_in_the_list_the_export_and_the_file_either()
    {
        await using var app = await ExeuntApp.Start(on);
        var ids = await TheCustomers(app);
        var today = await app.Today();
        await app.With<AppDb>(async db =>
        {
            // Out of term, in force again, and pausing for these weeks.
            var contract = await db.Contracts.SingleAsync(c => c.CustomerId == ids[2]);
            (contract.State, contract.LastServiceDay) = (Features.Contracts.ContractState.InForce, null);
            db.Add(new Features.Contracts.ContractAmendment
            {
                Id = Guid.CreateVersion7(), ContractId = contract.Id, CaseId = Guid.NewGuid(), OfferId = Guid.NewGuid(), Number = 1, Kind = Core.Offers.OfferKind.Pause, Currency = "CNY",
                From = today.AddDays(-5), Until = today.AddDays(20), Free = true, At = DateTimeOffset.UnixEpoch,
            });
            db.Audit(await app.SystemCall(), "test.paused", $"customer:{ids[2]}");
            await db.SaveChangesAsync();
        });
        await Evaluate(app);
        (await States(app, ids))[2].ShouldBe(ChurnState.Excluded);
        var browser = await app.Browser(Role.Supervisor);
        (await browser.Get("/customers?state=Excluded&col=state")).All("tbody td").ShouldBe(["Excluded"]);
        (await browser.Get("/customers.csv?state=Excluded&col=state")).Html.ShouldContain(",Excluded");
        (await browser.Get($"/customers/{ids[2]}")).Text.ShouldContain("Excluded");

        await app.AdvanceDays(21);
        (await (await app.Browser(Role.Supervisor)).Get($"/customers/{ids[2]}")).Text.ShouldContain("Churned", customMessage: "the pause is over");
    }

    [Fact]
    public async Task The_borderline_list_holds_who_buys_with_gaps_and_the_flag_is_a_filter()
    {
        await using var app = await ExeuntApp.Start(on);
        var ids = await TheCustomers(app);
        // Active, with two silent months apart: 间隔月.
        await SetMonths(app, ids[0], "2025-06 2025-07 2025-08 2025-09 2025-10 2025-12 2026-02");
        await Evaluate(app);
        var browser = await app.Browser(Role.Supervisor);
        var page = await browser.Get("/customers?state=Borderline&col=state&col=intermittent");
        page.All("tbody td").Select(cell => cell.Replace(" ", "", StringComparison.Ordinal)).ShouldBe(["ActiveIntermittent", "Yes", "Borderline", "No"]);
        foreach (var address in new[] { "/customers?intermittent=1", "/customers?state=Intermittent" })
        {
            page = await browser.Get(address);
            page.Html.ShouldContain($"/customers/{ids[0]}\"");
            page.Html.ShouldNotContain($"/customers/{ids[1]}\"");
        }
        var csv = (await browser.Get("/customers.csv?state=Borderline&col=state&col=intermittent")).Html;
        csv.ShouldContain(",Active · Intermittent,Yes");
        csv.ShouldContain(",Borderline,No");

        var analyst = await app.Browser(Role.Analyst);
        page = await analyst.Get("/watch?state=Borderline");
        page.All(".list tbody tr").Count.ShouldBe(2);
        page.Html.ShouldContain($"/customers/{ids[0]}\"");
        page.Html.ShouldContain($"/customers/{ids[1]}\"");
        page = await analyst.Get("/watch?intermittent=1");
        page.Html.ShouldContain($"/customers/{ids[0]}\"");
        page.Html.ShouldNotContain($"/customers/{ids[1]}\"");
        page = await analyst.Get("/watch");
        foreach (var i in new[] { 0, 1, 2 })
            page.Html.ShouldContain($"/customers/{ids[i]}\"");
        page.Html.ShouldNotContain($"/customers/{ids[4]}\"");

        var list = await (await app.SignIn(Role.Analyst)).Ok(HttpMethod.Get, "/api/churn-states?state=borderline");
        list.GetProperty("page").EnumerateArray().Select(c => (c.GetProperty("id").GetInt64(), c.GetProperty("state").GetString(), c.GetProperty("isIntermittent").GetBoolean()))
            .ShouldBe([(ids[0], "Active", true), (ids[1], "Borderline", false)]);
        (list.GetProperty("onBorderlineList").GetInt32(), list.GetProperty("intermittent").GetInt32()).ShouldBe((2, 1));
    }

    [Fact]
    public async Task Business_elsewhere_and_rhythm_stand_on_the_customers_page_and_have_pages_of_their_own()
    {
        await using var app = await ExeuntApp.Start(on);
        var ids = await TheCustomers(app);
        var browser = await app.Browser(Role.Supervisor);
        var page = await browser.Get($"/customers/{ids[1]}");
        page.All(".chip").ShouldContain("Late", "70 days away, usually 31");
        (await browser.Get($"/customers/{ids[2]}")).All(".chip").ShouldContain("Complete");

        var analyst = await app.Browser(Role.Analyst, language: "zh");
        page = await analyst.Get("/watch/indicators/rhythm");
        page.Text.ShouldContain("迟到");
        (await analyst.Get("/watch/indicators/defection")).Text.ShouldContain("完全流失");
        var spread = await (await app.SignIn(Role.Analyst)).Ok(HttpMethod.Get, "/api/indicators/defection");
        spread.GetProperty("spread").GetProperty("known").GetInt32().ShouldBe(1, "of the others no usual spend is known");
    }

    private static async Task<List<long>> TheCustomers(ExeuntApp app)
    {
        var ids = new List<long>();
        foreach (var (months, _) in Customers)
        {
            var contract = await app.AContractInForce();
            await app.With<AppDb>(async db =>
            {
                // In term nobody is judged by months: the contract ended long ago.
                await db.Write(ct => db.Contracts.Where(c => c.CustomerId == contract.CustomerId).ExecuteUpdateAsync(s => s.SetProperty(c => c.State, Features.Contracts.ContractState.Ended)
                    .SetProperty(c => c.StartOn, new DateOnly(2020, 1, 1)).SetProperty(c => c.LastServiceDay, new DateOnly(2020, 2, 1)), ct), default);
            });
            await SetMonths(app, contract.CustomerId, months);
            ids.Add(contract.CustomerId);
        }
        return ids;
    }

    private static Task SetMonths(ExeuntApp app, long id, string months) => app.With<AppDb>(async db =>
    {
        var packed = ActivityMonths.Build([.. months.Split(' ').Select(m => new Fact(FactKind.Order, DateOnly.ParseExact(m + "-05", "yyyy-MM-dd"), 10_000, m))]);
        if (await db.Activity.SingleOrDefaultAsync(a => a.CustomerId == id) is { } row)
            row.Months = packed;
        else
            db.Activity.Add(new Features.Facts.ActivityRow { CustomerId = id, Months = packed });
        db.Audit(await app.SystemCall(), "test.months", "customer");
        await db.SaveChangesAsync();
    });

    private static async Task Evaluate(ExeuntApp app)
    {
        await (await app.SignIn(Role.Analyst)).Ok(HttpMethod.Post, "/api/standards/evaluate", new { });
        await app.Drain();
    }

    private static Task<List<ChurnState?>> States(ExeuntApp app, List<long> ids) => app.With<AppDb, List<ChurnState?>>(async db =>
    {
        var known = await db.ChurnStates.AsNoTracking().Where(s => ids.Contains(s.CustomerId)).ToDictionaryAsync(s => s.CustomerId, s => s.State);
        return ids.ConvertAll(id => known.TryGetValue(id, out var state) ? state : (ChurnState?)null);
    });

    private static Task<List<(long Id, ChurnState? From, ChurnState To)>> Changes(ExeuntApp app, List<long> ids) => app.With<AppDb, List<(long, ChurnState?, ChurnState)>>(async db =>
        [.. (await db.ChurnChanges.AsNoTracking().Where(c => ids.Contains(c.CustomerId)).OrderBy(c => c.CustomerId).ThenBy(c => c.On).ToListAsync()).Select(c => (c.CustomerId, c.From, c.To))]);

    /// <summary>Before and after of each change of a customer's flag or state, oldest first.</summary>
    private static Task<string> Flags(ExeuntApp app, long id) => app.With<AppDb, string>(async db =>
        string.Join(' ', (await db.ChurnChanges.AsNoTracking().Where(c => c.CustomerId == id).OrderBy(c => c.On).ToListAsync()).Select(c => $"{Said(c.WasIntermittent)}:{Said(c.IsIntermittent)}")));

    private static string Said(bool? flag) => flag switch { null => "first", true => "yes", false => "no" };

    private static Task<(DateOnly Since, DateOnly? IntermittentSince)> Row(ExeuntApp app, long id) => app.With<AppDb, (DateOnly, DateOnly?)>(async db =>
    {
        var row = await db.ChurnStates.AsNoTracking().SingleAsync(s => s.CustomerId == id);
        return (row.Since, row.IntermittentSince);
    });

    private static async Task<string> Code(HttpClient client, string path) =>
        JsonDocument.Parse(await (await client.GetAsync(path)).Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString()!;

    public sealed class OnSqlite() : ChurnStatesTests(Database.Sqlite);

    public sealed class OnPostgres(Faults.PostgresServer server) : ChurnStatesTests(Database.Postgres), IClassFixture<Faults.PostgresServer>
    {
        public string? Server => server.Connection;
    }
}
