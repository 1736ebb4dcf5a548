namespace Exeunt.Core.Calendar;

/// <summary>
/// Periods of whole months counted from one anchor. Period k starts at anchor + k·step months, always counted from the
/// anchor itself and clamped to the end of the month, never from the period before: from 31 January follow 28 February
/// and 31 March.
/// </summary>
public static class BillingPeriods
{
    /// <summary>The first day of period <paramref name="k"/> (0 is the anchor).</summary>
    /// <exception cref="CalculationException">INVALID_DATE beyond the year 9999.</exception>
    public static DateOnly Start(DateOnly anchor, int k, int stepMonths = 1) => anchor.PlusMonths((long)k * stepMonths);

    /// <summary>The first days of <paramref name="count"/> periods (0 or more), the anchor first; a step is 1 month or more.</summary>
    /// <exception cref="CalculationException">INVALID_COUNT; INVALID_DATE.</exception>
    public static IReadOnlyList<DateOnly> Starts(DateOnly anchor, int count, int stepMonths = 1)
    {
        RequireStep(stepMonths);
        if (count < 0)
            throw CalculationException.Count("count", "a whole number of 0 or more");
        // Refuses before a list is made that the calendar could not fill.
        if (count > 0)
            Start(anchor, count - 1, stepMonths);
        var starts = new DateOnly[count];
        for (var k = 0; k < count; k++)
            starts[k] = Start(anchor, k, stepMonths);
        return starts;
    }

    /// <summary>Period <paramref name="k"/>.</summary>
    public static DateRange Period(DateOnly anchor, int k, int stepMonths = 1) =>
        new(Start(anchor, k, stepMonths), Start(anchor, k + 1, stepMonths));

    /// <summary>
    /// The period in which a service that ends at the start of <paramref name="effEnd"/> stands: on a boundary the one just
    /// served, except at the anchor itself, where nothing has been served.
    /// </summary>
    /// <exception cref="CalculationException">END_BEFORE_START when the end is before the anchor.</exception>
    public static DateRange Current(DateOnly anchor, DateOnly effEnd, int stepMonths = 1)
    {
        RequireStep(stepMonths);
        var full = FullMonths(anchor, effEnd) / stepMonths;
        return Period(anchor, full > 0 && Start(anchor, full, stepMonths) == effEnd ? full - 1 : full, stepMonths);
    }

    /// <summary>m_full: the largest n with start + n months on or before the effective end (the day after the last day of service).</summary>
    /// <exception cref="CalculationException">END_BEFORE_START.</exception>
    public static int FullMonths(DateOnly start, DateOnly effEnd)
    {
        if (effEnd < start)
            throw CalculationException.EndBeforeStart(start, effEnd);
        var months = ((effEnd.Year - start.Year) * 12) + effEnd.Month - start.Month;
        return start.PlusMonths(months) <= effEnd ? months : months - 1;
    }

    /// <summary>Months begun by the effective end: the full ones and the broken one, if there is one.</summary>
    public static int MonthsBegun(DateOnly start, DateOnly effEnd)
    {
        var full = FullMonths(start, effEnd);
        return start.PlusMonths(full) == effEnd ? full : full + 1;
    }

    /// <summary>m_rem: months of the term not yet begun, never below 0; the broken month is settled by proration (clarification 3).</summary>
    public static int MonthsRemaining(DateOnly start, DateOnly effEnd, int termMonths) =>
        Math.Max(0, termMonths - MonthsBegun(start, effEnd));

    /// <summary>
    /// How many whole months the range is, clamped anchors allowed ([28 February, 31 March) is one); null when it is not a
    /// number of whole months.
    /// </summary>
    public static int? WholeMonths(DateRange range)
    {
        var months = ((range.Until.Year - range.From.Year) * 12) + range.Until.Month - range.From.Month;
        var (from, until) = (range.From.Day, range.Until.Day);
        var whole =
            from == until || (from > until && range.Until.IsMonthEnd()) || (until > from && range.From.IsMonthEnd());
        return months > 0 && whole ? months : null;
    }

    private static void RequireStep(int stepMonths)
    {
        if (stepMonths < 1)
            throw CalculationException.Count("stepMonths", "a whole number of 1 or more");
    }
}
