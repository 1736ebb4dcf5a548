using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Features.Company;
using Exeunt.App.Platform;

namespace Exeunt.App.Features.Documents;

/// <summary>
/// The company's name on papers, and the keys that sign them. The first is made with the installation; a further one takes over when somebody changes
/// it, and those before stay: what they signed is verified by them. All are kept in the key store.
/// </summary>
/// <param name="company">Null: for the keys alone.</param>
public sealed class Letterhead(KeyStore keys, Clocks clocks, CompanyBook? company = null)
{
    private const string Product = "Exeunt";
    private const string Secret = "signing-key";
    private (int Count, byte[]? Certificate, IReadOnlyList<InstallationKey> Keys)? _known;

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
    /// A certificate in a company's name around the key that signs, which stays: what was signed before, and the log, are verified by the
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

    /// <summary>The key that signs.</summary>
    internal async Task<InstallationKey> Key(CancellationToken ct) => (await Keys(ct))[^1];

    /// <summary>Every key that has signed, in the order in which one took over from the other; the last one signs. The first is made here.</summary>
    internal async Task<IReadOnlyList<InstallationKey>> Keys(CancellationToken ct)
    {
        var certificate = company is null ? null : (await company.Look(ct))?.Certificate;
        // The store is asked each time: another node may have changed the key.
        var count = Math.Max(await keys.CountSecrets(Secret, ct), 1);
        if (_known is { } known && known.Count == count && known.Certificate.AsSpan().SequenceEqual(certificate))
            return known.Keys;
        var all = new List<InstallationKey>();
        for (var number = 1; number <= count; number++)
            all.Add(await Read(number, certificate, ct));
        _known = (count, certificate, all);
        return all;
    }

    /// <summary>Makes the key that takes over from so many; where another was quicker, it is that one.</summary>
    internal async Task<InstallationKey> MakeNext(int after, CancellationToken ct) => await Read(after + 1, null, ct);

    /// <summary>The public halves of all keys, to verify what any of them signed.</summary>
    internal async Task<ECDsa[]> Trusted(CancellationToken ct) => [.. (await Keys(ct)).Select(k => k.Certificate.GetECDsaPublicKey()!)];

    /// <summary>The key whose signature something bears; where it is none of ours, the one that signs.</summary>
    internal async Task<InstallationKey> SignerOf(Predicate<ECDsa> isSignedBy, CancellationToken ct)
    {
        var all = await Keys(ct);
        return all.LastOrDefault(Signed) ?? all[^1];

        bool Signed(InstallationKey key)
        {
            using var half = key.Certificate.GetECDsaPublicKey()!;
            return isSignedBy(half);
        }
    }

    private async Task<InstallationKey> Read(int number, byte[]? certificate, CancellationToken ct)
    {
        var name = await Company(ct);
        var stored = await keys.Secret(number == 1 ? Secret : string.Create(CultureInfo.InvariantCulture, $"{Secret}.{number}"), () =>
        {
            using var fresh = InstallationKey.Create(name?.FullEnglish ?? Product, clocks.Now, name?.FullChinese);
            return JsonSerializer.SerializeToUtf8Bytes(new Stored(fresh.PrivateKeyBytes, fresh.CertificateBytes));
        }, ct);
        var pair = JsonSerializer.Deserialize<Stored>(stored)!;
        return InstallationKey.From(pair.Key, certificate is not null && InstallationKey.AreOfOneKey(certificate, pair.Certificate) ? certificate : pair.Certificate);
    }

    private sealed record Stored(byte[] Key, byte[] Certificate);
}
