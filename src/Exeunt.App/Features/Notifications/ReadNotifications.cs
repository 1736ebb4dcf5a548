using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
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

/// <summary>One's own notifications, newest first, 50 a page, with what one wants to be told.</summary>
public sealed class ListNotifications(AppDb db, NotificationWishes wishes, StaffDirectory staff) : UseCase<ListNotifications.Request, ListNotifications.View>(db)
{
    public const int PageSize = 50;

    /// <param name="Before">Id of the last one of the page before.</param>
    public sealed record Request(bool UnreadOnly = false, long? Before = null);

    public sealed record View(IReadOnlyList<Line> Lines, long? Next, IReadOnlyList<NotificationWishes.Wish> Wishes);

    /// <param name="By">Name of whoever caused it; null: the customer or the system.</param>
    public sealed record Line(long Id, NotificationKind Kind, Guid CaseId, string Number, string About, string? By, DateTimeOffset At, bool Read);

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
            [.. rows.Take(PageSize).Select(n => new Line(n.Id, n.Kind, n.CaseId, n.Number, n.About, names.GetValueOrDefault(n.By), n.At, n.ReadAt is not null))],
            rows.Count > PageSize ? rows[PageSize - 1].Id : null, wanted);
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

/// <summary>Chooses which kinds one is shown and which come by mail too.</summary>
public sealed class ChooseNotifications(AppDb db) : UseCase<ChooseNotifications.Request, Done>(db)
{
    /// <param name="InApp">Kinds that are shown; all others are not.</param>
    public sealed record Request(IReadOnlyList<NotificationKind>? InApp, IReadOnlyList<NotificationKind>? ByMail);

    public override Permission Needs => Permission.Staff;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        var me = call.Actor.Id;
        var rows = await Db.NotificationWishes.Where(w => w.PersonId == me).ToDictionaryAsync(w => w.Kind, ct);
        foreach (var kind in NotificationWishes.Kinds)
        {
            if (!rows.TryGetValue(kind, out var row))
                Db.NotificationWishes.Add(row = new NotificationWish { PersonId = me, Kind = kind });
            (row.InApp, row.ByMail) = ((request.InApp ?? []).Contains(kind), (request.ByMail ?? []).Contains(kind));
        }
        Db.Audit(call, "notifications.chosen", me, new { request.InApp, request.ByMail });
        return await Commit(Done.It, ct);
    }
}

/// <summary>Asks whoever has a case to say how it stands.</summary>
public sealed class AskAboutCase(AppDb db, CaseDesk desk) : UseCase<AskAboutCase.Request, Done>(db)
{
    public sealed record Request(Guid CaseId);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.IsClosed)
            return Core.Cases.CaseRefusals.Closed;
        if (exit.AssignedTo is not { } person)
            return Batches.BatchRefusals.NobodyToAsk;
        desk.Tell(person, NotificationKind.Asked, exit, call);
        Db.Audit(call, "case.asked", $"case:{exit.Id:N}");
        return await Commit(Done.It, ct);
    }
}
