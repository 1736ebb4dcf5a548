using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Today;

/// <summary>
/// Works out again, from the cases, what they wait for: after an update that is new to them, or when somebody doubts the inbox. It
/// changes only rows that are wrong, and only while their case stays as it was read.
/// </summary>
public sealed class RebuildWaits(AppDb db, CaseDesk desk) : UseCase<RebuildWaits.Request, RebuildWaits.Result>(db)
{
    private const int Batch = 500;

    /// <param name="OnlyCheck">Counts what is wrong and changes nothing.</param>
    public sealed record Request(bool OnlyCheck = false);

    /// <param name="Cases">Cases looked at.</param>
    /// <param name="Wrong">Of these, how many had rows that were missing, too many or different.</param>
    public sealed record Result(int Cases, int Wrong);

    public override Permission Needs => Permission.System;

    /// <summary>At the start of a server: fills the inbox of a database that has open cases and no waits.</summary>
    public static async Task IfEmpty(AppDb db, Features.Procedures.ProcedureBook procedures, RebuildWaits rebuild, Call call, CancellationToken ct)
    {
        if (await db.Waits.AnyAsync(ct) || !await db.Cases.AnyAsync(c => c.State != CaseState.Closed, ct))
            return;
        // Such a database was written before there were waits, and its cases' rows before some of their columns.
        await Features.Cases.FoldCases.Again(db, procedures, call, ct);
        await rebuild.Run(call, new(), ct);
    }

    protected override async Task<Outcome<Result>> Handle(Call call, Request request, CancellationToken ct)
    {
        var (looked, wrong) = (0, 0);
        for (var after = ""; ;)
        {
            Db.ChangeTracker.Clear();
            var last = after;
#pragma warning disable CA1309 // It becomes SQL: a comparison by the database's order, which pages only need to be the same throughout.
            var cases = await Db.Cases.Where(c => string.Compare(c.Number, last) > 0).OrderBy(c => c.Number).Take(Batch).ToListAsync(ct);
#pragma warning restore CA1309
            if (cases.Count == 0)
                break;
            var ids = cases.Select(c => c.Id).ToList();
            var rows = (await Db.Waits.Where(w => ids.Contains(w.CaseId)).ToListAsync(ct)).ToLookup(w => w.CaseId);
            var changed = cases.Where(c => desk.StageWaits(desk.Ready(c, call), [.. rows[c.Id]])).ToList();
            (looked, wrong) = (looked + cases.Count, wrong + changed.Count);
            if (changed.Count > 0 && !request.OnlyCheck)
            {
                foreach (var exit in changed)
                    // Compared with the stored version, not raised: a case that was changed meanwhile has put its rows right itself.
                    Db.Entry(exit).Property(c => c.Version).IsModified = true;
                Db.Audit(call, "waits.rebuilt", "cases", new { cases = changed.Count });
                try
                {
                    await Db.SaveChangesAsync(ct);
                }
                catch (DbUpdateConcurrencyException)
                {
                    // The same batch again, with what the other wrote.
                    (looked, wrong) = (looked - cases.Count, wrong - changed.Count);
                    continue;
                }
            }
            after = cases[^1].Number;
        }
        Db.ChangeTracker.Clear();
        return new Result(looked, wrong);
    }
}
