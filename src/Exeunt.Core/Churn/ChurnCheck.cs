using Exeunt.Core.Documents;
using Exeunt.Core.Standards;

namespace Exeunt.Core.Churn;

/// <summary>Whether a definition of churn may be published: its units are there, and every segment can be the first that fits somebody.</summary>
public static class ChurnCheck
{
    /// <summary>Everything that stands against publishing. The definition was read without a problem.</summary>
    /// <param name="units">All units by code, each with the numbers of itself and everything below; null: units are not looked up.</param>
    public static IReadOnlyList<DocumentProblem> Of(ChurnDefinition definition, IReadOnlyDictionary<string, HashSet<int>>? units = null)
    {
        var found = new List<DocumentProblem>();
        for (var i = 0; i < definition.Segments.Count; i++)
        {
            var segment = definition.Segments[i];
            var known = true;
            for (var u = 0; u < (segment.Scope.Units?.Count ?? 0); u++)
                if (units?.ContainsKey(segment.Scope.Units![u]) == false)
                {
                    known = false;
                    found.Add(new("churn.unknown-unit", $"segments[{i}].scope.units[{u}]", null, new($"There is no unit with the code “{segment.Scope.Units![u]}”.", $"没有代码为“{segment.Scope.Units![u]}”的机构。"),
                        new("Use a code from the list of units.", "请使用机构列表中的代码。")));
                }
            if (segment.Scope.IsOpen)
                found.Add(new("churn.no-scope", $"segments[{i}].scope", null, new($"“{segment.Name.English}” is for everybody: nothing after it ever applies.", $"“{segment.Name.Chinese}”适用于所有客户，其后的分组和通用标准均不起作用。"),
                    new("Say for whom it is, or write its thresholds as those for everybody.", "请写明适用范围，或将其标准填写为通用标准。")));
            else if (known && !CanWin(definition, i, units))
                found.Add(new("churn.never-wins", $"segments[{i}]", null, new($"“{segment.Name.English}” never applies: the segments before it take all its customers.", $"“{segment.Name.Chinese}”永不适用：其客户已全部归入前面的分组。"),
                    new("Move it up, narrow those before it, or remove it.", "请上移此分组、收窄前面的分组，或删除。")));
        }
        return found;
    }

    /// <summary>
    /// Whether some customer fits a segment and none before it. Of each trait only those values matter that fit different segments: bit j of
    /// a mask is whether segment j, as far as that trait goes, takes the customer.
    /// </summary>
    private static bool CanWin(ChurnDefinition definition, int segment, IReadOnlyDictionary<string, HashSet<int>>? units)
    {
        var scopes = definition.Segments.Take(segment).Select(s => s.Scope).ToList();
        var own = definition.Segments[segment].Scope;
        var kinds = Masks(own.Kinds, Enum.GetValues<CustomerSort>(), scopes.ConvertAll(s => s.Kinds));
        // An industry is any text: one that nobody names is always thinkable.
        var industries = Masks(own.Industries, [.. scopes.SelectMany(s => s.Industries ?? []), ""], scopes.ConvertAll(s => s.Industries));
        var places = units is null
            ? Masks(own.Units, [.. scopes.SelectMany(s => s.Units ?? []), ""], scopes.ConvertAll(s => s.Units))
            : Masks(Below(own.Units, units), [.. units.Values.SelectMany(u => u).Distinct()], scopes.ConvertAll(s => Below(s.Units, units)));
        return kinds.Any(k => industries.Any(i => places.Any(p => (k & i & p) == 0)));
    }

    private static List<int>? Below(IReadOnlyList<string>? codes, IReadOnlyDictionary<string, HashSet<int>> units) =>
        codes is { Count: > 0 } ? [.. codes.SelectMany(c => units.TryGetValue(c, out var below) ? below : []).Distinct()] : null;

    /// <param name="own">The values the segment itself is limited to; none: all of <paramref name="all"/>.</param>
    /// <param name="before">The values the segments before it are limited to.</param>
    private static HashSet<ulong> Masks<T>(IReadOnlyList<T>? own, IReadOnlyList<T> all, IReadOnlyList<IReadOnlyList<T>?> before)
    {
        var limits = before.Select(b => b is { Count: > 0 } ? b.ToHashSet() : null).ToList();
        var masks = new HashSet<ulong>();
        foreach (var value in own is { Count: > 0 } ? own : all)
        {
            var mask = 0UL;
            for (var j = 0; j < limits.Count; j++)
                if (limits[j]?.Contains(value) != false)
                    mask |= 1UL << j;
            masks.Add(mask);
        }
        return masks;
    }
}
