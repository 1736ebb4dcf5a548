using System.Numerics;

namespace Exeunt.Core;

/// <summary>Splits a whole number so that the parts add up to it exactly.</summary>
public static class Allocation
{
    /// <summary>
    /// Each part is its exact share rounded towards zero; the units left over go one each to the largest remainders, first
    /// come first served among equals. Weights are 0 or more and not all 0; a negative total mirrors the positive one.
    /// </summary>
    public static long[] LargestRemainder(long total, ReadOnlySpan<long> weights)
    {
        BigInteger sum = 0;
        foreach (var weight in weights)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(weight, nameof(weights));
            sum += weight;
        }
        if (sum.IsZero)
            throw new ArgumentException("At least one weight must be above 0", nameof(weights));

        var size = BigInteger.Abs(total);
        var parts = new long[weights.Length];
        var rests = new BigInteger[weights.Length];
        var order = new int[weights.Length];
        var left = size;
        for (var i = 0; i < weights.Length; i++)
        {
            var part = BigInteger.DivRem(size * weights[i], sum, out rests[i]);
            parts[i] = (long)part;
            left -= part;
            order[i] = i;
        }
        Array.Sort(order, (a, b) => rests[b].CompareTo(rests[a]) is var c && c != 0 ? c : a.CompareTo(b));
        for (var i = 0; i < (int)left; i++)
            parts[order[i]]++;
        if (total < 0)
            for (var i = 0; i < parts.Length; i++)
                parts[i] = -parts[i];
        return parts;
    }
}
