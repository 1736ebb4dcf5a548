namespace Exeunt.Core.Activity;

/// <summary>How values spread: buckets of a round width from low to high.</summary>
/// <param name="Known">How many values there are.</param>
/// <param name="Median">Middle value (the lower of two); null without values.</param>
/// <param name="Low">Smallest value.</param>
/// <param name="High">Largest value.</param>
/// <param name="Buckets">Ascending, without gaps between them unless each holds one value; empty without values.</param>
public sealed record Distribution(int Known, long? Median, long? Low, long? High, IReadOnlyList<Distribution.Bucket> Buckets)
{
    /// <summary>Most buckets that a distribution has.</summary>
    public const int MaxBuckets = 15;

    private const int Wanted = 12;

    /// <summary>Values from one (inclusive) to another (exclusive); null: no end on this side.</summary>
    public readonly record struct Bucket(long? From, long? Until, int Count);

    /// <summary>
    /// Spreads values over buckets 1, 2 or 5 × a power of ten wide, so that the middle 98 % fill about a dozen; what lies further out goes
    /// into the first and the last, which then have no end. Few whole values get a bucket each.
    /// </summary>
    /// <param name="values">In any order; they are sorted in place.</param>
    public static Distribution Of(Span<long> values)
    {
        if (values.IsEmpty)
            return new(0, null, null, null, []);
        values.Sort();
        var (low, high) = (values[values.Length / 100], values[values.Length - 1 - (values.Length / 100)]);
        var step = RoundStep((UInt128)((Int128)high - low) / Wanted + (((UInt128)((Int128)high - low) % Wanted) == 0 ? 0U : 1U));
        var first = Floor(low, step);
        var buckets = new List<Bucket>();
        var at = 0;
        for (var from = first; at < values.Length; from += step)
        {
            var until = from + step;
            var isLast = until > high;
            var end = at;
            while (end < values.Length && (isLast || values[end] < until))
                end++;
            var openBelow = buckets.Count == 0 && values[0] < from;
            var openAbove = isLast && values[^1] >= until;
            // Beyond the range of whole numbers there is no end to name.
            buckets.Add(new Bucket(openBelow || from < long.MinValue ? null : (long)from, openAbove || until > long.MaxValue ? null : (long)until, end - at));
            at = end;
        }
        return new(values.Length, values[(values.Length - 1) / 2], values[0], values[^1], buckets);
    }

    /// <summary>A bucket for each value that comes up, however few have it: for states, of which none is further out than another.</summary>
    /// <param name="values">In any order; they are sorted in place.</param>
    public static Distribution OfEach(Span<long> values)
    {
        if (values.IsEmpty)
            return new(0, null, null, null, []);
        values.Sort();
        var buckets = new List<Bucket>();
        for (var (at, end) = (0, 0); at < values.Length; at = end)
        {
            while (end < values.Length && values[end] == values[at])
                end++;
            buckets.Add(new Bucket(values[at], values[at] + 1, end - at));
        }
        return new(values.Length, values[(values.Length - 1) / 2], values[0], values[^1], buckets);
    }

    private static Int128 Floor(long value, Int128 step)
    {
        var down = value / step * step;
        return down > value ? down - step : down;
    }

    /// <summary>The smallest of 1, 2, 5 × a power of ten that is not below; at least 1.</summary>
    private static Int128 RoundStep(UInt128 least)
    {
        for (Int128 power = 1; ; power *= 10)
            foreach (var factor in (ReadOnlySpan<int>)[1, 2, 5])
                if ((UInt128)(power * factor) >= least)
                    return power * factor;
    }
}
