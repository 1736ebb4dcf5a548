namespace Exeunt.Core.Calendar;

/// <summary>Days from <see cref="From"/> (included) to <see cref="Until"/> (not included); it may be empty.</summary>
public readonly record struct DateRange
{
    /// <exception cref="CalculationException">END_BEFORE_START.</exception>
    public DateRange(DateOnly from, DateOnly until)
    {
        if (until < from)
            throw CalculationException.EndBeforeStart(from, until);
        (From, Until) = (from, until);
    }

    /// <summary>The first day.</summary>
    public DateOnly From { get; }

    /// <summary>The day after the last one.</summary>
    public DateOnly Until { get; }

    /// <summary>Number of days, 0 or more.</summary>
    public int Days => Until.DayNumber - From.DayNumber;

    /// <summary>Whether there is no day in it.</summary>
    public bool IsEmpty => Days == 0;

    /// <summary>The last day (included).</summary>
    /// <exception cref="CalculationException">ZERO_LENGTH_PERIOD: an empty range has none.</exception>
    public DateOnly LastDay => IsEmpty ? throw CalculationException.ZeroLengthPeriod(From) : Until.AddDays(-1);

    /// <summary>Whether the day is one of them.</summary>
    public bool Contains(DateOnly day) => From <= day && day < Until;

    /// <summary>"[2025-02-01, 2025-03-01)".</summary>
    public override string ToString() => $"[{From:O}, {Until:O})";
}

/// <summary>Steps on the calendar that refuse to leave it by name.</summary>
public static class CivilDays
{
    /// <summary>The day with the same number some months on (or back), or that month's last day (PRC Civil Code 202).</summary>
    /// <exception cref="CalculationException">INVALID_DATE beyond the years 1 to 9999.</exception>
    public static DateOnly PlusMonths(this DateOnly day, long months)
    {
        var index = (day.Year * 12L) + day.Month - 1 + Math.Clamp(months, -200_000, 200_000);
        if (index is < 12 or >= 120_000)
            throw CalculationException.DateOutOfCalendar("resulting date");
        var (year, month) = ((int)(index / 12), (int)(index % 12) + 1);
        return new(year, month, Math.Min(day.Day, DateTime.DaysInMonth(year, month)));
    }

    /// <summary>The day some days on (or back).</summary>
    /// <exception cref="CalculationException">INVALID_DATE beyond the years 1 to 9999.</exception>
    public static DateOnly PlusDays(this DateOnly day, long days)
    {
        var number = day.DayNumber + Math.Clamp(days, -4_000_000, 4_000_000);
        return number >= 0 && number <= DateOnly.MaxValue.DayNumber
            ? DateOnly.FromDayNumber((int)number)
            : throw CalculationException.DateOutOfCalendar("resulting date");
    }

    /// <summary>Whether the day is the last of its month.</summary>
    public static bool IsMonthEnd(this DateOnly day) => day.Day == DateTime.DaysInMonth(day.Year, day.Month);
}
