using Exeunt.Core.DataRequests;
using Exeunt.Core.Rules;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.DataRequests;

public class DataRequestClockTests
{
    [Theory]
    [InlineData("CN", DataRequestLaw.China)]
    [InlineData("DE", DataRequestLaw.Europe)]
    [InlineData("EU", DataRequestLaw.Europe)]
    [InlineData("US-CA", DataRequestLaw.California)]
    [InlineData("US-NY", DataRequestLaw.China)]
    [InlineData("", DataRequestLaw.China)]
    [InlineData(null, DataRequestLaw.China)]
    public void The_place_says_whose_clock_runs(string? place, DataRequestLaw law) => DataRequestClock.LawOf(place).ShouldBe(law);

    [Fact]
    public void China_answers_within_fifteen_working_days()
    {
        // Received Wednesday 3 June 2026; the Dragon Boat festival (19 June) is no working day.
        var clock = DataRequestClock.Of(DataRequestLaw.China, new(2026, 6, 3), Pack("CN"));
        (clock.DueOn, clock.ReceiptBy, clock.ExtendedUntil).ShouldBe((new DateOnly(2026, 6, 25), null, null));
    }

    [Theory]
    [InlineData("2026-01-31", "2026-03-02", "2026-04-30")] // 28 February is a Saturday: the next working day
    [InlineData("2026-06-10", "2026-07-10", "2026-09-10")]
    public void Europe_answers_within_a_calendar_month_and_two_more(string received, string due, string extended)
    {
        var clock = DataRequestClock.Of(DataRequestLaw.Europe, DateOnly.Parse(received), Pack("EU"));
        (clock.DueOn, clock.ExtendedUntil, clock.TellBy).ShouldBe((DateOnly.Parse(due), DateOnly.Parse(extended), DateOnly.Parse(due)));
    }

    [Fact]
    public void California_confirms_within_ten_business_days_and_answers_within_45_days_and_45_more()
    {
        var clock = DataRequestClock.Of(DataRequestLaw.California, new(2026, 6, 1), null);
        (clock.ReceiptBy, clock.DueOn, clock.ExtendedUntil).ShouldBe((new DateOnly(2026, 6, 15), new DateOnly(2026, 7, 16), new DateOnly(2026, 8, 30)));
    }

    private static RulePack Pack(string place) => BuiltInPacks.All.Last(p => p.Jurisdiction == place);
}
