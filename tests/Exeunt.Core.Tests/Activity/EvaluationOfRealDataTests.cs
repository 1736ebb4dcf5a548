using System.Globalization;
using Exeunt.Core.Activity;
using Exeunt.Core.Tests.Churn;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Exeunt.Core.Tests.Activity;

/// <summary>Both data files, evaluated fast and plainly, line by line.</summary>
public sealed class EvaluationOfRealDataTests(ITestOutputHelper output)
{
    [SharedDataFact("online_retail_invoices.csv")]
    public void The_retail_file_evaluates_as_the_plain_version_does()
    {
        var customers = Retail();

        foreach (
            var asOf in new[] { "2010-12-31", "2011-01-01", "2011-04-15", "2011-07-01", "2011-12-01", "2012-06-01" }
        )
            BothAgree(customers, false, asOf);
    }

    [SharedDataFact("cdnow_master.txt")]
    public void The_CDNOW_file_evaluates_as_the_plain_version_does()
    {
        var customers = Cdnow();

        foreach (var asOf in new[] { "1997-01-31", "1997-04-01", "1997-10-01", "1998-07-01", "1999-01-01" })
            BothAgree(customers, true, asOf);
    }

    [SharedDataFact("online_retail_invoices.csv")]
    public void Every_indicator_of_the_retail_file_is_that_of_the_plain_version() =>
        AllIndicatorsAgree(Retail(), "2010-12-31", "2011-04-15", "2011-12-09", "2012-06-01");

    [SharedDataFact("cdnow_master.txt")]
    public void Every_indicator_of_the_CDNOW_file_is_that_of_the_plain_version() =>
        AllIndicatorsAgree(Cdnow(), "1997-04-30", "1998-03-01", "1999-01-01");

    private void AllIndicatorsAgree(Dictionary<string, List<PlainRow>> customers, params string[] dates)
    {
        var facts = customers.Values.Select(Histories.Facts).ToList();
        var rows = facts.ConvertAll(f => ActivityMonths.Build(f));
        var builder = new CustomerBase.Builder(rows.Count, rows.Sum(r => r.Length), []);
        for (var i = 0; i < rows.Count; i++)
            builder.Add(new BaseCustomer(i + 1, 1, "GBP"), rows[i]);
        var all = builder.Build();
        var scratch = new HistoryScratch();
        var known = Enum.GetValues<Indicator>().ToDictionary(i => i, _ => 0);
        for (var i = 0; i < all.Count; i++)
        {
            var history = all.Open(i, scratch);
            foreach (var date in dates)
            {
                var asOf = DateOnly.Parse(date, CultureInfo.InvariantCulture);
                var values = history.At(asOf);
                var plain = new PlainIndicators(facts[i], asOf);
                foreach (var indicator in known.Keys.Where(k => k != Indicator.LinesLost))
                {
                    var expected = plain.Of(indicator);
                    values[indicator].ShouldBe(expected ?? IIndicatorValues.Unknown, $"{indicator} of customer {i} as of {date}");
                    known[indicator] += expected is null ? 0 : 1;
                }
            }
        }
        output.WriteLine(string.Join(", ", known.Select(k => $"{k.Key} known {k.Value} times")));
        known[Indicator.GapRatio].ShouldBeGreaterThan(1_000);
        known[Indicator.Defection].ShouldBeGreaterThan(1_000);
        known[Indicator.Rhythm].ShouldBeGreaterThan(1_000);
        known[Indicator.Spend12m].ShouldBeGreaterThan(customers.Count);
    }

    private void BothAgree(Dictionary<string, List<PlainRow>> customers, bool everyRowIsAnOrder, string date)
    {
        var asOf = DateOnly.Parse(date, CultureInfo.InvariantCulture);
        var states = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (customer, rows) in customers)
        {
            var indicators = Indicators.Of(ActivityMonths.Build(Histories.Facts(rows)), asOf);
            var fast = indicators is { } found ? EvaluationCsv.Months(customer, found, 2) : null;
            fast.ShouldBe(PlainChurn.Line(customer, rows, everyRowIsAnOrder, asOf));
            var state = fast?.Split(',')[1] ?? "(not listed)";
            states[state] = states.GetValueOrDefault(state) + 1;
        }
        states.Values.Sum().ShouldBe(customers.Count);
        output.WriteLine($"{date}: {string.Join(", ", states.Select(s => $"{s.Key} {s.Value}"))}");
    }

    internal static Dictionary<string, List<PlainRow>> Retail() =>
        ByCustomer(
            from line in File.ReadLines(SharedData.File("online_retail_invoices.csv")).Skip(1)
            let cells = line.Split(',')
            select (
                cells[2],
                new PlainRow(
                    cells[0],
                    DateOnly.ParseExact(cells[1].Split(' ')[0], "M/d/yyyy", CultureInfo.InvariantCulture),
                    decimal.Parse(cells[^2], CultureInfo.InvariantCulture),
                    decimal.Parse(cells[^1], CultureInfo.InvariantCulture)
                )
            )
        );

    private static Dictionary<string, List<PlainRow>> Cdnow() =>
        ByCustomer(
            from line in File.ReadLines(SharedData.File("cdnow_master.txt")).Skip(1)
            let cells = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            where cells.Length == 4
            select (
                cells[0],
                new PlainRow(
                    "",
                    DateOnly.ParseExact(cells[1], "yyyyMMdd", CultureInfo.InvariantCulture),
                    1,
                    decimal.Parse(cells[3], CultureInfo.InvariantCulture)
                )
            )
        );

    private static Dictionary<string, List<PlainRow>> ByCustomer(IEnumerable<(string Customer, PlainRow Row)> rows) =>
        rows.GroupBy(r => r.Customer).ToDictionary(g => g.Key, g => g.Select(r => r.Row).ToList());
}
