namespace Exeunt.Core.Calendar;

/// <summary>A day that a calendar has beside its own rule.</summary>
/// <param name="Worked">Whether it is worked: a weekend made a working day; otherwise a day off.</param>
public readonly record struct CalendarDay(DateOnly On, bool Worked);

/// <summary>
/// Public holidays by place. China: the days announced for 2024 to 2026 with the weekends worked in exchange; for other years
/// only 1 January, 1 and 2 May and 1 to 3 October, until the year is announced and an administrator adds its days. Germany: the
/// national days; France; England and Wales by the rule, without one-off days; the United States: federal days as observed.
/// Elsewhere, the Union as such included: weekends only.
/// </summary>
public static class HolidayCalendars
{
    private const int FirstYear = 2000;
    private const int LastYear = 2100;

    // Announced by the State Council: first day, number of days off.
    private static readonly (int Year, int Month, int Day, int Days)[] ChinaOff =
    [
        (2024, 1, 1, 1), (2024, 2, 10, 8), (2024, 4, 4, 3), (2024, 5, 1, 5), (2024, 6, 10, 1), (2024, 9, 15, 3), (2024, 10, 1, 7),
        (2025, 1, 1, 1), (2025, 1, 28, 8), (2025, 4, 4, 3), (2025, 5, 1, 5), (2025, 5, 31, 3), (2025, 10, 1, 8),
        (2026, 1, 1, 3), (2026, 2, 15, 9), (2026, 4, 4, 3), (2026, 5, 1, 5), (2026, 6, 19, 3), (2026, 9, 25, 3), (2026, 10, 1, 7),
    ];

    private static readonly (int Year, int Month, int Day)[] ChinaWorked =
    [
        (2024, 2, 4), (2024, 2, 18), (2024, 4, 7), (2024, 4, 28), (2024, 5, 11), (2024, 9, 14), (2024, 9, 29), (2024, 10, 12),
        (2025, 1, 26), (2025, 2, 8), (2025, 4, 27), (2025, 9, 28), (2025, 10, 11),
        (2026, 1, 4), (2026, 2, 14), (2026, 2, 28), (2026, 5, 9), (2026, 9, 20), (2026, 10, 10),
    ];

    private static readonly Dictionary<string, (HashSet<DateOnly> Off, HashSet<DateOnly> Worked)> Days = new(StringComparer.Ordinal)
    {
        ["CN"] = ([.. Years(China)], [.. ChinaWorked.Select(d => new DateOnly(d.Year, d.Month, d.Day))]),
        ["DE"] = ([.. Years(Germany)], []),
        ["FR"] = ([.. Years(France)], []),
        ["GB"] = ([.. Years(England)], []),
        ["US"] = ([.. Years(UnitedStates)], []),
    };

    private static readonly Dictionary<string, BusinessDays> Calendars = Days.ToDictionary(d => d.Key, d => new BusinessDays(d.Value.Off, d.Value.Worked), StringComparer.Ordinal);

    /// <summary>The places with holidays of their own: "CN", "DE", "FR", "GB", "US".</summary>
    public static IReadOnlyList<string> Places { get; } = [.. Days.Keys];

    /// <summary>The calendar of a place; of "US-CA" that of "US"; weekends only where nothing is known.</summary>
    public static BusinessDays For(string? place) => Calendars.GetValueOrDefault(Key(place), BusinessDays.WeekdaysOnly);

    /// <summary>The calendar of a place with days of one's own over it.</summary>
    public static BusinessDays For(string? place, IReadOnlyList<CalendarDay> own)
    {
        if (own.Count == 0)
            return For(place);
        var (off, worked) = Days.GetValueOrDefault(Key(place), ([], []));
        return new(
            off.Except(own.Where(d => d.Worked).Select(d => d.On)).Union(own.Where(d => !d.Worked).Select(d => d.On)),
            worked.Union(own.Where(d => d.Worked).Select(d => d.On)));
    }

    /// <summary>Days off that fall on a weekday, and weekends that are worked, of one year.</summary>
    public static IReadOnlyList<CalendarDay> Of(string? place, int year)
    {
        var (off, worked) = Days.GetValueOrDefault(Key(place), ([], []));
        return
        [
            .. off.Where(d => d.Year == year).Select(d => new CalendarDay(d, false)).Concat(worked.Where(d => d.Year == year).Select(d => new CalendarDay(d, true)))
                .OrderBy(d => d.On),
        ];
    }

    /// <summary>Easter Sunday by the Gregorian rule.</summary>
    public static DateOnly Easter(int year)
    {
        var (a, b, c) = (year % 19, year / 100, year % 100);
        var h = ((19 * a) + b - (b / 4) - ((b - ((b + 8) / 25) + 1) / 3) + 15) % 30;
        var l = (32 + (2 * (b % 4)) + (2 * (c / 4)) - h - (c % 4)) % 7;
        var m = (a + (11 * h) + (22 * l)) / 451;
        var n = h + l - (7 * m) + 114;
        return new(year, n / 31, (n % 31) + 1);
    }

    private static string Key(string? place) => place is ['U', 'S', '-', ..] ? "US" : place ?? "";

    private static IEnumerable<DateOnly> Years(Func<int, IEnumerable<DateOnly>> of) => Enumerable.Range(FirstYear, LastYear - FirstYear + 1).SelectMany(of);

    private static IEnumerable<DateOnly> China(int year)
    {
        var announced = ChinaOff.Where(d => d.Year == year).SelectMany(d => Enumerable.Range(0, d.Days).Select(i => new DateOnly(year, d.Month, d.Day).AddDays(i))).ToList();
        return announced.Count > 0 ? announced : [new(year, 1, 1), new(year, 5, 1), new(year, 5, 2), new(year, 10, 1), new(year, 10, 2), new(year, 10, 3)];
    }

    private static IEnumerable<DateOnly> Germany(int year)
    {
        var easter = Easter(year);
        return [new(year, 1, 1), easter.AddDays(-2), easter.AddDays(1), new(year, 5, 1), easter.AddDays(39), easter.AddDays(50), new(year, 10, 3), new(year, 12, 25), new(year, 12, 26)];
    }

    private static IEnumerable<DateOnly> France(int year)
    {
        var easter = Easter(year);
        return
        [
            new(year, 1, 1), easter.AddDays(1), new(year, 5, 1), new(year, 5, 8), easter.AddDays(39), easter.AddDays(50), new(year, 7, 14), new(year, 8, 15),
            new(year, 11, 1), new(year, 11, 11), new(year, 12, 25),
        ];
    }

    private static IEnumerable<DateOnly> England(int year)
    {
        var easter = Easter(year);
        var newYear = new DateOnly(year, 1, 1);
        var christmas = new DateOnly(year, 12, 25);
        return
        [
            Weekday(newYear), easter.AddDays(-2), easter.AddDays(1), Nth(year, 5, DayOfWeek.Monday, 1), Last(year, 5, DayOfWeek.Monday), Last(year, 8, DayOfWeek.Monday),
            // Christmas and Boxing Day on a weekend: the next two weekdays.
            .. christmas.DayOfWeek switch
            {
                DayOfWeek.Friday => new[] { christmas, christmas.AddDays(3) },
                DayOfWeek.Saturday => [christmas.AddDays(2), christmas.AddDays(3)],
                DayOfWeek.Sunday => [christmas.AddDays(1), christmas.AddDays(2)],
                _ => [christmas, christmas.AddDays(1)],
            },
        ];
    }

    private static IEnumerable<DateOnly> UnitedStates(int year)
    {
        List<DateOnly> days =
        [
            Observed(new(year, 1, 1)), Nth(year, 1, DayOfWeek.Monday, 3), Nth(year, 2, DayOfWeek.Monday, 3), Last(year, 5, DayOfWeek.Monday), Observed(new(year, 7, 4)),
            Nth(year, 9, DayOfWeek.Monday, 1), Nth(year, 10, DayOfWeek.Monday, 2), Observed(new(year, 11, 11)), Nth(year, 11, DayOfWeek.Thursday, 4), Observed(new(year, 12, 25)),
        ];
        if (year >= 2021)
            days.Add(Observed(new(year, 6, 19)));
        return days;
    }

    private static DateOnly Weekday(DateOnly day) => day.DayOfWeek switch { DayOfWeek.Saturday => day.AddDays(2), DayOfWeek.Sunday => day.AddDays(1), _ => day };

    private static DateOnly Observed(DateOnly day) => day.DayOfWeek switch { DayOfWeek.Saturday => day.AddDays(-1), DayOfWeek.Sunday => day.AddDays(1), _ => day };

    private static DateOnly Nth(int year, int month, DayOfWeek weekday, int n)
    {
        var first = new DateOnly(year, month, 1);
        return first.AddDays((((int)weekday - (int)first.DayOfWeek + 7) % 7) + (7 * (n - 1)));
    }

    private static DateOnly Last(int year, int month, DayOfWeek weekday)
    {
        var last = new DateOnly(year, month, DateTime.DaysInMonth(year, month));
        return last.AddDays(-(((int)last.DayOfWeek - (int)weekday + 7) % 7));
    }
}
