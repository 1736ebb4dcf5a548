using Exeunt.App.Data;
using Exeunt.App.Platform;

namespace Exeunt.App.Features.Mail;

/// <summary>Stages a mail: sealed under its receiver's key, sent by an effect after the transaction that caused it.</summary>
public sealed class Post(AppDb db, Vault vault)
{
    /// <summary>The subject under whose key mails to the company's own people are sealed.</summary>
    public const long Staff = 0;

    /// <returns>The mail's id.</returns>
    public async Task<Guid> Stage(Call call, Guid? caseId, long subject, DataClass dataClass, MailContent content, CancellationToken ct)
    {
        var id = Guid.CreateVersion7();
        db.Mails.Add(new MailRow
        {
            Id = id,
            CaseId = caseId,
            Subject = subject,
            Class = dataClass,
            Data = await vault.Seal(subject, dataClass, MailRow.Place, id.ToString("N"), content, ct),
            At = call.Now,
        });
        db.Audit(call, "mail.staged", $"mail:{id:N}", new { caseId });
        db.Enqueue(Effect.Now("mail.send", KeyOf(id), call, new MailToSend(id), caseId));
        return id;
    }

    /// <summary>Key of the effect that sends a mail.</summary>
    internal static string KeyOf(Guid mail) => $"mail|{mail:N}";

    public sealed record MailToSend(Guid Id);
}
