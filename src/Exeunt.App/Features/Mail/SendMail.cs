using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Exeunt.App.Data;
using Exeunt.App.Features.Documents;
using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Mail;

/// <summary>
/// Effect "mail.send": gives a staged mail to the SMTP server, or, in a demo without one, to the folder that plays the outside
/// world. At least once, with a Message-ID that stays the same. A mail whose key was destroyed meanwhile is not sent.
/// </summary>
public sealed class SendMail(AppDb db, Vault vault, HostOptions options) : IEffect
{
    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var mail = await db.Mails.SingleAsync(m => m.Id == effect.Read<Post.MailToSend>().Id, ct);
        if (mail.SentAt is not null)
            return EffectResult.Done;
        var content = await vault.Open<MailContent>(mail.Subject, mail.Class, MailRow.Place, mail.Id.ToString("N"), mail.Data, ct);
        if (content is null)
        {
            db.Audit(call, "mail.not-sent-erased", $"mail:{mail.Id:N}");
            return EffectResult.Done;
        }
        using var message = new MailMessage
        {
            From = new MailAddress(options.MailFrom),
            Subject = content.Subject,
            SubjectEncoding = Encoding.UTF8,
            Body = content.Body,
            BodyEncoding = Encoding.UTF8,
            BodyTransferEncoding = TransferEncoding.Base64,
        };
        message.To.Add(new MailAddress(content.To));
        message.Headers.Add("Message-ID", $"<{mail.Id:N}@exeunt>");
        // So that no machine answers it (RFC 3834).
        message.Headers.Add("Auto-Submitted", "auto-generated");
        foreach (var id in content.Attachments)
        {
            var document = await db.Documents.AsNoTracking().SingleAsync(d => d.Id == id, ct);
            if (await vault.Open<byte[]>(document.Subject, document.Class, DocumentRow.Place, document.Row, document.Data, ct) is { } bytes)
                message.Attachments.Add(new Attachment(new MemoryStream(bytes), document.FileName, document.MediaType) { NameEncoding = Encoding.UTF8 });
        }
        using var smtp = Client();
        try
        {
            Failpoint.Reach(Point.BeforeMail);
            await smtp.SendMailAsync(message, ct);
            Failpoint.Reach(Point.AfterMail);
        }
        catch (SmtpException e)
        {
            return EffectResult.Retry("smtp: " + e.StatusCode);
        }
        mail.SentAt = call.Now;
        db.Audit(call, "mail.sent", $"mail:{mail.Id:N}", new { mail.CaseId });
        return EffectResult.Done;
    }

    private SmtpClient Client()
    {
        if (options.Smtp is { } server)
        {
            var at = server.LastIndexOf(':');
            return at < 0
                ? new SmtpClient(server, 25)
                : new SmtpClient(server[..at], int.Parse(server[(at + 1)..], System.Globalization.CultureInfo.InvariantCulture)) { Timeout = 20_000 };
        }
        var folder = Path.Combine(options.World, "mail");
        Directory.CreateDirectory(folder);
        return new SmtpClient { DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory, PickupDirectoryLocation = folder };
    }
}
