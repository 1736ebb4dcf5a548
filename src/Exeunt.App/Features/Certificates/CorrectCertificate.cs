using Exeunt.App.Data;
using Exeunt.App.Features.DataRequests;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Certificates;

/// <summary>Has a wrong certificate replaced by one that is written anew from the records; the old one is superseded when the new one is there.</summary>
public sealed class CorrectCertificate(AppDb db, CaseDesk desk, DataRequestDesk requests) : UseCase<CorrectCertificate.Request, Done>(db)
{
    public static readonly string[] Reasons = ["name-wrong", "date-wrong", "amount-wrong", "data-wrong", "records-corrected"];

    public sealed record Request(string? Serial, string? Reason);

    public override Permission Needs => Permission.HandleCertificates;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        var found = await CertificateRefusals.Find(Db, desk, requests, request.Serial, call, ct);
        if (found.Refusal is { } no)
            return no;
        if (!Reasons.Contains(request.Reason))
            return CommonRefusals.Required("reason");
        var (row, customer) = found.Value;
        if (await Db.Erasures.AsNoTracking().AnyAsync(e => e.CustomerId == customer && e.Class == DataClass.Case, ct))
            return CertificateRefusals.DataGone;
        var key = $"certificate|correct|{row.Serial}";
        if (await Db.Effects.AsNoTracking().AnyAsync(e => e.Key == key, ct))
            return CertificateRefusals.UnderWay;
        Db.Enqueue(Effect.Now(IssueCertificates.Kind, key, call, new IssueCertificates.What([row.Kind], request.Reason, call.Actor.Id, row.DataRequestId), row.CaseId));
        Db.Audit(call, "certificate.correction-asked", $"certificate:{row.Serial}", new { row.CaseId, row.DataRequestId, request.Reason });
        return await Commit(Done.It, ct);
    }
}

/// <summary>Revokes a certificate: it should not have been issued. Its number and its QR code say so from now on, and nothing more.</summary>
public sealed class RevokeCertificate(AppDb db, CaseDesk desk, DataRequestDesk requests) : UseCase<RevokeCertificate.Request, Done>(db)
{
    public static readonly string[] Reasons = ["issued-in-error", "wrong-person", "fraud", "case-reopened", "ordered-by-authority"];

    public sealed record Request(string? Serial, string? Reason);

    public override Permission Needs => Permission.HandleCertificates;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        var found = await CertificateRefusals.Find(Db, desk, requests, request.Serial, call, ct);
        if (found.Refusal is { } no)
            return no;
        if (!Reasons.Contains(request.Reason))
            return CommonRefusals.Required("reason");
        var (row, _) = found.Value;
        (row.State, row.Reason, row.ChangedBy, row.ChangedAt) = (CertificateState.Revoked, request.Reason, call.Actor.Id, call.Now);
        row.Version++;
        Db.Audit(call, "certificate.revoked", $"certificate:{row.Serial}", new { row.CaseId, row.DataRequestId, row.Reason });
        return await Commit(Done.It, ct);
    }
}

public static class CertificateRefusals
{
    public static readonly Refusal NotValid = new(RefusalKind.Conflict, "certificate.not-valid",
        "This certificate is superseded or revoked; only one in force is corrected or revoked.", "该证明已被替代或撤销，只能更正或撤销有效证明。");

    public static readonly Refusal UnderWay = new(RefusalKind.Conflict, "certificate.being-corrected",
        "A correction of this certificate is under way. Reload the page in a moment.", "该证明正在更正，请稍后刷新页面。");

    public static readonly Refusal DataGone = new(RefusalKind.Conflict, "certificate.data-gone",
        "The data that a new certificate would need is erased. The old one can only be revoked.", "重新开具所需的数据已删除，只能撤销原证明。");

    /// <summary>A certificate in force of a case, or of a request about data, that the caller may see, and whose it is.</summary>
    internal static async Task<Outcome<(CertificateRow Row, long Customer)>> Find(AppDb db, CaseDesk desk, DataRequestDesk requests, string? typed, Call call, CancellationToken ct)
    {
        var serial = CertificateSerial.Parse(typed ?? "");
        if (serial is null || await db.Certificates.SingleOrDefaultAsync(c => c.Serial == serial, ct) is not { } row)
            return CommonRefusals.NotFound;
        var customer = row.CaseId is { } exit ? (await desk.Find(exit, call, Permission.HandleCertificates, ct))?.CustomerId
            : (await requests.Find(row.DataRequestId!.Value, Permission.HandleCertificates, call, ct))?.Row.CustomerId;
        if (customer is not { } whose)
            return CommonRefusals.NotFound;
        return row.State == CertificateState.Valid ? (row, whose) : NotValid;
    }
}
