using Exeunt.Core.Calendar;
using Exeunt.Core.Contracts;
using Exeunt.Core.Policies;
using Exeunt.Core.Settlement;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Settlement;

/// <summary>What holds for every contract, tried on 100,000 random ones each.</summary>
public sealed class SettlementProperties
{
    private const int Cases = 100_000;

    private static readonly string[] Currencies = ["CNY", "EUR", "JPY", "KWD", "CLF"];

    private static readonly Gen<DateOnly> Days = Gen.Choose(
            new DateOnly(2000, 1, 1).DayNumber,
            new DateOnly(2060, 1, 1).DayNumber
        )
        .Select(DateOnly.FromDayNumber);

    private static readonly Gen<long> Minor = Gen.Choose(0, 2_000_000_000)
        .SelectMany(a => Gen.Choose(0, 1000).Select(b => (long)a * (b < 700 ? 1 : b)));

    private static readonly Gen<RoundingMode> Modes = Gen.Elements(RoundingMode.HalfUp, RoundingMode.HalfEven);

    private static readonly Gen<DayCount> DayCounts = Gen.Elements(Enum.GetValues<DayCount>());

    private static readonly Gen<(ContractTerms Contract, TerminationPolicy Policy, ExitFacts Facts)> Exits =
        from currency in Gen.Elements(Currencies)
        from start in Days
        from term in Gen.Choose(1, 60)
        from served in Gen.Choose(0, 2000)
        from amounts in Minor.ArrayOf(8)
        from mode in Modes
        from dayCount in DayCounts
        from choice in Gen.Choose(0, int.MaxValue)
        from pct in Gen.Choose(0, 1500)
        select Exit(currency, start, term, served, amounts, mode, dayCount, choice, pct);

    [Fact]
    public void Lines_sum_to_the_total_and_postings_to_nothing() =>
        ForAll(
            Exits,
            exit =>
            {
                var statement = StatementBuilder.Build(exit.Contract, exit.Policy, exit.Facts).Value;
                return statement.Lines.Sum(l => l.Amount.Minor) == statement.Total.Minor
                    && statement.Owed + statement.Credits == statement.Total
                    && statement.Lines.All(l => l.Amount.Currency == exit.Contract.Currency)
                    && Ledger.Sum(statement.Postings) == 0;
            }
        );

    [Fact]
    public void The_same_inputs_give_the_same_bytes() =>
        ForAll(
            Exits,
            exit =>
            {
                var bytes = StatementBuilder.Build(exit.Contract, exit.Policy, exit.Facts).Value.ToJson();
                var contract = ContractTerms.FromJson(exit.Contract.ToJson());
                return StatementBuilder.Build(contract, exit.Policy, exit.Facts).Value.ToJson() == bytes;
            }
        );

    [Fact]
    public void Used_and_refund_are_what_was_charged() =>
        ForAll(
            from start in Days
            from days in Gen.Choose(1, 800)
            from served in Gen.Choose(0, days)
            from amount in Minor
            from dayCount in DayCounts
            from mode in Modes
            select Proration.Of(
                new(amount, "CNY"),
                new(start, start.AddDays(days)),
                start.AddDays(served),
                dayCount,
                (days / 31) + 1,
                mode
            ),
            divided =>
                divided.Used + divided.Refund == divided.Amount
                && divided.Used.Minor >= 0
                && divided.Refund.Minor >= 0
                && (divided.EffEnd != divided.Period.Until || divided.Refund.IsZero)
        );

    [Fact]
    public void One_day_more_moves_a_prorated_line_by_a_day_to_within_one_minor_unit() =>
        ForAll(
            from start in Days
            from days in Gen.Choose(1, 800)
            from served in Gen.Choose(0, days - 1)
            from amount in Minor
            from mode in Modes
            select (
                Proration.Of(
                    new(amount, "CNY"),
                    new(start, start.AddDays(days)),
                    start.AddDays(served),
                    rounding: mode
                ),
                Proration.Of(
                    new(amount, "CNY"),
                    new(start, start.AddDays(days)),
                    start.AddDays(served + 1),
                    rounding: mode
                )
            ),
            pair =>
            {
                var (before, after) = pair;
                var moved = (Int128)(after.Used.Minor - before.Used.Minor) * before.Period.Days;
                return Int128.Abs(moved - before.Amount.Minor) <= before.Period.Days;
            }
        );

    [Fact]
    public void Instalments_sum_exactly_and_differ_by_at_most_one_minor_unit() =>
        ForAll(
            from total in Minor
            from count in Gen.Choose(1, 60)
            select (Total: new Money(total, "EUR"), Parts: Instalments.Of(new(total, "EUR"), count)),
            plan =>
                plan.Parts.Sum(p => p.Minor) == plan.Total.Minor
                && plan.Parts[0].Minor - plan.Parts[^1].Minor <= 1
                && plan.Parts.Zip(plan.Parts.Skip(1)).All(pair => pair.First >= pair.Second)
        );

    [Fact]
    public void Allocated_parts_sum_exactly_and_are_within_one_minor_unit_of_their_share() =>
        ForAll(
            from total in Minor
            from weights in Gen.Choose(0, 1000).NonEmptyListOf()
            select (Total: total, Weights: weights.Select(w => (long)w).Append(1).ToArray()),
            split =>
            {
                var parts = Allocation.LargestRemainder(split.Total, split.Weights);
                var sum = split.Weights.Sum();
                return parts.Sum() == split.Total
                    && parts
                        .Zip(split.Weights)
                        .All(p => Int128.Abs(((Int128)p.First * sum) - ((Int128)split.Total * p.Second)) < sum);
            }
        );

    [Fact]
    public void Rounding_agrees_with_decimal_arithmetic() =>
        ForAll(
            from amount in Minor
            from whole in Gen.Choose(1, 1000)
            from part in Gen.Choose(-1000, 1000)
            select (amount: amount / 1000, part, whole),
            x =>
            {
                var exact = (decimal)x.amount * x.part;
                return Rounding.Share(x.amount, x.part, x.whole, RoundingMode.HalfUp)
                        == Reference(exact, x.whole, MidpointRounding.AwayFromZero)
                    && Rounding.Share(x.amount, x.part, x.whole, RoundingMode.HalfEven)
                        == Reference(exact, x.whole, MidpointRounding.ToEven)
                    && Rounding.ToMinor((long)exact, x.whole, RoundingMode.HalfEven)
                        == Reference(exact, x.whole, MidpointRounding.ToEven);
            }
        );

    [Fact]
    public void Full_months_are_the_largest_number_that_fits() =>
        ForAll(
            from start in Days
            from days in Gen.Choose(0, 5000)
            select (start, effEnd: start.AddDays(days)),
            x =>
            {
                var n = BillingPeriods.FullMonths(x.start, x.effEnd);
                var current = BillingPeriods.Current(x.start, x.effEnd);
                return x.start.AddMonths(n) <= x.effEnd
                    && x.start.AddMonths(n + 1) > x.effEnd
                    && current.From <= x.effEnd
                    && x.effEnd <= current.Until
                    && BillingPeriods.WholeMonths(current) == 1;
            }
        );

    private static decimal Reference(decimal numerator, int denominator, MidpointRounding mode)
    {
        // The remainder decides exactly; a decimal quotient could itself be rounded onto a half.
        var whole = decimal.Truncate(numerator / denominator);
        var twice = (numerator - (whole * denominator)) * 2;
        var up =
            Math.Abs(twice) > denominator
            || (Math.Abs(twice) == denominator && (mode == MidpointRounding.AwayFromZero || whole % 2 != 0));
        return whole + (up ? Math.Sign(numerator) : 0);
    }

    private static void ForAll<T>(Gen<T> gen, Func<T, bool> holds) =>
        Prop.ForAll(gen.ToArbitrary(), holds)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Cases).WithQuietOnSuccess(true));

    private static (ContractTerms, TerminationPolicy, ExitFacts) Exit(
        string currency,
        DateOnly start,
        int term,
        int served,
        long[] amounts,
        RoundingMode mode,
        DayCount dayCount,
        int choice,
        int pct
    )
    {
        Money M(int i) => new(amounts[i], currency);
        bool Is(int bit) => (choice & (1 << bit)) != 0;
        var share = new RemainingShareFee(Rate.Parse($"{pct / 1000}.{pct % 1000:000}"));
        EtfRule[] rules =
        [
            new FlatFee(M(0)),
            share,
            new DecliningFee(M(0), M(1)),
            new ScheduledFee([M(0), M(1), M(2)]),
            new LeastFee([new FlatFee(M(0)), share]),
        ];
        var contract = new ContractTerms
        {
            Number = "C",
            Currency = currency,
            Start = start,
            TermMonths = term,
            MonthlyFee = M(3),
            BillingAnchor = Is(9) ? start.AddDays(-(choice % 28)) : null,
            BillingMonths = Is(10) ? 3 : 1,
            CurrentPeriodPrepaid = Is(0),
            Deposit = Is(1) ? M(4) : null,
            DeviceValue = Is(2) ? M(5) : null,
            MonthlyDiscount = Is(3) ? M(6) : null,
        };
        var policy = new TerminationPolicy
        {
            Number = "P",
            Version = 1,
            EffectiveFrom = start,
            TitleEnglish = "P",
            TitleChinese = "P",
            Etf = Is(4) ? rules[choice % rules.Length] : null,
            Device = Is(5) ? DeviceRule.Eecc : DeviceRule.ProRata,
            Clawback = Is(6) ? ClawbackKind.Enjoyed : ClawbackKind.Unearned,
            DayCount = dayCount,
            Rounding = mode,
            Lines = new Dictionary<string, LineTerms> { [LineCode.Etf] = new("1", "", "", "VAT", Rate.Parse("0.13")) },
        };
        return (contract, policy, new(start.AddDays(served - 1), Is(7) ? M(7) : null));
    }
}
