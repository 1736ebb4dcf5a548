using System.Security.Cryptography;
using Exeunt.App.Data;
using Exeunt.App.Features.Documents;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Certificates;

/// <summary>
/// Checks a certificate by its serial or by the file itself. Says valid, superseded, revoked or unknown, the serial, the date and
/// the hash; nothing else.
/// </summary>
public sealed class CheckCertificate(AppDb db, Letterhead letterhead) : UseCase<CheckCertificate.Request, CheckCertificate.Answer>(db)
{
    /// <param name="File">The PDF; when given, its signature and hash decide.</param>
    public sealed record Request(string? Serial, byte[]? File = null);

    /// <param name="State">"valid", "superseded", "revoked" or "unknown"; "altered" for a file that is not as it was signed.</param>
    public sealed record Answer(string State, string? Serial, DateOnly? IssuedOn, string? Sha256);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<Answer>> Handle(Call call, Request request, CancellationToken ct)
    {
        CertificateRow? row;
        if (request.File is { } file)
        {
            var hash = SHA256.HashData(file);
            row = await Db.Certificates.AsNoTracking().FirstOrDefaultAsync(c => c.Sha256 == hash, ct);
            if (row is null)
            {
                var trust = PdfSignature.Verify(file, (await letterhead.Key(ct)).PublicPem).Trust;
                return new Answer(trust == PdfTrust.Altered ? "altered" : "unknown", null, null, null);
            }
        }
        else
        {
            var serial = CertificateSerial.Parse(request.Serial ?? "");
            row = serial is null ? null : await Db.Certificates.AsNoTracking().SingleOrDefaultAsync(c => c.Serial == serial, ct);
        }
        return row is null
            ? new Answer("unknown", null, null, null)
            : new Answer(row.State.ToString().ToLowerInvariant(), row.Serial, row.IssuedOn, Convert.ToHexStringLower(row.Sha256));
    }
}
