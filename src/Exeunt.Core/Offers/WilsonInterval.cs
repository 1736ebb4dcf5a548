namespace Exeunt.Core.Offers;

/// <summary>
/// The Wilson score interval of a share at 95 %: where the true share may lie when <c>hits</c> of <c>tries</c> were counted. Both ends
/// are in [0, 1]; without tries there is none.
/// </summary>
public readonly record struct WilsonInterval(double Share, double Low, double High)
{
    /// <summary>The 97.5 % point of the normal distribution.</summary>
    private const double Z = 1.959963984540054;

    /// <param name="hits">0 to <paramref name="tries"/>.</param>
    public static WilsonInterval? Of(int hits, int tries)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(hits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hits, tries);
        if (tries == 0)
            return null;
        var share = (double)hits / tries;
        var z2 = Z * Z;
        var middle = (share + z2 / (2 * tries)) / (1 + z2 / tries);
        var half = Z / (1 + z2 / tries) * Math.Sqrt(share * (1 - share) / tries + z2 / (4.0 * tries * tries));
        // At the ends exactly: rounding would leave a hair between the interval and its own share.
        return new(share, hits == 0 ? 0 : Math.Max(0, middle - half), hits == tries ? 1 : Math.Min(1, middle + half));
    }
}
