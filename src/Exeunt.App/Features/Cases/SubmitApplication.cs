using Exeunt.App.Data;
using Exeunt.App.Features.Mail;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.LegalPages;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>
/// Takes an application to end a contract. Everybody gets a number, the server's time and a link at once, whether the contract
/// exists or not; the receipt repeats only what was typed. The statutory clock starts here.
/// </summary>
public sealed class SubmitApplication(
    AppDb db, Vault vault, Drafts drafts, CustomerMatch match, CaseDesk desk, ProvenIdentity identity, Post post, HostOptions options,
    Settlements.Settling settling, Terms.ShownTexts shown, Procedures.ProcedureBook procedures, Documents.Letterhead letterhead, Reasons.ReasonBook reasons,
    LegalPages.LegalPageBook pages)
    : UseCase<SubmitApplication.Request, SubmitApplication.Receipt>(db)
{
    /// <param name="Draft">Token of a portal draft; otherwise the fields below are given (API, staff).</param>
    /// <param name="Confirmed">
    /// SHA-256 of what ending does, which a draft with a code shows and asks to confirm. Without a code nothing of a contract may show,
    /// so it is asked after the identity is proven, and the application is received all the same.
    /// </param>
    /// <param name="EndsOn">Wished last day of service; null for the earliest possible.</param>
    /// <param name="Page">Code of the legal page on which it is declared; what was declared stands in <paramref name="Declared"/>.</param>
    /// <param name="Declared">On a legal page: what was typed there. With a draft too, its code counts when it is for the same contract and contact.</param>
    public sealed record Request(
        string? Draft, string? ContractNumber = null, string? Name = null, string? Contact = null, DateOnly? EndsOn = null,
        string? Reason = null, string? Words = null, Channel Channel = Channel.Portal, string? Confirmed = null, string? Page = null, LegalPages.Declaration? Declared = null);

    /// <param name="Token">The progress link's secret: shown once, stored as a hash.</param>
    /// <param name="IdentityProven">A code was given before, also when the application joined another.</param>
    /// <param name="Signed">Number and time under our signature; its proof is at the link within a minute.</param>
    public sealed record Receipt(Guid CaseId, string Number, DateTimeOffset ReceivedAt, string Token, string Link, bool IdentityProven, Core.Proof.Receipt Signed);

    /// <summary>Under this idempotency key a draft is sent once: a second click is answered with the first one's receipt.</summary>
    public static string KeyOf(string draft) => $"draft:{Convert.ToHexStringLower(Secrets.Hash(draft))}";

    public override Permission Needs => Permission.Public;

    /// <summary>Two applications at the same moment want the same number: the second takes the next.</summary>
    protected override int Tries => 20;

    protected override async Task<Outcome<Receipt>> Handle(Call call, Request request, CancellationToken ct)
    {
        Draft? draft = null;
        Typed typed;
        if (request.Draft is { } draftToken)
        {
            if (await drafts.Find(draftToken, call.Now, ct) is not var (found, words))
                return Intake.DraftGone;
            (draft, typed) = (found, words);
        }
        else if (request.Page is not null)
            typed = Nothing;
        else
        {
            if ((Intake.Check(request.ContractNumber, request.Name, request.Contact) ?? Intake.CheckWords(request.Words)) is { } no)
                return no;
            if (request.Reason is { } reason && await reasons.Check(reason, ct) is { } notThis)
                return notThis;
            if (Intake.CheckDate(request.EndsOn, call.Today(Clocks.CompanyZone)) is { } never)
                return never;
            typed = new Typed(request.ContractNumber!.Trim(), request.Name!.Trim(), request.Contact!.Trim(), request.EndsOn, request.Reason, request.Words?.Trim());
        }
        LegalPage? page = null;
        var proven = draft?.ProvenAt is not null;
        if (request.Page is { } code)
        {
            if ((page = await pages.Current(code, ct)) is null || page.StepByStep)
                return LegalPages.LegalPageRefusals.Unknown;
            var read = (request.Declared ?? new(null, null, null)).Read(page, call.Today(Clocks.CompanyZone));
            if (read.Refusal is { } unfit)
                return unfit;
            proven &= (read.Value.ContractNumber, read.Value.Contact) == (typed.ContractNumber, typed.Contact);
            typed = read.Value;
        }
        var subject = draft?.Subject ?? Intake.NewSubject();
        var serial = 1 + (await Db.CaseIndex.AsNoTracking().MaxAsync(i => (long?)i.Serial, ct) ?? 0);
        var token = Secrets.Token();
        var exit = ExitCase.Receive(
            Guid.CreateVersion7(call.Now), NumberOf(serial, call), procedures.Current(Core.Procedures.GeneralProcedures.TerminationId), request.Channel,
            call.Language, typed.EndsOn, subject, CaseDesk.MomentOf(call), procedures.Find, page?.Key, page is null ? null : LegalPages.Declaration.GroundOf(page, typed));
        using var key = (await letterhead.Key(ct)).Ecdsa();
        var signed = Core.Proof.Receipt.Sign(exit.Number, exit.ReceivedAt, key);
        Db.CaseIndex.Add(new CaseIndex { CaseId = exit.Id, Serial = serial, TokenHash = Secrets.Hash(token), Receipt = Convert.FromHexString(signed.Signature) });
        Db.Audit(call, ShowReceipt.Verb, ShowReceipt.Target(exit.Id), new { receipt = signed.LeafHash });
        await StageTyped(exit, subject, typed, ct);
        if (proven && await match.Find(typed, ct) is { } customer && await Belongs(exit, customer, request.Confirmed, call, ct) is { } not)
            return not;
        desk.Stage(exit, call);
        if (draft is not null)
            Db.Drafts.Remove(draft);
        var link = $"{options.Url}/progress/{token}";
        await StageReceiptMail(exit, subject, typed, page, link, call, ct);
        return await Commit(new Receipt(exit.Id, exit.Number, exit.ReceivedAt, token, link, exit.IdentityIsProven || exit.JoinedInto is not null, signed), ct);
    }

    private static readonly Typed Nothing = new("", "", "");

    /// <summary>
    /// The code was given before: the case is the customer's. What ending does was shown and confirmed; on a legal page that asks nothing
    /// beside the declaration it is told afterwards.
    /// </summary>
    private async Task<Refusal?> Belongs(ExitCase exit, CustomerMatch.Found customer, string? confirmed, Call call, CancellationToken ct)
    {
        if (exit.Page is not null || await pages.For(customer.Contract, PageFunction.Ending, ct) is { Consequences: false })
        {
            // What stands against it is said on the progress page; a declaration is received all the same.
            await identity.Stage(exit, customer, "code-mail", call, ct);
            return null;
        }
        if (confirmed is null)
            return Terms.TermsRefusals.ConfirmFirst;
        if (Terms.ShownTexts.Confirmed(await settling.PolicyOf(customer.Contract, ct), confirmed) is not { } told)
            return Terms.TermsRefusals.TextChanged;
        await identity.Stage(exit, customer, "code-mail", call, ct);
        var confirmation = await shown.Confirm(told, customer.Contract.Id, exit.JoinedInto ?? exit.Id, call, ct);
        if (exit.IdentityIsProven)
            exit.ConfirmConsequences(confirmation.Id, told.Sha256);
        return null;
    }

    private async Task StageTyped(ExitCase exit, long subject, Typed typed, CancellationToken ct)
    {
        var id = Guid.CreateVersion7();
        Db.Texts.Add(new PersonalText
        {
            Id = id, Subject = subject, Class = DataClass.Case, CaseId = exit.Id, Kind = IntakeKind,
            Data = await vault.Seal(subject, DataClass.Case, PersonalText.Place, id.ToString("N"), typed, ct),
        });
    }

    /// <summary>The receipt goes to the address typed, with nothing in it but what was typed: whoever gets it learns nothing.</summary>
    private async Task StageReceiptMail(ExitCase exit, long subject, Typed typed, LegalPage? page, string link, Call call, CancellationToken ct)
    {
        if (!typed.Contact.Contains('@', StringComparison.Ordinal))
            return;
        if (page is not null)
        {
            var words = LegalPages.PageWords.In(page.Language);
            var receipt = LegalPages.DeclaredLines.Receipt(page, typed, exit.Number, exit.ReceivedAt, link, words);
            var subjectLine = words[page.Function == PageFunction.Withdrawal ? "mail.subject.withdrawal" : "mail.subject.ending", exit.Number];
            await post.Stage(call, exit.Id, subject, DataClass.Case, new MailContent(typed.Contact, subjectLine, receipt, []), ct);
            return;
        }
        var t = Texts.In(call.Language);
        var body = t["mail.receipt.body", exit.Number, exit.ReceivedAt.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", t.Culture), typed.ContractNumber, link];
        await post.Stage(call, exit.Id, subject, DataClass.Case, new MailContent(typed.Contact, t["mail.receipt.subject", exit.Number], body, []), ct);
    }

    public const string IntakeKind = "intake";

    private static string NumberOf(long serial, Call call) => $"T-{call.BusinessNow.Year}-{serial:D6}";
}
