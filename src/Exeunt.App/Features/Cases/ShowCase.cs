using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Offers;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Features.Staff;
using Exeunt.App.Features.Surveys;
using Exeunt.App.Features.Work;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Activity;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>Everything the case page shows: state, steps, what may be done now and why other things may not, money, papers, history. Names are masked.</summary>
public sealed class ShowCase(AppDb db, CaseDesk desk, Vault vault, CaseTexts texts, StaffDirectory staff) : UseCase<ShowCase.Request, ShowCase.View>(db)
{
    public sealed record Request(Guid CaseId);

    public sealed record View(
        ExitCase Case, CustomerBrief? Customer, ContractBrief? Contract, Offer? Offer, SettlementRow? Settlement, IReadOnlyList<ApprovalRow> Approvals,
        IReadOnlyList<WorkOrder> Work, PaymentOrder? Payment, IReadOnlyList<DocumentRow> Documents, SurveyAnswer? Survey,
        IReadOnlyList<RecordedEvent> History, IReadOnlyDictionary<Guid, string> Texts, IReadOnlyDictionary<string, string> Names, Typed? TypedMasked, DateOnly Today);

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
        var view = new View(
            exit,
            exit.CustomerId is { } customer ? await Brief(customer, exit, call, ct) : null,
            exit.ContractId is { } contract ? await Brief(contract, ct) : null,
            await Db.Offers.AsNoTracking().FirstOrDefaultAsync(o => o.CaseId == id, ct),
            exit.SettlementId is { } settlement ? await Db.Settlements.AsNoTracking().SingleAsync(s => s.Id == settlement, ct) : null,
            await Db.Approvals.AsNoTracking().Where(a => a.CaseId == id && a.Digest == exit.SettlementDigest).ToListAsync(ct),
            await Db.WorkOrders.AsNoTracking().Where(w => w.CaseId == id).OrderBy(w => w.Id).ToListAsync(ct),
            await Db.PaymentOrders.AsNoTracking().FirstOrDefaultAsync(o => o.CaseId == id, ct),
            await Db.Documents.AsNoTracking().Where(d => d.CaseId == id).OrderBy(d => d.At).ToListAsync(ct),
            await Db.SurveyAnswers.AsNoTracking().SingleOrDefaultAsync(s => s.CaseId == id, ct),
            events, await texts.All(id, ct), await staff.Names(events.Select(e => e.By).Append(exit.AssignedTo ?? ""), ct), masked,
            call.Today(exit.Zone ?? Clocks.CompanyZone));
        // Nothing of the loaded case was changed; the entry records that its personal data was looked at, masked.
        Db.Audit(call, "case.viewed", $"case:{id:N}");
        return await Commit(view, ct);
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
public sealed class ListCases(AppDb db, CaseDesk desk, Vault vault) : UseCase<ListCases.Request, ListCases.Page>(db)
{
    public const int PageSize = 50;

    /// <param name="Before">Serial of the last row of the page before.</param>
    /// <param name="Number">Part of the case number.</param>
    public sealed record Request(CaseState? State = null, bool Mine = false, bool Open = false, string? Number = null, long? Before = null);

    public sealed record Row(
        Guid Id, long Serial, string Number, CaseKind Kind, CaseState State, CaseOutcome? Outcome, string? Customer, DateTimeOffset ReceivedAt, DateOnly? EffectiveOn,
        string? AssignedTo, string? ActiveStep, long? Total, string? Currency);

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
        if (request.Number is { Length: > 0 } number)
            query = query.Where(c => c.Number.Contains(number));
        var total = await query.CountAsync(ct);
        var joined = query.Join(Db.CaseIndex.AsNoTracking(), c => c.Id, i => i.CaseId, (c, i) => new { Case = c, i.Serial });
        if (request.Before is { } before)
            joined = joined.Where(r => r.Serial < before);
        var rows = await joined.OrderByDescending(r => r.Serial).Take(PageSize + 1).ToListAsync(ct);
        var names = await Names([.. rows.Select(r => r.Case.CustomerId).OfType<long>().Distinct()], ct);
        var counts = await visible.GroupBy(c => c.State).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        var page = rows.Take(PageSize).Select(r => new Row(
            r.Case.Id, r.Serial, r.Case.Number, r.Case.Kind, r.Case.State, r.Case.Outcome, r.Case.CustomerId is { } c ? names.GetValueOrDefault(c) : null,
            r.Case.BusinessReceivedAt, r.Case.EffectiveOn, r.Case.AssignedTo, r.Case.Steps.FirstOrDefault(s => s.State == StepState.Active)?.Id,
            r.Case.SettlementTotal, r.Case.SettlementCurrency)).ToList();
        Db.Audit(call, "cases.listed", "cases", new { rows = page.Count });
        return await Commit(new Page(page, rows.Count > PageSize ? page[^1].Serial : null, total, counts), ct);
    }

    private async Task<Dictionary<long, string>> Names(List<long> ids, CancellationToken ct)
    {
        var customers = await Db.Customers.AsNoTracking().Where(c => ids.Contains(c.Id)).ToListAsync(ct);
        var people = await vault.OpenAll<CustomerIdentity>(DataClass.Case, CustomerTable.IdentityPlace,
            [.. customers.Where(c => c.Identity is not null).Select(c => (c.Id, c.Row, c.Identity!))], ct);
        return customers.ToDictionary(c => c.Id, c => c.OrganisationName ?? Mask.Name(people.GetValueOrDefault(c.Id)?.Name));
    }
}
