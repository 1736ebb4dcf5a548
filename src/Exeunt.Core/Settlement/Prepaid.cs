using System.Numerics;
using Exeunt.Core.Calendar;

namespace Exeunt.Core.Settlement;

/// <summary>
/// Refund of a prepayment for everyday consumption (法释〔2025〕4号): used + refund = paid, always, because the operator never
/// claims beyond the prepayment (art. 20).
/// </summary>
/// <param name="Used">What was consumed, at most what was paid.</param>
/// <param name="Interest">On the refund; null when no rate was given.</param>
public sealed record PrepaidRefund(Money Used, Money Refund, Money? Interest)
{
    /// <summary>Refund and interest.</summary>
    public Money Total => Interest is { } interest ? Refund + interest : Refund;

    /// <summary>
    /// The operator's fault: consumption counts at the discounted price, list · paid / (paid + gift).
    /// </summary>
    public static PrepaidRefund OperatorFault(
        Money paid,
        Money gift,
        Money consumedList,
        (Rate AnnualRate, int Days)? interest = null,
        RoundingMode rounding = RoundingMode.HalfUp
    )
    {
        RequireSame(paid, gift, "gift");
        RequireSame(paid, consumedList, "consumedList");
        BigInteger worth = (BigInteger)paid.Minor + gift.Minor;
        var used = worth.IsZero ? 0 : Rounding.Divide((BigInteger)consumedList.Minor * paid.Minor, worth, rounding);
        return Of(paid, used, interest, rounding);
    }

    /// <summary>The consumer's reason: consumption counts at the list price.</summary>
    public static PrepaidRefund ConsumerReason(
        Money paid,
        Money consumedList,
        (Rate AnnualRate, int Days)? interest = null,
        RoundingMode rounding = RoundingMode.HalfUp
    )
    {
        RequireSame(paid, consumedList, "consumedList");
        return Of(paid, consumedList.Minor, interest, rounding);
    }

    /// <summary>An unlimited card: what is used is the share of time (art. 22).</summary>
    public static PrepaidRefund UnlimitedTime(
        Money paid,
        DateRange term,
        DateOnly effEnd,
        (Rate AnnualRate, int Days)? interest = null,
        RoundingMode rounding = RoundingMode.HalfUp
    ) => Of(paid, Proration.Of(paid, term, effEnd, rounding: rounding).Used.Minor, interest, rounding);

    private static PrepaidRefund Of(
        Money paid,
        BigInteger used,
        (Rate AnnualRate, int Days)? interest,
        RoundingMode rounding
    )
    {
        Amounts.RequireMagnitude(paid, "paid");
        var counted = new Money((long)BigInteger.Min(used, paid.Minor), paid.Currency);
        var refund = paid - counted;
        return new(
            counted,
            refund,
            interest is { } on
                ? LateInterest.Annual(refund, on.AnnualRate, Rate.One, on.Days, DayCount.Act365F, rounding)
                : null
        );
    }

    private static void RequireSame(Money paid, Money other, string name)
    {
        Amounts.RequireMagnitude(other, name);
        if (paid.Currency != other.Currency)
            throw CalculationException.Mixed(paid.Currency, other.Currency);
    }
}
