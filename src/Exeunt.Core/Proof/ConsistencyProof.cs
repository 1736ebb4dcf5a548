using System.Security.Cryptography;

namespace Exeunt.Core.Proof;

/// <summary>
/// The proof that a log only grew: that the tree of a newer signed head begins with the tree of an older one (RFC 6962). It is verified with
/// nothing but the installation's public keys.
/// </summary>
/// <param name="Path">Hashes in the order of the RFC, lower-case hexadecimal; empty when both heads are of one size.</param>
public sealed record ConsistencyProof(SignedTreeHead Older, SignedTreeHead Newer, IReadOnlyList<string> Path)
{
    /// <summary>Whether both heads are signed by one of the keys each and the newer tree begins with the older.</summary>
    public bool Holds(params ReadOnlySpan<ECDsa> keys)
    {
        // What a forger left out is null, whatever the types say.
        if (Path is null || Path.Any(p => p is null) || Older?.Head?.Root is null || Older.Signature is null || Newer?.Head?.Root is null || Newer.Signature is null)
            return false;
        try
        {
            return Older.IsSignedBy(keys) && Newer.IsSignedBy(keys) && MerkleLog.IsConsistent(
                Older.Head.Size, Convert.FromHexString(Older.Head.Root), Newer.Head.Size, Convert.FromHexString(Newer.Head.Root), [.. Path.Select(Convert.FromHexString)]);
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
