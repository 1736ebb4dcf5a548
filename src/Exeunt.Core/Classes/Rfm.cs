namespace Exeunt.Core.Classes;

/// <summary>What a customer's recency, frequency and money are scored from.</summary>
/// <param name="Days">Whole days since the last order; 0 or more, fewer is better.</param>
/// <param name="Orders">Orders in the window; 1 or more: who ordered nothing is not scored.</param>
/// <param name="Spend">Sum of the window, in minor units of one currency; may be negative.</param>
public readonly record struct RfmValues(long Days, long Orders, long Spend);

/// <summary>Scores from 1 to 5, 5 best.</summary>
public readonly record struct RfmScore(int Recency, int Frequency, int Money)
{
    /// <summary>The three digits as one number, 111 to 555.</summary>
    public int Composite => (100 * Recency) + (10 * Frequency) + Money;
}

/// <summary>
/// Cut points of one scored population: fifths of each measure. They are values, not ranks, so that customers who are alike get the same
/// score; a measure with fewer than five different fifths has fewer scores, and the best of them is still 5.
/// </summary>
/// <param name="Days">Of the days since the last order, negative so that more is better; ascending like the others.</param>
/// <param name="Orders">Of the orders.</param>
/// <param name="Spend">Of the spend.</param>
public sealed record RfmCuts(IReadOnlyList<long> Days, IReadOnlyList<long> Orders, IReadOnlyList<long> Spend)
{
    private const int Bins = 5;

    /// <summary>The cut points of a population of those who ordered; money is the sum.</summary>
    /// <exception cref="ArgumentException">Somebody in it ordered nothing.</exception>
    public static RfmCuts Of(ReadOnlySpan<RfmValues> population)
    {
        var (days, orders, spend) = (new long[population.Length], new long[population.Length], new long[population.Length]);
        for (var i = 0; i < population.Length; i++)
        {
            if (population[i].Orders < 1)
                throw new ArgumentException("Who ordered nothing is not scored.", nameof(population));
            // Reversed, so that more is better in all three.
            (days[i], orders[i], spend[i]) = (-population[i].Days, population[i].Orders, population[i].Spend);
        }
        return new RfmCuts(Cuts(days), Cuts(orders), Cuts(spend));
    }

    public RfmScore Score(RfmValues values) => new(Score(Days, -values.Days), Score(Orders, values.Orders), Score(Spend, values.Spend));

    /// <summary>The largest value of each of the lower fifths, ascending and each once; the highest value of all is no cut.</summary>
    private static long[] Cuts(long[] values)
    {
        if (values.Length == 0)
            return [];
        Array.Sort(values);
        var cuts = new List<long>(Bins - 1);
        for (var k = 1; k < Bins; k++)
        {
            // The last of the first k fifths, rounded up.
            var cut = values[(int)(((long)values.Length * k + Bins - 1) / Bins) - 1];
            if (cut < values[^1] && (cuts.Count == 0 || cuts[^1] < cut))
                cuts.Add(cut);
        }
        return [.. cuts];
    }

    private static int Score(IReadOnlyList<long> cuts, long value)
    {
        var above = 0;
        for (var i = 0; i < cuts.Count; i++)
            if (value <= cuts[i])
                above++;
        // Fewer bins than five are spread over the scores: the lowest is not good because there are few.
        return cuts.Count == 0 ? Bins : 1 + (((cuts.Count - above) * (Bins - 1) * 2) + cuts.Count) / (2 * cuts.Count);
    }
}
