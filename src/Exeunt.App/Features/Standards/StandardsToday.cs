using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Standards;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Standards;

/// <summary>Listings about which somebody must decide, one line for each standard whose reviewer the person is.</summary>
public sealed class StandardsToday(AppDb db) : ITodaySource
{
    public async Task<IReadOnlyList<TodayItem>> For(Call call, CancellationToken ct)
    {
        if (!call.Actor.Allows(Permission.DecideListings))
            return [];
        var t = Texts.In(call.Language);
        var units = (await db.Units.AsNoTracking().ToListAsync(ct)).Where(u => call.Actor.Allows(Permission.DecideListings, u.Path)).ToDictionary(u => u.Id, u => u.Path);
        var ids = units.Keys.ToList();
        var waiting = await db.Listings.AsNoTracking().Where(l => l.State == ListingState.Waiting && l.ClosedOn == null)
            .Join(db.Customers.Where(c => ids.Contains(c.UnitId)), l => l.CustomerId, c => c.Id, (l, c) => new { l.StandardId, l.Version, c.UnitId, l.DueOn })
            .GroupBy(l => new { l.StandardId, l.Version, l.UnitId }).Select(g => new { g.Key, Count = g.Count(), Due = g.Min(l => l.DueOn) }).ToListAsync(ct);
        if (waiting.Count == 0)
            return [];
        var keys = waiting.Select(w => w.Key.StandardId).Distinct().ToList();
        var standards = (await db.SignedDocuments.AsNoTracking().Where(d => keys.Contains(d.Id)).Select(d => new { d.Id, d.Version, d.Document }).ToListAsync(ct))
            .ToDictionary(d => (d.Id, d.Version), d => StandardDocument.Read(d.Document).Standard!);
        return
        [
            .. waiting.Where(w => standards[(w.Key.StandardId, w.Key.Version)].Reviewer is not { } role || call.Actor.Has(role, units[w.Key.UnitId]))
                .GroupBy(w => w.Key.StandardId).Select(g => new TodayItem(
                    t["standard.today", standards[(g.Key, g.Max(w => w.Key.Version))].Name.In(call.Language), g.Sum(w => w.Count)], $"/listings?standard={g.Key}&waiting=1", g.Min(w => w.Due), TodayKind.Waiting))
                .OrderBy(i => i.Due).Take(50),
        ];
    }
}
