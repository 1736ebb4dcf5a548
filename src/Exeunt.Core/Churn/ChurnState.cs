using System.Numerics;
using Exeunt.Core.Activity;

namespace Exeunt.Core.Churn;

/// <summary>Where a customer without a contract stands, by closed calendar months.</summary>
public enum ChurnState
{
    /// <summary>Never active.</summary>
    Prospect,

    /// <summary>新客户: first active within the last closed months of <see cref="ChurnThresholds.NewMonths"/>.</summary>
    New,

    /// <summary>Active in the last closed month.</summary>
    Active,

    /// <summary>边缘型: silent for one closed month or more, and not yet churned.</summary>
    Borderline,

    /// <summary>普通流失: silent for <see cref="ChurnThresholds.SilentMonths"/> closed months or more.</summary>
    Churned,

    /// <summary>回流: the last closed month is the first active one after being churned.</summary>
    Reactivated,

    /// <summary>Not judged by months, for an <see cref="ExclusionReason"/>.</summary>
    Excluded,
}

/// <summary>Why a customer is not judged by months.</summary>
public enum ExclusionReason
{
    /// <summary>A contract is in term: its end is observed, not inferred.</summary>
    ContractInTerm,

    /// <summary>A pause was agreed.</summary>
    AgreedPause,

    /// <summary>The silence is the one of every year; see <see cref="ChurnStatus"/>.</summary>
    Seasonal,
}

/// <summary>
/// The active months of one customer as far as the month-state machine needs them, seen from one date.
/// </summary>
/// <param name="LastClosed">The last closed month: the one before the as-of date's month.</param>
/// <param name="First">First active month ever, up to the last closed one; null for a prospect.</param>
/// <param name="Last">Last active month, up to the last closed one; null for a prospect.</param>
/// <param name="Recent">Bit k tells whether the month k before the last closed one was active (64 months).</param>
public readonly record struct ActivePattern(Month LastClosed, Month? First, Month? Last, ulong Recent)
{
    /// <summary>No active month yet. The month of <paramref name="asOf"/> is open and does not count.</summary>
    public static ActivePattern Before(DateOnly asOf) => new(Month.Of(asOf) - 1, null, null, 0);

    /// <summary>The pattern with one more active month; months come ascending and are closed.</summary>
    public ActivePattern With(Month active)
    {
        var age = LastClosed - active;
        return this with { First = First ?? active, Last = active, Recent = Recent | (age < 64 ? 1UL << age : 0) };
    }
}

/// <summary>What the month-state machine says about one customer as of one date.</summary>
/// <param name="State">The state.</param>
/// <param name="IsIntermittent">
/// 间隔月: <see cref="ChurnThresholds.IntermittentRuns"/> or more runs of silent months among the last closed ones of
/// <see cref="ChurnThresholds.IntermittentWindow"/>. Months before the first active one are no run; a run cut by the edge of the
/// window counts.
/// </param>
/// <param name="MonthsSilent">Closed months after the last active one, 0 or more; null if never active.</param>
/// <param name="IsOneTime">Churned after one single active month.</param>
/// <param name="EventOn">When churned: first day of the first silent month.</param>
/// <param name="DetectedOn">When churned: first day after the silent month that made it so closed.</param>
/// <param name="Exclusion">When excluded: why.</param>
/// <remarks>
/// A month is active when orders less returns are above 0. Precedence: Excluded, Prospect, Churned, Reactivated (in that
/// month only), New, Borderline, Active. An exclusion leaves the intermittent flag and the silent months as they are.
/// <para>
/// Seasonal: the customer is silent now; the same months (those of the current run, one and two years earlier) were
/// silent too; and in each of the two years before the run some other month was active. It needs two full years between
/// the first active month and the run.
/// </para>
/// Source: the product's definition of churn by months (non-contractual).
/// </remarks>
public readonly record struct ChurnStatus(
    ChurnState State,
    bool IsIntermittent,
    int? MonthsSilent,
    bool IsOneTime,
    DateOnly? EventOn,
    DateOnly? DetectedOn,
    ExclusionReason? Exclusion
)
{
    /// <summary>Whether a branch's list of 边缘型 holds the customer: borderline, or still with us and intermittent.</summary>
    public bool IsOnBorderlineList => State == ChurnState.Borderline || (IsIntermittent && State is ChurnState.New or ChurnState.Active or ChurnState.Reactivated);

    /// <summary>
    /// Reads the state off a packed row. <paramref name="agreed"/> is an exclusion the months cannot show: a contract
    /// in term or an agreed pause.
    /// </summary>
    /// <param name="by">The customer's thresholds; null: the usual ones.</param>
    public static ChurnStatus Of(ReadOnlySpan<byte> packed, DateOnly asOf, ExclusionReason? agreed = null, ChurnThresholds? by = null)
    {
        var pattern = ActivePattern.Before(asOf);
        foreach (var month in new ActivityMonths(packed))
        {
            if (month.Month > pattern.LastClosed)
                break;
            if (month.IsActive)
                pattern = pattern.With(month.Month);
        }
        return Of(pattern, agreed, by);
    }

    /// <summary>Reads the state off the active months.</summary>
    /// <param name="by">The customer's thresholds; null: the usual ones.</param>
    public static ChurnStatus Of(ActivePattern months, ExclusionReason? agreed = null, ChurnThresholds? by = null)
    {
        by ??= ChurnThresholds.Usual;
        if (months is not { First: { } first, Last: { } last })
            return new(
                agreed is null ? ChurnState.Prospect : ChurnState.Excluded,
                false,
                null,
                false,
                null,
                null,
                agreed
            );

        var silent = months.LastClosed - last;
        var exclusion = agreed ?? (by.SeasonalExcluded && IsSeasonal(months, first, silent) ? ExclusionReason.Seasonal : null);
        var state = exclusion is null ? StateOf(months, first, silent, by) : ChurnState.Excluded;
        var churned = state == ChurnState.Churned;
        return new(
            state,
            IsIntermittentAt(months, first, by),
            silent,
            churned && first == last,
            churned ? (last + 1).FirstDay : null,
            churned ? (last + 1 + by.SilentMonths).FirstDay : null,
            exclusion
        );
    }

    private static ChurnState StateOf(ActivePattern months, Month first, int silent, ChurnThresholds by)
    {
        if (silent >= by.SilentMonths)
            return ChurnState.Churned;
        // Active now, silent for the churning months before, active at some time before those; a silence that came with the season was no churn.
        if ((months.Recent & Latest(1 + by.SilentMonths)) == 1 && months.LastClosed - first > by.SilentMonths && !(by.SeasonalExcluded && WasSeasonal(months, first)))
            return ChurnState.Reactivated;
        // Who was churned since the first month and came back is not new any more.
        if (months.LastClosed - first < by.NewMonths && !HasRun(~months.Recent & Latest(months.LastClosed - first + 1), by.SilentMonths))
            return ChurnState.New;
        return silent > 0 ? ChurnState.Borderline : ChurnState.Active;
    }

    /// <summary>Whether so many months in a row are silent.</summary>
    private static bool HasRun(ulong silent, int months)
    {
        var runs = silent;
        for (var i = 1; i < months; i++)
            runs &= silent >> i;
        return runs != 0;
    }

    private static bool IsIntermittentAt(ActivePattern months, Month first, ChurnThresholds by)
    {
        var known = Math.Min(by.IntermittentWindow, months.LastClosed - first + 1);
        var silent = ~months.Recent & Latest(known);
        var lastMonthsOfRuns = silent & ~(silent << 1);
        return BitOperations.PopCount(lastMonthsOfRuns) >= by.IntermittentRuns;
    }

    /// <summary>Whether the silence that ended with the last closed month was seasonal.</summary>
    private static bool WasSeasonal(ActivePattern months, Month first)
    {
        var before = months with { LastClosed = months.LastClosed - 1, Recent = months.Recent >> 1 };
        return IsSeasonal(before, first, BitOperations.TrailingZeroCount(before.Recent));
    }

    private static bool IsSeasonal(ActivePattern months, Month first, int silent)
    {
        // Silent for a year or more, the last active month is itself one of the same months a year earlier.
        if (silent is 0 or >= 12 || months.LastClosed - first < silent - 1 + 24)
            return false;
        var run = Latest(silent);
        if ((months.Recent & ((run << 12) | (run << 24))) != 0)
            return false;
        // The year right before the run ends with the last active month; the one before it needs an active month too.
        var yearBefore = Latest(12) << (silent + 12);
        return (months.Recent & yearBefore) != 0;
    }

    /// <summary>A bit for each of the last so many closed months.</summary>
    private static ulong Latest(int months) => (1UL << months) - 1;
}
