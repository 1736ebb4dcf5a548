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

    /// <summary>Random contracts with every part a settlement can have; a few are refused, always by name.</summary>
    private static readonly Gen<Exit> Exits = Gen.Choose(0, int.MaxValue - 1).Select(seed => Random(new Random(seed)));

    /// <summary>A contract, a policy and the facts of an end.</summary>
    private sealed record Exit(ContractTerms Contract, TerminationPolicy Policy, ExitFacts Facts)
    {
        internal Outcome<Statement> Built => StatementBuilder.Build(Contract, Policy, Facts);
    }

    [Fact]
    public void The_random_exits_reach_every_line_and_few_are_refused()
    {
        var built = Enumerable.Range(0, 10_000).Select(seed => Random(new Random(seed)).Built).ToList();
        built.Count(b => b.Succeeded).ShouldBeGreaterThan(7_500);
        var lines = built.Where(b => b.Succeeded).SelectMany(b => b.Value.Lines).Select(l => l.Code).ToHashSet();
        LineCode.All.ShouldAllBe(code => lines.Contains(code));
        built.Count(b => b is { Succeeded: true, Value.Plan: not null }).ShouldBeGreaterThan(500);
        built.Count(b => b is { Succeeded: true, Value.Damages: not null }).ShouldBeGreaterThan(500);
    }

    [Fact]
    public void Lines_sum_to_the_total_and_postings_to_nothing() =>
        ForAll(
            Exits,
            exit =>
            {
                if (exit.Built is not { Succeeded: true, Value: var statement })
                    return IsNamed(exit.Built.Refusal!);
                return statement.Lines.Aggregate((Int128)0, (sum, l) => sum + l.Amount.Minor) == statement.Total.Minor
                    && statement.Owed + statement.Credits == statement.Total
                    && statement.Lines.All(l => l.Amount.Currency == exit.Contract.Currency)
                    && statement.Postings.GroupBy(p => p.Line).All(line => Ledger.Sum(line) == 0)
                    && statement.Postings.Where(p => p.Account == LedgerAccount.Settlement).Aggregate((Int128)0, (sum, p) => sum + p.Minor)
                        == statement.Total.Minor;
            }
        );

    [Fact]
    public void Used_and_refund_are_what_was_charged_on_whole_statements() =>
        ForAll(
            Exits,
            exit =>
                exit.Built.Refusal is not null
                || exit.Built.Value.Lines.All(line =>
                    line.Working switch
                    {
                        Proration divided => divided.Used + divided.Refund == divided.Amount,
                        PrepaidRefund card => card.Used + card.Refund == card.Paid && card.Refund.Minor >= 0,
                        Withdrawal back => back.Pay + back.Refund == back.Served.Amount,
                        DepositReturn back => back.Return - back.StillOwed == back.Deposit - back.DeductionsSum,
                        EarnestMoney earnest => earnest.Forfeited + earnest.Return == earnest.Earnest && earnest.Penalty <= earnest.Effective,
                        _ => true,
                    }
                    && (line.Tax is not { } tax || (tax.Net + tax.Vat == tax.Gross && tax.Gross == line.Amount))
                )
        );

    [Fact]
    public void Computing_again_from_the_emitted_JSON_gives_the_same_bytes() =>
        ForAll(
            Exits,
            exit =>
            {
                if (exit.Built.Refusal is not null)
                    return true;
                var bytes = exit.Built.Value.ToJson();
                return SettlementDocument.Settle(bytes).Value.ToJson() == bytes;
            }
        );

    [Fact]
    public void Every_line_is_answered_alike_by_the_workbench() =>
        ForAll(
            Exits,
            exit =>
            {
                if (exit.Built.Refusal is not null)
                    return true;
                using var json = System.Text.Json.JsonDocument.Parse(exit.Built.Value.ToJson());
                return json.RootElement.GetProperty("lines").EnumerateArray().All(Recomputed.Agree);
            }
        );

    [Fact]
    public void One_foreign_amount_anywhere_refuses_the_whole() =>
        ForAll(
            from exit in Exits
            from place in Gen.Choose(0, ForeignPlaces.Length - 1)
            select (exit, Foreign: ForeignPlaces[place](exit, new Money(1, exit.Contract.Currency == "USD" ? "EUR" : "USD"))),
            x =>
            {
                var before = x.exit.Contract.ToJson();
                var refusal = x.Foreign.Built.Refusal;
                return refusal?.Code == "settlement.mixed-currency" && x.exit.Contract.ToJson() == before;
            }
        );

    [Fact]
    public void Bad_input_is_refused_by_name_and_changes_nothing() =>
        ForAll(
            from exit in Exits
            from place in Gen.Choose(0, BadInputs.Length - 1)
            select (exit, Bad: BadInputs[place]),
            x =>
            {
                var (wrong, code) = x.Bad(x.exit);
                var good = x.exit.Built;
                var refused = wrong.Built.Refusal?.Code == code;
                // The same exit is computed as before.
                return refused && good.Refusal == x.exit.Built.Refusal && (good.Refusal is not null || good.Value.Total == x.exit.Built.Value.Total);
            }
        );

    [Fact]
    public void One_day_more_within_a_period_moves_the_periods_line_by_a_day_on_whole_statements() =>
        ForAll(
            Exits,
            exit =>
            {
                var next = exit with { Facts = exit.Facts with { LastServiceDay = exit.Facts.LastServiceDay.AddDays(1) } };
                if (exit.Built.Refusal is not null || next.Built.Refusal is not null)
                    return true;
                if (Divided(exit.Built.Value) is not { } before || Divided(next.Built.Value) is not { } after || before.Period != after.Period)
                    return true;
                if (before.DayCount != DayCount.ActAct || exit.Policy.BillingEnds != BillingEnd.WithService || exit.Facts.LastBilledDay is not null)
                    return after.Used >= before.Used;
                var moved = (Int128)(after.Used.Minor - before.Used.Minor) * before.Period.Days;
                return Int128.Abs(moved - before.Amount.Minor) <= before.Period.Days;
            }
        );

    [Fact]
    public void A_plan_sums_to_what_is_owed_and_falls_due_a_month_apart() =>
        ForAll(
            Exits,
            exit =>
                exit.Built.Refusal is not null
                || exit.Built.Value.Plan is not { } plan
                || (
                    plan.Count == exit.Facts.Instalments
                    && plan.Aggregate((Int128)0, (sum, p) => sum + p.Amount.Minor) == exit.Built.Value.Total.Minor
                    && plan[0].Amount.Minor - plan[^1].Amount.Minor <= 1
                    && plan.Select((p, i) => p.DueOn == plan[0].DueOn.AddMonths(i) && p.Number == i + 1).All(x => x)
                )
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

    private static Proration? Divided(Statement statement) =>
        statement.Lines.Select(l => l.Working).OfType<Proration>().FirstOrDefault();

    private static bool IsNamed(Refusal refusal) =>
        refusal.Code
            is "settlement.ground-not-accepted"
                or "settlement.term-not-served"
                or "settlement.waiver-exceeds-fees"
                or "settlement.overflow";

    private static readonly Func<Exit, Money, Exit>[] ForeignPlaces =
    [
        (e, m) => e with { Contract = e.Contract with { MonthlyFee = m } },
        (e, m) => e with { Contract = e.Contract with { Deposit = m } },
        (e, m) => e with { Contract = e.Contract with { DeviceValue = m } },
        (e, m) => e with { Contract = e.Contract with { MonthlyDiscount = m } },
        (e, m) => e with { Contract = e.Contract with { PrepaidCard = new(m) } },
        (e, m) => e with { Contract = e.Contract with { PrepaidCard = new(new(1, e.Contract.Currency), m) } },
        (e, m) => e with { Contract = e.Contract with { Earnest = new(m, new(1, e.Contract.Currency)) } },
        (e, m) => e with { Contract = e.Contract with { Earnest = new(new(1, e.Contract.Currency), m) } },
        (e, m) => e with { Facts = e.Facts with { Unpaid = m } },
        (e, m) => e with { Facts = e.Facts with { Costs = m } },
        (e, m) => e with { Facts = e.Facts with { PrepaidConsumed = m } },
        (e, m) => e with { Facts = e.Facts with { DepositDeductions = [new(1, e.Contract.Currency), m] } },
        (e, m) => e with { Facts = e.Facts with { Loss = new(m) } },
        (e, m) => e with { Facts = e.Facts with { Loss = new(null, m, 1) } },
        (e, m) => e with { Facts = e.Facts with { Loss = new(null, null, 1, m) } },
        (e, m) => e with { Facts = e.Facts with { Added = [new("x", StatementSide.Owed, m)] } },
        (e, m) => e with { Policy = e.Policy with { Etf = new FlatFee(m) } },
        (e, m) => e with { Policy = e.Policy with { Etf = new RemainingShareFee(Rate.One, m) } },
        (e, m) => e with { Policy = e.Policy with { Etf = new DecliningFee(new(1, e.Contract.Currency), m) } },
        (e, m) => e with { Policy = e.Policy with { Etf = new ScheduledFee([new(1, e.Contract.Currency), m]) } },
        (e, m) => e with { Policy = e.Policy with { Etf = new LossFee(1, m) } },
        (e, m) => e with { Policy = e.Policy with { Etf = new LossFee(1, MitigationCost: m) } },
        (e, m) => e with { Policy = e.Policy with { Etf = new LeastFee([new FlatFee(new(1, e.Contract.Currency)), new LossFee(1, MonthlyFee: m)]) } },
    ];

    private static readonly Func<Exit, (Exit, string)>[] BadInputs =
    [
        e => (e with { Contract = e.Contract with { MonthlyFee = new(-1, e.Contract.Currency) } }, "settlement.negative-amount"),
        e => (e with { Contract = e.Contract with { Deposit = new(-1, e.Contract.Currency) } }, "settlement.negative-amount"),
        e => (e with { Facts = e.Facts with { Unpaid = new(-1, e.Contract.Currency) } }, "settlement.negative-amount"),
        e => (e with { Facts = e.Facts with { Costs = new(-1, e.Contract.Currency) } }, "settlement.negative-amount"),
        e => (e with { Policy = e.Policy with { Etf = new FlatFee(new(-1, e.Contract.Currency)) } }, "settlement.negative-amount"),
        e => (e with { Contract = e.Contract with { Currency = "XYZ" } }, "settlement.unknown-currency"),
        e => (e with { Contract = e.Contract with { TermMonths = 0 } }, "settlement.invalid-count"),
        e => (e with { Contract = e.Contract with { BillingMonths = 0 } }, "settlement.invalid-count"),
        e => (e with { Contract = e.Contract with { BillingAnchor = e.Contract.Start.AddDays(1) } }, "settlement.date-outside-period"),
        e => (e with { Facts = e.Facts with { LastServiceDay = e.Contract.Start.AddDays(-2) } }, "settlement.end-before-start"),
        e => (e with { Facts = e.Facts with { LastServiceDay = DateOnly.MaxValue } }, "settlement.invalid-date"),
        e => (e with { Facts = e.Facts with { LastBilledDay = e.Facts.LastServiceDay.AddYears(60) } }, "settlement.date-outside-period"),
        e => (e with { Contract = e.Contract with { MonthlyFee = new(long.MaxValue, e.Contract.Currency), BillingMonths = 2, BillingAnchor = null } }, "settlement.overflow"),
        e => (e with { Facts = e.Facts with { PerformedShare = Rate.Parse("1.5") } }, "settlement.invalid-rate"),
    ];

    private static Exit Random(Random r)
    {
        var currency = Currencies[r.Next(Currencies.Length)];
        bool Is(int oneIn = 2) => r.Next(oneIn) == 0;
        Money M(long most = 2_000_000_000) => new(Is(12) ? 0 : r.NextInt64(most + 1), currency);
        Money? Maybe() => Is() ? M() : null;
        Rate R(int most = 1000) => Rate.Parse($"{r.Next(most + 1) / 1000m:0.000}");
        EtfRule Fee(int depth = 0) =>
            r.Next(depth == 0 ? 6 : 5) switch
            {
                0 => new FlatFee(M()),
                1 => new RemainingShareFee(R(1500), Is(3) ? M() : null),
                2 => new DecliningFee(M(), M()),
                3 => new ScheduledFee([M(), M(), M()]),
                4 => Is() ? new LossFee(r.Next(8), Maybe(), null, Maybe()) : new LossFee(r.Next(8), null, R(), Maybe(), Maybe()),
                _ => new LeastFee([Fee(1), Fee(1)]),
            };
        var start = new DateOnly(2000, 1, 1).AddDays(r.Next(20_000));
        var term = 1 + r.Next(60);
        // Three quarters within the term, the rest after it.
        var last = start.AddDays(r.Next(term * 40) - 1);
        var contract = new ContractTerms
        {
            Number = "#1",
            Currency = currency,
            Start = start,
            TermMonths = term,
            MonthlyFee = M(),
            BillingAnchor = Is(3) ? start.AddDays(-r.Next(28)) : null,
            BillingMonths = Is(3) ? 1 + r.Next(12) : 1,
            CurrentPeriodPrepaid = Is(),
            Deposit = Maybe(),
            DeviceValue = Maybe(),
            DeviceMonths = Is(3) ? 1 + r.Next(36) : null,
            MonthlyDiscount = Maybe(),
            AutoRenew = Is(),
            Jurisdiction = Is() ? Is() ? "FR" : "DE" : null,
            PrepaidCard = Is() ? new(M(), Maybe(), null, start, start.AddDays(1 + r.Next(800))) : null,
            Earnest = Is(3) ? new(M(), M()) : null,
        };
        var policy = new TerminationPolicy
        {
            Number = "P",
            Version = 1,
            EffectiveFrom = start,
            TitleEnglish = "P",
            TitleChinese = "政策",
            Grounds = Is(4) ? [new(Ground.ConsumerEarly), new(Ground.Mutual, GroundFee.None)] : [],
            Etf = Is(4) ? null : Fee(),
            Device = (DeviceRule)r.Next(3),
            Clawback = (ClawbackKind)r.Next(3),
            RefundsUnusedPeriod = !Is(6),
            BillingEnds = Is(3) ? BillingEnd.PeriodEnd : BillingEnd.WithService,
            Prepaid = Is(4) ? null : new((PrepaidMethod)r.Next(2), Is() ? R(50) : null, Is() ? R(50) : null),
            EarnestElection = (EarnestElection)r.Next(2),
            Instalments = new(24, r.Next(60)),
            LateInterest = Is() ? Is() ? new(R(200), Is() ? R(2000) : null) : new(DailyRate: R(3)) : null,
            Renewal = Is(3) ? new((RenewalKind)r.Next(3), 12) : null,
            DayCount = (DayCount)r.Next(5),
            Rounding = (RoundingMode)r.Next(2),
            Lines = new Dictionary<string, LineTerms>
            {
                [LineCode.Etf] = new("1", "Fee", "费用", "VAT", Rate.Parse("0.13")),
                [LineCode.UnusedPrepaid] = new("2", "", "", "VAT", R(200)),
                [LineCode.Damage] = new("3", "", "", "VAT", Rate.Parse("0.06")),
            },
        };
        var facts = new ExitFacts(last, Maybe(), Is(), Is(3) ? [new("damage.x", StatementSide.Owed, M()), new("goodwill", StatementSide.Credit, M(), "A-1", new("Sorry", "抱歉")), new("waiver.etf", StatementSide.Credit, M(1000), "A-2")] : null)
        {
            Ground = Is() ? Ground.ConsumerEarly : (Ground)r.Next(13),
            Fault = (Fault)r.Next(3),
            UnpaidDueOn = Is() ? last.AddDays(30 - r.Next(400)) : null,
            Costs = Is(3) ? M() : null,
            DepositDeductions = contract.Deposit is not null && Is() ? [M(), M()] : null,
            PrepaidConsumed = M(),
            PerformedShare = Is() ? R() : null,
            Loss = Is(3) ? Is() ? new(M(), BadFaith: Is()) : new(null, Maybe(), r.Next(8), Maybe(), Is()) : null,
            RenewalNoticeSent = Is() ? Is() : null,
            ExpressRequest = Is(),
            Informed = Is(),
            Instalments = Is(3) ? 2 + r.Next(23) : null,
            RefundOn = Is() ? last.AddDays(r.Next(200)) : null,
            NoticeReceivedOn = Is() ? last.AddDays(-r.Next(100)) : null,
        };
        // An insurance policy now and then; drawn last, so that the others stay as they were.
        if (!Is(5))
            return new(contract, policy, facts);
        var basis = (SurrenderBasis)r.Next(3);
        var between = basis == SurrenderBasis.PeriodPremium || Is() ? TableBetween.None : TableBetween.ByDays;
        return new(
            contract with { Insured = new(M(), M(), Maybe(), Is() ? last.AddDays(-r.Next(900)) : null) },
            policy with { Insurance = new(Is() ? 20 : null, Maybe(), Is(4) ? null : new(basis, [.. Enumerable.Range(0, 1 + r.Next(6)).Select(i => new SurrenderRow(i, R()))], between), Is() ? R(80) : null) },
            facts
        );
    }
}
