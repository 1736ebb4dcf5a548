using System.Diagnostics;
using System.Globalization;
using Exeunt.App;
using Exeunt.App.Data;
using Exeunt.App.Features.Evaluate;
using Exeunt.Core.Activity;
using Exeunt.Core.Churn;
using Exeunt.Core.Standards;
using Microsoft.EntityFrameworkCore;
using NpgsqlTypes;

namespace Exeunt.Bench;

/// <summary>
/// Everybody evaluated: orders, spend, return rate, silent months and churn state of every customer, with twenty facts each, from the
/// database and from memory, against the same as one statement over the facts. Both must count the same orders and spend.
/// <c>--customers 100000,1000000</c> names other sizes.
/// </summary>
internal static class EvaluateBench
{
    private const int FactsEach = 20;
    private const int BackTestMonths = 24;
    private static readonly DateOnly AsOf = new(2026, 3, 1);
    private static int[] _sizes = [100_000, 1_000_000];

    /// <summary>Takes <c>--customers</c> from the arguments.</summary>
    public static string[] TakeOptions(string[] args)
    {
        var at = Array.IndexOf(args, "--customers");
        if (at < 0 || at + 1 >= args.Length)
            return args;
        var sizes = args[at + 1].Split(',').Select(s => int.TryParse(s, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is > 0 and <= 10_000_000 ? n : 0).ToArray();
        if (sizes.Contains(0))
            return args;
        _sizes = sizes;
        return [.. args[..at], .. args[(at + 2)..]];
    }

    public static async Task<IReadOnlyList<Row>> Run()
    {
        var rows = new List<Row>();
        foreach (var size in _sizes)
            rows.AddRange(await OnBoth.Run((name, options, _) => Run(name, options, size)));
        return rows;
    }

    /// <summary>Two comparisons, a year of history at least, two months of grace.</summary>
    private static readonly Standard Tried = StandardDocument.Read(
        """
        {"id":"bench","version":1,"name":{"english":"Returns much","chinese":"退货多"},"purpose":"ChurnWatch","action":"Review","grace":{"list":2,"drop":2},
        "when":{"kind":"and","of":[{"kind":"compare","indicator":"return_rate_12m","is":">=","value":"15%"},{"kind":"compare","indicator":"orders_12m","is":">=","value":5},
        {"kind":"compare","indicator":"spend_12m","is":"<","value":"5000.00 CNY"}]}}
        """).Standard!;

    private readonly record struct Sums(long Listed, long Orders, long Spend, long Silent, long Churned);

    private static async Task<IReadOnlyList<Row>> Run(string name, HostOptions options, int customers)
    {
        await using var storage = await Storage.Open(options, CancellationToken.None);
        await Fill(storage, customers);
        var label = $"{name}, {customers / 1_000_000.0:0.#} M customers, {customers * (long)FactsEach / 1_000_000.0:0.#} M facts";

        var watch = Stopwatch.StartNew();
        var all = await LoadBase.Run(storage, withLines: false, CancellationToken.None);
        var ours = Evaluate(all, AsOf, 1);
        var fromDatabase = watch.Elapsed.TotalSeconds;
        var fromMemory = Enumerable.Range(0, 5).Select(_ => Timed(() => Evaluate(all, AsOf, 1))).Min();
        var months = Enumerable.Range(0, 3).Select(_ => Timed(() => Evaluate(all, AsOf, BackTestMonths))).Min();
        // As the product replays a standard: all figures of its report, without and with the curve over a threshold.
        BacktestReport? report = null;
        double Replay(int? threshold) =>
            Enumerable.Range(0, 3).Select(_ => Timed(() => report = Backtest.Run<BaseReader, CustomerValues>(
                all.Count, Month.Of(AsOf), () => new BaseReader(all, new Dictionary<int, Standing>()), new CompiledStandard(Tried, _ => []),
                new BacktestRequest(Month.Of(AsOf) - (BackTestMonths - 1), Month.Of(AsOf), Threshold: threshold)))).Min();
        var (backTest, curve) = (Replay(-1), Replay(null));
        if (report is not { Listed: > 0, Curve: not null })
            throw new InvalidOperationException("The back-test lists nobody.");
        // What reading and evaluating took at its peak, garbage included.
        var peak = GC.GetGCMemoryInfo(GCKind.Any).HeapSizeBytes;
        watch.Restart();
        var theirs = await Statement(storage);
        var statement = watch.Elapsed.TotalSeconds;
        if (ours != theirs)
            throw new InvalidOperationException($"The statement counts differently: {ours} and {theirs}");
        // A target holds for a million customers; for others it grows with them.
        var scale = customers / 1_000_000.0;
        return
        [
            new($"{label}: all read and evaluated", fromDatabase, "s", "one statement over the facts", statement),
            new($"{label}: all read and evaluated", fromDatabase, "s", "target: at most", 5 * scale),
            new($"{label}: evaluated from memory", fromMemory, "s", "target: at most", 0.3 * scale),
            new($"{label}: {BackTestMonths} months evaluated from memory", months, "s"),
            new($"{label}: back-test of {BackTestMonths} months once loaded", backTest, "s", "target: at most", 2 * scale),
            new($"{label}: the same with the curve of {Backtest.CurvePoints} thresholds", curve, "s"),
            new($"{label}: the base in memory", all.Size / 1048576.0, "MiB"),
            new($"{label}: heap of the process", peak / 1048576.0, "MiB", "target: at most", 1_536 * Math.Max(1, scale)),
        ];
    }

    private static double Timed(Action work)
    {
        var watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed.TotalSeconds;
    }

    /// <summary>Everybody as of a date and of the months before it; the sums are those of the date alone.</summary>
    private static Sums Evaluate(CustomerBase all, DateOnly asOf, int months)
    {
        var parts = all.Parts(Environment.ProcessorCount);
        var sums = new Sums[parts.Count];
        Parallel.For(0, parts.Count, part =>
        {
            var scratch = new HistoryScratch();
            var (listed, orders, spend, silent, churned, rates) = (0L, 0L, 0L, 0L, 0L, 0L);
            for (var i = parts[part].From; i < parts[part].Until; i++)
            {
                var history = all.Open(i, scratch);
                for (var back = 1; back < months; back++)
                {
                    var earlier = history.At(asOf.AddMonths(-back));
                    rates = unchecked(rates + earlier[Indicator.ChurnState] + earlier[Indicator.Orders12m] + earlier[Indicator.Spend12m] + earlier[Indicator.ReturnRate12m] + earlier[Indicator.MonthsSilent]);
                }
                var values = history.At(asOf);
                var state = values[Indicator.ChurnState];
                if (state == IIndicatorValues.Unknown)
                    continue;
                listed++;
                orders += values[Indicator.Orders12m];
                spend += values[Indicator.Spend12m];
                rates = unchecked(rates + values[Indicator.ReturnRate12m]);
                silent += values[Indicator.MonthsSilent] is var quiet and not IIndicatorValues.Unknown ? quiet : 0;
                churned += state == (long)ChurnState.Churned ? 1 : 0;
            }
            GC.KeepAlive(rates);
            sums[part] = new Sums(listed, orders, spend, silent, churned);
        });
        return sums.Aggregate(default(Sums), (a, b) => new(a.Listed + b.Listed, a.Orders + b.Orders, a.Spend + b.Spend, a.Silent + b.Silent, a.Churned + b.Churned));
    }

    /// <summary>
    /// The same by hand: days to months (proleptic Gregorian, by whole numbers), months per customer, then what the months say. Under two
    /// years of history nobody is seasonal, so the state needs no more than this.
    /// </summary>
    private static async Task<Sums> Statement(Storage storage)
    {
        var open = Month.Of(AsOf);
        var sql =
            $"""
            WITH d AS (SELECT customer_id, kind, amount, document, ("on" + 306) / 146097 AS era, ("on" + 306) % 146097 AS doe FROM facts WHERE "on" < {AsOf.DayNumber}),
            y AS (SELECT customer_id, kind, amount, document, era, doe, (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365 AS yoe FROM d),
            m AS (SELECT customer_id, kind, amount, document, (era * 400 + yoe) * 12 + (5 * (doe - (365 * yoe + yoe / 4 - yoe / 100)) + 2) / 153 + 2 AS month FROM y),
            months AS (SELECT customer_id, month, SUM(CASE WHEN kind = 0 THEN amount ELSE 0 END) AS ordered, SUM(CASE WHEN kind = 1 THEN -amount ELSE 0 END) AS returned,
                SUM(amount) AS net, COUNT(DISTINCT CASE WHEN kind = 0 THEN document END) AS orders FROM m GROUP BY customer_id, month),
            c AS (SELECT customer_id, SUM(CASE WHEN month >= {open.Index - 12} THEN orders ELSE 0 END) AS orders, SUM(CASE WHEN month >= {open.Index - 12} THEN net ELSE 0 END) AS spend,
                SUM(CASE WHEN month >= {open.Index - 12} THEN ordered ELSE 0 END) AS ordered, SUM(CASE WHEN month >= {open.Index - 12} THEN returned ELSE 0 END) AS returned,
                MIN(CASE WHEN ordered > returned THEN month END) AS first_active, MAX(CASE WHEN ordered > returned THEN month END) AS last_active,
                MAX(CASE WHEN ordered > returned AND month < {open.Index - 1} THEN month END) AS active_before FROM months GROUP BY customer_id),
            s AS (SELECT orders, spend, CASE WHEN ordered > 0 THEN 1.0 * returned / ordered END AS rate, {open.Index - 1} - last_active AS silent,
                CASE WHEN last_active IS NULL THEN 'prospect' WHEN last_active <= {open.Index - 4} THEN 'churned'
                    WHEN last_active = {open.Index - 1} AND first_active < {open.Index - 4} AND active_before <= {open.Index - 5} THEN 'reactivated'
                    WHEN first_active > {open.Index - 4} THEN 'new' WHEN last_active < {open.Index - 1} THEN 'borderline' ELSE 'active' END AS state FROM c)
            SELECT COUNT(*), CAST(SUM(orders) AS BIGINT), CAST(SUM(spend) AS BIGINT), CAST(SUM(silent) AS BIGINT), CAST(SUM(CASE WHEN state = 'churned' THEN 1 ELSE 0 END) AS BIGINT), AVG(rate) FROM s
            """;
        await using var db = storage.NewAppDb();
        await db.Database.OpenConnectionAsync();
        await using var command = db.Database.GetDbConnection().CreateCommand();
#pragma warning disable CA2100 // Numbers of ours.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.CommandTimeout = 0;
        await using var rows = await command.ExecuteReaderAsync();
        await rows.ReadAsync();
        return new Sums(rows.GetInt64(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3), rows.GetInt64(4));
    }

    /// <summary>Customers with twenty facts in about ten months of the last 23; one fact in twelve is a return.</summary>
    private static async Task Fill(Storage storage, int customers)
    {
        const int batch = 10_000;
        await using (var db = storage.NewAppDb())
        {
            if (!await db.Units.AnyAsync())
            {
                db.Units.Add(new App.Features.Units.Unit { Id = 1, Path = "1.", Kind = App.Features.Units.UnitKind.Headquarters, Code = "HQ", Chinese = "总部", English = "Headquarters" });
                db.Audit(new App.Platform.Call(Exeunt.Core.Actor.System, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch), "bench.unit", "unit:1");
                await db.SaveChangesAsync();
            }
        }
        BulkColumn[] columns =
        [
            new("id", NpgsqlDbType.Bigint), new("source", NpgsqlDbType.Varchar), new("unit_id", NpgsqlDbType.Integer), new("kind", NpgsqlDbType.Varchar), new("tier", NpgsqlDbType.Varchar),
            new("organisation_name", NpgsqlDbType.Varchar), new("language", NpgsqlDbType.Varchar), new("currency", NpgsqlDbType.Varchar), new("version", NpgsqlDbType.Integer),
        ];
        var random = new Random(20);
        var facts = new BulkFact[batch * FactsEach];
        await using var bulk = await Bulk.Alone(storage, CancellationToken.None);
        for (var first = 1; first <= customers; first += batch)
        {
            var count = Math.Min(batch, customers - first + 1);
            await bulk.Insert("customers", columns, [.. Enumerable.Range(first, count).Select(id => (object?[])
                [(long)id, "bench", 1, "Organisation", "Normal", $"Company {id}", "en", "CNY", 0])], CancellationToken.None);
            var n = 0;
            for (var id = first; id < first + count; id++)
            {
                var start = random.Next(1, 24);
                for (var i = 0; i < FactsEach; i++)
                {
                    var month = start - random.Next(0, Math.Min(start, 12));
                    var day = AsOf.AddMonths(-month).AddDays(random.Next(28));
                    var isReturn = random.Next(12) == 0;
                    facts[n++] = new BulkFact(id, random.NextInt64(1, long.MaxValue), i, isReturn ? -random.Next(100, 9_000) : random.Next(1_000, 90_000), day.DayNumber, isReturn ? FactKind.Return : FactKind.Order);
                }
            }
            await bulk.InsertFacts(facts.AsMemory(0, n), CancellationToken.None);
        }
        if (storage.Options.Database is not null)
            await using (var db = storage.NewAppDb())
                await db.Database.ExecuteSqlRawAsync("ANALYZE facts; ANALYZE activity; ANALYZE customers");
    }
}
