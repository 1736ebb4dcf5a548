using Exeunt.Core.Offers;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Offers;

public sealed class OfferNumbersTests
{
    private static Money Yuan(long minor) => new(minor, "CNY");

    private static OfferEntry Entry(OfferKind kind, OfferCostFormula cost) => new()
    {
        Code = "TRY", Version = 1, Kind = kind, Name = new("Try", "试"), Customer = new("Try", "试"), Cost = cost, Percent = new(1, 50), Months = new(1, 12),
        HorizonMonths = 12, MarginPercent = 40, StayPercent = 70, AnnualPercent = 6, FixedCost = cost == OfferCostFormula.Fixed ? [Yuan(300_00)] : [],
    };

    private static OfferNumbers Of(OfferCostFormula cost, OfferParameters chosen, long fee = 199_00, long overdue = 0, int accepted = 0, int kept = 0) =>
        OfferNumbers.Of(OfferInputs.Of(Entry(OfferKind.Discount, cost), chosen, Yuan(fee), Yuan(overdue), accepted, kept));

    /// <summary>Worked out on paper: 199.00 × 3 × 15 % = 89.55; 199.00 × 12 × 40 % = 955.20; × 70 % = 668.64.</summary>
    [Fact]
    public void Computes_the_cost_and_the_value_of_a_discount()
    {
        var numbers = Of(OfferCostFormula.ShareOfFee, new(15, 3));
        numbers.Cost.ShouldBe(Yuan(89_55));
        numbers.Fees.ShouldBe(Yuan(2388_00));
        numbers.Margin.ShouldBe(Yuan(955_20));
        numbers.Value.ShouldBe(Yuan(668_64));
        numbers.Net.ShouldBe(Yuan(579_09));
        numbers.CostWords.English.ShouldBe("Fee × months × percent: 199.00 × 3 × 15 % = 89.55");
        numbers.ValueWords.English.ShouldEndWith("199.00 × 12 × 40 % × 70.0 % = 668.64");
        numbers.Assumed.English.ShouldContain("only 0 results");
    }

    /// <summary>0.33 × 5 × 7 % = 0.1155, half up 0.12; 0.33 × 1 × 50 % = 0.165, half up 0.17.</summary>
    [Theory]
    [InlineData(33, 7, 5, 12)]
    [InlineData(33, 50, 1, 17)]
    [InlineData(10, 5, 1, 1)]
    public void Rounds_a_share_once_half_up(long fee, int percent, int months, long cost) =>
        Of(OfferCostFormula.ShareOfFee, new(percent, months), fee).Cost.ShouldBe(Yuan(cost));

    [Fact]
    public void Computes_every_other_cost()
    {
        Of(OfferCostFormula.WholeFee, new(Months: 3)).Cost.ShouldBe(Yuan(597_00));
        Of(OfferCostFormula.FeeDifference, new(Fee: Yuan(129_00))).Cost.ShouldBe(Yuan(840_00));
        Of(OfferCostFormula.FeeDifference, new(Fee: Yuan(299_00))).Cost.ShouldBe(Yuan(0));
        Of(OfferCostFormula.Amount, new(Amount: Yuan(50_00))).Cost.ShouldBe(Yuan(50_00));
        Of(OfferCostFormula.Fixed, new()).Cost.ShouldBe(Yuan(300_00));
        // 1,000.00 × 6 % × 3 / 12 = 15.00
        Of(OfferCostFormula.Deferral, new(Months: 3), overdue: 1000_00).Cost.ShouldBe(Yuan(15_00));
        Of(OfferCostFormula.None, new()).Cost.ShouldBe(Yuan(0));
    }

    /// <summary>A lower fee and the entry's own cost count beside every formula: (199.00 − 1.00) × 12 + 300.00.</summary>
    [Fact]
    public void Counts_a_lower_fee_whatever_the_formula()
    {
        var numbers = Of(OfferCostFormula.Fixed, new(Fee: Yuan(1_00)));
        numbers.Cost.ShouldBe(Yuan(2676_00));
        numbers.CostWords.English.ShouldEndWith("together 2676.00");
        numbers.CostWords.Chinese.ShouldEndWith("合计 2676.00");
        Of(OfferCostFormula.Fixed, new(Fee: Yuan(250_00))).Cost.ShouldBe(Yuan(300_00));
    }

    /// <summary>14 of 23 stayed: 608.7 ‰, rounded 609 ‰; 955.20 × 609 ‰ = 581.7168, rounded 581.72.</summary>
    [Fact]
    public void Counts_who_stayed_once_there_are_enough_results()
    {
        var numbers = Of(OfferCostFormula.None, new(), accepted: 23, kept: 14);
        numbers.Inputs.StayPermille.ShouldBe(609);
        numbers.Value.ShouldBe(Yuan(581_72));
        numbers.Assumed.English.ShouldContain("14 of 23");
        Of(OfferCostFormula.None, new(), accepted: OfferInputs.EnoughResults - 1, kept: 0).Inputs.StayPermille.ShouldBe(700);
    }

    [Fact]
    public void Gives_the_same_again_from_what_was_kept()
    {
        var random = new Random(20261126);
        for (var i = 0; i < 2000; i++)
        {
            var entry = Entry(OfferKind.Discount, (OfferCostFormula)random.Next(7)) with { HorizonMonths = random.Next(1, 61), MarginPercent = random.Next(101), StayPercent = random.Next(101) };
            var accepted = random.Next(60);
            var inputs = OfferInputs.Of(entry, new(Maybe(random.Next(1, 101)), Maybe(random.Next(1, 61)), Maybe(Yuan(random.Next())), Maybe(Yuan(random.Next()))), Yuan(random.Next()), Yuan(random.Next()), accepted, random.Next(accepted + 1));
            var once = OfferNumbers.Of(inputs);
            var again = OfferNumbers.Of(OfferInputs.FromJson(inputs.ToJson()));
            again.ShouldBe(once);
            once.Cost.Minor.ShouldBeGreaterThanOrEqualTo(0);
            once.Value.Minor.ShouldBeInRange(0, once.Margin.Minor + 1);
            once.Margin.Minor.ShouldBeLessThanOrEqualTo(once.Fees.Minor);
            (once.Net + once.Cost).ShouldBe(once.Value);
        }
        T? Maybe<T>(T value) where T : struct => random.Next(3) == 0 ? null : value;
    }

    /// <summary>955.20 of margin less 716.40 leaves exactly 10 % of 2,388.00.</summary>
    [Fact]
    public void Stops_at_the_margin_floor_exactly()
    {
        var entry = Entry(OfferKind.Credit, OfferCostFormula.Amount) with { MarginFloorPercent = 10 };
        OfferCondition At(long cost) => OfferEligibility.Margin(entry, Of(OfferCostFormula.Amount, new(Amount: Yuan(cost))));
        At(716_40).Met.ShouldBeTrue();
        At(716_41).Met.ShouldBeFalse();
        At(716_41).Refusal.Code.ShouldBe("offer.margin-floor");
    }

    [Fact]
    public void Asks_for_an_approval_by_the_cost()
    {
        var entry = Entry(OfferKind.Discount, OfferCostFormula.ShareOfFee) with { ApprovalAbove = [Yuan(100_00)], BranchHeadAbove = [Yuan(500_00)] };
        entry.ApproverFor(Yuan(100_00)).ShouldBeNull();
        entry.ApproverFor(Yuan(100_01)).ShouldBe(Role.Supervisor);
        entry.ApproverFor(Yuan(500_00)).ShouldBe(Role.Supervisor);
        entry.ApproverFor(Yuan(500_01)).ShouldBe(Role.BranchHead);
        // A currency without limits takes the strictest.
        entry.ApproverFor(new Money(1, "JPY")).ShouldBe(Role.BranchHead);
    }

    [Fact]
    public void No_share_lies_outside_its_own_interval()
    {
        for (var tries = 1; tries <= 3_000; tries++)
        {
            WilsonInterval.Of(0, tries)!.Value.Low.ShouldBe(0);
            WilsonInterval.Of(tries, tries)!.Value.High.ShouldBe(1);
        }
    }

    /// <summary>Published values of the Wilson score interval at 95 %: 81 of 263 gives 0.2553 to 0.3662 (Newcombe 1998, table I, method 3).</summary>
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void Bounds_a_share_by_wilson(int hits, int tries, double low, double high)
    {
        var interval = WilsonInterval.Of(hits, tries)!.Value;
        interval.Low.ShouldBe(low, 0.00006);
        interval.High.ShouldBe(high, 0.00006);
    }

    [Fact]
    public void Bounds_nothing_without_tries() => WilsonInterval.Of(0, 0).ShouldBeNull();
}
