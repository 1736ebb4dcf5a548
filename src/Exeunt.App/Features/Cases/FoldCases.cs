using Exeunt.App.Data;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>
/// Reads the cases that are under way once more from their events, after an update whose rows hold more than the old ones did. The
/// events are the truth; the rows are brought in step with them.
/// </summary>
public static class FoldCases
{
    private const int Batch = 200;

    public static async Task Again(AppDb db, ProcedureBook procedures, Call call, CancellationToken ct)
    {
        for (var after = Guid.Empty; ;)
        {
            db.ChangeTracker.Clear();
            var last = after;
            var cases = await db.Cases.Where(c => c.State != CaseState.Closed && c.Id > last).OrderBy(c => c.Id).Take(Batch).ToListAsync(ct);
            if (cases.Count == 0)
                break;
            var ids = cases.Select(c => c.Id).ToList();
            var events = (await db.CaseEvents.AsNoTracking().Where(e => ids.Contains(e.CaseId)).OrderBy(e => e.Number).ToListAsync(ct)).ToLookup(e => e.CaseId);
            foreach (var exit in cases)
            {
                exit.FoldAgain(events[exit.Id].Select(e => e.Read()), procedures.Find);
                db.Entry(exit).State = EntityState.Modified;
            }
            db.Audit(call, "cases.folded", "cases", new { cases = cases.Count });
            await db.SaveChangesAsync(ct);
            after = cases[^1].Id;
        }
        db.ChangeTracker.Clear();
    }
}
