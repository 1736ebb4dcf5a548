namespace Exeunt.Core.Rules;

/// <summary>
/// The packs that come with the product, every version. They never change: what the law changes, or we learn of it, is a new version
/// of the pack, so that an old case can be computed again.
/// </summary>
public static class BuiltInPacks
{
    public static IReadOnlyList<RulePack> All { get; } =
    [
        China.Pack, Europe.First, Europe.Pack, Germany.First, Germany.Pack, France.First, France.Pack, UnitedKingdom.Pack, California.Pack, NewYork.Pack,
    ];

    /// <summary>The newest packs for a place, the wider ones first; none for a place without rules.</summary>
    public static IReadOnlyList<RulePack> For(string jurisdiction) =>
        [.. Places.Of(jurisdiction).Select(place => All.LastOrDefault(pack => pack.Jurisdiction == place)).OfType<RulePack>()];

    /// <summary>The pack of that name and version ("DE 1"); null when there is none.</summary>
    public static RulePack? Named(string name) => All.FirstOrDefault(pack => pack.Name == name);
}
