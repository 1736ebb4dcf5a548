using Exeunt.App.Data;
using Exeunt.App.Features.Offers;
using Exeunt.App.Features.Reasons;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Exeunt.Core.Settlement;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>
/// The progress page of a case. With the link alone it shows what was typed and where the application stands in general; after a
/// code it shows everything of the customer's own case.
/// </summary>
public sealed class ShowProgress(
    AppDb db, CaseDesk desk, CaseAccess access, CaseTexts texts, CaseMoneyReader money, Settling settling, Terms.OwnTerms terms, ReasonBook reasons, Offboarding.CustomerRights rights)
    : UseCase<ShowProgress.Request, ShowProgress.View>(db)
{
    /// <param name="Open">Whether the session for this case is living.</param>
    public sealed record Request(string Token, bool Open);

    /// <param name="ConfirmBy">Last day on which a code confirms the application; then it lapses.</param>
    /// <param name="Outcome">How it closed, as far as the link or the session may know.</param>
    /// <param name="JoinedInto">Number of the earlier application this one was added to.</param>
    public sealed record View(
        Guid CaseId, string Number, DateTimeOffset ReceivedAt, DateOnly ConfirmBy, Typed? Typed, CaseState State, bool IdentityPending,
        CaseOutcome? Outcome, string? JoinedInto, Details? Open, Words? ReasonWords)
    {
        /// <summary>Certificates that the link alone opens; null: none, as before the end of every case.</summary>
        public IReadOnlyList<Certificates.ListOwnCertificates.Line>? Certificates { get; init; }
    }

    /// <param name="Ruled">Payments that followed from the end of a dispute.</param>
    public sealed record Details(
        CaseOutcome? Outcome, DateOnly EffectiveOn, DateOnly EarliestOn, DateOnly Today, bool CanWithdraw, Refusal? WhyNotWithdraw,
        IReadOnlyList<StepProgress> Steps, OfferView? Offer, SettlementView? Settlement, PaymentView? Payment,
        IReadOnlyList<DocumentView> Documents, IReadOnlyList<MessageView> Messages, string Zone, IReadOnlyList<LineView> Lines, PlanView? Plan, InstalmentChoice? Instalments, Terms.OwnView? Own, Offboarding.RightsView Rights, IReadOnlyList<PaymentView> Ruled)
    {
        /// <summary>Lines of an order come back: the case has a page of its own.</summary>
        public bool IsReturn { get; init; }
    }

    /// <param name="Words">What is offered; answered on its own page until <paramref name="AnswerBy"/>.</param>
    public sealed record OfferView(Guid Id, Words Words, bool? Accepted, DateOnly? AnswerBy);

    public sealed record SettlementView(string Statement, long Total, string Currency, bool Approved);

    public sealed record PaymentView(PaymentDirection Direction, long Amount, string Currency, string Reference, PaymentState State);

    /// <param name="CanObject">The customer can still object to it.</param>
    public sealed record LineView(Guid Id, Words Label, Money Amount, bool Credit, CaseLineState State, bool Counts, Guid? EvidenceId, string? Words, string? Objection, string? Decision, bool CanObject);

    public sealed record PlanView(PlanState State, IReadOnlyList<DueInstalment> Rows, string Currency);

    /// <summary>What the customer may choose: 2 to this many instalments of what is open.</summary>
    public sealed record InstalmentChoice(int Most, Money Open);

    /// <param name="Sha256">Of the clear bytes, hex.</param>
    public sealed record DocumentView(Guid Id, Documents.DocumentKind Kind, string FileName, int Size, DateTimeOffset At, string Sha256);

    public sealed record MessageView(DateTimeOffset At, bool FromCustomer, string? Words);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await access.CaseOf(request.Token, ct) is not { } id)
            return CommonRefusals.NotFound;
        var exit = (await desk.Look(id, call, ct))!;
        var typed = await texts.Typed(id, ct);
        // Without a code a proven and an invented case look the same: "received, to be confirmed".
        var details = request.Open && exit.HasCustomer ? await DetailsOf(exit, call, ct) : null;
        var outcome = request.Open || exit.Outcome == CaseOutcome.Lapsed ? exit.Outcome : null;
        var state = outcome is not null ? CaseState.Closed : details is null ? CaseState.IdentityPending : exit.State;
        var joined = outcome == CaseOutcome.Joined ? await Db.Cases.AsNoTracking().Where(c => c.Id == exit.JoinedInto).Select(c => c.Number).SingleOrDefaultAsync(ct) : null;
        var confirmBy = Clocks.DateIn(exit.BusinessReceivedAt.AddDays(ExitCase.IdentityDays), Clocks.CompanyZone);
        return new View(id, exit.Number, exit.ReceivedAt, confirmBy, typed, state, state == CaseState.IdentityPending, outcome, joined, details,
            typed?.Reason is { Length: > 0 } reason && await reasons.All(ct) is var list ? new Words(list.Words(reason, Texts.English), list.Words(reason, Texts.Chinese)) : null)
        {
            Certificates = await Certificates.ListOwnCertificates.Of(Db, id, ct) is { Count: > 0 } certified ? certified : null,
        };
    }

    private async Task<Details> DetailsOf(ExitCase exit, Call call, CancellationToken ct)
    {
        var today = call.Today(exit.Zone!);
        // The company's own case is the company's to take back.
        var why = exit.Kind == CaseKind.Offboarding ? Offboarding.OffboardingRefusals.CompanysOwn : exit.CannotWithdraw(today);
        var approved = exit.Plan.Steps.Where(s => s.Of == ApprovalSubject.Settlement).All(s => exit.Step(s.Id).HasEnded);
        // What waits for approval, or was sent back, is not the customer's to see.
        var sent = await Db.Offers.AsNoTracking().FirstOrDefaultAsync(o => o.CaseId == exit.Id && (o.Approval == OfferApproval.NotNeeded || o.Approval == OfferApproval.Approved), ct);
        var offer = sent is null ? null : new OfferView(sent.Id, new Words(OfferWords.Of(sent, Texts.English), OfferWords.Of(sent, Texts.Chinese)), sent.Accepted, sent.AnswerBy);
        var settlement = exit.SettlementId is { } sid
            ? await Db.Settlements.AsNoTracking().Where(s => s.Id == sid)
                .Select(s => new SettlementView(s.Statement, s.Total, s.Currency, approved)).SingleAsync(ct)
            : null;
        // The return of an order has no contract; its own page shows its money.
        var contract = await Db.Contracts.AsNoTracking().SingleOrDefaultAsync(c => c.Id == exit.ContractId, ct);
        var own = contract is null ? null : await money.Of(exit, await settling.PolicyOf(contract, ct), ct);
        static PaymentView Of(PaymentOrder o) => new(o.Direction, o.Amount, o.Currency, o.Reference, o.State);
        var payment = own?.Order is { } order ? Of(order) : null;
        var words = await texts.All(exit.Id, ct);
        var documents = (await DownloadOwnDocument.Own(Db, exit.Id).OrderBy(d => d.At).Select(d => new { d.Id, d.Kind, d.FileName, d.Size, d.At, d.Sha256 }).ToListAsync(ct))
            .ConvertAll(d => new DocumentView(d.Id, d.Kind, d.FileName, d.Size, d.At, Convert.ToHexStringLower(d.Sha256)));
        return new Details(exit.Outcome, exit.EffectiveOn ?? today, exit.EarliestOn ?? exit.EffectiveOn ?? today, today, why is null, why, exit.Steps, offer, settlement, payment,
            documents, await Messages(exit.Id, words, ct), exit.Zone!, own is null ? [] : LinesOf(exit, own, words),
            own?.Plan is { } plan ? new PlanView(plan.State, [.. own.Instalments.Select(r => r.Value)], plan.Currency) : null,
            own is { Plan: null, CanHavePlan: true } ? new InstalmentChoice(own.Terms!.MaxCount, own.Order!.Open) : null,
            exit.Kind == CaseKind.Offboarding || contract is null ? null : await terms.Of(exit, settlement?.Statement, Texts.In(call.Language), ct), await rights.Of(exit, words, today, ct),
            own is null ? [] : [.. own.Orders.Where(o => o.Purpose == PaymentPurpose.Ruling && o.State != PaymentState.Proposed).Select(Of)]) { IsReturn = exit.OrderId is not null };
    }

    /// <summary>What people added: every charge, and the credits that were granted.</summary>
    private static IReadOnlyList<LineView> LinesOf(ExitCase exit, CaseMoney money, Dictionary<Guid, string> words) =>
        [.. money.Lines.Where(l => l.IsCredit ? l.Counts : l.State != CaseLineState.Dropped || l.ObjectionTextId is not null).Select(l => new LineView(
            l.Id, new Words(l.LabelEnglish, l.LabelChinese), l.Value, l.IsCredit, l.State, l.Counts, l.EvidenceId, Said(l.IsCredit ? null : l.TextId, words), Said(l.ObjectionTextId, words),
            Said(l.DecisionTextId, words), !l.IsCredit && l.Counts && l.ObjectionTextId is null && exit.CannotChangeMoney() is null))];

    private static string? Said(Guid? id, Dictionary<Guid, string> words) => id is { } text ? words.GetValueOrDefault(text) : null;

    private async Task<IReadOnlyList<MessageView>> Messages(Guid id, Dictionary<Guid, string> words, CancellationToken ct)
    {
        var events = await Db.CaseEvents.AsNoTracking().Where(e => e.CaseId == id).OrderBy(e => e.Number).ToListAsync(ct);
        return [.. events.Select(e => e.Read()).Where(e => e.What is MessageLeft)
            .Select(e => new MessageView(e.At, ((MessageLeft)e.What).FromCustomer, words.GetValueOrDefault(((MessageLeft)e.What).TextId)))];
    }
}

/// <summary>A document of the customer's own case; each download is recorded.</summary>
public sealed class DownloadOwnDocument(AppDb db, Documents.Papers papers) : UseCase<DownloadOwnDocument.Request, DownloadOwnDocument.File>(db)
{
    public sealed record Request(Guid CaseId, Guid DocumentId);

    public sealed record File(string Name, string MediaType, byte[] Bytes);

    /// <summary>
    /// The customer's own documents of a case. What the company froze as evidence of an offboarding, or ticked a check with, is not among them: it can show others; the
    /// notice gives its reasons. A photo or paper on a charge always is.
    /// </summary>
    public static IQueryable<Documents.DocumentRow> Own(AppDb db, Guid caseId) =>
        db.Documents.AsNoTracking().Where(d => d.CaseId == caseId && d.Kind != Documents.DocumentKind.Archive && d.Kind != Documents.DocumentKind.Intake && d.Kind != Documents.DocumentKind.EvidenceFile && d.Kind != Documents.DocumentKind.CheckPaper
            && (d.Kind != Documents.DocumentKind.Evidence || db.Cases.Any(c => c.Id == caseId && c.Kind != CaseKind.Offboarding) || db.CaseLines.Any(l => l.CaseId == caseId && l.EvidenceId == d.Id)));

    public override Permission Needs => Permission.CustomerOfCase;

    protected override async Task<Outcome<File>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (call.Actor.IsOfAnotherCase(request.CaseId))
            return CommonRefusals.NotFound;
        var row = await Own(Db, request.CaseId).SingleOrDefaultAsync(d => d.Id == request.DocumentId, ct);
        if (row is null || await papers.Open(row, ct) is not { } bytes)
            return CommonRefusals.NotFound;
        Db.Audit(call, "document.downloaded", $"document:{row.Id:N}", new { row.CaseId });
        return await Commit(new File(row.FileName, row.MediaType, bytes), ct);
    }
}
