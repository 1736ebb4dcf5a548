using Exeunt.App.Data;
using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Rules;

/// <summary>Open reviews, for those who may close them.</summary>
public sealed class RulesToday(AppDb db, CaseDesk desk) : ITodaySource
{
    public async Task<IReadOnlyList<TodayItem>> For(Call call, CancellationToken ct)
    {
        if (!call.Actor.Allows(Permission.CloseReviews))
            return [];
        var cases = desk.Visible(call, Permission.CloseReviews);
        var open = await db.Reviews.AsNoTracking().CountAsync(r => r.ClosedAt == null && (r.CaseId == null || cases.Any(c => c.Id == r.CaseId)), ct);
        return open == 0 ? [] : [new TodayItem(Texts.In(call.Language)[open == 1 ? "rules.today-one" : "rules.today", open], "/rules/reviews", null, TodayKind.Waiting)];
    }
}
