using Exeunt.App.Data;
using Exeunt.App.Features.Disputes;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Settlements;

/// <summary>放行: releases the payment that follows from the end of a dispute, by somebody who neither opened nor ended one in the case.</summary>
public sealed class ReleaseRuling(AppDb db, CaseDesk desk) : UseCase<ReleaseRuling.Request, Done>(db)
{
    /// <param name="OrderId">A payment in the state Proposed.</param>
    public sealed record Request(Guid OrderId);

    public override Permission Needs => Permission.HandleMoney;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.PaymentOrders.SingleOrDefaultAsync(o => o.Id == request.OrderId && o.Purpose == PaymentPurpose.Ruling, ct) is not { } order
            || await desk.Find(order.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (order.State != PaymentState.Proposed)
            return ReleaseRefusals.ReleasedAlready;
        if (exit.HoldsMoney)
            return CaseRefusals.Held;
        var me = call.Actor.Id;
        if (await Db.Set<Dispute>().AnyAsync(d => d.CaseId == exit.Id && (d.OpenedBy == me || d.ClosedBy == me), ct))
            return DisputeRefusals.OwnRuling;
        order.State = PaymentState.Ordered;
        order.Version++;
        Db.Audit(call, "payment.ordered", $"payment:{order.Id:N}", new { order.CaseId, order.Direction, order.Amount, order.Currency, order.Reference });
        Db.Enqueue(Effect.Now("bank.instruct", $"bank|{order.Id:N}", call, new BankInstruct.Order(order.Id), exit.Id));
        return await Commit(Done.It, ct);
    }
}

public static class ReleaseRefusals
{
    public static readonly Refusal ReleasedAlready = new(RefusalKind.Conflict, "payment.released-already", "This payment was released already.", "该款项已放行。");
}
