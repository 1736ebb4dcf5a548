using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Evaluate;
using Exeunt.App.Features.Units;
using Exeunt.App.Platform;
using Exeunt.Core.Activity;
using Exeunt.Core.Classes;

namespace Exeunt.App.Features.Classes;

/// <summary>How many customers of the units the caller may watch a scheme would put into each class today.</summary>
public sealed class SchemePreview(AppDb db, RecentBase recent)
{
    /// <summary>With more customers a page would be too slow: the first evaluation tells it.</summary>
    public const int MaxCustomers = 200_000;

    /// <param name="None">In no class.</param>
    public sealed record Counts(IReadOnlyList<int> Classes, int None);

    /// <summary>The counts; null when there are too many customers.</summary>
    public async Task<Counts?> Of(Scheme scheme, Call call, CancellationToken ct)
    {
        var all = await recent.Get(db, call, ct);
        if (all.Count > MaxCustomers)
            return null;
        var today = call.Today(Clocks.CompanyZone);
        var compiled = new CompiledScheme(scheme, (await UnitsBelow.Read(db, ct)).Of);
        var cuts = compiled.NeedsCuts ? Population.Cuts(all, [compiled], today)[0] : new();
        var units = (await VisibleUnits.Of(db, call.Actor, Permission.ViewWatch, ct)).Ids(null).ToHashSet();
        var counts = new int[scheme.Classes.Count + 1];
        var reader = Population.ReaderOf(all);
        for (var i = 0; i < all.Count; i++)
        {
            if (!units.Contains(all.UnitId(i)))
                continue;
            reader.Open(i);
            var values = reader.At(today);
            var found = compiled.ClassOf(ref values, reader.Traits, cuts);
            var at = counts.Length - 1;
            for (var k = 0; found is not null && k < scheme.Classes.Count; k++)
                if (ReferenceEquals(scheme.Classes[k], found))
                    at = k;
            counts[at]++;
        }
        return new(counts[..^1], counts[^1]);
    }
}
