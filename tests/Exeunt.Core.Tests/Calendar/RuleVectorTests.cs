using Exeunt.Core.Calendar;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Calendar;

/// <summary>The rule vectors that are periods: R2 to R5, R8, R11 to R15 and R19 of the rules document.</summary>
public sealed class RuleVectorTests
{
    private static DateOnly D(string day) =>
        DateOnly.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public void R2_a_cure_period_runs_from_the_day_after_the_notice_arrives()
    {
        NoticePeriod.FirstDay(D("2026-03-02")).ShouldBe(D("2026-03-03"));
        NoticePeriod.OfDays(15).LastDay(D("2026-03-02")).ShouldBe(D("2026-03-17"));
    }

    [Fact]
    public void R3_a_right_to_terminate_lapses_a_year_after_the_ground_was_known() =>
        Deadlines.ChinaRightToTerminate(D("2025-06-30")).ShouldBe(D("2026-06-30"));

    [Fact]
    public void R4_seven_days_to_return_and_seven_to_refund()
    {
        Deadlines.ChinaDistanceSale(D("2026-05-01")).LastDay.ShouldBe(D("2026-05-08"));
        Deadlines.ChinaDistanceSale(D("2026-05-12")).LastDay.ShouldBe(D("2026-05-19"));
    }

    [Fact]
    public void R5_telecom_arrears() =>
        Deadlines.ChinaTelecomArrears(D("2026-03-02")).ShouldBe((D("2026-04-02"), D("2026-06-02")));

    [Fact]
    public void R8_the_window_of_the_French_renewal_notice()
    {
        SendingWindow.MonthsBefore(D("2026-11-30"), 3, 1).ShouldBe(new(D("2026-08-30"), D("2026-10-30")));
        SendingWindow.MonthsBefore(D("2026-11-30"), 3, 1).Contains(D("2026-11-02")).ShouldBeFalse();
        D("2027-02-10").PlusDays(30).ShouldBe(D("2027-03-12"));
    }

    [Fact]
    public void R11_cloud_contracts_in_the_EU() =>
        Deadlines
            .EuDataProcessingExit(D("2026-12-01"), NoticePeriod.OfDays(90))
            .ShouldBe((D("2027-02-01"), D("2027-03-03"), D("2027-04-02")));

    [Fact]
    public void R12_platforms_in_the_EU() => Deadlines.EuPlatformTermination(D("2026-04-01")).ShouldBe(D("2026-05-01"));

    [Fact]
    public void R13_renewal_notices_in_California()
    {
        SendingWindow.DaysBefore(D("2026-09-30"), 21, 3).ShouldBe(new(D("2026-09-09"), D("2026-09-27")));
        SendingWindow.DaysBefore(D("2027-01-01"), 45, 15).ShouldBe(new(D("2026-11-17"), D("2026-12-17")));
    }

    [Fact]
    public void R14_price_rises_in_New_York() =>
        SendingWindow.DaysBefore(D("2026-10-01"), 30, 5).ShouldBe(new(D("2026-09-01"), D("2026-09-26")));

    [Fact]
    public void R15_three_working_days_from_a_Friday() =>
        BusinessDays.WeekdaysOnly.After(D("2027-05-07"), 3).ShouldBe(D("2027-05-12"));

    [Fact]
    public void R19_four_days_are_before_the_renewal_but_miss_the_safe_harbour_of_five() =>
        (D("2026-08-10").DayNumber - D("2026-08-06").DayNumber).ShouldBeLessThan(5);

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
    public void The_clock_of_a_data_subject_is_calendar_months()
    {
        Deadlines.DataSubjectRequest(D("2026-01-31")).LastDay.ShouldBe(D("2026-03-02"));
        Deadlines.DataSubjectRequest(D("2026-01-31"), extended: true).LastDay.ShouldBe(D("2026-04-30"));
        Deadlines.EuWithdrawal(D("2026-06-20")).LastDay.ShouldBe(D("2026-07-06"));
        Deadlines.ChinaPrepaidRefund(D("2025-06-01")).LastDay.ShouldBe(D("2025-06-09"));
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
