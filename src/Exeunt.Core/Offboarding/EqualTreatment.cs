namespace Exeunt.Core.Offboarding;

/// <summary>One case as far as it can be compared with another.</summary>
/// <param name="Spend">Net spend of the twelve months before the case, minor units.</param>
/// <param name="Arrears">Unpaid at the start of the case, minor units.</param>
/// <param name="Measure">What was done: "saved", "cure", "ended", "immediate", "refused", "withdrawn", "open".</param>
public sealed record TreatedCase(Guid Id, string Number, string Ground, string? Tier, string Currency, long Spend, long Arrears, string Measure, string? Why);

/// <summary>Cases that are alike, and how each was treated.</summary>
/// <param name="Usual">The measure that most of the settled ones got; null: none stands out.</param>
public sealed record AlikeGroup(string Ground, string Tier, string Currency, int SpendBand, int ArrearsBand, IReadOnlyList<TreatedCase> Cases, string? Usual)
{
    /// <summary>Those who were treated otherwise than most.</summary>
    public IReadOnlyList<TreatedCase> Otherwise => Usual is null ? [] : [.. Cases.Where(c => c.Measure != Usual && c.Measure != EqualTreatment.Open)];
}

/// <summary>
/// Compares offboardings of similar customers. Alike are cases with the same ground, tier and currency whose spend and arrears lie in the
/// same band; a band goes from one power of ten of the major unit to the next (0, 1–9, 10–99, …). In a group the usual measure is the one
/// that more than half of its settled cases got.
/// </summary>
public static class EqualTreatment
{
    public const string Open = "open";

    /// <summary>Groups with at least two cases, those with differences first, then the largest.</summary>
    public static IReadOnlyList<AlikeGroup> Compare(IEnumerable<TreatedCase> cases) =>
    [
        .. cases.GroupBy(c => (c.Ground, Tier: c.Tier ?? "", c.Currency, Spend: Band(c.Spend, c.Currency), Arrears: Band(c.Arrears, c.Currency)))
            .Where(g => g.Count() > 1)
            .Select(g => new AlikeGroup(g.Key.Ground, g.Key.Tier, g.Key.Currency, g.Key.Spend, g.Key.Arrears, [.. g.OrderBy(c => c.Number, StringComparer.Ordinal)], UsualOf(g)))
            .OrderByDescending(g => g.Otherwise.Count).ThenByDescending(g => g.Cases.Count).ThenBy(g => g.Ground, StringComparer.Ordinal)
            .ThenBy(g => g.Cases[0].Number, StringComparer.Ordinal),
    ];

    /// <summary>0 for less than one major unit, else the number of digits of the whole major units.</summary>
    public static int Band(long minor, string currency)
    {
        var major = Math.Max(0, minor);
        for (var digits = Currency.MinorDigits(currency); digits > 0; digits--)
            major /= 10;
        var band = 0;
        for (; major > 0; major /= 10)
            band++;
        return band;
    }

    private static string? UsualOf(IEnumerable<TreatedCase> cases)
    {
        var settled = cases.Where(c => c.Measure != Open).ToList();
        return settled.GroupBy(c => c.Measure).Where(g => 2 * g.Count() > settled.Count).Select(g => g.Key).FirstOrDefault();
    }
}
