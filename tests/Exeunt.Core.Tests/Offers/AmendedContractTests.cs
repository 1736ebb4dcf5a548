using Exeunt.Core.Contracts;
using Exeunt.Core.Offers;
using Exeunt.Core.Policies;
using Exeunt.Core.Settlement;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Offers;

/// <summary>What an accepted offer changes, and what a later settlement makes of it; every figure worked out on paper.</summary>
public sealed class AmendedContractTests
{
    private static Money Yuan(long minor) => new(minor, "CNY");

    private static readonly ContractTerms Contract = new() { Number = "1", Currency = "CNY", Start = new(2025, 1, 15), TermMonths = 24, MonthlyFee = Yuan(200_00) };

    private static readonly TerminationPolicy Policy = new()
    {
        Number = "P", Version = 1, EffectiveFrom = new(2020, 1, 1), TitleEnglish = "P", TitleChinese = "政", Clawback = ClawbackKind.Enjoyed, RefundsUnusedPeriod = true,
        Etf = new RemainingShareFee(Rate.Parse("0.2")),
    };

    private static OfferEntry Entry(OfferKind kind, bool takenBack = false) =>
        new() { Code = "TRY", Version = 1, Kind = kind, Name = new("Try", "试"), Customer = new("Try", "试"), TakenBack = takenBack };

    private static ContractTerms After(OfferKind kind, OfferParameters chosen, DateOnly on, bool takenBack = false) =>
        Contract with { Amendments = [OfferEffect.Amend(Entry(kind, takenBack), chosen, Contract, on)!] };

    private static Dictionary<string, string> Lines(ContractTerms contract, DateOnly lastDay)
    {
        var built = StatementBuilder.Build(contract, Policy, new(lastDay));
        built.Refusal.ShouldBeNull();
        return built.Value.Lines.ToDictionary(l => l.Code, l => l.Amount.ToString());
    }

    /// <summary>25 % off for 6 months from 15 July; ended in the fourth of them with the period running to 15 November.</summary>
    [Fact]
    public void A_discount_lowers_fee_refund_and_exit_fee_and_is_taken_back_for_the_full_months()
    {
        var contract = After(OfferKind.Discount, new(25, 6), new(2025, 7, 1), takenBack: true);
        contract.Amendments![0].From.ShouldBe(new DateOnly(2025, 7, 15));
        contract.Amendments[0].Until.ShouldBe(new DateOnly(2026, 1, 15));
        contract.FeeOn(new(2025, 7, 14)).ShouldBe(Yuan(200_00));
        contract.FeeOn(new(2025, 7, 15)).ShouldBe(Yuan(150_00));
        contract.FeeOn(new(2026, 1, 15)).ShouldBe(Yuan(200_00));
        var lines = Lines(contract, new(2025, 10, 31));
        // [15 Oct, 15 Nov) is 31 days, 17 are used: 150.00 − 82.26 = 67.74.
        lines[LineCode.UnusedPrepaid].ShouldBe("-67.74");
        // 14 of 24 months are not begun: 150.00 × 14 × 20 % = 420.00.
        lines[LineCode.Etf].ShouldBe("420.00");
        // Three full months of 50.00.
        lines[LineCode.OfferClawback].ShouldBe("150.00");
    }

    [Fact]
    public void A_discount_is_taken_back_only_where_offer_and_policy_say_so()
    {
        var kept = After(OfferKind.Discount, new(25, 6), new(2025, 7, 1));
        Lines(kept, new(2025, 10, 31)).ShouldNotContainKey(LineCode.OfferClawback);
        var taken = After(OfferKind.Discount, new(25, 6), new(2025, 7, 1), takenBack: true);
        StatementBuilder.Build(taken, Policy with { Clawback = ClawbackKind.None }, new(new(2025, 10, 31))).Value.Lines.ShouldNotContain(l => l.Code == LineCode.OfferClawback);
        // After the term nothing was left early.
        Lines(taken, new(2027, 1, 14)).ShouldNotContainKey(LineCode.OfferClawback);
        // Before the discount began nothing was enjoyed.
        Lines(taken, new(2025, 7, 10)).ShouldNotContainKey(LineCode.OfferClawback);
    }

    [Fact]
    public void A_pause_costs_nothing_and_lengthens_the_term()
    {
        var contract = After(OfferKind.Pause, new(Months: 3), new(2025, 7, 1));
        contract.TermEnd.ShouldBe(new DateOnly(2027, 4, 14));
        contract.FeeOn(new(2025, 8, 15)).ShouldBe(Yuan(0));
        var lines = Lines(contract, new(2025, 8, 31));
        lines[LineCode.UnusedPrepaid].ShouldBe("0.00");
        // 27 months, 8 begun: 19 remain, at the fee that holds after the pause: 200.00 × 19 × 20 % = 760.00.
        lines[LineCode.Etf].ShouldBe("760.00");
        // Over the pause the months that remain are those that would have remained without it.
        Lines(contract, new(2026, 1, 14))[LineCode.Etf].ShouldBe("600.00");
        Lines(Contract, new(2025, 10, 14))[LineCode.Etf].ShouldBe("600.00");
    }

    [Fact]
    public void Months_of_a_pause_earned_no_discount()
    {
        var tied = Contract with { MonthlyDiscount = Yuan(10_00) };
        var paused = tied with { Amendments = [OfferEffect.Amend(Entry(OfferKind.Pause), new(Months: 3), tied, new(2025, 7, 1))!] };
        Lines(tied, new(2026, 1, 14))[LineCode.Clawback].ShouldBe("120.00");
        Lines(paused, new(2026, 1, 14))[LineCode.Clawback].ShouldBe("90.00");
    }

    [Fact]
    public void A_smaller_plan_holds_from_its_first_day_on()
    {
        var contract = After(OfferKind.Downgrade, new(Fee: Yuan(120_00)), new(2025, 7, 1));
        contract.Amendments![0].Until.ShouldBeNull();
        Lines(contract, new(2025, 10, 14))[LineCode.Etf].ShouldBe("360.00");
        // A last day before the change is settled at the old fee.
        Lines(contract, new(2025, 7, 14))[LineCode.Etf].ShouldBe("720.00");
    }

    [Fact]
    public void Free_months_at_the_end_lengthen_the_term_and_charge_nothing_for_themselves()
    {
        var contract = After(OfferKind.Extension, new(Months: 2), new(2025, 7, 1));
        contract.Amendments![0].From.ShouldBe(new DateOnly(2027, 1, 15));
        contract.TermEnd.ShouldBe(new DateOnly(2027, 3, 14));
        Lines(contract, new(2027, 2, 1))[LineCode.UnusedPrepaid].ShouldBe("0.00");
    }

    [Fact]
    public void A_quarter_that_is_half_free_is_charged_for_the_other_half()
    {
        var quarterly = Contract with { BillingMonths = 3 };
        // The period after [15 Apr, 15 Jul) begins on 15 July.
        var amended = quarterly with { Amendments = [OfferEffect.Amend(Entry(OfferKind.ServiceRecovery), new(Months: 1), quarterly, new(2025, 5, 2))!] };
        amended.Amendments![0].From.ShouldBe(new DateOnly(2025, 7, 15));
        amended.FeeFor(new(2025, 7, 15), 3).ShouldBe(Yuan(400_00));
        // [15 Jul, 15 Oct) is 92 days; 31 used of 400.00: 134.78 used, 265.22 back.
        Lines(amended, new(2025, 8, 14))[LineCode.UnusedPrepaid].ShouldBe("-265.22");
    }

    [Fact]
    public void Two_amendments_add_up()
    {
        var first = After(OfferKind.Downgrade, new(Fee: Yuan(100_00)), new(2025, 3, 1));
        var second = first with { Amendments = [.. first.Amendments!, OfferEffect.Amend(Entry(OfferKind.Discount), new(10, 2), first, new(2025, 7, 1))!] };
        second.FeeOn(new(2025, 8, 1)).ShouldBe(Yuan(90_00));
        second.FeeOn(new(2025, 10, 1)).ShouldBe(Yuan(100_00));
    }

    [Fact]
    public void Nothing_changes_without_amendments()
    {
        Contract.FeeFor(new(2025, 2, 15), 5).ShouldBe(Yuan(1000_00));
        Contract.WholeTermMonths.ShouldBe(24);
        ContractTerms.FromJson(Contract.ToJson()).ToJson().ShouldBe(Contract.ToJson());
        var amended = After(OfferKind.Pause, new(Months: 3), new(2025, 7, 1));
        ContractTerms.FromJson(amended.ToJson()).ToJson().ShouldBe(amended.ToJson());
        foreach (var kind in new[] { OfferKind.Credit, OfferKind.Training, OfferKind.DeferredPayment, OfferKind.PaymentPlan, OfferKind.ContactChange, OfferKind.Feature })
            OfferEffect.Amend(Entry(kind), new(Months: 3), Contract, new(2025, 7, 1)).ShouldBeNull();
    }
}
