using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Offboarding;
using Exeunt.App.Features.Orders;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Retention;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Erasure;

/// <summary>
/// What is locked (封存): of a former customer whose data was erased and who has no case any more, name, letters and vouchers are
/// only stored. Ordinary pages show none of it; the customer's own link and the company's legal duties still reach it.
/// </summary>
public sealed class Locks(AppDb db)
{
    /// <param name="Until">Last day (inclusive).</param>
    public sealed record Lock(long CustomerId, DateOnly? Until, Words Basis)
    {
        /// <summary>It names the page on which this is opened, which every customer has, with a case or without.</summary>
        public Refusal Refusal => new(RefusalKind.Forbidden, "data.locked",
            $"This is locked{(Until is { } on ? $" until {on:yyyy-MM-dd}" : "")}: {Basis.English}. Only the data officer or legal opens it, with a reason, on the customer's page for locked data (/customers/{CustomerId}/locked).",
            $"该数据已封存{(Until is { } day ? $"至{day:yyyy-MM-dd}" : "")}：{Basis.Chinese}。仅数据负责人或法务可说明理由后在该客户的封存数据页（/customers/{CustomerId}/locked）调阅。");
    }

    /// <summary>The lock of one customer; null: not locked.</summary>
    public async Task<Lock?> Of(long? customerId, CancellationToken ct) => customerId is { } id ? (await Of([id], ct)).GetValueOrDefault(id) : null;

    /// <summary>The locks of those customers who are locked.</summary>
    public async Task<Dictionary<long, Lock>> Of(IReadOnlyCollection<long> customers, CancellationToken ct)
    {
        var rows = await db.Set<RetainedRow>().AsNoTracking()
            .Where(r => customers.Contains(r.CustomerId) && r.Category == DataCategory.Contract && db.Customers.Any(c => c.Id == r.CustomerId && c.ErasedAt != null)
                && !db.Cases.Any(c => c.CustomerId == r.CustomerId && c.State != CaseState.Closed) && !db.Contracts.Any(c => c.CustomerId == r.CustomerId && c.State != ContractState.Ended))
            .ToListAsync(ct);
        return rows.ToDictionary(r => r.CustomerId, r => new Lock(r.CustomerId, r.Until, RetentionSchedule.Find(r.Rule ?? "")?.Basis ?? new Words("retention", "保存义务")));
    }
}

/// <summary>
/// Opens what is locked for one named reason: who the customer is, their numbers and what was written, or a document. Each look is recorded with its
/// reason. Of a case what belongs to it; of a customer, who may have no case, everything.
/// </summary>
public sealed class OpenLocked(AppDb db, CaseDesk desk, Locks locks, Vault vault, Papers papers, Decisions decisions, OrderBook orders) : UseCase<OpenLocked.Request, OpenLocked.Opened>(db)
{
    /// <summary>For what locked data may be looked at.</summary>
    public static readonly string[] Reasons = ["claim", "authority", "audit", "customer-asked"];

    /// <summary>Of contracts, orders and texts; far more than a customer has.</summary>
    private const int Most = 500;

    /// <param name="DocumentId">A document; null: who they are, their numbers and what was written.</param>
    public sealed record Request(Held On, Guid? DocumentId, string? Reason);

    /// <param name="ContractNumber">Several: with commas between.</param>
    public sealed record Opened(string? Name, string? ContactPerson, string? ContractNumber, DateOnly? Until, string Basis, DownloadDocument.File? File)
    {
        /// <summary>With the number of the invoice.</summary>
        public IReadOnlyList<string> OrderNumbers { get; init; } = [];

        /// <summary>Decisions, what was said on the spot, and other words that stay with the name.</summary>
        public IReadOnlyList<Written> Written { get; init; } = [];
    }

    /// <param name="Kind">"decision", "spot", "spot-review", or the kind of the text.</param>
    public sealed record Written(string Kind, string Words);

    public override Permission Needs => Permission.OpenLockedData;

    protected override async Task<Outcome<Opened>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await request.On.Find(Db, desk, Needs, call, ct) is not { } id)
            return CommonRefusals.NotFound;
        if (!Reasons.Contains(request.Reason))
            return CommonRefusals.Required("reason");
        if (await locks.Of(id, ct) is not { } locked)
            return ErasureRefusals.NotLocked;
        var on = request.On.CaseId;
        DownloadDocument.File? file = null;
        if (request.DocumentId is { } which)
        {
            // Letters about who looks after the customer belong to no case; a paper of another case is opened on its own page, or the customer's.
            if (await Db.Documents.AsNoTracking().SingleOrDefaultAsync(d => d.Id == which && ((on == null && d.Subject == id) || (on != null && (d.CaseId == on || (d.Subject == id && d.CaseId == null)))), ct) is not { } row)
                return CommonRefusals.NotFound;
            if (row.Kind == DocumentKind.Archive)
                return DocumentRefusals.ArchiveStaysClosed;
            if (await papers.Open(row, ct) is not { } bytes)
                return DocumentRefusals.Erased;
            file = new(row.FileName, row.MediaType, bytes);
        }
        var customer = await Db.Customers.AsNoTracking().SingleAsync(c => c.Id == id, ct);
        var identity = await vault.Open<CustomerIdentity>(id, DataClass.Case, CustomerTable.IdentityPlace, customer.Row, customer.Identity, ct);
        var opened = new Opened(customer.OrganisationName ?? identity?.Name, identity?.ContactPerson, await ContractNumbers(id, on, ct), locked.Until, locked.Basis.In(call.Language), file)
        {
            OrderNumbers = file is null ? await OrderNumbers(id, on, ct) : [], Written = file is null ? await Words(id, on, ct) : [],
        };
        Db.Audit(call, "data.unlocked", $"customer:{id}", new { caseId = on, document = request.DocumentId, request.Reason });
        // Recorded before it is shown; the answer itself is kept nowhere.
        await Db.SaveChangesAsync(ct);
        return opened;
    }

    private async Task<string?> ContractNumbers(long customer, Guid? on, CancellationToken ct)
    {
        var numbers = new List<string>();
        foreach (var contract in await Db.Contracts.AsNoTracking().Where(c => c.CustomerId == customer && (on == null || Db.Cases.Any(x => x.Id == on && x.ContractId == c.Id)))
            .OrderBy(c => c.StartOn).ThenBy(c => c.Id).Take(Most).ToListAsync(ct))
            if (await vault.Open<string>(customer, DataClass.Case, ContractTable.NumberPlace, contract.Row, contract.Number, ct) is { } number)
                numbers.Add(number);
        return numbers.Count == 0 ? null : string.Join(", ", numbers);
    }

    private async Task<List<string>> OrderNumbers(long customer, Guid? on, CancellationToken ct)
    {
        var numbers = new List<string>();
        foreach (var order in await Db.Orders.AsNoTracking().Where(o => o.CustomerId == customer && (on == null || Db.Cases.Any(x => x.Id == on && x.OrderId == o.Id)))
            .OrderByDescending(o => o.OrderedOn).ThenByDescending(o => o.Id).Take(Most).ToListAsync(ct))
            if (await orders.NumberOf(order, ct) is { } number)
                numbers.Add(order.InvoiceNumber is { } invoice ? $"{number} ({invoice})" : number);
        return numbers;
    }

    private async Task<List<Written>> Words(long customer, Guid? on, CancellationToken ct)
    {
        var written = new List<Written>();
        foreach (var exit in await Db.Cases.AsNoTracking().Where(c => c.CustomerId == customer && c.DecisionId != null && (on == null || c.Id == on)).OrderBy(c => c.Number).Take(Most).ToListAsync(ct))
            if (await decisions.Of(exit, ct) is { } paper)
                written.Add(new("decision", paper.Restricted is { } restricted ? $"{paper.Case}: {paper.Reasons}\n{restricted}" : $"{paper.Case}: {paper.Reasons}"));
        foreach (var spot in await Db.Set<SpotDecision>().AsNoTracking().Where(s => s.Subject == customer && (on == null || s.CaseId == on)).OrderBy(s => s.ToldAt).Take(Most).ToListAsync(ct))
        {
            if (await vault.Open<SpotWords>(customer, DataClass.Case, SpotDecision.Place, spot.Row, spot.Data, ct) is { } told)
                written.Add(new("spot", $"{told.ToldTo}: {told.Words}"));
            if (await vault.Open<string>(customer, DataClass.Case, SpotDecision.Place, spot.Row + "r", spot.Review, ct) is { } review)
                written.Add(new("spot-review", review));
        }
        // What is remembered of a correction is hashes, no words.
        foreach (var text in await Db.Texts.AsNoTracking().Where(t => t.Subject == customer && t.Class == DataClass.Case && t.Kind != SubmitApplication.IntakeKind && t.Kind != DataRequests.Corrections.Kind && (on == null || t.CaseId == on)).OrderBy(t => t.Id).Take(Most).ToListAsync(ct))
            if (await vault.Open<string>(customer, DataClass.Case, PersonalText.Place, text.Id.ToString("N"), text.Data, ct) is { } words)
                written.Add(new(text.Kind, words));
        return written;
    }
}
