using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Work;

/// <summary>A work order with what lists say of it beside: of its case, or, where it belongs to none, of its customer.</summary>
internal sealed class ListedWork
{
    public required WorkOrder Order { get; init; }

    // Of its case; null where there is none.
    public string? CaseNumber { get; init; }
    public string? Zone { get; init; }
    public CaseState? State { get; init; }
    public string? AssignedTo { get; init; }

    /// <summary>The unit of the customer of an order without a case.</summary>
    public int? UnitId { get; init; }

    /// <summary>The case's number; without a case ours of the customer.</summary>
    public string Number => CaseNumber ?? $"K-{Order.CustomerId}";

    /// <summary>Where it is carried out.</summary>
    public string Link => Order.CaseId is { } exit ? $"/cases/{exit}#next" : "/work";

    /// <summary>The work orders that the caller may carry out: those of the cases of their units and, without a case, of the customers of their units.</summary>
    public static async Task<IQueryable<ListedWork>> Of(AppDb db, CaseDesk desk, Call call, CancellationToken ct)
    {
        var units = (await VisibleUnits.Of(db, call.Actor, Permission.CarryOutWork, ct)).Ids(null);
        return from w in db.WorkOrders.AsNoTracking()
               join c in desk.Visible(call, Permission.CarryOutWork) on w.CaseId equals c.Id into own
               from c in own.DefaultIfEmpty()
               join k in db.Customers.AsNoTracking() on w.CustomerId equals k.Id into whose
               from k in whose.DefaultIfEmpty()
               where c != null || (k != null && units.Contains(k.UnitId))
               select new ListedWork { Order = w, CaseNumber = c!.Number, Zone = c!.Zone, State = (CaseState?)c!.State, AssignedTo = c!.AssignedTo, UnitId = (int?)k!.UnitId };
    }
}
