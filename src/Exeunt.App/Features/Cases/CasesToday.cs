using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>Work orders that outlive their case (what an accepted offer promised). Everything else that cases wait for is in the inbox.</summary>
public sealed class CasesToday(AppDb db, CaseDesk desk) : ITodaySource
{
    private const int Max = 50;

    public async Task<IReadOnlyList<TodayItem>> For(Call call, CancellationToken ct)
    {
        if (!call.Actor.Allows(Permission.CarryOutWork))
            return [];
        var t = Texts.In(call.Language);
        var orders = await db.WorkOrders.AsNoTracking().Where(w => w.DoneAt == null && w.Step == null)
            .Join(desk.Visible(call, Permission.CarryOutWork).Where(c => c.State == CaseState.Closed), w => w.CaseId, c => c.Id, (w, c) => new { Order = w, w.DueOn, c.Id, c.Number })
            .OrderBy(w => w.DueOn).ThenBy(w => w.Number).Take(Max).ToListAsync(ct);
        return [.. orders.Select(w => new TodayItem(t["desk.today.work", w.Number, w.Order.Words(t)], $"/cases/{w.Id}#next", w.DueOn, TodayKind.Waiting))];
    }
}
