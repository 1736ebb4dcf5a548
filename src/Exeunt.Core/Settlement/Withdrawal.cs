using System.Text.Json;
using Exeunt.Core.Calendar;

namespace Exeunt.Core.Settlement;

/// <summary>
/// Withdrawal from a distance contract: the consumer pays for what was served only if the service began at the consumer's
/// express request and the duty to pay had been explained (Directive 2011/83/EU art. 14(3), (4)); otherwise nothing.
/// </summary>
public sealed record Withdrawal : Working
{
    private Withdrawal(Proration served, bool expressRequest, bool informed) =>
        (Served, ExpressRequest, Informed) = (served, expressRequest, informed);

    /// <summary>The price divided at the end.</summary>
    public Proration Served { get; }

    public bool ExpressRequest { get; }

    public bool Informed { get; }

    /// <summary>What the consumer pays.</summary>
    public Money Pay => ExpressRequest && Informed ? Served.Used : Money.Zero(Served.Amount.Currency);

    /// <summary>What comes back of the price.</summary>
    public Money Refund => Served.Amount - Pay;

    public override string Formula => "withdrawal";

    public override Money Result => Refund;

    public override string English =>
        $"Withdrawal. {Served.Amount} {Served.Amount.Currency} is the price of {Day(Served.Period.From)} to {Day(Served.Period.LastDay)}. "
        + (
            ExpressRequest && Informed
                ? $"Service began at the customer's express request: {Served.Served} of {Served.Period.Days} days are paid, {Pay}"
                : !Informed ? "The customer was not told of the duty to pay: nothing is paid"
                : "There was no express request to begin: nothing is paid"
        )
        + $"; {Served.Amount} - {Pay} = {Refund} is not owed.";

    public override string Chinese =>
        $"行使无理由撤回权。{Day(Served.Period.From)} 至 {Day(Served.Period.LastDay)} 的价款为 {Served.Amount} {Served.Amount.Currency}。"
        + (
            ExpressRequest && Informed
                ? $"服务应客户明示要求开始：{Served.Period.Days} 天中应付 {Served.Served} 天，计 {Pay}"
                : !Informed ? "未告知付款义务，无需付款"
                : "客户未明示要求开始服务，无需付款"
        )
        + $"；{Served.Amount} - {Pay} = {Refund} 无需支付。";

    /// <exception cref="CalculationException">As <see cref="Proration.Of"/>.</exception>
    public static Withdrawal Of(
        Money price,
        DateRange term,
        DateOnly effEnd,
        bool expressRequest,
        bool informed,
        RoundingMode rounding = RoundingMode.HalfUp
    ) => new(Proration.Of(price, term, effEnd, rounding: rounding), expressRequest, informed) { Rounding = rounding };

    internal override void WriteInputs(Utf8JsonWriter json)
    {
        json.WriteString("currency", Served.Amount.Currency);
        json.WriteString("price", Served.Amount.ToString());
        json.WriteString("termStart", Day(Served.Period.From));
        json.WriteString("termEnd", Day(Served.Period.Until));
        json.WriteString("effEnd", Day(Served.EffEnd));
        json.WriteBoolean("expressRequest", ExpressRequest);
        json.WriteBoolean("informed", Informed);
    }
}
