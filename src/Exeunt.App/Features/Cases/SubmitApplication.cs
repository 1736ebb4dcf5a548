using Exeunt.App.Data;
using Exeunt.App.Features.Mail;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>
/// Takes an application to end a contract. Everybody gets a number, the server's time and a link at once, whether the contract
/// exists or not; the receipt repeats only what was typed. The statutory clock starts here.
/// </summary>
public sealed class SubmitApplication(
    AppDb db, Vault vault, Drafts drafts, CustomerMatch match, CaseDesk desk, ProvenIdentity identity, Post post, HostOptions options,
    Settlements.Settling settling, Terms.ShownTexts shown, Procedures.ProcedureBook procedures, Documents.Letterhead letterhead, Reasons.ReasonBook reasons)
    : UseCase<SubmitApplication.Request, SubmitApplication.Receipt>(db)
{
    /// <param name="Draft">Token of a portal draft; otherwise the fields below are given (API, staff).</param>
    /// <param name="Confirmed">
    /// SHA-256 of what ending does, which a draft with a code shows and asks to confirm. Without a code nothing of a contract may show,
    /// so it is asked after the identity is proven, and the application is received all the same.
    /// </param>
    /// <param name="EndsOn">Wished last day of service; null for the earliest possible.</param>
    public sealed record Request(
        string? Draft, string? ContractNumber = null, string? Name = null, string? Contact = null, DateOnly? EndsOn = null,
        string? Reason = null, string? Words = null, Channel Channel = Channel.Portal, string? Confirmed = null);

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
        var subject = draft?.Subject ?? Intake.NewSubject();
        var serial = 1 + (await Db.CaseIndex.AsNoTracking().MaxAsync(i => (long?)i.Serial, ct) ?? 0);
        var token = Secrets.Token();
        var exit = ExitCase.Receive(
            Guid.CreateVersion7(call.Now), NumberOf(serial, call), procedures.Current(Core.Procedures.GeneralProcedures.TerminationId), request.Channel,
            call.Language, typed.EndsOn, subject, CaseDesk.MomentOf(call), procedures.Find);
        using var key = (await letterhead.Key(ct)).Ecdsa();
        var signed = Core.Proof.Receipt.Sign(exit.Number, exit.ReceivedAt, key);
        Db.CaseIndex.Add(new CaseIndex { CaseId = exit.Id, Serial = serial, TokenHash = Secrets.Hash(token), Receipt = Convert.FromHexString(signed.Signature) });
        Db.Audit(call, ShowReceipt.Verb, ShowReceipt.Target(exit.Id), new { receipt = signed.LeafHash });
        await StageTyped(exit, subject, typed, ct);
        if (draft?.ProvenAt is not null && await match.Find(typed, ct) is { } customer)
        {
            if (request.Confirmed is null)
                return Terms.TermsRefusals.ConfirmFirst;
            if (Terms.ShownTexts.Confirmed(await settling.PolicyOf(customer.Contract, ct), request.Confirmed) is not { } told)
                return Terms.TermsRefusals.TextChanged;
            await identity.Stage(exit, customer, "code-mail", call, ct);
            var confirmation = await shown.Confirm(told, customer.Contract.Id, exit.JoinedInto ?? exit.Id, call, ct);
            if (exit.IdentityIsProven)
                exit.ConfirmConsequences(confirmation.Id, told.Sha256);
        }
        desk.Stage(exit, call);
        if (draft is not null)
            Db.Drafts.Remove(draft);
        var link = $"{options.Url}/progress/{token}";
        await StageReceiptMail(exit, subject, typed, link, call, ct);
        return await Commit(new Receipt(exit.Id, exit.Number, exit.ReceivedAt, token, link, exit.IdentityIsProven || exit.JoinedInto is not null, signed), ct);
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
    private async Task StageReceiptMail(ExitCase exit, long subject, Typed typed, string link, Call call, CancellationToken ct)
    {
        if (!typed.Contact.Contains('@', StringComparison.Ordinal))
            return;
        var t = Texts.In(call.Language);
        var body = t["mail.receipt.body", exit.Number, exit.ReceivedAt.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", t.Culture), typed.ContractNumber, link];
        await post.Stage(call, exit.Id, subject, DataClass.Case, new MailContent(typed.Contact, t["mail.receipt.subject", exit.Number], body, []), ct);
    }

    public const string IntakeKind = "intake";

    private static string NumberOf(long serial, Call call) => $"T-{call.BusinessNow.Year}-{serial:D6}";
}
