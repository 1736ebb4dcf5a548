using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Documents;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Proof;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.AuditLog;

/// <summary>
/// Recomputes the whole log from its rows: every leaf, the root at every signed head, every signature, and that no head is missing. Reports the first
/// difference; the result is itself an entry of the log.
/// </summary>
public sealed class CheckAuditLog(AppDb db, Letterhead letterhead) : UseCase<CheckAuditLog.Request, CheckAuditLog.Report>(db)
{
    public const string Verb = "audit.checked";
    public const string Target = "audit-log";
    private const int Batch = 5000;

    public sealed record Request;

    /// <param name="Size">Leaves recomputed.</param>
    /// <param name="Heads">Signed heads compared.</param>
    /// <param name="Unsequenced">Entries that are not yet leaves.</param>
    /// <param name="Difference">Null when all is as it was signed; else "row-missing", "leaf-differs", "root-differs", "signature-invalid", "entry-malformed", "heads-differ" or "head-missing".</param>
    /// <param name="At">Index of the leaf, or size of the head, where the difference is; of "heads-differ" the entry that tells of other heads before it.</param>
    public sealed record Report(long Size, int Heads, long Unsequenced, string Root, string? Difference, long? At);

    public override Permission Needs => Permission.ViewAudit;

    protected override async Task<Outcome<Report>> Handle(Call call, Request request, CancellationToken ct)
    {
        var report = await Compare(ct);
        Db.Audit(call, Verb, Target, report);
        return await Commit(report, ct);
    }

    /// <summary>The report kept in an entry of the log.</summary>
    public static Report? Read(AuditRow? row) => row is null ? null : JsonSerializer.Deserialize<Report>(row.Data, Json.Plain);

    internal async Task<Report> Compare(CancellationToken ct)
    {
        // Heads are read first: what is sequenced meanwhile lies beyond the last of them.
        var heads = await Db.TreeHeads.AsNoTracking().OrderBy(h => h.Size).Select(h => new { h.Size, h.Root, h.At, h.Signature }).ToListAsync(ct);
        var unsequenced = await Db.AuditLog.AsNoTracking().LongCountAsync(r => r.Index == null, ct);
        var signers = new HeadSigners(await letterhead.Trusted(ct));
        var chain = new HeadChain();
        var log = new MerkleFrontier();
        var seen = 0;
        foreach (var head in heads)
        {
            while (log.Size < head.Size)
            {
                var (from, until) = (log.Size, Math.Min(log.Size + Batch, head.Size));
                var rows = await Db.AuditLog.AsNoTracking().Where(r => r.Index >= from && r.Index < until).OrderBy(r => r.Index).ToListAsync(ct);
                foreach (var row in rows)
                {
                    if (row.Index != log.Size)
                        return Found("row-missing", log.Size);
                    if (LeafOf(row) is not { } leaf)
                        return Found("entry-malformed", log.Size);
                    if (!leaf.AsSpan().SequenceEqual(row.Leaf))
                        return Found("leaf-differs", log.Size);
                    if (row.Verb == HeadChain.Verb && row.Target != chain.Name)
                        return Found("heads-differ", log.Size);
                    log.Append(leaf);
                    if (row.Verb == LogVerifier.NewKey)
                        signers.Announce(row.Target);
                }
                if (log.Size < until)
                    return Found("row-missing", log.Size);
            }
            var root = log.Root();
            if (!root.AsSpan().SequenceEqual(head.Root))
                return Found("root-differs", head.Size);
            var signed = new SignedTreeHead(new TreeHead(head.Size, Convert.ToHexStringLower(root), head.At.ToUnixTimeMilliseconds()), Convert.ToHexStringLower(head.Signature));
            if (!signers.Accept(signed))
                return Found("signature-invalid", head.Size);
            chain.Append(signed);
            seen++;
        }
        // A leaf beyond the last head was never signed: its head is gone.
        var beyond = await Db.AuditLog.AsNoTracking().AnyAsync(r => r.Index >= log.Size, ct) && !await Db.TreeHeads.AsNoTracking().AnyAsync(h => h.Size > log.Size, ct);
        return beyond ? Found("head-missing", log.Size) : new Report(log.Size, seen, unsequenced, Convert.ToHexStringLower(log.Root()), null, null);

        Report Found(string difference, long at) => new(log.Size, seen, unsequenced, Convert.ToHexStringLower(log.Root()), difference, at);
    }

    private static byte[]? LeafOf(AuditRow row)
    {
        try
        {
            return TreeHeads.EntryOf(row).LeafHash();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
