using System.Buffers;
using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using Exeunt.Core.Proof;

namespace Exeunt.App.Platform;

/// <summary>What the signature of a PDF is worth.</summary>
internal enum PdfTrust
{
    /// <summary>Signed with a trusted key, and every byte of the file is as it was signed.</summary>
    Valid,

    /// <summary>Something in the file is not as it was signed, or was added.</summary>
    Altered,

    /// <summary>There is no signature, or it is no PDF.</summary>
    NotSigned,

    /// <summary>Soundly signed, but with another key.</summary>
    NotTrusted,
}

/// <summary>
/// The verdict on a PDF with a sentence for the reader. The signer's key (PEM), its fingerprint, name and the signing time
/// it claims are given when the signature is sound, trusted or not.
/// </summary>
internal sealed record PdfVerdict(
    PdfTrust Trust,
    string Message,
    string? SignerPem = null,
    string? SignerFingerprint = null,
    string? SignerName = null,
    DateTimeOffset? SignedAt = null
)
{
    public bool IsValid => Trust == PdfTrust.Valid;
}

/// <summary>
/// Verifies a signed PDF offline against keys that are trusted from outside. It knows one form only, that of
/// <see cref="PdfSigner"/>: one signature over the whole file. Whether the document was revoked is not asked.
/// </summary>
internal static partial class PdfSignature
{
    /// <summary>Bytes of the largest file that is looked at; what we sign is far smaller.</summary>
    public const int MaxSize = 64 << 20;

    /// <summary>The verdict on a file that is larger than that.</summary>
    public static readonly PdfVerdict TooLarge = new(PdfTrust.NotSigned, $"The file is {SmallFile.TooLarge(MaxSize)}");

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789ABCDEF");

    /// <summary>
    /// The verdict. <paramref name="trustedPem"/> is a public key (PUBLIC KEY) or a certificate (CERTIFICATE).
    /// </summary>
    /// <exception cref="ArgumentException">See <see cref="TrustedKey.Bytes"/>.</exception>
    public static PdfVerdict Verify(byte[] pdf, string trustedPem) => Verify(pdf, [TrustedKey.Bytes(trustedPem)]);

    /// <summary>The same with keys that were read before: those with which the installation has signed.</summary>
    public static PdfVerdict Verify(byte[] pdf, IEnumerable<ECDsa> trusted) => Verify(pdf, [.. trusted.Select(k => k.ExportSubjectPublicKeyInfo())]);

    private static PdfVerdict Verify(byte[] pdf, byte[][] trusted)
    {
        if (pdf.Length > MaxSize)
            return TooLarge;
        if (!pdf.AsSpan().StartsWith("%PDF-"u8))
            return new(PdfTrust.NotSigned, "Not a PDF file");
        var text = Encoding.Latin1.GetString(pdf); // one character a byte
        var ranges = text.Split("/ByteRange").Length - 1;
        if (ranges == 0)
            return new(PdfTrust.NotSigned, "The file has no signature");
        if (ranges > 1)
            return Altered("there is more than one signature");

        var range = ByteRange().Match(text);
        if (!range.Success)
            return Altered("the signed range is not of our form");
        var (before, after, rest) = (Number(range, 1), Number(range, 2), Number(range, 3));
        if (before <= range.Index || after <= before + 2 || after >= pdf.Length)
            return Altered("the signed range is not of our form");
        if (after + rest != pdf.Length)
            return Altered("the signature does not cover the whole file");

        var place = text.AsSpan((int)before, (int)(after - before));
        if (place[0] != '<' || place[^1] != '>' || !text.AsSpan(..(int)before).TrimEnd(' ').EndsWith("/Contents"))
            return Altered("the signature does not stand in its place");
        if (place[1..^1].ContainsAnyExcept(Hexadecimal) || place.Length % 2 != 0)
            return Altered("the signature is not hexadecimal");
        var signature = Convert.FromHexString(place[1..^1]);

        try
        {
            AsnDecoder.ReadEncodedValue(signature, AsnEncodingRules.DER, out _, out _, out var length);
            if (signature.AsSpan(length..).ContainsAnyExcept((byte)0))
                return Altered("something follows the signature");
            byte[] content = [.. pdf.AsSpan(..(int)before), .. pdf.AsSpan((int)after..)];
            var cms = new SignedCms(new ContentInfo(PdfSigner.Data, content), detached: true);
            cms.Decode(signature.AsSpan(..length));
            // Written anew it is the same: nothing stands in it that is not read.
            if (!HasOurParts(signature) || cms.SignerInfos.Count != 1 || cms.Certificates.Count != 1 || !cms.Encode().AsSpan().SequenceEqual(signature.AsSpan(..length)))
                return Altered("the signature is not of our form");
            cms.CheckSignature(verifySignatureOnly: true);
            return Judge(cms, trusted, SigningTime(text, range.Index, (int)after));
        }
#pragma warning disable CA1031 // What somebody made up leads into every corner of the platform, which throws what it likes there.
        catch (Exception e) when (e is not OutOfMemoryException)
#pragma warning restore CA1031
        {
            return Altered("the content is not what was signed");
        }
    }

    /// <summary>The verdict on a signature that is sound.</summary>
    private static PdfVerdict Judge(SignedCms cms, byte[][] trusted, DateTimeOffset? signedAt)
    {
        var signer = cms.SignerInfos[0];
        if (signer.Version != 1 || signer.UnsignedAttributes.Count != 0)
            return Altered("the signature is not of our form");
        if (signer.Certificate is not { } certificate || !NamesItsCertificate(signer, certificate))
            return Altered("the signature does not name its certificate");

        var name = certificate.GetNameInfo(X509NameType.SimpleName, false);
        var key = certificate.PublicKey;
        var (pem, print) = (InstallationKey.PemOf(key), InstallationKey.FingerprintOf(key));
        var bytes = key.ExportSubjectPublicKeyInfo();
        return trusted.Any(t => t.AsSpan().SequenceEqual(bytes))
            ? new(PdfTrust.Valid, $"Signed by {name}, unchanged since", pem, print, name, signedAt)
            : new(
                PdfTrust.NotTrusted,
                $"Signed by {name} with a key that is not a trusted one",
                pem,
                print,
                name,
                signedAt
            );
    }

    private static PdfVerdict Altered(string how) => new(PdfTrust.Altered, $"The file was altered: {how}");

    /// <summary>
    /// Whether version, digest algorithms and content type are as the signer writes them, and nothing follows but certificates and
    /// signers. They lie outside what the signature covers, and no reader minds them.
    /// </summary>
    private static bool HasOurParts(byte[] signature)
    {
        var contentInfo = new AsnReader(signature, AsnEncodingRules.DER).ReadSequence();
        contentInfo.ReadObjectIdentifier();
        var signedData = contentInfo.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0)).ReadSequence();
        byte[] header =
        [
            .. signedData.ReadEncodedValue().Span,
            .. signedData.ReadEncodedValue().Span,
            .. signedData.ReadEncodedValue().Span,
        ];
        if (signedData.PeekTag() != new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true))
            return false;
        signedData.ReadEncodedValue();
        if (signedData.PeekTag() != new Asn1Tag(UniversalTagNumber.SetOf, isConstructed: true))
            return false;
        signedData.ReadEncodedValue();
        if (signedData.HasData)
            return false;
        return Convert.ToHexString(header)
            is "020101" + "310D300B0609608648016503040201" + "300B06092A864886F70D010701" // 1, SHA-256, data
                or "020101" + "310F300D06096086480165030402010500" + "300B06092A864886F70D010701"; // SHA-256 with NULL
    }

    private static bool NamesItsCertificate(SignerInfo signer, X509Certificate2 certificate) =>
        // One of them: a second would be somebody's addition.
        signer.SignedAttributes.Cast<CryptographicAttributeObject>().Where(a => a.Oid.Value == PdfSigner.SigningCertificateV2.Value).ToArray()
            is [{ Values.Count: 1 } attribute]
        && attribute.Values[0].RawData.AsSpan().SequenceEqual(PdfSigner.SigningCertificate(certificate));

    /// <summary>/M of the signature dictionary, which the signature covers.</summary>
    private static DateTimeOffset? SigningTime(string text, int range, int afterContents)
    {
        var start = text.LastIndexOf(" obj", range, StringComparison.Ordinal);
        var end = text.IndexOf("endobj", afterContents, StringComparison.Ordinal);
        if (start < 0 || end < 0)
            return null;
        var time = Time().Match(text[start..range] + text[afterContents..end]);
        return
            time.Success
            && DateTimeOffset.TryParseExact(
                time.Groups[1].Value,
                "yyyyMMddHHmmss",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var at
            )
            ? at
            : null;
    }

    private static long Number(Match match, int group) =>
        long.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"/ByteRange ?\[0 ([1-9]\d{0,9}) ([1-9]\d{0,9}) ([1-9]\d{0,9})\]")]
    private static partial Regex ByteRange();

    [GeneratedRegex(@"/M\s*\(D:(\d{14})Z\)")]
    private static partial Regex Time();
}
