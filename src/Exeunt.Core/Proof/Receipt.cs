using System.Security.Cryptography;
using System.Text;

namespace Exeunt.Core.Proof;

/// <summary>
/// What an applicant gets at once: the case's number and the server's time, under the installation's signature together with the leaf
/// hash of both. The hash stands in the details of an entry of the audit log, so that a proof of that entry shows that the receipt
/// was logged when it says.
/// </summary>
/// <param name="Number">"T-2026-000123".</param>
/// <param name="AtMs">Real time in milliseconds since 1970 UTC.</param>
/// <param name="LeafHash">SHA-256(0x00 ‖ statement), lower-case hexadecimal; see <see cref="Statement"/>.</param>
/// <param name="Signature">ECDSA P-256 with SHA-256 over <see cref="ToBytes"/>, 64 bytes r ‖ s, lower-case hexadecimal.</param>
public sealed record Receipt(string Number, long AtMs, string LeafHash, string Signature)
{
    /// <summary>The bytes that are hashed: three lines, each ended by a line feed.</summary>
    public static byte[] Statement(string number, long atMs) => Encoding.ASCII.GetBytes($"exeunt receipt 1\n{number}\n{atMs}\n");

    public static string HashOf(string number, long atMs) => Convert.ToHexStringLower(MerkleLog.LeafHash(Statement(number, atMs)));

    public static Receipt Sign(string number, DateTimeOffset at, ECDsa key)
    {
        var unsigned = new Receipt(number, at.ToUnixTimeMilliseconds(), HashOf(number, at.ToUnixTimeMilliseconds()), "");
        return unsigned with { Signature = Convert.ToHexStringLower(key.SignData(unsigned.ToBytes(), HashAlgorithmName.SHA256)) };
    }

    /// <summary>The bytes that are signed: the statement and the hash.</summary>
    public byte[] ToBytes() => [.. Statement(Number, AtMs), .. Encoding.ASCII.GetBytes($"{LeafHash}\n")];

    /// <summary>Whether the hash is that of number and time and the signature that of one of the keys.</summary>
    public bool IsSignedBy(params ReadOnlySpan<ECDsa> keys)
    {
        if (Number is null || Signature is null || LeafHash != HashOf(Number, AtMs) || Signature.Length != 128 || !Signature.All(char.IsAsciiHexDigitLower))
            return false;
        var (bytes, signature) = (ToBytes(), Convert.FromHexString(Signature));
        foreach (var key in keys)
            if (key.VerifyData(bytes, signature, HashAlgorithmName.SHA256))
                return true;
        return false;
    }
}

/// <summary>
/// The proof that an entry of the audit log is in the tree of a signed head: the entry's canonical line, the salt and details that open
/// its commitment, its audit path and the head. It is verified with nothing but the installation's public keys.
/// </summary>
/// <param name="Entry">The canonical line (<see cref="AuditEntry.ToBytes"/>).</param>
/// <param name="Salt">Lower-case hexadecimal.</param>
/// <param name="Details">The entry's details as they were stored.</param>
/// <param name="Path">Hashes from the leaf's sibling up, lower-case hexadecimal (RFC 6962).</param>
/// <param name="Head">The head's line in an export.</param>
public sealed record InclusionProof(string Entry, string Salt, string Details, IReadOnlyList<string> Path, SignedTreeHead Head)
{
    /// <summary>Whether the entry is in the head's tree, the head signed by one of the keys, and the details those of the entry.</summary>
    public bool Holds(params ReadOnlySpan<ECDsa> keys)
    {
        // What a forger left out is null, whatever the types say.
        if (Entry is null || Salt is null || Details is null || Path is null || Path.Any(p => p is null) || Head?.Head?.Root is null || Head.Signature is null)
            return false;
        try
        {
            return AuditEntry.Parse(Encoding.ASCII.GetBytes(Entry)) is { } entry && Head.IsSignedBy(keys)
                && entry.CommitsTo(Convert.FromHexString(Salt), Encoding.UTF8.GetBytes(Details))
                && MerkleLog.IsIncluded(entry.LeafHash(), entry.Index, Head.Head.Size, [.. Path.Select(Convert.FromHexString)], Convert.FromHexString(Head.Head.Root));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>Whether this is the proof of a receipt: its leaf hash is in the entry's details.</summary>
    public bool IsOf(Receipt receipt, params ReadOnlySpan<ECDsa> keys) => receipt.IsSignedBy(keys) && Details == $$"""{"receipt":"{{receipt.LeafHash}}"}""" && Holds(keys);
}
