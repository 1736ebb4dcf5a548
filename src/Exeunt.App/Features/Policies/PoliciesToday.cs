using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core.Policies;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Policies;

/// <summary>What policies put on somebody's day: reviews that are due, and versions that wait for their signature.</summary>
public sealed class PoliciesToday(AppDb db) : ITodaySource
{
    private const int Max = 50;

    public async Task<IReadOnlyList<TodayItem>> For(Call call, CancellationToken ct)
    {
        var t = Texts.In(call.Language);
        var items = new List<TodayItem>();
        if (call.Actor.Allows(Permission.ReviewPolicies))
        {
            var due = await db.PolicyReviews.AsNoTracking().Where(r => r.DoneAt == null)
                .Join(db.Policies.Where(p => p.Status == PolicyStatus.Published), r => new { r.Number, r.Version }, p => new { p.Number, p.Version }, (r, p) => new { r.Number, r.Version, r.DueOn })
                .OrderBy(r => r.DueOn).ThenBy(r => r.Number).Take(Max).ToListAsync(ct);
            items.AddRange(due.Select(r => new TodayItem(t["policy.today.review", r.Number, r.Version], $"/policies/{r.Number}/{r.Version}#review", r.DueOn, TodayKind.Waiting)));
        }
        if (call.Actor.Allows(Permission.SignPolicies))
        {
            var waiting = await db.Policies.AsNoTracking().Where(p => p.Status == PolicyStatus.InSignOff).OrderBy(p => p.EffectiveFrom).ThenBy(p => p.Number).Take(Max).ToListAsync(ct);
            var numbers = waiting.Select(p => p.Number).ToList();
            var hands = await db.PolicySignOffs.AsNoTracking().Where(s => numbers.Contains(s.Number)).ToListAsync(ct);
            items.AddRange(waiting
                .Where(p => PolicyDesk.StateOf(p, [.. hands.Where(h => h.Number == p.Number && h.Version == p.Version && h.Round == p.Round)]).WhyNotSign(call.Actor) is null)
                .Select(p => new TodayItem(t["policy.today.sign", p.Number, p.Version], $"/policies/{p.Number}/{p.Version}#next", p.EffectiveFrom, TodayKind.Approvals)));
        }
        return items;
    }
}
