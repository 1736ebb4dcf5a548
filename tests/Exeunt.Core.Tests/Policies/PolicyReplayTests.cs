using Exeunt.Core.Contracts;
using Exeunt.Core.Policies;
using Exeunt.Core.Settlement;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Policies;

/// <summary>
/// A draft replayed on closed cases. The contract of every case: 24 months from 2024-01-01 at 100.00 a month in advance, deposit 50.00; the old
/// policy takes a fifth of the months not begun. Figures computed by hand.
/// </summary>
public sealed class PolicyReplayTests
{
    private static readonly TerminationPolicy Old = new()
    {
        Number = "P", Version = 1, EffectiveFrom = new(2020, 1, 1), TitleEnglish = "Old", TitleChinese = "旧", Etf = new RemainingShareFee(Rate.Parse("0.20", "pct")),
    };

    [Fact]
    public void Compares_fee_refund_and_balance_case_by_case()
    {
        // Flat 100.00 instead of a fifth: after 12 months 12 are left, 240.00 → 100.00; after 20 months 4 are left, 80.00 → 100.00.
        var result = PolicyReplay.Run([Case("A", 12), Case("B", 20)], Old with { Version = 2, Etf = new FlatFee(Cny(100_00)) });

        result.Rows.Select(r => (r.Number, r.Before!.Fee.Minor, r.After!.Fee.Minor, r.Before.Refund.Minor, r.After.Refund.Minor, r.Before.Total.Minor, r.After.Total.Minor, r.Difference!.Value.Minor, r.Effect))
            .ShouldBe([("A", 240_00, 100_00, 50_00, 50_00, 190_00, 50_00, -140_00, ReplayEffect.CustomerGains), ("B", 80_00, 100_00, 50_00, 50_00, 30_00, 50_00, 20_00, ReplayEffect.CompanyGains)]);
    }

    [Fact]
    public void Sums_and_finds_the_median_of_what_changed()
    {
        // Fees before: 240.00, 120.00, 80.00, 0.00 (the whole term); the draft takes none.
        var sum = PolicyReplay.Run([Case("A", 12), Case("B", 18), Case("C", 20, disputed: true), Case("D", 24)], Old with { Version = 2, Etf = null }).Sums.ShouldHaveSingleItem();

        sum.Fees.ShouldBe(new ReplayMeasure(Cny(440_00), Cny(0), Cny(100_00), Cny(0)));
        sum.Refunds.ShouldBe(new ReplayMeasure(Cny(200_00), Cny(200_00), Cny(50_00), Cny(50_00)));
        sum.Difference.ShouldBe(Cny(-440_00));
        (sum.Cases, sum.CustomersGain, sum.CompanyGains, sum.Same).ShouldBe((4, 3, 0, 1));
        sum.Largest.Select(r => r.Number).ShouldBe(["A", "B", "C"]);
    }

    [Fact]
    public void Counts_disputed_cases_and_never_adds_two_currencies()
    {
        var euro = Case("E", 12) is var c ? c with { Contract = c.Contract with { Currency = "EUR", MonthlyFee = new(100_00, "EUR"), Deposit = new(50_00, "EUR") } } : null!;
        var result = PolicyReplay.Run([Case("A", 12, disputed: true), euro], Old with { Version = 2, Etf = null });

        result.Disputed.ShouldBe(1);
        result.Sums.Select(s => (s.Currency, s.Difference.Minor)).ShouldBe([("CNY", -240_00), ("EUR", -240_00)]);
    }

    [Fact]
    public void Lists_what_the_draft_cannot_compute_with_its_reason()
    {
        // A flat fee in euros cannot settle a contract in yuan.
        var euro = Case("B", 12);
        euro = euro with { Contract = euro.Contract with { Currency = "EUR", MonthlyFee = new(100_00, "EUR"), Deposit = new(50_00, "EUR") } };
        var result = PolicyReplay.Run([Case("A", 12), euro], Old with { Version = 2, Etf = new FlatFee(new(100_00, "EUR")) });

        result.Refused.ShouldBe(new Dictionary<string, int> { ["settlement.mixed-currency"] = 1 });
        result.Rows[0].ShouldSatisfyAllConditions(r => r.Effect.ShouldBe(ReplayEffect.NotComputed), r => r.After.ShouldBeNull(), r => r.Before!.Fee.ShouldBe(Cny(240_00)));
        result.Sums.ShouldHaveSingleItem().Cases.ShouldBe(1);
    }

    [Fact]
    public void Has_nothing_to_say_of_no_cases() =>
        PolicyReplay.Run([], Old).ShouldSatisfyAllConditions(r => r.Rows.ShouldBeEmpty(), r => r.Sums.ShouldBeEmpty(), r => r.Refused.ShouldBeEmpty());

    [Theory]
    [InlineData(new long[] { 3 }, 3)]
    [InlineData(new long[] { 9, 1, 3 }, 3)]
    [InlineData(new long[] { 1, 4 }, 3)]
    [InlineData(new long[] { -4, -1 }, -3)]
    public void The_median_of_an_even_number_is_rounded_half_away_from_zero(long[] minor, long median) =>
        PolicyReplay.Median(minor.Select(Cny)).ShouldBe(Cny(median));

    [Fact]
    public void Replayed_with_the_same_policy_nothing_changes()
    {
        var cases =
            from months in Gen.Choose(0, 30)
            from days in Gen.Choose(1, 27)
            from fee in Gen.Choose(0, 1_000_000)
            from deposit in Gen.Choose(0, 100_000)
            from prepaid in Gen.Elements(true, false)
            from pct in Gen.Choose(0, 100)
            select (Case("R", months, days: days, fee: fee, deposit: deposit, prepaid: prepaid), Old with { Etf = new RemainingShareFee(Rate.Parse($"{pct / 100.0:0.00}", "pct")) });
        Prop.ForAll(
            cases.ToArbitrary(),
            c =>
            {
                var result = PolicyReplay.Run([c.Item1 with { Policy = c.Item2 }], c.Item2);
                return result.Rows[0] is { Effect: ReplayEffect.Same } row && row.Before == row.After && result.Sums[0].Difference.IsZero && result.Sums[0].Fees.SumBefore == result.Sums[0].Fees.SumAfter;
            }
        ).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));
    }

    private static ReplayCase Case(string number, int months, bool disputed = false, int days = 0, long fee = 100_00, long deposit = 50_00, bool prepaid = true)
    {
        var contract = new ContractTerms
        {
            Number = "#1", Currency = "CNY", Start = new(2024, 1, 1), TermMonths = 24, MonthlyFee = Cny(fee), Deposit = Cny(deposit), CurrentPeriodPrepaid = prepaid, AutoRenew = true,
        };
        return new(number, contract, new(contract.Start.AddMonths(months).AddDays(days - 1)), Old, disputed);
    }

    private static Money Cny(long minor) => new(minor, "CNY");
}
