using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Exeunt.Core.Proof;

/// <summary>
/// The signed heads of a log so far: how many, and a digest over their lines in order. The first entry after a head tells of them, so that every later
/// head vouches for all before it, and one that was left out, doubled, moved or exchanged is seen. Logs from before there were such entries have none;
/// the first one that comes covers their heads too.
/// </summary>
public sealed class HeadChain
{
    /// <summary>Verb of the entry that tells of the heads before it; its target is their <see cref="Name"/>.</summary>
    public const string Verb = "audit-log.heads";

    private byte[] _digest = new byte[SHA256.HashSizeInBytes];

    /// <summary>How many heads there were.</summary>
    public long Count { get; private set; }

    /// <summary>"heads:", the number of heads, ":" and the digest in lower-case hexadecimal.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"heads:{Count}:{Convert.ToHexStringLower(_digest)}");

    /// <summary>The next head: the digest becomes SHA-256(digest ‖ line ‖ line feed); before the first it is 32 zero bytes.</summary>
    public void Append(SignedTreeHead head)
    {
        _digest = SHA256.HashData([.. _digest, .. Encoding.ASCII.GetBytes(head.ToLine() + "\n")]);
        Count++;
    }

    /// <summary>The heads of a name; null when it is not exactly the name of any.</summary>
    public static HeadChain? Parse(string name) =>
        name.Split(':') is ["heads", var count, { Length: 64 } digest]
        && long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && digest.All(char.IsAsciiHexDigitLower)
        && new HeadChain { Count = number, _digest = Convert.FromHexString(digest) } is var heads
        && heads.Name == name
            ? heads
            : null;
}
