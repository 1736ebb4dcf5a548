using Exeunt.Core.Calendar;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Calendar;

/// <summary>Periods, ranges and billing anchors on the calendar; the statutory ones are in the rule vectors.</summary>
public sealed class PeriodTests
{
    private static DateOnly D(string day) =>
        DateOnly.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public void A_deadline_moves_past_holidays_to_a_worked_day_and_not_past_a_worked_weekend()
    {
        // National Day 2026, with Sunday 11 October worked in exchange.
        var calendar = new BusinessDays(
            Enumerable.Range(1, 8).Select(d => new DateOnly(2026, 10, d)),
            [D("2026-10-11")]
        );
        Deadlines.Of(D("2026-09-24"), DeadlineUnit.Day, 7, calendar).ShouldBe(new(D("2026-10-01"), D("2026-10-09")));
        Deadlines.Of(D("2026-10-04"), DeadlineUnit.Day, 7, calendar).ShouldBe(new(D("2026-10-11"), D("2026-10-11")));
    }

    [Fact]
    public void A_range_does_not_run_backwards() =>
        Should
            .Throw<CalculationException>(() => new DateRange(D("2025-01-02"), D("2025-01-01")))
            .Code.ShouldBe("END_BEFORE_START");

    [Theory]
    [InlineData("2025-02-28", "2025-03-31", 1)]
    [InlineData("2025-01-31", "2025-02-28", 1)]
    [InlineData("2025-01-01", "2026-01-01", 12)]
    [InlineData("2025-01-15", "2025-02-20", null)]
    [InlineData("2025-01-01", "2025-01-20", null)]
    public void Whole_months_are_seen_from_clamped_anchors_too(string from, string until, int? months) =>
        BillingPeriods.WholeMonths(new(D(from), D(until))).ShouldBe(months);
}
