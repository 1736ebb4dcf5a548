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
/// world. At least once, with a Message-ID that stays the same. A mail whose key was destroyed meanwhile is not sent. A server that is away for a day
/// costs no mail: it is tried for <see cref="Waits"/>, and while it is known to be away other mails wait without a try. An address it refuses for
/// good is parked at once.
/// </summary>
public sealed class SendMail(AppDb db, Vault vault, HostOptions options, Outages outages) : IEffect
{
    /// <summary>The mail server, among the servers that may be away.</summary>
    private const string Server = "mail";

    /// <summary>Between one try and the next: about 26 hours in all, then the effect is parked.</summary>
    internal static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1),
        TimeSpan.FromHours(2), TimeSpan.FromHours(4), TimeSpan.FromHours(6), TimeSpan.FromHours(6), TimeSpan.FromHours(6),
    ];

    /// <summary>After which a mail is certainly not tried any more.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromDays(2);

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var id = effect.Read<Post.MailToSend>().Id;
        if (await db.Mails.SingleOrDefaultAsync(m => m.Id == id, ct) is not { } mail)
        {
            // Erased before it could be sent.
            db.Audit(call, "mail.not-sent-erased", $"mail:{id:N}");
            return EffectResult.Done;
        }
        if (mail.SentAt is not null)
            return EffectResult.Done;
        if (outages.AwayFor(Server) is { } away)
            return EffectResult.Postpone("smtp-away", away);
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
        foreach (var attached in content.Attachments)
        {
            var document = await db.Documents.AsNoTracking().SingleAsync(d => d.Id == attached, ct);
            if (await vault.Open<byte[]>(document.Subject, document.Class, DocumentRow.Place, document.Row, document.Data, ct) is { } bytes)
                message.Attachments.Add(new Attachment(new MemoryStream(bytes), document.FileName, document.MediaType) { NameEncoding = Encoding.UTF8 });
        }
        if (await HandOver(message, effect, ct) is { } failed)
            return failed;
        mail.SentAt = call.Now;
        db.Audit(call, "mail.sent", $"mail:{mail.Id:N}", new { mail.CaseId });
        return EffectResult.Done;
    }

    /// <summary>What became of it when it was not taken; null when the server took it.</summary>
    private async Task<EffectResult?> HandOver(MailMessage message, Effect effect, CancellationToken ct)
    {
        using var smtp = Client();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(options.MailPatience);
        try
        {
            Failpoint.Reach(Point.BeforeMail);
            // The client's own timeout is for its synchronous calls only.
            await smtp.SendMailAsync(message, patience.Token).WaitAsync(patience.Token);
            Failpoint.Reach(Point.AfterMail);
            outages.IsBack(Server);
            return null;
        }
        catch (SmtpFailedRecipientException e) when ((int)e.StatusCode >= 500)
        {
            return EffectResult.Park("smtp: " + e.StatusCode);
        }
        catch (SmtpException e)
        {
            if (e.StatusCode == SmtpStatusCode.GeneralFailure)
                outages.IsAway(Server);
            return Later("smtp: " + e.StatusCode);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            outages.IsAway(Server);
            return Later("smtp-timed-out");
        }

        EffectResult Later(string why) => EffectResult.Retry(why, Waits[Math.Clamp(effect.Attempts, 1, Waits.Length) - 1]);
    }

    private SmtpClient Client()
    {
        if (options.Smtp is { } server)
        {
            var at = server.LastIndexOf(':');
            return at < 0
                ? new SmtpClient(server, 25)
                : new SmtpClient(server[..at], int.Parse(server[(at + 1)..], System.Globalization.CultureInfo.InvariantCulture));
        }
        var folder = Path.Combine(options.World, "mail");
        Directory.CreateDirectory(folder);
        return new SmtpClient { DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory, PickupDirectoryLocation = folder };
    }
}
