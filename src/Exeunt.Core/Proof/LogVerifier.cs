using System.Security.Cryptography;

namespace Exeunt.Core.Proof;

/// <summary>What is wrong with an export of the log.</summary>
public enum LogFault
{
    /// <summary>A line is not exactly a leaf or a head.</summary>
    Malformed,

    /// <summary>A leaf does not stand at its index, a head not after its last leaf or not after the heads before it: something was cut out, put in or moved.</summary>
    OutOfOrder,

    /// <summary>The leaves do not have the root that was signed.</summary>
    Altered,

    /// <summary>A head is not signed with a trusted key, or with one that another had replaced.</summary>
    NotTrusted,

    /// <summary>It does not end with a head, or is shorter than a head that was seen before.</summary>
    Truncated,

    /// <summary>It contradicts a head that was seen before: the history was rewritten.</summary>
    Forked,
}

/// <summary>
/// The verdict on an export: valid up to <paramref name="Head"/>, or the first fault with its line (from 1; 0 when it
/// concerns the whole) and a sentence for the auditor.
/// </summary>
public sealed record LogVerdict(LogFault? Fault, long Line, string Message, TreeHead? Head)
{
    public bool IsValid => Fault is null;
}

/// <summary>
/// Verifies an export of the log without a database: JSON lines of leaves in order, each head after its last leaf, a line
/// feed after every line. Exports of successive stretches, put one after the other, are an export again.
/// </summary>
/// <remarks>
/// Trusted keys must come from outside the export. A log cut back to one of its own heads, or rewritten by the owner of
/// the key, is a valid log: only a head seen earlier (from an export, a certificate, a witness) tells. The heads between are
/// held together by entries of the log itself (<see cref="HeadChain"/>); logs that end before the first such entry are valid without.
/// </remarks>
public static class LogVerifier
{
    /// <summary>Verb of the entry that tells of a new key of the installation; its target is "signer:" and the SHA-256 of the key (SubjectPublicKeyInfo).</summary>
    public const string NewKey = "signer.changed";

    /// <summary>
    /// Reads the whole stream and gives the verdict. <paramref name="olderHeads"/> are heads seen before, in any order.
    /// </summary>
    /// <exception cref="ArgumentException">See <see cref="TrustedKey.Read"/>.</exception>
    public static LogVerdict Verify(Stream export, string trustedPem, IReadOnlyList<SignedTreeHead>? olderHeads = null)
    {
        using var key = TrustedKey.Read(trustedPem);
        return Verify(export, [key], olderHeads);
    }

    /// <summary>The same with keys that were read before: those with which the installation has signed, in any order.</summary>
    public static LogVerdict Verify(Stream export, IReadOnlyList<ECDsa> trusted, IReadOnlyList<SignedTreeHead>? olderHeads = null)
    {
        var older = (olderHeads ?? []).OrderBy(h => h.Head.Size).ToArray();
        ECDsa[] keys = [.. trusted];
        if (older.FirstOrDefault(h => !h.IsSignedBy(keys)) is { } stranger)
            return new(
                LogFault.NotTrusted,
                0,
                $"The older head of size {stranger.Head.Size} is not signed with a trusted key",
                null
            );

        var log = new MerkleFrontier();
        TreeHead? head = null;
        long number = 0;
        var next = 0; // the first older head not yet compared
        var signers = new HeadSigners(keys);
        var heads = new HeadChain();
        long agreed = 0; // line of the last entry that told of the heads before it
        AuditEntry? announced = null; // the last entry that tells of a new key
        LogVerdict? forked = null; // told only when the export is sound in itself: then the owner of the key did it
        CompareWithOlderHeads();
        foreach (var bytes in Lines(export))
        {
            number++;
            var line = bytes.Span;
            if (AuditEntry.Parse(line) is { } entry)
            {
                if (entry.Index != log.Size)
                    return Fail(LogFault.OutOfOrder, $"leaf {entry.Index} where leaf {log.Size} belongs");
                if (entry.Verb == HeadChain.Verb)
                {
                    if (entry.Target != heads.Name)
                        return Fail(LogFault.OutOfOrder, OtherHeads(entry, heads, agreed));
                    agreed = number;
                }
                log.Append(MerkleLog.LeafHash(line));
                if (entry.Verb == NewKey)
                {
                    announced = entry;
                    signers.Announce(entry.Target);
                }
                CompareWithOlderHeads();
            }
            else if (SignedTreeHead.Parse(line) is { } signed)
            {
                if (signed.Head.Size != log.Size)
                    return Fail(LogFault.OutOfOrder, $"a head of size {signed.Head.Size} after {log.Size} leaves");
                if (signed.Head.Size == head?.Size)
                    return Fail(LogFault.OutOfOrder, $"a second head of size {signed.Head.Size}");
                if (signed.Head.Root != Convert.ToHexStringLower(log.Root()))
                    return Fail(LogFault.Altered, "the leaves do not have the root that was signed");
                if (!signers.Accept(signed))
                    return Fail(LogFault.NotTrusted, signers.IsReplaced(signed) ? "the head is signed with a key that another had replaced"
                        : announced is null ? "the head is not signed with a trusted key"
                        : $"the head is not signed with a trusted key; leaf {announced.Index} tells of a new one, {announced.Target}: get it from the company, compare it, and trust it as well");
                head = signed.Head;
                heads.Append(signed);
            }
            else
            {
                return Fail(LogFault.Malformed, "neither a leaf nor a head");
            }
        }
        if (head is null || head.Size != log.Size)
            return new(LogFault.Truncated, 0, $"No signed head after the last of {log.Size} leaves", head);
        if (forked is not null)
            return forked;
        if (next < older.Length)
            return new(
                LogFault.Truncated,
                0,
                $"The export has {log.Size} leaves; a head of size {older[^1].Head.Size} was seen before",
                head
            );
        return new(null, 0, $"{head.Size} leaves, root {head.Root}", head);

        LogVerdict Fail(LogFault fault, string what) => new(fault, number, $"Line {number}: {what}", head);

        void CompareWithOlderHeads()
        {
            for (; next < older.Length && older[next].Head.Size == log.Size; next++)
                if (older[next].Head.Root != Convert.ToHexStringLower(log.Root()))
                    forked ??= new(
                        LogFault.Forked,
                        number,
                        $"The first {log.Size} leaves do not have the root of a head seen before",
                        older[next].Head
                    );
        }
    }

    /// <summary>What is wrong with the heads when an entry tells of others than those that stand before it.</summary>
    private static string OtherHeads(AuditEntry entry, HeadChain heads, long agreed)
    {
        var between = agreed == 0 ? "before this line" : $"between line {agreed} and this one";
        return HeadChain.Parse(entry.Target) is not { } told ? $"leaf {entry.Index} tells of signed heads in a way that is not ours"
            : told.Count == heads.Count ? $"leaf {entry.Index} tells of other signed heads than stand here: one {between} was exchanged"
            : $"leaf {entry.Index} tells of {told.Count} signed heads before it, and here are {heads.Count}: {between} one was {(told.Count > heads.Count ? "left out" : "put in")}";
    }

    /// <summary>The lines without their line feed; a last line without one comes with what is there plus a marker that no parser takes.</summary>
    private static IEnumerable<ReadOnlyMemory<byte>> Lines(Stream stream)
    {
        var buffer = new byte[1 << 16];
        int start = 0,
            end = 0;
        while (true)
        {
            var length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                yield return buffer.AsMemory(start, length);
                start += length + 1;
                continue;
            }
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
            var read = end < buffer.Length ? stream.Read(buffer, end, buffer.Length - end) : 0;
            if (read == 0)
                break;
            end += read;
        }
        if (end > 0) // unfinished, or longer than any line of ours
            yield return "unfinished line"u8.ToArray();
    }
}
