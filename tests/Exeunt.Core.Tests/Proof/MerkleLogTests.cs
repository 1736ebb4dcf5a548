using Exeunt.Core.Proof;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Proof;

public class MerkleLogTests
{
    /// <summary>The reference entries of the Certificate Transparency test suite.</summary>
    private static readonly byte[][] References =
    [
        .. new[]
        {
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        }.Select(Convert.FromHexString),
    ];

    /// <summary>Roots of the first n reference entries, n = 0…8, as published with them.</summary>
    private static readonly string[] Roots =
    [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    private static readonly SubtreeHash ReferenceLog = MerkleLog.Over([
        .. References.Select(d => MerkleLog.LeafHash(d)),
    ]);

    [Fact]
    public void Gives_the_published_roots_of_the_reference_entries()
    {
        var frontier = new MerkleFrontier();
        for (var size = 0; size <= 8; size++)
        {
            Hex(MerkleLog.Root(size, ReferenceLog)).ShouldBe(Roots[size]);
            Hex(frontier.Root()).ShouldBe(Roots[size]);
            if (size < 8)
                frontier.Append(MerkleLog.LeafHash(References[size]));
        }
        Hex(MerkleLog.LeafHash("L123456"u8))
            .ShouldBe("395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56");
    }

    [Fact]
    public void Gives_the_published_inclusion_proof_of_leaf_0_of_8() =>
        MerkleLog
            .Inclusion(0, 8, ReferenceLog)
            .Select(Hex)
            .ShouldBe([
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ]);

    [Fact]
    public void Gives_the_published_consistency_proof_from_6_to_8() =>
        MerkleLog
            .Consistency(6, 8, ReferenceLog)
            .Select(Hex)
            .ShouldBe([
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ]);

    [Fact]
    public void Every_proof_of_every_log_up_to_64_leaves_holds_from_stored_subtrees()
    {
        var (subtree, roots) = Stored(64);
        for (var size = 1; size <= 64; size++)
        for (var other = 0; other < size; other++)
        {
            var path = MerkleLog.Inclusion(other, size, subtree);
            MerkleLog.IsIncluded(subtree(0, other), other, size, path, roots[size]).ShouldBeTrue($"{other} in {size}");
            var proof = MerkleLog.Consistency(other, size, subtree);
            MerkleLog.IsConsistent(other, roots[other], size, roots[size], proof).ShouldBeTrue($"{other} to {size}");
        }
    }

    [Fact]
    public void Proofs_hold_for_every_leaf_of_512_and_every_size_before_it()
    {
        var (subtree, roots) = Stored(512);
        foreach (var size in new[] { 257, 500, 511, 512 })
            for (var other = 0; other < size; other++)
            {
                MerkleLog
                    .IsIncluded(subtree(0, other), other, size, MerkleLog.Inclusion(other, size, subtree), roots[size])
                    .ShouldBeTrue($"{other} in {size}");
                MerkleLog
                    .IsConsistent(other, roots[other], size, roots[size], MerkleLog.Consistency(other, size, subtree))
                    .ShouldBeTrue($"{other} to {size}");
            }
    }

    [Fact]
    public void Every_flipped_bit_of_a_proof_is_refused()
    {
        var (subtree, roots) = Stored(21);
        for (var size = 1; size <= 21; size++)
        for (var other = 0; other < size; other++)
        {
            var leaf = subtree(0, other);
            var path = MerkleLog.Inclusion(other, size, subtree);
            ForEachFlippedBit(path, () => MerkleLog.IsIncluded(leaf, other, size, path, roots[size]).ShouldBeFalse());
            var proof = MerkleLog.Consistency(other, size, subtree);
            ForEachFlippedBit(
                proof,
                () => MerkleLog.IsConsistent(other, roots[other], size, roots[size], proof).ShouldBeFalse()
            );
        }
    }

    [Fact]
    public void A_proof_that_is_longer_shorter_or_of_another_leaf_is_refused()
    {
        var (subtree, roots) = Stored(13);
        for (var index = 0; index < 13; index++)
        {
            var (leaf, path) = (subtree(0, index), MerkleLog.Inclusion(index, 13, subtree));
            MerkleLog.IsIncluded(leaf, index, 13, [.. path, path[0]], roots[13]).ShouldBeFalse();
            MerkleLog.IsIncluded(leaf, index, 13, [.. path.SkipLast(1)], roots[13]).ShouldBeFalse();
            MerkleLog.IsIncluded(leaf, (index + 1) % 13, 13, path, roots[13]).ShouldBeFalse();
            MerkleLog.IsIncluded(leaf, index, 13, path, roots[12]).ShouldBeFalse();
            var proof = MerkleLog.Consistency(index, 13, subtree);
            MerkleLog.IsConsistent(index, roots[index], 13, roots[13], [.. proof, leaf]).ShouldBeFalse();
            if (proof.Count > 0)
                MerkleLog.IsConsistent(index, roots[index], 13, roots[13], [.. proof.SkipLast(1)]).ShouldBeFalse();
        }
        MerkleLog.IsIncluded(subtree(0, 0), 0, 0, [], roots[0]).ShouldBeFalse();
        MerkleLog.IsConsistent(5, roots[5], 4, roots[4], []).ShouldBeFalse();
    }

    [Fact]
    public void A_frontier_survives_storage_at_any_size_and_goes_on_as_before() =>
        Prop.ForAll(
                Gen.Choose(0, 300).ToArbitrary(),
                Gen.Choose(0, 40).ToArbitrary(),
                (before, after) =>
                {
                    var whole = new MerkleFrontier();
                    for (var i = 0; i < before; i++)
                        whole.Append(Leaf(i));
                    var stored = MerkleFrontier.FromBytes(whole.ToBytes());
                    for (var i = before; i < before + after; i++)
                    {
                        whole.Append(Leaf(i));
                        stored.Append(Leaf(i));
                    }
                    return stored.Size == whole.Size && stored.Root().SequenceEqual(whole.Root());
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Bytes_that_are_no_frontier_are_refused()
    {
        var bytes = Frontier(5).ToBytes();
        Should.Throw<FormatException>(() => MerkleFrontier.FromBytes(bytes.AsSpan(..^1)));
        Should.Throw<FormatException>(() => MerkleFrontier.FromBytes([1, 2, 3]));
        bytes[7] = 7;
        Should.Throw<FormatException>(() => MerkleFrontier.FromBytes(bytes));
    }

    private static byte[] Leaf(int i) => MerkleLog.LeafHash(BitConverter.GetBytes(i));

    private static MerkleFrontier Frontier(int size)
    {
        var frontier = new MerkleFrontier();
        for (var i = 0; i < size; i++)
            frontier.Append(Leaf(i));
        return frontier;
    }

    /// <summary>The subtrees that a host would store while appending, and the roots of all sizes.</summary>
    private static (SubtreeHash Subtree, List<byte[]> Roots) Stored(int size)
    {
        var stored = new Dictionary<(int, long), byte[]>();
        var frontier = new MerkleFrontier();
        var roots = new List<byte[]> { frontier.Root() };
        for (var i = 0; i < size; i++)
        {
            frontier.Append(Leaf(i), (level, index, hash) => stored.Add((level, index), hash));
            roots.Add(frontier.Root());
        }
        return ((level, index) => (byte[])stored[(level, index)].Clone(), roots);
    }

    private static void ForEachFlippedBit(IReadOnlyList<byte[]> hashes, Action check)
    {
        foreach (var hash in hashes)
            for (var bit = 0; bit < hash.Length * 8; bit++)
            {
                hash[bit / 8] ^= (byte)(1 << (bit % 8));
                check();
                hash[bit / 8] ^= (byte)(1 << (bit % 8));
            }
    }

    private static string Hex(byte[] hash) => Convert.ToHexStringLower(hash);
}
