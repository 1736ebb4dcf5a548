using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace Exeunt.Core.Proof;

/// <summary>
/// Reads the hash of a complete subtree: the 2^<paramref name="level"/> leaves that begin at leaf
/// <paramref name="index"/> · 2^<paramref name="level"/>. Level 0 is a leaf hash. Complete subtrees never change, so they
/// may be stored (see <see cref="MerkleFrontier.Append"/>) or computed (see <see cref="MerkleLog.Over"/>).
/// </summary>
public delegate byte[] SubtreeHash(int level, long index);

/// <summary>
/// The Merkle tree of a transparency log: hashes, roots, proofs and their verification. All hashes are 32 bytes.
/// </summary>
/// <remarks>
/// Source: RFC 6962 section 2.1; verification as RFC 9162 sections 2.1.3.2 and 2.1.4.2. A proof shows that a leaf or an
/// older tree belongs to a root; the size that goes with the root is vouched for by the signed tree head alone.
/// </remarks>
public static class MerkleLog
{
    public const int HashSize = SHA256.HashSizeInBytes;

    /// <summary>Root of the log without leaves: SHA-256 of nothing.</summary>
    public static byte[] EmptyRoot => SHA256.HashData([]);

    /// <summary>SHA-256(0x00 ‖ data).</summary>
    public static byte[] LeafHash(ReadOnlySpan<byte> data)
    {
        Span<byte> buffer = data.Length < 1024 ? stackalloc byte[data.Length + 1] : new byte[data.Length + 1];
        buffer[0] = 0;
        data.CopyTo(buffer[1..]);
        return SHA256.HashData(buffer);
    }

    /// <summary>SHA-256(0x01 ‖ left ‖ right).</summary>
    public static byte[] NodeHash(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> buffer = stackalloc byte[1 + 2 * HashSize];
        buffer[0] = 1;
        left.CopyTo(buffer[1..]);
        right.CopyTo(buffer[(1 + HashSize)..]);
        return SHA256.HashData(buffer);
    }

    /// <summary>Subtrees computed from leaf hashes held in memory.</summary>
    public static SubtreeHash Over(IReadOnlyList<byte[]> leafHashes)
    {
        return Compute;

        byte[] Compute(int level, long index) =>
            level == 0
                ? leafHashes[checked((int)index)]
                : NodeHash(Compute(level - 1, 2 * index), Compute(level - 1, 2 * index + 1));
    }

    /// <summary>Root of the first <paramref name="size"/> leaves.</summary>
    public static byte[] Root(long size, SubtreeHash subtree)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        return size == 0 ? EmptyRoot : RangeRoot(0, size, subtree);
    }

    /// <summary>
    /// The audit path of leaf <paramref name="index"/> in the tree of the first <paramref name="size"/> leaves, from the
    /// leaf's sibling up. Reads at most 2·log₂(size) subtrees.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such leaf in a tree of that size.</exception>
    public static IReadOnlyList<byte[]> Inclusion(long index, long size, SubtreeHash subtree)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var path = new List<byte[]>();
        for (long from = 0, until = size; until - from > 1; )
        {
            var middle = from + LargestPowerOfTwoBelow(until - from);
            if (index < middle)
            {
                path.Add(RangeRoot(middle, until, subtree));
                until = middle;
            }
            else
            {
                path.Add(RangeRoot(from, middle, subtree));
                from = middle;
            }
        }
        path.Reverse();
        return path;
    }

    /// <summary>
    /// The proof that the tree of the first <paramref name="newSize"/> leaves begins with the tree of the first
    /// <paramref name="oldSize"/>. Empty when the sizes are equal or the old tree is empty.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 ≤ old size ≤ new size.</exception>
    public static IReadOnlyList<byte[]> Consistency(long oldSize, long newSize, SubtreeHash subtree)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(oldSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(oldSize, newSize);
        if (oldSize == 0 || oldSize == newSize)
            return [];
        var path = new List<byte[]>();
        long from = 0,
            until = newSize;
        while (until != oldSize)
        {
            var middle = from + LargestPowerOfTwoBelow(until - from);
            if (oldSize <= middle)
            {
                path.Add(RangeRoot(middle, until, subtree));
                until = middle;
            }
            else
            {
                path.Add(RangeRoot(from, middle, subtree));
                from = middle;
            }
        }
        if (from != 0) // else the old root, which the verifier knows, is the start
            path.Add(RangeRoot(from, until, subtree));
        path.Reverse();
        return path;
    }

    /// <summary>Whether the path leads from the leaf at <paramref name="index"/> to the root of the tree.</summary>
    public static bool IsIncluded(
        ReadOnlySpan<byte> leafHash,
        long index,
        long size,
        IReadOnlyList<byte[]> path,
        ReadOnlySpan<byte> root
    )
    {
        if (index < 0 || index >= size || leafHash.Length != HashSize || path.Any(p => p.Length != HashSize))
            return false;
        var (node, last) = (index, size - 1);
        var hash = leafHash.ToArray();
        foreach (var sibling in path)
        {
            if (last == 0)
                return false;
            if ((node & 1) == 1 || node == last)
            {
                hash = NodeHash(sibling, hash);
                while ((node & 1) == 0 && node != 0)
                    (node, last) = (node >> 1, last >> 1);
            }
            else
            {
                hash = NodeHash(hash, sibling);
            }
            (node, last) = (node >> 1, last >> 1);
        }
        return last == 0 && root.SequenceEqual(hash);
    }

    /// <summary>Whether the proof shows that the new tree begins with the old one.</summary>
    public static bool IsConsistent(
        long oldSize,
        ReadOnlySpan<byte> oldRoot,
        long newSize,
        ReadOnlySpan<byte> newRoot,
        IReadOnlyList<byte[]> proof
    )
    {
        if (oldSize < 0 || oldSize > newSize || proof.Any(p => p.Length != HashSize))
            return false;
        if (oldSize == 0)
            return proof.Count == 0 && oldRoot.SequenceEqual(EmptyRoot);
        if (oldSize == newSize)
            return proof.Count == 0 && oldRoot.SequenceEqual(newRoot);

        var path = BitOperations.IsPow2(oldSize) ? proof.Prepend(oldRoot.ToArray()).ToArray() : [.. proof];
        if (path.Length == 0)
            return false;
        var (node, last) = (oldSize - 1, newSize - 1);
        while ((node & 1) == 1)
            (node, last) = (node >> 1, last >> 1);
        var (oldHash, newHash) = (path[0], path[0]);
        foreach (var sibling in path.Skip(1))
        {
            if (last == 0)
                return false;
            if ((node & 1) == 1 || node == last)
            {
                oldHash = NodeHash(sibling, oldHash);
                newHash = NodeHash(sibling, newHash);
                while ((node & 1) == 0 && node != 0)
                    (node, last) = (node >> 1, last >> 1);
            }
            else
            {
                newHash = NodeHash(newHash, sibling);
            }
            (node, last) = (node >> 1, last >> 1);
        }
        return last == 0 && oldRoot.SequenceEqual(oldHash) && newRoot.SequenceEqual(newHash);
    }

    /// <summary>Root of the leaves [from, until); <paramref name="from"/> is a multiple of a power of two ≥ its length.</summary>
    private static byte[] RangeRoot(long from, long until, SubtreeHash subtree)
    {
        var length = until - from;
        if (BitOperations.IsPow2(length))
        {
            var level = BitOperations.Log2((ulong)length);
            return subtree(level, from >> level);
        }
        var middle = from + LargestPowerOfTwoBelow(length);
        return NodeHash(RangeRoot(from, middle, subtree), RangeRoot(middle, until, subtree));
    }

    /// <summary>The largest power of two smaller than n; n ≥ 2.</summary>
    private static long LargestPowerOfTwoBelow(long n) => 1L << BitOperations.Log2((ulong)(n - 1));
}

/// <summary>
/// The right edge of the log: the roots of the complete subtrees that its size is made of, largest first (one per bit of
/// the size). Enough to append and to give the root, without the leaves; not thread-safe.
/// </summary>
public sealed class MerkleFrontier
{
    private readonly List<byte[]> _peaks = [];

    /// <summary>Number of leaves.</summary>
    public long Size { get; private set; }

    /// <summary>
    /// Appends a leaf in O(log n). <paramref name="completed"/> is told every subtree that this leaf completes, itself
    /// first (level, index, hash): stored, they are all that proofs ever need.
    /// </summary>
    public void Append(byte[] leafHash, Action<int, long, byte[]>? completed = null)
    {
        if (leafHash.Length != MerkleLog.HashSize)
            throw new ArgumentException("A leaf hash has 32 bytes", nameof(leafHash));
        var (hash, index, level) = (leafHash, Size, 0);
        completed?.Invoke(level, index, hash);
        for (; (index & 1) == 1; index >>= 1)
        {
            hash = MerkleLog.NodeHash(_peaks[^1], hash);
            _peaks.RemoveAt(_peaks.Count - 1);
            completed?.Invoke(++level, index >> 1, hash);
        }
        _peaks.Add(hash);
        Size++;
    }

    /// <summary>Root of the log as it stands.</summary>
    public byte[] Root()
    {
        if (Size == 0)
            return MerkleLog.EmptyRoot;
        var hash = _peaks[^1];
        for (var i = _peaks.Count - 2; i >= 0; i--)
            hash = MerkleLog.NodeHash(_peaks[i], hash);
        return hash;
    }

    /// <summary>Size (8 bytes, big-endian) and the peaks, largest first.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[8 + _peaks.Count * MerkleLog.HashSize];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Size);
        for (var i = 0; i < _peaks.Count; i++)
            _peaks[i].CopyTo(bytes, 8 + i * MerkleLog.HashSize);
        return bytes;
    }

    /// <summary>The inverse of <see cref="ToBytes"/>.</summary>
    /// <exception cref="FormatException">The length does not fit the size.</exception>
    public static MerkleFrontier FromBytes(ReadOnlySpan<byte> bytes)
    {
        var size = bytes.Length < 8 ? -1 : BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (size < 0 || bytes.Length != 8 + BitOperations.PopCount((ulong)size) * MerkleLog.HashSize)
            throw new FormatException("Not a Merkle frontier");
        var frontier = new MerkleFrontier { Size = size };
        for (var at = 8; at < bytes.Length; at += MerkleLog.HashSize)
            frontier._peaks.Add(bytes.Slice(at, MerkleLog.HashSize).ToArray());
        return frontier;
    }
}
