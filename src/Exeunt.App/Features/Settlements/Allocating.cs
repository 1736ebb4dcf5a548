using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Procedures;
using Exeunt.Core.Settlement;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Settlements;

/// <summary>
/// Sets money of a bank line against an order: the allocation in the legal order, its double entry, the instalments it fills, and the
/// case's reconciliation when the order is paid. The caller saves.
/// </summary>
public sealed class Allocating(AppDb db, CaseDesk desk)
{
    private readonly Dictionary<Guid, (Plan Plan, List<PlanRow> Rows)> _plans = [];

    /// <summary>Loads the running plans of many orders at once, before <see cref="Apply"/>.</summary>
    public async Task Prepare(IReadOnlyCollection<Guid> orders, CancellationToken ct)
    {
        var plans = await db.Plans.Where(p => orders.Contains(p.OrderId) && (p.State == PlanState.Running || p.State == PlanState.Accelerated)).ToListAsync(ct);
        var ids = plans.Select(p => p.Id).ToList();
        var rows = (await db.PlanRows.Where(r => ids.Contains(r.PlanId)).ToListAsync(ct)).ToLookup(r => r.PlanId);
        foreach (var plan in plans)
            _plans[plan.OrderId] = (plan, [.. rows[plan.Id].OrderBy(r => r.Number)]);
    }

    /// <summary>Sets an amount against an order; what exceeds a claim becomes the customer's credit.</summary>
    /// <param name="amount">A magnitude; at most what is open for a refund.</param>
    /// <param name="fromSuspense">The money lay in suspense.</param>
    public async Task Apply(PaymentOrder order, BankLine line, Money amount, bool fromSuspense, Call call, CancellationToken ct)
    {
        var from = fromSuspense ? PaymentEntry.Suspense : PaymentEntry.Bank;
        var none = Money.Zero(order.Currency);
        var isClaim = order.Direction == PaymentDirection.Claim;
        var paid = isClaim ? order.Left.Allocate(amount) : new PaymentAllocation(none, none, amount, none, order.Open - amount);
        var entry = isClaim ? PaymentEntry.ClaimPaid(paid, from) : PaymentEntry.RefundPaid(amount, order.Purpose == PaymentPurpose.Credit, from);
        var cause = isClaim ? "payment" : order.Purpose == PaymentPurpose.Credit ? "credit-refund" : "refund";
        var allocation = new AllocationRow
        {
            Id = Guid.CreateVersion7(), LineKey = line.Key, OrderId = order.Id, CaseId = order.CaseId, BookedOn = line.BookedOn, Currency = order.Currency, Cost = paid.Cost.Minor,
            Interest = paid.Interest.Minor, Principal = paid.Principal.Minor, Unapplied = paid.Unapplied.Minor, EntryId = Post(db, order.CaseId, order.Currency, cause, entry, call), By = call.Actor.Id, At = call.Now,
        };
        db.Allocations.Add(allocation);
        order.Matched += paid.Applied.Minor;
        order.Version++;
        db.Audit(call, "payment.allocated", $"payment:{order.Id:N}", new { order.CaseId, line = line.Row, allocation.Cost, allocation.Interest, allocation.Principal, allocation.Unapplied, order.Currency });
        if (_plans.TryGetValue(order.Id, out var plan))
            Fill(plan.Plan, plan.Rows, paid.Applied.Minor, call);
        if (order.Matched < order.Amount || order.State == PaymentState.Reconciled)
            return;
        (order.State, order.ReconciledAt) = (PaymentState.Reconciled, call.Now);
        db.Audit(call, "payment.reconciled", $"payment:{order.Id:N}", new { order.CaseId });
        if (!isClaim)
            await Erasure.ErasePayout.Stage(db, order, call, ct);
        if (order.Purpose is not (PaymentPurpose.Settlement or PaymentPurpose.Ruling or PaymentPurpose.Return))
            return;
        if (isClaim && order.OrderPayment is { } number)
            await Paid(order.CaseId, number, line.BookedOn, ct);
        var exit = (await desk.Find(order.CaseId, call, ct))!;
        await FinishCase(exit, ct);
        // An erasure waited for it.
        if (order.Purpose == PaymentPurpose.Ruling)
            desk.Again(exit, StepKind.Erase, order.Reference, call);
        if (exit.Raised.Count > 0)
            desk.Stage(exit, call);
    }

    /// <summary>Raises that the case's money is done: nothing contested, everything paid or watched by a plan of instalments. The caller stages the case.</summary>
    public async Task FinishCase(Core.Cases.ExitCase exit, CancellationToken ct)
    {
        if (exit.IsClosed || !exit.IsActive(StepKind.Reconcile) || (exit.IsDisputed && await IsContested(exit.Id, ct)))
            return;
        var orders = await OrdersOf(exit.Id, ct);
        await db.Plans.Where(p => p.CaseId == exit.Id && p.State == PlanState.Running).LoadAsync(ct);
        var planned = db.Plans.Local.Where(p => p.CaseId == exit.Id && p.State == PlanState.Running).Select(p => p.OrderId).ToHashSet();
        if (orders.Count == 0)
            exit.Skip(StepKind.Reconcile, "nothing-owed");
        else if (orders.All(o => o.State == PaymentState.Reconciled || planned.Contains(o.Id)))
            exit.Finish(StepKind.Reconcile, planned.Count > 0 ? PlanMaker.Reference : orders[0].Reference);
    }

    /// <summary>The difference of an exchange is paid: from now on it can go back like any payment of the order, while there is the order.</summary>
    private async Task Paid(Guid caseId, int number, DateOnly on, CancellationToken ct)
    {
        if (await db.Set<Orders.OrderPayment>().SingleOrDefaultAsync(p => p.Number == number && db.Returns.Any(r => r.CaseId == caseId && r.OrderId == p.OrderId), ct) is { } payment)
            payment.PaidOn ??= on;
    }

    /// <summary>Whether an open dispute is about money: what becomes of it is still to come.</summary>
    private Task<bool> IsContested(Guid caseId, CancellationToken ct) =>
        db.Set<Disputes.Dispute>().AnyAsync(d => d.CaseId == caseId && d.Result == null && d.Contested != 0, ct);

    /// <summary>The orders of a case's settlement and of rulings about it, with what was staged and not saved yet; oldest first.</summary>
    private async Task<List<PaymentOrder>> OrdersOf(Guid caseId, CancellationToken ct)
    {
        await db.PaymentOrders.Where(o => o.CaseId == caseId).LoadAsync(ct);
        return [.. db.PaymentOrders.Local.Where(o => o.CaseId == caseId && o.Purpose is PaymentPurpose.Settlement or PaymentPurpose.Ruling or PaymentPurpose.Return).OrderBy(o => o.OrderedAt).ThenBy(o => o.Number)];
    }

    /// <summary>Stages a balanced entry; returns its id.</summary>
    public static Guid Post(AppDb db, Guid? caseId, string currency, string cause, IReadOnlyList<PaymentEntry.Side> sides, Call call)
    {
        var entry = Guid.CreateVersion7();
        foreach (var (side, i) in sides.Select((s, i) => (s, i)))
            db.Postings.Add(new Posting { EntryId = entry, Line = i, CaseId = caseId, Account = side.Account, Amount = side.Minor, Currency = currency, Cause = cause, At = call.Now });
        return entry;
    }

    private void Fill(Plan plan, List<PlanRow> rows, long payment, Call call)
    {
        var (filled, _) = InstalmentPlan.Fill([.. rows.Select(r => r.Value)], payment);
        foreach (var (row, now) in rows.Zip(filled))
            row.Paid = now.Paid;
        plan.Version++;
        // A demand is answered when nothing is overdue any more: the next one begins its own period.
        if (!rows.Any(r => r.Value.IsOverdue(call.Today(Clocks.CompanyZone))))
            plan.DemandedOn = null;
        if (rows.Any(r => r.Value.Open > 0))
            return;
        plan.State = PlanState.Paid;
        db.Audit(call, "plan.paid", $"plan:{plan.Id:N}", new { plan.CaseId });
        // The addresses were kept for the plan; now nothing asks for them.
        db.Enqueue(Effect.Now("erase.contact-after-plan", $"plan-paid|{plan.Id:N}", call, caseId: plan.CaseId));
    }
}
