using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Documents;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Certificates;

/// <summary>
/// Certificates of erasure and account closure for whoever has the case's link: when the contact is erased no code can be sent any more.
/// They show a person's name masked. Those of a case that nobody proved are none.
/// </summary>
public sealed class ListOwnCertificates(AppDb db, CaseAccess access) : UseCase<ListOwnCertificates.Request, IReadOnlyList<ListOwnCertificates.Line>>(db)
{
    public sealed record Request(string Token);

    public sealed record Line(string Serial, CertificateKind Kind, DateOnly IssuedOn);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<IReadOnlyList<Line>>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await access.CaseOf(request.Token, ct) is not { } id)
            return CommonRefusals.NotFound;
        return await Of(Db, id, ct);
    }

    public static async Task<List<Line>> Of(AppDb db, Guid caseId, CancellationToken ct) =>
        await db.Certificates.AsNoTracking().Where(c => c.CaseId == caseId && c.State == CertificateState.Valid && (c.Kind == CertificateKind.Erasure || c.Kind == CertificateKind.AccountClosure))
            .OrderBy(c => c.Kind).ThenBy(c => c.Serial).Select(c => new Line(c.Serial, c.Kind, c.IssuedOn)).ToListAsync(ct);
}

/// <summary>One of those certificates, as the PDF that was signed; recorded.</summary>
public sealed class FetchCertificate(AppDb db, CaseAccess access, Papers papers) : UseCase<FetchCertificate.Request, DownloadDocument.File>(db)
{
    public sealed record Request(string Token, string? Serial);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<DownloadDocument.File>> Handle(Call call, Request request, CancellationToken ct)
    {
        var serial = CertificateSerial.Parse(request.Serial ?? "");
        if (serial is null || await access.CaseOf(request.Token, ct) is not { } id
            || await Db.Certificates.AsNoTracking().SingleOrDefaultAsync(c => c.Serial == serial && c.CaseId == id && c.State == CertificateState.Valid
                && (c.Kind == CertificateKind.Erasure || c.Kind == CertificateKind.AccountClosure), ct) is not { } row
            || await Db.Documents.AsNoTracking().SingleOrDefaultAsync(d => d.Id == row.DocumentId, ct) is not { } document || await papers.Open(document, ct) is not { } bytes)
            return CommonRefusals.NotFound;
        Db.Audit(call, "certificate.fetched", $"certificate:{row.Serial}", new { row.CaseId });
        // The file is personal data: no answer is kept under an idempotency key.
        await Db.SaveChangesAsync(ct);
        return new DownloadDocument.File(document.FileName, document.MediaType, bytes);
    }
}
