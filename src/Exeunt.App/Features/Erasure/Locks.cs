using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Documents;
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
    public sealed record Lock(DateOnly? Until, Words Basis)
    {
        public Refusal Refusal => ErasureRefusals.Locked(Until, Basis);
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
        return rows.ToDictionary(r => r.CustomerId, r => new Lock(r.Until, RetentionSchedule.Find(r.Rule ?? "")?.Basis ?? new Words("retention", "保存义务")));
    }
}

/// <summary>Opens what is locked for one named reason: name and contract number, or a document. Each look is recorded with its reason.</summary>
public sealed class OpenLocked(AppDb db, CaseDesk desk, Locks locks, Vault vault, Papers papers) : UseCase<OpenLocked.Request, OpenLocked.Opened>(db)
{
    /// <summary>For what locked data may be looked at.</summary>
    public static readonly string[] Reasons = ["claim", "authority", "audit", "customer-asked"];

    /// <param name="DocumentId">A document; null: name and contract number.</param>
    public sealed record Request(Guid CaseId, Guid? DocumentId, string? Reason);

    public sealed record Opened(string? Name, string? ContactPerson, string? ContractNumber, DateOnly? Until, string Basis, DownloadDocument.File? File);

    public override Permission Needs => Permission.OpenLockedData;

    protected override async Task<Outcome<Opened>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { CustomerId: { } id } exit)
            return CommonRefusals.NotFound;
        if (!Reasons.Contains(request.Reason))
            return CommonRefusals.Required("reason");
        if (await locks.Of(id, ct) is not { } locked)
            return ErasureRefusals.NotLocked;
        DownloadDocument.File? file = null;
        if (request.DocumentId is { } which)
        {
            if (await Db.Documents.AsNoTracking().SingleOrDefaultAsync(d => d.Id == which && d.CaseId == exit.Id, ct) is not { } row)
                return CommonRefusals.NotFound;
            if (row.Kind == DocumentKind.Archive)
                return DocumentRefusals.ArchiveStaysClosed;
            if (await papers.Open(row, ct) is not { } bytes)
                return DocumentRefusals.Erased;
            file = new(row.FileName, row.MediaType, bytes);
        }
        var customer = await Db.Customers.AsNoTracking().SingleAsync(c => c.Id == id, ct);
        var identity = await vault.Open<CustomerIdentity>(id, DataClass.Case, CustomerTable.IdentityPlace, customer.Row, customer.Identity, ct);
        var contract = await Db.Contracts.AsNoTracking().SingleOrDefaultAsync(c => c.Id == exit.ContractId, ct);
        var number = contract is null ? null : await vault.Open<string>(id, DataClass.Case, ContractTable.NumberPlace, contract.Row, contract.Number, ct);
        Db.Audit(call, "data.unlocked", $"customer:{id}", new { caseId = exit.Id, document = request.DocumentId, request.Reason });
        // Recorded before it is shown; the answer itself is kept nowhere.
        await Db.SaveChangesAsync(ct);
        return new Opened(customer.OrganisationName ?? identity?.Name, identity?.ContactPerson, number, locked.Until, locked.Basis.In(call.Language), file);
    }
}
