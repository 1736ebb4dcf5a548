using Exeunt.Core.Activity;
using Exeunt.Core.Churn;
using Exeunt.Core.Tests.Activity;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Churn;

public sealed class ChurnStatusTests
{
    private static readonly DateOnly AsOf = new(2012, 1, 1);

    /// <summary>A "1" set apart is an active month before the six: the customer is older than the window.</summary>
    [Theory]
    [InlineData("1 111111", ChurnState.Active, false, 0)]
    [InlineData("1 111110", ChurnState.Borderline, false, 1)]
    [InlineData("1 111100", ChurnState.Borderline, false, 2)]
    [InlineData("1 111000", ChurnState.Churned, false, 3)]
    [InlineData("1 101010", ChurnState.Borderline, true, 1)]
    [InlineData("1 101011", ChurnState.Active, true, 0)]
    [InlineData("1 110001", ChurnState.Reactivated, false, 0)]
    [InlineData("100000", ChurnState.Churned, false, 5)]
    [InlineData("000100", ChurnState.New, false, 2)]
    [InlineData("000000", ChurnState.Prospect, false, null)]
    public void Vectors_of_the_definition_hold(string months, ChurnState state, bool intermittent, int? silent)
    {
        var status = StatusOf(months);

        status.State.ShouldBe(state);
        status.IsIntermittent.ShouldBe(intermittent);
        status.MonthsSilent.ShouldBe(silent);
        status.Exclusion.ShouldBeNull();
    }

    [Theory]
    [InlineData("1 111110", true)]
    [InlineData("1 101011", true)]
    [InlineData("1 111111", false)]
    [InlineData("1 101000", false)]
    [InlineData("000000", false)]
    public void The_borderline_list_holds_who_is_with_us_and_intermittent(string months, bool isOn) => StatusOf(months).IsOnBorderlineList.ShouldBe(isOn);

    [Fact]
    public void Churn_happens_with_the_first_silent_month_and_is_detected_when_the_third_has_closed()
    {
        var status = StatusOf("111000");

        status.EventOn.ShouldBe(new DateOnly(2011, 10, 1));
        status.DetectedOn.ShouldBe(new DateOnly(2012, 1, 1));
    }

    [Fact]
    public void The_dates_of_churn_stay_when_the_silence_goes_on()
    {
        var status = StatusOf("100000");

        status.EventOn.ShouldBe(new DateOnly(2011, 8, 1));
        status.DetectedOn.ShouldBe(new DateOnly(2011, 11, 1));
    }

    [Theory]
    [InlineData("111110")]
    [InlineData("110001")]
    [InlineData("000000")]
    public void Who_is_not_churned_has_no_dates_of_churn(string months)
    {
        StatusOf(months).EventOn.ShouldBeNull();
        StatusOf(months).DetectedOn.ShouldBeNull();
    }

    [Fact]
    public void One_active_month_and_then_churn_is_one_time()
    {
        StatusOf("100000").IsOneTime.ShouldBeTrue();
        StatusOf("110000").IsOneTime.ShouldBeFalse();
        StatusOf("000100").IsOneTime.ShouldBeFalse();
    }

    [Fact]
    public void Reactivated_lasts_one_month()
    {
        StatusOf("11000").State.ShouldBe(ChurnState.Churned);
        StatusOf("110001").State.ShouldBe(ChurnState.Reactivated);
        StatusOf("1100011").State.ShouldBe(ChurnState.Active);
        StatusOf("1100010").State.ShouldBe(ChurnState.Borderline);
    }

    [Theory]
    [InlineData("1", ChurnState.New)]
    [InlineData("11", ChurnState.New)]
    [InlineData("100", ChurnState.New)]
    [InlineData("111", ChurnState.New)]
    [InlineData("1111", ChurnState.Active)]
    [InlineData("1000", ChurnState.Churned)]
    public void New_lasts_three_closed_months(string months, ChurnState state) =>
        StatusOf(months).State.ShouldBe(state);

    [Fact]
    public void A_silent_run_cut_by_the_edge_of_six_months_counts_as_a_run()
    {
        StatusOf("1 011011").IsIntermittent.ShouldBeTrue();
        StatusOf("1 0 011111").IsIntermittent.ShouldBeFalse();
    }

    [Fact]
    public void Months_before_the_first_active_one_are_no_run() => StatusOf("0 010111").IsIntermittent.ShouldBeFalse();

    [Fact]
    public void The_open_month_is_ignored()
    {
        var packed = Histories.Packed("1111", new DateOnly(2012, 1, 1));
        var more = ActivityMonths.Merge(packed, Histories.Packed("1", new DateOnly(2012, 2, 1)));

        ChurnStatus.Of(more, new DateOnly(2012, 1, 31)).ShouldBe(ChurnStatus.Of(packed, new DateOnly(2012, 1, 31)));
    }

    [Fact]
    public void A_month_of_returns_only_is_silent()
    {
        Fact[] facts =
        [
            new(FactKind.Order, new(2011, 10, 5), 10_00, "1"),
            new(FactKind.Return, new(2011, 12, 5), -4_00, "C2"),
        ];

        ChurnStatus.Of(ActivityMonths.Build(facts), AsOf).MonthsSilent.ShouldBe(2);
    }

    [Fact]
    public void A_month_in_which_as_much_comes_back_as_is_ordered_is_silent()
    {
        Fact[] facts =
        [
            new(FactKind.Order, new(2011, 12, 5), 10_00, "1"),
            new(FactKind.Return, new(2011, 12, 6), -10_00, "C2"),
        ];

        ChurnStatus.Of(ActivityMonths.Build(facts), AsOf).State.ShouldBe(ChurnState.Prospect);
    }

    [Fact]
    public void An_adjustment_does_not_make_a_month_active()
    {
        Fact[] facts = [new(FactKind.Adjustment, new(2011, 12, 5), 10_00, "A1")];

        ChurnStatus.Of(ActivityMonths.Build(facts), AsOf).State.ShouldBe(ChurnState.Prospect);
    }

    [Fact]
    public void A_summer_pause_of_every_year_is_seasonal()
    {
        var status = StatusOf("1 001111111111 001111111111 00");

        status.State.ShouldBe(ChurnState.Excluded);
        status.Exclusion.ShouldBe(ExclusionReason.Seasonal);
        status.MonthsSilent.ShouldBe(2);
        status.EventOn.ShouldBeNull();
    }

    [Fact]
    public void Silence_beyond_the_season_is_not_seasonal() =>
        StatusOf("1 001111111111 001111111111 000").State.ShouldBe(ChurnState.Churned);

    [Fact]
    public void A_season_kept_in_one_year_only_is_not_seasonal() =>
        StatusOf("1 011111111111 001111111111 00").State.ShouldBe(ChurnState.Borderline);

    [Fact]
    public void A_year_without_any_active_month_makes_nothing_seasonal() =>
        StatusOf("1 000000000000 000000000001 000").State.ShouldBe(ChurnState.Churned);

    [Fact]
    public void Under_two_full_years_nothing_is_seasonal()
    {
        StatusOf("1 011111111111 011111111111 0").State.ShouldBe(ChurnState.Excluded);
        StatusOf("11111111111 011111111111 0").State.ShouldBe(ChurnState.Borderline);
    }

    [Theory]
    [InlineData(ExclusionReason.ContractInTerm)]
    [InlineData(ExclusionReason.AgreedPause)]
    public void What_was_agreed_excludes_whatever_the_months_say(ExclusionReason reason)
    {
        foreach (var months in new[] { "111000", "000000", "1 001111111111 001111111111 00" })
        {
            var status = ChurnStatus.Of(Histories.Packed(months, AsOf), AsOf, reason);
            status.State.ShouldBe(ChurnState.Excluded);
            status.Exclusion.ShouldBe(reason);
            status.EventOn.ShouldBeNull();
        }
    }

    [Fact]
    public void Every_history_is_judged_as_the_plain_version_judges_it() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(3000),
            Prop.ForAll(
                Histories.Activity.ToArbitrary(),
                active =>
                {
                    var text = string.Concat(active.Select(a => a ? '1' : '0'));
                    var status = StatusOf(text);
                    var (state, intermittent, silent) = PlainChurn.Judge(active);
                    if (PlainChurn.IsSeasonal(active))
                        state = "excluded";
                    return (status.State.ToString().ToLowerInvariant(), status.IsIntermittent, status.MonthsSilent)
                        == (state, intermittent, silent);
                }
            )
        );

    [Fact]
    public void Every_short_history_is_judged_as_the_plain_version_judges_it()
    {
        for (var length = 1; length <= 12; length++)
        for (var bits = 0; bits < 1 << length; bits++)
        {
            var active = Enumerable.Range(0, length).Select(i => (bits >> i & 1) == 1).ToList();
            var status = StatusOf(string.Concat(active.Select(a => a ? '1' : '0')));
            (status.State.ToString().ToLowerInvariant(), status.IsIntermittent, status.MonthsSilent).ShouldBe(
                PlainChurn.Judge(active)
            );
        }
    }

    private static ChurnStatus StatusOf(string months) => ChurnStatus.Of(Histories.Packed(months, AsOf), AsOf);
}
