using System.Numerics;
using Exeunt.Core.Calendar;

namespace Exeunt.Core.Settlement;

/// <summary>Interest on an amount that is late: simple, exact, rounded once.</summary>
public static class LateInterest
{
    /// <summary>principal · rate · multiplier · days / 365 (ACT/365F) or / 360 (ACT/360, 30E/360).</summary>
    /// <param name="days">0 or more, counted by the convention.</param>
    /// <exception cref="CalculationException">NEGATIVE_AMOUNT, INVALID_COUNT, INVALID_INPUT (a convention without a fixed year), OVERFLOW.</exception>
    public static Money Annual(
        Money principal,
        Rate annualRate,
        Rate multiplier,
        int days,
        DayCount dayCount = DayCount.Act365F,
        RoundingMode rounding = RoundingMode.HalfUp
    )
    {
        Check(principal, days);
        var year = dayCount switch
        {
            DayCount.Act365F => 365,
            DayCount.Act360 or DayCount.Thirty360E => 360,
            _ => throw CalculationException.Input("dayCount", "ACT/365F, ACT/360 or 30E/360 for interest"),
        };
        var numerator = (BigInteger)principal.Minor * annualRate.Numerator * multiplier.Numerator * days;
        var denominator = annualRate.Denominator * multiplier.Denominator * year;
        return new(Rounding.ToMinor(numerator, denominator, rounding), principal.Currency);
    }

    /// <summary>principal · rate · days.</summary>
    /// <exception cref="CalculationException">NEGATIVE_AMOUNT, INVALID_COUNT, OVERFLOW.</exception>
    public static Money Daily(Money principal, Rate dailyRate, int days, RoundingMode rounding = RoundingMode.HalfUp)
    {
        Check(principal, days);
        return new(
            Rounding.ToMinor((BigInteger)principal.Minor * dailyRate.Numerator * days, dailyRate.Denominator, rounding),
            principal.Currency
        );
    }

    private static void Check(Money principal, int days)
    {
        Amounts.RequireMagnitude(principal, "principal");
        Amounts.RequireCount(days, "days");
    }
}
