using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Work;

/// <summary>Asks a system again for an order that was parked or that it reported as failed.</summary>
public sealed class RetryWork(AppDb db, CaseDesk desk) : UseCase<RetryWork.Request, Done>(db)
{
    public sealed record Request(Guid WorkOrderId);

    public override Permission Needs => Permission.CarryOutWork;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        var found = await WorkRefusals.Find(Db, desk, request.WorkOrderId, Needs, call, ct);
        if (found.Refusal is { } no)
            return no;
        var (order, _) = found.Value;
        var key = SendWork.KeyOf(order.Id);
        if (order.System is null || await Db.Effects.SingleOrDefaultAsync(e => e.Key == key, ct) is not { } effect || effect.State == EffectState.Waiting)
            return WorkRefusals.NothingToRetry;
        (effect.State, effect.Attempts, effect.DueAt, effect.LeaseUntil, effect.Note, effect.DoneAt) = (EffectState.Waiting, 0, call.Now, null, null, null);
        effect.Fence++;
        (order.SentAt, order.Failure) = (null, null);
        order.Version++;
        Db.Audit(call, "work.retried", $"work:{order.Id:N}", new { order.CaseId, order.Task });
        return await Commit(Done.It, ct);
    }
}
