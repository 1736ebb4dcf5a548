using Exeunt.App.Data;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.ProcessMap;

/// <summary>
/// Works out again, from the events of the cases, how long their steps were open: for a database from before that was written down, or when
/// somebody doubts it. It changes only the rows of cases that are wrong.
/// </summary>
public sealed class RebuildStepTimes(AppDb db, ProcedureBook procedures, DueTimes due) : UseCase<RebuildStepTimes.Request, RebuildStepTimes.Result>(db)
{
    private const int Batch = 200;

    /// <param name="OnlyCheck">Counts what is wrong and changes nothing.</param>
    public sealed record Request(bool OnlyCheck = false);

    /// <param name="Cases">Cases looked at.</param>
    /// <param name="Wrong">Of these, how many had rows that were missing, too many or different.</param>
    public sealed record Result(int Cases, int Wrong);

    public override Permission Needs => Permission.System;

    /// <summary>At the start of a server: fills the table of a database that has cases and no times.</summary>
    public static async Task IfEmpty(AppDb db, RebuildStepTimes rebuild, Call call, CancellationToken ct)
    {
        if (!await db.StepTimes.AnyAsync(ct) && await db.Cases.AnyAsync(ct))
            await rebuild.Run(call, new(), ct);
    }

    /// <summary>The rows of a case that was folded from its events.</summary>
    public static IReadOnlyList<StepTime> Of(ExitCase folded, DueTimes due) =>
        [.. folded.Ended.Select(run => StepTime.Of(folded, run, due)), .. folded.Steps.Where(s => s.State == StepState.Active && !folded.IsClosed).Select(s => StepTime.Open(folded, s, due))];

    protected override async Task<Outcome<Result>> Handle(Call call, Request request, CancellationToken ct)
    {
        var (looked, wrong) = (0, 0);
        for (var after = Guid.Empty; ;)
        {
            Db.ChangeTracker.Clear();
            var last = after;
            var cases = await Db.Cases.Where(c => c.Id > last).OrderBy(c => c.Id).Take(Batch).ToListAsync(ct);
            if (cases.Count == 0)
                break;
            var ids = cases.Select(c => c.Id).ToList();
            var events = (await Db.CaseEvents.AsNoTracking().Where(e => ids.Contains(e.CaseId)).OrderBy(e => e.Number).ToListAsync(ct)).ToLookup(e => e.CaseId);
            var kept = (await Db.StepTimes.Where(t => ids.Contains(t.CaseId)).ToListAsync(ct)).ToLookup(t => t.CaseId);
            var changed = 0;
            foreach (var exit in cases)
            {
                var folded = ExitCase.Fold(exit.Id, events[exit.Id].Select(e => e.Read()), procedures.Find);
                var right = Of(folded, due);
                if (right.Select(t => t.Facts).Order(StringComparer.Ordinal).SequenceEqual(kept[exit.Id].Select(t => t.Facts).Order(StringComparer.Ordinal)))
                    continue;
                changed++;
                Db.StepTimes.RemoveRange(kept[exit.Id]);
                Db.StepTimes.AddRange(right);
                // Compared with the stored version, not raised: a case that was changed meanwhile has written its times itself.
                Db.Entry(exit).Property(c => c.Version).IsModified = true;
            }
            (looked, wrong, after) = (looked + cases.Count, wrong + changed, cases[^1].Id);
            if (changed == 0 || request.OnlyCheck)
                continue;
            Db.Audit(call, "step-times.rebuilt", "cases", new { cases = changed });
            try
            {
                await Db.SaveChangesAsync(ct);
            }
            catch (DbUpdateConcurrencyException)
            {
                // The same batch again, with what the other wrote.
                (looked, wrong, after) = (looked - cases.Count, wrong - changed, last);
            }
        }
        Db.ChangeTracker.Clear();
        return new Result(looked, wrong);
    }
}
