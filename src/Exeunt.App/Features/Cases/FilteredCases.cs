using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Today;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>
/// The cases a filter means, of those the caller may see. What it asks of a case stands in one index, so that a page is found without
/// reading the cases themselves.
/// </summary>
public sealed class FilteredCases(AppDb db, CaseDesk desk, CustomerSearch customers)
{
    /// <returns>Stopped: so many customers have what is searched for that not all were looked at.</returns>
    public async Task<(IQueryable<ExitCase> Cases, bool Stopped)> Of(CaseFilter filter, Call call, CancellationToken ct)
    {
        var cases = desk.Visible(call, Permission.ViewCases);
        if (Enum.TryParse<CaseState>(filter.State, out var state))
            cases = cases.Where(c => c.State == state);
        else if (filter.State.Length == 0)
            cases = cases.Where(c => c.State != CaseState.Closed);
        if (filter.Kind is { } kind)
            cases = cases.Where(c => c.Kind == kind);
        if (filter.Who.Length > 0)
        {
            var who = filter.Who == "me" ? call.Actor.Id : null;
            cases = cases.Where(c => c.AssignedTo == who);
        }
        if (filter.Channel is { } channel)
            cases = cases.Where(c => c.Channel == channel);
        if (filter.Reason is { } reason)
            cases = cases.Where(c => c.Reason == reason);
        if (filter.Unit is { } unit)
        {
            var units = await Below(unit, ct);
            cases = cases.Where(c => c.UnitId != null && units.Contains(c.UnitId.Value));
        }
        if (filter.Tier is { } tier)
            cases = cases.Where(c => db.Customers.Any(x => x.Id == c.CustomerId && x.Tier == tier));
        if (filter.WaitsFor is { } role)
        {
            var bit = WaitRow.BitOf(role);
            cases = cases.Where(c => db.Waits.Any(w => w.CaseId == c.Id && (w.Roles & bit) != 0));
        }
        if (filter.DueBefore is { } due)
        {
            var until = Clocks.StartOf(due.AddDays(1), Clocks.CompanyZone).AddMilliseconds(1);
            cases = cases.Where(c => db.Waits.Any(w => w.CaseId == c.Id && w.DueAt < until));
        }
        if (filter.Overdue)
        {
            var now = call.BusinessNow;
            cases = cases.Where(c => db.Waits.Any(w => w.CaseId == c.Id && w.DueAt < now));
        }
        if (filter.Disputed)
            cases = cases.Where(c => c.Disputes > 0);
        if (filter.Order == CaseOrder.EndsOn)
            cases = cases.Where(c => c.EffectiveOn != null);
        return filter.Text.Length == 0 ? (cases, false) : await Searched(cases, filter.Text, call, ct);
    }

    /// <summary>By number; and by customer, of those whose cases are among these, for those who may see customers.</summary>
    private async Task<(IQueryable<ExitCase>, bool)> Searched(IQueryable<ExitCase> cases, string text, Call call, CancellationToken ct)
    {
        var number = text.ToUpperInvariant();
        if (!call.Actor.Allows(Permission.ViewCustomers))
            return (cases.Where(c => c.Number.Contains(number)), false);
        var (found, stopped) = await customers.Some(cases.Where(c => c.CustomerId != null).Select(c => c.CustomerId!.Value), text, ct);
        return (cases.Where(c => c.Number.Contains(number) || (c.CustomerId != null && found.Contains(c.CustomerId.Value))), stopped);
    }

    private async Task<List<int>> Below(int unit, CancellationToken ct)
    {
        var path = await db.Units.AsNoTracking().Where(u => u.Id == unit).Select(u => u.Path).SingleOrDefaultAsync(ct);
        return path is null ? [] : await db.Units.AsNoTracking().Where(u => u.Path.StartsWith(path)).Select(u => u.Id).ToListAsync(ct);
    }
}
