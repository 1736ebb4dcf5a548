using Exeunt.App.Data;
using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Disputes;

/// <summary>Deadlines that are near and not met, for those who handle disputes.</summary>
public sealed class DisputesToday(AppDb db, CaseDesk desk) : ITodaySource
{
    public async Task<IReadOnlyList<TodayItem>> For(Call call, CancellationToken ct)
    {
        if (!call.Actor.Allows(Permission.HandleDisputes))
            return [];
        var t = Texts.In(call.Language);
        var near = await db.Set<DisputeDeadline>().AsNoTracking().Where(d => d.DoneAt == null && d.RemindedAt != null)
            .Join(desk.Visible(call, Permission.HandleDisputes), d => d.CaseId, c => c.Id, (d, c) => new { d.Kind, d.DueOn, c.Id, c.Number })
            .OrderBy(d => d.DueOn).ThenBy(d => d.Number).Take(50).ToListAsync(ct);
        return [.. near.Select(d => new TodayItem(t["dispute.today", d.Number, t.Of("dispute.deadline", d.Kind)], $"/cases/{d.Id}#disputes", d.DueOn, TodayKind.Waiting))];
    }
}
