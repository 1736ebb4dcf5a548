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
        Db.Audit(call, "bank.line-assigned", $"bank-line:{line.Row}", new { order = order.Id, fromSuspense = aside });
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

/// <summary>Sets a bank line aside that belongs to no order, with a reason and words; its money goes to suspense.</summary>
public sealed class SetBankLineAside(AppDb db, Vault vault) : UseCase<SetBankLineAside.Request, Done>(db)
{
    public const int MaxWords = 500;

    public sealed record Request(Guid FileId, int Line, SetAsideReason? Reason, string? Words);

    public override Permission Needs => Permission.HandleMoney;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.BankLines.SingleOrDefaultAsync(l => l.FileId == request.FileId && l.Number == request.Line, ct) is not { } line)
            return CommonRefusals.NotFound;
        if (line.State != BankLineState.Open)
            return BankRefusals.LineResolved;
        if (request.Reason is not { } reason || !Enum.IsDefined(reason))
            return CommonRefusals.Required("reason");
        if (string.IsNullOrWhiteSpace(request.Words))
            return CommonRefusals.Required("words");
        if (request.Words.Length > MaxWords)
            return CommonRefusals.TooLong("words", MaxWords);
        line.Words = await vault.Seal(BankLine.WordsSubject, DataClass.Legal, BankLine.Place, line.Row, request.Words.Trim(), ct);
        (line.State, line.Reason, line.ResolvedBy, line.ResolvedAt) = (BankLineState.SetAside, reason, call.Actor.Id, call.Now);
        line.Version++;
        Allocating.Post(Db, null, line.Currency, "suspense", PaymentEntry.SetAside(line.Value), call);
        Db.Audit(call, "bank.line-set-aside", $"bank-line:{line.Row}", new { reason });
        return await Commit(Done.It, ct);
    }
}

/// <summary>Closes a reconciliation once no line of it is open. Final.</summary>
public sealed class CloseBankFile(AppDb db) : UseCase<CloseBankFile.Request, Done>(db)
{
    private const int Named = 10;

    public sealed record Request(Guid FileId);

    public override Permission Needs => Permission.HandleMoney;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.BankFiles.SingleOrDefaultAsync(f => f.Id == request.FileId, ct) is not { } file)
            return CommonRefusals.NotFound;
        if (file.State == BankFileState.Closed)
            return BankRefusals.FileClosed;
        var open = Db.BankLines.AsNoTracking().Where(l => l.FileId == file.Id && l.State == BankLineState.Open);
        if (await open.CountAsync(ct) is > 0 and var count)
            return BankRefusals.LinesOpen(count, await open.OrderBy(l => l.Number).Select(l => l.Number).Take(Named).ToListAsync(ct));
        (file.State, file.ClosedBy, file.ClosedAt) = (BankFileState.Closed, call.Actor.Id, call.Now);
        file.Version++;
        Db.Audit(call, "bank.file-closed", $"bank-file:{file.Id:N}", new { file.Lines });
        return await Commit(Done.It, ct);
    }
}

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
            Reference = PaymentOrder.NewReference(), OrderedAt = call.Now,
        };
        Db.PaymentOrders.Add(order);
        Db.Audit(call, "payment.ordered", $"payment:{order.Id:N}", new { order.CaseId, order.Direction, order.Purpose, order.Amount, order.Currency, order.Reference });
        Db.Enqueue(Effect.Now("bank.instruct", $"bank|{order.Id:N}", call, new BankInstruct.Order(order.Id), exit.Id));
        return await Commit(new Ordered(order.Reference), ct);
    }
}
