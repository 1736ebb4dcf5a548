using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Notifications;

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
