using Exeunt.App.Data;
using Exeunt.App.Features.Mail;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.LegalPages;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>
/// The inside of every application, whichever way it comes: the case with its number and the time from which the law counts, what was typed,
/// sealed, and the receipt with a link. It is the same for a real and for an invented contract.
/// </summary>
public sealed class Receiving(
    AppDb db, Vault vault, Post post, HostOptions options, Procedures.ProcedureBook procedures, Documents.Letterhead letterhead, Reasons.ReasonBook reasons)
{
    /// <summary>Two applications at the same moment want the same number: how often the later one tries the next.</summary>
    public const int Tries = 20;

    /// <param name="Token">The progress link's secret: shown once, stored as a hash.</param>
    public sealed record Begun(ExitCase Exit, string Token, string Link, Core.Proof.Receipt Signed);

    /// <summary>What was typed, without white space around it, or why it will not do.</summary>
    public async Task<Outcome<Typed>> Read(Call call, string? contractNumber, string? name, string? contact, DateOnly? endsOn, string? reason, string? words, CancellationToken ct)
    {
        if ((Intake.Check(contractNumber, name, contact) ?? Intake.CheckWords(words)) is { } no)
            return no;
        if (!string.IsNullOrEmpty(reason) && await reasons.Check(reason, ct) is { } notThis)
            return notThis;
        if (Intake.CheckDate(endsOn, call.Today(Clocks.CompanyZone)) is { } never)
            return never;
        return new Typed(contractNumber!.Trim(), name!.Trim(), contact!.Trim(), endsOn, string.IsNullOrEmpty(reason) ? null : reason, words?.Trim());
    }

    /// <summary>Stages case, number, link and what was typed. The caller stages the case's events afterwards.</summary>
    /// <param name="subject">The (negative) number under which what was typed, and its proof, is sealed.</param>
    /// <param name="arrivedAt">Real time at which it reached the company, if that was before now: the statutory clock starts there.</param>
    /// <param name="page">The legal page on which it was declared; null: none.</param>
    public async Task<Begun> Begin(Call call, Typed typed, Channel channel, long subject, CancellationToken ct, DateTimeOffset? arrivedAt = null, LegalPage? page = null)
    {
        var serial = 1 + (await db.CaseIndex.AsNoTracking().MaxAsync(i => (long?)i.Serial, ct) ?? 0);
        var token = Secrets.Token();
        var moment = CaseDesk.MomentOf(arrivedAt is { } at && at < call.Now ? call with { Now = at, BusinessNow = at + (call.BusinessNow - call.Now) } : call);
        var exit = ExitCase.Receive(
            Guid.CreateVersion7(call.Now), NumberOf(serial, call), procedures.Current(Core.Procedures.GeneralProcedures.TerminationId), channel,
            call.Language, typed.EndsOn, subject, moment, procedures.Find, page?.Key, page is null ? null : LegalPages.Declaration.GroundOf(page, typed));
        // What follows happens now.
        exit.With(CaseDesk.MomentOf(call), procedures.Find);
        using var key = (await letterhead.Key(ct)).Ecdsa();
        var signed = Core.Proof.Receipt.Sign(exit.Number, exit.ReceivedAt, key);
        db.CaseIndex.Add(new CaseIndex { CaseId = exit.Id, Serial = serial, TokenHash = Secrets.Hash(token), Receipt = Convert.FromHexString(signed.Signature) });
        db.Audit(call, ShowReceipt.Verb, ShowReceipt.Target(exit.Id), new { receipt = signed.LeafHash });
        await StageTyped(exit, subject, typed, ct);
        return new Begun(exit, token, $"{options.Url}/progress/{token}", signed);
    }

    private async Task StageTyped(ExitCase exit, long subject, Typed typed, CancellationToken ct)
    {
        var id = Guid.CreateVersion7();
        db.Texts.Add(new PersonalText
        {
            Id = id, Subject = subject, Class = DataClass.Case, CaseId = exit.Id, Kind = SubmitApplication.IntakeKind,
            Data = await vault.Seal(subject, DataClass.Case, PersonalText.Place, id.ToString("N"), typed, ct),
        });
    }

    /// <summary>The receipt goes to the address typed, with nothing in it but what was typed: whoever gets it learns nothing.</summary>
    /// <param name="page">The legal page on which it was declared: its receipt repeats the whole declaration, in the page's language.</param>
    public async Task StageReceiptMail(Begun begun, Typed typed, Call call, CancellationToken ct, LegalPage? page = null)
    {
        if (!typed.Contact.Contains('@', StringComparison.Ordinal))
            return;
        var (exit, t) = (begun.Exit, Texts.In(call.Language));
        var mail = page is null
            ? new MailContent(typed.Contact, t["mail.receipt.subject", exit.Number], t["mail.receipt.body", exit.Number, Time(exit, t), typed.ContractNumber, begun.Link], [])
            : LegalPages.DeclaredLines.Mail(page, typed, exit.Number, exit.ReceivedAt, begun.Link);
        await post.Stage(call, exit.Id, exit.IntakeSubject, DataClass.Case, mail, ct);
    }

    /// <summary>An application that somebody took in a talk, with a reason, is that talk: it stands among the talks of the case.</summary>
    /// <param name="startedAt">Real time.</param>
    public static void Talked(ExitCase exit, Typed typed, string channel, int minutes, DateTimeOffset startedAt, Call call)
    {
        if (typed.Reason is not { } reason || exit.IsClosed)
            return;
        var parts = reason.Split('/');
        exit.RecordTalk(parts[0], parts.ElementAtOrDefault(1), channel, minutes, null, DateTimeOffset.FromUnixTimeMilliseconds((startedAt + (call.BusinessNow - call.Now)).ToUnixTimeMilliseconds()));
    }

    /// <summary>The time of receipt as it is said to the customer.</summary>
    public static string Time(ExitCase exit, Texts t) => exit.ReceivedAt.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", t.Culture);

    private static string NumberOf(long serial, Call call) => $"T-{call.BusinessNow.Year}-{serial:D6}";
}
