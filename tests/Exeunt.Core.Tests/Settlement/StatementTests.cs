using System.Text.Json;
using Exeunt.Core.Calendar;
using Exeunt.Core.Contracts;
using Exeunt.Core.Policies;
using Exeunt.Core.Settlement;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Settlement;

public sealed class StatementTests
{
    private static readonly ContractTerms Contract = new()
    {
        Number = "C-1",
        Currency = "CNY",
        Start = new(2024, 12, 15),
        TermMonths = 24,
        MonthlyFee = Yuan(199_00),
        Deposit = Yuan(300_00),
        DeviceValue = Yuan(1200_00),
        AutoRenew = true,
    };

    private static readonly TerminationPolicy Policy = new()
    {
        Number = "TP-7",
        Version = 3,
        EffectiveFrom = new(2024, 1, 1),
        TitleEnglish = "Ending a broadband contract",
        TitleChinese = "宽带合同解约政策",
        Etf = new RemainingShareFee(Rate.Parse("0.20")),
        Device = DeviceRule.ProRata,
        Clawback = ClawbackKind.Enjoyed,
        Lines = new Dictionary<string, LineTerms>
        {
            [LineCode.Etf] = new(
                "4.2",
                "Twenty percent of the fees left.",
                "剩余费用的百分之二十。",
                "CN-VAT-6",
                Rate.Parse("0.06")
            ),
            [LineCode.Deposit] = new("5.1", "The deposit goes back.", "退还押金。"),
        },
    };

    private static readonly ExitFacts Facts = new(new(2026, 3, 20));

    private static Money Yuan(long minor) => new(minor, "CNY");

    private static Statement Built(
        ContractTerms? contract = null,
        TerminationPolicy? policy = null,
        ExitFacts? facts = null
    ) => StatementBuilder.Build(contract ?? Contract, policy ?? Policy, facts ?? Facts).Value;

    private static string Text(Statement statement) =>
        string.Join(", ", statement.Lines.Select(l => $"{l.Code} {l.Amount}")) + $" → {statement.Total}";

    [Fact]
    public void Is_the_exit_of_vector_23() =>
        Text(Built()).ShouldBe("unusedPrepaid -160.48, etf 318.40, device 400.00, deposit -300.00 → 257.92");

    [Fact]
    public void Every_line_can_be_computed_again_alone_from_its_own_inputs()
    {
        var contract = Contract with { MonthlyDiscount = Yuan(10_00) };
        var facts = Facts with
        {
            Unpaid = Yuan(45_50),
            Added =
            [
                new("goodwill", StatementSide.Credit, Yuan(20_00), "A-1"),
                new("damage.screen", StatementSide.Owed, Yuan(80_00)),
            ],
        };
        using var json = JsonDocument.Parse(Built(contract, facts: facts).ToJson());
        var lines = json.RootElement.GetProperty("lines").EnumerateArray().ToList();
        lines.Count.ShouldBe(8);
        lines.ForEach(Recomputed.Agrees);
    }

    [Fact]
    public void Each_line_says_its_clause_its_tax_and_how_it_was_computed_in_two_languages()
    {
        using var json = JsonDocument.Parse(Built().ToJson());
        json.RootElement.GetProperty("lines")[1]
            .GetRawText()
            .ShouldBe(
                """{"line":"etf","amount":"318.40","formula":"etf","inputs":{"currency":"CNY","etf":{"kind":"REMAIN_PCT","pct":"0.20","monthlyFee":"199.00"},"mFull":15,"mRem":8,"rounding":"HALF_UP"},"answer":"etf","clause":"4.2","rounding":"HALF_UP","taxCode":"CN-VAT-6","taxRate":"0.06","tax":{"net":"300.38","vat":"18.02","gross":"318.40"},"explanation":{"en":"Fee for leaving early in CNY: 0.20 of the fees of the 8 months not begun: 0.20 × 8 × 199.00 = 318.40.","zh":"提前解约费用（CNY）：未开始的 8 个月费用的 0.20：0.20 × 8 × 199.00 = 318.40。"}}"""
            );
        json.RootElement.EnumerateObject()
            .Select(p => p.Name)
            .ShouldBe([
                "contract",
                "policy",
                "currency",
                "lastServiceDay",
                "lastBilledDay",
                "mFull",
                "mRem",
                "lines",
                "owed",
                "credits",
                "total",
                "postings",
                "inputs",
            ]);
    }

    [Fact]
    public void Postings_balance_line_by_line_and_show_the_tax()
    {
        var postings = Built().Postings;
        Ledger.Sum(postings).ShouldBe((Int128)0);
        foreach (var line in postings.GroupBy(p => p.Line))
            Ledger.Sum(line).ShouldBe((Int128)0);
        postings.Where(p => p.Account == LedgerAccount.Settlement).Sum(p => p.Minor).ShouldBe(257_92);
        // 318.40 gross at 6 %: 18.02 of tax.
        postings
            .Where(p => p.Line == LineCode.Etf)
            .ShouldBe([
                new("etf", LedgerAccount.Settlement, 318_40),
                new("etf", LedgerAccount.ExitFees, -300_38),
                new("etf", LedgerAccount.Tax, -18_02),
            ]);
        postings
            .Where(p => p.Line == LineCode.Deposit)
            .ShouldBe([
                new("deposit", LedgerAccount.Settlement, -300_00),
                new("deposit", LedgerAccount.DepositsHeld, 300_00),
            ]);
    }

    [Fact]
    public void A_period_not_paid_in_advance_is_billed_to_the_end() =>
        Text(Built(Contract with { CurrentPeriodPrepaid = false }))
            .ShouldBe("serviceToEnd 38.52, etf 318.40, device 400.00, deposit -300.00 → 456.92");

    [Fact]
    public void Nothing_is_early_once_the_term_is_served()
    {
        var contract = Contract with { MonthlyDiscount = Yuan(10_00), Deposit = null };
        Text(Built(contract, facts: new(new(2026, 12, 14)))).ShouldBe("unusedPrepaid 0.00, device 0.00 → 0.00");
        Text(Built(contract, facts: new(new(2026, 12, 13))))
            .ShouldStartWith("unusedPrepaid -6.63, etf 0.00, device 0.00, clawback 230.00");
    }

    [Fact]
    public void After_a_renewal_billing_is_anchored_on_the_day_after_the_term()
    {
        var contract = Contract with
        {
            Start = new(2025, 1, 31),
            TermMonths = 1,
            Deposit = null,
            DeviceValue = null,
            MonthlyFee = Yuan(28_00),
        };
        // Term to 27 February; the period is 28 February to 27 March.
        Text(Built(contract, facts: new(new(2025, 3, 1)))).ShouldBe("unusedPrepaid -26.00 → -26.00");
    }

    [Fact]
    public void A_billing_anchor_before_the_start_makes_a_short_first_period()
    {
        var contract = Contract with
        {
            Start = new(2025, 4, 16),
            BillingAnchor = new(2025, 4, 1),
            MonthlyFee = Yuan(30_00),
            Deposit = null,
            DeviceValue = null,
        };
        var policy = Policy with { Etf = null };
        Text(Built(contract, policy, new(new(2025, 4, 20)))).ShouldBe("unusedPrepaid -10.00 → -10.00");
        Text(Built(contract, policy, new(new(2025, 5, 31)))).ShouldBe("unusedPrepaid 0.00 → 0.00");
    }

    [Fact]
    public void A_year_billed_at_once_is_divided_as_a_year()
    {
        var contract = Contract with
        {
            Start = new(2025, 1, 1),
            BillingMonths = 12,
            MonthlyFee = Yuan(100_00),
            Deposit = null,
            DeviceValue = null,
        };
        Text(Built(contract, Policy with { Etf = null }, new(new(2025, 2, 28))))
            .ShouldBe("unusedPrepaid -1006.03 → -1006.03");
    }

    [Fact]
    public void Amounts_of_another_currency_are_refused()
    {
        var refusal = StatementBuilder.Build(Contract with { Deposit = new(1, "USD") }, Policy, Facts).Refusal!;
        refusal.Code.ShouldBe("settlement.mixed-currency");
        StatementBuilder
            .Build(Contract, Policy with { Etf = new FlatFee(new(1, "USD")) }, Facts)
            .Refusal!.Code.ShouldBe("settlement.mixed-currency");
        StatementBuilder
            .Build(Contract, Policy, Facts with { Added = [new("x", StatementSide.Owed, new(1, "USD"))] })
            .Refusal!.Code.ShouldBe("settlement.mixed-currency");
        StatementBuilder
            .Build(Contract with { Currency = "XYZ" }, Policy, Facts)
            .Refusal!.Code.ShouldBe("settlement.unknown-currency");
        StatementBuilder
            .Build(Contract, Policy, new(new(2024, 12, 1)))
            .Refusal!.Code.ShouldBe("settlement.end-before-start");
        StatementBuilder
            .Build(Contract with { TermMonths = 0 }, Policy, Facts)
            .Refusal!.Code.ShouldBe("settlement.invalid-count");
        StatementBuilder
            .Build(Contract with { Deposit = Yuan(-1) }, Policy, Facts)
            .Refusal!.Code.ShouldBe("settlement.negative-amount");
    }

    [Fact]
    public void A_credit_added_by_people_needs_its_approval() =>
        StatementBuilder
            .Build(Contract, Policy, Facts with { Added = [new("goodwill", StatementSide.Credit, Yuan(1))] })
            .Refusal!.Code.ShouldBe("settlement.missing-input");

    [Fact]
    public void A_curve_is_the_same_settlement_on_other_dates()
    {
        var curve = StatementBuilder.Curve(Contract, Policy, Facts, new(2026, 3, 20), 3);
        curve.Select(p => p.LastServiceDay.Day).ShouldBe([20, 21, 22]);
        curve[0].Total.ShouldBe(Yuan(257_92));
        curve.ShouldAllBe(p => p.Refusal == null);
    }

    [Fact]
    public void Documents_survive_being_written_and_read()
    {
        var policy = Policy with
        {
            Etf = new LeastFee([
                new FlatFee(Yuan(9)),
                new DecliningFee(Yuan(9), Yuan(1)),
                new ScheduledFee([Yuan(3)]),
                new RemainingShareFee(Rate.Parse("0.5"), Yuan(2)),
            ]),
            Notice = NoticePeriod.OfMonths(1),
            DayCount = DayCount.Thirty360E,
            Rounding = RoundingMode.HalfEven,
        };
        var json = policy.ToJson();
        var read = TerminationPolicy.FromJson(json);
        read.ToJson().ShouldBe(json);
        read.Etf.ShouldBe(policy.Etf);
        json.ShouldContain(""" "dayCount":"30E/360","rounding":"HALF_EVEN" """.Trim());
        ContractTerms.FromJson(Contract.ToJson()).ShouldBe(Contract);
        Built(ContractTerms.FromJson(Contract.ToJson()), TerminationPolicy.FromJson(Policy.ToJson()))
            .ToJson()
            .ShouldBe(Built().ToJson());
        Should.Throw<JsonException>(() => ContractTerms.FromJson(Contract.ToJson()[..^1] + ""","colour":"red"}"""));
        Should.Throw<JsonException>(() => ContractTerms.FromJson("null"));
    }

    [Theory]
    [InlineData(30, NoticeUnit.Day, EndsOn.AnyDay, true, "2026-02-10", "2026-03-12")]
    [InlineData(1, NoticeUnit.Month, EndsOn.AnyDay, true, "2026-01-31", "2026-02-28")]
    [InlineData(5, NoticeUnit.BusinessDay, EndsOn.AnyDay, true, "2026-02-10", "2026-02-17")]
    [InlineData(30, NoticeUnit.Day, EndsOn.MonthEnd, true, "2026-02-10", "2026-03-31")]
    [InlineData(30, NoticeUnit.Day, EndsOn.PeriodEnd, true, "2026-02-10", "2026-03-14")]
    [InlineData(30, NoticeUnit.Day, EndsOn.AnyDay, false, "2026-02-10", "2026-12-14")]
    [InlineData(30, NoticeUnit.Day, EndsOn.AnyDay, false, "2026-12-01", "2026-12-31")]
    public void The_earliest_end_follows_the_notice(
        int count,
        NoticeUnit unit,
        EndsOn endsOn,
        bool early,
        string received,
        string expected
    )
    {
        var policy = Policy with { Notice = new(count, unit), EndsOn = endsOn, EarlyExitAllowed = early };
        policy
            .EarliestEnd(Contract, DateOnly.Parse(received, System.Globalization.CultureInfo.InvariantCulture))
            .ToString("O")
            .ShouldBe(expected);
    }

    [Fact]
    public void A_contract_that_is_not_renewed_ends_with_its_term_at_the_latest()
    {
        Policy.EarliestEnd(Contract with { AutoRenew = false }, new(2026, 12, 1)).ShouldBe(new(2026, 12, 14));
        Policy.EarliestEnd(Contract with { NoticeDays = 3 }, new(2026, 12, 1)).ShouldBe(new(2026, 12, 4));
    }
}
