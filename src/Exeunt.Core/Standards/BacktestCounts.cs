using System.Text.Json;
using Exeunt.Core.Settlement;

namespace Exeunt.Core.Standards;

/// <summary>What a replay counted of the customers of one unit. A customer is in one unit, so the counts of several add up to a report.</summary>
/// <param name="Unit">Number of the unit the customers were in.</param>
/// <param name="Customers">In the base.</param>
/// <param name="Months">Of each month: evaluated, listed, new, dropped, listed by the standard compared with, on both lists; then what became of the new ones.</param>
/// <param name="Revenue">Of each month with somebody on the list.</param>
/// <param name="Tried">The standard, then each point of the curve: listed in at least one month; then what became of it.</param>
/// <remarks>What became of listings are four numbers: known and false alarms after 3 months, the same after 6.</remarks>
public sealed record BacktestCounts(
    int Unit, int Customers, int Evaluated, int ListedAgainst, int Both, int Listings,
    IReadOnlyList<int[]> Months, IReadOnlyList<BacktestCounts.Spend> Revenue, IReadOnlyList<BacktestCounts.Group> Groups, IReadOnlyList<int[]> Tried)
{
    /// <param name="Month">Counted from 0.</param>
    public sealed record Spend(int Month, string Currency, long Minor);

    /// <param name="By">See <see cref="BacktestSegment"/>.</param>
    /// <param name="Counts">Evaluated, listed; then what became of the listings.</param>
    public sealed record Group(string By, string Value, int[] Counts);

    public string ToJson() => JsonSerializer.Serialize(this, SettlementJson.Document);

    /// <exception cref="JsonException">It is none.</exception>
    public static BacktestCounts Read(string json) => JsonSerializer.Deserialize<BacktestCounts>(json, SettlementJson.Document)!;

    /// <summary>The report of some units alone.</summary>
    /// <param name="all">The report of all of them, whose months, document and curve it has.</param>
    /// <param name="units">Counts of the same replay.</param>
    public static BacktestReport Report(BacktestReport all, IReadOnlyCollection<BacktestCounts> units)
    {
        var (evaluated, listed) = (Sum(u => u.Evaluated), Sum(u => u.Tried[0][0]));
        var revenue = units.SelectMany(u => u.Revenue).ToLookup(r => r.Month);
        var groups = units.SelectMany(u => u.Groups).GroupBy(g => (g.By, g.Value)).Select(g => (g.Key.By, g.Key.Value, Counts: Added(g)))
            .Select(g => (g.By, g.Value, g.Counts[0], g.Counts[1], new FollowUp(g.Counts[2], g.Counts[3]), new FollowUp(g.Counts[4], g.Counts[5])));
        return all with
        {
            Customers = Sum(u => u.Customers), Evaluated = evaluated, Listed = listed, ListedAgainst = Sum(u => u.ListedAgainst), Both = Sum(u => u.Both), Listings = Sum(u => u.Listings),
            After3 = After(u => u.Tried[0], 1), After6 = After(u => u.Tried[0], 3),
            Months =
            [
                .. all.Months.Select((month, m) => month with
                {
                    Evaluated = Sum(u => u.Months[m][0]), Listed = Sum(u => u.Months[m][1]), New = Sum(u => u.Months[m][2]), Dropped = Sum(u => u.Months[m][3]),
                    ListedAgainst = Sum(u => u.Months[m][4]), Both = Sum(u => u.Months[m][5]), Revenue = Amounts(revenue[m]), After3 = After(u => u.Months[m], 6), After6 = After(u => u.Months[m], 8),
                }),
            ],
            Segments = Backtest.SegmentsOf(groups, evaluated == 0 ? 0 : (double)listed / evaluated),
            Curve = all.Curve is not { } curve ? null : curve with
            {
                Points =
                [
                    .. curve.Points.Select((point, i) => point with
                    {
                        Listed = Sum(u => u.Tried[i + 1][0]), Share = evaluated == 0 ? 0 : Backtest.Four((double)Sum(u => u.Tried[i + 1][0]) / evaluated),
                        After3 = After(u => u.Tried[i + 1], 1), After6 = After(u => u.Tried[i + 1], 3),
                    }),
                ],
            },
        };

        int Sum(Func<BacktestCounts, int> of) => units.Sum(of);

        FollowUp After(Func<BacktestCounts, int[]> of, int at) => new(Sum(u => of(u)[at]), Sum(u => of(u)[at + 1]));
    }

    private static int[] Added(IEnumerable<Group> groups)
    {
        var sum = new int[6];
        foreach (var group in groups)
            for (var i = 0; i < sum.Length; i++)
                sum[i] += group.Counts[i];
        return sum;
    }

    private static IReadOnlyList<CurrencyAmount> Amounts(IEnumerable<Spend> spends) =>
        [.. spends.GroupBy(s => s.Currency, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new CurrencyAmount(g.Key, (long)Int128.Clamp(g.Aggregate(Int128.Zero, (sum, s) => sum + s.Minor), long.MinValue, long.MaxValue)))];
}
