using Exeunt.App.Data;
using Exeunt.App.Features.Orders;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Returns;

/// <summary>A return with its case and order, to change.</summary>
public sealed class ReturnCases(AppDb db, CaseDesk desk, OrderBook orders)
{
    public sealed record Found(ExitCase Case, Return Return, Order Order);

    /// <summary>Null when there is no such return (any more: the orders of former customers go), or it is not of the caller's units.</summary>
    public async Task<Found?> Find(Guid caseId, Call call, Permission permission, CancellationToken ct) => await With(await desk.Find(caseId, call, permission, ct), ct);

    /// <summary>Of its own customer, or for the system.</summary>
    public async Task<Found?> FindOwn(Guid caseId, Call call, CancellationToken ct) => await With(await desk.FindOwn(caseId, call, ct), ct);

    private async Task<Found?> With(ExitCase? exit, CancellationToken ct) =>
        exit is { OrderId: { } orderId } && await db.Returns.SingleOrDefaultAsync(r => r.CaseId == exit.Id, ct) is { } row && await orders.Find(orderId, ct) is { } order
            ? new Found(exit, row, order) : null;

    /// <summary>Whether a return of a customer's order is still under way.</summary>
    public static Task<bool> AnyOpen(AppDb db, long customer, CancellationToken ct) =>
        db.Cases.AsNoTracking().AnyAsync(c => c.CustomerId == customer && c.OrderId != null && c.State != CaseState.Closed, ct);

    /// <summary>The pieces go back to the order: the return ended without them.</summary>
    public static void ReleaseAll(Found found)
    {
        foreach (var line in found.Return.Lines)
            ReturnDesk.Release(found.Order, line, line.Quantity - line.AcceptedBefore);
    }
}
