using Exeunt.App.Data;
using Exeunt.Core.Proof;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.AuditLog;

/// <summary>The root of a complete block of <see cref="InclusionProofs.BlockLeaves"/> leaves, kept so that a proof need not read the whole log.</summary>
public sealed class AuditBlock
{
    /// <summary>Which block, from 0.</summary>
    public required long Index { get; init; }
    public required byte[] Hash { get; init; }
}

internal sealed class AuditBlockTable : IEntityTypeConfiguration<AuditBlock>
{
    public void Configure(EntityTypeBuilder<AuditBlock> table)
    {
        table.ToTable("audit_blocks");
        table.HasKey(b => b.Index);
        table.Property(b => b.Index).ValueGeneratedNever();
    }
}

/// <summary>
/// Proofs that an entry is in the tree of a signed head. Reads the leaves of at most two blocks and the roots of the others: some
/// hundred thousand entries cost a few kilobytes.
/// </summary>
public sealed class InclusionProofs(AppDb db)
{
    private const int BlockLevel = 10;
    public const int BlockLeaves = 1 << BlockLevel;

    /// <summary>The proof of the first entry with this verb and target, under the first head that covers it; null while none does.</summary>
    public async Task<InclusionProof?> Of(string verb, string target, CancellationToken ct)
    {
        var row = await db.AuditLog.AsNoTracking().Where(r => r.Target == target && r.Verb == verb).OrderBy(r => r.Id).FirstOrDefaultAsync(ct);
        if (row?.Index is not { } index)
            return null;
        var head = await db.TreeHeads.AsNoTracking().Where(h => h.Size > index).OrderBy(h => h.Size).FirstOrDefaultAsync(ct);
        if (head is null)
            return null;
        var subtrees = await Load(index, head.Size, ct);
        return new InclusionProof(
            System.Text.Encoding.ASCII.GetString(TreeHeads.EntryOf(row).ToBytes()), Convert.ToHexStringLower(row.Salt), row.Data,
            [.. MerkleLog.Inclusion(index, head.Size, subtrees).Select(Convert.ToHexStringLower)],
            TreeHeads.Read(head));
    }

    /// <summary>
    /// The proof that the log of the newer head begins with that of the older. Null: there is no head of one of the sizes.
    /// </summary>
    /// <param name="from">Size of the older head.</param>
    /// <param name="to">Size of the newer, or null: the newest there is.</param>
    public async Task<ConsistencyProof?> Between(long from, long? to, CancellationToken ct)
    {
        var older = await db.TreeHeads.AsNoTracking().SingleOrDefaultAsync(h => h.Size == from, ct);
        var newer = to is { } size ? await db.TreeHeads.AsNoTracking().SingleOrDefaultAsync(h => h.Size == size, ct) : await db.TreeHeads.AsNoTracking().OrderByDescending(h => h.Size).FirstOrDefaultAsync(ct);
        if (older is null || newer is null || older.Size > newer.Size)
            return null;
        // The path takes apart only the block in which the older log ended, and the newer's last one.
        var subtrees = await Load(older.Size - 1, newer.Size, ct);
        return new ConsistencyProof(TreeHeads.Read(older), TreeHeads.Read(newer), [.. MerkleLog.Consistency(older.Size, newer.Size, subtrees).Select(Convert.ToHexStringLower)]);
    }

    private async Task<SubtreeHash> Load(long index, long size, CancellationToken ct)
    {
        var complete = size / BlockLeaves;
        var blocks = await db.Set<AuditBlock>().AsNoTracking().Where(b => b.Index < complete).ToDictionaryAsync(b => b.Index, b => b.Hash, ct);
        var leaves = new Dictionary<long, byte[]>();
        // The entry's own block, the incomplete last one, and any whose root is not kept yet.
        foreach (var block in new[] { index / BlockLeaves, complete }.Concat(Enumerable.Range(0, (int)complete).Select(b => (long)b).Where(b => !blocks.ContainsKey(b))).Distinct())
        {
            var (from, until) = (block * BlockLeaves, Math.Min(size, (block + 1) * BlockLeaves));
            foreach (var leaf in await db.AuditLog.AsNoTracking().Where(r => r.Index >= from && r.Index < until).Select(r => new { r.Index, r.Leaf }).ToListAsync(ct))
                leaves[leaf.Index!.Value] = leaf.Leaf!;
        }
        return Hash;

        byte[] Hash(int level, long at) =>
            level == 0 ? leaves[at]
            : level == BlockLevel && blocks.TryGetValue(at, out var root) ? root
            : MerkleLog.NodeHash(Hash(level - 1, 2 * at), Hash(level - 1, 2 * at + 1));
    }

    /// <summary>Stages the roots of blocks that are complete and not kept yet; at most a few at a time.</summary>
    public static async Task KeepBlocks(AppDb db, long size, CancellationToken ct)
    {
        const int most = 16;
        var next = (await db.Set<AuditBlock>().AsNoTracking().MaxAsync(b => (long?)b.Index, ct) ?? -1) + 1;
        for (var block = next; block < Math.Min(size / BlockLeaves, next + most); block++)
        {
            var from = block * BlockLeaves;
            var leaves = await db.AuditLog.AsNoTracking().Where(r => r.Index >= from && r.Index < from + BlockLeaves).OrderBy(r => r.Index).Select(r => r.Leaf!).ToListAsync(ct);
            db.Add(new AuditBlock { Index = block, Hash = MerkleLog.Root(BlockLeaves, MerkleLog.Over(leaves)) });
        }
    }
}
