using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Exeunt.App.Platform;

/// <summary>
/// The key with which an installation signs its documents and tree heads, and the self-signed certificate that goes with
/// it. Both are made once and stored by the host: the private key as PKCS#8, wrapped; the certificate as DER.
/// </summary>
internal sealed class InstallationKey : IDisposable
{
    private InstallationKey(X509Certificate2 certificate) => Certificate = certificate;

    /// <summary>The certificate together with its private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The public key in PEM (SubjectPublicKeyInfo): what a verifier trusts. It does not change with the certificate.</summary>
    public string PublicPem => PemOf(Certificate.PublicKey);

    /// <summary>SHA-256 of the public key (SubjectPublicKeyInfo), hexadecimal in groups of four: to be compared by people.</summary>
    public string Fingerprint => FingerprintOf(Certificate.PublicKey);

    /// <summary>The certificate without the private key, DER.</summary>
    public byte[] CertificateBytes => Certificate.RawData;

    /// <summary>The private key as PKCS#8, to be wrapped before it is stored.</summary>
    public byte[] PrivateKeyBytes
    {
        get
        {
            using var key = Ecdsa();
            return key.ExportPkcs8PrivateKey();
        }
    }

    /// <summary>A new ECDSA P-256 key with a certificate for 20 years, issued to itself.</summary>
    /// <param name="organisation">The company's name in its other language; null: the issuer's name.</param>
    public static InstallationKey Create(string issuerName, DateTimeOffset now, string? organisation = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Certify(key, issuerName, organisation ?? issuerName, now);
    }

    /// <summary>The same key with a new certificate in another name.</summary>
    public InstallationKey Renamed(string issuerName, string organisation, DateTimeOffset now)
    {
        using var key = Ecdsa();
        return Certify(key, issuerName, organisation, now);
    }

    private static InstallationKey Certify(ECDsa key, string issuerName, string organisation, DateTimeOffset now)
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(Cut(issuerName));
        name.AddOrganizationName(Cut(organisation));
        var request = new CertificateRequest(name.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(
                X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation,
                critical: true
            )
        );
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return new(request.CreateSelfSigned(now.AddDays(-1), now.AddYears(20)));

        // X.520 allows 64 characters in a name.
        static string Cut(string text) => text.Length <= 64 ? text : text[..(char.IsHighSurrogate(text[63]) ? 63 : 64)];
    }

    /// <summary>The key as it was stored.</summary>
    /// <exception cref="CryptographicException">The bytes are damaged, or the key is not that of the certificate.</exception>
    public static InstallationKey From(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> certificate)
    {
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(privateKey, out _);
        using var bare = X509CertificateLoader.LoadCertificate(certificate);
        try
        {
            return new(bare.CopyWithPrivateKey(key));
        }
        catch (ArgumentException e)
        {
            throw new CryptographicException("The private key is not that of the certificate", e);
        }
    }

    /// <summary>Whether two certificates (DER) are around the same key.</summary>
    public static bool AreOfOneKey(byte[] certificate, byte[] other)
    {
        using var one = X509CertificateLoader.LoadCertificate(certificate);
        using var two = X509CertificateLoader.LoadCertificate(other);
        return one.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(two.PublicKey.ExportSubjectPublicKeyInfo());
    }

    /// <summary>SHA-256 of the public key (SubjectPublicKeyInfo), lower-case hexadecimal: as the log names it.</summary>
    public string Digest => Fingerprint.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>The private key, for tree heads. The caller disposes of it.</summary>
    public ECDsa Ecdsa() => Certificate.GetECDsaPrivateKey()!;

    internal static string PemOf(PublicKey key) =>
        PemEncoding.WriteString("PUBLIC KEY", key.ExportSubjectPublicKeyInfo());

    internal static string FingerprintOf(PublicKey key) =>
        string.Join(
            ' ',
            Convert.ToHexString(SHA256.HashData(key.ExportSubjectPublicKeyInfo())).Chunk(4).Select(c => new string(c))
        );

    public void Dispose() => Certificate.Dispose();
}
