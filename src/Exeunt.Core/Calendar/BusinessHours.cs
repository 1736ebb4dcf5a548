namespace Exeunt.Core.Calendar;

/// <summary>
/// Working time: from <paramref name="Opens"/> (included) to <paramref name="Closes"/> (excluded) on the worked days of a place's
/// calendar ("CN", "GB"; see <see cref="HolidayCalendars"/>). Closes is later than opens; there is no break.
/// </summary>
public sealed record BusinessHours(string Place, TimeOnly Opens, TimeOnly Closes)
{
    /// <summary>Minutes worked on a worked day.</summary>
    public int MinutesADay => (int)(Closes - Opens).TotalMinutes;

    /// <summary>
    /// The local time at which <paramref name="minutes"/> of working time have passed since <paramref name="from"/>. Time outside
    /// working time does not count; 0 minutes from outside give the next opening.
    /// </summary>
    public DateTime After(DateTime from, int minutes, BusinessDays days)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(minutes);
        var at = Next(from, days);
        while (true)
        {
            var left = (int)(at.Date.Add(Closes.ToTimeSpan()) - at).TotalMinutes;
            if (minutes <= left)
                return at.AddMinutes(minutes);
            minutes -= left;
            at = Next(at.Date.AddDays(1), days);
        }
    }

    /// <summary>The time itself within working time, else the next opening.</summary>
    private DateTime Next(DateTime from, BusinessDays days)
    {
        var day = DateOnly.FromDateTime(from);
        if (!days.IsWorked(day) || TimeOnly.FromDateTime(from) >= Closes)
            return days.OnOrAfter(day.AddDays(1)).ToDateTime(Opens);
        return TimeOnly.FromDateTime(from) < Opens ? day.ToDateTime(Opens) : from;
    }
}
