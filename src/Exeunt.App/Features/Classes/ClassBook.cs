using Exeunt.App.Data;
using Exeunt.App.Features.Procedures;
using Exeunt.Core.Activity;
using Exeunt.Core.Classes;
using Exeunt.Core.Documents;
using Exeunt.Core.Standards;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Classes;

/// <summary>The schemes as they are in force, and as they once were.</summary>
public sealed class ClassBook(AppDb db)
{
    /// <summary>The version of each scheme that is in force on a day, by code.</summary>
    public async Task<IReadOnlyList<Scheme>> InForce(DateOnly on, CancellationToken ct)
    {
        var published = await db.SignedDocuments.AsNoTracking().Where(d => d.Kind == SignedKind.Scheme && d.Status == VersionStatus.Published && d.EffectiveFrom <= on).ToListAsync(ct);
        return [.. published.GroupBy(d => d.Id).Select(g => SchemeDocument.Read(g.MaxBy(d => (d.EffectiveFrom, d.Version))!.Document).Scheme!).OrderBy(s => s.Id, StringComparer.Ordinal)];
    }

    /// <summary>Versions of schemes, as tasks and members name them.</summary>
    public async Task<Dictionary<(string Id, int Version), Scheme>> Of(IEnumerable<(string Id, int Version)> keys, CancellationToken ct)
    {
        var wanted = keys.ToHashSet();
        var ids = wanted.Select(k => k.Id).Distinct().ToList();
        return ids.Count == 0 ? []
            : (await db.SignedDocuments.AsNoTracking().Where(d => d.Kind == SignedKind.Scheme && ids.Contains(d.Id)).Select(d => new { d.Id, d.Version, d.Document }).ToListAsync(ct))
                .Where(d => wanted.Contains((d.Id, d.Version))).ToDictionary(d => (d.Id, d.Version), d => SchemeDocument.Read(d.Document).Scheme!);
    }
}

/// <summary>Cuts of whole populations, computed on all cores.</summary>
internal static class Population
{
    private static readonly Dictionary<int, Standing> Nothing = [];

    public static BaseReader ReaderOf(CustomerBase all) => new(all, Nothing);

    /// <summary>Where the population of each scheme is cut on a day; in the order of the schemes.</summary>
    /// <param name="all">Customers without erased ones.</param>
    public static IReadOnlyList<SchemeCuts> Cuts(CustomerBase all, IReadOnlyList<CompiledScheme> schemes, DateOnly on)
    {
        var parts = all.Parts(Environment.ProcessorCount);
        var found = new SchemeMeasures[parts.Count][];
        Parallel.For(0, parts.Count, part =>
        {
            var measures = found[part] = [.. schemes.Select(_ => new SchemeMeasures())];
            var scratch = new HistoryScratch();
            for (var i = parts[part].From; i < parts[part].Until; i++)
            {
                var values = all.Open(i, scratch).At(on);
                for (var s = 0; s < schemes.Count; s++)
                    schemes[s].Measure(ref values, all.Currency(i), measures[s]);
            }
        });
        return
        [
            .. schemes.Select((scheme, s) =>
            {
                var whole = new SchemeMeasures();
                foreach (var part in found)
                    whole.Merge(part[s]);
                return whole.Cuts(scheme.Scheme);
            }),
        ];
    }
}
