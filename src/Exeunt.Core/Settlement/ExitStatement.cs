using System.Text.Json;
using Exeunt.Core.Calendar;
using Exeunt.Core.Contracts;

namespace Exeunt.Core.Settlement;

/// <summary>The codes of a statement's lines.</summary>
public static class LineCode
{
    public const string UnusedPrepaid = "unusedPrepaid";
    public const string ServiceToEnd = "serviceToEnd";
    public const string Etf = "etf";
    public const string Device = "device";
    public const string Deposit = "deposit";
    public const string Clawback = "clawback";
    public const string Unpaid = "unpaid";

    /// <summary>The lines a policy computes, in the order of a statement.</summary>
    public static IReadOnlyList<string> All { get; } =
    [UnusedPrepaid, ServiceToEnd, Etf, Device, Deposit, Clawback, Unpaid];
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

/// <summary>The billing period in which service ends, and what was charged for it.</summary>
internal readonly record struct SettledPeriod(DateRange Period, Money Charged, int Months, DayCount DayCount)
{
    /// <summary>
    /// Periods are anchored on the billing anchor; after a renewal on the day after the term. A first period that began
    /// before the contract was charged for the days from its start only, and is divided by its actual days.
    /// </summary>
    internal static SettledPeriod Of(
        ContractTerms contract,
        DateOnly effEnd,
        DayCount dayCount = DayCount.ActAct,
        RoundingMode rounding = RoundingMode.HalfUp
    )
    {
        Amounts.RequireCount(contract.BillingMonths, "billingMonths", 1);
        if (effEnd < contract.Start)
            throw CalculationException.EndBeforeStart(contract.Start, effEnd);
        var anchor = contract.BillingAnchor ?? contract.Start;
        if (anchor > contract.Start)
            throw CalculationException.DateOutsidePeriod(anchor, DateOnly.MinValue, contract.Start);
        var fee = contract.MonthlyFee * contract.BillingMonths;
        if (effEnd > contract.TermUntil)
            return new(
                BillingPeriods.Current(contract.TermUntil, effEnd, contract.BillingMonths),
                fee,
                contract.BillingMonths,
                dayCount
            );

        var whole = BillingPeriods.Current(
            anchor,
            effEnd == contract.Start ? effEnd.PlusDays(1) : effEnd,
            contract.BillingMonths
        );
        if (whole.From >= contract.Start)
            return new(whole, fee, contract.BillingMonths, dayCount);
        var before = Proration.Of(fee, whole, contract.Start, dayCount, contract.BillingMonths, rounding);
        return new(new(contract.Start, whole.Until), before.Refund, contract.BillingMonths, DayCount.ActAct);
    }
}

/// <summary>A device that came with the contract.</summary>
/// <param name="TermMonths">Months over which its value runs down.</param>
public sealed record DeviceTerms(DeviceRule Rule, Money Value, int TermMonths, Money? MonthlyFee);

/// <summary>What the end of a contract is computed from; what is null is not there and has no line.</summary>
/// <param name="Contract">Currency, start, term, fee and billing.</param>
/// <param name="LastServiceDay">The last day in force (included).</param>
/// <param name="Discount">Discounts to be taken back, as a function of full months and months left.</param>
internal sealed record ExitInputs(ContractTerms Contract, DateOnly LastServiceDay)
{
    internal EtfRule? Etf { get; init; }

    internal DeviceTerms? Device { get; init; }

    internal Money? Deposit { get; init; }

    internal Money? Unpaid { get; init; }

    internal Money? ClawbackMonthly { get; init; }

    internal ClawbackKind ClawbackKind { get; init; } = ClawbackKind.Enjoyed;

    internal bool RefundsUnusedPeriod { get; init; } = true;

    /// <summary>Whether the served part of a period that is not paid yet becomes a line.</summary>
    internal bool BillsServedPeriod { get; init; }

    internal DayCount DayCount { get; init; }

    internal RoundingMode Rounding { get; init; }
}

/// <summary>One line of an exit: a code, how it was computed, and the amount with its sign (+ the customer owes).</summary>
internal readonly record struct ExitLine(string Code, Working Working, Money Amount);

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
        Amounts.RequireMagnitude(contract.MonthlyFee, "monthlyFee");
        RequireCurrency(contract);
        var effEnd = inputs.LastServiceDay.PlusDays(1);
        var mFull = BillingPeriods.FullMonths(contract.Start, effEnd);
        var begun = BillingPeriods.MonthsBegun(contract.Start, effEnd);
        var mRem = Math.Max(0, contract.TermMonths - begun);

        var lines = new List<ExitLine>(8);
        if (contract.CurrentPeriodPrepaid ? inputs.RefundsUnusedPeriod : inputs.BillsServedPeriod)
        {
            var (period, charged, months, dayCount) = SettledPeriod.Of(
                contract,
                effEnd,
                inputs.DayCount,
                inputs.Rounding
            );
            var divided = Proration.Of(charged, period, effEnd, dayCount, months, inputs.Rounding);
            if (contract.CurrentPeriodPrepaid)
                lines.Add(new(LineCode.UnusedPrepaid, divided, -divided.Refund));
            else
                lines.Add(new(LineCode.ServiceToEnd, divided, divided.Used));
        }
        if (inputs.Etf is { } rule)
        {
            var fee = ExitFee.Of(rule, new(contract.Currency, mFull, mRem, contract.MonthlyFee, inputs.Rounding));
            lines.Add(new(LineCode.Etf, fee, fee.Fee));
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
            lines.Add(new(LineCode.Device, due, due.Due));
        }
        if (inputs.Deposit is { } deposit)
        {
            var back = DepositReturn.Of(deposit, [], inputs.Rounding);
            lines.Add(new(LineCode.Deposit, back, -back.Return));
        }
        if (inputs.ClawbackMonthly is { } discount)
        {
            Clawback clawback =
                inputs.ClawbackKind == ClawbackKind.Unearned
                    ? Clawback.Unearned(discount * contract.TermMonths, mRem, contract.TermMonths, inputs.Rounding)
                    : Clawback.Enjoyed(discount, mFull, inputs.Rounding);
            lines.Add(new(LineCode.Clawback, clawback, clawback.Amount));
        }
        if (inputs.Unpaid is { } unpaid)
            lines.Add(
                new(
                    LineCode.Unpaid,
                    new StatedAmount(LineCode.Unpaid, StatementSide.Owed, unpaid) { Rounding = inputs.Rounding },
                    unpaid
                )
            );

        return new(lines, StatementSum.Of(contract.Currency, lines.Select(line => line.Amount)), mFull, mRem);
    }

    private static void RequireCurrency(ContractTerms contract)
    {
        if (contract.MonthlyFee.Currency != contract.Currency)
            throw CalculationException.Mixed(contract.Currency, contract.MonthlyFee.Currency);
    }
}
