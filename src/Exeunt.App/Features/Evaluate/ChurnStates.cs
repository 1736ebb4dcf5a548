using Exeunt.App.Data;
using Exeunt.Core.Churn;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Evaluate;

/// <summary>Keeps the churn states and flags of a range of customers as a night's evaluation found them: only what changed is written, and each change stays.</summary>
internal static class ChurnStates
{
    /// <summary>Stages the changes; the caller saves.</summary>
    /// <param name="judged">The status of each customer of the range who has a history.</param>
    /// <param name="from">First customer of the range (inclusive).</param>
    /// <param name="until">Last customer (inclusive).</param>
    /// <returns>How many customers are in another state than before, and of how many known ones the flag changed.</returns>
    public static async Task<(int Moved, int Flagged)> Stage(AppDb db, IReadOnlyDictionary<long, ChurnStatus> judged, long from, long until, DateOnly on, CancellationToken ct)
    {
        var known = await db.ChurnStates.Where(s => s.CustomerId >= from && s.CustomerId <= until).ToDictionaryAsync(s => s.CustomerId, ct);
        var today = await db.ChurnChanges.Where(c => c.On == on && c.CustomerId >= from && c.CustomerId <= until).ToDictionaryAsync(c => c.CustomerId, ct);
        // Who is not evaluated any more (restricted, objected, erased) has no state; what was seen before stays.
        db.ChurnStates.RemoveRange(known.Values.Where(s => !judged.ContainsKey(s.CustomerId)));
        var (moved, flagged) = (0, 0);
        var back = new List<Back>();
        foreach (var (id, status) in judged)
        {
            if (!known.TryGetValue(id, out var row))
            {
                db.ChurnStates.Add(new ChurnStateRow { CustomerId = id, State = status.State, IsIntermittent = status.IsIntermittent, Since = on, IntermittentSince = status.IsIntermittent ? on : null });
                Changed(id, null, null, status);
                moved++;
                continue;
            }
            if (row.State == status.State && row.IsIntermittent == status.IsIntermittent)
                continue;
            if (Changed(id, row.State, row.IsIntermittent, status) is { } seen && (seen.From == seen.To || seen.WasIntermittent == seen.IsIntermittent))
                back.Add(new(row, seen.From == seen.To, seen.WasIntermittent == seen.IsIntermittent));
            if (row.State != status.State)
            {
                (row.State, row.Since) = (status.State, on);
                moved++;
            }
            if (row.IsIntermittent != status.IsIntermittent)
            {
                (row.IsIntermittent, row.IntermittentSince) = (status.IsIntermittent, status.IsIntermittent ? on : null);
                flagged++;
            }
            row.Version++;
        }
        await SinceBefore(db, back, on, ct);
        return (moved, flagged);

        // The day's change from before, where there was one.
        ChurnChangeRow? Changed(long id, ChurnState? before, bool? was, ChurnStatus now)
        {
            if (!today.TryGetValue(id, out var seen))
            {
                db.ChurnChanges.Add(new ChurnChangeRow { CustomerId = id, On = on, From = before, To = now.State, WasIntermittent = was, IsIntermittent = now.IsIntermittent });
                return null;
            }
            // Twice on one day, because facts came meanwhile: the day's last word counts.
            (seen.To, seen.IsIntermittent) = (now.State, now.IsIntermittent);
            if (seen.From == seen.To && (seen.WasIntermittent is null || seen.WasIntermittent == seen.IsIntermittent))
                db.ChurnChanges.Remove(seen);
            return seen;
        }
    }

    /// <summary>A customer of whom the day's end is as its beginning was.</summary>
    private readonly record struct Back(ChurnStateRow Row, bool State, bool Flag);

    /// <summary>What was undone on the same day holds since it did before.</summary>
    private static async Task SinceBefore(AppDb db, List<Back> back, DateOnly on, CancellationToken ct)
    {
        if (back.Count == 0)
            return;
        var ids = back.ConvertAll(b => b.Row.CustomerId);
        var changes = (await db.ChurnChanges.AsNoTracking().Where(c => ids.Contains(c.CustomerId) && c.On < on).ToListAsync(ct)).OrderByDescending(c => c.On).ToLookup(c => c.CustomerId);
        foreach (var (row, isState, isFlag) in back)
        {
            if (isState && changes[row.CustomerId].FirstOrDefault(c => c.From != c.To) is { } moved)
                row.Since = moved.On;
            if (isFlag && row.IsIntermittent)
                row.IntermittentSince = changes[row.CustomerId].FirstOrDefault(c => c.IsIntermittent == true && c.WasIntermittent != true)?.On;
        }
    }
}
