using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Evaluate;
using Exeunt.App.Features.Standards;
using Exeunt.App.Platform;
using Exeunt.Core.Activity;
using Exeunt.Core.Churn;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.ChurnDefinitions;

/// <summary>What a draft of the churn definition would change today, among the customers of the units the caller may watch.</summary>
public sealed class ChurnEffect(AppDb db, RecentBase recent)
{
    /// <param name="Now">Customers in each state by the definition in force; by the state's number.</param>
    /// <param name="Then">The same by the draft.</param>
    /// <param name="Moved">Customers who would be in another state by months.</param>
    /// <param name="Defection">Customers whose defection would be another.</param>
    /// <param name="Rhythm">Customers whose state by rhythm would be another.</param>
    /// <param name="Changed">Customers of whom one of the three would be another, each once.</param>
    /// <param name="Figures">Of which units' customers all of this is.</param>
    public sealed record Counts(IReadOnlyList<int> Now, IReadOnlyList<int> Then, int Moved, int Defection, int Rhythm, int Changed, FigureUnits Figures)
    {
        public int Customers => Now.Sum();
    }

    private static readonly int States = Enum.GetValues<ChurnState>().Length;

    /// <summary>The counts; null when there are too many customers for a page.</summary>
    public async Task<Counts?> Of(ChurnDefinition draft, Call call, CancellationToken ct)
    {
        if (await db.Activity.CountAsync(ct) > LiveEffect.MaxCustomers)
            return null;
        var all = await recent.Get(db, call, ct);
        var today = call.Today(Clocks.CompanyZone);
        var churn = await ChurnBook.Compiled(db, draft, ct);
        var visible = await VisibleUnits.Of(db, call.Actor, Permission.ViewWatch, ct);
        var units = visible.Ids(null).ToHashSet();
        var parts = all.Parts(Environment.ProcessorCount);
        // Per part: from each state into each.
        var flows = new int[parts.Count][];
        var others = new (int Defection, int Rhythm, int Changed)[parts.Count];
        Parallel.For(0, parts.Count, part =>
        {
            var scratch = new HistoryScratch();
            var own = flows[part] = new int[States * States];
            for (var i = parts[part].From; i < parts[part].Until; i++)
            {
                if (!units.Contains(all.UnitId(i)))
                    continue;
                var values = all.Open(i, scratch).At(today);
                if (values.Churn is not { } now)
                    continue;
                var (by, other) = (all.ThresholdsOf(i), churn.Thresholds[all.PlaceIn(churn, i)]);
                var then = values.ChurnBy(other)!.Value;
                own[(int)now.State * States + (int)then.State]++;
                if (by == other)
                    continue;
                var (gone, late) = (values.DefectionBy(by) != values.DefectionBy(other), values.RhythmBy(by) != values.RhythmBy(other));
                others[part].Defection += gone ? 1 : 0;
                others[part].Rhythm += late ? 1 : 0;
                others[part].Changed += gone || late || now.State != then.State ? 1 : 0;
            }
        });
        var counts = Enumerable.Range(0, States * States).Select(k => flows.Sum(f => f[k])).ToList();
        return new(
            [.. Enumerable.Range(0, States).Select(a => Enumerable.Range(0, States).Sum(b => counts[a * States + b]))],
            [.. Enumerable.Range(0, States).Select(b => Enumerable.Range(0, States).Sum(a => counts[a * States + b]))],
            Enumerable.Range(0, States * States).Where(k => k / States != k % States).Sum(k => counts[k]),
            others.Sum(o => o.Defection), others.Sum(o => o.Rhythm), others.Sum(o => o.Changed), await FigureUnits.Of(db, visible, null, ct));
    }
}
