using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Exeunt.Core.Proof;

/// <summary>
/// One leaf of the audit log: who did what to which, when, and a salted commitment to the details. It never holds personal
/// data: ids take letters, digits and <c>: . _ - /</c> only (no name in Chinese, no mail address), and a commitment tells
/// nothing without its salt, which is stored beside the details and destroyed with them.
/// </summary>
/// <param name="Index">Place in the log, from 0.</param>
/// <param name="AtMs">Real time in milliseconds since 1970 UTC (PostgreSQL keeps no 100 ns).</param>
/// <param name="Actor">Id of the one who acted.</param>
/// <param name="Verb">What was done: "settlement.approved".</param>
/// <param name="Target">Id of what it was done to.</param>
/// <param name="Commitment">HMAC-SHA256(salt, details) in lower-case hexadecimal, 64 digits.</param>
public sealed record AuditEntry(long Index, long AtMs, string Actor, string Verb, string Target, string Commitment)
{
    /// <summary>Longest id that a leaf holds, in characters.</summary>
    public const int MaxId = 200;

    /// <summary>Length of a salt in bytes.</summary>
    public const int SaltSize = 16;

    private static readonly SearchValues<char> IdCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:._-/"
    );

    /// <summary>The commitment to some details: HMAC-SHA256(salt, details), lower-case hexadecimal.</summary>
    public static string Commit(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> details) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(salt, details));

    /// <summary>Whether these are the details that the entry commits to.</summary>
    public bool CommitsTo(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> details) =>
        string.Equals(Commit(salt, details), Commitment, StringComparison.Ordinal);

    /// <summary>
    /// The canonical bytes of the leaf, which are also its line in an export (without the line feed): JSON with the
    /// members in a fixed order, no white space, ASCII only.
    /// </summary>
    /// <exception cref="ArgumentException">An id or the commitment is not of its form, or a number is negative.</exception>
    public byte[] ToBytes()
    {
        if (!IsWellFormed)
            throw new ArgumentException($"Not an audit entry that may enter the log: {Verb} at {Index}");
        return Encoding.ASCII.GetBytes(
            $$"""{"index":{{Index}},"at":{{AtMs}},"actor":"{{Actor}}","verb":"{{Verb}}","target":"{{Target}}","commitment":"{{Commitment}}"}"""
        );
    }

    /// <summary>The entry whose canonical bytes these are; null when they are not canonical bytes of any.</summary>
    public static AuditEntry? Parse(ReadOnlySpan<byte> line)
    {
        if (
            !TakeNumber(ref line, "{\"index\":"u8, out var index)
            || !TakeNumber(ref line, ",\"at\":"u8, out var at)
            || !TakeText(ref line, ",\"actor\":\""u8, out var actor)
            || !TakeText(ref line, ",\"verb\":\""u8, out var verb)
            || !TakeText(ref line, ",\"target\":\""u8, out var target)
            || !TakeText(ref line, ",\"commitment\":\""u8, out var commitment)
            || !line.SequenceEqual("}"u8)
        )
            return null;
        var entry = new AuditEntry(index, at, actor, verb, target, commitment);
        return entry.IsWellFormed ? entry : null;
    }

    /// <summary>The hash under which the entry stands in the log.</summary>
    public byte[] LeafHash() => MerkleLog.LeafHash(ToBytes());

    private bool IsWellFormed =>
        Index >= 0
        && AtMs >= 0
        && IsId(Actor)
        && IsId(Verb)
        && IsId(Target)
        && Commitment.Length == 64
        && !Commitment.AsSpan().ContainsAnyExcept(Hexadecimal);

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    /// <summary>
    /// A text as an id that may stand in a leaf: itself, or, where it has other characters or is too long, what comes before its first colon
    /// and the hash of the whole. Equal texts give equal ids.
    /// </summary>
    public static string IdOf(string text)
    {
        if (IsId(text))
            return text;
        var kind = text.Split(':')[0];
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return IsId(kind) && kind.Length < MaxId - hash.Length - 10 ? $"{kind}:sha256-{hash}" : $"sha256-{hash}";
    }

    private static bool IsId(string text) =>
        text.Length is > 0 and <= MaxId && !text.AsSpan().ContainsAnyExcept(IdCharacters);

    /// <summary>Takes a label and a whole number in its only form: digits without sign or leading zero.</summary>
    internal static bool TakeNumber(ref ReadOnlySpan<byte> line, ReadOnlySpan<byte> label, out long number)
    {
        number = 0;
        if (!line.StartsWith(label))
            return false;
        line = line[label.Length..];
        if (line.IsEmpty || !char.IsAsciiDigit((char)line[0]) || !Utf8Parser.TryParse(line, out number, out var digits))
            return false;
        var canonical = line[0] != (byte)'0' || digits == 1;
        line = line[digits..];
        return canonical;
    }

    /// <summary>Takes a label that ends in a quotation mark, and the text up to the closing one.</summary>
    internal static bool TakeText(ref ReadOnlySpan<byte> line, ReadOnlySpan<byte> label, out string text)
    {
        text = "";
        if (!line.StartsWith(label))
            return false;
        line = line[label.Length..];
        var end = line.IndexOf((byte)'"');
        if (end < 0 || !Ascii.IsValid(line[..end]))
            return false;
        text = Encoding.ASCII.GetString(line[..end]);
        line = line[(end + 1)..];
        return true;
    }
}
