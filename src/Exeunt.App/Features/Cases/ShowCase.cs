using Exeunt.App.Data;
using Exeunt.App.Features.Approvals;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Documents;
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
using Exeunt.Core.Procedures;
using Exeunt.Core.Policies;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>Everything the case page shows: state, steps, what may be done now and why other things may not, money, papers, history. Names are masked.</summary>
public sealed class ShowCase(AppDb db, CaseDesk desk, Vault vault, CaseTexts texts, StaffDirectory staff, CaseMoneyReader reader, Terms.ShownTexts shown, ApprovalDesk seats, DueTimes due) : UseCase<ShowCase.Request, ShowCase.View>(db)
{
    public sealed record Request(Guid CaseId);

    public sealed record View(
        ExitCase Case, CustomerBrief? Customer, ContractBrief? Contract, Offer? Offer, SettlementRow? Settlement, IReadOnlyList<ApprovalRow> Approvals,
        IReadOnlyList<WorkOrder> Work, PaymentOrder? Payment, IReadOnlyList<DocumentRow> Documents, SurveyAnswer? Survey,
        IReadOnlyList<RecordedEvent> History, IReadOnlyDictionary<Guid, string> Texts, IReadOnlyDictionary<string, string> Names, Typed? TypedMasked, DateOnly Today,
        TerminationPolicy? Policy, string? UnitPath, IReadOnlyList<StaffDirectory.Holder> Handlers, CaseMoney? Money, IReadOnlyList<Terms.ShownTexts.Line> Confirmed)
    {
        /// <summary>The open approvals that concern whoever looks.</summary>
        public IReadOnlyList<Seat> Seats { get; init; } = [];

        /// <summary>When open steps are due, by their id.</summary>
        public IReadOnlyDictionary<string, DateTimeOffset> Due { get; init; } = new Dictionary<string, DateTimeOffset>();

        /// <summary>Other published versions of the case's procedure, newest first; empty for a caller who may not move it.</summary>
        public IReadOnlyList<int> OtherVersions { get; init; } = [];
    }

    /// <param name="Name">Organisation in clear; a person masked.</param>
    public sealed record CustomerBrief(
        long Id, string Name, string Contact, CustomerTier Tier, DateOnly? Since, string Currency, long Spend12m, int Orders12m, int OtherCases, bool Erased, string? Owner);

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
        var offer = await Db.Offers.AsNoTracking().FirstOrDefaultAsync(o => o.CaseId == id, ct);
        var policy = await PolicyOf(exit, ct);
        var money = await reader.Of(exit, policy, ct);
        var people = events.Select(e => e.By).Concat(events.Select(e => e.What).OfType<CaseAssigned>().Select(a => a.To)).Concat(exit.Rounds.SelectMany(r => r.People))
            .Concat(work.Select(w => w.DoneBy ?? "")).Append(exit.AssignedTo ?? "").Append(offer?.MadeBy ?? "").Append(money?.FactsBy ?? "")
            .Concat((money?.Lines ?? []).SelectMany(l => new[] { l.AddedBy, l.FirstApprovedBy ?? "", l.DecidedBy ?? "" }));
        var view = new View(
            exit,
            exit.CustomerId is { } customer ? await Brief(customer, exit, call, ct) : null,
            exit.ContractId is { } contract ? await Brief(contract, ct) : null,
            offer,
            exit.SettlementId is { } settlement ? await Db.Settlements.AsNoTracking().SingleAsync(s => s.Id == settlement, ct) : null,
            approvals,
            work,
            money?.Order,
            await Db.Documents.AsNoTracking().Where(d => d.CaseId == id).OrderBy(d => d.At).ToListAsync(ct),
            await Db.SurveyAnswers.AsNoTracking().SingleOrDefaultAsync(s => s.CaseId == id, ct),
            events, await texts.All(id, ct), await staff.Names(people, ct), masked,
            call.Today(exit.Zone ?? Clocks.CompanyZone), policy, unitPath, await HandlersOf(exit, unitPath, call, ct), money,
            exit.ContractId is { } signed ? [.. (await shown.Of([signed], ct)).Where(c => c.CaseId is null || c.CaseId == id)] : [])
        {
            Seats = await seats.Seats(exit, call, ct),
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

    private async Task<TerminationPolicy?> PolicyOf(ExitCase exit, CancellationToken ct) =>
        await Db.Policies.AsNoTracking().Where(p => p.Number == exit.PolicyNumber && p.Version == exit.PolicyVersion).Select(p => p.Document).SingleOrDefaultAsync(ct)
            is { } document ? TerminationPolicy.FromJson(document) : null;

    /// <summary>Whom the case can be given to; empty for a caller who may not give it.</summary>
    private async Task<IReadOnlyList<StaffDirectory.Holder>> HandlersOf(ExitCase exit, string? unitPath, Call call, CancellationToken ct)
    {
        var may = unitPath is null ? call.Actor.Allows(Permission.AssignCases) : call.Actor.Allows(Permission.AssignCases, unitPath);
        return may && !exit.IsClosed ? await staff.Holders(Permission.HandleCases, unitPath ?? "", ct) : [];
    }

    private async Task<CustomerBrief> Brief(long customerId, ExitCase exit, Call call, CancellationToken ct)
    {
        var customer = await Db.Customers.AsNoTracking().SingleAsync(c => c.Id == customerId, ct);
        var identity = await vault.Open<CustomerIdentity>(customer.Id, DataClass.Case, CustomerTable.IdentityPlace, customer.Row, customer.Identity, ct);
        var contact = await vault.Open<CustomerContact>(customer.Id, DataClass.Contact, CustomerTable.ContactPlace, customer.Row, customer.Contact, ct);
        var months = await Db.Activity.AsNoTracking().Where(a => a.CustomerId == customerId).Select(a => a.Months).SingleOrDefaultAsync(ct);
        var indicators = months is null ? null : Indicators.Of(months, call.Today(exit.Zone!));
        var others = await Db.Cases.AsNoTracking().CountAsync(c => c.CustomerId == customerId && c.Id != exit.Id, ct);
        var owner = customer.OwnerId is { } ownerId ? (await staff.Names([StaffDirectory.IdOf(ownerId)], ct)).Values.FirstOrDefault() : null;
        return new CustomerBrief(
            customer.Id, customer.OrganisationName ?? Mask.Name(identity?.Name), contact is null ? "—" : contact.Mail is null ? Mask.Phone(contact.Phone) : Mask.Mail(contact.Mail),
            customer.Tier, customer.Since, customer.Currency, indicators?.Spend12m ?? 0, indicators?.Orders12m ?? 0, others, customer.ErasedAt is not null, owner);
    }

    private async Task<ContractBrief> Brief(long contractId, CancellationToken ct)
    {
        var contract = await Db.Contracts.AsNoTracking().SingleAsync(c => c.Id == contractId, ct);
        var number = await vault.Open<string>(contract.CustomerId, DataClass.Case, ContractTable.NumberPlace, contract.Row, contract.Number, ct);
        return new ContractBrief(number, contract.ProductChinese, contract.ProductEnglish, contract.StartOn, contract.TermMonths, contract.MonthlyFee, contract.Currency, contract.State);
    }
}

/// <summary>The list of cases: filters by state, assignee and words of the number; 50 a page, newest first.</summary>
public sealed class ListCases(AppDb db, CaseDesk desk, Vault vault, StaffDirectory staff, Procedures.ProcedureBook procedures) : UseCase<ListCases.Request, ListCases.Page>(db)
{
    public const int PageSize = 50;

    /// <param name="Before">Serial of the last row of the page before.</param>
    /// <param name="Number">Part of the case number.</param>
    public sealed record Request(CaseState? State = null, bool Mine = false, bool Open = false, string? Number = null, long? Before = null);

    public sealed record Row(
        Guid Id, long Serial, string Number, CaseKind Kind, CaseState State, CaseOutcome? Outcome, string? Customer, DateTimeOffset ReceivedAt, DateOnly? EffectiveOn,
        string? AssignedTo, string? Assignee, string? ActiveStep, long? Total, string? Currency, string Zone);

    public sealed record Page(IReadOnlyList<Row> Rows, long? Next, int Total, IReadOnlyDictionary<CaseState, int> ByState);

    public override Permission Needs => Permission.ViewCases;

    protected override async Task<Outcome<Page>> Handle(Call call, Request request, CancellationToken ct)
    {
        var visible = desk.Visible(call, Needs);
        var query = visible;
        if (request.State is { } state)
            query = query.Where(c => c.State == state);
        if (request.Open)
            query = query.Where(c => c.State != CaseState.Closed);
        if (request.Mine)
            query = query.Where(c => c.AssignedTo == call.Actor.Id);
        if (request.Number?.Trim().ToUpperInvariant() is { Length: > 0 } number)
            query = query.Where(c => c.Number.Contains(number));
        var total = await query.CountAsync(ct);
        var joined = query.Join(Db.CaseIndex.AsNoTracking(), c => c.Id, i => i.CaseId, (c, i) => new { Case = c, i.Serial });
        if (request.Before is { } before)
            joined = joined.Where(r => r.Serial < before);
        var rows = await joined.OrderByDescending(r => r.Serial).Take(PageSize + 1).ToListAsync(ct);
        var assignees = await staff.Names(rows.Select(r => r.Case.AssignedTo ?? ""), ct);
        var names = await Names([.. rows.Select(r => r.Case.CustomerId).OfType<long>().Distinct()], ct);
        var counts = await visible.GroupBy(c => c.State).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        var page = rows.Take(PageSize).Select(r => new Row(
            r.Case.Id, r.Serial, r.Case.Number, r.Case.Kind, r.Case.State, r.Case.Outcome, r.Case.CustomerId is { } c ? names.GetValueOrDefault(c) : null,
            r.Case.BusinessReceivedAt, r.Case.EffectiveOn, r.Case.AssignedTo, assignees.GetValueOrDefault(r.Case.AssignedTo ?? ""),
            r.Case.IsClosed || CurrentStep(r.Case) is not { } step ? null : procedures.Find(r.Case.Procedure, r.Case.ProcedureVersion).Find(step.Id)?.Name.In(call.Language), r.Case.SettlementTotal, r.Case.SettlementCurrency, r.Case.Zone ?? Clocks.CompanyZone)).ToList();
        Db.Audit(call, "cases.listed", "cases", new { rows = page.Count });
        await Db.SaveChangesAsync(ct);
        return new Page(page, rows.Count > PageSize ? page[^1].Serial : null, total, counts);
    }

    /// <summary>The step at which a case stands: what people or the system work on, before what only waits for a date.</summary>
    private static StepProgress? CurrentStep(ExitCase exit) =>
        exit.Steps.Where(s => s.State == StepState.Active).OrderBy(s => s.Kind == StepKind.WaitUntilDate).FirstOrDefault();

    private async Task<Dictionary<long, string>> Names(List<long> ids, CancellationToken ct)
    {
        var customers = await Db.Customers.AsNoTracking().Where(c => ids.Contains(c.Id)).ToListAsync(ct);
        var people = await vault.OpenAll<CustomerIdentity>(DataClass.Case, CustomerTable.IdentityPlace,
            [.. customers.Where(c => c.Identity is not null).Select(c => (c.Id, c.Row, c.Identity!))], ct);
        return customers.ToDictionary(c => c.Id, c => c.OrganisationName ?? Mask.Name(people.GetValueOrDefault(c.Id)?.Name));
    }
}
