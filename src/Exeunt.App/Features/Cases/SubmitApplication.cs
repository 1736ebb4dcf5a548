using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.LegalPages;

namespace Exeunt.App.Features.Cases;

/// <summary>
/// Takes an application to end a contract. Everybody gets a number, the server's time and a link at once, whether the contract
/// exists or not; the receipt repeats only what was typed. The statutory clock starts here.
/// </summary>
public sealed class SubmitApplication(
    AppDb db, Drafts drafts, CustomerMatch match, CaseDesk desk, ProvenIdentity identity, Receiving receiving, Settlements.Settling settling, Terms.ShownTexts shown, Intakes.ApiProof api,
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
    /// <param name="Sent">What a program sent with it and is kept as proof; null on the portal.</param>
    public sealed record Request(
        string? Draft, string? ContractNumber = null, string? Name = null, string? Contact = null, DateOnly? EndsOn = null,
        string? Reason = null, string? Words = null, Channel Channel = Channel.Portal, string? Confirmed = null, Intakes.SentApplication? Sent = null,
        string? Page = null, LegalPages.Declaration? Declared = null);

    /// <param name="Token">The progress link's secret: shown once, stored as a hash.</param>
    /// <param name="IdentityProven">A code was given before, also when the application joined another.</param>
    /// <param name="Signed">Number and time under our signature; its proof is at the link within a minute.</param>
    public sealed record Receipt(Guid CaseId, string Number, DateTimeOffset ReceivedAt, string Token, string Link, bool IdentityProven, Core.Proof.Receipt Signed);

    /// <summary>Under this idempotency key a draft is sent once: a second click is answered with the first one's receipt.</summary>
    public static string KeyOf(string draft) => $"draft:{Convert.ToHexStringLower(Secrets.Hash(draft))}";

    public override Permission Needs => Permission.Public;

    /// <summary>Two applications at the same moment want the same number: the second takes the next.</summary>
    protected override int Tries => Receiving.Tries;

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
            var read = await receiving.Read(call, request.ContractNumber, request.Name, request.Contact, request.EndsOn, request.Reason, request.Words, ct);
            if (read.Refusal is { } no)
                return no;
            typed = read.Value;
        }
        LegalPage? page = null;
        var proven = draft?.ProvenAt is not null;
        if (request.Page is { } code)
        {
            if ((page = await pages.Current(code, ct)) is null || page.StepByStep)
                return LegalPages.LegalPageRefusals.Unknown;
            var declared = (request.Declared ?? new(null, null, null)).Read(page, call.Today(page.Zone));
            if (declared.Refusal is { } unfit)
                return unfit;
            proven &= (declared.Value.ContractNumber, declared.Value.Contact) == (typed.ContractNumber, typed.Contact);
            typed = declared.Value;
        }
        var subject = draft?.Subject ?? Intake.NewSubject();
        var begun = await receiving.Begin(call, typed, request.Channel, subject, ct, page: page);
        var exit = begun.Exit;
        if (proven && await match.Find(typed, ct) is { } customer && await Belongs(exit, customer, request.Confirmed, call, ct) is { } not)
            return not;
        desk.Stage(exit, call);
        if (request.Sent is { } sent && await api.Stage(exit, typed, sent, call, ct) is { } unproven)
            return unproven;
        if (draft is not null)
            Db.Drafts.Remove(draft);
        await receiving.StageReceiptMail(begun, typed, call, ct, page);
        return await Commit(new Receipt(exit.Id, exit.Number, exit.ReceivedAt, begun.Token, begun.Link, exit.IdentityIsProven || exit.JoinedInto is not null, begun.Signed), ct);
    }

    private static readonly Typed Nothing = new("", "", "");

    /// <summary>
    /// The code was given before: the case is the customer's. What ending does was shown and confirmed; where a legal page asks nothing beside the
    /// declaration it is told afterwards.
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

    public const string IntakeKind = "intake";
}
