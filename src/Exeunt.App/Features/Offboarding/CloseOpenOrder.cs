using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offboarding;

/// <summary>An open order was finished or cancelled.</summary>
public sealed class CloseOpenOrder(AppDb db, CaseDesk desk) : UseCase<CloseOpenOrder.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, Guid OrderId, OpenOrderState? State);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit
            || await Db.Set<OpenOrder>().SingleOrDefaultAsync(o => o.Id == request.OrderId && o.CaseId == exit.Id, ct) is not { } order)
            return CommonRefusals.NotFound;
        if (request.State is not (OpenOrderState.Finished or OpenOrderState.Cancelled))
            return CommonRefusals.Required("state");
        if (order.State != OpenOrderState.Open)
            return OffboardingRefusals.OpenOrderDone;
        (order.State, order.DoneBy, order.DoneAt) = (request.State.Value, call.Actor.Id, call.Now);
        order.Version++;
        Db.Audit(call, "open-order.closed", $"case:{exit.Id:N}", new { order = order.Id, order.State });
        return await Commit(Done.It, ct);
    }
}
