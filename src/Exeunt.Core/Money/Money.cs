// Money is a word of the whole Core, so its folder does not make a namespace (Exeunt.Core.Money would hide the type).

using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Exeunt.Core;

/// <summary>
/// An amount in whole minor units of one currency, within ±(2^63 - 1). Mixing currencies and overflow throw
/// <see cref="CalculationException"/>. In JSON it is one string: "12.50 EUR".
/// </summary>
[JsonConverter(typeof(MoneyJson))]
public readonly record struct Money(long Minor, string Currency) : IComparable<Money>
{
    public static Money Zero(string currency) => new(0, currency);

    public bool IsZero => Minor == 0;

    public static Money operator +(Money a, Money b) => Within((Int128)a.Minor + Same(a, b).Minor, a.Currency);

    public static Money operator -(Money a, Money b) => Within((Int128)a.Minor - Same(a, b).Minor, a.Currency);

    public static Money operator -(Money a) => Within(-(Int128)a.Minor, a.Currency);

    /// <summary>The amount <paramref name="times"/> times over.</summary>
    public static Money operator *(Money a, long times) => Within((Int128)a.Minor * times, a.Currency);

    public static bool operator <(Money a, Money b) => a.Minor < Same(a, b).Minor;

    public static bool operator >(Money a, Money b) => a.Minor > Same(a, b).Minor;

    public static bool operator <=(Money a, Money b) => a.Minor <= Same(a, b).Minor;

    public static bool operator >=(Money a, Money b) => a.Minor >= Same(a, b).Minor;

    public int CompareTo(Money other) => Minor.CompareTo(Same(this, other).Minor);

    public static Money Min(Money a, Money b) => a <= b ? a : b;

    public static Money Max(Money a, Money b) => a >= b ? a : b;

    /// <summary>
    /// Reads a magnitude: digits, optionally a point and no more decimals than the currency has ("12.50"). A sign would be
    /// a second way to say which side an amount is on, so there is none.
    /// </summary>
    /// <param name="name">The input's name, for the message.</param>
    /// <exception cref="CalculationException">
    /// UNKNOWN_CURRENCY; INVALID_AMOUNT (not such a text); NEGATIVE_AMOUNT; AMOUNT_PRECISION (more decimals than the
    /// currency has, zeros too); OVERFLOW.
    /// </exception>
    public static Money Parse(string? text, string currency, string name = "amount")
    {
        var digits = Core.Currency.Require(currency);
        if (text is null || !DecimalText.TryRead(text, out var read))
            throw new CalculationException(
                CalculationError.InvalidAmount,
                $"{name} must be a decimal string such as \"12.50\".",
                $"{name} 必须是形如 \"12.50\" 的十进制字符串。"
            );
        if (read.Negative)
            throw new CalculationException(
                CalculationError.NegativeAmount,
                $"{name} must not be negative: the side says who owes.",
                $"{name} 不得为负数：由所在一方表明谁欠款。"
            );
        if (read.Scale > digits)
            throw new CalculationException(
                CalculationError.AmountPrecision,
                $"{name} has more than the {digits} decimals of {currency}.",
                $"{name} 的小数位数超过 {currency} 的 {digits} 位。"
            );
        var minor = read.Unscaled * BigInteger.Pow(10, digits - read.Scale);
        return minor <= long.MaxValue ? new((long)minor, currency) : throw CalculationException.Overflow();
    }

    /// <summary>part / whole of the amount, rounded once. <paramref name="whole"/> is above 0.</summary>
    public Money Share(long part, long whole, RoundingMode mode = RoundingMode.HalfUp) =>
        new(Rounding.Share(Minor, part, whole, mode), Currency);

    /// <summary>The amount times an exact rate, rounded once.</summary>
    public Money Times(Rate rate, RoundingMode mode = RoundingMode.HalfUp) =>
        new(Rounding.ToMinor(Minor * rate.Numerator, rate.Denominator, mode), Currency);

    /// <summary>Splits the amount by weights so that the parts add up to it exactly (see <see cref="Allocation"/>).</summary>
    public IReadOnlyList<Money> Allocate(params ReadOnlySpan<long> weights)
    {
        var minor = Allocation.LargestRemainder(Minor, weights);
        var parts = new Money[minor.Length];
        for (var i = 0; i < parts.Length; i++)
            parts[i] = new(minor[i], Currency);
        return parts;
    }

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

    private static Money Within(Int128 minor, string currency) =>
        Int128.Abs(minor) <= long.MaxValue ? new((long)minor, currency) : throw CalculationException.Overflow();

    private static Money Same(Money a, Money b) =>
        a.Currency == b.Currency ? b : throw CalculationException.Mixed(a.Currency, b.Currency);
}

internal sealed class MoneyJson : JsonConverter<Money>
{
    public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString()! : "";
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0)
            throw new JsonException("An amount is a string such as \"12.50 EUR\".");
        try
        {
            return text.StartsWith('-')
                ? -Money.Parse(text[1..space], text[(space + 1)..])
                : Money.Parse(text[..space], text[(space + 1)..]);
        }
        catch (CalculationException refused)
        {
            throw new JsonException(refused.Message, refused);
        }
    }

    public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options) =>
        writer.WriteStringValue($"{value} {value.Currency}");
}
