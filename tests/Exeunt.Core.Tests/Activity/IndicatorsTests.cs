using Exeunt.Core.Activity;
using Exeunt.Core.Churn;
using Exeunt.Core.Tests.Churn;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Activity;

public sealed class IndicatorsTests
{
    private static readonly DateOnly AsOf = new(2011, 12, 1);

    [Fact]
    public void The_twelve_closed_months_are_counted_and_no_others()
    {
        var indicators = Of(
            new(FactKind.Order, new(2010, 11, 30), 1_00, "before"),
            new(FactKind.Order, new(2010, 12, 1), 10_00, "first"),
            new(FactKind.Order, new(2011, 11, 30), 100_00, "last"),
            new(FactKind.Order, new(2011, 12, 1), 1000_00, "open")
        );

        indicators.ShouldNotBeNull();
        indicators.Value.Orders12m.ShouldBe(2);
        indicators.Value.Spend12m.ShouldBe(110_00);
        indicators.Value.LastOrderOn.ShouldBe(new DateOnly(2011, 11, 30));
    }

    [Fact]
    public void Adjustments_count_in_spend_only()
    {
        var indicators = Of(
            new(FactKind.Order, new(2011, 5, 1), 10_00, "1"),
            new(FactKind.Return, new(2011, 5, 2), -2_00, "C2"),
            new(FactKind.Adjustment, new(2011, 5, 3), -3_00, "A3")
        );

        indicators.ShouldNotBeNull();
        indicators.Value.Spend12m.ShouldBe(5_00);
        indicators.Value.Orders12m.ShouldBe(1);
        indicators.Value.ReturnRate12m.ShouldBe(0.2m);
        indicators.Value.LastOrderOn.ShouldBe(new DateOnly(2011, 5, 1));
    }

    [Fact]
    public void The_return_rate_has_four_decimals_and_rounds_half_away_from_zero()
    {
        Rate(ordered: 3, returned: 2).ShouldBe(0.6667m);
        Rate(ordered: 2000_0, returned: 1).ShouldBe(0.0001m);
        Rate(ordered: 1_00, returned: 3_00).ShouldBe(3m);
        Rate(ordered: 0, returned: 3_00).ShouldBeNull();
    }

    [Fact]
    public void A_document_over_the_edge_of_the_window_counts_as_one_order()
    {
        var indicators = Of(
            new(FactKind.Order, new(2010, 11, 30), 1_00, "1"),
            new(FactKind.Order, new(2010, 12, 1), 1_00, "1"),
            new(FactKind.Order, new(2011, 1, 1), 1_00, "1")
        );

        indicators.ShouldNotBeNull();
        indicators.Value.Orders12m.ShouldBe(1);
    }

    [Fact]
    public void The_last_order_may_be_older_than_the_window() =>
        Of(new Fact(FactKind.Order, new(2005, 5, 31), 1_00, "1"))!
            .Value.LastOrderOn.ShouldBe(new DateOnly(2005, 5, 31));

    [Fact]
    public void Who_has_no_fact_before_the_open_month_is_not_listed()
    {
        Of().ShouldBeNull();
        Of(new Fact(FactKind.Order, new(2011, 12, 1), 1_00, "1")).ShouldBeNull();
    }

    [Fact]
    public void Who_has_only_a_free_row_is_listed_as_a_prospect()
    {
        var indicators = Of(new Fact(FactKind.Other, new(2011, 11, 30), 0, "1"));

        indicators.ShouldNotBeNull();
        indicators.Value.Churn.State.ShouldBe(ChurnState.Prospect);
        EvaluationCsv.Months("a", indicators.Value, 2).ShouldBe("a,prospect,0,,0,0.00,,");
    }

    [Fact]
    public void Every_history_evaluates_as_the_plain_version_does() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(2000),
            Prop.ForAll(
                Histories.Rows.ToArbitrary(),
                Histories.AsOf.ToArbitrary(),
                Gen.Elements(true, false).ToArbitrary(),
                (rows, asOf, everyRowIsAnOrder) =>
                {
                    var facts = Histories.Facts(rows);
                    if (everyRowIsAnOrder)
                        facts = [.. facts.Select(fact => fact with { Document = "" })];
                    var indicators = Indicators.Of(ActivityMonths.Build(facts), asOf);
                    var fast = indicators is { } found ? EvaluationCsv.Months("x", found, 2) : null;
                    return fast == PlainChurn.Line("x", rows, everyRowIsAnOrder, asOf);
                }
            )
        );

    private static Indicators? Of(params Fact[] facts) => Indicators.Of(ActivityMonths.Build(facts), AsOf);

    private static decimal? Rate(long ordered, long returned) =>
        new Indicators(default, 1, 0, ordered, returned, null).ReturnRate12m;
}
