using Exeunt.Core.Calendar;

namespace Exeunt.Core.Settlement;

/// <summary>
/// Withdrawal from a distance contract: the consumer pays for what was served only if the service began at the consumer's
/// express request and the duty to pay had been explained (Directive 2011/83/EU art. 14(3), (4)); otherwise nothing.
/// </summary>
public sealed record Withdrawal(Money Pay, Money Refund)
{
    /// <exception cref="CalculationException">As <see cref="Proration.Of"/>.</exception>
    public static Withdrawal Of(
        Money price,
        DateRange term,
        DateOnly effEnd,
        bool expressRequest,
        bool informed,
        RoundingMode rounding = RoundingMode.HalfUp
    )
    {
        var served = Proration.Of(price, term, effEnd, rounding: rounding);
        return expressRequest && informed ? new(served.Used, served.Refund) : new(Money.Zero(price.Currency), price);
    }
}
