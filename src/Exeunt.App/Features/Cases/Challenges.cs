using System.Security.Cryptography;
using System.Text;
using Exeunt.App.Data;
using Exeunt.App.Features.Mail;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>
/// Codes that prove possession of a contact on file: eight digits, ten minutes, five tries, a minute between two, five a day, of one
/// application and again of one contact, whoever asks. Past a contact's share nothing is sent, and after five failures its codes rest; both
/// in silence, since whoever does not own the contact must learn nothing. A breaker over everybody opens at a thousand failures an hour,
/// of which one contact brings a few. For an invented contract everything happens too, except that there is nobody to send the mail to.
/// </summary>
public sealed class Challenges(AppDb db, Vault vault, Post post, KeyStore keys)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan BetweenTwo = TimeSpan.FromSeconds(60);
    public const int Tries = 5;
    public const int PerDay = 5;
    public const int GlobalFailuresPerHour = 1000;

    /// <summary>How long a contact's codes rest after the fifth failure of a day, the sixth, and every one from the seventh.</summary>
    public static readonly IReadOnlyList<TimeSpan> Rests = [TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(60)];

    /// <summary>Stages a code for a draft or case.</summary>
    /// <param name="found">The match, or null for nobody.</param>
    /// <param name="typed">The contact that was typed; null where nobody typed one.</param>
    public async Task<Refusal?> Stage(Call call, byte[] owner, Guid? caseId, CustomerMatch.Person? found, string? typed, CancellationToken ct)
    {
        var day = call.Now.AddDays(-1);
        var sent = await db.Challenges.AsNoTracking().Where(c => c.Owner == owner && c.SentAt > day).Select(c => c.SentAt).ToListAsync(ct);
        if (sent.Count >= PerDay)
            return ChallengeRefusals.EnoughToday;
        if (sent.Count > 0 && call.Now - sent.Max() < BetweenTwo)
            return ChallengeRefusals.WaitAMinute;
        var contact = await TokenOf(found?.Contact.Mail ?? typed ?? Convert.ToHexString(owner), ct);
        var reached = await db.Challenges.AsNoTracking().Where(c => c.Contact == contact && c.SentAt > day && !c.Withheld).Select(c => c.SentAt).ToListAsync(ct);
        var withheld = reached.Count >= PerDay || (reached.Count > 0 && call.Now - reached.Max() < BetweenTwo);
        var code = Secrets.Code();
        var challenge = new Challenge
        {
            Id = Guid.CreateVersion7(),
            Owner = owner,
            CodeHash = await HashOf(code, ct),
            SentAt = call.Now,
            ExpiresAt = call.Now + Lifetime,
            Contact = contact,
            Withheld = withheld,
        };
        db.Challenges.Add(challenge);
        db.Audit(call, withheld ? "challenge.withheld" : "challenge.sent", $"challenge:{challenge.Id:N}");
        var t = Texts.In(found?.Customer.Language ?? call.Language);
        var mail = new MailContent(found?.Contact.Mail ?? "nobody@invalid", t["mail.code.subject"], t["mail.code.body", code], []);
        if (found?.Contact.Mail is not null && !withheld)
            await post.Stage(call, caseId, found.Customer.Id, DataClass.Contact, mail, ct);
        else
            // The same work for nobody: seal the mail under a key of no one, and throw it away.
            await SealForNobody(mail, ct);
        return null;
    }

    /// <summary>Whether the code is right; stages the failure or the use. The caller saves in both cases.</summary>
    public async Task<Refusal?> Check(Call call, byte[] owner, string code, CancellationToken ct)
    {
        var hour = call.Now.AddHours(-1);
        var failures = await db.Challenges.AsNoTracking().Where(c => c.SentAt > hour && c.Failures > 0).GroupBy(c => c.Contact).Select(g => g.Sum(c => c.Failures)).ToListAsync(ct);
        if (failures.Sum(f => Math.Min(f, Tries)) >= GlobalFailuresPerHour)
            return ChallengeRefusals.Paused;
        var challenge = await db.Challenges.Where(c => c.Owner == owner && c.UsedAt == null && c.ExpiresAt > call.Now)
            .OrderByDescending(c => c.SentAt).FirstOrDefaultAsync(ct);
        var hash = await HashOf(new string([.. code.Where(char.IsAsciiDigit)]), ct);
        if (challenge is null || challenge.Failures >= Tries || await IsResting(challenge, call, ct))
            return ChallengeRefusals.WrongOrExpired;
        challenge.Version++;
        if (!CryptographicOperations.FixedTimeEquals(hash, challenge.CodeHash))
        {
            challenge.Failures++;
            challenge.FailedAt = call.Now;
            db.Audit(call, "challenge.failed", $"challenge:{challenge.Id:N}", new { challenge.Failures });
            return ChallengeRefusals.WrongOrExpired;
        }
        challenge.UsedAt = call.Now;
        db.Audit(call, "challenge.passed", $"challenge:{challenge.Id:N}");
        return null;
    }

    /// <summary>Checks the code of a draft, and saves that it is proven, or that the try failed.</summary>
    public async Task<Refusal?> Prove(Call call, Draft draft, string? code, CancellationToken ct)
    {
        var no = await Check(call, draft.TokenHash, code ?? "", ct);
        if (no is null)
        {
            draft.ProvenAt = call.Now;
            draft.Version++;
        }
        else if (!db.ChangeTracker.HasChanges())
            return no;
        await db.SaveChangesAsync(ct);
        return no;
    }

    /// <summary>Stages that codes of more than a day ago are forgotten, and with them whom they were for: they limit nothing any more.</summary>
    public async Task Forget(Call call, CancellationToken ct)
    {
        var day = call.Now.AddDays(-1);
        db.Challenges.RemoveRange(await db.Challenges.Where(c => c.SentAt <= day).ToListAsync(ct));
    }

    /// <summary>Whether the contact's codes rest after too many failures, of whichever application.</summary>
    private async Task<bool> IsResting(Challenge challenge, Call call, CancellationToken ct)
    {
        var day = call.Now.AddDays(-1);
        var failed = await db.Challenges.AsNoTracking().Where(c => c.Contact == challenge.Contact && c.SentAt > day && c.Failures > 0)
            .Select(c => new { c.Failures, c.FailedAt }).ToListAsync(ct);
        var failures = failed.Sum(f => f.Failures);
        return failures >= Tries && call.Now < failed.Max(f => f.FailedAt) + Rests[Math.Min(failures - Tries, Rests.Count - 1)];
    }

    /// <summary>The token of a mail address or phone number: the same however it is written.</summary>
    private async Task<byte[]> TokenOf(string contact, CancellationToken ct)
    {
        var normal = Spelling.IsMail(contact) ? Spelling.Mail(contact) : Spelling.Phone(contact);
        return HMACSHA256.HashData(await Key(ct), Encoding.UTF8.GetBytes($"contact|{normal}"))[..16];
    }

    private async Task SealForNobody(MailContent mail, CancellationToken ct)
    {
        const long nobody = long.MinValue;
        await vault.Seal(nobody, DataClass.Contact, MailRow.Place, "nobody", mail, ct);
    }

    private async Task<byte[]> HashOf(string code, CancellationToken ct) =>
        HMACSHA256.HashData(await Key(ct), Encoding.ASCII.GetBytes(code));

    private Task<byte[]> Key(CancellationToken ct) => keys.Secret("code-key", () => RandomNumberGenerator.GetBytes(32), ct);
}

public static class ChallengeRefusals
{
    public static readonly Refusal WrongOrExpired = new(RefusalKind.Invalid, "code.wrong-or-expired",
        "This code is not right, or it has expired. A code works for ten minutes and five tries; after five wrong ones codes rest for a quarter of an hour or longer.", "验证码不正确或已失效。验证码十分钟内有效，最多可试五次；连续输错后须等待十五分钟以上。", Field: "code");

    public static readonly Refusal WaitAMinute = new(RefusalKind.TooMany, "code.wait-a-minute",
        "A code was just sent. Please wait a minute before asking for another.", "验证码刚刚发出，请稍候一分钟再重新获取。", Field: "code");

    public static readonly Refusal EnoughToday = new(RefusalKind.TooMany, "code.enough-today",
        "Five codes were sent today. You can still send the application; we will verify it another way.", "今日已发送五次验证码。您仍可提交申请，我们将以其他方式核验。", Field: "code");

    public static readonly Refusal Paused = new(RefusalKind.TooMany, "code.paused",
        "Codes are paused for a while because of many failed tries. You can still send the application.", "因失败次数过多，验证码暂停使用。您仍可提交申请。", Field: "code");
}
