namespace Exeunt.Core.Settlement;

/// <summary>The tax contained in a gross amount: vat = round(g - g/(1+r)), net = g - vat. A red-letter document reverses all three.</summary>
public sealed record VatSplit(Money Net, Money Vat, Money Gross)
{
    /// <exception cref="CalculationException">NEGATIVE_AMOUNT, OVERFLOW.</exception>
    public static VatSplit Of(
        Money gross,
        Rate rate,
        bool redLetter = false,
        RoundingMode rounding = RoundingMode.HalfUp
    )
    {
        Amounts.RequireMagnitude(gross, "gross");
        // g - g/(1+n/d) = g·n/(d+n)
        var vat = new Money(
            Rounding.ToMinor(gross.Minor * rate.Numerator, rate.Denominator + rate.Numerator, rounding),
            gross.Currency
        );
        var net = gross - vat;
        return redLetter ? new(-net, -vat, -gross) : new(net, vat, gross);
    }
}
