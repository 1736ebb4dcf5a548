using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Exeunt.App.Data;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Keys;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Proof;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.AuditLog;

/// <summary>
/// The sequencer: makes leaves of new audit entries in batches, so that writers do not queue on one hash; signs a head for each
/// batch and then writes both to an export outside the data folder. What a crash kept from being exported is exported at the next round, before
/// anything else: an export never holds what is not in the database, and no head is signed while the one before could not be exported.
/// Each batch begins with an entry that tells of all heads before it (<see cref="HeadChain"/>).
/// </summary>
public sealed class TreeHeads(AppDb db, Letterhead letterhead, Clocks clocks, HostOptions options)
{
    public const int Batch = 1000;

    /// <summary>How many of the newest heads are looked at for one that is not exported; older ones may have been moved away.</summary>
    private const int Recent = 8;

    /// <summary>The newest signed head; null before the first.</summary>
    public async Task<SignedTreeHead?> Latest(CancellationToken ct) =>
        await db.TreeHeads.AsNoTracking().OrderByDescending(h => h.Size).FirstOrDefaultAsync(ct) is { } row ? Read(row) : null;

    /// <summary>Sequences what is new; returns how many entries became leaves.</summary>
    public async Task<int> Advance(CancellationToken ct)
    {
        await ExportWhatIsMissing(ct);
        if (!await db.AuditLog.AsNoTracking().AnyAsync(r => r.Index == null, ct))
            return 0;
        var made = await db.Write(async token =>
        {
            if (db is PostgresAppDb)
                // One node sequences at a time; the lock ends with the transaction.
                await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(4242001)", token);
            var last = await db.TreeHeads.AsNoTracking().OrderByDescending(h => h.Size).FirstOrDefaultAsync(token);
            var frontier = last is null ? new MerkleFrontier() : MerkleFrontier.FromBytes(last.Frontier);
            var rows = await db.AuditLog.Where(r => r.Index == null).OrderBy(r => r.Id).Take(Batch).ToListAsync(token);
            var entries = rows.Count;
            if (entries == 0)
                return 0;
            if (last is not null)
            {
                var told = AuditRow.Of(clocks.Now, Actor.System.Id, HeadChain.Verb, (await HeadsUpTo(last, token)).Name, null);
                db.AuditLog.Add(told);
                rows.Insert(0, told);
            }
            foreach (var row in rows)
            {
                row.Index = frontier.Size;
                row.Leaf = EntryOf(row).LeafHash();
                frontier.Append(row.Leaf);
            }
            using var key = await Signer(token);
            var head = SignedTreeHead.Sign(TreeHead.Of(frontier, clocks.Now), key);
            db.TreeHeads.Add(new TreeHeadRow
            {
                Size = frontier.Size, Root = frontier.Root(), At = DateTimeOffset.FromUnixTimeMilliseconds(head.Head.AtMs),
                Signature = Convert.FromHexString(head.Signature), Frontier = frontier.ToBytes(),
            });
            await db.SaveChangesAsync(token);
            await InclusionProofs.KeepBlocks(db, frontier.Size, token);
            await db.SaveChangesAsync(token);
            return entries;
        }, ct);
        await ExportWhatIsMissing(ct);
        return made;
    }

    /// <summary>All heads up to the newest: those that its batch told of and itself, or, where its batch told of none (older versions), one by one.</summary>
    private async Task<HeadChain> HeadsUpTo(TreeHeadRow last, CancellationToken ct)
    {
        var begins = await db.TreeHeads.AsNoTracking().Where(h => h.Size < last.Size).MaxAsync(h => (long?)h.Size, ct) ?? 0;
        var name = await db.AuditLog.AsNoTracking().Where(r => r.Index == begins && r.Verb == HeadChain.Verb).Select(r => r.Target).SingleOrDefaultAsync(ct);
        if (name is not null && HeadChain.Parse(name) is { } known)
        {
            known.Append(Read(last));
            return known;
        }
        var all = new HeadChain();
        // Not the frontiers: they are most of a row.
        await foreach (var head in db.TreeHeads.AsNoTracking().OrderBy(h => h.Size).Select(h => new { h.Size, h.Root, h.At, h.Signature }).AsAsyncEnumerable().WithCancellation(ct))
            all.Append(Signed(head.Size, head.Root, head.At, head.Signature));
        return all;
    }

    /// <summary>
    /// The key for the next head. A new one signs from the head after the one that tells of it: so the key before vouches for it, and from then on
    /// signs no more.
    /// </summary>
    private async Task<ECDsa> Signer(CancellationToken ct)
    {
        var keys = await letterhead.Keys(ct);
        for (var i = keys.Count - 1; i > 0; i--)
        {
            var target = ChangeSigner.TargetOf(keys[i]);
            if (await db.AuditLog.AsNoTracking().AnyAsync(r => r.Target == target && r.Verb == LogVerifier.NewKey && r.Index != null, ct))
                return keys[i].Ecdsa();
        }
        return keys[0].Ecdsa();
    }

    /// <summary>The leaf's entry, recomputed from the row.</summary>
    public static AuditEntry EntryOf(AuditRow row) =>
        new(row.Index!.Value, row.At.ToUnixTimeMilliseconds(), AuditEntry.IdOf(row.Actor), AuditEntry.IdOf(row.Verb), AuditEntry.IdOf(row.Target), AuditEntry.Commit(row.Salt, Encoding.UTF8.GetBytes(row.Data)));

    /// <summary>
    /// After a database was put back: exports beyond its newest head tell of a history that it does not have, and what it writes from now on
    /// would contradict them. They are moved aside, whole, and that is recorded; the entry is among the next leaves. Returns how many files.
    /// </summary>
    public static async Task<int> PutAside(AppDb db, HostOptions options, Call call, CancellationToken ct)
    {
        var folder = Path.Combine(options.World, "audit");
        if (!Directory.Exists(folder))
            return 0;
        // Files first, then the database: a node that exports meanwhile has committed before.
        var files = Directory.EnumerateFiles(folder, "*.log").Select(f => (File: f, Size: long.TryParse(Path.GetFileNameWithoutExtension(f), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : -1)).ToList();
        var newest = await db.TreeHeads.AsNoTracking().MaxAsync(h => (long?)h.Size, ct) ?? 0;
        var later = files.Where(f => f.Size > newest).ToList();
        if (later.Count == 0)
            return 0;
        var aside = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"aside-{call.Now:yyyyMMddHHmmss}"));
        Directory.CreateDirectory(aside);
        db.Audit(call, "audit-log.put-back", "audit-log", new { from = newest, to = later.Max(f => f.Size), files = later.Count });
        await db.SaveChangesAsync(ct);
        foreach (var (file, _) in later)
            File.Move(file, Path.Combine(aside, Path.GetFileName(file)), overwrite: true);
        return later.Count;
    }

    private async Task ExportWhatIsMissing(CancellationToken ct)
    {
        var folder = Path.Combine(options.World, "audit");
        Directory.CreateDirectory(folder);
        var heads = await db.TreeHeads.AsNoTracking().OrderByDescending(h => h.Size).Take(Recent + 1).ToListAsync(ct);
        for (var i = Math.Min(Recent, heads.Count) - 1; i >= 0; i--)
        {
            var (head, from) = (heads[i], i + 1 < heads.Count ? heads[i + 1].Size : 0);
            var file = Path.Combine(folder, NameOf(head.Size));
            if (File.Exists(file))
                continue;
            var content = await FileOf(db, head, from, ct);
            Failpoint.Reach(Point.BeforeExport);
            await Whole.Write(file, content, ct);
            Failpoint.Reach(Point.AfterExport);
        }
    }

    /// <summary>The name of the file that ends with the head of a size.</summary>
    public static string NameOf(long size) => string.Create(CultureInfo.InvariantCulture, $"{size:D12}.log");

    /// <summary>What is exported with a head: the entries from the head before it on, and the head itself as the last line.</summary>
    public static async Task<byte[]> FileOf(AppDb db, TreeHeadRow head, long from, CancellationToken ct)
    {
        var text = new StringBuilder();
        foreach (var row in await db.AuditLog.AsNoTracking().Where(r => r.Index >= from && r.Index < head.Size).OrderBy(r => r.Index).ToListAsync(ct))
            text.Append(Encoding.ASCII.GetString(EntryOf(row).ToBytes())).Append('\n');
        return Encoding.ASCII.GetBytes(text.Append(Read(head).ToLine()).Append('\n').ToString());
    }

    /// <summary>A head's line in an export, without its end.</summary>
    public static byte[] LineOf(TreeHeadRow head) => Encoding.ASCII.GetBytes(Read(head).ToLine());

    /// <summary>A head as it was signed.</summary>
    public static SignedTreeHead Read(TreeHeadRow row) => Signed(row.Size, row.Root, row.At, row.Signature);

    private static SignedTreeHead Signed(long size, byte[] root, DateTimeOffset at, byte[] signature) =>
        new(new TreeHead(size, Convert.ToHexStringLower(root), at.ToUnixTimeMilliseconds()), Convert.ToHexStringLower(signature));
}

/// <summary>Runs the sequencer every few seconds while there is something new.</summary>
public sealed partial class TreeHeadClock(IServiceScopeFactory scopes, ILogger<TreeHeadClock> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <summary>Why the last round failed; null: it did not.</summary>
    public string? Fault { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var made = await scope.ServiceProvider.GetRequiredService<TreeHeads>().Advance(ct);
                Fault = null;
                if (made < TreeHeads.Batch)
                    await Task.Delay(Every, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                // Whatever it was: a log that is behind is said and tried again; the server goes on.
                Fault = e.GetType().Name;
                Stumbled(log, e);
                await Task.Delay(Every, ct);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The audit log could not be sequenced; trying again")]
    private static partial void Stumbled(ILogger log, Exception e);
}
