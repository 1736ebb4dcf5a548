using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Work;

/// <summary>
/// Takes back what a case had asked departments and systems to do: orders that are not done are called off, and for each that was confirmed
/// there is an order that gives it back.
/// </summary>
public sealed class UndoWork(AppDb db)
{
    public const string Prefix = "undo-";

    public async Task Stage(ExitCase exit, Call call, CancellationToken ct)
    {
        var orders = await db.WorkOrders.Where(w => w.CaseId == exit.Id && w.Step != null).ToListAsync(ct);
        var undone = 0;
        foreach (var order in orders)
        {
            if (order.DoneAt is null)
            {
                // Called off, also at a system that may have it already: its late answer changes nothing.
                (order.IsWaived, order.DoneBy, order.DoneAt) = (true, call.Actor.Id, call.Now);
                order.Version++;
                var key = SendWork.KeyOf(order.Id);
                if (order.SentAt is null && !await db.Effects.AnyAsync(e => e.Key == key && e.Attempts > 0, ct))
                    continue;
            }
            else if (order.IsWaived)
                continue;
            undone++;
            var back = new WorkOrder
            {
                Id = Guid.CreateVersion7(), CaseId = exit.Id, Step = null, Task = Prefix + order.Task, English = $"Give back: {order.English}", Chinese = $"恢复：{order.Chinese}",
                Department = order.Department, System = order.System, Irreversible = false, DueOn = call.Today(exit.Zone ?? Clocks.CompanyZone).AddDays(1), CreatedAt = call.Now,
            };
            db.WorkOrders.Add(back);
            if (back.System is not null)
                db.Enqueue(SendWork.Of(back, call));
        }
        if (orders.Count > 0)
            db.Audit(call, "work.undone", $"case:{exit.Id:N}", new { orders = orders.Count, undone });
    }
}
