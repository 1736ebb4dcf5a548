using Exeunt.Core.Activity;

namespace Exeunt.Core.Churn;

/// <summary>Whether a customer still comes in their own rhythm.</summary>
public enum RhythmState
{
    /// <summary>Too few days with an order to make a rhythm.</summary>
    None,

    /// <summary>Not longer away than usual.</summary>
    OnTime,

    /// <summary>Longer away than usual.</summary>
    Late,

    /// <summary>Away so long that the rhythm is broken: churned by rhythm.</summary>
    Broken,
}

/// <summary>One step of the cumulative sum over gaps.</summary>
/// <param name="Gap">The gap, in days.</param>
/// <param name="Sum">The sum after it; 0 or more.</param>
/// <param name="IsAlarm">Whether the sum is above the limit.</param>
public readonly record struct CadenceStep(double Gap, double Sum, bool IsAlarm);

/// <summary>
/// The rhythm of a customer's orders: is the time since the last one longer than theirs usually is, and have the gaps become longer?
/// </summary>
public static class Cadence
{
    /// <summary>Fewest gaps that make a baseline.</summary>
    public const int LeastBaseline = 6;

    /// <summary>Judges <see cref="Indicator.GapRatio"/>. Both thresholds are inclusive.</summary>
    /// <param name="by">The customer's thresholds; null: the usual ones.</param>
    public static RhythmState Of(long gapRatio, ChurnThresholds? by = null) =>
        gapRatio switch
        {
            IIndicatorValues.Unknown => RhythmState.None,
            _ when gapRatio >= (by ?? ChurnThresholds.Usual).BrokenAt => RhythmState.Broken,
            _ when gapRatio >= (by ?? ChurnThresholds.Usual).LateAt => RhythmState.Late,
            _ => RhythmState.OnTime,
        };

    /// <summary>
    /// One-sided CUSUM over the logarithms of the gaps: S = max(0, S + (ln g − μ) ÷ σ − k), alarm when S &gt; h. Mean and standard
    /// deviation (n − 1) are those of the first <paramref name="baseline"/> gaps; the steps begin after them.
    /// </summary>
    /// <param name="gaps">Days between orders, oldest first, each above 0.</param>
    /// <param name="baseline">Gaps that make the baseline, <see cref="LeastBaseline"/> or more.</param>
    /// <param name="slack">k, in standard deviations.</param>
    /// <param name="limit">h, in standard deviations.</param>
    /// <param name="leastDeviation">Floor of σ, so that a very regular customer does not alarm on a day's delay.</param>
    /// <returns>Empty when there are no gaps after the baseline.</returns>
    /// <remarks>Source: Page's cumulative sum; k = 0.5 and h = 5 give an alarm by chance about once in 930 gaps.</remarks>
    public static IReadOnlyList<CadenceStep> Steps(
        IReadOnlyList<double> gaps,
        int baseline = LeastBaseline,
        double slack = 0.5,
        double limit = 5,
        double leastDeviation = 0.25
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(baseline, LeastBaseline);
        if (gaps.Count <= baseline)
            return [];
        var logs = gaps.Take(baseline).Select(gap => Math.Log(gap)).ToList();
        var mean = logs.Average();
        var deviation = Math.Max(leastDeviation, Math.Sqrt(logs.Sum(l => (l - mean) * (l - mean)) / (baseline - 1)));
        var steps = new List<CadenceStep>(gaps.Count - baseline);
        var sum = 0.0;
        foreach (var gap in gaps.Skip(baseline))
        {
            sum = Math.Max(0, sum + ((Math.Log(gap) - mean) / deviation) - slack);
            steps.Add(new CadenceStep(gap, sum, sum > limit));
        }
        return steps;
    }

    /// <summary>
    /// How probable it is to be away this long by chance, if orders come at random with the mean gap (exponential): e^(−days ÷ mean).
    /// </summary>
    /// <param name="meanGap">Mean gap in days, above 0.</param>
    /// <param name="days">Days since the last order, 0 or more.</param>
    /// <returns>A probability, in (0, 1].</returns>
    public static double Chance(double meanGap, int days) => Math.Exp(-days / meanGap);
}
