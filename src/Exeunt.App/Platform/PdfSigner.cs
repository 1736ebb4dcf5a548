using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using PdfSharp.Pdf;
using PdfSharp.Pdf.Advanced;

namespace Exeunt.App.Platform;

/// <summary>
/// Signs a PDF as PAdES baseline B-B: a detached CAdES signature over the whole file but its own place in it.
/// </summary>
/// <remarks>
/// Source: ETSI EN 319 142-1 (SubFilter ETSI.CAdES.detached; the claimed signing time is /M of the signature dictionary, the
/// CMS has no signing-time attribute) and ETSI EN 319 122-1 (signing-certificate-v2, RFC 5035).
/// </remarks>
internal sealed class PdfSigner(X509Certificate2 certificate, string reason)
{
    /// <summary>Room for the signature in bytes: an RSA 4096 certificate and signature take about 2,200.</summary>
    internal const int Room = 4096;

    internal static readonly Oid Data = new("1.2.840.113549.1.7.1");
    internal static readonly Oid SigningCertificateV2 = new("1.2.840.113549.1.9.16.2.47");

    private const string ByteRangePlace = "[0 2000000001 2000000002 2000000003]";

    public PdfSigner(InstallationKey key, string reason)
        : this(key.Certificate, reason) { }

    /// <summary>Saves the document with its signature. The document cannot be used afterwards.</summary>
    public byte[] Sign(PdfDocument document, DateTimeOffset at)
    {
        AddField(document, at);
        using var stream = new MemoryStream();
        document.Save(stream, closeStream: false);
        var pdf = stream.ToArray();

        var contents = pdf.AsSpan().IndexOf(Encoding.ASCII.GetBytes($"<{new string('0', 2 * Room)}>"));
        var range = pdf.AsSpan().IndexOf(Encoding.ASCII.GetBytes(ByteRangePlace));
        if (contents < 0 || range < 0)
            throw new InvalidOperationException("PDFsharp wrote the places of the signature in another form");
        var after = contents + 2 * Room + 2;
        Encoding
            .ASCII.GetBytes($"[0 {contents} {after} {pdf.Length - after}]".PadRight(ByteRangePlace.Length))
            .CopyTo(pdf, range);

        var cms = SignContent([.. pdf.AsSpan(..contents), .. pdf.AsSpan(after..)]);
        if (cms.Length > Room)
            throw new InvalidOperationException($"The signature takes {cms.Length} bytes, more than {Room}");
        Encoding.ASCII.GetBytes(Convert.ToHexString(cms)).CopyTo(pdf, contents + 1);
        return pdf;
    }

    private byte[] SignContent(byte[] content)
    {
        var cms = new SignedCms(new ContentInfo(Data, content), detached: true);
        var signer = new CmsSigner(SubjectIdentifierType.IssuerAndSerialNumber, certificate)
        {
            DigestAlgorithm = new Oid("2.16.840.1.101.3.4.2.1"), // SHA-256
            IncludeOption = X509IncludeOption.EndCertOnly,
        };
        signer.SignedAttributes.Add(new AsnEncodedData(SigningCertificateV2, SigningCertificate(certificate)));
        cms.ComputeSignature(signer);
        return cms.Encode();
    }

    /// <summary>SigningCertificateV2 ::= SEQUENCE { certs SEQUENCE OF ESSCertIDv2 }, SHA-256 being the default algorithm.</summary>
    internal static byte[] SigningCertificate(X509Certificate2 certificate)
    {
        var asn = new AsnWriter(AsnEncodingRules.DER);
        using (asn.PushSequence())
        using (asn.PushSequence())
        using (asn.PushSequence())
            asn.WriteOctetString(SHA256.HashData(certificate.RawData));
        return asn.Encode();
    }

    /// <summary>A signature field without appearance on the first page, with its places left open.</summary>
    private void AddField(PdfDocument document, DateTimeOffset at)
    {
        var signature = new PdfDictionary(document);
        document.Internals.AddObject(signature);
        var elements = signature.Elements;
        elements.SetName("/Type", "/Sig");
        elements.SetName("/Filter", "/Adobe.PPKLite");
        elements.SetName("/SubFilter", "/ETSI.CAdES.detached");
        elements["/ByteRange"] = new PdfLiteral(ByteRangePlace);
        elements["/Contents"] = new PdfLiteral($"<{new string('0', 2 * Room)}>");
        elements["/M"] = new PdfLiteral(
            string.Create(CultureInfo.InvariantCulture, $"(D:{at.UtcDateTime:yyyyMMddHHmmss}Z)")
        );
        elements["/Name"] = new PdfString(
            certificate.GetNameInfo(X509NameType.SimpleName, false),
            PdfStringEncoding.Unicode
        );
        elements["/Reason"] = new PdfString(reason, PdfStringEncoding.Unicode);

        var page = document.Pages[0];
        var field = new PdfDictionary(document);
        document.Internals.AddObject(field);
        field.Elements.SetName("/Type", "/Annot");
        field.Elements.SetName("/Subtype", "/Widget");
        field.Elements.SetName("/FT", "/Sig");
        field.Elements.SetString("/T", "Signature");
        field.Elements.SetInteger("/F", 132); // printed, locked
        field.Elements["/Rect"] = new PdfLiteral("[0 0 0 0]");
        field.Elements.SetReference("/V", signature);
        field.Elements.SetReference("/P", page);
        page.Elements["/Annots"] = new PdfArray(document, PdfInternals.GetReference(field)!);

        var form = new PdfDictionary(document);
        document.Internals.AddObject(form);
        form.Elements["/Fields"] = new PdfArray(document, PdfInternals.GetReference(field)!);
        form.Elements.SetInteger("/SigFlags", 3); // signatures exist; append only
        document.Internals.Catalog.Elements.SetReference("/AcroForm", form);
    }
}
