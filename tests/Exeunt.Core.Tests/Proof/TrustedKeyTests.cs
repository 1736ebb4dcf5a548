using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Exeunt.Core.Proof;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Proof;

/// <summary>What verifiers take for a trusted key, an id of the log, and a proof that a log only grew.</summary>
public sealed class TrustedKeyTests
{
    [Fact]
    public void A_public_key_and_its_certificate_are_one_key()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=Somebody", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(90));

        foreach (var pem in new[] { key.ExportSubjectPublicKeyInfoPem(), certificate.ExportCertificatePem(), "a note before\n" + key.ExportSubjectPublicKeyInfoPem() + "\nand after\n" })
        {
            using var read = TrustedKey.Read(pem);
            read.ExportSubjectPublicKeyInfo().ShouldBe(key.ExportSubjectPublicKeyInfo());
        }
    }

    [Fact]
    public void Private_two_broken_and_foreign_keys_are_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        var good = key.ExportSubjectPublicKeyInfoPem();
        foreach (var pem in new[]
                 {
                     "", "nothing", key.ExportPkcs8PrivateKeyPem(), key.ExportECPrivateKeyPem(), good + "\n" + good, good + "\n" + key.ExportPkcs8PrivateKeyPem(), other.ExportSubjectPublicKeyInfoPem(),
                     rsa.ExportSubjectPublicKeyInfoPem(), "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                 })
            Should.Throw<ArgumentException>(() => TrustedKey.Read(pem), pem);
    }

    [Fact]
    public void Keys_of_a_curve_that_has_no_name_or_an_unknown_one_are_refused_as_any_wrong_key_is()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var unknown = key.ExportSubjectPublicKeyInfo();
        var curve = unknown.AsSpan().IndexOf(Convert.FromHexString("06082A8648CE3D030107"));
        curve.ShouldBeGreaterThan(0);
        unknown[curve + 9] = 0x70;
        // P-384, its parameters written out: openssl ecparam -name secp384r1 -param_enc explicit.
        const string WrittenOut = """
            -----BEGIN PUBLIC KEY-----
            MIIBzDCCAWQGByqGSM49AgEwggFXAgEBMDwGByqGSM49AQECMQD/////////////
            /////////////////////////////v////8AAAAAAAAAAP////8wewQw////////
            //////////////////////////////////7/////AAAAAAAAAAD////8BDCzMS+n
            4j7n5JiOBWvj+C0ZGB2cbv6BQRIDFAiPUBOHWsZWOY2KLtGdKoXI7dPsKu8DFQCj
            NZJqoxmieh0AiWpnc6SCes2scwRhBKqHyiK+iwU3jrHHHvMgrXRuHTtii6ebmFn3
            QeCCVCo4VQLyXb9VKWw6VF44cnYKtzYX3kqWJixvXZ6Yv5KS3Cn49B29KJoUfOna
            MRO18LjACmCxzh1+gZ16Qx18kOoOXwIxAP//////////////////////////////
            /8djTYH0Ny3fWBoNskiwp3rs7BlqzMUpcwIBAQNiAATckhL5e6Otp1/pne8M8myC
            DL+fSrLU/qrU+3nkS5rtd9lMDkdNaNU+x4th2scnswkDfl1GqpXl60ROOX2MvJPc
            6V/mu1VdXZQVnMFGrM/QwQEB347rCUvrnLqetg3HYGk=
            -----END PUBLIC KEY-----
            """;
        foreach (var pem in new[] { PemEncoding.WriteString("PUBLIC KEY", unknown), WrittenOut })
            Should.Throw<ArgumentException>(() => TrustedKey.Read(pem), pem);
    }

    [Theory]
    [InlineData("product:纸箱 A")]
    [InlineData("product:a b")]
    [InlineData("纸箱")]
    [InlineData("")]
    [InlineData("a:\"\n")]
    public void Any_text_has_an_id_that_may_stand_in_the_log(string text)
    {
        var id = AuditEntry.IdOf(text);
        var entry = new AuditEntry(0, 1, "system", "product.saved", id, new string('0', 64));

        AuditEntry.Parse(entry.ToBytes()).ShouldBe(entry);
        AuditEntry.IdOf(text).ShouldBe(id);
        AuditEntry.IdOf(text + " ").ShouldNotBe(id);
        AuditEntry.IdOf(new string('x', 5000) + text).Length.ShouldBeLessThanOrEqualTo(AuditEntry.MaxId);
        AuditEntry.IdOf("case:0198aa").ShouldBe("case:0198aa");
    }

    [Fact]
    public void A_proof_of_growth_holds_between_any_two_heads_and_no_altered_one_does()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var leaves = Enumerable.Range(0, 40).Select(i => MerkleLog.LeafHash([(byte)i])).ToList();
        SignedTreeHead Head(int size, ECDsa by) => SignedTreeHead.Sign(new TreeHead(size, Convert.ToHexStringLower(MerkleLog.Root(size, MerkleLog.Over(leaves))), size), by);
        for (var from = 1; from <= leaves.Count; from++)
            for (var to = from; to <= leaves.Count; to++)
            {
                var proof = new ConsistencyProof(Head(from, key), Head(to, key), [.. MerkleLog.Consistency(from, to, MerkleLog.Over(leaves)).Select(Convert.ToHexStringLower)]);
                proof.Holds(key).ShouldBeTrue($"{from} {to}");
                if (to == from)
                    continue;
                (proof with { Path = [.. proof.Path.Skip(1)] }).Holds(key).ShouldBeFalse();
                (proof with { Older = Head(from, stranger) }).Holds(key).ShouldBeFalse();
                (proof with { Older = proof.Newer, Newer = proof.Older }).Holds(key).ShouldBeFalse();
            }
        var some = new ConsistencyProof(Head(3, key), Head(8, key), [.. MerkleLog.Consistency(3, 8, MerkleLog.Over(leaves)).Select(Convert.ToHexStringLower)]);
        (some with { Path = ["zz"] }).Holds(key).ShouldBeFalse();
        (some with { Path = null! }).Holds(key).ShouldBeFalse();
        (some with { Older = Head(2, key) }).Holds(key).ShouldBeFalse();
    }
}
