using System.Security.Cryptography;
using System.Text;
using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Intake;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Intakes;

/// <summary>What is kept of a mail, sealed; the headers as they came are its proof together with the file.</summary>
/// <param name="Checks">What our own mail server found about the sender's domain; null when none is trusted.</param>
/// <param name="Problems">Codes of <see cref="MailProblem"/>.</param>
public sealed record MailSheet(
    string? From, string FromName, string Subject, DateTimeOffset? Date, string? MessageId, string Text, bool FromHtml, IReadOnlyList<MailPart> Attachments, IReadOnlyList<string> Headers,
    string? Checks, ReadWish Wish, IReadOnlyList<string> Problems);

/// <param name="Kept">Whether its content is a photo or paper that becomes a document of the case.</param>
public sealed record MailPart(string Name, string MediaType, int Size, bool Kept);

/// <summary>
/// Takes one mail from the drop folder: once, whatever happens in between. A clear wish with one contract's number is an application from the
/// moment the mail arrived; an answer to a mail of ours is a message in its case; anything else waits for a person. Whether there is such a
/// contract is not looked at: the sender gets the same receipt for any.
/// </summary>
public sealed class TakeMail(AppDb db, Vault vault, NumberTokens numbers, Receiving receiving, CaseDesk desk, MailWork work, HostOptions options) : UseCase<TakeMail.Request, TakeMail.Taken>(db)
{
    /// <summary>So many applications of one sender in a day are made without a person.</summary>
    public const int PerDay = 5;

    /// <param name="Id">Of the file in the folder: the same file is the same mail.</param>
    /// <param name="File">Its bytes; null when it cannot be taken.</param>
    /// <param name="Refused">Why it cannot be taken: "too-large", "empty", "link", "unreadable".</param>
    public sealed record Request(Guid Id, byte[]? File, long Size, DateTimeOffset ArrivedAt, string? Refused = null);

    /// <param name="Already">It was taken before.</param>
    public sealed record Taken(Guid Id, MailState State, string? Reason, Guid? CaseId, bool Already);

    public override Permission Needs => Permission.System;

    protected override int Tries => Receiving.Tries;

    protected override async Task<Outcome<Taken>> Handle(Call call, Request request, CancellationToken ct)
    {
        var sha = SHA256.HashData(request.File ?? Encoding.ASCII.GetBytes($"{request.Refused}|{request.Id:N}"));
        if (await Db.Set<InboundMail>().AsNoTracking().FirstOrDefaultAsync(m => m.Id == request.Id || m.Sha256 == sha, ct) is { } before)
            return new Taken(before.Id, before.State, before.Reason, before.CaseId, true);
        var read = request.File is null ? null : ReceivedMail.Read(request.File);
        if (read is null || read.Problems.Contains(MailProblem.NotAMail))
            return await Refuse(call, request, sha, request.Refused ?? "not-a-mail", ct);

        var wish = WishReader.Read(read.Subject, read.Text);
        var sheet = SheetOf(read, wish);
        var mail = new InboundMail
        {
            Id = request.Id, Subject = Cases.Intake.NewSubject(), Sha256 = sha, Size = request.Size, ArrivedAt = request.ArrivedAt, TakenAt = call.Now,
            MessageHash = read.MessageId is { } id ? SHA256.HashData(Encoding.UTF8.GetBytes(id)) : null,
            ContentHash = numbers.Of("mail-content", $"{read.From}\n{read.Subject}\n{read.Text}"),
            SenderToken = read.From is { } from ? numbers.Of("mail-sender", Spelling.Mail(from)) : null,
        };
        Db.Add(mail);
        Db.Audit(call, "mail-in.taken", $"mail-in:{mail.Id:N}", new { sha256 = Convert.ToHexStringLower(sha), mail.Size });
        mail.Data = await vault.Seal(mail.Subject, DataClass.Case, InboundMail.Place, mail.Id.ToString("N"), sheet, ct);
        Db.Add(new InboundMailFile { MailId = mail.Id, Data = await vault.Seal(mail.Subject, DataClass.Case, InboundMailFile.Place, mail.Id.ToString("N"), request.File!, ct) });
        await Decide(call with { Language = wish.Language }, mail, read, sheet, request.File!, ct);
        if (mail.State is MailState.Repeated or MailState.Automatic)
            Db.Enqueue(ForgetIntake.Of(mail.Subject, mail.Version, call));
        return await Commit(new Taken(mail.Id, mail.State, mail.Reason, mail.CaseId, false), ct);
    }

    private async Task Decide(Call call, InboundMail mail, ReceivedMail read, MailSheet sheet, byte[] file, CancellationToken ct)
    {
        var known = await CaseAnswered(read, ct);
        // A machine is not answered, whatever it writes: two of them would go on forever.
        if (read.IsAutomatic || string.Equals(read.From, options.MailFrom, StringComparison.OrdinalIgnoreCase))
        {
            (mail.State, mail.Reason, mail.CaseId) = (MailState.Automatic, "automatic", known);
            return;
        }
        if (mail.MessageHash is { } hash && await Db.Set<InboundMail>().AsNoTracking().Where(m => m.MessageHash == hash).Select(m => new { m.ContentHash, m.CaseId }).Take(100).ToListAsync(ct) is { Count: > 0 } same)
        {
            var first = same.Find(m => mail.ContentHash.AsSpan().SequenceEqual(m.ContentHash));
            // The same id with other content is looked at by a person.
            (mail.State, mail.Reason, mail.CaseId) = first is null ? (MailState.New, "same-id", null) : (MailState.Repeated, "repeated", first.CaseId);
            return;
        }
        if (known is { } caseId && await desk.Find(caseId, call, ct) is { IsClosed: false } exit)
        {
            await work.Join(exit, mail, sheet, file, call, ct);
            return;
        }
        var why = sheet.Wish.Wish != Wish.Clear ? sheet.Wish.Why ?? "no-wish" : sheet.Problems.Count > 0 ? "problems" : sheet.Wish.Cases.Count > 0 || known is not null ? "names-a-case" : read.From is null ? "no-sender" : null;
        Typed? typed = null;
        if (why is null)
        {
            var fits = await receiving.Read(call, sheet.Wish.Numbers[0], MailWork.NameOf(sheet), read.From, sheet.Wish.EndsOn, null, MailWork.WordsOf(sheet), ct);
            if (fits.Refusal is null)
                typed = fits.Value;
            else
                why = "unfit";
        }
        if (why is null)
        {
            var day = call.Now.AddDays(-1);
            if (await Db.Set<InboundMail>().CountAsync(m => m.SenderToken == mail.SenderToken && m.TakenAt > day && m.State == MailState.Application, ct) >= PerDay)
                why = "many-of-one-sender";
        }
        if (why is null)
            await work.Apply(mail, sheet, file, typed!, call, ct);
        else
            (mail.State, mail.Reason) = (MailState.New, why);
    }

    /// <summary>The case of the mail of ours that this one answers: its id is long and random, and stood only in that mail.</summary>
    private async Task<Guid?> CaseAnswered(ReceivedMail read, CancellationToken ct)
    {
        var ids = read.References.Select(r => r.EndsWith("@exeunt", StringComparison.OrdinalIgnoreCase) && Guid.TryParseExact(r[..^"@exeunt".Length], "N", out var id) ? id : Guid.Empty).Where(i => i != Guid.Empty).Take(20).ToList();
        return ids.Count == 0 ? null : await Db.Mails.AsNoTracking().Where(m => ids.Contains(m.Id) && m.CaseId != null).OrderByDescending(m => m.At).Select(m => m.CaseId).FirstOrDefaultAsync(ct);
    }

    private async Task<Outcome<Taken>> Refuse(Call call, Request request, byte[] sha, string reason, CancellationToken ct)
    {
        Db.Add(new InboundMail { Id = request.Id, Subject = 0, State = MailState.Refused, Reason = reason, Sha256 = sha, Size = request.Size, ArrivedAt = request.ArrivedAt, TakenAt = call.Now });
        Db.Audit(call, "mail-in.refused", $"mail-in:{request.Id:N}", new { reason, request.Size });
        return await Commit(new Taken(request.Id, MailState.Refused, reason, null, false), ct);
    }

    private MailSheet SheetOf(ReceivedMail read, ReadWish wish) =>
        new(read.From, read.FromName, read.Subject, read.Date, read.MessageId is { Length: > 300 } id ? id[..300] : read.MessageId, read.Text, read.FromHtml,
            [.. read.Attachments.Select(a => new MailPart(a.Name, a.MediaType, a.Size, MailWork.Keeps(a)))],
            [.. read.Headers.All.Where(h => Kept.Contains(h.Name)).Take(60).Select(h => $"{h.Name}: {(h.Value.Length > 500 ? h.Value[..500] + "…" : h.Value)}")],
            read.ClaimedChecks(options.MailServer), wish, [.. read.Problems.Where(p => p != MailProblem.NoText || wish.Wish == Wish.None).Select(p => $"{p}").Order(StringComparer.Ordinal)]);

    /// <summary>Headers that show the way of a mail; the file has all.</summary>
    private static readonly HashSet<string> Kept = new(StringComparer.OrdinalIgnoreCase)
    {
        "Return-Path", "Received", "From", "Sender", "Reply-To", "To", "Cc", "Date", "Subject", "Message-ID", "In-Reply-To", "Auto-Submitted", "Precedence", "List-Id",
    };
}

/// <summary>What becomes of a mail, by itself or by a person's word; the caller saves.</summary>
public sealed class MailWork(AppDb db, Vault vault, Receiving receiving, CaseDesk desk, CaseTexts texts, IntakeProofs proofs, Documents.Papers papers)
{
    /// <summary>Whether the caller may see it: until it belongs to a case everybody who takes applications, then those who see the case.</summary>
    public async Task<bool> IsFor(InboundMail mail, Call call, Permission permission, CancellationToken ct) =>
        mail.CaseId is not { } id || await desk.Visible(call, permission).AnyAsync(c => c.Id == id, ct);

    public async Task<MailSheet?> Open(InboundMail mail, CancellationToken ct) =>
        await vault.Open<MailSheet>(mail.Subject, DataClass.Case, InboundMail.Place, mail.Id.ToString("N"), mail.Data, ct);

    /// <summary>The file as it came; null once it is a document of a case or forgotten.</summary>
    public async Task<byte[]?> File(InboundMail mail, CancellationToken ct) =>
        await db.Set<InboundMailFile>().AsNoTracking().SingleOrDefaultAsync(f => f.MailId == mail.Id, ct) is { } row
            ? await vault.Open<byte[]>(mail.Subject, DataClass.Case, InboundMailFile.Place, mail.Id.ToString("N"), row.Data, ct) : null;

    /// <summary>Makes it an application from the moment it arrived; the receipt goes to the sender, unless that is a machine.</summary>
    public async Task<Receiving.Begun> Apply(InboundMail mail, MailSheet sheet, byte[] file, Typed typed, Call call, CancellationToken ct)
    {
        var begun = await receiving.Begin(call, typed, Channel.Mail, mail.Subject, ct, mail.ArrivedAt);
        desk.Stage(begun.Exit, call);
        await proofs.Stage(begun.Exit, mail.ArrivedAt, call.Actor.Id,
        [
            new("from", sheet.From ?? ""), new("message-id", sheet.MessageId ?? ""), new("claimed-at", sheet.Date?.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", System.Globalization.CultureInfo.InvariantCulture) ?? ""),
            new("checks", sheet.Checks ?? ""), new("sentence", sheet.Wish.Sentence is { Length: > 300 } s ? s[..300] + "…" : sheet.Wish.Sentence ?? ""),
        ], FilesOf(file), call, ct);
        if (mail.State != MailState.Automatic)
            await receiving.StageReceiptMail(begun, typed, call, ct);
        await Settle(mail, MailState.Application, begun.Exit.Id, null, call, ct);
        return begun;
    }

    /// <summary>Puts its words into a case as a message of the customer, and its file beside it.</summary>
    public async Task Join(ExitCase exit, InboundMail mail, MailSheet sheet, byte[] file, Call call, CancellationToken ct)
    {
        var words = $"✉ {sheet.From} · {sheet.Subject}\n{WishReader.Own(sheet.Text).Trim()}";
        exit.LeaveMessage(await texts.Stage(exit, "message", words.Length > LeaveMessage.Max ? words[..LeaveMessage.Max] : words, ct), fromCustomer: true);
        desk.Stage(exit, call);
        // It goes with the contact of a customer, else with what was typed.
        var (subject, dataClass) = await texts.UntilClosed(exit, ct);
        await papers.Stage(exit, subject, dataClass, Documents.DocumentKind.Intake, $"{exit.Number}-mail-{mail.Id.ToString("N")[^6..]}.eml", EmlType, file, call, ct);
        await Settle(mail, MailState.Message, exit.Id, null, call, ct);
        db.Enqueue(ForgetIntake.Of(mail.Subject, mail.Version, call));
    }

    public async Task Settle(InboundMail mail, MailState state, Guid? caseId, string? reason, Call call, CancellationToken ct)
    {
        (mail.State, mail.CaseId, mail.Reason, mail.DecidedBy, mail.DecidedAt) = (state, caseId, reason, call.Actor.Id, call.Now);
        mail.Version++;
        db.Audit(call, "mail-in.decided", $"mail-in:{mail.Id:N}", new { state, caseId, reason });
        // The file is a document of the case now.
        if (caseId is not null)
            db.RemoveRange(db.ChangeTracker.Entries<InboundMailFile>().Where(e => e.Entity.MailId == mail.Id).Select(e => e.Entity)
                .Concat(await db.Set<InboundMailFile>().Where(f => f.MailId == mail.Id).ToListAsync(ct)).Distinct().ToList());
    }

    private const string EmlType = "message/rfc822";

    private static List<ProofFile> FilesOf(byte[] file) =>
        [new("mail", "eml", EmlType, file), .. ReceivedMail.Read(file).Attachments.Where(Keeps).Take(IntakeProofs.MaxFiles - 1).Select(a => IntakeProofs.Upload("attachment", a.Content, "files").Value)];

    /// <summary>Photos and papers, known by their content, within the limit of evidence.</summary>
    public static bool Keeps(MailAttachment attachment) => IntakeProofs.Upload("attachment", attachment.Content, "files").Refusal is null;

    public static string NameOf(MailSheet sheet)
    {
        var name = sheet.FromName.Length > 0 ? sheet.FromName : sheet.From?.Split('@')[0] ?? "";
        return name.Length > Cases.Intake.MaxName ? name[..Cases.Intake.MaxName] : name;
    }

    public static string WordsOf(MailSheet sheet)
    {
        var own = WishReader.Own(sheet.Text).Trim();
        return own.Length > Cases.Intake.MaxWords ? own[..Cases.Intake.MaxWords] : own;
    }
}
