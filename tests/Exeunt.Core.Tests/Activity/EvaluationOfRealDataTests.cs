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

    private void BothAgree(Dictionary<string, List<PlainRow>> customers, bool everyRowIsAnOrder, string date)
    {
        var asOf = DateOnly.Parse(date, CultureInfo.InvariantCulture);
        var states = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (customer, rows) in customers)
        {
            var indicators = Indicators.Of(ActivityMonths.Build(Histories.Facts(rows)), asOf);
            var fast = indicators is { } found ? EvaluationCsv.Row(customer, found, 2) : null;
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
