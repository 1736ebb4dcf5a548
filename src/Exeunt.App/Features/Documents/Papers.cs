using System.Security.Cryptography;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Features.Company;
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
        db.Audit(call, "document.stored", $"document:{id:N}", new { caseId, kind, dataClass, sha256 = Convert.ToHexStringLower(row.Sha256) });
        return row;
    }

    /// <summary>The clear bytes; null when erased.</summary>
    public Task<byte[]?> Open(DocumentRow row, CancellationToken ct) =>
        vault.Open<byte[]>(row.Subject, row.Class, DocumentRow.Place, row.Row, row.Data, ct);
}

/// <summary>The company's name on papers and the key that signs them; made once per installation and kept in the key store.</summary>
/// <param name="company">Null: for the key alone.</param>
public sealed class Letterhead(KeyStore keys, Clocks clocks, CompanyBook? company = null)
{
    private const string Product = "Exeunt";
    private (InstallationKey Key, byte[]? Certificate)? _key;

    /// <summary>In whose name a paper is issued.</summary>
    /// <exception cref="RefusedException">Nobody has said yet. Saying it starts the effects again that wait for it.</exception>
    internal async ValueTask<Issuer> Issuer(Texts t, CancellationToken ct) => (await Named(ct)).In(t);

    /// <summary>The head of a paper that is issued in nobody's name: the company's where it is known, else the product's.</summary>
    internal async ValueTask<Issuer> Head(Texts t, CancellationToken ct) => (await Company(ct))?.In(t) ?? new Issuer(t["app.company"], "");

    /// <summary>Where to appeal, as it is printed.</summary>
    /// <exception cref="RefusedException">Nobody has said yet.</exception>
    internal async ValueTask<string> Appeals(CancellationToken ct) => (await Named(ct)).Appeals;

    private async ValueTask<CompanyIdentity> Named(CancellationToken ct) => await Company(ct) ?? throw new RefusedException(CompanyRefusals.Missing);

    /// <summary>
    /// A certificate in a company's name around the installation's key, which stays: what was signed before, and the log, are verified by the
    /// key. Null where the one that is there has this name.
    /// </summary>
    internal async Task<byte[]?> CertificateFor(CompanyIdentity identity, CancellationToken ct)
    {
        var key = await Key(ct);
        if (await Company(ct) is { } now && now.FullName == identity.FullName)
            return (await company!.Look(ct))!.Certificate;
        using var renamed = key.Renamed(identity.FullEnglish, identity.FullChinese, clocks.Now);
        return renamed.CertificateBytes;
    }

    private ValueTask<CompanyIdentity?> Company(CancellationToken ct) => company is null ? default : company.Current(ct);

    internal static PdfFonts Fonts { get; } = PdfFonts.From(Path.Combine(AppContext.BaseDirectory, "wwwroot", "lib", "fonts"));

    internal async Task<InstallationKey> Key(CancellationToken ct)
    {
        var certificate = company is null ? null : (await company.Look(ct))?.Certificate;
        if (_key is { } known && known.Certificate.AsSpan().SequenceEqual(certificate))
            return known.Key;
        var name = await Company(ct);
        var stored = await keys.Secret("signing-key", () =>
        {
            using var fresh = InstallationKey.Create(name?.FullEnglish ?? Product, clocks.Now, name?.FullChinese);
            return JsonSerializer.SerializeToUtf8Bytes(new Stored(fresh.PrivateKeyBytes, fresh.CertificateBytes));
        }, ct);
        var pair = JsonSerializer.Deserialize<Stored>(stored)!;
        var key = InstallationKey.From(pair.Key, certificate ?? pair.Certificate);
        _key = (key, certificate);
        return key;
    }

    private sealed record Stored(byte[] Key, byte[] Certificate);
}
