using System.Security.Cryptography;
using System.Text;

namespace Exeunt.Core.Proof;

/// <summary>What the log was at an instant: its size, the root of its tree, and when (milliseconds since 1970 UTC).</summary>
/// <param name="Size">Number of leaves.</param>
/// <param name="Root">Root hash in lower-case hexadecimal, 64 digits.</param>
/// <param name="AtMs">Real time in milliseconds since 1970 UTC.</param>
public sealed record TreeHead(long Size, string Root, long AtMs)
{
    /// <summary>The head of a log whose right edge this is.</summary>
    public static TreeHead Of(MerkleFrontier log, DateTimeOffset at) =>
        new(log.Size, Convert.ToHexStringLower(log.Root()), at.ToUnixTimeMilliseconds());

    /// <summary>
    /// The bytes to sign. They begin with words of their own, so that the key may sign other things (documents) and
    /// neither can be taken for the other.
    /// </summary>
    public byte[] ToBytes() => Encoding.ASCII.GetBytes($"exeunt tree head 1\n{Size}\n{Root}\n{AtMs}\n");
}

/// <summary>A tree head under a signature: ECDSA P-256 with SHA-256, 64 bytes r ‖ s, lower-case hexadecimal.</summary>
public sealed record SignedTreeHead(TreeHead Head, string Signature)
{
    /// <summary>Signs with the private key of an installation. ECDSA draws its nonce from the system.</summary>
    public static SignedTreeHead Sign(TreeHead head, ECDsa key) =>
        new(head, Convert.ToHexStringLower(key.SignData(head.ToBytes(), HashAlgorithmName.SHA256)));

    /// <summary>Signs with a private key in PEM.</summary>
    /// <exception cref="ArgumentException">Not the PEM of an elliptic-curve private key.</exception>
    public static SignedTreeHead Sign(TreeHead head, string privatePem)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(privatePem);
        return Sign(head, key);
    }

    /// <summary>Whether the key that belongs to one of these public keys signed the head.</summary>
    public bool IsSignedBy(params ReadOnlySpan<ECDsa> publicKeys)
    {
        if (Signature.Length != 128)
            return false;
        var (bytes, signature) = (Head.ToBytes(), Convert.FromHexString(Signature));
        foreach (var key in publicKeys)
            if (key.VerifyData(bytes, signature, HashAlgorithmName.SHA256))
                return true;
        return false;
    }

    /// <summary>Whether the key that belongs to this public key (PEM) signed the head.</summary>
    /// <exception cref="ArgumentException">Not the PEM of an elliptic-curve public key.</exception>
    public bool IsSignedBy(string publicPem)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(publicPem);
        return IsSignedBy(key);
    }

    /// <summary>The line of the head in an export: JSON in one form only, without the line feed.</summary>
    public string ToLine() =>
        $$"""{"size":{{Head.Size}},"root":"{{Head.Root}}","at":{{Head.AtMs}},"signature":"{{Signature}}"}""";

    /// <summary>The head whose line this is; null when it is not exactly the line of any. Signatures are not checked.</summary>
    public static SignedTreeHead? Parse(ReadOnlySpan<byte> line)
    {
        if (
            !AuditEntry.TakeNumber(ref line, "{\"size\":"u8, out var size)
            || !AuditEntry.TakeText(ref line, ",\"root\":\""u8, out var root)
            || !AuditEntry.TakeNumber(ref line, ",\"at\":"u8, out var at)
            || !AuditEntry.TakeText(ref line, ",\"signature\":\""u8, out var signature)
            || !line.SequenceEqual("}"u8)
            || !IsHexadecimal(root, 64)
            || !IsHexadecimal(signature, 128)
        )
            return null;
        return new(new TreeHead(size, root, at), signature);
    }

    private static bool IsHexadecimal(string text, int digits) =>
        text.Length == digits && text.All(char.IsAsciiHexDigitLower);
}

/// <summary>
/// Follows who signs the heads of one log, in their order: one of the trusted keys at a time. A key that another has replaced signs no more: whoever got
/// hold of it cannot go on with the log. It is replaced once it has signed a head that tells of another (<see cref="Announce"/>), also when that one never comes.
/// </summary>
public sealed class HeadSigners(IReadOnlyList<ECDsa> trusted)
{
    private readonly HashSet<ECDsa> _replaced = [];
    private readonly HashSet<string> _announced = new(StringComparer.Ordinal);
    private ECDsa? _current;

    /// <summary>How a log names a key.</summary>
    /// <param name="digest">SHA-256 of its SubjectPublicKeyInfo, lower-case hexadecimal.</param>
    public static string NameOf(string digest) => $"signer:{digest}";

    /// <summary>An entry tells of a new key; the head that covers it is the last one of the key before.</summary>
    /// <param name="name">See <see cref="NameOf"/>.</param>
    public void Announce(string name) => _announced.Add(name);

    /// <summary>Whether the next head is signed by the key that signs, or by one that takes over from it.</summary>
    public bool Accept(SignedTreeHead head)
    {
        if (_current is { } current && head.IsSignedBy(current))
        {
            Retire(current);
            return true;
        }
        if (trusted.FirstOrDefault(k => k != _current && !_replaced.Contains(k) && head.IsSignedBy(k)) is not { } next)
            return false;
        if (_current is not null)
            _replaced.Add(_current);
        _current = next;
        Retire(next);
        return true;
    }

    private void Retire(ECDsa signed)
    {
        if (_announced.Count > 0 && !_announced.Contains(NameOf(Convert.ToHexStringLower(SHA256.HashData(signed.ExportSubjectPublicKeyInfo())))))
            _replaced.Add(signed);
        if (_replaced.Contains(signed))
            _current = null;
        _announced.Clear();
    }

    /// <summary>Whether a head that is not accepted is signed by a key that another has replaced.</summary>
    public bool IsReplaced(SignedTreeHead head) => _replaced.Any(k => head.IsSignedBy(k));
}
