namespace Exeunt.Core.Classes;

/// <summary>Whose spend makes up most of the whole.</summary>
public enum AbcClass
{
    A,
    B,
    C,
}

/// <summary>
/// Classes by share of the whole: sorted by spend, largest first, a customer is A while those before make less than the first share, B while
/// less than the second, C after that. Equal spends are one class; who spent nothing, or less, is C and no part of the whole.
/// </summary>
public static class Abc
{
    /// <param name="spends">Minor units of one currency, in any order.</param>
    /// <param name="a">Ten-thousandths of the whole; 8,000 is the usual 80 %. Above 0.</param>
    /// <param name="b">Ten-thousandths; 9,500 is the usual 95 %. Above <paramref name="a"/>, at most 10,000.</param>
    /// <returns>The smallest spend that is still A, and the smallest that is still B; <see cref="long.MaxValue"/> when nobody is.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The shares are not in that order.</exception>
    public static (long A, long B) Cuts(ReadOnlySpan<long> spends, int a = 8_000, int b = 9_500)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(a, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(b, a);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(b, 10_000);
        var sorted = spends.ToArray();
        Array.Sort(sorted);
        Int128 whole = 0;
        foreach (var spend in sorted)
            whole += Math.Max(spend, 0);
        var (cutA, cutB) = (long.MaxValue, long.MaxValue);
        Int128 before = 0;
        for (var i = sorted.Length - 1; i >= 0 && sorted[i] > 0 && before * 10_000 < whole * b;)
        {
            var spend = sorted[i];
            if (before * 10_000 < whole * a)
                cutA = spend;
            cutB = spend;
            // Equal ones are one class, whichever of them comes first.
            for (; i >= 0 && sorted[i] == spend; i--)
                before += spend;
        }
        return (cutA, cutB);
    }

    public static AbcClass Of(long spend, (long A, long B) cuts) => spend >= cuts.A ? AbcClass.A : spend >= cuts.B ? AbcClass.B : AbcClass.C;
}
