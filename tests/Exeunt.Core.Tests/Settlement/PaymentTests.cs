using Exeunt.Core;
using Exeunt.Core.Settlement;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Settlement;

/// <summary>Payments against claims in the legal order, and their double entry.</summary>
public sealed class PaymentTests
{
    private static Money Cny(long minor) => new(minor, "CNY");

    private static ClaimParts Parts(long cost, long interest, long principal) => new(Cny(cost), Cny(interest), Cny(principal));

    [Fact]
    public void Pays_costs_then_interest_then_principal()
    {
        var paid = Parts(80_00, 150_00, 1000_00).Allocate(Cny(500_00));

        (paid.Cost.Minor, paid.Interest.Minor, paid.Principal.Minor, paid.Left.Minor, paid.Unapplied.Minor).ShouldBe((80_00L, 150_00L, 270_00L, 730_00L, 0L));
    }

    [Fact]
    public void Knows_costs_and_interest_of_a_statement_by_their_codes_and_sets_credits_off_in_the_same_order()
    {
        var parts = ClaimParts.Of("CNY", [("etf", Cny(500_00)), ("costs", Cny(30_00)), ("costs.2", Cny(20_00)), ("lateInterest", Cny(70_00)), ("deposit", Cny(-80_00))]);

        parts.ShouldBe(Parts(0, 40_00, 500_00));
        parts.Total.ShouldBe(Cny(540_00));
    }

    [Fact]
    public void Pays_the_costs_of_all_claims_before_the_interest_of_any()
    {
        var (claims, left) = PaymentAllocation.Across(Cny(100), [Parts(10, 20, 30), Parts(40, 50, 60)]);

        claims.Select(c => (c.Cost.Minor, c.Interest.Minor, c.Principal.Minor, c.Left.Minor)).ShouldBe([(10L, 20L, 0L, 30L), (40L, 30L, 0L, 80L)]);
        left.IsZero.ShouldBeTrue();
    }

    [Fact]
    public void Refuses_another_currency_and_a_negative_payment()
    {
        Should.Throw<CalculationException>(() => Parts(1, 1, 1).Allocate(new Money(5, "USD"))).Code.ShouldBe(CalculationError.MixedCurrency);
        Should.Throw<CalculationException>(() => Parts(1, 1, 1).Allocate(Cny(-1))).Code.ShouldBe(CalculationError.NegativeAmount);
        Should.Throw<CalculationException>(() => PaymentAllocation.Across(Cny(-1), [])).Code.ShouldBe(CalculationError.NegativeAmount);
    }

    /// <summary>100,000 sequences of payments: what was set against the claim and what is unapplied are together what was paid, never more than owed.</summary>
    [Fact]
    public void Never_applies_more_than_is_owed_and_loses_no_cent_over_any_sequence_of_payments()
    {
        var random = new Random(561);
        for (var run = 0; run < 100_000; run++)
        {
            var first = Parts(random.Next(0, 200), random.Next(0, 200), random.Next(0, 2000));
            var left = first;
            long sum = 0, applied = 0, unapplied = 0;
            for (var n = random.Next(1, 8); n > 0; n--)
            {
                var payment = Cny(random.Next(0, 800));
                var paid = left.Allocate(payment);
                // Nothing goes to interest while costs are open, nothing to principal while interest is.
                Assert.True(paid.Interest.IsZero || (left.Cost - paid.Cost).IsZero);
                Assert.True(paid.Principal.IsZero || (left.Interest - paid.Interest).IsZero);
                Assert.Equal(0, PaymentEntry.ClaimPaid(paid).Sum(s => s.Minor));
                (sum, applied, unapplied) = (sum + payment.Minor, applied + paid.Applied.Minor, unapplied + paid.Unapplied.Minor);
                left = left.Less(payment);
                Assert.Equal(paid.Left, left.Total);
            }
            Assert.Equal(sum, applied + unapplied);
            Assert.Equal(Math.Min(sum, first.Total.Minor), applied);
            // One payment of the whole leaves the same.
            Assert.Equal(left, first.Less(Cny(sum)));
        }
    }

    [Fact]
    public void Loses_no_cent_across_many_claims()
    {
        var random = new Random(560);
        for (var run = 0; run < 20_000; run++)
        {
            var claims = Enumerable.Range(0, random.Next(0, 6)).Select(_ => Parts(random.Next(0, 50), random.Next(0, 50), random.Next(0, 500))).ToList();
            var payment = Cny(random.Next(0, 2500));

            var (paid, unapplied) = PaymentAllocation.Across(payment, claims);

            (paid.Sum(p => p.Applied.Minor) + unapplied.Minor).ShouldBe(payment.Minor);
            unapplied.Minor.ShouldBe(Math.Max(0, payment.Minor - claims.Sum(c => c.Total.Minor)));
            paid.Zip(claims).ShouldAllBe(p => p.First.Cost <= p.Second.Cost && p.First.Interest <= p.Second.Interest && p.First.Principal <= p.Second.Principal);
        }
    }

    [Fact]
    public void Balances_every_entry_at_the_bank()
    {
        PaymentEntry.RefundPaid(Cny(5), ofCredit: false).ShouldBe([new("settlement", 5), new("bank", -5)]);
        PaymentEntry.RefundPaid(Cny(5), ofCredit: true, PaymentEntry.Suspense).ShouldBe([new("customer-credit", 5), new("suspense", -5)]);
        PaymentEntry.SetAside(Cny(-7)).ShouldBe([new("bank", -7), new("suspense", 7)]);
        PaymentEntry.ClaimPaid(Parts(1, 0, 3).Allocate(Cny(9))).ShouldBe([new("bank", 9), new("settlement", -1), new("settlement", -3), new("customer-credit", -5)]);
    }
}
