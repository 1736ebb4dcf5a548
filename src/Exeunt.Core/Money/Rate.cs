using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Exeunt.Core;

/// <summary>
/// An exact decimal rate, 0 or more: 0.06 is six percent, 1.30 a factor. Written as a string in every document, because a
/// binary number cannot hold it.
/// </summary>
[JsonConverter(typeof(RateJson))]
public readonly record struct Rate
{
    private Rate(BigInteger unscaled, int scale) => (Numerator, Scale) = (unscaled, scale);

    /// <summary>0.</summary>
    public static readonly Rate Zero = new(0, 0);

    /// <summary>1.</summary>
    public static readonly Rate One = new(1, 0);

    /// <summary>The digits without the point.</summary>
    public BigInteger Numerator { get; }

    /// <summary>Digits behind the point.</summary>
    public int Scale { get; }

    /// <summary>10 to the power of <see cref="Scale"/>; the rate is Numerator / Denominator.</summary>
    public BigInteger Denominator => BigInteger.Pow(10, Scale);

    /// <summary>Reads digits with an optional point and more digits; no sign, no exponent, no percent sign.</summary>
    /// <param name="name">The input's name, for the message.</param>
    /// <exception cref="CalculationException">INVALID_RATE, negative ones too.</exception>
    public static Rate Parse(string? text, string name = "rate")
    {
        if (text is null || !DecimalText.TryRead(text, out var read) || read.Negative)
            throw CalculationException.Rate(name, "a decimal string of 0 or more, such as \"0.06\"");
        return new(read.Unscaled, read.Scale);
    }

    /// <summary>Whether the rate is above 1.</summary>
    public bool IsAboveOne => Numerator > Denominator;

    /// <summary>The rate as it was written, without needless leading zeros.</summary>
    public override string ToString()
    {
        var digits = Numerator.ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(Scale + 1, '0');
        return Scale == 0 ? digits : $"{digits[..^Scale]}.{digits[^Scale..]}";
    }
}

/// <summary>A plain decimal as text: an optional minus, ASCII digits, optionally a point and more digits.</summary>
internal readonly record struct DecimalText(bool Negative, BigInteger Unscaled, int Scale)
{
    // Far more than any amount or rate needs; a text of a megabyte must not cost a megabyte's arithmetic.
    private const int MaxLength = 1000;

    /// <summary>Reads the text; false when it is anything else (signs, spaces, exponents, empty parts).</summary>
    internal static bool TryRead(string text, out DecimalText read)
    {
        read = default;
        if (text.Length > MaxLength)
            return false;
        var digits = text.AsSpan();
        var minus = digits.StartsWith('-');
        if (minus)
            digits = digits[1..];
        var point = digits.IndexOf('.');
        var whole = point < 0 ? digits : digits[..point];
        var fraction = point < 0 ? [] : digits[(point + 1)..];
        if (whole.IsEmpty || (point >= 0 && fraction.IsEmpty) || !AllDigits(whole) || !AllDigits(fraction))
            return false;
        var value = BigInteger.Parse(
            string.Concat(whole, fraction),
            System.Globalization.NumberStyles.None,
            System.Globalization.CultureInfo.InvariantCulture
        );
        read = new(minus && !value.IsZero, value, fraction.Length);
        return true;
    }

    private static bool AllDigits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');
}

internal sealed class RateJson : JsonConverter<Rate>
{
    public override Rate Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return Rate.Parse(reader.TokenType == JsonTokenType.String ? reader.GetString() : null);
        }
        catch (CalculationException refused)
        {
            throw new JsonException(refused.Message, refused);
        }
    }

    public override void Write(Utf8JsonWriter writer, Rate value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
