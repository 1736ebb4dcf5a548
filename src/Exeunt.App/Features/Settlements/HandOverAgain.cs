using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Settlements;

/// <summary>
/// 重新付款: the bank says that it never had a refund, or sent it back. The first person says so, a second one has it handed over again, under its
/// reference, to the account that is on file by then.
/// </summary>
public sealed class HandOverAgain(AppDb db, CaseDesk desk) : UseCase<HandOverAgain.Request, HandOverAgain.Stands>(db)
{
    /// <param name="OrderId">A refund whose result is unknown.</param>
    public sealed record Request(Guid OrderId);

    /// <param name="IsHandedOver">False: a second person is needed.</param>
    public sealed record Stands(bool IsHandedOver);

    private static readonly Refusal NotUnknown = new(RefusalKind.Conflict, "payment.not-unknown",
        "Only a refund whose result is unknown is handed over again: this one is with the bank, or was found in a statement.", "只有付款结果不明的退款才能重新付出；该款项仍在银行处理中或已对账。");

    private static readonly Refusal Own = new(RefusalKind.Forbidden, "payment.again-own",
        "You said that the bank never had it. Somebody else who handles money has it handed over again.", "您已提出银行未收到此款，须由另一名财务人员确认后重新付出。");

    public override Permission Needs => Permission.HandleMoney;

    protected override async Task<Outcome<Stands>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.PaymentOrders.SingleOrDefaultAsync(o => o.Id == request.OrderId && o.Direction == PaymentDirection.Refund, ct) is not { } order
            || await desk.Find(order.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (order is not { State: PaymentState.Unknown, Matched: 0 })
            return NotUnknown;
        order.Version++;
        if (order.AgainBy is null)
        {
            order.AgainBy = call.Actor.Id;
            Db.Audit(call, "payment.never-had", $"payment:{order.Id:N}", new { order.CaseId, order.Reference });
            return await Commit(new Stands(false), ct);
        }
        if (order.AgainBy == call.Actor.Id)
            return Own;
        if (exit.HoldsMoney)
            return CaseRefusals.Held;
        (order.State, order.HandedAt, order.HandedBy, order.AgainBy) = (PaymentState.Ordered, null, null, null);
        order.Attempt++;
        Db.Audit(call, "payment.again", $"payment:{order.Id:N}", new { order.CaseId, order.Reference, order.Attempt });
        Db.Enqueue(Effect.Now("bank.instruct", $"bank|{order.Id:N}|{order.Attempt}", call, new BankInstruct.Order(order.Id), exit.Id));
        return await Commit(new Stands(true), ct);
    }
}
