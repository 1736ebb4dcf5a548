using System.Collections.Concurrent;
using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Exeunt.Core.Rules;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Rules;

/// <summary>Packs that were read once; a version never changes, so they stay.</summary>
public sealed class RulePackCache
{
    private readonly ConcurrentDictionary<string, RulePack> _read = new(StringComparer.Ordinal);

    public RulePack? Find(string name) => _read.GetValueOrDefault(name);

    /// <summary>Keeps a pack; a built-in one as itself, so that statements name it instead of copying it.</summary>
    public RulePack Keep(RulePackRow row) =>
        _read.GetOrAdd(row.Name, BuiltInPacks.Named(row.Name) is { } known && known.ToJson() == row.Document ? known : RulePack.FromJson(row.Document));
}

/// <summary>The rule packs in force for a place: those of what it belongs to first, then its own (DE: EU and DE).</summary>
public sealed class RuleBook(AppDb db, RulePackCache cache)
{
    private const int Max = 1000;

    /// <summary>
    /// The newest packs issued on or before a day. Before the first version of a place was issued, that one holds: its rules
    /// say themselves from when on.
    /// </summary>
    public async Task<IReadOnlyList<RulePack>> For(string jurisdiction, DateOnly on, CancellationToken ct)
    {
        var places = Places.Of(jurisdiction);
        var known = await db.RulePacks.AsNoTracking().Where(p => places.Contains(p.Jurisdiction))
            .Select(p => new { p.Jurisdiction, p.Version, p.IssuedOn }).ToListAsync(ct);
        var names = new List<string>();
        foreach (var place in places)
        {
            var versions = known.Where(p => p.Jurisdiction == place).OrderByDescending(p => p.Version).ToList();
            if ((versions.FirstOrDefault(p => p.IssuedOn <= on) ?? versions.LastOrDefault()) is { } one)
                names.Add($"{one.Jurisdiction} {one.Version}");
        }
        return await Read(names, ct);
    }

    /// <summary>The packs with these names, comma separated, in their order.</summary>
    public Task<IReadOnlyList<RulePack>> Named(string names, CancellationToken ct) =>
        Read([.. names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)], ct);

    /// <summary>"EU 1,DE 1".</summary>
    public static string Names(IEnumerable<RulePack> packs) => string.Join(',', packs.Select(p => p.Name));

    /// <summary>The newest version of every place, in the order of the built-in ones.</summary>
    public async Task<IReadOnlyList<RulePack>> Newest(CancellationToken ct)
    {
        var newest = await db.RulePacks.AsNoTracking().GroupBy(p => p.Jurisdiction).Select(g => new { g.Key, Version = g.Max(p => p.Version) }).Take(Max).ToListAsync(ct);
        var order = BuiltInPacks.All.Select(p => p.Jurisdiction).ToList();
        return await Read([.. newest.OrderBy(p => order.IndexOf(p.Key) is var i and >= 0 ? i : int.MaxValue).ThenBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key} {p.Version}")], ct);
    }

    /// <summary>A rule among the packs that a case froze; null when they hold none of that id.</summary>
    public async Task<LegalRule?> RuleOf(ExitCase exit, string rule, CancellationToken ct) =>
        (await Named(exit.RulePacks, ct)).SelectMany(p => p.Rules).FirstOrDefault(r => r.Id == rule);

    /// <summary>Puts the built-in packs into a database that does not have them yet; those that are there stay as they are.</summary>
    public static async Task Seed(AppDb db, Call call, CancellationToken ct)
    {
        var known = (await db.RulePacks.AsNoTracking().Select(p => new { p.Jurisdiction, p.Version }).ToListAsync(ct)).Select(p => $"{p.Jurisdiction} {p.Version}").ToHashSet(StringComparer.Ordinal);
        foreach (var pack in BuiltInPacks.All.Where(p => !known.Contains(p.Name)))
        {
            db.RulePacks.Add(RulePackRow.Of(pack, call.Now, call.Actor.Id));
            db.Audit(call, "rules.built-in", $"rules:{pack.Jurisdiction}:{pack.Version}");
            // A place had rules before: what is published and running is held against the new ones.
            if (known.Any(name => name.StartsWith($"{pack.Jurisdiction} ", StringComparison.Ordinal)))
                db.Enqueue(RecheckRules.For(pack.Name, null, call));
        }
        if (db.ChangeTracker.HasChanges())
            await db.SaveChangesAsync(ct);
    }

    private async Task<IReadOnlyList<RulePack>> Read(IReadOnlyList<string> names, CancellationToken ct)
    {
        var missing = names.Where(n => cache.Find(n) is null).Select(n => n.Split(' ')[0]).Distinct().ToList();
        if (missing.Count > 0)
            foreach (var row in await db.RulePacks.AsNoTracking().Where(p => missing.Contains(p.Jurisdiction)).ToListAsync(ct))
                if (names.Contains(row.Name))
                    cache.Keep(row);
        return [.. names.Select(n => cache.Find(n) ?? throw new KeyNotFoundException($"No rule pack {n}."))];
    }
}
