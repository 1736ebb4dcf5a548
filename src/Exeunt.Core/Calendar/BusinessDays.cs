namespace Exeunt.Core.Calendar;

/// <summary>
/// Which days are worked: Monday to Friday without the holidays, and the weekends that were made working days in exchange
/// (调休). Whether a weekend counts as a statutory day off for a private deadline is assumed (U8 of the rules).
/// </summary>
public sealed class BusinessDays(IEnumerable<DateOnly> holidays, IEnumerable<DateOnly>? workedWeekends = null)
{
    private readonly HashSet<DateOnly> _holidays = [.. holidays];
    private readonly HashSet<DateOnly> _worked = [.. workedWeekends ?? []];

    /// <summary>Monday to Friday, no holidays.</summary>
    public static readonly BusinessDays WeekdaysOnly = new([]);

    /// <summary>Whether the day is worked.</summary>
    public bool IsWorked(DateOnly day) =>
        !_holidays.Contains(day)
        && (day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) || _worked.Contains(day));

    /// <summary>The day itself when it is worked, else the next worked one.</summary>
    /// <exception cref="CalculationException">INVALID_DATE when there is none before the end of the calendar.</exception>
    public DateOnly OnOrAfter(DateOnly day)
    {
        while (!IsWorked(day))
            day = day.PlusDays(1);
        return day;
    }

    /// <summary>The <paramref name="count"/>-th worked day after the day, which itself is not counted; 0 gives the day.</summary>
    public DateOnly After(DateOnly day, int count)
    {
        if (count < 0)
            throw CalculationException.Count("count", "a whole number of 0 or more");
        for (; count > 0; count--)
            day = OnOrAfter(day.PlusDays(1));
        return day;
    }
}
