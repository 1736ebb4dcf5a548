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
/// one document, and one page of the history, in memory at a time.
/// </summary>
public sealed class OwnDataZip(AppDb db, OwnTrade trade, Papers papers, Letterhead letterhead, TreeHeads heads)
{
    /// <summary>Clear bytes of documents one archive holds at most; those beyond are named in the manifest and can be fetched one by one.</summary>
    public const long MaxBytes = 512L * 1024 * 1024;

    /// <summary>Every row of the history, also those beyond what the JSON holds.</summary>
    public const string FactLines = "lists/fact-lines.csv";

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
            async Task AddHistory()
            {
                var entry = zip.CreateEntry(FactLines, CompressionLevel.Fastest);
                entry.LastWriteTime = file.MadeAt;
                var table = new OwnDataTable(typeof(OwnFactLine));
                using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                await using var inside = await entry.OpenAsync(ct);
                long size = 0;
                async Task Write(string text)
                {
                    var bytes = Encoding.UTF8.GetBytes(text);
                    hash.AppendData(bytes);
                    await inside.WriteAsync(bytes, ct);
                    size += bytes.Length;
                }
                await Write(Csv.Mark + Csv.Line(table.Head));
                await foreach (var line in trade.Lines(file.Customer.Number, file.Customer.Currency, ct))
                    await Write(Csv.Line(table.Row(line)));
                parts.Add(new Part(FactLines, size, Convert.ToHexStringLower(hash.GetHashAndReset())));
            }
            await Add("data.json", JsonSerializer.SerializeToUtf8Bytes(file, Json.Indented));
            foreach (var (name, lines) in OwnDataLists.Of(file))
                await Add($"lists/{name}.csv", Encoding.UTF8.GetBytes(Csv.Mark + string.Concat(lines.Select(Csv.Line))));
            await AddHistory();
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
