using Exeunt.App.Data;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.AuditLog;

/// <summary>What can be proved: certificates, the erasure ledger, the newest signed head of the audit log and its last check.</summary>
public sealed class ShowProof(AppDb db, CaseDesk desk) : UseCase<ShowProof.Request, ShowProof.View>(db)
{
    public const int PageSize = 50;

    /// <param name="Certificates">Serial of the last case of the page of certificates before.</param>
    /// <param name="Erasures">Id of the last row of the page of erasures before.</param>
    public sealed record Request(long? Certificates = null, long? Erasures = null);

    public sealed record CertificateLine(CertificateRow Certificate, string Number, long CaseSerial);

    /// <param name="Number">The case's number; null for one of another unit.</param>
    public sealed record ErasureLine(ErasureRow Erasure, string? Number);

    public sealed record View(
        IReadOnlyList<CertificateLine> Certificates, long? NextCertificates, IReadOnlyList<ErasureLine> Erasures, long? NextErasures, TreeHeadRow? Head, AuditRow? LastCheck);

    public override Permission Needs => Permission.ViewProof;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        var visible = desk.Visible(call, Needs);
        var certificates = visible.Join(Db.CaseIndex.AsNoTracking(), c => c.Id, i => i.CaseId, (c, i) => new { c.Id, c.Number, i.Serial })
            .Join(Db.Certificates.AsNoTracking(), c => c.Id, z => z.CaseId, (c, z) => new { Certificate = z, c.Number, c.Serial });
        if (request.Certificates is { } serial)
            certificates = certificates.Where(c => c.Serial < serial);
        var first = await certificates.OrderByDescending(c => c.Serial).ThenBy(c => c.Certificate.Serial).Take(PageSize + 1).ToListAsync(ct);
        var ledger = Db.Erasures.AsNoTracking().Where(e => visible.Any(c => c.Id == e.CaseId));
        if (request.Erasures is { } id)
            ledger = ledger.Where(e => e.Id < id);
        var erasures = await ledger.OrderByDescending(e => e.Id).Take(PageSize + 1).ToListAsync(ct);
        var ids = erasures.Select(e => e.CaseId).Distinct().ToList();
        var numbers = await visible.Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, c => c.Number, ct);
        return new View(
            [.. first.Take(PageSize).Select(c => new CertificateLine(c.Certificate, c.Number, c.Serial))], first.Count > PageSize ? first[PageSize - 1].Serial : null,
            [.. erasures.Take(PageSize).Select(e => new ErasureLine(e, e.CaseId is { } c ? numbers.GetValueOrDefault(c) : null))], erasures.Count > PageSize ? erasures[PageSize - 1].Id : null,
            await Db.TreeHeads.AsNoTracking().OrderByDescending(h => h.Size).FirstOrDefaultAsync(ct), await ListAudit.LastCheck(Db, ct));
    }
}
