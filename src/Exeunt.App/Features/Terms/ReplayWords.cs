using System.Globalization;
using System.Text;
using Exeunt.App.Platform;
using Exeunt.App.Ui;
using Exeunt.Core;
using Exeunt.Core.Policies;

namespace Exeunt.App.Features.Terms;

/// <summary>A replay in figures for people: the spread of its changes, its finding, its export.</summary>
public static class ReplayWords
{
    /// <summary>So many customers with a change from <paramref name="From"/> (inclusive) to <paramref name="Until"/> (exclusive), minor units.</summary>
    public sealed record Bin(long From, long Until, int Cases);

    /// <summary>
    /// The changes of one currency in bins of one round width (1, 2 or 5 times a power of ten), at most twelve, of which one begins at
    /// nothing; a change of nothing at all stands in a bin of its own.
    /// </summary>
    public static IReadOnlyList<Bin> Spread(IReadOnlyList<long> changes)
    {
        var moved = changes.Where(c => c != 0).ToList();
        if (moved.Count == 0)
            return changes.Count == 0 ? [] : [new(0, 0, changes.Count)];
        var width = Width(Math.Max(0, moved.Max()) - Math.Min(0, moved.Min()));
        var first = Floor(Math.Min(0, moved.Min()), width);
        var bins = new List<Bin>();
        for (var from = first; from <= moved.Max() || from <= 0; from += width)
        {
            if (from == 0 && changes.Count > moved.Count)
                bins.Add(new(0, 0, changes.Count - moved.Count));
            var count = moved.Count(c => c >= from && c < from + width);
            if (from < 0 || from <= moved.Max() && moved.Max() > 0)
                bins.Add(new(from, from + width, count));
        }
        return bins;
    }

    /// <summary>"62 of 80 customers would have paid less, 10 more, 8 the same."</summary>
    public static string Finding(ReplaySum sum, Texts t) => t["replay.finding", sum.CustomersGain, sum.Cases, sum.CompanyGains, sum.Same];

    public static string Label(Bin bin, string currency, Texts t) =>
        bin.From == bin.Until ? t["replay.bin.same"] : t["replay.bin", Amounts.Number(new Money(bin.From, currency)), Amounts.Number(new Money(bin.Until, currency))];

    public const string CsvHeader = "case,last_service_day,currency,fee_before,fee_after,refund_before,refund_after,total_before,total_after,difference,effect,refused,disputed";

    /// <summary>All rows as CSV; amounts with the currency's decimals, + the customer owes.</summary>
    public static string Csv(IReadOnlyList<ReplayRow> rows)
    {
        var csv = new StringBuilder(CsvHeader).Append('\n');
        foreach (var row in rows)
            csv.Append(CultureInfo.InvariantCulture,
                $"{row.Number},{row.LastServiceDay:yyyy-MM-dd},{(row.Before ?? row.After)?.Total.Currency},{row.Before?.Fee},{row.After?.Fee},{row.Before?.Refund},{row.After?.Refund},{row.Before?.Total},{row.After?.Total},{row.Difference},{row.Effect},{row.Refusal?.Code},{(row.Disputed ? 1 : 0)}\n");
        return csv.ToString();
    }

    private static long Width(long range)
    {
        foreach (var width in Round())
            if (range / width < 10)
                return width;
        return long.MaxValue;
    }

    private static IEnumerable<long> Round()
    {
        for (var power = 1L; power <= long.MaxValue / 100; power *= 10)
            foreach (var factor in new[] { 1, 2, 5 })
                yield return factor * power;
    }

    private static long Floor(long value, long width) => value >= 0 ? value / width * width : -((-value + width - 1) / width * width);
}
