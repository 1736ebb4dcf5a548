using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>Rules for what is typed on an application; the same for page, API and table.</summary>
public static class Intake
{
    public const int MaxNumber = 60;
    public const int MaxName = 120;
    public const int MaxContact = 200;
    public const int MaxWords = 2000;

    public static Refusal? Check(string? contractNumber, string? name, string? contact)
    {
        foreach (var (field, value, max) in new[] { ("contractNumber", contractNumber, MaxNumber), ("name", name, MaxName), ("contact", contact, MaxContact) })
        {
            if (string.IsNullOrWhiteSpace(value))
                return CommonRefusals.Required(field);
            if (value.Length > max)
                return CommonRefusals.TooLong(field, max);
        }
        // What has an @ is meant as a mail address, and must be one.
        return (Spelling.IsMail(contact!) ? Spelling.IsAddress(contact!.Trim()) : Spelling.Phone(contact!).Length >= 6) ? null : ContactUnreadable;
    }

    public static Refusal? CheckWords(string? words) =>
        words is { Length: > MaxWords } ? CommonRefusals.TooLong("words", MaxWords) : null;

    /// <summary>A wished last day lies between today and five years on; whether the notice fits it is another question.</summary>
    public static Refusal? CheckDate(DateOnly? endsOn, DateOnly today) =>
        endsOn < today ? DatePast : endsOn > today.AddYears(MaxYears) ? DateTooFar : null;

    public const int MaxYears = 5;

    public static readonly Refusal DateUnreadable = new(RefusalKind.Invalid, "intake.date-unreadable",
        "Enter a date, such as 2026-12-31.", "请输入日期，例如 2026-12-31。", Field: "endsOn");

    private static readonly Refusal DatePast = new(RefusalKind.Invalid, "intake.date-past",
        "This day is over. Choose today or a later day.", "该日期已过，请选择今天或以后的日期。", Field: "endsOn");

    private static readonly Refusal DateTooFar = new(RefusalKind.Invalid, "intake.date-too-far",
        "Choose a day within the next five years.", "请选择五年以内的日期。", Field: "endsOn");

    private static readonly Refusal ContactUnreadable = new(RefusalKind.Invalid, "intake.contact-unreadable",
        "Enter a mail address or a phone number with its digits.", "请输入邮箱地址或电话号码。", Field: "contact");

    public static readonly Refusal DraftGone = new(RefusalKind.NotFound, "intake.draft-gone",
        "This application was not finished within a day and is forgotten. Please start again.", "该申请未在一天内完成，已被清除。请重新开始。");

    /// <summary>A fresh number under which an applicant's words are sealed: negative, random, of no customer.</summary>
    public static long NewSubject() =>
        -(1 + (long)(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8)) >> 2));
}

/// <summary>The sealed drafts of applications, and of other ways that begin with a contract and a contact.</summary>
public sealed class Drafts(AppDb db, Vault vault)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    public async Task<(Draft Draft, Typed Typed)?> Find(string token, DateTimeOffset now, CancellationToken ct, DraftKind kind = DraftKind.Application)
    {
        var hash = Secrets.Hash(token);
        var oldest = now - Lifetime;
        var draft = await db.Drafts.SingleOrDefaultAsync(d => d.TokenHash == hash && d.Kind == kind && d.CreatedAt > oldest, ct);
        if (draft is null || await vault.Open<Typed>(draft.Subject, DataClass.Case, Draft.Place, RowOf(draft), draft.Data, ct) is not { } typed)
            return null;
        return (draft, typed);
    }

    public async Task<byte[]> Seal(long subject, byte[] tokenHash, Typed typed, CancellationToken ct) =>
        await vault.Seal(subject, DataClass.Case, Draft.Place, Convert.ToHexStringLower(tokenHash), typed, ct);

    private static string RowOf(Draft draft) => Convert.ToHexStringLower(draft.TokenHash);
}

/// <summary>Effect "draft.forget": an application nobody sent within a day is gone, with the key of its words.</summary>
public sealed class ForgetDraft(AppDb db, KeyStore keys) : IDestroys
{
    private sealed record Payload(string Draft);

    public static Effect Of(byte[] tokenHash, Call call)
    {
        var draft = Convert.ToHexStringLower(tokenHash);
        return new Effect
        {
            Kind = "draft.forget", Key = $"draft.forget|{draft}", Payload = System.Text.Json.JsonSerializer.Serialize(new Payload(draft), Json.Plain),
            Clock = EffectClock.Real, DueAt = call.Now + Drafts.Lifetime,
        };
    }

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var hash = Convert.FromHexString(effect.Read<Payload>().Draft);
        db.Challenges.RemoveRange(await db.Challenges.Where(c => c.Owner == hash).ToListAsync(ct));
        // Once sent, the words belong to the case.
        if (await db.Drafts.SingleOrDefaultAsync(d => d.TokenHash == hash, ct) is { } draft)
        {
            await keys.Destroy(draft.Subject, [DataClass.Case], call.Now, ct);
            db.Drafts.Remove(draft);
        }
        db.Audit(call, "draft.forgotten", "draft");
        return EffectResult.Done;
    }
}
