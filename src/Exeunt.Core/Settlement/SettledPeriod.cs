using Exeunt.Core.Calendar;
using Exeunt.Core.Contracts;

namespace Exeunt.Core.Settlement;

/// <summary>The billing period in which service ends, and what was charged for it.</summary>
internal readonly record struct SettledPeriod(DateRange Period, Money Charged, int Months, DayCount DayCount)
{
    /// <summary>
    /// Periods are anchored on the billing anchor; after a renewal on the day after the term. A first period that began
    /// before the contract was charged for the days from its start only, and is divided by its actual days.
    /// </summary>
    /// <exception cref="CalculationException">END_BEFORE_START, DATE_OUTSIDE_PERIOD (an anchor after the start), INVALID_COUNT, OVERFLOW.</exception>
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
        if (effEnd > contract.TermUntil)
        {
            var after = BillingPeriods.Current(contract.TermUntil, effEnd, contract.BillingMonths);
            return new(after, contract.FeeFor(after.From, contract.BillingMonths), contract.BillingMonths, dayCount);
        }

        var whole = BillingPeriods.Current(
            anchor,
            effEnd == contract.Start ? effEnd.PlusDays(1) : effEnd,
            contract.BillingMonths
        );
        var fee = contract.FeeFor(whole.From, contract.BillingMonths);
        if (whole.From >= contract.Start)
            return new(whole, fee, contract.BillingMonths, dayCount);
        var before = Proration.Of(fee, whole, contract.Start, dayCount, contract.BillingMonths, rounding);
        return new(new(contract.Start, whole.Until), before.Refund, contract.BillingMonths, DayCount.ActAct);
    }

    /// <summary>
    /// All that was charged from the start of the contract (after a renewal, of what follows the term) to the end of a period.
    /// </summary>
    internal static SettledPeriod UpTo(ContractTerms contract, DateOnly effEnd, RoundingMode rounding)
    {
        var current = Of(contract, effEnd, rounding: rounding);
        var from = effEnd > contract.TermUntil ? contract.TermUntil : contract.Start;
        if (current.Period.From <= from)
            return current with { DayCount = DayCount.ActAct };
        var first = Of(contract, from.PlusDays(1), rounding: rounding);
        var anchor = from == contract.TermUntil ? from : contract.BillingAnchor ?? from;
        // Starts of periods are counted from the anchor; the first period is the one the contract began in.
        var after = Index(anchor, current.Period.From, contract.BillingMonths) - Index(anchor, from, contract.BillingMonths);
        var charged = first.Charged;
        for (var i = 1; i <= after; i++)
            charged += contract.FeeFor(
                BillingPeriods.Start(anchor, Index(anchor, from, contract.BillingMonths) + i, contract.BillingMonths),
                contract.BillingMonths
            );
        return new(new(from, current.Period.Until), charged, contract.BillingMonths, DayCount.ActAct);
    }

    private static int Index(DateOnly anchor, DateOnly day, int months) => BillingPeriods.FullMonths(anchor, day) / months;
}
