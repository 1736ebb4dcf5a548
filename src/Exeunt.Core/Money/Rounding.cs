using System.Numerics;

namespace Exeunt.Core;

/// <summary>What happens to an exact half of a minor unit.</summary>
public enum RoundingMode
{
    /// <summary>Half away from zero (四舍五入): 2.345 is 2.35, -2.345 is -2.35.</summary>
    HalfUp,

    /// <summary>Half to the even neighbour: 2.345 is 2.34, 2.335 is 2.34.</summary>
    HalfEven,
}

/// <summary>Rounding of exact fractions to whole minor units: the only place where a fraction becomes an amount.</summary>
public static class Rounding
{
    /// <summary>The mode's name in documents: HALF_UP or HALF_EVEN.</summary>
    public static string Name(this RoundingMode mode) => mode == RoundingMode.HalfEven ? "HALF_EVEN" : "HALF_UP";

    /// <summary>Reads a mode's name.</summary>
    /// <exception cref="CalculationException">INVALID_INPUT for any other text.</exception>
    public static RoundingMode Parse(string? name) =>
        name switch
        {
            "HALF_UP" => RoundingMode.HalfUp,
            "HALF_EVEN" => RoundingMode.HalfEven,
            _ => throw CalculationException.Input("rounding", "HALF_UP or HALF_EVEN"),
        };

    /// <summary>The fraction rounded to a whole number; <paramref name="denominator"/> is above 0.</summary>
    public static BigInteger Divide(BigInteger numerator, BigInteger denominator, RoundingMode mode)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(denominator, BigInteger.Zero);
        var whole = BigInteger.DivRem(numerator, denominator, out var rest);
        return AwayFromZero((BigInteger.Abs(rest) * 2).CompareTo(denominator), !whole.IsEven, mode)
            ? whole + numerator.Sign
            : whole;
    }

    /// <summary>
    /// amount · part / whole, exact until the one rounding at the end.
    /// <paramref name="part"/> and <paramref name="whole"/> are up to 2^60 in size, <paramref name="whole"/> above 0.
    /// </summary>
    /// <exception cref="CalculationException">OVERFLOW.</exception>
    public static long Share(long amount, long part, long whole, RoundingMode mode)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(whole, 0);
        // 2^63 · 2^60 stays below 2^127.
        var numerator = (Int128)amount * part;
        var (quotient, rest) = Int128.DivRem(numerator, whole);
        if (AwayFromZero((Int128.Abs(rest) * 2).CompareTo(whole), (quotient & 1) != 0, mode))
            quotient += Int128.Sign(numerator);
        return Int128.Abs(quotient) <= long.MaxValue ? (long)quotient : throw CalculationException.Overflow();
    }

    /// <summary>The fraction as whole minor units.</summary>
    /// <exception cref="CalculationException">OVERFLOW beyond ±(2^63 - 1).</exception>
    public static long ToMinor(BigInteger numerator, BigInteger denominator, RoundingMode mode)
    {
        var rounded = Divide(numerator, denominator, mode);
        return BigInteger.Abs(rounded) <= long.MaxValue ? (long)rounded : throw CalculationException.Overflow();
    }

    private static bool AwayFromZero(int restAgainstHalf, bool odd, RoundingMode mode) =>
        restAgainstHalf > 0 || (restAgainstHalf == 0 && (mode == RoundingMode.HalfUp || odd));
}
