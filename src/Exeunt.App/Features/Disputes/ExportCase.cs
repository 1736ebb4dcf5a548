using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.AuditLog;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Proof;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Disputes;

/// <summary>
/// The whole file of a case with proof (a ZIP): events, texts, settlements, documents, audit entries with their inclusion proofs and the signed
/// tree head they lead to, and a manifest with the SHA-256 of every file. One audit entry records the export. Of a customer whose data is locked only
/// whoever may open that exports it, for a named reason.
/// </summary>
public sealed class ExportCase(AppDb db, CaseDesk desk, CaseTexts texts, Papers papers, TreeHeads heads, Letterhead letterhead, Locks locks) : UseCase<ExportCase.Request, ExportCase.File>(db)
{
    public const int MaxEntries = 20_000;

    /// <param name="Reason">For what, one of <see cref="OpenLocked.Reasons"/>; asked for when the customer's data is locked.</param>
    public sealed record Request(Guid CaseId, string? Reason = null);

    public sealed record File(string Name, byte[] Bytes);

    public override Permission Needs => Permission.HandleDisputes;

    protected override async Task<Outcome<File>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        var locked = await locks.Of(exit.CustomerId, ct);
        if (locked is not null && await desk.Find(exit.Id, call, Permission.OpenLockedData, ct) is null)
            return locked.Refusal;
        if (locked is not null && !OpenLocked.Reasons.Contains(request.Reason))
            return CommonRefusals.Required("reason");
        // What was done up to this export is in the log that is proved.
        while (await heads.Advance(ct) > 0) { }
        var parts = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        var events = await Db.CaseEvents.AsNoTracking().Where(e => e.CaseId == exit.Id).OrderBy(e => e.Number).ToListAsync(ct);
        parts["events.json"] = Write(events.Select(e => new { e.Number, e.At, e.BusinessAt, e.By, what = JsonSerializer.Deserialize<JsonElement>(e.Data) }));
        parts["texts.json"] = Write(await texts.All(exit.Id, ct));
        foreach (var settlement in await Db.Settlements.AsNoTracking().Where(s => s.CaseId == exit.Id).ToListAsync(ct))
            parts[$"settlements/{settlement.Digest}.json"] = Encoding.UTF8.GetBytes(settlement.Statement);
        foreach (var document in await Db.Documents.AsNoTracking().Where(d => d.CaseId == exit.Id && d.Kind != DocumentKind.Archive).OrderBy(d => d.At).ToListAsync(ct))
            if (await papers.Open(document, ct) is { } bytes)
                parts[$"documents/{document.Id:N}-{document.FileName}"] = bytes;
        parts["postings.json"] = Write(await Db.Postings.AsNoTracking().Where(p => p.CaseId == exit.Id).OrderBy(p => p.At).ThenBy(p => p.EntryId).ThenBy(p => p.Line).ToListAsync(ct));
        await Prove(exit.Id, parts, ct);
        parts["manifest.json"] = Write(new
        {
            @case = exit.Number, exportedAt = call.Now,
            files = parts.Select(p => new { name = p.Key, sha256 = Convert.ToHexStringLower(SHA256.HashData(p.Value)), size = p.Value.Length }),
        });
        var zip = Zip(parts, call.Now);
        Db.Audit(call, "case.exported", $"case:{exit.Id:N}", new { files = parts.Count, sha256 = Convert.ToHexStringLower(SHA256.HashData(zip)), reason = locked is null ? null : request.Reason });
        // The file is personal data: no answer is kept under an idempotency key.
        await Db.SaveChangesAsync(ct);
        return new File($"{exit.Number}-file.zip", zip);
    }

    /// <summary>The entries about the case, each with its proof against the newest signed head.</summary>
    private async Task Prove(Guid caseId, SortedDictionary<string, byte[]> parts, CancellationToken ct)
    {
        if (await heads.Latest(ct) is not { } head)
            return;
        var target = $"case:{caseId:N}";
        var rows = await Db.AuditLog.AsNoTracking().Where(r => r.Target == target && r.Index != null && r.Index < head.Head.Size).OrderBy(r => r.Index).Take(MaxEntries).ToListAsync(ct);
        var leaves = await Db.AuditLog.AsNoTracking().Where(r => r.Index != null && r.Index < head.Head.Size).OrderBy(r => r.Index).Select(r => r.Leaf!).ToListAsync(ct);
        var over = MerkleLog.Over(leaves);
        parts["audit/head.json"] = Encoding.UTF8.GetBytes(head.ToLine());
        parts["audit/key.der"] = (await letterhead.SignerOf(k => head.IsSignedBy(k), ct)).CertificateBytes;
        parts["audit/entries.json"] = Write(rows.Select(r => new
        {
            index = r.Index, entry = Encoding.ASCII.GetString(TreeHeads.EntryOf(r).ToBytes()), data = r.Data, salt = Convert.ToHexStringLower(r.Salt),
            leaf = Convert.ToHexStringLower(r.Leaf!), proof = MerkleLog.Inclusion(r.Index!.Value, head.Head.Size, over).Select(Convert.ToHexStringLower),
        }));
    }

    private static byte[] Zip(SortedDictionary<string, byte[]> parts, DateTimeOffset at)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8))
            foreach (var (name, bytes) in parts)
            {
                var entry = zip.CreateEntry(name, CompressionLevel.Optimal);
                entry.LastWriteTime = at;
                using var inside = entry.Open();
                inside.Write(bytes);
            }
        return stream.ToArray();
    }

    private static byte[] Write(object what) => JsonSerializer.SerializeToUtf8Bytes(what, Json.Indented);
}
