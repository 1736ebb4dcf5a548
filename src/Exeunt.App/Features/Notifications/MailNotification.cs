using Exeunt.App.Data;
using Exeunt.App.Features.Mail;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Notifications;

/// <summary>
/// Effect "notification.mail": the same by mail for those who want it. It names the case by its number and nobody: what it is about
/// is read after signing in.
/// </summary>
public sealed class MailNotification(AppDb db, StaffDb people, HostOptions options, Post post) : IEffect
{
    /// <param name="Link">Where it leads; null in effects from before there was one: to the case.</param>
    public sealed record Part(string To, NotificationKind Kind, Guid? CaseId, string Number, string? Link = null);

    /// <summary>Stages the mail of a notification; whether its reader wants one is decided when it is sent.</summary>
    public static Effect Of(Notification told, string cause, Call call) =>
        Effect.Now("notification.mail", $"notification|{told.CaseId?.ToString("N") ?? told.Path}|{cause}|{told.Kind}|{told.To}", call, new Part(told.To, told.Kind, told.CaseId, told.Number, told.Link), told.CaseId);

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var part = effect.Read<Part>();
        if (!await db.NotificationWishes.AsNoTracking().AnyAsync(w => w.PersonId == part.To && w.Kind == part.Kind && w.ByMail, ct)
            || StaffDirectory.GuidOf(part.To) is not { } id
            || await people.Users.AsNoTracking().SingleOrDefaultAsync(m => m.Id == id && !m.IsDisabled, ct) is not { Email: { } address } member)
            return EffectResult.Done;
        var t = Texts.In(member.Language);
        await post.Stage(call, null, Post.Staff, DataClass.Case, new MailContent(
            address, t["notification.mail.subject", t.Of("notification.kind", part.Kind), part.Number],
            t["notification.mail.body", t.Of("notification.kind", part.Kind), part.Number, options.Url + (part.Link ?? $"/cases/{part.CaseId}")], []), ct);
        db.Audit(call, "notification.mailed", part.To, new { part.Kind, part.CaseId });
        return EffectResult.Done;
    }
}
