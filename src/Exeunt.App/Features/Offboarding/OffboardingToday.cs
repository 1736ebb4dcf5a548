using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offboarding;

/// <summary>What offboardings put on somebody's day beside what their cases wait for: reviews of on-the-spot decisions.</summary>
public sealed class OffboardingToday(AppDb db) : ITodaySource
{
    private const int Max = 50;

    public async Task<IReadOnlyList<TodayItem>> For(Call call, CancellationToken ct)
    {
        var t = Texts.In(call.Language);
        var items = new List<TodayItem>();
        if (call.Actor.Allows(Permission.DecideOffboarding))
        {
            var units = (await db.Units.AsNoTracking().ToListAsync(ct)).Where(u => call.Actor.Allows(Permission.DecideOffboarding, u.Path)).Select(u => u.Id).ToList();
            var spots = await db.Set<SpotDecision>().AsNoTracking().Where(s => s.ReviewedAt == null && units.Contains(s.UnitId) && s.ToldBy != call.Actor.Id).OrderBy(s => s.ReviewDueAt).ThenBy(s => s.Id).Take(Max).ToListAsync(ct);
            items.AddRange(spots.Select(s => new TodayItem(
                t[s.CaseId is null ? "offboarding.today.admission" : "offboarding.today.spot", t["offboarding.ground." + s.Ground]], s.CaseId is { } id ? $"/cases/{id}#offboarding" : "/spot-decisions",
                Clocks.DateIn(s.ReviewDueAt.AddSeconds(-1), Clocks.CompanyZone), TodayKind.Approvals)));
        }
        return items;
    }
}
