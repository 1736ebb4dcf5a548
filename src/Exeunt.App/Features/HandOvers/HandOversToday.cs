using System.Globalization;
using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.HandOvers;

/// <summary>Visits that are mine within a week or overdue, and customers whose giving up waits for my approval.</summary>
public sealed class HandOversToday(AppDb db) : ITodaySource
{
    public async Task<IReadOnlyList<TodayItem>> For(Call call, CancellationToken ct)
    {
        var t = Texts.In(call.Language);
        var items = new List<TodayItem>();
        if (StaffDirectory.GuidOf(call.Actor.Id) is { } me && call.Actor.Allows(Permission.VisitCustomers))
        {
            var near = call.Today(Clocks.CompanyZone).AddDays(7);
            var visits = await db.PlanItems.AsNoTracking().Where(i => i.Visit == VisitState.Planned && i.VisitOn <= near)
                .Join(db.PortfolioPlans.AsNoTracking().Where(p => p.Stage == PlanStage.Running || p.Stage == PlanStage.Moved), i => i.PlanId, p => p.Id, (i, p) => new { i.CustomerId, i.VisitOn, i.Successor, i.VisitKind, i.PlanId, p.OwnerId })
                .Where(v => v.Successor == me || (v.OwnerId == me && v.VisitKind == VisitKind.Joint)).OrderBy(v => v.VisitOn).ThenBy(v => v.CustomerId).Take(50).ToListAsync(ct);
            items.AddRange(visits.Select(v => new TodayItem(t["hand-over.today.visit", v.CustomerId.ToString(CultureInfo.InvariantCulture)], $"/hand-overs/plans/{v.PlanId}?show=Visits", v.VisitOn, TodayKind.Visits)));
        }
        if (call.Actor.Allows(Permission.ApproveGivingUp))
        {
            var units = (await VisibleUnits.Of(db, call.Actor, Permission.ApproveGivingUp, ct)).Ids(null);
            var asked = await db.GivingUps.AsNoTracking().Where(g => g.State == GivingUpState.Asked && g.AskedBy != call.Actor.Id && db.Customers.Any(c => c.Id == g.CustomerId && units.Contains(c.UnitId)))
                .OrderBy(g => g.AskedAt).ThenBy(g => g.Id).Take(50).Select(g => new { g.Id, g.CustomerId, g.FromOn }).ToListAsync(ct);
            items.AddRange(asked.Select(g => new TodayItem(t["giving-up.today", g.CustomerId.ToString(CultureInfo.InvariantCulture)], $"/giving-up/{g.Id}", g.FromOn, TodayKind.Approvals)));
        }
        return items;
    }
}
