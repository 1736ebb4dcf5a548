// Money is a word of the whole Core, so its folder does not make a namespace (Exeunt.Core.Money would hide the type).

using System.Globalization;

namespace Exeunt.Core;

/// <summary>An amount in whole minor units of one currency. Mixing currencies throws; overflow throws.</summary>
public readonly record struct Money(long Minor, string Currency)
{
    public static Money Zero(string currency) => new(0, currency);

    public bool IsZero => Minor == 0;

    public static Money operator +(Money a, Money b) => new(checked(a.Minor + Same(a, b).Minor), a.Currency);

    public static Money operator -(Money a, Money b) => new(checked(a.Minor - Same(a, b).Minor), a.Currency);

    public static Money operator -(Money a) => new(checked(-a.Minor), a.Currency);

    /// <summary>The amount with the currency's decimals and no grouping: "12.50", "-3", "0.007".</summary>
    public override string ToString() => Format(Minor, Core.Currency.MinorDigits(Currency));

    /// <summary>Minor units as a decimal string with the given number of digits.</summary>
    public static string Format(long minor, int digits)
    {
        if (digits == 0)
            return minor.ToString(CultureInfo.InvariantCulture);
        var text = Math.Abs((decimal)minor).ToString(CultureInfo.InvariantCulture).PadLeft(digits + 1, '0');
        return (minor < 0 ? "-" : "") + text[..^digits] + "." + text[^digits..];
    }

    private static Money Same(Money a, Money b) =>
        a.Currency == b.Currency
            ? b
            : throw new InvalidOperationException($"MIXED_CURRENCY: {a.Currency} and {b.Currency}");
}
