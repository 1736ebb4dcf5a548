using Exeunt.App.Data;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.DataRequests;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.AuditLog;

/// <summary>What can be proved: certificates, the erasure ledger, the newest signed head of the audit log and its last check.</summary>
public sealed class ShowProof(AppDb db, CaseDesk desk, CopiesOutside copies) : UseCase<ShowProof.Request, ShowProof.View>(db)
{
    public const int PageSize = 50;

    /// <param name="Certificates">Serial of the last certificate of the page before.</param>
    /// <param name="Erasures">Id of the last row of the page of erasures before.</param>
    public sealed record Request(string? Certificates = null, long? Erasures = null);

    /// <param name="Number">Of the case, or of the request about data.</param>
    public sealed record CertificateLine(CertificateRow Certificate, string Number);

    /// <param name="Number">The case's number; null: none brought it about, or one of another unit.</param>
    /// <param name="Copies">Of the first class that went without a case: what became of the copies in other systems. Those of a case stand on its page.</param>
    public sealed record ErasureLine(ErasureRow Erasure, string? Number, IEnumerable<CopiesOutside.Copy> Copies);

    public sealed record View(
        IReadOnlyList<CertificateLine> Certificates, string? NextCertificates, IReadOnlyList<ErasureLine> Erasures, long? NextErasures, TreeHeadRow? Head, AuditRow? LastCheck);

    public override Permission Needs => Permission.ViewProof;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        var visible = desk.Visible(call, Needs);
        var units = (await VisibleUnits.Of(Db, call.Actor, Needs, ct)).Ids(null);
        var customers = Db.Customers.AsNoTracking().Where(c => units.Contains(c.UnitId));
        var asked = Db.Set<DataRequest>().AsNoTracking().Where(r => customers.Any(c => c.Id == r.CustomerId));
        var certificates = Db.Certificates.AsNoTracking().Where(c => visible.Any(v => v.Id == c.CaseId) || asked.Any(r => r.Id == c.DataRequestId));
        if (request.Certificates is { } serial && await certificates.Where(c => c.Serial == serial).Select(c => (DateOnly?)c.IssuedOn).SingleOrDefaultAsync(ct) is { } on)
#pragma warning disable CA1309 // It becomes SQL: a comparison by the database's order, which pages only need to be the same throughout.
            certificates = certificates.Where(c => c.IssuedOn < on || (c.IssuedOn == on && string.Compare(c.Serial, serial) < 0));
#pragma warning restore CA1309
        var first = await certificates.OrderByDescending(c => c.IssuedOn).ThenByDescending(c => c.Serial).Take(PageSize + 1).ToListAsync(ct);
        // Without a case a customer asked for it.
        var ledger = Db.Erasures.AsNoTracking().Where(e => visible.Any(c => c.Id == e.CaseId) || (e.CaseId == null && customers.Any(c => c.Id == e.CustomerId)));
        if (request.Erasures is { } id)
            ledger = ledger.Where(e => e.Id < id);
        var erasures = await ledger.OrderByDescending(e => e.Id).Take(PageSize + 1).ToListAsync(ct);
        var ids = erasures.Select(e => e.CaseId).Concat(first.Select(c => c.CaseId)).OfType<Guid>().Distinct().ToList();
        var numbers = await visible.Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, c => c.Number, ct);
        var requests = first.Select(c => c.DataRequestId).OfType<Guid>().ToList();
        foreach (var one in await asked.Where(r => requests.Contains(r.Id)).Select(r => new { r.Id, r.Number }).ToListAsync(ct))
            numbers[one.Id] = one.Number;
        var outside = await copies.Of([.. erasures.Where(IsFirst).Select(e => e.CustomerId)], ct);
        return new View(
            [.. first.Take(PageSize).Select(c => new CertificateLine(c, numbers[(c.CaseId ?? c.DataRequestId)!.Value]))], first.Count > PageSize ? first[PageSize - 1].Serial : null,
            [.. erasures.Take(PageSize).Select(e => new ErasureLine(e, e.CaseId is { } c ? numbers.GetValueOrDefault(c) : null, IsFirst(e) ? outside[e.CustomerId] : []))], erasures.Count > PageSize ? erasures[PageSize - 1].Id : null,
            await Db.TreeHeads.AsNoTracking().OrderByDescending(h => h.Size).FirstOrDefaultAsync(ct), await ListAudit.LastCheck(Db, ct));
    }

    /// <summary>Whether an erasure without a case began with it.</summary>
    private static bool IsFirst(ErasureRow row) => row is { CaseId: null, Class: DataClass.Profile };
}
