using System.Text.Json;
using Exeunt.Core.Calendar;

namespace Exeunt.Core.Settlement;

/// <summary>
/// The price of a period divided at the effective end: used = P·d/N, rounded once; refund = P - used, so both always add
/// up to P. A period served to its end is used in full and nothing is used beyond P, whatever the day count.
/// </summary>
public sealed record Proration : Working
{
    private Proration(Money amount, DateRange period, DateOnly effEnd) =>
        (Amount, Period, EffEnd) = (amount, period, effEnd);

    /// <summary>P: what was charged for the period.</summary>
    public Money Amount { get; }

    /// <summary>The period the price is for.</summary>
    public DateRange Period { get; }

    /// <summary>The day after the last day of service.</summary>
    public DateOnly EffEnd { get; }

    /// <summary>How days are counted.</summary>
    public DayCount DayCount { get; private init; }

    /// <summary>Months the price is for; only conventions other than ACT/ACT need it.</summary>
    public int? PeriodMonths { get; private init; }

    /// <summary>d: days served, by the convention.</summary>
    public int Served { get; private init; }

    /// <summary>The part of P that was used.</summary>
    public Money Used { get; private init; }

    /// <summary>The part of P that comes back.</summary>
    public Money Refund => Amount - Used;

    public override string Formula => "prorate";

    public override Money Result => Refund;

    public override string English =>
        $"{Amount} {Amount.Currency} was charged for {Day(Period.From)} to {Day(Period.LastDay)} ({Basis}). "
        + (EffEnd == Period.Until ? "The period was served in full" : $"{Served} days were used ({DayCount.Name()})")
        + $": {Used} used, {Amount} - {Used} = {Refund} not used.";

    public override string Chinese =>
        $"{Day(Period.From)} 至 {Day(Period.LastDay)} 已计费 {Amount} {Amount.Currency}（{Basis}）。"
        + (EffEnd == Period.Until ? "该期间已全部使用" : $"已使用 {Served} 天（{DayCount.Name()}）")
        + $"：使用部分 {Used}，未使用部分 {Amount} - {Used} = {Refund}。";

    private string Basis =>
        DayCount switch
        {
            DayCount.Act365F => $"N = 365 × {PeriodMonths} / 12",
            DayCount.ActAct => $"N = {Period.Days}",
            _ => $"N = 30 × {PeriodMonths}",
        };

    /// <summary>Divides the price.</summary>
    /// <param name="amount">P, 0 or more.</param>
    /// <param name="period">The period the price is for; not empty.</param>
    /// <param name="effEnd">The day after the last day of service, from the period's first day to the day after its last.</param>
    /// <param name="dayCount">How days are counted.</param>
    /// <param name="periodMonths">
    /// Months the price is for, 1 or more; when null and the convention needs it, the whole months between the dates.
    /// </param>
    /// <param name="rounding">What happens to a half.</param>
    /// <exception cref="CalculationException">
    /// NEGATIVE_AMOUNT; ZERO_LENGTH_PERIOD; DATE_OUTSIDE_PERIOD; INVALID_COUNT; MISSING_INPUT (periodMonths cannot be told from the dates).
    /// </exception>
    public static Proration Of(
        Money amount,
        DateRange period,
        DateOnly effEnd,
        DayCount dayCount = DayCount.ActAct,
        int? periodMonths = null,
        RoundingMode rounding = RoundingMode.HalfUp
    )
    {
        Amounts.RequireMagnitude(amount, "amount");
        if (period.IsEmpty)
            throw CalculationException.ZeroLengthPeriod(period.From);
        if (effEnd < period.From || effEnd > period.Until)
            throw CalculationException.DateOutsidePeriod(effEnd, period.From, period.Until);
        if (periodMonths < 1)
            throw CalculationException.Count("periodMonths", "a whole number of 1 or more");

        var served = dayCount.Days(period.From, effEnd);
        var (part, whole) = ((long)served, (long)period.Days);
        int? months = null;
        if (dayCount != DayCount.ActAct)
        {
            months =
                periodMonths
                ?? BillingPeriods.WholeMonths(period)
                ?? throw CalculationException.Missing("periodMonths");
            (part, whole) =
                dayCount == DayCount.Act365F ? (12L * served, 365L * months.Value) : (served, 30L * months.Value);
        }
        var used = effEnd == period.Until || part >= whole ? amount : amount.Share(part, whole, rounding);
        return new(amount, period, effEnd)
        {
            DayCount = dayCount,
            PeriodMonths = months,
            Served = served,
            Used = used,
            Rounding = rounding,
        };
    }

    internal override void WriteInputs(Utf8JsonWriter json)
    {
        json.WriteString("currency", Amount.Currency);
        json.WriteString("amount", Amount.ToString());
        json.WriteString("periodStart", Day(Period.From));
        json.WriteString("periodEnd", Day(Period.Until));
        json.WriteString("effEnd", Day(EffEnd));
        json.WriteString("dayCount", DayCount.Name());
        if (PeriodMonths is { } months)
            json.WriteNumber("periodMonths", months);
    }
}

/// <summary>Checks every formula makes of the amounts and counts it is given.</summary>
internal static class Amounts
{
    internal static void RequireMagnitude(Money amount, string name)
    {
        if (amount.Minor < 0)
            throw new CalculationException(
                CalculationError.NegativeAmount,
                $"{name} must not be negative: the side says who owes.",
                $"{name} 不得为负数：由所在一方表明谁欠款。"
            );
    }

    /// <summary>Of the currency, and not negative; an amount left out of a document has no currency.</summary>
    internal static void Require(Money amount, string currency, string name)
    {
        if (amount.Currency is null)
            throw CalculationException.Missing(name);
        if (amount.Currency != currency)
            throw CalculationException.Mixed(currency, amount.Currency);
        RequireMagnitude(amount, name);
    }

    internal static void Require(Money? amount, string currency, string name)
    {
        if (amount is { } given)
            Require(given, currency, name);
    }

    internal static void RequireCount(long count, string name, long least = 0)
    {
        if (count < least)
            throw CalculationException.Count(name, $"a whole number of {least} or more");
    }
}
