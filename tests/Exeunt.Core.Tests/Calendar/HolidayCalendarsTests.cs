using System.Globalization;
using Exeunt.Core.Calendar;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Calendar;

public sealed class HolidayCalendarsTests
{
    private static DateOnly D(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData(2000, "2000-04-23")]
    [InlineData(2024, "2024-03-31")]
    [InlineData(2025, "2025-04-20")]
    [InlineData(2026, "2026-04-05")]
    [InlineData(2038, "2038-04-25")]
    public void Easter_moves(int year, string easter) => HolidayCalendars.Easter(year).ShouldBe(D(easter));

    [Theory]
    [InlineData("CN", "2026-02-17", false)]
    [InlineData("CN", "2026-02-14", true)]
    [InlineData("CN", "2025-10-08", false)]
    [InlineData("CN", "2025-10-11", true)]
    [InlineData("CN", "2026-10-10", true)]
    [InlineData("CN", "2030-10-02", false)]
    [InlineData("CN", "2030-10-07", true)]
    [InlineData("DE", "2026-05-14", false)]
    [InlineData("DE", "2026-07-14", true)]
    [InlineData("FR", "2026-07-14", false)]
    [InlineData("FR", "2026-04-03", true)]
    [InlineData("GB", "2026-04-03", false)]
    [InlineData("GB", "2026-12-28", false)]
    [InlineData("GB", "2027-12-27", false)]
    [InlineData("GB", "2027-12-28", false)]
    [InlineData("GB", "2026-08-31", false)]
    [InlineData("US-CA", "2026-11-26", false)]
    [InlineData("US-NY", "2026-07-03", false)]
    [InlineData("US-NY", "2026-07-06", true)]
    [InlineData("EU", "2026-12-25", true)]
    [InlineData("JP", "2026-12-26", false)]
    public void A_day_is_worked_or_not(string place, string day, bool worked) => HolidayCalendars.For(place).IsWorked(D(day)).ShouldBe(worked);

    [Fact]
    public void Added_days_go_over_the_built_in_ones()
    {
        var calendar = HolidayCalendars.For("CN", [new(D("2026-10-10"), false), new(D("2026-10-07"), true), new(D("2027-02-08"), false), new(D("2027-02-06"), true)]);
        calendar.IsWorked(D("2026-10-10")).ShouldBeFalse();
        calendar.IsWorked(D("2026-10-07")).ShouldBeTrue();
        calendar.IsWorked(D("2027-02-08")).ShouldBeFalse();
        calendar.IsWorked(D("2027-02-06")).ShouldBeTrue();
        calendar.IsWorked(D("2026-10-06")).ShouldBeFalse();
    }
}
