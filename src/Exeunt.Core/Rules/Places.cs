namespace Exeunt.Core.Rules;

/// <summary>Which packs hold at a place: those of what it belongs to first, then its own.</summary>
public static class Places
{
    private static readonly HashSet<string> EuMembers = new(StringComparer.Ordinal)
    {
        "AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IT", "LV", "LT", "LU", "MT", "NL", "PL", "PT", "RO",
        "SK", "SI", "ES", "SE",
    };

    /// <summary>Whether the place is the European Union or one of its members.</summary>
    public static bool IsInEu(string place) => place == "EU" || EuMembers.Contains(place);

    /// <summary>The places whose packs hold at a place, the wider one first: "DE" gives EU and DE, a place nobody wrote rules for gives its own name.</summary>
    public static IReadOnlyList<string> Of(string place) => place != "EU" && IsInEu(place) ? ["EU", place] : [place];
}
