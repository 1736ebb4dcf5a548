using Exeunt.Core.Calendar;
using Exeunt.Core.Contracts;
using Exeunt.Core.Policies;
using Exeunt.Core.Rules;

namespace Exeunt.Core.Settlement;

/// <summary>The total on one date of a curve; <paramref name="Refusal"/> says why there is none.</summary>
public readonly record struct CurvePoint(DateOnly LastServiceDay, Money? Total, Refusal? Refusal);

/// <summary>Computes a statement from contract, policy and facts: pure, and the same for ever.</summary>
public static class StatementBuilder
{
    /// <summary>Most points of a curve.</summary>
    public const int MaxCurve = 1000;

    private static readonly LineTerms NoTerms = new("", "", "");

    /// <summary>The statement, or the named reason why there is none.</summary>
    /// <param name="packs">The legal limits that hold; null: none are applied.</param>
    public static Outcome<Statement> Build(
        ContractTerms contract,
        TerminationPolicy policy,
        ExitFacts facts,
        IReadOnlyList<RulePack>? packs = null
    )
    {
        try
        {
            var document = new SettlementDocument(contract, policy, facts, packs);
            if (packs is null)
                return Compute(document);
            var lawful = LegalLimits.Apply(contract, policy, facts, packs);
            var built = Compute(new(lawful.Contract, lawful.Policy, lawful.Facts));
            return built.Succeeded ? built.Value with { Inputs = document, Law = lawful.Law } : built;
        }
        catch (CalculationException refused)
        {
            return refused.ToRefusal();
        }
        catch (OverflowException)
        {
            return CalculationException.Overflow().ToRefusal();
        }
    }

    /// <summary>
    /// "What if I leave on another date": the same settlement for each of <paramref name="days"/> days, from
    /// <paramref name="first"/> on, <paramref name="stepDays"/> apart. At most <see cref="MaxCurve"/> points. Billing ends as the policy
    /// says, and no instalments are planned.
    /// </summary>
    public static IReadOnlyList<CurvePoint> Curve(
        ContractTerms contract,
        TerminationPolicy policy,
        ExitFacts facts,
        DateOnly first,
        int days,
        int stepDays = 1,
        IReadOnlyList<RulePack>? packs = null
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegative(days);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(days, MaxCurve);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepDays, 1);
        return Curve(contract, policy, facts, Enumerable.Range(0, days).Select(i => first.PlusDays((long)i * stepDays)), packs);
    }

    /// <summary>The same settlement on each of the days.</summary>
    public static IReadOnlyList<CurvePoint> Curve(
        ContractTerms contract,
        TerminationPolicy policy,
        ExitFacts facts,
        IEnumerable<DateOnly> days,
        IReadOnlyList<RulePack>? packs = null
    ) =>
        [
            .. days.Select(day =>
            {
                var built = Build(contract, policy, facts with { LastServiceDay = day, LastBilledDay = null, Instalments = null }, packs);
                return new CurvePoint(day, built.Succeeded ? built.Value.Total : null, built.Refusal);
            }),
        ];

    private static Outcome<Statement> Compute(SettlementDocument document)
    {
        var (contract, policy, facts, _) = document;
        RequireSound(contract, policy, facts);
        var billed = BillingEndOf(contract, policy, facts);
        // What hangs on the term follows the later of the two ends. Nothing is left early once the term has been served: no fee, and
        // the discount has been earned.
        var later = billed > facts.LastServiceDay ? billed : facts.LastServiceDay;
        var early = later < contract.TermEnd;
        if (GroundEffect.Check(contract, policy, facts, early) is { } notThisGround)
            return notThisGround;

        var charges = early && policy.Charges(facts);
        var (fee, earnest) = FeeOrEarnest(contract, policy, facts, charges);
        var (card, interest) = PrepaymentOf(contract, policy, facts);
        var insured = InsuranceOf(contract, policy, facts, charges);
        var exit = ExitStatement.Of(
            new(contract, facts.LastServiceDay)
            {
                LastBilledDay = billed,
                Withdrawal = facts.Ground == Ground.Withdrawal ? (facts.ExpressRequest, facts.Informed) : null,
                AfterTerm = MonthsAfterTermOf(contract, policy, facts, billed),
                Prepaid = card,
                PrepaidInterest = interest,
                CoolingOff = insured.CoolingOff,
                Surrender = insured.Surrender,
                PolicyLoan = contract.Insured?.Loan,
                PolicyLoanInterest = insured.LoanInterest,
                Etf = fee,
                Device =
                    facts.DeviceKept && policy.Device != DeviceRule.None && contract.DeviceValue is { } value
                        ? new(policy.Device, value, contract.DeviceMonths ?? contract.TermMonths, contract.FeeInForce(facts.LastServiceDay))
                        : null,
                Deposit = contract.Deposit,
                DepositDeductions = facts.DepositDeductions ?? [],
                Earnest = earnest,
                ClawbackMonthly = charges && policy.Clawback != ClawbackKind.None ? contract.MonthlyDiscount : null,
                ClawbackKind = policy.Clawback,
                // A discount month by month has nothing unearned: only what was enjoyed can go back.
                OfferClawback = charges && policy.Clawback == ClawbackKind.Enjoyed,
                // Given back within the cooling-off period, what was not paid yet is not owed.
                Unpaid = insured.CoolingOff is null ? facts.Unpaid : null,
                LateInterest = insured.CoolingOff is null ? LateInterestOf(policy, facts) : null,
                Costs = facts.Costs,
                RefundsUnusedPeriod =
                    policy.RefundsUnusedPeriod || GroundEffect.IsCompanys(facts) || facts.Ground == Ground.ForceMajeure,
                BillsServedPeriod = true,
                DayCount = policy.DayCount,
                Rounding = policy.Rounding,
            }
        );

        var lines = new List<StatementLine>(exit.Lines.Count + (facts.Added?.Count ?? 0));
        foreach (var line in exit.Lines)
            lines.Add(Line(policy, line));
        foreach (var added in facts.Added ?? [])
            lines.Add(Added(policy, added));
        if (WaiverExceeds(lines))
            return SettlementRefusals.WaiverExceedsFees;

        var total = StatementSum.Of(contract.Currency, lines.Select(line => line.Amount));
        var (plan, notThisPlan) = PlanOf(policy, facts, total);
        if (notThisPlan is not null)
            return notThisPlan;
        return new Statement(
            contract.Number,
            policy.Number,
            policy.Version,
            contract.Currency,
            facts.LastServiceDay,
            exit.MFull,
            exit.MRem,
            lines,
            total
        )
        {
            Inputs = document,
            LastBilledDay = billed,
            Damages = DamagesOf(contract, policy, facts, exit),
            Plan = plan,
        };
    }

    // ---- what goes in ------------------------------------------------------------------------------------------------

    /// <summary>
    /// Every amount that can enter the statement is of the contract's currency and not negative, also where the line it belongs to does
    /// not come about. The policy's price lists are for many contracts; only what is added from them counts.
    /// </summary>
    private static void RequireSound(ContractTerms contract, TerminationPolicy policy, ExitFacts facts)
    {
        var currency = contract.Currency;
        Currency.Require(currency);
        Amounts.RequireCount(contract.TermMonths, "contract.termMonths", 1);
        Amounts.Require(contract.MonthlyFee, currency, "contract.monthlyFee");
        Amounts.Require(contract.Deposit, currency, "contract.deposit");
        Amounts.Require(contract.DeviceValue, currency, "contract.deviceValue");
        Amounts.Require(contract.MonthlyDiscount, currency, "contract.monthlyDiscount");
        foreach (var amendment in contract.Amendments ?? [])
        {
            Amounts.RequireCount(amendment.AddedMonths, "contract.amendments.addedMonths");
            Amounts.Require(amendment.MonthlyFee, currency, "contract.amendments.monthlyFee");
            Amounts.Require(amendment.Off, currency, "contract.amendments.off");
        }
        Amounts.Require(contract.PrepaidCard?.Paid, currency, "contract.prepaidCard.paid");
        Amounts.Require(contract.PrepaidCard?.Gift, currency, "contract.prepaidCard.gift");
        Amounts.Require(contract.Insured?.PremiumsPaid, currency, "contract.insured.premiumsPaid");
        Amounts.Require(contract.Insured?.SumInsured, currency, "contract.insured.sumInsured");
        Amounts.Require(contract.Insured?.Loan, currency, "contract.insured.loan");
        policy.Insurance?.Surrender?.Check("policy.insurance.surrender.");
        Amounts.Require(contract.Earnest?.Amount, currency, "contract.earnest.amount");
        Amounts.Require(contract.Earnest?.ContractPrice, currency, "contract.earnest.contractPrice");
        Amounts.Require(facts.Unpaid, currency, "facts.unpaid");
        Amounts.Require(facts.Costs, currency, "facts.costs");
        Amounts.Require(facts.PrepaidConsumed, currency, "facts.prepaidConsumed");
        foreach (var deduction in facts.DepositDeductions ?? [])
            Amounts.Require(deduction, currency, "facts.depositDeductions");
        if (facts.DepositDeductions is { Count: > 0 } && contract.Deposit is null)
            throw CalculationException.Missing("contract.deposit");
        if (facts.PerformedShare is { IsAboveOne: true })
            throw CalculationException.Rate("facts.performedShare", "a decimal string from \"0\" to \"1\"");
        foreach (var added in facts.Added ?? [])
            Amounts.Require((added ?? throw CalculationException.Missing("facts.added")).Amount, currency, "facts.added.amount");
        if (facts.Loss is { } loss)
        {
            Amounts.Require(loss.Proven, currency, "facts.loss.proven");
            Amounts.Require(loss.AvoidableCost, currency, "facts.loss.avoidableCost");
            Amounts.Require(loss.MitigationCost, currency, "facts.loss.mitigationCost");
        }
        policy.Etf?.Check(new(currency, null, null, contract.MonthlyFee, policy.Rounding));
    }

    /// <summary>
    /// The last day billed (included): the one the facts name, in the billing period in which service ends or the day before it; else
    /// the last day in force, or the last of that period, no later than the term that service ends in.
    /// </summary>
    private static DateOnly BillingEndOf(ContractTerms contract, TerminationPolicy policy, ExitFacts facts)
    {
        var end = facts.LastServiceDay;
        var period = SettledPeriod.Of(contract, end.PlusDays(1), policy.DayCount, policy.Rounding).Period;
        if (facts.LastBilledDay is { } billed)
            return billed >= period.From.PlusDays(-1) && billed < period.Until
                ? billed
                : throw CalculationException.DateOutsidePeriod(billed.PlusDays(1), period.From, period.Until);
        if (policy.BillingEnds == BillingEnd.WithService || facts.Ground == Ground.Withdrawal)
            return end;
        return end <= contract.TermEnd && period.LastDay > contract.TermEnd ? contract.TermEnd : period.LastDay;
    }

    /// <summary>
    /// The fee, and what becomes of an earnest (Civil Code 586–588). Where the fee could be claimed the policy elects one of the two: the
    /// earnest is forfeited instead of the fee, or goes back and the fee is charged. A company at fault returns it doubled. In every
    /// other end it goes back as the prepayment it was.
    /// </summary>
    private static (EtfRule? Fee, Working? Earnest) FeeOrEarnest(
        ContractTerms contract,
        TerminationPolicy policy,
        ExitFacts facts,
        bool charges
    )
    {
        var fee = charges ? policy.Etf : null;
        if (contract.Earnest is not { } earnest)
            return (fee, null);
        EarnestMoney By(EarnestCase who) =>
            EarnestMoney.Of(earnest.Amount, earnest.ContractPrice, who, facts.PerformedShare, policy.Rounding);
        if (GroundEffect.IsCompanys(facts))
            return (null, By(EarnestCase.PayeeDefault));
        if (charges && policy.EarnestElection == EarnestElection.Earnest)
            return (null, By(EarnestCase.PayerDefault));
        return (fee, new StatedAmount(LineCode.Earnest, StatementSide.Credit, earnest.Amount) { Rounding = policy.Rounding });
    }

    /// <summary>
    /// What comes back of a prepayment. At the company's doing, and on a withdrawal, consumption counts at the discounted price, else at the
    /// list price; an unlimited card goes by time. Interest runs from the last day of service to the day it is paid back, at the rate
    /// for whose doing it is; a withdrawal bears none.
    /// </summary>
    private static (PrepaidRefund? Card, InterestDue? Interest) PrepaymentOf(
        ContractTerms contract,
        TerminationPolicy policy,
        ExitFacts facts
    )
    {
        if (contract.PrepaidCard is not { } card)
            return (null, null);
        var terms = policy.Prepaid ?? new PrepaidTerms();
        var companys = GroundEffect.IsCompanys(facts);
        PrepaidRefund back;
        if (terms.Method == PrepaidMethod.UnlimitedTime)
        {
            var from = card.TermStart ?? throw CalculationException.Missing("contract.prepaidCard.termStart");
            var until = card.TermEnd ?? throw CalculationException.Missing("contract.prepaidCard.termEnd");
            // A card that has not begun is unused; of one that has run out nothing is left.
            var effEnd = facts.LastServiceDay.PlusDays(1);
            effEnd = effEnd < from ? from : effEnd > until ? until : effEnd;
            back = PrepaidRefund.UnlimitedTime(card.Paid, new DateRange(from, until), effEnd, rounding: policy.Rounding);
        }
        else
        {
            var consumed = facts.PrepaidConsumed ?? throw CalculationException.Missing("facts.prepaidConsumed");
            back =
                companys || facts.Ground == Ground.Withdrawal
                    ? PrepaidRefund.OperatorFault(
                        card.Paid,
                        card.Gift ?? Money.Zero(contract.Currency),
                        consumed,
                        rounding: policy.Rounding
                    )
                    : PrepaidRefund.ConsumerReason(card.Paid, consumed, rounding: policy.Rounding);
        }
        var rate =
            facts.Ground == Ground.Withdrawal && !companys ? null
            : companys ? terms.OperatorFaultRate
            : terms.ConsumerReasonRate;
        var paidBackOn = facts.RefundOn ?? facts.LastServiceDay;
        return (
            back,
            rate is { } annual
                ? InterestDue.Of(back.Refund, new DateRange(facts.LastServiceDay, paidBackOn), annual, rounding: policy.Rounding)
                : null
        );
    }

    /// <summary>
    /// What comes back of an insurance policy: everything within the cooling-off period, else by its table. A short-rate table holds for a
    /// customer's own reason within a period paid in advance; at the company's doing the period is divided by days. A loan on the policy
    /// bears interest from the day after it was paid out to the last day of cover.
    /// </summary>
    private static (CoolingOffRefund? CoolingOff, SurrenderValue? Surrender, InterestDue? LoanInterest) InsuranceOf(
        ContractTerms contract,
        TerminationPolicy policy,
        ExitFacts facts,
        bool charges
    )
    {
        if (policy.Insurance is not { } terms)
            return default;
        var insured = contract.Insured;
        Money Paid() => insured?.PremiumsPaid ?? throw CalculationException.Missing("contract.insured.premiumsPaid");
        var interest =
            insured is { Loan: { } loan, LoanOn: { } on } && terms.LoanRate is { } rate && on <= facts.LastServiceDay
                ? InterestDue.Of(loan, new DateRange(on, facts.LastServiceDay), rate, rounding: policy.Rounding)
                : null;
        if (facts.Ground == Ground.Withdrawal && terms.CoolingOffDays is not null)
            return (CoolingOffRefund.Of(Paid(), terms.CoolingOffFee, policy.Rounding), null, interest);
        var end = facts.LastServiceDay.PlusDays(1);
        return (null, terms.Surrender switch
        {
            null => null,
            { Basis: SurrenderBasis.PeriodPremium } table => charges && contract.CurrentPeriodPrepaid && SettledPeriod.Of(contract, end, rounding: policy.Rounding) is var period
                ? SurrenderValue.Of(table, period.Charged, period.Period.From, end, policy.Rounding) : null,
            { Basis: SurrenderBasis.SumInsured } table => SurrenderValue.Of(
                table, insured?.SumInsured ?? throw CalculationException.Missing("contract.insured.sumInsured"), contract.Start, end, policy.Rounding),
            var table => SurrenderValue.Of(table, Paid(), contract.Start, end, policy.Rounding),
        }, interest);
    }

    /// <summary>
    /// The months a notice runs past the term: billed when the contract was renewed, the notice came within the term and the months are
    /// not paid in advance. What is paid in advance is settled by its unused part like every other period.
    /// </summary>
    private static MonthsAfterTerm? MonthsAfterTermOf(
        ContractTerms contract,
        TerminationPolicy policy,
        ExitFacts facts,
        DateOnly billed
    ) =>
        facts.NoticeReceivedOn is { } received
        && received <= contract.TermEnd
        && billed > contract.TermEnd
        && !contract.CurrentPeriodPrepaid
        && policy.Renews(contract)
            ? MonthsAfterTerm.Of(
                new(
                    contract.TermEnd,
                    received,
                    policy.Renewal?.Kind == RenewalKind.Fixed ? Renewal.Fixed : Renewal.Indefinite,
                    contract.Jurisdiction ?? "",
                    RenewalNoticeSent: facts.RenewalNoticeSent ?? true,
                    WishedEnd: billed
                ),
                contract.FeeInForce(billed),
                policy.Rounding
            )
            : null;

    /// <summary>Interest on open invoices from the day after they were due to the last day of service; none while they are not late.</summary>
    private static InterestDue? LateInterestOf(TerminationPolicy policy, ExitFacts facts) =>
        policy.LateInterest is { } terms
        && facts is { Unpaid: { } unpaid, UnpaidDueOn: { } dueOn }
        && dueOn <= facts.LastServiceDay
            ? InterestDue.Of(
                unpaid,
                new DateRange(dueOn, facts.LastServiceDay),
                terms.AnnualRate,
                terms.Multiplier,
                terms.DailyRate,
                policy.Rounding
            )
            : null;

    // ---- what comes out ----------------------------------------------------------------------------------------------

    private static StatementLine Line(TerminationPolicy policy, ExitLine line)
    {
        var terms =
            policy.Lines.TryGetValue(line.Code, out var found) && found is not null ? found
            : policy.Lines.TryGetValue(LineCode.KindOf(line.Code), out var ofKind) && ofKind is not null ? ofKind
            : NoTerms;
        return new(line.Code, line.Working, line.Amount, terms.Clause, terms.TaxCode, terms.TaxRate) { Answer = line.Answer };
    }

    /// <summary>A line of people: under its own clause, else under that of its code or of the code's kind.</summary>
    private static StatementLine Added(TerminationPolicy policy, AddedLine added)
    {
        if (string.IsNullOrWhiteSpace(added.Code) || LineCode.All.Contains(added.Code))
            throw CalculationException.Input("facts.added.code", "a code of its own");
        var kind = LineCode.KindOf(added.Code);
        StatementSide? only = kind switch
        {
            LineCode.Damage or LineCode.Missing => StatementSide.Owed,
            LineCode.Waiver or LineCode.Goodwill => StatementSide.Credit,
            _ => null,
        };
        if (only is { } side && side != added.Side)
            throw CalculationException.Input("facts.added.side", $"{side} for {added.Code}");
        if (added.Side == StatementSide.Credit && string.IsNullOrWhiteSpace(added.ApprovedBy))
            throw CalculationException.Missing("facts.added.approvedBy");
        var working = new StatedAmount(added.Code, added.Side, added.Amount) { Rounding = policy.Rounding };
        var terms =
            policy.Lines.TryGetValue(added.Code, out var own) && own is not null ? own
            : policy.Lines.TryGetValue(kind, out var ofKind) && ofKind is not null ? ofKind
            : NoTerms;
        return new(added.Code, working, working.Result, added.Clause ?? terms.Clause, terms.TaxCode, terms.TaxRate, added.ApprovedBy)
        {
            Answer = added.Code,
            Label = added.Label,
        };
    }

    /// <summary>Whether more is waived than is owed: of a line that waivers name, or of everything.</summary>
    private static bool WaiverExceeds(List<StatementLine> lines)
    {
        if (!lines.Exists(IsWaiver))
            return false;
        Int128 Sum(Predicate<StatementLine> which) => lines.FindAll(which).Aggregate((Int128)0, (sum, line) => sum + line.Amount.Minor);
        if (-Sum(IsWaiver) > Sum(line => line.Amount.Minor > 0))
            return true;
        foreach (var code in lines.FindAll(IsWaiver).Select(line => line.Code).Distinct())
        {
            var target = code.Length > LineCode.Waiver.Length ? code[(LineCode.Waiver.Length + 1)..] : "";
            if (lines.Exists(line => line.Code == target) && -Sum(line => line.Code == code) > Sum(line => line.Code == target && line.Amount.Minor > 0))
                return true;
        }
        return false;
    }

    private static bool IsWaiver(StatementLine line) => LineCode.KindOf(line.Code) == LineCode.Waiver;

    /// <summary>What is owed by instalments, a month apart, each date counted from the first.</summary>
    private static (IReadOnlyList<PlannedInstalment>? Plan, Refusal? Refusal) PlanOf(TerminationPolicy policy, ExitFacts facts, Money total)
    {
        if (facts.Instalments is not { } count)
            return (null, null);
        if (policy.Instalments is not { } terms)
            return (null, SettlementRefusals.InstalmentsNotAllowed);
        if (terms.MaxCount is < 2 or > 60)
            throw CalculationException.Count("policy.instalments.maxCount", "a whole number from 2 to 60");
        Amounts.RequireCount(terms.FirstDueDays, "policy.instalments.firstDueDays");
        if (count < 2 || count > terms.MaxCount)
            return (null, SettlementRefusals.InstalmentCount(terms.MaxCount));
        if (total.Minor <= 0)
            return (null, null);
        var first = facts.LastServiceDay.PlusDays(terms.FirstDueDays);
        return ([.. Instalments.Of(total, count).Select((part, i) => new PlannedInstalment(i + 1, first.PlusMonths(i), part))], null);
    }

    private static DamagesShown? DamagesOf(ContractTerms contract, TerminationPolicy policy, ExitFacts facts, ExitStatement exit)
    {
        if (facts.Loss is not { } known)
            return null;
        var sheet = known.Proven is null
            ? new LossInputs(
                contract.FeeInForce(facts.LastServiceDay),
                known.AvoidableCost ?? Money.Zero(contract.Currency),
                exit.MRem,
                known.ReplacementMonths ?? throw CalculationException.Missing("facts.loss.replacementMonths"),
                known.MitigationCost ?? Money.Zero(contract.Currency)
            )
            : null;
        var loss =
            known.Proven
            ?? LossWorksheet
                .Of(
                    sheet!.MonthlyFee,
                    sheet.AvoidableCost,
                    sheet.MonthsLeft,
                    sheet.ReplacementMonths,
                    sheet.MitigationCost,
                    policy.Rounding
                )
                .Loss;
        foreach (var line in exit.Lines)
            if (line.Code == LineCode.Etf)
                return new(
                    line.Amount,
                    loss,
                    DamagesGuard.DefaultFactor,
                    known.BadFaith,
                    DamagesGuard.Of(line.Amount, loss, DamagesGuard.DefaultFactor, known.BadFaith, policy.Rounding),
                    sheet,
                    policy.Rounding
                );
        return null;
    }
}
