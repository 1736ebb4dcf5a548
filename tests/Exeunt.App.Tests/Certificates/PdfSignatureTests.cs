using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Platform;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Exeunt.App.Tests.Certificates;

public class PdfSignatureTests(ITestOutputHelper output)
{
    private static readonly byte[] Signed = CertificateDocument.Make(
        Sample.Certificate("zh"),
        Sample.Fonts,
        Sample.Key
    );

    [Fact]
    public void A_signed_certificate_is_valid_and_names_its_signer_and_time()
    {
        var verdict = Verify(Signed);
        verdict.Trust.ShouldBe(PdfTrust.Valid, verdict.Message);
        verdict.SignerPem.ShouldBe(Sample.Key.PublicPem);
        verdict.SignerFingerprint.ShouldBe(Sample.Key.Fingerprint);
        verdict.SignerName.ShouldBe("上海善别信息技术有限公司");
        verdict.SignedAt.ShouldBe(Sample.Now);
    }

    [Fact]
    public void The_certificate_may_be_given_as_the_trusted_key_and_a_private_key_may_not()
    {
        PdfSignature.Verify(Signed, Sample.Key.Certificate.ExportCertificatePem()).Trust.ShouldBe(PdfTrust.Valid);
        using var key = Sample.Key.Ecdsa();
        Should.Throw<ArgumentException>(() => PdfSignature.Verify(Signed, key.ExportPkcs8PrivateKeyPem()));
        Should.Throw<ArgumentException>(() => PdfSignature.Verify(Signed, "no key"));
    }

    [Fact]
    public void Another_key_is_not_trusted()
    {
        using var other = InstallationKey.Create("Somebody", Sample.Now);
        PdfSignature.Verify(Signed, other.PublicPem).Trust.ShouldBe(PdfTrust.NotTrusted);
        var imitation = CertificateDocument.Make(Sample.Certificate("zh"), Sample.Fonts, other);
        Verify(imitation).Trust.ShouldBe(PdfTrust.NotTrusted);
    }

    [Fact]
    public void An_unsigned_file_and_anything_else_is_not_signed()
    {
        Verify(CertificateDocument.Make(Sample.Certificate("en"), Sample.Fonts)).Trust.ShouldBe(PdfTrust.NotSigned);
        Verify([]).Trust.ShouldBe(PdfTrust.NotSigned);
        Verify(Encoding.UTF8.GetBytes("plain text")).Trust.ShouldBe(PdfTrust.NotSigned);
    }

    [Fact]
    public void A_file_larger_than_any_that_we_sign_is_not_looked_at()
    {
        var pdf = new byte[PdfSignature.MaxSize + 1];
        "%PDF-1.7"u8.CopyTo(pdf);
        var verdict = Verify(pdf);
        (verdict.Trust, verdict.Message).ShouldBe((PdfTrust.NotSigned, PdfSignature.TooLarge.Message));
    }

    [Fact]
    public void Every_flipped_bit_of_the_signature_itself_is_refused()
    {
        var (from, until) = Contents();
        var used = until;
        while (Signed[used - 2] == (byte)'0')
            used--;
        var missed = Enumerable
            .Range((from - 200) * 8, (used + 40 - from + 200) * 8) // the dictionary before it and some padding too
            .AsParallel()
            .Where(bit => Verify(Flipped(bit)).IsValid)
            .ToList();
        missed.ShouldBeEmpty(
            string.Join(' ', missed.Select(bit => $"{bit / 8 - from}:{(char)Signed[bit / 8]}^{1 << (bit % 8)}"))
        );
    }

    [Fact]
    public void A_flipped_bit_anywhere_is_refused()
    {
        var random = new Random(7);
        Enumerable
            .Range(0, 2000)
            .Select(_ => random.Next(Signed.Length * 8))
            .ToList()
            .AsParallel()
            .Where(bit => Verify(Flipped(bit)).IsValid)
            .ShouldBeEmpty();
    }

    [Fact]
    public void What_is_appended_removed_or_put_in_is_refused()
    {
        Verify([.. Signed, (byte)'\n']).Trust.ShouldBe(PdfTrust.Altered);
        Verify([.. Signed, .. "\n1 0 obj\n<<>>\nendobj\nstartxref\n0\n%%EOF\n"u8]).Trust.ShouldBe(PdfTrust.Altered);
        Verify(Signed[..^1]).Trust.ShouldBe(PdfTrust.Altered);
        Verify([.. Signed[..2000], 0, .. Signed[2000..]]).Trust.ShouldBe(PdfTrust.Altered);
    }

    [Fact]
    public void A_shifted_shuffled_or_doubled_range_is_refused()
    {
        var (from, until) = Contents();
        var rest = Signed.Length - until;
        var range = $"[0 {from} {until} {rest}]";
        foreach (
            var other in new[]
            {
                $"[0 {until} {from} {rest}]",
                $"[{until} {rest} 0 {from}]",
                $"[0 {from - 1} {until} {rest}]",
                $"[0 {from} {until - 1} {rest + 1}]",
                $"[0 {from} {until} {rest - 1}]",
                $"[1 {from - 1} {until} {rest}]",
                $"[0 {from} {until} 9999999999]",
            }
        )
            Verify(Replaced(range.PadRight(60), other.PadRight(60))).Trust.ShouldBe(PdfTrust.Altered, other);
        var appended = Encoding.ASCII.GetBytes($"\n99 0 obj\n<</ByteRange{range}>>\nendobj\n");
        Verify([.. Signed, .. appended]).Trust.ShouldBe(PdfTrust.Altered);
    }

    [Fact]
    public void What_is_put_between_the_parts_of_the_signature_is_refused()
    {
        WithSignature(Rewritten(Signature(), v => v)).ShouldBe(Signed, "as it is it is written anew");
        var data = Convert.FromHexString("06092A864886F70D010702"); // signed data
        // [1] crls, which are outside what is signed, before the signers, and whatever behind them.
        var revocations = (byte[])[0xA1, 0x06, 0xA1, 0x04, 0x06, 0x02, 0x2A, 0x03];
        foreach (var more in new byte[][] { revocations, [0xA1, 0x00], [0x05, 0x00] })
            foreach (var last in new[] { false, true })
            {
                var reader = new AsnReader(Signature(), AsnEncodingRules.DER).ReadSequence();
                reader.ReadEncodedValue().ToArray().ShouldBe(data);
                var signed = reader.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0)).ReadSequence();
                var parts = new List<byte[]>();
                while (signed.HasData)
                    parts.Add(signed.ReadEncodedValue().ToArray());
                parts.Count.ShouldBe(5);
                parts.Insert(last ? 5 : 4, more);
                byte[] inner = [.. parts.SelectMany(p => p)];

                var altered = Tagged(0x30, [.. data, .. Tagged(0xA0, Tagged(0x30, inner))]);

                Verify(WithSignature(altered)).Trust.ShouldBe(PdfTrust.Altered, Convert.ToHexString(more));
            }
    }

    [Fact]
    public void A_signature_of_a_kind_that_the_platform_cannot_check_is_refused_and_breaks_nothing()
    {
        // An ML-DSA key, where there was one on a curve: not every platform can even read it.
        var mlDsa = Convert.FromHexString("0609608648016503040311");
        var others = new[] { "06072A8648CE3D0201", "06082A8648CE3D040302" };

        var altered = Rewritten(Signature(), v => others.Contains(Convert.ToHexString(v)) ? mlDsa : v);

        altered.AsSpan().IndexOf(mlDsa).ShouldBeGreaterThan(0);
        Verify(WithSignature(altered)).Trust.ShouldBe(PdfTrust.Altered);
    }

    [Fact]
    public void An_RSA_certificate_signs_as_well()
    {
        using var rsa = RSA.Create(2048);
        var request = new CertificateRequest("CN=RSA", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(Sample.Now, Sample.Now.AddYears(1));
        using var pdf = new Pdf(Sample.Fonts, new PdfAbout("RSA", "", "", "en", Sample.Now));
        pdf.Paragraph("Signed with RSA");
        var bytes = pdf.ToBytes("", new PdfSigner(certificate, "Test"));
        PdfSignature.Verify(bytes, certificate.ExportCertificatePem()).Trust.ShouldBe(PdfTrust.Valid);
    }

    [Fact]
    public void The_key_comes_back_from_storage_and_a_wrong_pair_is_refused()
    {
        using var again = InstallationKey.From(Sample.Key.PrivateKeyBytes, Sample.Key.CertificateBytes);
        Verify(CertificateDocument.Make(Sample.Certificate("en"), Sample.Fonts, again)).IsValid.ShouldBeTrue();
        using var other = InstallationKey.Create("Somebody", Sample.Now);
        Should.Throw<CryptographicException>(() => InstallationKey.From(other.PrivateKeyBytes, again.CertificateBytes));
        Sample.Key.Certificate.NotAfter.ToUniversalTime().ShouldBe(Sample.Now.AddYears(20).UtcDateTime);
    }

    [Fact]
    public void Poppler_finds_a_valid_CAdES_signature_over_the_whole_file()
    {
        if (Tool.Run(output, "pdfsig", "-nocert", Tool.File(Signed)) is not { } report)
            return;
        report.ShouldContain("Signature is Valid");
        report.ShouldContain("ETSI.CAdES.detached");
        report.ShouldContain("Total document signed");
    }

    [Fact]
    public void Qpdf_finds_nothing_wrong_with_the_file()
    {
        foreach (var pdf in new[] { Signed, LetterDocument.Make(Sample.Letter("en"), Sample.Fonts, Sample.Key) })
            Tool.Run(output, "qpdf", "--check", Tool.File(pdf))?.ShouldNotContain("WARNING");
    }

    [Fact]
    public void Certificates_made_at_the_same_time_are_all_valid() =>
        Enumerable
            .Range(0, 24)
            .AsParallel()
            .WithDegreeOfParallelism(6)
            .Select(i =>
                Verify(CertificateDocument.Make(Sample.Certificate(i % 2 == 0 ? "zh" : "en"), Sample.Fonts, Sample.Key))
            )
            .ShouldAllBe(v => v.IsValid);

    private static PdfVerdict Verify(byte[] pdf) => PdfSignature.Verify(pdf, Sample.Key.PublicPem);

    private static byte[] Flipped(int bit)
    {
        var pdf = (byte[])Signed.Clone();
        pdf[bit / 8] ^= (byte)(1 << (bit % 8));
        return pdf;
    }

    /// <summary>Where the hexadecimal signature stands, with its brackets: [from, until).</summary>
    private static (int From, int Until) Contents()
    {
        var from = Signed.AsSpan().IndexOf("/Contents<"u8) + "/Contents".Length;
        return (from, from + Signed.AsSpan(from).IndexOf((byte)'>') + 1);
    }

    /// <summary>The signature itself, without what fills its place.</summary>
    private static byte[] Signature()
    {
        var (from, until) = Contents();
        var place = Convert.FromHexString(Encoding.ASCII.GetString(Signed.AsSpan((from + 1)..(until - 1))));
        AsnDecoder.ReadEncodedValue(place, AsnEncodingRules.DER, out _, out _, out var length);
        return place[..length];
    }

    /// <summary>The file with another signature in the place.</summary>
    private static byte[] WithSignature(byte[] signature)
    {
        var (from, until) = Contents();
        var hex = Convert.ToHexString(signature).PadRight(until - from - 2, '0');
        hex.Length.ShouldBe(until - from - 2);
        return [.. Signed[..(from + 1)], .. Encoding.ASCII.GetBytes(hex), .. Signed[(until - 1)..]];
    }

    /// <summary>The same structure with other values at its ends, and the lengths that go with them.</summary>
    private static byte[] Rewritten(ReadOnlyMemory<byte> der, Func<byte[], byte[]> change)
    {
        var all = new List<byte>();
        var reader = new AsnReader(der, AsnEncodingRules.BER);
        while (reader.HasData)
        {
            var inner = reader.PeekContentBytes();
            var isConstructed = reader.PeekTag().IsConstructed;
            var whole = reader.ReadEncodedValue().ToArray();
            all.AddRange(isConstructed ? Tagged(whole[0], Rewritten(inner, change)) : change(whole));
        }
        return [.. all];
    }

    private static byte[] Tagged(byte tag, byte[] content) =>
        content.Length < 128 ? [tag, (byte)content.Length, .. content]
        : content.Length < 256 ? [tag, 0x81, (byte)content.Length, .. content]
        : [tag, 0x82, (byte)(content.Length >> 8), (byte)(content.Length & 0xFF), .. content];

    private static byte[] Replaced(string old, string with)
    {
        var (o, w) = (old.TrimEnd(), with.TrimEnd());
        w = w.PadRight(o.Length);
        var at = Signed.AsSpan().IndexOf(Encoding.ASCII.GetBytes(o));
        at.ShouldBeGreaterThan(0);
        return [.. Signed[..at], .. Encoding.ASCII.GetBytes(w), .. Signed[(at + o.Length)..]];
    }
}
