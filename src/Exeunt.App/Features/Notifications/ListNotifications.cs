using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Notifications;

/// <summary>One's own notifications, newest first, 50 a page, with what one wants to be told.</summary>
public sealed class ListNotifications(AppDb db, NotificationWishes wishes, StaffDirectory staff) : UseCase<ListNotifications.Request, ListNotifications.View>(db)
{
    public const int PageSize = 50;

    /// <param name="Before">Id of the last one of the page before.</param>
    public sealed record Request(bool UnreadOnly = false, long? Before = null);

    public sealed record View(IReadOnlyList<Line> Lines, long? Next, IReadOnlyList<NotificationWishes.Wish> Wishes);

    /// <param name="By">Name of whoever caused it; null: the customer or the system.</param>
    public sealed record Line(long Id, NotificationKind Kind, Guid? CaseId, string Link, string Number, string About, string? By, DateTimeOffset At, bool Read);

    public override Permission Needs => Permission.Staff;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        var me = call.Actor.Id;
        var wanted = await wishes.Of(me, ct);
        var kinds = wanted.Where(w => w.InApp).Select(w => w.Kind).ToList();
        var mine = Db.Notifications.AsNoTracking().Where(n => n.To == me && kinds.Contains(n.Kind));
        if (request.UnreadOnly)
            mine = mine.Where(n => n.ReadAt == null);
        if (request.Before is { } before)
            mine = mine.Where(n => n.Id < before);
        var rows = await mine.OrderByDescending(n => n.Id).Take(PageSize + 1).ToListAsync(ct);
        var names = await staff.Names(rows.Select(r => r.By), ct);
        return new View(
            [.. rows.Take(PageSize).Select(n => new Line(n.Id, n.Kind, n.CaseId, n.Link, n.Number, n.About, names.GetValueOrDefault(n.By), n.At, n.ReadAt is not null))],
            rows.Count > PageSize ? rows[PageSize - 1].Id : null, wanted);
    }
}
