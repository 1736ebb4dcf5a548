using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Classes;

/// <summary>What plans ask of whoever looks and is due within two days: one line for each scheme.</summary>
public sealed class ClassesToday(AppDb db, ClassBook book) : ITodaySource
{
    public async Task<IReadOnlyList<TodayItem>> For(Call call, CancellationToken ct)
    {
        if (!call.Actor.Allows(Permission.DecideListings))
            return [];
        var (t, today) = (Texts.In(call.Language), call.Today(Clocks.CompanyZone));
        var near = today.AddDays(2);
        var units = (await VisibleUnits.Of(db, call.Actor, Permission.DecideListings, ct)).Ids(null);
        var due = await ListClassTasks.ForMe(ListClassTasks.Open(db, units).Where(x => x.Task.DueOn <= near), call)
            .GroupBy(x => x.Task.SchemeId).Select(g => new { Scheme = g.Key, Count = g.Count(), First = g.Min(x => x.Task.DueOn) }).ToListAsync(ct);
        if (due.Count == 0)
            return [];
        var names = (await book.InForce(today, ct)).ToDictionary(s => s.Id, s => s.Name);
        return [.. due.Where(d => names.ContainsKey(d.Scheme)).OrderBy(d => d.First).Select(d => new TodayItem(t["class-task.today", names[d.Scheme].In(call.Language), d.Count], $"/classes/plan?scheme={d.Scheme}", d.First, TodayKind.Waiting))];
    }
}
