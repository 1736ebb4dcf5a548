using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Notifications;

/// <summary>What changed in a person's cases since the day before: new states, messages, what was sent back or handed over.</summary>
internal sealed class ChangedToday(AppDb db) : ITodaySource
{
    private const int Max = 20;

    public async Task<IReadOnlyList<TodayItem>> For(Call call, CancellationToken ct)
    {
        var (me, t) = (call.Actor.Id, Texts.In(call.Language));
        // Notifications carry real time: yesterday by the company's wall clock.
        var since = Clocks.StartOf(Clocks.DateIn(call.Now, Clocks.CompanyZone).AddDays(-1), Clocks.CompanyZone);
        var rows = await db.Notifications.AsNoTracking().Where(n => n.To == me && n.At >= since).OrderByDescending(n => n.Id).Take(Max).ToListAsync(ct);
        // The newest of each case and kind says it.
        return
        [
            .. rows.DistinctBy(n => (n.Link, n.Kind)).Select(n => new TodayItem(
                n.Kind == NotificationKind.Moved ? t["notification.moved", n.Number, t.Of("desk.state", Enum.Parse<CaseState>(n.About))] : t["notification.line." + n.Kind, n.Number],
                n.Link, null, TodayKind.Changed)),
        ];
    }
}
