using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Settlements;

/// <summary>Orders a customer's credit back; by somebody else than who assigned the payment that made it.</summary>
public sealed class RefundCredit(AppDb db, CaseDesk desk) : UseCase<RefundCredit.Request, RefundCredit.Ordered>(db)
{
    public sealed record Request(Guid CaseId);

    public sealed record Ordered(string Reference);

    public override Permission Needs => Permission.HandleMoney;

    protected override async Task<Outcome<Ordered>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        var paid = await Db.Allocations.AsNoTracking().Where(a => a.CaseId == exit.Id && a.Unapplied > 0).ToListAsync(ct);
        var orders = await Db.PaymentOrders.AsNoTracking().Where(o => o.CaseId == exit.Id && o.Purpose == PaymentPurpose.Credit).ToListAsync(ct);
        var credit = paid.Sum(a => a.Unapplied) - orders.Sum(o => o.Amount);
        if (credit <= 0)
            return BankRefusals.NoCredit;
        if (paid.Any(a => a.By == call.Actor.Id))
            return BankRefusals.OwnCredit;
        var order = new PaymentOrder
        {
            Id = Guid.CreateVersion7(), CaseId = exit.Id, Purpose = PaymentPurpose.Credit, Number = orders.Count + 1, Direction = PaymentDirection.Refund, Amount = credit, Currency = paid[0].Currency,
            Reference = PaymentOrder.ReferenceOf(Db, exit.Id, PaymentPurpose.Credit, $"{orders.Count + 1}"), OrderedAt = call.Now,
        };
        Db.PaymentOrders.Add(order);
        Db.Audit(call, "payment.ordered", $"payment:{order.Id:N}", new { order.CaseId, order.Direction, order.Purpose, order.Amount, order.Currency, order.Reference });
        Db.Enqueue(Effect.Now("bank.instruct", $"bank|{order.Id:N}", call, new BankInstruct.Order(order.Id), exit.Id));
        return await Commit(new Ordered(order.Reference), ct);
    }
}
