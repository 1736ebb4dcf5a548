using Exeunt.Core.Calendar;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Calendar;

/// <summary>Working time, counted by hand over weekends, Chinese holidays and the weekends worked in exchange.</summary>
public sealed class BusinessHoursTests
{
    private static readonly BusinessHours Office = new("CN", new(9, 0), new(18, 0));

    [Theory]
    // Within a day; the last minute of the day is the closing time itself.
    [InlineData("2026-11-26 10:00", 120, "2026-11-26 12:00")]
    [InlineData("2026-11-26 09:00", 540, "2026-11-26 18:00")]
    // Over the night, the weekend, from outside working time.
    [InlineData("2026-11-26 17:00", 120, "2026-11-27 10:00")]
    [InlineData("2026-11-27 17:00", 120, "2026-11-30 10:00")]
    [InlineData("2026-11-26 06:30", 60, "2026-11-26 10:00")]
    [InlineData("2026-11-26 18:00", 60, "2026-11-27 10:00")]
    [InlineData("2026-11-27 23:59", 60, "2026-11-30 10:00")]
    [InlineData("2026-11-28 12:00", 30, "2026-11-30 09:30")]
    [InlineData("2026-11-26 06:30", 0, "2026-11-26 09:00")]
    [InlineData("2026-11-28 12:00", 0, "2026-11-30 09:00")]
    // National Day 2026: off 1 to 7 October, Saturday the 10th is worked, Sunday the 11th is not.
    [InlineData("2026-09-30 17:00", 120, "2026-10-08 10:00")]
    [InlineData("2026-10-09 17:00", 120, "2026-10-10 10:00")]
    [InlineData("2026-10-10 17:00", 120, "2026-10-12 10:00")]
    // Spring Festival 2026: off 15 to 23 February, Saturdays 14 and 28 February are worked.
    [InlineData("2026-02-13 17:30", 60, "2026-02-14 09:30")]
    [InlineData("2026-02-14 17:30", 60, "2026-02-24 09:30")]
    // 45 hours are five working days of nine hours.
    [InlineData("2026-11-26 14:00", 2700, "2026-12-03 14:00")]
    public void Counts_working_time_only(string from, int minutes, string due) =>
        Office.After(At(from), minutes, HolidayCalendars.For("CN")).ShouldBe(At(due));

    [Fact]
    public void Takes_the_companys_own_days_over_the_calendars()
    {
        var days = HolidayCalendars.For("CN", [new(new(2026, 11, 27), Worked: false), new(new(2026, 11, 28), Worked: true)]);
        Office.After(At("2026-11-26 17:00"), 120, days).ShouldBe(At("2026-11-28 10:00"));
    }

    [Fact]
    public void Adds_up()
    {
        var days = HolidayCalendars.For("CN");
        var random = new Random(11);
        for (var i = 0; i < 2000; i++)
        {
            var from = new DateTime(2026, 1, 1).AddMinutes(random.Next(365 * 24 * 60));
            var (a, b) = (random.Next(1, 3000), random.Next(1, 3000));
            // One after the other is the same as at once, and never outside working time.
            var due = Office.After(from, a + b, days);
            due.ShouldBe(Office.After(Office.After(from, a, days), b, days));
            days.IsWorked(DateOnly.FromDateTime(due)).ShouldBeTrue();
            TimeOnly.FromDateTime(due).ShouldBeInRange(new(9, 0), new(18, 0));
        }
    }

    [Fact]
    public void Refuses_time_that_runs_backwards() => Should.Throw<ArgumentOutOfRangeException>(() => Office.After(At("2026-11-26 10:00"), -1, BusinessDays.WeekdaysOnly));

    private static DateTime At(string text) => DateTime.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
