using Exeunt.Core;
using Exeunt.Core.Settlement;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Settlement;

/// <summary>Plans of instalments: dates from one anchor, payments fill the earliest, and R7 (Civil Code 634).</summary>
public sealed class InstalmentPlanTests
{
    private static readonly DateOnly Today = new(2026, 6, 1);

    private static DueInstalment[] Rows(params (int DaysFromToday, long Amount, long Paid)[] rows) =>
        [.. rows.Select((r, i) => new DueInstalment(i + 1, Today.AddDays(r.DaysFromToday), r.Amount, r.Paid))];

    [Fact]
    public void Counts_every_due_date_from_the_first()
    {
        var rows = InstalmentPlan.Of(new Money(100_05, "CNY"), 7, new DateOnly(2026, 1, 31));

        rows.Select(r => r.DueOn).Take(4).ShouldBe([new(2026, 1, 31), new(2026, 2, 28), new(2026, 3, 31), new(2026, 4, 30)]);
        rows.Select(r => r.Amount).ShouldBe([1430L, 1430, 1429, 1429, 1429, 1429, 1429]);
    }

    [Fact]
    public void Fills_the_earliest_due_first()
    {
        var (rows, left) = InstalmentPlan.Fill(Rows((30, 100, 0), (-30, 100, 40), (0, 100, 0)), 130);

        rows.Select(r => r.Paid).ShouldBe([0L, 100, 70]);
        left.ShouldBe(0);
        InstalmentPlan.Fill(rows, 500).Left.ShouldBe(370);
    }

    [Fact]
    public void Never_overfills_and_loses_nothing()
    {
        var random = new Random(634);
        for (var run = 0; run < 20_000; run++)
        {
            var plan = InstalmentPlan.Of(new Money(random.Next(1, 5000), "CNY"), random.Next(1, 13), Today);
            long paid = 0, over = 0;
            for (var n = random.Next(1, 6); n > 0; n--)
            {
                var payment = random.Next(0, 2000);
                (plan, var left) = InstalmentPlan.Fill(plan, payment);
                (paid, over) = (paid + payment, over + left);
            }
            plan.ShouldAllBe(r => r.Paid >= 0 && r.Paid <= r.Amount);
            (plan.Sum(r => r.Paid) + over).ShouldBe(paid);
        }
    }

    /// <summary>R7: price 12,000; 2,400.00 due and unpaid: allowed after a demand; 2,399.99: refused; two instalments: no such right.</summary>
    [Theory]
    [InlineData(240000, 3, true, null)]
    [InlineData(239999, 3, true, "plan.below-a-fifth")]
    [InlineData(240000, 2, true, "plan.fewer-than-three")]
    [InlineData(240000, 3, false, "plan.demand-first")]
    public void R7_accelerates_at_a_fifth_with_three_instalments_after_a_demand(long due, int count, bool demanded, string? code)
    {
        var rows = count == 3 ? Rows((-40, due, 0), (300, 480000, 0), (330, 720000 - due, 0)) : Rows((-40, due, 0), (300, 1200000 - due, 0));

        InstalmentPlan.CannotAccelerate(rows, Today, demanded ? Today.AddDays(-InstalmentPlan.CureDays - 1) : null)?.Code.ShouldBe(code);
        (InstalmentPlan.CannotAccelerate(rows, Today, demanded ? Today.AddDays(-InstalmentPlan.CureDays - 1) : null) is null).ShouldBe(code is null);
    }

    [Fact]
    public void Says_when_acceleration_becomes_possible()
    {
        var rows = Rows((-5, 100, 0), (20, 200, 0), (50, 700, 0));

        InstalmentPlan.CannotAccelerate(rows, Today, null)!.PossibleOn.ShouldBe(Today.AddDays(21));
        InstalmentPlan.CannotAccelerate(rows, Today.AddDays(21), Today.AddDays(18))!.ShouldSatisfyAllConditions(
            r => r.Code.ShouldBe("plan.cure-period"), r => r.PossibleOn.ShouldBe(Today.AddDays(18 + InstalmentPlan.CureDays + 1)));
        InstalmentPlan.CannotAccelerate(rows, Today.AddDays(29), Today.AddDays(18)).ShouldBeNull();
        // A paid instalment counts no more.
        InstalmentPlan.CannotAccelerate(Rows((-5, 100, 100), (-1, 200, 150), (50, 700, 0)), Today, Today.AddDays(-20))!.Code.ShouldBe("plan.below-a-fifth");
    }
}
