namespace Exeunt.Core.Calendar;

/// <summary>What a statutory period is counted in.</summary>
public enum DeadlineUnit
{
    Day,
    Month,
}

/// <summary>
/// The end of a period: <paramref name="Unrolled"/> by the count alone, <paramref name="LastDay"/> after moving from a day off to
/// the next worked day. It ends at 24:00 of <paramref name="LastDay"/> (or at the close of business).
/// </summary>
public readonly record struct Deadline(DateOnly Unrolled, DateOnly LastDay);

/// <summary>First and last day (both included) on which something may be sent.</summary>
public readonly record struct SendingWindow(DateOnly First, DateOnly Last)
{
    public bool Contains(DateOnly day) => First <= day && day <= Last;

    /// <summary>From <paramref name="atMost"/> to <paramref name="atLeast"/> days before the event (CA 17602, NY 527-a).</summary>
    public static SendingWindow DaysBefore(DateOnly eventOn, int atMost, int atLeast) =>
        new(eventOn.PlusDays(-atMost), eventOn.PlusDays(-atLeast));

    /// <summary>From <paramref name="atMost"/> to <paramref name="atLeast"/> months before the event (Code de la consommation L215-1).</summary>
    public static SendingWindow MonthsBefore(DateOnly eventOn, int atMost, int atLeast) =>
        new(eventOn.PlusMonths(-atMost), eventOn.PlusMonths(-atLeast));
}

/// <summary>
/// Statutory periods. The first day is not counted; months end on the same-numbered day or the month's last; a last day
/// that is a day off moves to the next worked day (PRC Civil Code 201–203; Regulation 1182/71 art. 3). Which days and months a law
/// wants stands in the rule packs (<see cref="Rules.LegalPeriods"/>).
/// </summary>
public static class Deadlines
{
    /// <summary>A period of days or months from a day; <paramref name="count"/> is 0 or more.</summary>
    /// <exception cref="CalculationException">INVALID_COUNT; INVALID_DATE.</exception>
    public static Deadline Of(DateOnly start, DeadlineUnit unit, int count, BusinessDays? calendar = null)
    {
        if (count < 0)
            throw CalculationException.Count("count", "a whole number of 0 or more");
        var unrolled = unit == DeadlineUnit.Month ? start.PlusMonths(count) : start.PlusDays(count);
        return new(unrolled, (calendar ?? BusinessDays.WeekdaysOnly).OnOrAfter(unrolled));
    }
}
