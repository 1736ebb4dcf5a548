using System.Globalization;
using Exeunt.Core.Activity;
using Exeunt.Core.Churn;
using Exeunt.Core.Standards;
using Exeunt.Core.Tests.Activity;
using Exeunt.Core.Tests.Churn;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Standards;

public sealed class BacktestTests
{
    private static readonly string[] Texts =
    [
        "spend_12m < 500 GBP and (return_rate_12m > 10% or not orders_12m >= 3)",
        "months_silent >= 2 months",
        "not (orders_12m > 2 or churn_state = active)",
        "spend_12m < 100 CNY or churn_state != churned and intermittent",
        "return_rate_12m >= 5%",
    ];

    [Fact]
    public void Random_histories_replay_as_the_plain_version_does() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll(
            (from people in Histories.Rows.ListOf(12)
             from text in Gen.Elements(Texts)
             from other in Gen.Elements(Texts)
             from list in Gen.Choose(1, 4)
             from drop in Gen.Choose(1, 4)
             from start in Gen.Choose(0, 40)
             from months in Gen.Choose(1, 14)
             from end in Gen.Choose(30, 60)
             select (people, text, other, list, drop, start, months, end)).ToArbitrary(), t =>
        {
            var standard = Standards.Plain(t.text) with { Grace = new(t.list, t.drop) };
            var against = Standards.Plain(t.other) with { Grace = new(t.drop) };
            var first = Month.Of(new DateOnly(2008, 1, 1));
            Same([.. t.people.Select(p => (IReadOnlyList<PlainRow>)p)], standard, against, first + t.start, first + t.start + t.months, first + t.end);
        }));

    [SharedDataFact("online_retail_invoices.csv")]
    public void The_retail_file_replays_as_the_plain_version_does()
    {
        var rows = EvaluationOfRealDataTests.Retail().Values.Select(r => (IReadOnlyList<PlainRow>)r).ToList();
        var standard = Standards.Plain("spend_12m < 500 GBP and (return_rate_12m > 30 % or not orders_12m >= 2)") with { Grace = new(2, 2) };

        var report = Same(rows, standard, Standards.Plain("churn_state = churned"), new(2010 * 12 + 11), new(2011 * 12 + 11), Month.Of(new DateOnly(2011, 12, 9)));

        report.Months.Count.ShouldBe(13);
        report.Months[0].Month.ShouldBe("2010-12");
        report.Months[^1].Month.ShouldBe("2011-12");
        report.Listed.ShouldBeGreaterThan(100);
        report.After3.FalseAlarms.ShouldBeGreaterThan(0);
        report.Months[^1].After3.Known.ShouldBe(0);
    }

    /// <summary>Replays fast and plainly and compares every figure.</summary>
    private static BacktestReport Same(IReadOnlyList<IReadOnlyList<PlainRow>> people, Standard standard, Standard against, Month from, Month to, Month open)
    {
        var readers = people.Select(p => ActivityMonths.Build(Histories.Facts(p))).ToArray();
        CompiledStandard compiled = new(standard, _ => []), other = new(against, _ => []);
        var report = Backtest.Run<Reader, Fast>(people.Count, open, () => new Reader(readers), compiled, new(from, to, other));
        AddsUp(readers, report, open, compiled, new(from, to, other));
        var mine = people.Select(p => Plainly(p, standard, from, to)).ToList();
        var theirs = people.Select(p => Plainly(p, against, from, to)).ToList();

        for (var m = 0; m <= to - from; m++)
        {
            var month = report.Months[m];
            var (i, asOf) = (m, (from + m).FirstDay);
            var fresh = Enumerable.Range(0, people.Count).Where(c => mine[c][i].Listed && (i == 0 || !mine[c][i - 1].Listed)).ToList();
            month.Beyond.ShouldBe(from + m > open);
            month.Month.ShouldBe(asOf.ToString("yyyy-MM", CultureInfo.InvariantCulture));
            month.Evaluated.ShouldBe(mine.Count(c => c[i].Known));
            month.Listed.ShouldBe(mine.Count(c => c[i].Listed));
            month.New.ShouldBe(fresh.Count);
            month.Dropped.ShouldBe(i == 0 ? 0 : mine.Count(c => c[i - 1].Listed && !c[i].Listed));
            month.ListedAgainst.ShouldBe(theirs.Count(c => c[i].Listed));
            month.Both.ShouldBe(mine.Zip(theirs).Count(c => c.First[i].Listed && c.Second[i].Listed));
            var revenue = mine.Where(c => c[i].Listed).Sum(c => c[i].Spend);
            month.Revenue.Sum(r => r.Minor).ShouldBe((long)(revenue * 100));
            foreach (var (after, follow) in new[] { (3, month.After3), (6, month.After6) })
            {
                var over = asOf.AddMonths(after) <= open.FirstDay;
                follow.Known.ShouldBe(over ? fresh.Count : 0);
                follow.FalseAlarms.ShouldBe(over ? fresh.Count(c => Enumerable.Range(0, after).Any(k => PlainChurnMonths.IsActive(people[c], asOf.AddMonths(k)))) : 0);
            }
        }
        // Months after the one in which the data ends count in no total.
        var within = Math.Clamp(open - from + 1, 0, to - from + 1);
        report.Listed.ShouldBe(mine.Count(c => c.Take(within).Any(m => m.Listed)));
        report.Evaluated.ShouldBe(mine.Count(c => c.Take(within).Any(m => m.Known)));
        report.Both.ShouldBe(mine.Zip(theirs).Count(c => Enumerable.Range(0, within).Any(m => c.First[m].Listed && c.Second[m].Listed)));
        report.Listings.ShouldBe(report.Months.Where(m => !m.Beyond).Sum(m => m.New));
        report.After6.FalseAlarms.ShouldBe(report.Months.Sum(m => m.After6.FalseAlarms));
        foreach (var by in report.Segments.GroupBy(s => s.By))
            (by.Sum(s => s.Evaluated), by.Sum(s => s.Listed), by.Sum(s => s.After3.Known)).ShouldBe((report.Evaluated, report.Listed, report.After3.Known));

        // The point of the curve that is the standard itself has its figures, and a point is a back-test of its own.
        var own = report.Curve!.Points.Single(p => p.Threshold == report.Curve.Threshold);
        (own.Listed, own.After3, own.After6).ShouldBe((report.Listed, report.After3, report.After6));
        var point = report.Curve.Points[report.Curve.Points.Count / 3];
        var varied = standard with { When = standard.When.With(report.Curve.Comparison, Threshold.From(IndicatorDefinition.Find(report.Curve.Indicator)!, point.Steps, "GBP")) };
        if (report.Curve.Threshold.EndsWith("CNY", StringComparison.Ordinal))
            return report;
        var alone = Backtest.Run<Reader, Fast>(people.Count, open, () => new Reader(readers), new(varied, _ => []), new(from, to, Threshold: -1));
        (alone.Listed, alone.After6, alone.Curve).ShouldBe((point.Listed, point.After6, null));
        BacktestReport.Read(report.ToJson()).ToJson().ShouldBe(report.ToJson());
        return report;
    }

    /// <summary>The counts of all units add up to the report, and those of one are a replay of its customers alone.</summary>
    private static void AddsUp(byte[][] readers, BacktestReport report, Month open, CompiledStandard standard, BacktestRequest request)
    {
        var (all, units) = Backtest.RunByUnit<Reader, Fast>(readers.Length, open, () => new Reader(readers), standard, request);
        all.ToJson().ShouldBe(report.ToJson());
        units.Sum(u => u.Customers).ShouldBe(readers.Length);
        BacktestCounts.Report(all, units).ToJson().ShouldBe(report.ToJson());
        foreach (var unit in units)
        {
            var own = readers.Where(r => r.Length % 3 == unit.Unit).ToArray();
            var alone = Backtest.Run<Reader, Fast>(own.Length, open, () => new Reader(own), standard, request);
            BacktestCounts.Report(all, [BacktestCounts.Read(unit.ToJson())]).ToJson().ShouldBe(alone.ToJson());
        }
        BacktestCounts.Report(all, []).Evaluated.ShouldBe(0);
    }

    private sealed record Plain(bool Known, bool Listed, decimal Spend);

    /// <summary>One customer, month by month, from the definition.</summary>
    private static List<Plain> Plainly(IReadOnlyList<PlainRow> rows, Standard standard, Month from, Month to)
    {
        var result = new List<Plain>();
        var (listAfter, dropAfter) = (standard.Grace?.List ?? 1, standard.Grace?.Drop ?? 1);
        var listed = false;
        for (var month = from; month <= to; month += 1)
        {
            bool Holds(int monthsAgo) => PlainChurnMonths.Values(rows, (month - monthsAgo).FirstDay) is { } values && Conditions.Slowly(standard.When, values, "GBP") == true;
            var known = PlainChurnMonths.Values(rows, month.FirstDay);
            listed = known is not null && (listed ? !Enumerable.Range(0, dropAfter).All(k => !Holds(k)) : Enumerable.Range(0, listAfter).All(Holds));
            result.Add(new(known is not null, listed, known is { } v && v[Indicator.Spend12m] != IIndicatorValues.Unknown ? v[Indicator.Spend12m] / 100m : 0));
        }
        return result;
    }

    private readonly struct Fast(Indicators? found) : IIndicatorValues
    {
        public long this[Indicator indicator] => found is not { } f ? IIndicatorValues.Unknown : indicator switch
        {
            Indicator.ChurnState => (long)f.Churn.State,
            Indicator.Intermittent => f.Churn.IsIntermittent ? 1 : 0,
            Indicator.MonthsSilent => f.Churn.MonthsSilent ?? IIndicatorValues.Unknown,
            Indicator.Orders12m => f.Orders12m,
            Indicator.Spend12m => f.Spend12m,
            Indicator.ReturnRate12m => f.ReturnRate12m is { } rate ? (long)(rate * 10_000) : IIndicatorValues.Unknown,
            _ => IIndicatorValues.Unknown,
        };
    }

    private sealed class Reader(byte[][] packed) : ICustomerReader<Fast>
    {
        private byte[] _now = [];

        public void Open(int customer) => _now = packed[customer];

        public CustomerTraits Traits => new(_now.Length % 2 == 0 ? CustomerSort.Person : CustomerSort.Organisation, StandardTier.Normal, _now.Length % 3, "", "GBP");

        public Standing StandingOn(DateOnly asOf) => Indicators.Of(_now, asOf) is null ? Standing.None : Standing.Known;

        public Fast At(DateOnly asOf) => new(Indicators.Of(_now, asOf));
    }

    [Theory]
    [InlineData("orders_12m", 2, "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19")]
    [InlineData("return_rate_12m", 3000, "0 300 600 900 1200 1500 1800 2100 2400 2700 3000 3300 3600 3900 4200 4500 4800 5100 5400 5700")]
    [InlineData("attitude", 250, "110 130 150 170 190 210 230 250 270 290 310 330 350 370 390 410 430 450 470 490")]
    [InlineData("spend_12m", 0, "-500000 -200000 -100000 -50000 -20000 -10000 -5000 -2000 -1000 0 1000 2000 5000 10000 20000 50000 100000 200000 500000 1000000")]
    [InlineData("margin_12m", 1, "-500000 -200000 -100000 -50000 -20000 -10000 -5000 -2000 -1000 1 1000 2000 5000 10000 20000 50000 100000 200000 500000 1000000")]
    [InlineData("overdue_amount", 0, "0 1000 2000 5000 10000 20000 50000 100000 200000 500000 1000000 2000000 5000000 10000000 20000000 50000000 100000000 200000000 500000000 1000000000")]
    [InlineData("return_rate_12m", 0, "0 100 200 300 400 500 600 700 800 900 1000 1100 1200 1300 1400 1500 1600 1700 1800 1900")]
    [InlineData("spend_12m", 50000, "0 5000 10000 15000 20000 25000 30000 35000 40000 45000 50000 55000 60000 65000 70000 75000 80000 85000 90000 95000")]
    public void The_curve_goes_around_the_threshold(string indicator, long value, string values) =>
        string.Join(' ', Backtest.ValuesAround(IndicatorDefinition.Find(indicator)!, value)).ShouldBe(values);

    [Fact]
    public void A_range_that_cannot_be_replayed_is_refused()
    {
        Month m = new(2011 * 12);
        Backtest.WhyNot(m, m).ShouldBeNull();
        Backtest.WhyNot(m, m + 47).ShouldBeNull();
        Backtest.WhyNot(m, m + 48)!.Code.ShouldBe("backtest.too-long");
        Backtest.WhyNot(m, m - 1)!.Code.ShouldBe("backtest.order");
        Backtest.WhyNot(m, m + 2, m + 2).ShouldBeNull();
        Backtest.WhyNot(m, m + 2, m + 1)!.Code.ShouldBe("backtest.future");
        Backtest.WhyNot(Month.Max, Month.Max)!.Code.ShouldBe("backtest.range");
    }
}

/// <summary>The indicators that come from months, read off the plain evaluation's line.</summary>
internal static class PlainChurnMonths
{
    public static Values? Values(IReadOnlyList<PlainRow> rows, DateOnly asOf)
    {
        if (PlainChurn.Line("x", rows, false, asOf)?.Split(',') is not { } cells)
            return null;
        var known = new Dictionary<Indicator, long>
        {
            [Indicator.ChurnState] = (long)Enum.Parse<ChurnState>(cells[1], ignoreCase: true),
            [Indicator.Intermittent] = cells[2] == "1" ? 1 : 0,
            [Indicator.Orders12m] = long.Parse(cells[4], CultureInfo.InvariantCulture),
            [Indicator.Spend12m] = (long)(decimal.Parse(cells[5], CultureInfo.InvariantCulture) * 100),
        };
        if (cells[3].Length > 0)
            known[Indicator.MonthsSilent] = long.Parse(cells[3], CultureInfo.InvariantCulture);
        if (cells[6].Length > 0)
            known[Indicator.ReturnRate12m] = (long)(decimal.Parse(cells[6], CultureInfo.InvariantCulture) * 10_000);
        return new Values(known);
    }

    /// <summary>Orders less returns of one month are above 0.</summary>
    public static bool IsActive(IReadOnlyList<PlainRow> rows, DateOnly month) =>
        rows.Where(r => r.Date >= month && r.Date < month.AddMonths(1) && !r.Document.StartsWith('A')).Sum(r =>
        {
            var amount = Math.Round(r.Quantity * r.UnitPrice, 2, MidpointRounding.AwayFromZero);
            return r.Document.StartsWith('C') || r.Quantity < 0 || amount > 0 ? amount : 0;
        }) > 0;
}
