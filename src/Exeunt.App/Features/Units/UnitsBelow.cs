using Exeunt.App.Data;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Units;

/// <summary>The numbers of each unit, by its code, with everything below it, as they are now.</summary>
public sealed class UnitsBelow
{
    private UnitsBelow(IReadOnlyDictionary<string, HashSet<int>> byCode) => ByCode = byCode;

    public IReadOnlyDictionary<string, HashSet<int>> ByCode { get; }

    /// <summary>Of one code; none when there is no such unit.</summary>
    public IReadOnlyCollection<int> Of(string code) => ByCode.TryGetValue(code, out var below) ? below : [];

    public static async Task<UnitsBelow> Read(AppDb db, CancellationToken ct)
    {
        // The tree has hundreds of nodes at most.
        var units = await db.Units.AsNoTracking().Select(u => new { u.Id, u.Code, u.Path }).ToListAsync(ct);
        return new(units.ToDictionary(u => u.Code, u => units.Where(b => b.Path.StartsWith(u.Path, StringComparison.Ordinal)).Select(b => b.Id).ToHashSet(), StringComparer.Ordinal));
    }
}
