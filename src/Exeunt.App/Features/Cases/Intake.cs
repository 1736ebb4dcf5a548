using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Reasons;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
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
        var isMail = contact!.Contains('@', StringComparison.Ordinal) && System.Net.Mail.MailAddress.TryCreate(contact, out _);
        return isMail || contact.Count(char.IsAsciiDigit) >= 6 ? null : ContactUnreadable;
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

/// <summary>The sealed drafts of applications.</summary>
public sealed class Drafts(AppDb db, Vault vault)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    public async Task<(Draft Draft, Typed Typed)?> Find(string token, DateTimeOffset now, CancellationToken ct)
    {
        var hash = Secrets.Hash(token);
        var oldest = now - Lifetime;
        var draft = await db.Drafts.SingleOrDefaultAsync(d => d.TokenHash == hash && d.CreatedAt > oldest, ct);
        if (draft is null || await vault.Open<Typed>(draft.Subject, DataClass.Case, Draft.Place, RowOf(draft), draft.Data, ct) is not { } typed)
            return null;
        return (draft, typed);
    }

    public async Task<byte[]> Seal(long subject, byte[] tokenHash, Typed typed, CancellationToken ct) =>
        await vault.Seal(subject, DataClass.Case, Draft.Place, Convert.ToHexStringLower(tokenHash), typed, ct);

    private static string RowOf(Draft draft) => Convert.ToHexStringLower(draft.TokenHash);
}

/// <summary>First page of the portal's way: which contract, who, how to reach you. A code goes to the contact on file, if it fits.</summary>
public sealed class StartApplication(AppDb db, Drafts drafts, CustomerMatch match, Challenges challenges)
    : UseCase<StartApplication.Request, StartApplication.Started>(db)
{
    public sealed record Request(string? ContractNumber, string? Name, string? Contact);

    public sealed record Started(string Token);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<Started>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (Intake.Check(request.ContractNumber, request.Name, request.Contact) is { } no)
            return no;
        var typed = new Typed(request.ContractNumber!.Trim(), request.Name!.Trim(), request.Contact!.Trim());
        var (token, subject) = (Secrets.Token(), Intake.NewSubject());
        var hash = Secrets.Hash(token);
        Db.Drafts.Add(new Draft { TokenHash = hash, Subject = subject, Data = await drafts.Seal(subject, hash, typed, ct), CreatedAt = call.Now });
        Db.Enqueue(ForgetDraft.Of(hash, call));
        Db.Audit(call, "draft.started", "draft");
        if (await challenges.Stage(call, hash, null, await match.Find(typed, ct), ct) is { } wait)
            return wait;
        return await Commit(new Started(token), ct);
    }
}

/// <summary>Effect "draft.forget": an application nobody sent within a day is gone, with the key of its words.</summary>
public sealed class ForgetDraft(AppDb db, KeyStore keys) : IEffect
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
            await keys.Destroy(draft.Subject, [DataClass.Case], ct);
            db.Drafts.Remove(draft);
        }
        db.Audit(call, "draft.forgotten", "draft");
        return EffectResult.Done;
    }
}

/// <summary>Another code for a draft.</summary>
public sealed class ResendDraftCode(AppDb db, Drafts drafts, CustomerMatch match, Challenges challenges) : UseCase<ResendDraftCode.Request, Done>(db)
{
    public sealed record Request(string Token);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await drafts.Find(request.Token, call.Now, ct) is not var (draft, typed))
            return Intake.DraftGone;
        if (await challenges.Stage(call, draft.TokenHash, null, await match.Find(typed, ct), ct) is { } wait)
            return wait;
        return await Commit(Done.It, ct);
    }
}

/// <summary>Checks the code of a draft: from here its pages show the contract's dates and amounts.</summary>
public sealed class ProveDraft(AppDb db, Drafts drafts, Challenges challenges) : UseCase<ProveDraft.Request, Done>(db)
{
    public sealed record Request(string Token, string? Code);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await drafts.Find(request.Token, call.Now, ct) is not var (draft, _))
            return Intake.DraftGone;
        var no = await challenges.Check(call, draft.TokenHash, request.Code ?? "", ct);
        if (no is null)
        {
            draft.ProvenAt = call.Now;
            draft.Version++;
        }
        else if (!Db.ChangeTracker.HasChanges())
            return no;
        await Db.SaveChangesAsync(ct);
        return no is null ? Done.It : no;
    }
}

/// <summary>Writes the date, reason and words into a draft.</summary>
public sealed class FillDraft(AppDb db, Drafts drafts, CustomerMatch match, Settling settling, ReasonBook reasons) : UseCase<FillDraft.Request, Done>(db)
{
    /// <param name="EndsOn">Null leaves the date as it is.</param>
    /// <param name="Soonest">As soon as possible: takes a date back.</param>
    /// <param name="Reason">Null leaves the reason as it is, "" takes it back.</param>
    public sealed record Request(string Token, DateOnly? EndsOn = null, string? Reason = null, string? Words = null, bool Soonest = false);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await drafts.Find(request.Token, call.Now, ct) is not var (draft, typed))
            return Intake.DraftGone;
        if (Intake.CheckWords(request.Words) is { } long_)
            return long_;
        if (request.Reason is { Length: > 0 } reason && await reasons.Check(reason, ct) is { } notThis)
            return notThis;
        if (Intake.CheckDate(request.EndsOn, call.Today(Clocks.CompanyZone)) is { } never)
            return never;
        if (draft.ProvenAt is not null && request.EndsOn is { } wish && await match.Find(typed, ct) is { } found)
        {
            var earliest = await settling.EarliestEnd(found.Contract, call.Today(found.Contract.Zone), ct);
            if (wish < earliest)
                return CaseRefusals.TooEarlyToEnd(earliest);
        }
        var filled = typed with
        {
            EndsOn = request.Soonest ? null : request.EndsOn ?? typed.EndsOn,
            Reason = request.Reason is null ? typed.Reason : request.Reason.Length == 0 ? null : request.Reason,
            Words = request.Words is null ? typed.Words : request.Words.Trim(),
        };
        draft.Data = await drafts.Seal(draft.Subject, draft.TokenHash, filled, ct);
        draft.Version++;
        Db.Audit(call, "draft.filled", "draft");
        return await Commit(Done.It, ct);
    }
}

/// <summary>What the portal's pages show of a draft: what was typed, and, once a code was given, the contract's dates and amounts.</summary>
public sealed class ShowDraft(AppDb db, Drafts drafts, CustomerMatch match, Settling settling, Terms.OwnTerms own, ReasonBook reasons) : UseCase<ShowDraft.Request, ShowDraft.View>(db)
{
    public sealed record Request(string Token);

    public sealed record View(Typed Typed, bool Proven, ContractView? Contract, ReasonList Reasons);

    /// <summary>Today, the earliest end, the term's end, and the estimate for each date that is compared.</summary>
    public sealed record ContractView(
        string ProductChinese, string ProductEnglish, string Currency, DateOnly Today, DateOnly EarliestOn, DateOnly TermEndsOn,
        IReadOnlyList<Estimate> Estimates, IReadOnlyList<Exeunt.Core.Settlement.CurvePoint> Curve, Terms.OwnView Own);

    public sealed record Estimate(DateOnly On, Exeunt.Core.Settlement.Statement? Statement, Refusal? Refusal);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await drafts.Find(request.Token, call.Now, ct) is not var (draft, typed))
            return Intake.DraftGone;
        var found = draft.ProvenAt is null ? null : await match.Find(typed, ct);
        if (found?.Contract.State == ContractState.Ended)
            return CaseRefusals.ContractEnded;
        return new View(typed, found is not null, found is null ? null : await ViewOf(call, found.Contract, typed.EndsOn, ct), await reasons.All(ct));
    }

    private async Task<ContractView> ViewOf(Call call, Contract contract, DateOnly? wished, CancellationToken ct)
    {
        var today = call.Today(contract.Zone);
        var earliest = await settling.EarliestEnd(contract, today, ct);
        var termEnd = Settling.TermsOf(contract).TermEnd;
        var days = new SortedSet<DateOnly> { earliest };
        if (termEnd > earliest)
            days.Add(termEnd);
        if (wished is { } wish && wish >= earliest)
            days.Add(wish);
        var estimates = (await settling.Compare(contract, days, ct))
            .Select(e => new Estimate(e.On, e.Statement.Succeeded ? e.Statement.Value : null, e.Statement.Refusal));
        var endsOn = wished is { } chosen && chosen > earliest ? chosen : earliest;
        var answers = await own.Of(contract, today, earliest, endsOn, null, null, Texts.In(call.Language), ct);
        var curve = await settling.Curve(contract, ShowCurve.Days(earliest, termEnd), ct);
        return new(contract.ProductChinese, contract.ProductEnglish, contract.Currency, today, earliest, termEnd, [.. estimates], curve, answers);
    }
}
