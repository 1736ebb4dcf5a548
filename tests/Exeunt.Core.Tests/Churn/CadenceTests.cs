using Exeunt.Core.Activity;
using Exeunt.Core.Churn;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Churn;

public sealed class CadenceTests
{
    /// <summary>Reference: the cumulative sum written out by hand, μ 1.984359, σ 0.138479 (no floor), k 0.5, h 5; ± 0.0001.</summary>
    [Fact]
    public void The_vector_of_lengthening_gaps_alarms_at_the_third()
    {
        var steps = Cadence.Steps([7, 8, 6, 7, 7, 9, 8, 14, 21, 30], leastDeviation: 0);

        steps.Select(s => Math.Round(s.Sum, 4)).ShouldBe([0.1866, 4.4144, 11.5702, 21.3016]);
        steps.Select(s => s.IsAlarm).ShouldBe([false, false, true, true]);
    }

    [Fact]
    public void The_floor_of_the_deviation_keeps_a_regular_customer_from_alarming()
    {
        double[] gaps = [7, 7, 7, 7, 7, 7, 8, 8, 8];

        Cadence.Steps(gaps).Any(s => s.IsAlarm).ShouldBeFalse();
        Cadence.Steps(gaps, leastDeviation: 0.001).Any(s => s.IsAlarm).ShouldBeTrue();
    }

    [Fact]
    public void Without_gaps_after_the_baseline_there_are_no_steps() => Cadence.Steps([7, 8, 6, 7, 7, 9]).ShouldBeEmpty();

    /// <summary>Reference: e^(−30 ÷ 7.3333) = 0.016724.</summary>
    [Fact]
    public void The_chance_of_a_long_absence_is_exponential() => Cadence.Chance(44.0 / 6, 30).ShouldBe(0.016724, 0.000001);

    [Theory]
    [InlineData(19_999, RhythmState.OnTime)]
    [InlineData(20_000, RhythmState.Late)]
    [InlineData(29_999, RhythmState.Late)]
    [InlineData(30_000, RhythmState.Broken)]
    [InlineData(IIndicatorValues.Unknown, RhythmState.None)]
    public void The_thresholds_of_the_rhythm_are_inclusive(long ratio, RhythmState state) => Cadence.Of(ratio).ShouldBe(state);
}

public sealed class PartialDefectionTests
{
    /// <summary>Reference: 60 of 90 then, 30 of 100 now: 1 − 0.3 ÷ 0.6667 = 55.00 %.</summary>
    [Fact]
    public void The_vector_is_a_partial_defection()
    {
        PartialDefection.Drop(30, 100, 60, 90).ShouldBe(5_500);
        PartialDefection.Of(5_500).ShouldBe(Defection.Partial);
    }

    [Theory]
    [InlineData(30, 100, 0, 90)]
    [InlineData(30, 0, 60, 90)]
    [InlineData(30, 100, 60, 0)]
    public void Of_nothing_there_is_no_drop(long now, long walletNow, long then, long walletThen)
    {
        PartialDefection.Drop(now, walletNow, then, walletThen).ShouldBeNull();
        PartialDefection.Of(null).ShouldBeNull();
        PartialDefection.DropOfUsual(IIndicatorValues.Unknown).ShouldBeNull();
    }

    [Theory]
    [InlineData(2_999, Defection.None)]
    [InlineData(3_000, Defection.Watched)]
    [InlineData(4_999, Defection.Watched)]
    [InlineData(5_000, Defection.Partial)]
    [InlineData(-100, Defection.None)]
    public void The_thresholds_are_inclusive(long drop, Defection defection) => PartialDefection.Of(drop).ShouldBe(defection);

    [Theory]
    [InlineData(ChurnState.Churned, null, 9_000, Defection.Complete)]
    [InlineData(ChurnState.Churned, null, IIndicatorValues.Unknown, Defection.Complete)]
    [InlineData(ChurnState.Borderline, null, 0, Defection.Partial)]
    [InlineData(ChurnState.Active, null, 7_000, Defection.Watched)]
    [InlineData(ChurnState.Active, null, 7_001, Defection.None)]
    [InlineData(ChurnState.Active, null, IIndicatorValues.Unknown, null)]
    [InlineData(ChurnState.Excluded, ExclusionReason.ContractInTerm, 0, Defection.Partial)]
    [InlineData(ChurnState.Excluded, ExclusionReason.AgreedPause, 0, null)]
    [InlineData(ChurnState.Excluded, ExclusionReason.Seasonal, 0, null)]
    public void Who_is_churned_has_left_completely_and_who_pauses_is_not_judged(ChurnState state, ExclusionReason? excluded, long share, Defection? defection) =>
        PartialDefection.Of(new ChurnStatus(state, false, 1, false, null, null, excluded), share).ShouldBe(defection);

    [Fact]
    public void The_thresholds_are_arguments() => PartialDefection.Of(2_000, ChurnThresholds.Usual with { WatchDrop = 1_000, PartialDrop = 2_000 }).ShouldBe(Defection.Partial);
}
