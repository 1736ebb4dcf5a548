using System.Text.Json;
using Exeunt.Core.Calendar;
using Exeunt.Core.Contracts;
using Exeunt.Core.Policies;
using Exeunt.Core.Settlement;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Settlement;

/// <summary>Each kind of line in a statement, with figures worked out by hand.</summary>
public sealed class StatementLinesTests
{
    // A year from January at 100 a month, the month of the end paid in advance.
    private static readonly ContractTerms Contract = new()
    {
        Number = "#1",
        Currency = "CNY",
        Start = new(2025, 1, 1),
        TermMonths = 12,
        MonthlyFee = Yuan(100_00),
    };

    private static readonly TerminationPolicy Policy = new()
    {
        Number = "P",
        Version = 1,
        EffectiveFrom = new(2020, 1, 1),
        TitleEnglish = "P",
        TitleChinese = "P",
    };

    private static readonly TerminationPolicy WithFee = Policy with { Etf = new RemainingShareFee(Rate.Parse("0.20")), Clawback = ClawbackKind.Enjoyed };

    // 2 full months and 10 of the 31 days of March; 9 months are not begun.
    private static readonly ExitFacts Facts = new(new(2025, 3, 10));

    private static Money Yuan(long minor) => new(minor, "CNY");

    private static Statement Built(ContractTerms contract, TerminationPolicy policy, ExitFacts facts)
    {
        var built = StatementBuilder.Build(contract, policy, facts);
        built.Refusal.ShouldBeNull();
        var json = built.Value.ToJson();
        using var document = JsonDocument.Parse(json);
        foreach (var line in document.RootElement.GetProperty("lines").EnumerateArray())
            Recomputed.Agrees(line);
        SettlementDocument.Settle(json).Value.ToJson().ShouldBe(json);
        Ledger.Sum(built.Value.Postings).ShouldBe((Int128)0);
        return built.Value;
    }

    private static string Text(ContractTerms contract, TerminationPolicy policy, ExitFacts facts) => Text(Built(contract, policy, facts));

    private static string Text(Statement statement) =>
        string.Join(", ", statement.Lines.Select(l => $"{l.Code} {l.Amount}")) + $" → {statement.Total}";

    private static string Refused(ContractTerms contract, TerminationPolicy policy, ExitFacts facts) =>
        StatementBuilder.Build(contract, policy, facts).Refusal.ShouldNotBeNull().Code;

    private static string Posted(Statement statement, string line) =>
        string.Join(", ", statement.Postings.Where(p => p.Line == line).Select(p => $"{p.Account} {p.Minor}"));

    // ---- the fee by loss ---------------------------------------------------------------------------------------------

    [Theory]
    // Vector 8 as a fee: (5000 - 3200) · 4 + 500; with 3 months left (5000 - 3200) · 3 + 500.
    [InlineData("2025-02-15", "7700.00")]
    [InlineData("2025-09-15", "5900.00")]
    public void The_fee_by_loss_goes_no_further_than_a_replacement_takes(string last, string fee)
    {
        var loss = Policy with { Etf = new LossFee(4, Yuan(3200_00), MitigationCost: Yuan(500_00)) };
        var contract = Contract with { MonthlyFee = Yuan(5000_00), CurrentPeriodPrepaid = false };
        var line = Built(contract, loss, new(Day(last))).Lines.Single(l => l.Code == LineCode.Etf);
        line.Amount.ToString().ShouldBe(fee);
        var share = Policy with { Etf = new LossFee(4, AvoidableShare: Rate.Parse("0.64"), MitigationCost: Yuan(500_00)) };
        Built(contract, share, new(Day(last))).Lines.Single(l => l.Code == LineCode.Etf).Amount.ShouldBe(line.Amount);
    }

    [Fact]
    public void The_fee_by_loss_is_never_below_the_cost_of_mitigating_and_can_be_one_of_the_least()
    {
        Text(Contract, Policy with { Etf = new LossFee(3, Yuan(120_00), MitigationCost: Yuan(7_00)) }, Facts)
            .ShouldBe("unusedPrepaid -67.74, etf 7.00 → -60.74");
        Text(Contract, Policy with { Etf = new LeastFee([new FlatFee(Yuan(250_00)), new LossFee(2, AvoidableShare: Rate.Parse("0.333"))]) }, Facts)
            // 2 · 100 · 0.667
            .ShouldBe("unusedPrepaid -67.74, etf 133.40 → 65.66");
        Refused(Contract, Policy with { Etf = new LossFee(3, Yuan(1), Rate.One) }, Facts).ShouldBe("settlement.invalid-input");
        Refused(Contract, Policy with { Etf = new LossFee(-1) }, Facts).ShouldBe("settlement.invalid-count");
    }

    // ---- grounds -----------------------------------------------------------------------------------------------------

    [Theory]
    [InlineData(Ground.ConsumerEarly, Fault.None, "unusedPrepaid -67.74, etf 180.00, clawback 20.00 → 132.26")]
    [InlineData(Ground.ConsumerEarly, Fault.Company, "unusedPrepaid -67.74 → -67.74")]
    [InlineData(Ground.Mutual, Fault.None, "unusedPrepaid -67.74, etf 180.00, clawback 20.00 → 132.26")]
    [InlineData(Ground.ForceMajeure, Fault.None, "unusedPrepaid -67.74 → -67.74")]
    [InlineData(Ground.ServiceEnd, Fault.None, "unusedPrepaid -67.74 → -67.74")]
    [InlineData(Ground.Death, Fault.None, "unusedPrepaid -67.74 → -67.74")]
    [InlineData(Ground.LateAfterDemand, Fault.Customer, "unusedPrepaid -67.74, etf 180.00, clawback 20.00 → 132.26")]
    [InlineData(Ground.Fundamental, Fault.Company, "unusedPrepaid -67.74 → -67.74")]
    [InlineData(Ground.Fundamental, Fault.None, "unusedPrepaid -67.74 → -67.74")]
    public void The_ground_decides_whether_leaving_early_costs(Ground ground, Fault fault, string expected) =>
        Text(Contract with { MonthlyDiscount = Yuan(10_00) }, WithFee, Facts with { Ground = ground, Fault = fault }).ShouldBe(expected);

    [Fact]
    public void A_policy_says_for_each_ground_whether_its_fee_is_charged()
    {
        var policy = WithFee with
        {
            Grounds = [new(Ground.ConsumerEarly), new(Ground.AgreedEvent, GroundFee.None), new(Ground.Death, GroundFee.Policy), new(Ground.ForceMajeure)],
        };
        Text(Contract, policy, Facts with { Ground = Ground.AgreedEvent }).ShouldBe("unusedPrepaid -67.74 → -67.74");
        Text(Contract, policy, Facts with { Ground = Ground.Death }).ShouldBe("unusedPrepaid -67.74, etf 180.00 → 112.26");
        // The law goes before the policy.
        Text(Contract, policy, Facts with { Ground = Ground.ForceMajeure }).ShouldBe("unusedPrepaid -67.74 → -67.74");
    }

    [Fact]
    public void A_ground_the_policy_does_not_list_is_refused_unless_the_law_gives_it_or_the_term_is_served()
    {
        var policy = WithFee with { Grounds = [new(Ground.AgreedEvent)] };
        Refused(Contract, policy, Facts).ShouldBe("settlement.ground-not-accepted");
        Refused(Contract, policy with { Grounds = [new(Ground.Death)] }, Facts with { Ground = Ground.AgreedEvent }).ShouldBe("settlement.ground-not-accepted");
        Text(Contract, policy, Facts with { Ground = Ground.Fundamental, Fault = Fault.Company }).ShouldBe("unusedPrepaid -67.74 → -67.74");
        Text(Contract, policy, new(new(2025, 12, 31))).ShouldBe("unusedPrepaid 0.00 → 0.00");
        Refused(Contract, WithFee, Facts with { Ground = Ground.Expiry }).ShouldBe("settlement.term-not-served");
        Refused(Contract, WithFee, Facts with { Ground = Ground.IndefiniteNotice }).ShouldBe("settlement.term-not-served");
        Text(Contract, WithFee, new ExitFacts(new(2025, 12, 31)) { Ground = Ground.Expiry }).ShouldBe("unusedPrepaid 0.00 → 0.00");
    }

    [Fact]
    public void What_is_not_used_comes_back_at_the_companys_doing_whatever_the_policy_keeps()
    {
        var keeps = WithFee with { RefundsUnusedPeriod = false };
        Text(Contract, keeps, Facts).ShouldBe("etf 180.00 → 180.00");
        Text(Contract, keeps, Facts with { Fault = Fault.Company }).ShouldBe("unusedPrepaid -67.74 → -67.74");
    }

    [Theory]
    [InlineData(Ground.ConsumerEarly, "2025-03-01", "2025-06-30")] // six months at least
    [InlineData(Ground.ConsumerEarly, "2025-06-10", "2025-07-10")]
    [InlineData(Ground.AgreedEvent, "2025-03-01", "2025-03-15")] // its own notice, no minimum
    [InlineData(Ground.Fundamental, "2025-03-01", "2025-03-01")] // at once
    [InlineData(Ground.Withdrawal, "2025-03-01", "2025-03-01")]
    [InlineData(Ground.Expiry, "2025-03-01", "2025-12-31")]
    [InlineData(Ground.Death, "2025-03-01", "2025-03-01")]
    public void The_earliest_end_follows_the_ground_and_the_minimum_months(Ground ground, string received, string end)
    {
        var policy = Policy with
        {
            MinimumMonths = 6,
            Grounds = [new(Ground.ConsumerEarly), new(Ground.AgreedEvent, Notice: NoticePeriod.OfDays(14))],
        };
        policy.EarliestEnd(Contract, Day(received), ground: ground).ShouldBe(Day(end));
    }

    [Fact]
    public void After_an_indefinite_renewal_its_own_notice_runs()
    {
        var policy = Policy with { Renewal = new(RenewalKind.Indefinite, Notice: NoticePeriod.OfDays(10)) };
        policy.EarliestEnd(Contract, new(2026, 2, 1)).ShouldBe(new(2026, 2, 11));
        policy.EarliestEnd(Contract, new(2025, 12, 31)).ShouldBe(new(2026, 1, 30));
        (policy with { Renewal = new(RenewalKind.None) }).EarliestEnd(Contract with { AutoRenew = true }, new(2025, 12, 31)).ShouldBe(new(2025, 12, 31));
        (Policy with { MinimumMonths = 24 }).EarliestEnd(Contract, new(2025, 3, 1)).ShouldBe(new(2025, 12, 31));
    }

    // ---- withdrawal --------------------------------------------------------------------------------------------------

    [Fact]
    public void A_withdrawal_is_that_of_vector_13()
    {
        var contract = new ContractTerms { Number = "#1", Currency = "EUR", Start = new(2026, 1, 1), TermMonths = 12, MonthlyFee = new(20_00, "EUR"), BillingMonths = 12, MonthlyDiscount = new(1_00, "EUR") };
        var facts = new ExitFacts(new(2026, 1, 8)) { Ground = Ground.Withdrawal, ExpressRequest = true };
        Text(contract, WithFee, facts).ShouldBe("withdrawal -234.74 → -234.74");
        Text(contract, WithFee, facts with { ExpressRequest = false }).ShouldBe("withdrawal -240.00 → -240.00");
        Text(contract, WithFee, facts with { Informed = false }).ShouldBe("withdrawal -240.00 → -240.00");
        Text(contract with { CurrentPeriodPrepaid = false }, WithFee, facts).ShouldBe("withdrawalPay 5.26 → 5.26");
    }

    [Fact]
    public void A_late_withdrawal_gives_back_every_period_that_was_paid()
    {
        // January, February and March: 300 for 90 days, 69 of them served.
        var facts = Facts with { Ground = Ground.Withdrawal, ExpressRequest = true };
        Text(Contract, WithFee, facts).ShouldBe("withdrawal -70.00 → -70.00");
        Text(Contract, WithFee, facts with { Informed = false }).ShouldBe("withdrawal -300.00 → -300.00");
        Text(Contract with { CurrentPeriodPrepaid = false }, WithFee, facts).ShouldBe("withdrawal 0.00, withdrawalPay 32.26 → 32.26");
        Text(Contract with { CurrentPeriodPrepaid = false }, WithFee, facts with { Informed = false }).ShouldBe("withdrawal -200.00, withdrawalPay 0.00 → -200.00");
        // Billed from the 16th: half a month, then two whole ones, to 15 March.
        var anchored = Contract with { BillingAnchor = new(2024, 12, 16) };
        Text(anchored, WithFee, facts with { Informed = false }).ShouldBe("withdrawal -248.39 → -248.39");
        // A start on the 31st: 31 January to 27 February, 28 February to 30 March.
        Text(Contract with { Start = new(2025, 1, 31) }, WithFee, facts with { Informed = false }).ShouldBe("withdrawal -200.00 → -200.00");
    }

    // ---- two ends ----------------------------------------------------------------------------------------------------

    [Fact]
    public void Billing_may_end_with_the_period_and_the_term_counts_to_the_later_end()
    {
        var policy = WithFee with { BillingEnds = BillingEnd.PeriodEnd };
        var statement = Built(Contract with { MonthlyDiscount = Yuan(10_00) }, policy, Facts);
        Text(statement).ShouldBe("unusedPrepaid 0.00, etf 180.00, clawback 30.00 → 210.00");
        statement.LastBilledDay.ShouldBe(new(2025, 3, 31));
        (statement.MFull, statement.MRem).ShouldBe((3, 9));
        statement.ToJson().ShouldContain(""" "lastServiceDay":"2025-03-10","lastBilledDay":"2025-03-31","mFull":3,"mRem":9 """.Trim());
        Text(Contract with { CurrentPeriodPrepaid = false }, policy, Facts).ShouldBe("serviceToEnd 100.00, etf 180.00 → 280.00");
        // Within the last period of the term it ends with the term, 61 of 151 days: nothing is early.
        Text(Contract with { BillingMonths = 5 }, policy, new(new(2025, 12, 10))).ShouldBe("unusedPrepaid -298.01 → -298.01");
    }

    [Fact]
    public void A_named_last_billed_day_lies_in_the_period_in_which_service_ends()
    {
        Text(Contract, WithFee, Facts with { LastBilledDay = new(2025, 3, 4) }).ShouldBe("unusedPrepaid -87.10, etf 180.00 → 92.90");
        Text(Contract, WithFee, Facts with { LastBilledDay = new(2025, 2, 28) }).ShouldBe("unusedPrepaid -100.00, etf 180.00 → 80.00");
        Built(Contract, WithFee, Facts with { LastBilledDay = new(2025, 3, 31) }).MFull.ShouldBe(3);
        Refused(Contract, WithFee, Facts with { LastBilledDay = new(2025, 2, 27) }).ShouldBe("settlement.date-outside-period");
        Refused(Contract, WithFee, Facts with { LastBilledDay = new(2025, 4, 1) }).ShouldBe("settlement.date-outside-period");
    }

    // ---- prepayments -------------------------------------------------------------------------------------------------

    private static readonly ContractTerms Card = Contract with { MonthlyFee = Yuan(0), PrepaidCard = new(Yuan(1000_00), Yuan(200_00)) };

    private static readonly TerminationPolicy CardPolicy = Policy with { Prepaid = new(OperatorFaultRate: Rate.Parse("0.03"), ConsumerReasonRate: Rate.Parse("0.015")) };

    // 90 days after the last day of service.
    private static readonly ExitFacts CardFacts = Facts with { PrepaidConsumed = Yuan(600_00), RefundOn = new(2025, 6, 8) };

    [Fact]
    public void A_prepayment_comes_back_as_in_vectors_9_and_10()
    {
        Text(Card, CardPolicy, CardFacts with { Fault = Fault.Company }).ShouldBe("unusedPrepaid 0.00, prepaid -500.00, prepaidInterest -3.70 → -503.70");
        Text(Card, CardPolicy, CardFacts).ShouldBe("unusedPrepaid 0.00, prepaid -400.00, prepaidInterest -1.48 → -401.48");
        Text(Card, CardPolicy, CardFacts with { PrepaidConsumed = Yuan(1100_00) }).ShouldBe("unusedPrepaid 0.00, prepaid 0.00, prepaidInterest 0.00 → 0.00");
        Text(Card, Policy, CardFacts).ShouldBe("unusedPrepaid 0.00, prepaid -400.00 → -400.00");
        Text(Card, CardPolicy, CardFacts with { RefundOn = null }).ShouldBe("unusedPrepaid 0.00, prepaid -400.00, prepaidInterest 0.00 → -400.00");
        Text(Card, CardPolicy, CardFacts with { Ground = Ground.Withdrawal }).ShouldBe("withdrawal 0.00, prepaid -500.00 → -500.00");
        Refused(Card, CardPolicy, CardFacts with { PrepaidConsumed = null }).ShouldBe("settlement.missing-input");
        Refused(Card, CardPolicy, CardFacts with { RefundOn = new(2025, 3, 9) }).ShouldBe("settlement.end-before-start");
    }

    [Fact]
    public void An_unlimited_card_goes_by_time_as_in_vector_11()
    {
        var policy = CardPolicy with { Prepaid = new(PrepaidMethod.UnlimitedTime) };
        var card = Card with { PrepaidCard = new(Yuan(3650_00), TermStart: new(2025, 1, 1), TermEnd: new(2026, 1, 1)) };
        Text(card, policy, new(new(2025, 4, 10))).ShouldBe("unusedPrepaid 0.00, prepaid -2650.00 → -2650.00");
        Text(card with { PrepaidCard = card.PrepaidCard! with { TermEnd = new(2026, 1, 2) } }, policy, new(new(2025, 4, 10))).ShouldBe("unusedPrepaid 0.00, prepaid -2652.73 → -2652.73");
        // One that has run out, one that has not begun.
        Text(card with { PrepaidCard = card.PrepaidCard! with { TermEnd = new(2025, 3, 1) } }, policy, Facts).ShouldBe("unusedPrepaid 0.00, prepaid 0.00 → 0.00");
        Text(card with { PrepaidCard = card.PrepaidCard! with { TermStart = new(2025, 6, 1) } }, policy, Facts).ShouldBe("unusedPrepaid 0.00, prepaid -3650.00 → -3650.00");
        Refused(Card, policy, Facts).ShouldBe("settlement.missing-input");
    }

    // ---- securities --------------------------------------------------------------------------------------------------

    [Fact]
    public void A_deposit_comes_back_less_deductions_and_what_exceeds_it_is_owed()
    {
        var contract = Contract with { Deposit = Yuan(300_00) };
        var some = Built(contract, Policy, Facts with { DepositDeductions = [Yuan(50_00), Yuan(30_00)] });
        Text(some).ShouldBe("unusedPrepaid -67.74, deposit -220.00 → -287.74");
        Posted(some, LineCode.Deposit).ShouldBe("settlement -22000, deposits-held 30000, revenue.damages -8000");
        var more = Built(contract, Policy, Facts with { DepositDeductions = [Yuan(350_00)] });
        Text(more).ShouldBe("unusedPrepaid -67.74, deposit 0.00, depositExcess 50.00 → -17.74");
        Posted(more, LineCode.Deposit).ShouldBe("deposits-held 30000, revenue.damages -30000");
        Posted(more, LineCode.DepositExcess).ShouldBe("settlement 5000, revenue.damages -5000");
        Refused(Contract, Policy, Facts with { DepositDeductions = [Yuan(1)] }).ShouldBe("settlement.missing-input");
    }

    [Fact]
    public void An_earnest_is_settled_as_in_vector_19_and_never_beside_the_fee()
    {
        var contract = Contract with { Earnest = new(Yuan(2500_00), Yuan(10000_00)) };
        var elects = WithFee with { EarnestElection = EarnestElection.Earnest };
        // The fee was elected: the earnest goes back as the prepayment it was.
        Text(contract, WithFee, Facts).ShouldBe("unusedPrepaid -67.74, etf 180.00, earnest -2500.00 → -2387.74");
        // The earnest was elected: no fee.
        Text(contract, elects, Facts).ShouldBe("unusedPrepaid -67.74, earnest -500.00 → -567.74");
        Text(contract, elects, Facts with { PerformedShare = Rate.Parse("0.60") }).ShouldBe("unusedPrepaid -67.74, earnest -1700.00 → -1767.74");
        var doubled = Built(contract, elects, Facts with { Fault = Fault.Company });
        Text(doubled).ShouldBe("unusedPrepaid -67.74, earnest -4500.00 → -4567.74");
        Posted(doubled, LineCode.Earnest).ShouldBe("settlement -450000, earnest-held 250000, expense.earnest-penalty 200000");
        Posted(Built(contract, elects, Facts), LineCode.Earnest).ShouldBe("settlement -50000, earnest-held 250000, revenue.earnest-forfeited -200000");
        // Nobody is in default.
        Text(contract, elects, Facts with { Ground = Ground.ForceMajeure }).ShouldBe("unusedPrepaid -67.74, earnest -2500.00 → -2567.74");
        Text(contract, elects, new(new(2025, 12, 31))).ShouldBe("unusedPrepaid 0.00, earnest -2500.00 → -2500.00");
        Refused(contract, elects, Facts with { PerformedShare = Rate.Parse("1.01") }).ShouldBe("settlement.invalid-rate");
    }

    // ---- what is late ------------------------------------------------------------------------------------------------

    [Fact]
    public void Open_invoices_bear_interest_from_the_day_after_they_were_due_as_in_vector_21()
    {
        // 24 January to 10 March is 45 days.
        var facts = Facts with { Unpaid = Yuan(10000_00), UnpaidDueOn = new(2025, 1, 24), Costs = Yuan(80_00) };
        var policy = Policy with { LateInterest = new(Rate.Parse("0.03"), Rate.Parse("1.5")) };
        Text(Contract, policy, facts).ShouldBe("unusedPrepaid -67.74, unpaid 10000.00, lateInterest 55.48, costs 80.00 → 10067.74");
        Text(Contract, Policy with { LateInterest = new(DailyRate: Rate.Parse("0.0005")) }, facts).ShouldContain("lateInterest 225.00");
        Text(Contract, policy, facts with { UnpaidDueOn = new(2025, 3, 10) }).ShouldContain("lateInterest 0.00");
        Text(Contract, policy, facts with { UnpaidDueOn = new(2025, 3, 11) }).ShouldNotContain("lateInterest");
        Text(Contract, Policy, facts).ShouldNotContain("lateInterest");
        Refused(Contract, Policy with { LateInterest = new() }, facts).ShouldBe("settlement.missing-input");
        Refused(Contract, Policy with { LateInterest = new(Rate.One, DailyRate: Rate.One) }, facts).ShouldBe("settlement.invalid-input");
    }

    [Fact]
    public void A_notice_that_runs_past_the_term_is_billed_as_in_vector_15()
    {
        var contract = new ContractTerms
        {
            Number = "#1", Currency = "EUR", Start = new(2024, 7, 1), TermMonths = 12, MonthlyFee = new(30_00, "EUR"), AutoRenew = true, CurrentPeriodPrepaid = false, Jurisdiction = "DE",
        };
        var facts = new ExitFacts(new(2025, 7, 10)) { NoticeReceivedOn = new(2025, 6, 10) };
        Text(contract, Policy, facts).ShouldBe("afterTerm 9.68 → 9.68");
        Text(contract, Policy, facts with { LastServiceDay = new(2025, 8, 10) }).ShouldBe("afterTerm 39.68 → 39.68");
        // Nobody told a customer in France of the renewal.
        Text(contract with { Jurisdiction = "FR" }, Policy, facts with { RenewalNoticeSent = false }).ShouldBe("afterTerm 0.00 → 0.00");
        Text(contract with { Jurisdiction = "FR" }, Policy, facts).ShouldBe("afterTerm 9.68 → 9.68");
        // A month paid in advance, and a notice after the term, are settled by the running period.
        Text(contract with { CurrentPeriodPrepaid = true }, Policy, facts).ShouldBe("unusedPrepaid -20.32 → -20.32");
        Text(contract, Policy, facts with { NoticeReceivedOn = new(2025, 7, 1) }).ShouldBe("serviceToEnd 9.68 → 9.68");
        Text(contract, Policy, facts with { LastServiceDay = new(2025, 6, 30) }).ShouldBe("serviceToEnd 30.00 → 30.00");
    }

    // ---- lines of people ---------------------------------------------------------------------------------------------

    [Fact]
    public void Added_lines_keep_their_words_their_clause_and_their_approval()
    {
        var policy = WithFee with { Lines = new Dictionary<string, LineTerms> { ["damage"] = new("7", "By the price list.", "按价目表。", "CN-VAT-13", Rate.Parse("0.13")) } };
        var statement = Built(Contract, policy, Facts with
        {
            Added =
            [
                new("damage.screen", StatementSide.Owed, Yuan(80_00)),
                new("missing.router", StatementSide.Owed, Yuan(150_00), Label: new("Router not returned", "未归还路由器"), Clause: "8.2"),
                new("waiver.etf", StatementSide.Credit, Yuan(180_00), "A-1"),
                new("goodwill.delay", StatementSide.Credit, Yuan(5_00), "A-2"),
            ],
        });
        Text(statement).ShouldBe("unusedPrepaid -67.74, etf 180.00, damage.screen 80.00, missing.router 150.00, waiver.etf -180.00, goodwill.delay -5.00 → 157.26");
        using var json = JsonDocument.Parse(statement.ToJson());
        var lines = json.RootElement.GetProperty("lines");
        lines[2].GetProperty("clause").GetString().ShouldBe("7");
        lines[2].GetProperty("tax").GetRawText().ShouldBe("""{"net":"70.80","vat":"9.20","gross":"80.00"}""");
        lines[3].GetProperty("label").GetRawText().ShouldBe("""{"en":"Router not returned","zh":"未归还路由器"}""");
        lines[3].GetProperty("clause").GetString().ShouldBe("8.2");
        lines[4].GetProperty("approvedBy").GetString().ShouldBe("A-1");
        Posted(statement, "damage.screen").ShouldBe("settlement 8000, revenue.damages -7080, tax.output -920");
        Posted(statement, "missing.router").ShouldBe("settlement 15000, revenue.missing-items -15000");
        Posted(statement, "waiver.etf").ShouldBe("settlement -18000, expense.waivers 18000");
        Posted(statement, "goodwill.delay").ShouldBe("settlement -500, expense.goodwill 500");
    }

    [Fact]
    public void No_more_is_waived_than_is_owed()
    {
        string With(params (string Code, long Minor)[] waived) =>
            StatementBuilder.Build(Contract, WithFee, Facts with { Unpaid = Yuan(20_00), Added = [.. waived.Select(w => new AddedLine(w.Code, StatementSide.Credit, Yuan(w.Minor), "A-1"))] })
                .Refusal?.Code ?? "";
        With(("waiver.etf", 180_00), ("waiver.unpaid", 20_00)).ShouldBe("");
        With(("waiver.etf", 180_01)).ShouldBe("settlement.waiver-exceeds-fees");
        With(("waiver.etf", 100_00), ("waiver.etf", 80_01)).ShouldBe("settlement.waiver-exceeds-fees");
        With(("waiver.1", 200_00)).ShouldBe("");
        With(("waiver.1", 200_01)).ShouldBe("settlement.waiver-exceeds-fees");
        With(("waiver", 200_01)).ShouldBe("settlement.waiver-exceeds-fees");
        // Goodwill may go beyond what is owed.
        With(("goodwill.1", 500_00)).ShouldBe("");
    }

    [Theory]
    [InlineData("damage.x", StatementSide.Credit)]
    [InlineData("missing.x", StatementSide.Credit)]
    [InlineData("waiver.x", StatementSide.Owed)]
    [InlineData("goodwill.x", StatementSide.Owed)]
    [InlineData("etf", StatementSide.Owed)]
    [InlineData(" ", StatementSide.Owed)]
    public void Added_lines_stand_on_their_side_under_a_code_of_their_own(string code, StatementSide side) =>
        Refused(Contract, WithFee, Facts with { Added = [new(code, side, Yuan(1), "A-1")] }).ShouldBe("settlement.invalid-input");

    // ---- beside the lines --------------------------------------------------------------------------------------------

    [Fact]
    public void Damages_are_shown_beside_the_fee_as_in_vector_7_and_never_cut()
    {
        var policy = Policy with { Etf = new FlatFee(Yuan(16000_00)) };
        var statement = Built(Contract, policy, Facts with { Loss = new(Yuan(9000_00)) });
        statement.Lines.Single(l => l.Code == LineCode.Etf).Amount.ShouldBe(Yuan(16000_00));
        using var json = JsonDocument.Parse(statement.ToJson());
        json.RootElement.GetProperty("damages")
            .GetRawText()
            .ShouldBe(
                """{"ld":"16000.00","loss":"9000.00","factor":"1.30","ceiling":"11700.00","cut":"4300.00","recommended":"11700.00","excessive":true,"decision":"NEGOTIATE","formula":"ldGuard","inputs":{"currency":"CNY","ld":"16000.00","loss":"9000.00","factor":"1.30","badFaith":false,"rounding":"HALF_UP"}}"""
            );
        Built(Contract, policy, Facts with { Loss = new(Yuan(9000_00), BadFaith: true) }).Damages!.Guard.Decision.ShouldBe(DamagesDecision.BadFaith);
        Built(Contract, policy, Facts with { Loss = new(Yuan(0)) }).Damages!.Guard.Decision.ShouldBe(DamagesDecision.Manual);
        Built(Contract, policy, Facts).Damages.ShouldBeNull();
        Built(Contract, policy, Facts with { Loss = new(Yuan(9000_00)), Fault = Fault.Company }).Damages.ShouldBeNull();
    }

    [Fact]
    public void The_loss_is_that_of_vector_8_when_it_is_not_proven()
    {
        var contract = Contract with { MonthlyFee = Yuan(5000_00) };
        // 9 months not begun, 4 to find a replacement.
        var statement = Built(contract, Policy with { Etf = new FlatFee(Yuan(10010_01)) }, Facts with { Loss = new(null, Yuan(3200_00), 4, Yuan(500_00)) });
        statement.Damages!.Loss.ShouldBe(Yuan(7700_00));
        (statement.Damages.Guard.Excessive, statement.Damages.Guard.Ceiling).ShouldBe((true, Yuan(10010_00)));
        Refused(contract, WithFee, Facts with { Loss = new() }).ShouldBe("settlement.missing-input");
    }

    [Fact]
    public void Taxed_credits_are_red_letter_as_in_vector_20()
    {
        var policy = Policy with { Lines = new Dictionary<string, LineTerms> { [LineCode.UnusedPrepaid] = new("4.1", "", "", "CN-VAT-6", Rate.Parse("0.06")) } };
        var statement = Built(Contract with { MonthlyFee = Yuan(848_00), Start = new(2025, 4, 1) }, policy, new(new(2025, 4, 15)));
        using var json = JsonDocument.Parse(statement.ToJson());
        json.RootElement.GetProperty("lines")[0].GetProperty("redLetter").GetRawText().ShouldBe("""{"net":"-400.00","vat":"-24.00","gross":"-424.00"}""");
        Posted(statement, LineCode.UnusedPrepaid).ShouldBe("settlement -42400, deferred-revenue 40000, tax.output 2400");
    }

    [Fact]
    public void What_is_owed_is_planned_in_instalments_whose_dates_are_counted_from_the_first()
    {
        var policy = Policy with { Etf = new FlatFee(Yuan(1067_74)), Instalments = new(6, 21) };
        var plan = Built(Contract, policy, Facts with { Instalments = 3 }).Plan.ShouldNotBeNull();
        // 10 March and 21 days is the 31st.
        plan.Select(p => $"{p.Number} {p.DueOn:yyyy-MM-dd} {p.Amount}").ShouldBe(["1 2025-03-31 333.34", "2 2025-04-30 333.33", "3 2025-05-31 333.33"]);
        Built(Contract, policy with { Etf = null }, Facts with { Instalments = 3 }).Plan.ShouldBeNull();
        Built(Contract, policy, Facts).Plan.ShouldBeNull();
        Refused(Contract, policy, Facts with { Instalments = 7 }).ShouldBe("settlement.instalments-out-of-range");
        Refused(Contract, policy, Facts with { Instalments = 1 }).ShouldBe("settlement.instalments-out-of-range");
        Refused(Contract, policy with { Instalments = null }, Facts with { Instalments = 2 }).ShouldBe("settlement.instalments-not-allowed");
        Refused(Contract, policy with { Instalments = new(61) }, Facts with { Instalments = 2 }).ShouldBe("settlement.invalid-count");
    }

    [Fact]
    public void A_curve_leaves_out_what_belongs_to_one_date_only()
    {
        var facts = Facts with { LastBilledDay = new(2025, 3, 31), Instalments = 9 };
        var curve = StatementBuilder.Curve(Contract, WithFee, facts, [new(2025, 3, 10), new(2025, 12, 31), new(2024, 12, 1)]);
        curve.Select(p => p.Total?.ToString() ?? p.Refusal!.Code).ShouldBe(["112.26", "0.00", "settlement.end-before-start"]);
    }

    private static DateOnly Day(string iso) => DateOnly.ParseExact(iso, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
