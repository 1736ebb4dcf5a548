using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Work;

/// <summary>A named person confirms that a work order is done; the last one lets the case go on.</summary>
public sealed class ConfirmWork(AppDb db, CaseDesk desk) : UseCase<ConfirmWork.Request, Done>(db)
{
    public sealed record Request(Guid WorkOrderId);

    public override Permission Needs => Permission.CarryOutWork;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        var order = await Db.WorkOrders.SingleOrDefaultAsync(w => w.Id == request.WorkOrderId, ct);
        if (order is null || await desk.Find(order.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (order.DoneAt is not null)
            return WorkRefusals.DoneAlready;
        (order.DoneBy, order.DoneAt) = (call.Actor.Id, call.Now);
        order.Version++;
        Db.Audit(call, "work.confirmed", $"work:{order.Id:N}", new { order.CaseId, order.Task });
        var open = await Db.WorkOrders.AsNoTracking().CountAsync(w => w.CaseId == exit.Id && w.Step == order.Step && w.DoneAt == null && w.Id != order.Id, ct);
        // Every confirmation is an event, so the case's version makes one of two last ones look again. Orders of older cases name no step.
        exit.ConfirmWork(order.Id, order.Task, order.Step ?? (exit.IsClosed ? null : exit.Find(StepKind.WorkOrders)?.Id), last: open == 0);
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }

    protected override int Tries => 3;
}

public static class WorkRefusals
{
    public static readonly Refusal DoneAlready = new(RefusalKind.Conflict, "work.done-already", "This work order is confirmed already.", "该工单已确认完成。");
}
