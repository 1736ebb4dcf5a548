using Exeunt.App.Data;
using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offboarding;

/// <summary>What offboardings put on somebody's day beside what their cases wait for: reviews of refusals at admission.</summary>
public sealed class OffboardingToday(AppDb db) : ITodaySource
{
    private const int Max = 50;

    public async Task<IReadOnlyList<TodayItem>> For(Call call, CancellationToken ct)
    {
        if (!call.Actor.Allows(Permission.DecideOffboarding))
            return [];
        var t = Texts.In(call.Language);
        var units = (await db.Units.AsNoTracking().ToListAsync(ct)).Where(u => call.Actor.Allows(Permission.DecideOffboarding, u.Path)).Select(u => u.Id).ToList();
        // What was forgotten meanwhile nobody can look at any more.
        byte[] nothing = [];
        var refused = await db.Set<SpotDecision>().AsNoTracking().Where(s => s.CaseId == null && s.ReviewedAt == null && s.Data != nothing && units.Contains(s.UnitId) && s.ToldBy != call.Actor.Id)
            .OrderBy(s => s.ReviewDueAt).ThenBy(s => s.Id).Take(Max).ToListAsync(ct);
        return
        [
            .. refused.Select(s => new TodayItem(
                t["offboarding.today.admission", t["offboarding.ground." + s.Ground]], "/spot-decisions", Clocks.DateIn(s.ReviewDueAt.AddSeconds(-1), Clocks.CompanyZone), TodayKind.Approvals)),
        ];
    }
}
