using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.AuditLog;
using Exeunt.App.Features.Documents;
using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.OwnData;

/// <summary>
/// The download as a ZIP: the JSON, its lists as CSV, the documents, then a manifest with size and SHA-256 of every file and the newest
/// signed head of the audit log, and last the manifest's signature by the installation's key. It is written to the answer as it is made:
/// one document in memory at a time.
/// </summary>
public sealed class OwnDataZip(AppDb db, Papers papers, Letterhead letterhead, TreeHeads heads)
{
    /// <summary>Clear bytes of documents one archive holds at most; those beyond are named in the manifest and can be fetched one by one.</summary>
    public const long MaxBytes = 512L * 1024 * 1024;

    public const string Manifest = "manifest.json";
    public const string Signature = "manifest.sig.json";

    private sealed record Part(string Name, long Size, string Sha256);

    /// <summary>The ending of a file name as it was stored, if it is a plain one.</summary>
    public static string Ending(string fileName) => Path.GetExtension(fileName) is { Length: > 1 and <= 6 } ending && ending.Skip(1).All(char.IsAsciiLetterOrDigit) ? ending.ToLowerInvariant() : "";

    public async Task Write(GatherOwnData.Gathered gathered, Stream answer, CancellationToken ct)
    {
        var (file, parts, missing) = (gathered.File, new List<Part>(), new List<object>());
        var zip = await ZipArchive.CreateAsync(answer, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8, ct);
        await using (zip)
        {
            async Task Add(string name, byte[] bytes)
            {
                var entry = zip.CreateEntry(name, CompressionLevel.Fastest);
                entry.LastWriteTime = file.MadeAt;
                await using var inside = await entry.OpenAsync(ct);
                await inside.WriteAsync(bytes, ct);
                parts.Add(new Part(name, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))));
            }
            await Add("data.json", JsonSerializer.SerializeToUtf8Bytes(file, Json.Indented));
            foreach (var (name, lines) in OwnDataLists.Of(file))
                await Add($"lists/{name}.csv", Encoding.UTF8.GetBytes(Csv.Mark + string.Concat(lines.Select(Csv.Line))));
            long sum = 0;
            foreach (var document in file.Documents)
            {
                var row = await db.Documents.AsNoTracking().SingleOrDefaultAsync(d => d.Id == document.Id, ct);
                if ((sum += document.Size) > MaxBytes)
                    missing.Add(new { document.File, why = "too-large" });
                else if (row is null || await papers.Open(row, ct) is not { } bytes)
                    missing.Add(new { document.File, why = "erased" });
                else
                    await Add(document.File, bytes);
            }
            var head = (await heads.Latest(ct))?.ToLine();
            var manifest = JsonSerializer.SerializeToUtf8Bytes(new { file.Schema, file.Case, file.Reference, file.MadeAt, files = parts.ToList(), missing, locked = file.Held.Where(h => h.LockedUntil is not null).Select(h => new { h.Class, h.LockedUntil, h.LockedFor }), treeHead = head }, Json.Indented);
            await Add(Manifest, manifest);
            var key = await letterhead.Key(ct);
            using var ecdsa = key.Ecdsa();
            await Add(Signature, JsonSerializer.SerializeToUtf8Bytes(new OwnDataSignature(Manifest, OwnDataSignature.Es256, Convert.ToBase64String(ecdsa.SignData(manifest, HashAlgorithmName.SHA256)), key.Fingerprint), Json.Indented));
        }
    }
}

/// <summary>The signature of the manifest: ECDSA over its bytes with SHA-256, as r and s in Base64, by the installation's key.</summary>
/// <param name="Key">Fingerprint of the public key, to be compared with the company's.</param>
public sealed record OwnDataSignature(string Of, string Algorithm, string Value, string Key)
{
    public const string Es256 = "ECDSA-SHA256";
}

/// <summary>The lists of the file as rows: first the head, with the same names as in the JSON.</summary>
public static class OwnDataLists
{
    public static IEnumerable<(string Name, IEnumerable<IEnumerable<string?>> Lines)> Of(OwnDataFile f)
    {
        yield return ("contracts", Rows(["number", "product", "startOn", "termEndsOn", "state", "lastServiceDay", "monthlyFee", "currency", "policy", "policyVersion"],
            f.Contracts.Select(c => new[] { c.Number, c.Product, Day(c.StartOn), Day(c.TermEndsOn), c.State, Day(c.LastServiceDay), c.MonthlyFee.Value, c.MonthlyFee.Currency, c.Policy, $"{c.PolicyVersion}" })));
        yield return ("amendments", Rows(["contract", "number", "from", "until", "words"], f.Contracts.SelectMany(c => c.Amendments.Select(a => new[] { c.Number, $"{a.Number}", Day(a.From), Day(a.Until), string.Join("; ", a.Words) }))));
        yield return ("cases", Rows(["number", "kind", "state", "outcome", "contract", "channel", "receivedAt", "endsOn"],
            f.Cases.Select(c => new[] { c.Number, c.Kind, c.State, c.Outcome, c.Contract, c.Channel, At(c.ReceivedAt), Day(c.EndsOn) })));
        yield return ("steps", Rows(["case", "name", "state", "startedAt", "endedAt"], f.Cases.SelectMany(c => c.Steps.Select(s => new[] { c.Number, s.Name, s.State, At(s.StartedAt), At(s.EndedAt) }))));
        yield return ("said", Rows(["case", "at", "by", "what", "detail", "words"],
            f.Cases.SelectMany(c => c.Said.Select(s => new[] { c.Number, At(s.At), s.By, s.What, s.Detail, s.Words })).Concat(f.Feedback.SelectMany(c => c.Said.Select(s => new[] { c.Number, At(s.At), s.By, s.What, s.Detail, s.Words })))));
        yield return ("settlement-lines", Rows(["case", "code", "label", "amount", "currency", "formula", "explanation", "clause"],
            f.Cases.SelectMany(c => c.Settlement is null ? [] : c.Settlement.Lines.Select(l => new[] { c.Number, l.Code, l.Label, l.Amount.Value, l.Amount.Currency, l.Formula, l.Explanation, l.Clause }))));
        yield return ("payments", Rows(["case", "direction", "purpose", "amount", "paid", "currency", "reference", "state", "orderedAt", "reconciledAt"],
            f.Cases.SelectMany(c => c.Payments.Select(p => new[] { c.Number, p.Direction, p.Purpose, p.Amount.Value, p.Paid.Value, p.Amount.Currency, p.Reference, p.State, At(p.OrderedAt), At(p.ReconciledAt) }))));
        yield return ("months", Rows(["month", "ordered", "returned", "adjusted", "currency", "orders"], f.Facts.Months.Select(m => new[] { m.Month, m.Ordered.Value, m.Returned.Value, m.Adjusted.Value, m.Ordered.Currency, $"{m.Orders}" })));
        yield return ("facts", Rows(["on", "kind", "amount", "currency", "lines", "value"], f.Facts.Documents.Select(d => new[] { Day(d.On), d.Kind, d.Amount?.Value ?? "", d.Amount?.Currency ?? "", $"{d.Lines}", $"{d.Value}" })));
        yield return ("confirmations", Rows(["at", "what", "where", "policy", "policyVersion", "language", "sha256"], f.Confirmations.Select(c => new[] { At(c.At), c.What, c.Where, c.Policy, $"{c.PolicyVersion}", c.Language, c.Sha256 })));
        yield return ("feedback", Rows(["number", "kind", "about", "state", "receivedAt", "words", "wish", "verdict", "end"],
            f.Feedback.Select(x => new[] { x.Number, x.Kind, x.About, x.State, At(x.ReceivedAt), x.Words, x.Wish, x.Verdict, x.End })));
        yield return ("documents", Rows(["file", "case", "kind", "mediaType", "size", "sha256", "at"], f.Documents.Select(d => new[] { d.File, d.Case, d.Kind, d.MediaType, $"{d.Size}", d.Sha256, At(d.At) })));
    }

    private static IEnumerable<IEnumerable<string?>> Rows(string[] head, IEnumerable<string?[]> rows) => rows.Prepend(head);

    private static string? Day(DateOnly? on) => on?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static string? At(DateTimeOffset? at) => at?.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
}
