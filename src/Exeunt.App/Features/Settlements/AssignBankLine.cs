using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Settlement;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Settlements;

/// <summary>
/// Assigns a bank line to an order, by its reference or its case's number. More than the order's claim goes to the customer's other open
/// claims, costs before interest before principal, and what is left stays as their credit. A line set aside can be assigned later by another person.
/// </summary>
public sealed class AssignBankLine(AppDb db, CaseDesk desk, Allocating allocating) : UseCase<AssignBankLine.Request, Done>(db)
{
    /// <param name="Order">Reference of the order, or number of the case.</param>
    public sealed record Request(Guid FileId, int Line, string? Order);

    public override Permission Needs => Permission.HandleMoney;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.BankLines.SingleOrDefaultAsync(l => l.FileId == request.FileId && l.Number == request.Line, ct) is not { } line)
            return CommonRefusals.NotFound;
        if (line.State is BankLineState.Matched or BankLineState.Assigned)
            return BankRefusals.LineResolved;
        var aside = line.State == BankLineState.SetAside;
        if (aside && line.ResolvedBy == call.Actor.Id)
            return BankRefusals.SecondPerson;
        var found = await Find(request.Order, call, ct);
        if (found.Refusal is { } no)
            return no;
        var order = found.Value;
        if (order.Currency != line.Currency)
            return BankRefusals.WrongCurrency;
        if (order.Direction == PaymentDirection.Refund != line.Amount < 0)
            return BankRefusals.WrongDirection;
        var amount = line.Amount < 0 ? -line.Value : line.Value;
        if (order.Direction == PaymentDirection.Refund && amount > order.Open)
            return BankRefusals.MoreThanOrdered;
        (line.State, line.OrderId, line.ResolvedBy, line.ResolvedAt) = (BankLineState.Assigned, order.Id, call.Actor.Id, call.Now);
        line.Version++;
        Db.Audit(call, "bank.line-assigned", line.Target, new { order = order.Id, fromSuspense = aside });
        foreach (var (to, part) in await Parts(order, amount, ct))
            await allocating.Apply(to, line, part, aside, call, ct);
        return await Commit(Done.It, ct);
    }

    /// <summary>The order first; then the customer's other claims together; what is left, again to the order as credit.</summary>
    private async Task<List<(PaymentOrder Order, Money Part)>> Parts(PaymentOrder order, Money amount, CancellationToken ct)
    {
        var own = Money.Min(amount, order.Open);
        var rest = amount - own;
        var parts = new List<(PaymentOrder, Money)>();
        if (!rest.IsZero)
        {
            var customer = await Db.Cases.AsNoTracking().Where(c => c.Id == order.CaseId).Select(c => c.CustomerId).SingleAsync(ct);
            var others = await Db.PaymentOrders.Where(o => o.Id != order.Id && o.Direction == PaymentDirection.Claim && o.Currency == order.Currency && o.Matched < o.Amount
                && Db.Cases.Any(c => c.Id == o.CaseId && c.CustomerId == customer)).OrderBy(o => o.OrderedAt).ThenBy(o => o.Reference).Take(50).ToListAsync(ct);
            var (claims, left) = PaymentAllocation.Across(rest, [.. others.Select(o => o.Left)]);
            parts.AddRange(others.Zip(claims).Where(p => !p.Second.Applied.IsZero).Select(p => (p.First, p.Second.Applied)));
            own += left;
        }
        if (!own.IsZero)
            parts.Insert(0, (order, own));
        await allocating.Prepare([.. parts.Select(p => p.Item1.Id)], ct);
        return parts;
    }

    private async Task<Outcome<PaymentOrder>> Find(string? typed, Call call, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(typed))
            return CommonRefusals.Required("order");
        var text = typed.Trim().ToUpperInvariant();
        var visible = desk.Visible(call, Needs);
        var ids = await Db.PaymentOrders.AsNoTracking().Where(o => visible.Any(c => c.Id == o.CaseId && (o.Reference == text || c.Number == text)))
            .OrderBy(o => o.OrderedAt).ThenBy(o => o.Number).Select(o => o.Id).Take(20).ToListAsync(ct);
        // In a query of its own: the cases above are not tracked, and neither would be the orders with them.
        var orders = await Db.PaymentOrders.Where(o => ids.Contains(o.Id)).ToListAsync(ct);
        // A case's claim that is paid still takes what comes beyond it, as credit.
        var open = orders.Where(o => o.Matched < o.Amount).ToList();
        return (open.Count, orders.Count) switch
        {
            (1, _) => open[0],
            (0, 1) => orders[0],
            (0, 0) => BankRefusals.NoSuchOrder,
            _ => BankRefusals.SeveralOrders,
        };
    }
}
