using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Exeunt.Core.Proof;

/// <summary>The key that whoever verifies was told to trust, in the one form all verifiers take.</summary>
public static class TrustedKey
{
    /// <summary>
    /// The public key of a PEM text that holds exactly one PUBLIC KEY or CERTIFICATE, of the curve P-256, with which installations sign. A
    /// private key is refused: nobody who verifies should have it.
    /// </summary>
    /// <exception cref="ArgumentException">It does not; the message says what is there instead.</exception>
    public static ECDsa Read(string pem)
    {
        var bytes = Bytes(pem);
        var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(bytes, out var read);
            // A curve that is written out has no name.
            if (read == bytes.Length && key.ExportParameters(includePrivateParameters: false).Curve.Oid?.Value == ECCurve.NamedCurves.nistP256.Oid.Value)
                return key;
        }
#pragma warning disable CA1031 // A curve that the platform does not know is no CryptographicException.
        catch (Exception e) when (e is not OutOfMemoryException)
#pragma warning restore CA1031
        {
            key.Dispose();
            throw new ArgumentException("The key in it cannot be read.", e);
        }
        key.Dispose();
        throw new ArgumentException("The key is not of the curve P-256.");
    }

    /// <summary>The same of a key of any kind, as SubjectPublicKeyInfo (DER).</summary>
    /// <exception cref="ArgumentException">There is not exactly one public key or certificate.</exception>
    public static byte[] Bytes(string pem)
    {
        var labels = new List<string>();
        byte[] bytes = [];
        var rest = pem.AsSpan();
        while (PemEncoding.TryFind(rest, out var found))
        {
            labels.Add(rest[found.Label].ToString());
            bytes = Convert.FromBase64String(rest[found.Base64Data].ToString());
            rest = rest[found.Location.End..];
        }
        if (labels is not ["PUBLIC KEY" or "CERTIFICATE"])
            throw new ArgumentException(labels.Count == 0 ? "It holds no key in PEM." : $"One public key or certificate is needed; it holds {string.Join(", ", labels)}.");
        if (labels[0] == "PUBLIC KEY")
            return bytes;
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(bytes);
            return certificate.PublicKey.ExportSubjectPublicKeyInfo();
        }
#pragma warning disable CA1031
        catch (Exception e) when (e is not OutOfMemoryException)
#pragma warning restore CA1031
        {
            throw new ArgumentException("The certificate in it cannot be read.", e);
        }
    }
}
