using System.Text.Json;
using Exeunt.Core.Calendar;
using Exeunt.Core.Contracts;

namespace Exeunt.Core.Settlement;

/// <summary>The codes of a statement's lines.</summary>
public static class LineCode
{
    public const string UnusedPrepaid = "unusedPrepaid";
    public const string ServiceToEnd = "serviceToEnd";
    public const string AfterTerm = "afterTerm";
    public const string Withdrawal = "withdrawal";
    public const string WithdrawalPay = "withdrawalPay";
    public const string Prepaid = "prepaid";
    public const string PrepaidInterest = "prepaidInterest";
    public const string CoolingOff = "coolingOff";
    public const string Surrender = "surrender";
    public const string PolicyLoan = "policyLoan";
    public const string PolicyLoanInterest = "policyLoanInterest";
    public const string Etf = "etf";
    public const string Device = "device";
    public const string Deposit = "deposit";
    public const string DepositExcess = "depositExcess";
    public const string Earnest = "earnest";
    public const string Clawback = "clawback";

    /// <summary>Discounts of an accepted offer that go back; further ones are numbered behind it.</summary>
    public const string OfferClawback = "clawback.offer";
    public const string Unpaid = "unpaid";
    public const string LateInterest = "lateInterest";
    public const string Costs = "costs";

    /// <summary>Before the code of a damage by the price list; the customer owes it.</summary>
    public const string Damage = "damage";

    /// <summary>Before the code of something not handed over; the customer owes it.</summary>
    public const string Missing = "missing";

    /// <summary>Before the code of what is waived: of that line, or of what is owed in all; the customer gets it.</summary>
    public const string Waiver = "waiver";

    /// <summary>Before the code of a gesture of goodwill; the customer gets it.</summary>
    public const string Goodwill = "goodwill";

    /// <summary>The lines a policy computes, in the order of a statement.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        UnusedPrepaid,
        ServiceToEnd,
        AfterTerm,
        Withdrawal,
        WithdrawalPay,
        Prepaid,
        PrepaidInterest,
        CoolingOff,
        Surrender,
        PolicyLoan,
        PolicyLoanInterest,
        Etf,
        Device,
        Deposit,
        DepositExcess,
        Earnest,
        Clawback,
        Unpaid,
        LateInterest,
        Costs,
    ];

    /// <summary>What stands before the point of an added line's code, or the whole code: "damage" of "damage.screen".</summary>
    public static string KindOf(string code) => code.IndexOf('.', StringComparison.Ordinal) is > 0 and var point ? code[..point] : code;
}

/// <summary>An amount that is what somebody established it to be: an open invoice, a damage, a waiver.</summary>
public sealed record StatedAmount : Working
{
    /// <exception cref="CalculationException">NEGATIVE_AMOUNT.</exception>
    public StatedAmount(string line, StatementSide side, Money amount)
    {
        Amounts.RequireMagnitude(amount, line);
        (Line, Side, Amount) = (line, side, amount);
    }

    public string Line { get; }

    public StatementSide Side { get; }

    public Money Amount { get; }

    public override string Formula => "statement";

    public override Money Result => StatementSum.Signed(Amount, Side);

    public override string English =>
        $"{Amount} {Amount.Currency}, as established"
        + (Side == StatementSide.Owed ? "; the customer owes it." : "; the customer gets it.");

    public override string Chinese =>
        $"{Amount} {Amount.Currency}，按已确认金额"
        + (Side == StatementSide.Owed ? "，由客户支付。" : "，归客户所有。");

    internal override void WriteInputs(Utf8JsonWriter json)
    {
        json.WriteStartArray("lines");
        json.WriteStartObject();
        json.WriteString("line", Line);
        json.WriteString("side", Side == StatementSide.Owed ? "OWED" : "CREDIT");
        json.WriteString("currency", Amount.Currency);
        json.WriteString("amount", Amount.ToString());
        json.WriteEndObject();
        json.WriteEndArray();
    }
}

/// <summary>A device that came with the contract.</summary>
/// <param name="TermMonths">Months over which its value runs down.</param>
public sealed record DeviceTerms(DeviceRule Rule, Money Value, int TermMonths, Money? MonthlyFee);

/// <summary>What the end of a contract is computed from; what is null is not there and has no line.</summary>
/// <param name="Contract">Currency, start, term, fee and billing.</param>
/// <param name="LastServiceDay">The last day in force (included).</param>
internal sealed record ExitInputs(ContractTerms Contract, DateOnly LastServiceDay)
{
    /// <summary>The last day billed (included), in the billing period in which service ends; null: the last day in force.</summary>
    internal DateOnly? LastBilledDay { get; init; }

    /// <summary>On a withdrawal: whether the customer asked for the service to begin, and was told of the duty to pay.</summary>
    internal (bool ExpressRequest, bool Informed)? Withdrawal { get; init; }

    /// <summary>The months after the term, instead of the served part of the period.</summary>
    internal MonthsAfterTerm? AfterTerm { get; init; }

    internal PrepaidRefund? Prepaid { get; init; }

    internal InterestDue? PrepaidInterest { get; init; }

    /// <summary>What comes back of an insurance policy; it stands instead of the period's lines.</summary>
    internal SurrenderValue? Surrender { get; init; }

    /// <summary>All the premiums, within the cooling-off period; it stands instead of the period's lines and of a withdrawal.</summary>
    internal CoolingOffRefund? CoolingOff { get; init; }

    internal Money? PolicyLoan { get; init; }

    internal InterestDue? PolicyLoanInterest { get; init; }

    internal EtfRule? Etf { get; init; }

    internal DeviceTerms? Device { get; init; }

    internal Money? Deposit { get; init; }

    internal IReadOnlyList<Money> DepositDeductions { get; init; } = [];

    /// <summary>Earnest money that goes back, with its amount: - the customer gets.</summary>
    internal Working? Earnest { get; init; }

    internal Money? ClawbackMonthly { get; init; }

    internal ClawbackKind ClawbackKind { get; init; } = ClawbackKind.Enjoyed;

    /// <summary>Whether discounts of accepted offers that were enjoyed go back.</summary>
    internal bool OfferClawback { get; init; }

    internal Money? Unpaid { get; init; }

    internal InterestDue? LateInterest { get; init; }

    internal Money? Costs { get; init; }

    internal bool RefundsUnusedPeriod { get; init; } = true;

    /// <summary>Whether the served part of a period that is not paid yet becomes a line.</summary>
    internal bool BillsServedPeriod { get; init; }

    internal DayCount DayCount { get; init; }

    internal RoundingMode Rounding { get; init; }
}

/// <summary>One line of an exit: a code, how it was computed, and the amount with its sign (+ the customer owes).</summary>
/// <param name="Answer">Which line of the workbench's answer the amount is; "total" for its total.</param>
internal readonly record struct ExitLine(string Code, Working Working, Money Amount, string Answer);

/// <summary>
/// The lines of an exit, in the order of the statement. The statement and the workbench's <c>exit</c> formula are both
/// made from this.
/// </summary>
internal sealed record ExitStatement(IReadOnlyList<ExitLine> Lines, Money Total, int MFull, int MRem)
{
    /// <exception cref="CalculationException">Any of the codes but those of the workbench itself.</exception>
    internal static ExitStatement Of(ExitInputs inputs)
    {
        var contract = inputs.Contract;
        Core.Currency.Require(contract.Currency);
        Amounts.RequireCount(contract.TermMonths, "termMonths", 1);
        Amounts.Require(contract.MonthlyFee, contract.Currency, "monthlyFee");
        var later = inputs.LastBilledDay is { } billed && billed > inputs.LastServiceDay ? billed : inputs.LastServiceDay;
        var effEnd = later.PlusDays(1);
        var mFull = BillingPeriods.FullMonths(contract.Start, effEnd);
        var begun = BillingPeriods.MonthsBegun(contract.Start, effEnd);
        var mRem = Math.Max(0, contract.WholeTermMonths - begun);

        var lines = new List<ExitLine>(12);
        if (inputs.CoolingOff is null && inputs.Surrender is null)
            Period(inputs, lines);
        if (inputs.Prepaid is { } card)
            lines.Add(new(LineCode.Prepaid, card, -card.Refund, "refund"));
        if (inputs.PrepaidInterest is { } onCard)
            lines.Add(new(LineCode.PrepaidInterest, onCard, -onCard.Interest, "interest"));
        if (inputs.CoolingOff is { } all)
            lines.Add(new(LineCode.CoolingOff, all, -all.Refund, "refund"));
        if (inputs.Surrender is { } surrender)
            lines.Add(new(LineCode.Surrender, surrender, -surrender.Value, "value"));
        if (inputs.PolicyLoan is { } loan)
            lines.Add(Stated(LineCode.PolicyLoan, loan, inputs.Rounding));
        if (inputs.PolicyLoanInterest is { } onLoan)
            lines.Add(new(LineCode.PolicyLoanInterest, onLoan, onLoan.Interest, "interest"));
        if (inputs.Etf is { } rule)
        {
            var fee = ExitFee.Of(rule, new(contract.Currency, mFull, mRem, contract.FeeInForce(inputs.LastServiceDay), inputs.Rounding));
            lines.Add(new(LineCode.Etf, fee, fee.Fee, "etf"));
        }
        if (inputs.Device is { Rule: not DeviceRule.None } device)
        {
            Amounts.RequireCount(device.TermMonths, "device.termMonths", 1);
            var left = Math.Max(0, device.TermMonths - begun);
            var due = DeviceDue.Of(
                device.Rule,
                device.Value,
                device.TermMonths,
                left,
                device.MonthlyFee,
                inputs.Rounding
            );
            lines.Add(new(LineCode.Device, due, due.Due, "total"));
        }
        if (inputs.Deposit is { } deposit)
        {
            var back = DepositReturn.Of(deposit, inputs.DepositDeductions, inputs.Rounding);
            lines.Add(new(LineCode.Deposit, back, -back.Return, "return"));
            if (!back.StillOwed.IsZero)
                lines.Add(new(LineCode.DepositExcess, back, back.StillOwed, "stillOwed"));
        }
        if (inputs.Earnest is { } earnest)
            lines.Add(
                earnest is StatedAmount
                    ? new(LineCode.Earnest, earnest, earnest.Result, LineCode.Earnest)
                    : new(LineCode.Earnest, earnest, -earnest.Result, "total")
            );
        if (inputs.ClawbackMonthly is { } discount)
        {
            Clawback clawback =
                inputs.ClawbackKind == ClawbackKind.Unearned
                    ? Clawback.Unearned(discount * contract.TermMonths, Math.Min(mRem, contract.TermMonths), contract.TermMonths, inputs.Rounding)
                    : Clawback.Enjoyed(discount, Math.Max(0, mFull - FreeMonths(contract, effEnd)), inputs.Rounding);
            lines.Add(new(LineCode.Clawback, clawback, clawback.Amount, "clawback"));
        }
        if (inputs.OfferClawback)
            foreach (var (amendment, i) in Discounts(contract).Select((a, i) => (a, i)))
                if (Served(amendment, effEnd) is > 0 and var enjoyed)
                {
                    var back = Clawback.Enjoyed(amendment.Off!.Value, enjoyed, inputs.Rounding);
                    lines.Add(new(i == 0 ? LineCode.OfferClawback : $"{LineCode.OfferClawback}.{i + 1}", back, back.Amount, "clawback"));
                }
        if (inputs.Unpaid is { } unpaid)
            lines.Add(Stated(LineCode.Unpaid, unpaid, inputs.Rounding));
        if (inputs.LateInterest is { } late)
            lines.Add(new(LineCode.LateInterest, late, late.Interest, "interest"));
        if (inputs.Costs is { } costs)
            lines.Add(Stated(LineCode.Costs, costs, inputs.Rounding));

        return new(lines, StatementSum.Of(contract.Currency, lines.Select(line => line.Amount)), mFull, mRem);
    }

    private static IEnumerable<TermAmendment> Discounts(ContractTerms contract) =>
        contract.Amendments?.Where(a => a is { TakenBack: true, Off: not null }) ?? [];

    /// <summary>Full months of an amendment that were served.</summary>
    private static int Served(TermAmendment amendment, DateOnly effEnd)
    {
        var until = amendment.Until is { } end && end < effEnd ? end : effEnd;
        return until <= amendment.From ? 0 : BillingPeriods.FullMonths(amendment.From, until);
    }

    /// <summary>Full months served that cost nothing: no discount was enjoyed in them.</summary>
    private static int FreeMonths(ContractTerms contract, DateOnly effEnd) =>
        contract.Amendments?.Where(a => a.Free).Sum(a => Served(a, effEnd)) ?? 0;

    /// <summary>What becomes of the periodic fee: the part of it that is used, or comes back.</summary>
    private static void Period(ExitInputs inputs, List<ExitLine> lines)
    {
        var contract = inputs.Contract;
        var served = inputs.LastServiceDay.PlusDays(1);
        var billed = inputs.LastBilledDay?.PlusDays(1) ?? served;
        if (inputs.Withdrawal is { } withdrawal)
        {
            Withdrawn(inputs, withdrawal, served, lines);
            return;
        }
        if (inputs.AfterTerm is { } after)
        {
            lines.Add(new(LineCode.AfterTerm, after, after.End.ExtraFee, "total"));
            return;
        }
        if (!(contract.CurrentPeriodPrepaid ? inputs.RefundsUnusedPeriod : inputs.BillsServedPeriod))
            return;
        var (period, charged, months, dayCount) = SettledPeriod.Of(contract, served, inputs.DayCount, inputs.Rounding);
        var divided = Proration.Of(charged, period, billed, dayCount, months, inputs.Rounding);
        if (contract.CurrentPeriodPrepaid)
            lines.Add(new(LineCode.UnusedPrepaid, divided, -divided.Refund, "refund"));
        else
            lines.Add(new(LineCode.ServiceToEnd, divided, divided.Used, "used"));
    }

    /// <summary>
    /// On a withdrawal everything charged so far is one price for the time it was charged for. A period not paid in advance is no
    /// part of that: what is owed for it is a line of its own.
    /// </summary>
    private static void Withdrawn(
        ExitInputs inputs,
        (bool ExpressRequest, bool Informed) how,
        DateOnly served,
        List<ExitLine> lines
    )
    {
        var contract = inputs.Contract;
        var all = SettledPeriod.UpTo(contract, served, inputs.Rounding);
        var current = SettledPeriod.Of(contract, served, rounding: inputs.Rounding);
        if (contract.CurrentPeriodPrepaid)
        {
            var back = Withdrawal.Of(all.Charged, all.Period, served, how.ExpressRequest, how.Informed, inputs.Rounding);
            lines.Add(new(LineCode.Withdrawal, back, -back.Refund, "refund"));
            return;
        }
        if (current.Period.From > all.Period.From)
        {
            var paid = new DateRange(all.Period.From, current.Period.From);
            var back = Withdrawal.Of(all.Charged - current.Charged, paid, paid.Until, how.ExpressRequest, how.Informed, inputs.Rounding);
            lines.Add(new(LineCode.Withdrawal, back, -back.Refund, "refund"));
        }
        var due = Withdrawal.Of(current.Charged, current.Period, served, how.ExpressRequest, how.Informed, inputs.Rounding);
        lines.Add(new(LineCode.WithdrawalPay, due, due.Pay, "pay"));
    }

    private static ExitLine Stated(string code, Money amount, RoundingMode rounding) =>
        new(code, new StatedAmount(code, StatementSide.Owed, amount) { Rounding = rounding }, amount, code);
}
