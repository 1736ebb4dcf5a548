using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.DataRequests;
using Exeunt.App.Features.Documents;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Certificates;

/// <summary>
/// Certificates of erasure and account closure for whoever has the link of the case, or of the request for an erasure: when the contact is erased
/// no code can be sent any more. They show a person's name masked. Those of a case that nobody proved are none.
/// </summary>
public sealed class ListOwnCertificates(AppDb db, CaseAccess access) : UseCase<ListOwnCertificates.Request, IReadOnlyList<ListOwnCertificates.Line>>(db)
{
    public sealed record Request(string Token);

    public sealed record Line(string Serial, CertificateKind Kind, DateOnly IssuedOn);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<IReadOnlyList<Line>>> Handle(Call call, Request request, CancellationToken ct)
    {
        return await Behind(Db, access, request.Token, ct) is { } own ? await Lines(own, ct) : CommonRefusals.NotFound;
    }

    public static Task<List<Line>> Of(AppDb db, Guid caseId, CancellationToken ct) => Lines(Open(db).Where(c => c.CaseId == caseId), ct);

    public static Task<List<Line>> OfRequest(AppDb db, Guid requestId, CancellationToken ct) => Lines(Open(db).Where(c => c.DataRequestId == requestId), ct);

    /// <summary>The certificates that a link opens; null: there is no such link.</summary>
    internal static async Task<IQueryable<CertificateRow>?> Behind(AppDb db, CaseAccess access, string token, CancellationToken ct)
    {
        if (await access.CaseOf(token, ct) is { } exit)
            return Open(db).Where(c => c.CaseId == exit);
        var hash = Secrets.Hash(token);
        return await db.Set<DataRequest>().AsNoTracking().Where(r => r.LinkHash == hash).Select(r => (Guid?)r.Id).SingleOrDefaultAsync(ct) is { } asked ? Open(db).Where(c => c.DataRequestId == asked) : null;
    }

    /// <summary>What may be opened by a link alone.</summary>
    internal static IQueryable<CertificateRow> Open(AppDb db) =>
        db.Certificates.AsNoTracking().Where(c => c.State == CertificateState.Valid && (c.Kind == CertificateKind.Erasure || c.Kind == CertificateKind.AccountClosure));

    private static Task<List<Line>> Lines(IQueryable<CertificateRow> own, CancellationToken ct) =>
        own.OrderBy(c => c.Kind).ThenBy(c => c.Serial).Select(c => new Line(c.Serial, c.Kind, c.IssuedOn)).ToListAsync(ct);
}

/// <summary>One of those certificates, as the PDF that was signed; recorded.</summary>
public sealed class FetchCertificate(AppDb db, CaseAccess access, Papers papers) : UseCase<FetchCertificate.Request, DownloadDocument.File>(db)
{
    public sealed record Request(string Token, string? Serial);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<DownloadDocument.File>> Handle(Call call, Request request, CancellationToken ct)
    {
        var serial = CertificateSerial.Parse(request.Serial ?? "");
        return serial is not null && await ListOwnCertificates.Behind(Db, access, request.Token, ct) is { } own && await own.SingleOrDefaultAsync(c => c.Serial == serial, ct) is { } row
            && await Open(Db, papers, row, call, ct) is { } file ? file : CommonRefusals.NotFound;
    }

    /// <summary>The file of a certificate, recorded; null when it is erased.</summary>
    internal static async Task<DownloadDocument.File?> Open(AppDb db, Papers papers, CertificateRow row, Call call, CancellationToken ct)
    {
        if (await db.Documents.AsNoTracking().SingleOrDefaultAsync(d => d.Id == row.DocumentId, ct) is not { } document || await papers.Open(document, ct) is not { } bytes)
            return null;
        db.Audit(call, "certificate.fetched", $"certificate:{row.Serial}", new { row.CaseId, row.DataRequestId });
        // The file is personal data: no answer is kept under an idempotency key.
        await db.SaveChangesAsync(ct);
        return new DownloadDocument.File(document.FileName, document.MediaType, bytes);
    }
}

/// <summary>The certificate of an erasure that was asked for without a case, for those who send it by letter to whom no mail reaches; recorded.</summary>
public sealed class FetchRequestedCertificate(AppDb db, DataRequestDesk requests, Papers papers) : UseCase<FetchRequestedCertificate.Request, DownloadDocument.File>(db)
{
    public sealed record Request(Guid RequestId, string? Serial);

    public override Permission Needs => Permission.HandleDataRequests;

    protected override async Task<Outcome<DownloadDocument.File>> Handle(Call call, Request request, CancellationToken ct)
    {
        var serial = CertificateSerial.Parse(request.Serial ?? "");
        return serial is not null && await requests.Find(request.RequestId, Needs, call, ct) is not null
            && await ListOwnCertificates.Open(Db).SingleOrDefaultAsync(c => c.Serial == serial && c.DataRequestId == request.RequestId, ct) is { } row
            && await FetchCertificate.Open(Db, papers, row, call, ct) is { } file ? file : CommonRefusals.NotFound;
    }
}
