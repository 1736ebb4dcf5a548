using System.Security.Cryptography;
using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;

namespace Exeunt.App.Features.Documents;

/// <summary>Stores and opens sealed documents.</summary>
public sealed class Papers(AppDb db, Vault vault)
{
    public Task<DocumentRow> Stage(
        ExitCase exit, long subject, DataClass dataClass, DocumentKind kind, string fileName, string mediaType, byte[] bytes, Call call, CancellationToken ct) =>
        Stage(exit.Id, subject, dataClass, kind, fileName, mediaType, bytes, call, ct);

    /// <param name="caseId">Null: it belongs to no case.</param>
    public async Task<DocumentRow> Stage(
        Guid? caseId, long subject, DataClass dataClass, DocumentKind kind, string fileName, string mediaType, byte[] bytes, Call call, CancellationToken ct)
    {
        var id = Guid.CreateVersion7();
        var row = new DocumentRow
        {
            Id = id, CaseId = caseId, Subject = subject, Class = dataClass, Kind = kind, FileName = fileName, MediaType = mediaType,
            Data = await vault.Seal(subject, dataClass, DocumentRow.Place, id.ToString("N"), bytes, ct),
            Sha256 = SHA256.HashData(bytes), Size = bytes.Length, At = call.Now,
        };
        db.Documents.Add(row);
        // An archive may hold a name and little else, and the log stays: by a bare hash whoever guesses right would know it.
        db.Audit(call, "document.stored", $"document:{id:N}", new { caseId, kind, dataClass, sha256 = kind == DocumentKind.Archive ? null : Convert.ToHexStringLower(row.Sha256) });
        return row;
    }

    /// <summary>The clear bytes; null when erased.</summary>
    public Task<byte[]?> Open(DocumentRow row, CancellationToken ct) =>
        vault.Open<byte[]>(row.Subject, row.Class, DocumentRow.Place, row.Row, row.Data, ct);
}
