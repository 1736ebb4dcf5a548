using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Notifications;

/// <summary>What one person wants to be told, and how.</summary>
public sealed class NotificationWishes(AppDb db)
{
    /// <summary>The kinds one can choose about; <see cref="NotificationKind.Moved"/> only feeds the page of the day.</summary>
    public static readonly IReadOnlyList<NotificationKind> Kinds = [.. Enum.GetValues<NotificationKind>().Where(k => k != NotificationKind.Moved)];

    public sealed record Wish(NotificationKind Kind, bool InApp, bool ByMail);

    /// <summary>All kinds; what nobody chose about is shown and not mailed.</summary>
    public async Task<IReadOnlyList<Wish>> Of(string person, CancellationToken ct)
    {
        var chosen = await db.NotificationWishes.AsNoTracking().Where(w => w.PersonId == person).ToDictionaryAsync(w => w.Kind, ct);
        return [.. Kinds.Select(k => chosen.TryGetValue(k, out var w) ? new Wish(k, w.InApp, w.ByMail) : new Wish(k, true, false))];
    }
}

/// <summary>How many unread notifications a person has, for the bell; at most 100 are counted.</summary>
internal sealed class UnreadNotifications(AppDb db, NotificationWishes wishes) : IBell
{
    public async Task<int> Unread(Call call, CancellationToken ct)
    {
        var me = call.Actor.Id;
        var kinds = (await wishes.Of(me, ct)).Where(w => w.InApp).Select(w => w.Kind).ToList();
        return await db.Notifications.AsNoTracking().Where(n => n.To == me && n.ReadAt == null && kinds.Contains(n.Kind)).Take(100).CountAsync(ct);
    }
}

/// <summary>Marks one of one's own notifications as read, or all of them.</summary>
public sealed class ReadNotifications(AppDb db) : UseCase<ReadNotifications.Request, Guid?>(db)
{
    private const int Most = 1_000;

    /// <param name="Id">One of them; null: all.</param>
    public sealed record Request(long? Id = null);

    public override Permission Needs => Permission.Staff;

    protected override async Task<Outcome<Guid?>> Handle(Call call, Request request, CancellationToken ct)
    {
        var me = call.Actor.Id;
        var mine = Db.Notifications.Where(n => n.To == me);
        mine = request.Id is { } id ? mine.Where(n => n.Id == id) : mine.Where(n => n.ReadAt == null);
        var rows = await mine.OrderBy(n => n.Id).Take(Most).ToListAsync(ct);
        if (request.Id is not null && rows.Count == 0)
            return CommonRefusals.NotFound;
        foreach (var row in rows)
            row.ReadAt ??= call.Now;
        Db.Audit(call, "notifications.read", me, new { count = rows.Count });
        return await Commit(request.Id is null ? null : rows[0].CaseId, ct);
    }
}
