using System.Diagnostics;
using Exeunt.App;
using Exeunt.App.Data;
using Exeunt.App.Features.ProcessMap;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Exeunt.Bench;

/// <summary>
/// The process map of a hundred thousand cases that closed within a year, against the one statement that a hand would write for its table: sums
/// and ranks by step.
/// </summary>
internal static class ProcessMapBench
{
    private const int Cases = 100_000, Batch = 5_000, Runs = 7;

    public static Task<IReadOnlyList<Row>> Run() => OnBoth.Run(Run);

    private static async Task<IReadOnlyList<Row>> Run(string name, HostOptions options, string folder)
    {
        await using var host = await ExeuntHost.Build(options, TimeProvider.System, CancellationToken.None);
        await host.StartAsync();
        string[] steps = ["", .. GeneralProcedures.Termination.Steps.Select(s => s.Id)];
        var now = TimeProvider.System.GetUtcNow();
        await using (var scope = host.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<AppDb>();
            for (var first = 1; first <= Cases; first += Batch)
            {
                var from = first;
                await db.Write(ct => db.Database.ExecuteSqlRawAsync(Fill(options.Database is not null, steps, now, from), ct), CancellationToken.None);
            }
            await db.Write(ct => db.Database.ExecuteSqlRawAsync("ANALYZE", ct), CancellationToken.None);
        }
        var map = await Median(host.Services, async scope =>
        {
            var outcome = await scope.GetRequiredService<ShowProcessMap>().Run(new Call(Actor.System, now, now), new("general-termination"), CancellationToken.None);
            if (outcome.Value.Whole.Done < Cases * 9 / 10)
                throw new InvalidOperationException($"The map shows {outcome.Value.Whole.Done} cases.");
        });
        var since = StepTime.MonthOf(now.AddDays(-335));
        var hand = await Median(host.Services, async scope => await scope.GetRequiredService<AppDb>().Database.SqlQuery<int>($"""
            SELECT COUNT(*) AS "Value" FROM (
              SELECT r.step, COUNT(*), SUM(r.for_customer), SUM(r.for_staff), SUM(r.for_system), SUM(r.for_date), SUM(r.stopped),
                MIN(CASE WHEN r.place * 2 >= r.runs THEN r.elapsed END), MIN(CASE WHEN r.place * 10 >= r.runs * 9 THEN r.elapsed END)
              FROM (SELECT t.*, ROW_NUMBER() OVER (PARTITION BY t.step ORDER BY t.elapsed) AS place, COUNT(*) OVER (PARTITION BY t.step) AS runs
                    FROM step_times t WHERE t.procedure = 'general-termination' AND t.month >= {since} AND t.how = 'Done') r GROUP BY r.step) q
            """).ToListAsync());
        await host.StopAsync();
        return [new($"{name}: process map of {Cases:N0} cases, {Cases * steps.Length:N0} step times, p50 of {Runs}", map, "s", "one statement for the table alone", hand)];
    }

    private static async Task<double> Median(IServiceProvider services, Func<IServiceProvider, Task> what)
    {
        var times = new List<double>();
        for (var i = 0; i <= Runs; i++)
        {
            await using var scope = services.CreateAsyncScope();
            var watch = Stopwatch.StartNew();
            await what(scope.ServiceProvider);
            // The first is for warming up.
            if (i > 0)
                times.Add(watch.Elapsed.TotalSeconds);
        }
        return times.Order().ElementAt(Runs / 2);
    }

    /// <summary>One row for each case of a batch and step, ended on days of the last 330, by a reckoning that looks random.</summary>
    private static string Fill(bool postgres, string[] steps, DateTimeOffset now, int first)
    {
        var last = first + Batch - 1;
        var names = string.Join(", ", steps.Select((s, i) => $"({i}, '{s}')"));
        var numbers = postgres ? $"numbers(i) AS (SELECT generate_series({first}, {last}))" : $"numbers(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM numbers WHERE i < {last})";
        var (id, ended) = (postgres ? "gen_random_uuid()" : "randomblob(16)", $"({now.ToUnixTimeMilliseconds()} - CAST(i % 330 AS BIGINT) * 86400000)");
        var month = postgres ? $"CAST(to_char(to_timestamp({ended} / 1000), 'YYYYMM') AS INTEGER)" : $"CAST(strftime('%Y%m', {ended} / 1000, 'unixepoch') AS INTEGER)";
        var (elapsed, no) = ("((CAST(i AS BIGINT) * 7919 + k * 104729) % 1209600) * 1000", postgres ? "FALSE" : "0");
        return $"""
            WITH RECURSIVE {numbers}, steps(k, step) AS (VALUES {names})
            INSERT INTO step_times (case_id, procedure, step, unit_id, month, started_at, ended_at, due_at, how, late, escalated, elapsed, for_customer, for_staff, for_system, for_date, stopped)
            SELECT {id}, 'general-termination', step, 1 + i % 40, {month}, {ended} - {elapsed}, {ended}, {ended}, 'Done', {no}, 0, {elapsed}, 0, {elapsed}, 0, 0, 0 FROM numbers CROSS JOIN steps
            """;
    }
}
