using Exeunt.App.Data;
using Exeunt.Core.Churn;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Evaluate;

/// <summary>Keeps the churn states of a range of customers as a night's evaluation found them: only what changed is written, and each change stays.</summary>
internal static class ChurnStates
{
    /// <summary>Stages the changes; the caller saves.</summary>
    /// <param name="judged">The status of each customer of the range who has a history.</param>
    /// <param name="from">First customer of the range (inclusive).</param>
    /// <param name="until">Last customer (inclusive).</param>
    /// <returns>How many customers are in another state than before.</returns>
    public static async Task<int> Stage(AppDb db, IReadOnlyDictionary<long, ChurnStatus> judged, long from, long until, DateOnly on, CancellationToken ct)
    {
        var known = await db.ChurnStates.Where(s => s.CustomerId >= from && s.CustomerId <= until).ToDictionaryAsync(s => s.CustomerId, ct);
        var today = await db.ChurnChanges.Where(c => c.On == on && c.CustomerId >= from && c.CustomerId <= until).ToDictionaryAsync(c => c.CustomerId, ct);
        // Who is not evaluated any more (restricted, objected, erased) has no state; what was seen before stays.
        db.ChurnStates.RemoveRange(known.Values.Where(s => !judged.ContainsKey(s.CustomerId)));
        var changed = 0;
        foreach (var (id, status) in judged)
        {
            if (!known.TryGetValue(id, out var row))
            {
                db.ChurnStates.Add(new ChurnStateRow { CustomerId = id, State = status.State, IsIntermittent = status.IsIntermittent, Since = on });
                Changed(id, null, status.State);
                continue;
            }
            if (row.State == status.State && row.IsIntermittent == status.IsIntermittent)
                continue;
            if (row.State != status.State)
            {
                Changed(id, row.State, status.State);
                (row.State, row.Since) = (status.State, on);
            }
            row.IsIntermittent = status.IsIntermittent;
            row.Version++;
        }
        return changed;

        void Changed(long id, ChurnState? before, ChurnState now)
        {
            changed++;
            // Twice on one day, because facts came meanwhile: the day's last word counts.
            if (!today.TryGetValue(id, out var seen))
                db.ChurnChanges.Add(new ChurnChangeRow { CustomerId = id, On = on, From = before, To = now });
            else if (seen.From == now)
                db.ChurnChanges.Remove(seen);
            else
                seen.To = now;
        }
    }
}
