using Exeunt.Core.Cases;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Cases;

/// <summary>Which steps are called slow, and which are not.</summary>
public sealed class SlowStepsTests
{
    private const long Hour = 3_600_000;

    private static StepLoad Step(string id, int done = 10, int withDue = 0, int late = 0, long ours = 0, long median = 0) => new(id, done, withDue, late, ours, median);

    [Theory]
    [InlineData(10, 2, false)]
    [InlineData(10, 3, true)]
    [InlineData(5, 1, false)]
    [InlineData(5, 2, true)]
    [InlineData(4, 4, false)]
    public void A_step_is_late_when_more_than_one_in_five_of_at_least_five_ends_came_after_the_due_time(int withDue, int late, bool slow) =>
        SlowSteps.Of([Step("a", withDue: withDue, late: late)]).Select(s => s.Because).ShouldBe(slow ? [SlowBecause.Late] : []);

    [Theory]
    [InlineData(25, 75, 24, true)]
    [InlineData(24, 76, 24, false)]
    [InlineData(25, 75, 23, false)]
    public void A_step_is_heavy_when_it_takes_a_quarter_of_our_time_and_half_its_runs_a_day(long its, long others, long median, bool slow) =>
        SlowSteps.Of([Step("a", ours: its * Hour, median: median * Hour), Step("b", ours: others * Hour, median: Hour)]).Any(s => s.Step == "a").ShouldBe(slow);

    [Fact]
    public void Late_steps_come_first_then_the_heavy_ones_the_worst_first_and_each_once()
    {
        var slow = SlowSteps.Of([Step("heavy", ours: 40 * Hour, median: 30 * Hour), Step("both", withDue: 10, late: 4, ours: 60 * Hour, median: 50 * Hour), Step("later", withDue: 10, late: 9), Step("fine", withDue: 10)]);
        slow.Select(s => (s.Step, s.Because)).ShouldBe([("later", SlowBecause.Late), ("both", SlowBecause.Late), ("heavy", SlowBecause.Heavy)]);
        slow[2].Share.ShouldBe(0.4m);
    }

    [Fact]
    public void Where_nothing_was_done_nothing_is_slow() => SlowSteps.Of([Step("a", done: 0)]).ShouldBeEmpty();
}
