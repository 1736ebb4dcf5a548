using Exeunt.App.Data;
using Exeunt.App.Features.Approvals;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Identity;
using Exeunt.App.Features.Offers;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Features.Staff;
using Exeunt.App.Features.Surveys;
using Exeunt.App.Features.Work;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Activity;
using Exeunt.Core.Cases;
using Exeunt.Core.Documents;
using Exeunt.Core.Policies;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>Everything the case page shows: state, steps, what may be done now and why other things may not, money, papers, history. Names are masked.</summary>
public sealed class ShowCase(
    AppDb db, CaseDesk desk, Vault vault, CaseTexts texts, StaffDirectory staff, CaseMoneyReader reader, Terms.ShownTexts shown, CaseOffersReader offering, ApprovalDesk seats, DueTimes due, Erasure.Locks locks)
    : UseCase<ShowCase.Request, ShowCase.View>(db)
{
    public sealed record Request(Guid CaseId);

    public sealed record View(
        ExitCase Case, CustomerBrief? Customer, ContractBrief? Contract, Offer? Offer, SettlementRow? Settlement, IReadOnlyList<ApprovalRow> Approvals,
        IReadOnlyList<WorkOrder> Work, PaymentOrder? Payment, IReadOnlyList<DocumentRow> Documents, SurveyAnswer? Survey,
        IReadOnlyList<RecordedEvent> History, IReadOnlyDictionary<Guid, string> Texts, IReadOnlyDictionary<string, string> Names, Typed? TypedMasked, DateOnly Today,
        TerminationPolicy? Policy, string? UnitPath, IReadOnlyList<StaffDirectory.Holder> Handlers, CaseMoney? Money, IReadOnlyList<Terms.ShownTexts.Line> Confirmed, CaseOffers Offers)
    {
        /// <summary>The open approvals that concern whoever looks.</summary>
        public IReadOnlyList<Seat> Seats { get; init; } = [];

        /// <summary>Whether whoever looks approved the settlement in force, be it an approval that does not stand any more.</summary>
        public bool ApprovedOnce { get; init; }

        /// <summary>Changes of contact or account that wait; staff can stop them.</summary>
        public IReadOnlyList<WaitingChange> Changes { get; init; } = [];

        /// <summary>Who said whose an application without a code is; null: nobody did, or it is proven.</summary>
        public Vouched? Vouch { get; init; }

        /// <summary>When open steps are due, by their id.</summary>
        public IReadOnlyDictionary<string, DateTimeOffset> Due { get; init; } = new Dictionary<string, DateTimeOffset>();

        /// <summary>Whom whoever handles the case can ask.</summary>
        public IReadOnlyList<StaffDirectory.Holder> Above { get; init; } = [];

        /// <summary>Other published versions of the case's procedure, newest first; empty for a caller who may not move it.</summary>
        public IReadOnlyList<int> OtherVersions { get; init; } = [];
    }

    /// <param name="Name">Organisation in clear; a person masked.</param>
    public sealed record CustomerBrief(
        long Id, string Name, string Contact, CustomerTier Tier, DateOnly? Since, string Currency, long Spend12m, int Orders12m, int OtherCases, bool Erased, string? Owner, DateOnly? OwnerLeftOn = null, DateTimeOffset? RestrictedAt = null);

    /// <param name="HeldUntil">Business time from which it counts, unless somebody holds the case.</param>
    public sealed record WaitingChange(DetailKind Kind, DateTimeOffset HeldUntil);

    /// <param name="Contract">Its number, in clear.</param>
    public sealed record Vouched(string? Contract, string Method, Guid TextId, string By, DateTimeOffset At, int Version);

    public sealed record ContractBrief(string? Number, string ProductChinese, string ProductEnglish, DateOnly StartOn, int TermMonths, long MonthlyFee, string Currency, ContractState State);

    public override Permission Needs => Permission.ViewCases;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        var id = exit.Id;
        var events = (await Db.CaseEvents.AsNoTracking().Where(e => e.CaseId == id).OrderByDescending(e => e.Number).Take(500).ToListAsync(ct)).Select(e => e.Read()).ToList();
        var typed = await texts.Typed(id, ct);
        var masked = typed is null ? null : typed with
        {
            Name = Mask.Name(typed.Name), Contact = typed.Contact.Contains('@', StringComparison.Ordinal) ? Mask.Mail(typed.Contact) : Mask.Phone(typed.Contact),
        };
        var unitPath = exit.UnitId is { } unit ? await Db.Units.AsNoTracking().Where(u => u.Id == unit).Select(u => u.Path).SingleAsync(ct) : null;
        var approvals = await Db.Approvals.AsNoTracking().Where(a => a.CaseId == id && a.Digest == exit.SettlementDigest && a.VoidedAt == null).ToListAsync(ct);
        var work = await Db.WorkOrders.AsNoTracking().Where(w => w.CaseId == id).OrderBy(w => w.Id).ToListAsync(ct);
        var offered = await offering.Of(exit, call, ct);
        var offer = offered.Latest;
        var policy = await PolicyOf(exit, ct);
        var money = await reader.Of(exit, policy, ct);
        var vouch = exit.HasCustomer ? null : await Db.Set<Vouch>().AsNoTracking().SingleOrDefaultAsync(v => v.CaseId == id, ct);
        var people = events.Select(e => e.By).Concat(events.Select(e => e.What).OfType<CaseAssigned>().Select(a => a.To)).Concat(exit.Rounds.SelectMany(r => r.People))
            .Concat(work.Select(w => w.DoneBy ?? "")).Append(exit.AssignedTo ?? "").Concat(offered.Made.SelectMany(o => new[] { o.MadeBy, o.DecidedBy ?? "" })).Append(money?.FactsBy ?? "").Append(vouch?.By ?? "")
            .Concat((money?.Orders ?? []).Select(o => o.AgainBy ?? "")).Concat((money?.Lines ?? []).SelectMany(l => new[] { l.AddedBy, l.FirstApprovedBy ?? "", l.DecidedBy ?? "" }));
        var isLocked = await locks.Of(exit.CustomerId, ct) is not null;
        var view = new View(
            exit,
            exit.CustomerId is { } customer ? await Brief(customer, exit, isLocked, call, ct) : null,
            exit.ContractId is { } contract ? await Brief(contract, isLocked, call.Today(exit.Zone!), ct) : null,
            offer,
            exit.SettlementId is { } settlement ? await Db.Settlements.AsNoTracking().SingleAsync(s => s.Id == settlement, ct) : null,
            approvals,
            work,
            money?.Order,
            await Db.Documents.AsNoTracking().Where(d => d.CaseId == id).OrderBy(d => d.At).ToListAsync(ct),
            await Db.SurveyAnswers.AsNoTracking().SingleOrDefaultAsync(s => s.CaseId == id, ct),
            events, await texts.Shown(exit, call, ct), await staff.Names(people, ct), masked,
            call.Today(exit.Zone ?? Clocks.CompanyZone), policy, unitPath, await HandlersOf(exit, unitPath, call, ct), money,
            exit.ContractId is { } signed ? [.. (await shown.Of([signed], ct)).Where(c => c.CaseId is null || c.CaseId == id)] : [], offered)
        {
            Seats = await seats.Seats(exit, call, ct),
            ApprovedOnce = await FourEyes.Approved(Db, exit, call.Actor.Id, ct),
            Vouch = vouch is null ? null : new(await NumberOf(await Db.Contracts.AsNoTracking().SingleAsync(c => c.Id == vouch.ContractId, ct), ct), vouch.Method, vouch.TextId, vouch.By, vouch.At, vouch.Version),
            Changes = await Db.Set<PendingDetails>().AsNoTracking().Where(d => d.CaseId == id && d.State == DetailState.Waiting).OrderBy(d => d.At)
                .Select(d => new WaitingChange(d.Kind, d.HeldUntil)).ToListAsync(ct),
            Above = exit.IsClosed || !call.Actor.Allows(Permission.HandleCases) ? []
                : [.. (await staff.Holders(Permission.AssignCases, unitPath ?? "", ct)).Where(h => StaffDirectory.IdOf(h.Id) != call.Actor.Id)],
            Due = exit.Steps.Where(s => s.State == StepState.Active).Select(s => (s.Id, At: due.Of(exit, s.Id))).Where(s => s.At is not null).ToDictionary(s => s.Id, s => s.At!.Value),
            OtherVersions = exit.IsClosed || !call.Actor.Allows(Permission.MoveCases) ? []
                : await Db.SignedDocuments.AsNoTracking().Where(d => d.Id == exit.Procedure && d.Status == VersionStatus.Published && d.Version != exit.ProcedureVersion)
                    .OrderByDescending(d => d.Version).Select(d => d.Version).Take(20).ToListAsync(ct),
        };
        // Nothing of the loaded case was changed; the entry records that its personal data was looked at, masked.
        Db.Audit(call, "case.viewed", $"case:{id:N}");
        // A read keeps no answer under an idempotency key: it holds personal data.
        await Db.SaveChangesAsync(ct);
        return view;
    }

    private Task<string?> NumberOf(Contract contract, CancellationToken ct) =>
        vault.Open<string>(contract.CustomerId, DataClass.Case, ContractTable.NumberPlace, contract.Row, contract.Number, ct);

    private async Task<TerminationPolicy?> PolicyOf(ExitCase exit, CancellationToken ct) =>
        await Db.Policies.AsNoTracking().Where(p => p.Number == exit.PolicyNumber && p.Version == exit.PolicyVersion).Select(p => p.Document).SingleOrDefaultAsync(ct)
            is { } document ? TerminationPolicy.FromJson(document) : null;

    /// <summary>Whom the case can be given to; empty for a caller who may not give it.</summary>
    private async Task<IReadOnlyList<StaffDirectory.Holder>> HandlersOf(ExitCase exit, string? unitPath, Call call, CancellationToken ct)
    {
        var may = unitPath is null ? call.Actor.Allows(Permission.AssignCases) : call.Actor.Allows(Permission.AssignCases, unitPath);
        return may && !exit.IsClosed ? await staff.Holders(Permission.HandleCases, unitPath ?? "", ct) : [];
    }

    private async Task<CustomerBrief> Brief(long customerId, ExitCase exit, bool isLocked, Call call, CancellationToken ct)
    {
        var customer = await Db.Customers.AsNoTracking().SingleAsync(c => c.Id == customerId, ct);
        var identity = isLocked ? null : await vault.Open<CustomerIdentity>(customer.Id, DataClass.Case, CustomerTable.IdentityPlace, customer.Row, customer.Identity, ct);
        var contact = await vault.Open<CustomerContact>(customer.Id, DataClass.Contact, CustomerTable.ContactPlace, customer.Row, customer.Contact, ct);
        var months = await Db.Activity.AsNoTracking().Where(a => a.CustomerId == customerId).Select(a => a.Months).SingleOrDefaultAsync(ct);
        var indicators = months is null ? null : Indicators.Of(months, call.Today(exit.Zone!));
        var others = await Db.Cases.AsNoTracking().CountAsync(c => c.CustomerId == customerId && c.Id != exit.Id, ct);
        var owner = customer.OwnerId is { } ownerId ? (await staff.Names([StaffDirectory.IdOf(ownerId)], ct)).Values.FirstOrDefault() : null;
        return new CustomerBrief(
            customer.Id, (isLocked ? null : customer.OrganisationName) ?? Mask.Name(identity?.Name), contact is null ? "—" : contact.Mail is null ? Mask.Phone(contact.Phone) : Mask.Mail(contact.Mail),
            customer.Tier, customer.Since, customer.Currency, indicators?.Spend12m ?? 0, indicators?.Orders12m ?? 0, others, customer.ErasedAt is not null, owner,
            await HandOvers.OwnerLeft.Before(Db, customer.Id, Clocks.DateIn(exit.BusinessReceivedAt, exit.Zone ?? Clocks.CompanyZone), ct), customer.RestrictedAt);
    }

    private async Task<ContractBrief> Brief(long contractId, bool isLocked, DateOnly today, CancellationToken ct)
    {
        var contract = await Db.Contracts.AsNoTracking().SingleAsync(c => c.Id == contractId, ct);
        var number = isLocked ? null : await NumberOf(contract, ct);
        var terms = Settling.TermsOf(contract);
        return new ContractBrief(number, contract.ProductChinese, contract.ProductEnglish, contract.StartOn, terms.WholeTermMonths, terms.FeeOn(today).Minor, contract.Currency, contract.State);
    }
}
