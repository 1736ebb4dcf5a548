using System.Net.Http.Json;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.ProcessMap;
using Exeunt.App.Features.Units;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Procedures;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.ProcessMap;

/// <summary>The map says of random histories what a plain recount says, to each person of the units they may see.</summary>
public abstract class ProcessMapTests(ExeuntApp app)
{
    private const long Hour = 3_600_000;
    private static readonly string[] Steps = ["", "identity", "talk", "offer", "approve"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Says_of_random_runs_what_a_plain_recount_says(int seed)
    {
        await using var own = await ExeuntApp.Start(app.On);
        var rows = await Planted(own, seed, 600);
        using var all = await own.SignIn(Role.BranchHead);
        using var east = await own.SignIn(Role.BranchHead, "PM-EAST");
        foreach (var (client, query, counts) in new (HttpClient, string, Func<StepTime, bool>)[]
        {
            (all, "", r => r.Month is 0 or >= 202504 and <= 202603),
            (all, "&unit=902", r => r.UnitId is 902 or 903 && r.Month is 0 or >= 202504 and <= 202603),
            (all, "&from=2025-12&until=2026-01", r => r.Month is 0 or 202512 or 202601),
            // Below East there is one office; nobody's cases are everybody's.
            (east, "", r => r.UnitId is null or 902 or 903 && r.Month is 0 or >= 202504 and <= 202603),
            (east, "&unit=903", r => r.UnitId == 903 && r.Month is 0 or >= 202504 and <= 202603),
        })
        {
            var counted = rows.Where(r => r.Procedure == "general-termination" && (r.UnitId is null ? query.Contains("unit") is false : true) && counts(r)).ToList();
            foreach (var chosen in Steps)
            {
                var view = await (await client.GetAsync($"/api/process-map?procedure=general-termination&step={chosen}{query}")).Done();
                foreach (var figures in view.GetProperty("steps").EnumerateArray().Append(view.GetProperty("whole")))
                    Plain(figures).ShouldBe(Recount(counted.Where(r => r.Step == figures.GetProperty("step").GetString()).ToList(), own.Time.GetUtcNow()), $"{query} {figures.GetProperty("step")}");
                var done = counted.Where(r => r.Step == chosen && r.How == StepEnd.Done).ToList();
                Parts(view.GetProperty("months")).ShouldBe([.. done.GroupBy(r => r.Month).OrderBy(g => g.Key).Select(g => ($"{g.Key / 100}-{g.Key % 100:D2}", g.Count(), Rank(g, 0.5m), Rank(g, 0.9m), g.Count(r => r.Late)))], $"months {query} {chosen}");
                Parts(view.GetProperty("byUnit")).ShouldBe([.. done.Where(r => r.UnitId != null).GroupBy(r => r.UnitId).Select(g => ($"{g.Key}", g.Count(), Rank(g, 0.5m), Rank(g, 0.9m), g.Count(r => r.Late)))], ignoreOrder: true, $"units {query} {chosen}");
            }
        }
    }

    [Fact]
    public async Task Names_the_slow_steps_with_why_and_leads_to_the_longest_cases()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var ids = new List<Guid>();
        for (var i = 0; i < 3; i++)
            ids.Add((await own.AProvenCase(await own.AContractInForce())).Id);
        await own.With<AppDb>(async db =>
        {
            foreach (var (id, days) in ids.Select((id, i) => (id, i + 1)))
                db.StepTimes.AddRange(Ended(id, "talk", 202603, 30 * Hour * days, late: days > 1), Ended(id, "settle", 202603, 1000, system: true));
            for (var i = 0; i < 4; i++)
                db.StepTimes.Add(Ended(ids[0], "talk", 202603, Hour, late: false));
            db.Audit(await own.SystemCall(), "test.times", "cases");
            await db.SaveChangesAsync();
        });
        using var agent = await own.Browser(Role.Agent);
        var page = await agent.Get("/cases/process-map?step=talk");
        page.Text.ShouldContain("29% of its ends came after the due time (2 of 7).");
        var longest = await own.Case(ids[2]);
        page.Text.ShouldContain(longest.Number);
        page.Text.ShouldContain("3.8 days");
        page.Find<AngleSharp.Dom.IElement>("g.slow").ShouldNotBeNull();
        (await agent.Get("/cases")).Find<AngleSharp.Dom.IElement>("a[href='/cases/process-map']").ShouldNotBeNull();

        var file = await agent.Get("/cases/process-map.csv?procedure=general-termination");
        file.Status.ShouldBe(200);
        file.Text.ShouldContain("talk,Talk,7,");
    }

    [Theory]
    [InlineData("from=2026-13", "process-map.months")]
    [InlineData("from=2026-03&until=2026-02", "process-map.months")]
    [InlineData("from=2020-01&until=2026-02", "process-map.months")]
    [InlineData("from=0001-01&until=0001-02", "process-map.months")]
    [InlineData("procedure=nothing", "process-map.procedure")]
    [InlineData("unit=12345", "process-map.unit")]
    [InlineData("step=nothing", "process-map.step")]
    public async Task What_cannot_be_shown_is_refused_with_what_to_mend(string query, string code)
    {
        await app.AProvenCase(await app.AContractInForce());
        using var head = await app.SignIn(Role.BranchHead);
        (await (await head.GetAsync("/api/process-map?" + query)).Refusal()).ShouldBe(code);
        using var browser = await app.Browser(Role.BranchHead);
        var page = await browser.Get("/cases/process-map?" + query);
        page.Status.ShouldBe(422);
        page.Find<AngleSharp.Dom.IElement>(".notice.bad").ShouldNotBeNull();
    }

    [Fact]
    public async Task A_unit_of_others_is_not_there_for_somebody_of_another()
    {
        await using var own = await ExeuntApp.Start(app.On);
        await Planted(own, 3, 10);
        using var west = await own.SignIn(Role.Supervisor, "PM-WEST");
        (await (await west.GetAsync("/api/process-map?unit=902")).Refusal()).ShouldBe("process-map.unit");
        (await (await west.GetAsync("/api/process-map?unit=904")).Done()).GetProperty("units").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Before_the_first_case_the_page_says_that_nothing_need_be_set_up()
    {
        await using var own = await ExeuntApp.Start(app.On);
        using var agent = await own.Browser(Role.Agent, language: "zh");
        (await agent.Get("/cases/process-map")).Text.ShouldContain("暂无案件");
    }

    // ---- the plain recount ----------------------------------------------------------------------------------------------------------

    private static object Plain(JsonElement f)
    {
        long? Time(string name) => f.TryGetProperty(name, out var number) ? number.GetInt64() : null;
        int Count(string name) => f.GetProperty(name).GetInt32();
        var waited = f.GetProperty("waited");
        return (Count("done"), Count("skipped"), Count("cutShort"), Time("median"), Time("ninety"),
            (waited.GetProperty("customer").GetInt64(), waited.GetProperty("staff").GetInt64(), waited.GetProperty("system").GetInt64(), waited.GetProperty("date").GetInt64(), waited.GetProperty("stopped").GetInt64()),
            Count("withDue"), Count("late"), Count("escalated"), Count("running"), Count("overdue"));
    }

    private static object Recount(List<StepTime> rows, DateTimeOffset now)
    {
        var done = rows.Where(r => r.How == StepEnd.Done).ToList();
        var open = rows.Where(r => r.How == StepEnd.Running).ToList();
        return (done.Count, rows.Count(r => r.How == StepEnd.Skipped), rows.Count(r => r.How == StepEnd.CutShort), done.Count == 0 ? (long?)null : Rank(done, 0.5m), done.Count == 0 ? (long?)null : Rank(done, 0.9m),
            (done.Sum(r => r.ForCustomer), done.Sum(r => r.ForStaff), done.Sum(r => r.ForSystem), done.Sum(r => r.ForDate), done.Sum(r => r.Stopped)),
            done.Count(r => r.DueAt != null), done.Count(r => r.Late), rows.Where(r => r.How != StepEnd.Running).Sum(r => r.Escalated), open.Count, open.Count(r => r.DueAt < now));
    }

    /// <summary>The least time within which at least this part of the runs was done.</summary>
    private static long Rank(IEnumerable<StepTime> rows, decimal part)
    {
        var sorted = rows.Select(r => r.Elapsed).Order().ToList();
        return sorted[(int)Math.Ceiling(part * sorted.Count) - 1];
    }

    private static List<(string, int, long, long, int)> Parts(JsonElement parts) =>
        [.. parts.EnumerateArray().Select(p => (p.GetProperty("key").GetString()!, p.GetProperty("done").GetInt32(), p.GetProperty("median").GetInt64(), p.GetProperty("ninety").GetInt64(), p.GetProperty("late").GetInt32()))];

    // ---- what is planted --------------------------------------------------------------------------------------------------------------

    private static StepTime Ended(Guid id, string step, int month, long elapsed, bool late = false, bool system = false)
    {
        var start = new DateTimeOffset(2026, 3, 2, 1, 0, 0, TimeSpan.Zero);
        return new StepTime
        {
            CaseId = id, Procedure = "general-termination", Step = step, UnitId = 1, Month = month, StartedAt = start, EndedAt = start.AddMilliseconds(elapsed), DueAt = system ? null : start.AddHours(20),
            How = StepEnd.Done, Late = late, Elapsed = elapsed, ForStaff = system ? 0 : elapsed, ForSystem = system ? elapsed : 0,
        };
    }

    /// <summary>Units 901 (head) → 902 (East) → 903, and 904 (West); and runs of two procedures in eighteen months, open ones among them.</summary>
    private static async Task<List<StepTime>> Planted(ExeuntApp own, int seed, int count)
    {
        var random = new Random(seed);
        var rows = new List<StepTime>();
        await own.With<AppDb>(async db =>
        {
            if (!await db.Units.AnyAsync(u => u.Path == "1."))
                db.Units.Add(new Unit { Id = 1, Path = "1.", Code = "HQ", Chinese = "总部", English = "Head office", Kind = UnitKind.Headquarters });
            db.Units.AddRange(
                new Unit { Id = 902, ParentId = 1, Path = "1.902.", Code = "PM-EAST", Chinese = "华东", English = "East", Kind = UnitKind.Subsidiary },
                new Unit { Id = 903, ParentId = 902, Path = "1.902.903.", Code = "PM-EAST-1", Chinese = "上海", English = "Shanghai", Kind = UnitKind.Office },
                new Unit { Id = 904, ParentId = 1, Path = "1.904.", Code = "PM-WEST", Chinese = "华西", English = "West", Kind = UnitKind.Subsidiary });
            for (var i = 0; i < count; i++)
            {
                var how = random.Next(10) switch { 0 => StepEnd.Skipped, 1 => StepEnd.CutShort, 2 => StepEnd.Running, _ => StepEnd.Done };
                var ended = new DateTimeOffset(2026, 3, 15, 3, 0, 0, TimeSpan.Zero).AddDays(-random.Next(540));
                // Few different lengths, so that many are equal and the ranks lie within ties.
                var elapsed = random.Next(12) * Hour;
                var split = new[] { random.NextInt64(elapsed + 1), random.NextInt64(elapsed + 1) }.Order().ToArray();
                var due = random.Next(3) == 0 ? (DateTimeOffset?)null : ended.AddHours(random.Next(-5, 5));
                var step = Steps[random.Next(Steps.Length)];
                rows.Add(new StepTime
                {
                    CaseId = Guid.NewGuid(), Procedure = random.Next(4) == 0 ? "general-offboarding" : "general-termination", Step = how is StepEnd.Running && step.Length == 0 ? "talk" : step,
                    UnitId = new int?[] { null, 1, 902, 903, 904 }[random.Next(5)], StartedAt = ended.AddMilliseconds(-elapsed), How = how, DueAt = due,
                    EndedAt = how == StepEnd.Running ? null : ended, Month = how == StepEnd.Running ? 0 : StepTime.MonthOf(ended),
                    Late = how != StepEnd.Running && due is { } at && ended > at, Escalated = how == StepEnd.Running ? 0 : random.Next(3), Elapsed = how == StepEnd.Running ? 0 : elapsed,
                    ForCustomer = how == StepEnd.Running ? 0 : split[0], ForStaff = how == StepEnd.Running ? 0 : split[1] - split[0], ForDate = how == StepEnd.Running ? 0 : elapsed - split[1],
                });
            }
            db.StepTimes.AddRange(rows);
            db.Audit(await own.SystemCall(), "test.times", "cases");
            await db.SaveChangesAsync();
        });
        return rows;
    }

    public sealed class OnSqlite(SqliteApp app) : ProcessMapTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : ProcessMapTests(app), IClassFixture<PostgresApp>;
}
