using Exeunt.Core.Offers;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Offers;

/// <summary>Each condition refuses with its code and, where a day is what is missing, the day.</summary>
public sealed class OfferEligibilityTests
{
    private static readonly DateOnly Today = new(2026, 3, 10);

    private static readonly OfferEntry Open = new()
    {
        Code = "TRY", Version = 1, Kind = OfferKind.Feature, Name = new("Try", "试"), Customer = new("Try", "试"), Conditions = new() { CoolDownDays = 0, AfterNoDays = 0, NotAfterAbuse = false },
    };

    private static readonly OfferFacts Facts = new(
        Today, "Normal", new DateOnly(2025, 4, 11), new Money(199_00, "CNY"), new Money(2000_00, "CNY"), new Money(0, "CNY"), "PRICE/TOO_HIGH", "retail", null, null, null);

    private static OfferCondition Only(OfferEntry entry, OfferFacts facts)
    {
        var unmet = OfferEligibility.Of(entry, facts).Where(c => !c.Met).ToList();
        unmet.Count.ShouldBe(1, string.Join(", ", unmet.Select(c => c.Code)));
        unmet[0].Said.Chinese.ShouldNotBeNullOrEmpty();
        return unmet[0];
    }

    private static OfferEntry With(Func<OfferConditions, OfferConditions> change) => Open with { Conditions = change(Open.Conditions) };

    [Fact]
    public void Asks_nothing_when_nothing_is_set() => OfferEligibility.Of(Open, Facts).ShouldHaveSingleItem().Met.ShouldBeTrue();

    [Fact]
    public void Asks_for_the_tier() => Only(With(c => c with { Tiers = ["Vip"] }), Facts).Refusal.Code.ShouldBe("offer.tier");

    [Fact]
    public void Says_from_when_the_relationship_is_long_enough()
    {
        var entry = With(c => c with { MinTenureMonths = 11 });
        Only(entry, Facts).ShouldSatisfyAllConditions(c => c.Code.ShouldBe("tenure"), c => c.PossibleOn.ShouldBe(new DateOnly(2026, 3, 11)), c => c.Said.English.ShouldContain("it is 10"));
        OfferEligibility.Of(entry, Facts with { Today = new(2026, 3, 11) }).ShouldAllBe(c => c.Met);
        Only(entry, Facts with { Since = null }).PossibleOn.ShouldBeNull();
    }

    [Fact]
    public void Asks_for_the_fee_and_the_spend_in_the_customers_currency()
    {
        Only(With(c => c with { MinFee = [new(199_01, "CNY")] }), Facts).Refusal.Code.ShouldBe("offer.fee");
        OfferEligibility.Of(With(c => c with { MinFee = [new(199_00, "CNY")] }), Facts).ShouldAllBe(c => c.Met);
        Only(With(c => c with { MinFee = [new(1, "EUR")] }), Facts).Said.English.ShouldContain("No limit is set in CNY");
        Only(With(c => c with { MinSpend = [new(2000_01, "CNY")] }), Facts).Refusal.Code.ShouldBe("offer.spend");
    }

    [Fact]
    public void Asks_for_no_arrears_or_for_some()
    {
        var owing = Facts with { Arrears = new Money(1, "CNY") };
        Only(With(c => c with { NoArrears = true }), owing).Refusal.Code.ShouldBe("offer.arrears");
        Only(With(c => c with { OnlyArrears = true }), Facts).Refusal.Code.ShouldBe("offer.no-arrears");
        OfferEligibility.Of(With(c => c with { OnlyArrears = true }), owing).ShouldAllBe(c => c.Met);
    }

    [Theory]
    [InlineData("PRICE", "PRICE/TOO_HIGH", true)]
    [InlineData("PRICE", "PRICE", true)]
    [InlineData("PRICE/TOO_HIGH", "PRICE/TOO_HIGH", true)]
    [InlineData("PRICE/TOO_HIGH", "PRICE", false)]
    [InlineData("PRICE", "PRICELESS", false)]
    [InlineData("PRICE", null, false)]
    public void Answers_a_reason_and_its_details(string asked, string? found, bool met) =>
        OfferEligibility.Of(With(c => c with { Reasons = ["SERVICE", asked] }), Facts with { Reason = found }).All(c => c.Met).ShouldBe(met);

    [Fact]
    public void Asks_for_the_trade()
    {
        OfferEligibility.Of(With(c => c with { Sectors = ["Retail"] }), Facts).ShouldAllBe(c => c.Met);
        Only(With(c => c with { Sectors = ["Retail"] }), Facts with { Sector = null }).Refusal.Code.ShouldBe("offer.sector");
    }

    [Fact]
    public void Waits_after_a_yes_a_no_and_an_abuse()
    {
        var yes = With(c => c with { CoolDownDays = 180 });
        var on = new DateOnly(2025, 9, 12);
        Only(yes, Facts with { AcceptedOn = on }).ShouldSatisfyAllConditions(c => c.Refusal.Code.ShouldBe("offer.cool-down"), c => c.PossibleOn.ShouldBe(new DateOnly(2026, 3, 11)));
        OfferEligibility.Of(yes, Facts with { AcceptedOn = on.AddDays(-1) }).ShouldAllBe(c => c.Met);
        var no = Only(With(c => c with { AfterNoDays = 90 }), Facts with { DeclinedOn = Today });
        (no.Refusal.Code, no.PossibleOn).ShouldBe(("offer.declined-lately", Today.AddDays(90)));
        var abuse = Only(With(c => c with { NotAfterAbuse = true }), Facts with { AbusedOn = Today });
        (abuse.Refusal.Code, abuse.PossibleOn).ShouldBe(("offer.abuse", Today.AddDays(OfferEligibility.AbuseDays)));
    }

    [Fact]
    public void Holds_from_its_first_to_its_last_day()
    {
        var entry = Open with { ValidFrom = Today.AddDays(1), ValidUntil = Today.AddDays(3) };
        Only(entry, Facts).ShouldSatisfyAllConditions(c => c.Refusal.Code.ShouldBe("offer.not-yet-valid"), c => c.PossibleOn.ShouldBe(Today.AddDays(1)));
        foreach (var day in new[] { 1, 3 })
            OfferEligibility.Of(entry, Facts with { Today = Today.AddDays(day) }).ShouldAllBe(c => c.Met);
        Only(entry, Facts with { Today = Today.AddDays(4) }).Refusal.Code.ShouldBe("offer.no-longer-valid");
        Only(Open with { Active = false }, Facts).Refusal.Code.ShouldBe("offer.retired");
    }

    [Fact]
    public void An_entry_is_refused_with_the_field_that_is_wrong()
    {
        OfferCheck.Of(Open).ShouldBeNull();
        OfferCheck.Of(Open with { Code = "x" })!.Field.ShouldBe("code");
        OfferCheck.Of(Open with { Customer = new("only", " ") })!.Field.ShouldBe("customerZh");
        OfferCheck.Of(Open with { Name = new("what\0is", "好") })!.Field.ShouldBe("nameEn");
        OfferCheck.Of(Open with { Tasks = [new("T", new("Free\0", "免费"), Role.Technical, 1)] })!.Field.ShouldBe("tasks");
        OfferCheck.Of(Open with { Kind = OfferKind.Discount, Months = new(1, 6) })!.Field.ShouldBe("percent");
        OfferCheck.Of(Open with { Months = new(6, 1) })!.Field.ShouldBe("months");
        OfferCheck.Of(Open with { Kind = OfferKind.Credit })!.Field.ShouldBe("maxAmount");
        OfferCheck.Of(Open with { Kind = OfferKind.Downgrade })!.Field.ShouldBe("asksFee");
        // What a kind gives up is counted: a discount that costs nothing would pass every limit.
        OfferCheck.Of(Open with { Kind = OfferKind.Discount, Percent = new(1, 50), Months = new(1, 6) })!.Field.ShouldBe("cost");
        OfferCheck.Of(Open with { Kind = OfferKind.Pause, Months = new(1, 6), Cost = OfferCostFormula.Fixed, FixedCost = [new(1, "CNY")] })!.Field.ShouldBe("cost");
        OfferCheck.Of(Open with { ValidFrom = Today, ValidUntil = Today.AddDays(-1) })!.Field.ShouldBe("validUntil");
        OfferCheck.Of(Open with { ApprovalAbove = [new(2, "CNY")], BranchHeadAbove = [new(1, "CNY")] })!.Field.ShouldBe("branchHeadAbove");
        OfferCheck.Of(Open with { ApprovalAbove = [new(2, "CNY"), new(3, "CNY")] })!.Field.ShouldBe("approvalAbove");
    }

    [Fact]
    public void Parameters_stay_within_the_entrys_limits()
    {
        var entry = Open with { Kind = OfferKind.Discount, Percent = new(5, 20), Months = new(1, 6) };
        OfferCheck.Of(entry, new(20, 6), "CNY").ShouldBeNull();
        OfferCheck.Of(entry, new(21, 6), "CNY")!.Code.ShouldBe("offer.percent");
        OfferCheck.Of(entry, new(20, 7), "CNY")!.Code.ShouldBe("offer.months");
        OfferCheck.Of(entry, new(20), "CNY")!.Field.ShouldBe("months");
        OfferCheck.Of(Open with { FixedCost = [new(1, "CNY")] }, new(), "EUR")!.Code.ShouldBe("offer.cost-currency");
        var credit = Open with { Kind = OfferKind.Credit, MaxAmount = [new(50_00, "CNY")] };
        OfferCheck.Of(credit, new(Amount: new Money(50_00, "CNY")), "CNY").ShouldBeNull();
        OfferCheck.Of(credit, new(Amount: new Money(50_01, "CNY")), "CNY")!.Code.ShouldBe("offer.amount");
        OfferCheck.Of(credit, new(Amount: new Money(1, "EUR")), "EUR")!.Code.ShouldBe("offer.amount-currency");
    }

    [Fact]
    public void An_entry_reads_back_as_it_was_written()
    {
        var entry = Open with
        {
            Percent = new(1, 5), MaxAmount = [new(5, "CNY")], Tasks = [new("a", new("A", "甲"), Role.Technical, 3)], ValidFrom = Today, Conditions = new() { Tiers = ["Vip"], MinFee = [new(1, "CNY")] },
        };
        OfferEntry.FromJson(entry.ToJson()).ToJson().ShouldBe(entry.ToJson());
        OfferEntry.DigestOf(entry.ToJson()).Length.ShouldBe(64);
    }
}
