using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Settlements;

/// <summary>Settlements that wait for an approval (the caller's own first), payment orders by case, and bank lines that fit none.</summary>
public sealed class ListMoney(AppDb db, CaseDesk desk) : UseCase<ListMoney.Request, ListMoney.Page>(db)
{
    public const int PageSize = 50;
    private const int MaxApprovals = 200;

    /// <param name="Before">Serial of the last case of the page of orders before.</param>
    public sealed record Request(long? Before = null);

    /// <param name="Mine">The caller can give one of the missing approvals.</param>
    public sealed record Waiting(Guid CaseId, string Number, DateOnly? EndsOn, Money Total, IReadOnlyList<Role> Missing, bool Mine, string Zone);

    public sealed record OrderRow(PaymentOrder Order, string Number, long Serial);

    public sealed record Page(IReadOnlyList<Waiting> Approvals, IReadOnlyList<OrderRow> Orders, long? Next, IReadOnlyList<BankLine> Unmatched);

    public override Permission Needs => Permission.ViewMoney;

    protected override async Task<Outcome<Page>> Handle(Call call, Request request, CancellationToken ct)
    {
        var visible = desk.Visible(call, Needs);
        var orders = visible.Join(Db.CaseIndex.AsNoTracking(), c => c.Id, i => i.CaseId, (c, i) => new { c.Id, c.Number, i.Serial })
            .Join(Db.PaymentOrders.AsNoTracking(), c => c.Id, o => o.CaseId, (c, o) => new { Order = o, c.Number, c.Serial });
        if (request.Before is { } before)
            orders = orders.Where(o => o.Serial < before);
        var rows = await orders.OrderByDescending(o => o.Serial).ThenBy(o => o.Order.Direction).Take(PageSize + 1).ToListAsync(ct);
        // Bank lines are of no unit until they fit an order.
        var unmatched = await Db.BankLines.AsNoTracking().Where(b => b.OrderId == null).OrderByDescending(b => b.ImportedAt).ThenBy(b => b.Key).Take(20).ToListAsync(ct);
        return new Page(await Approvals(visible, call, ct), [.. rows.Take(PageSize).Select(r => new OrderRow(r.Order, r.Number, r.Serial))],
            rows.Count > PageSize ? rows[PageSize - 1].Serial : null, unmatched);
    }

    private static async Task<List<Waiting>> Approvals(IQueryable<ExitCase> visible, Call call, CancellationToken ct)
    {
        var cases = await visible.Where(c => c.SettlementDigest != null && c.State != CaseState.Closed && (!c.Approvals.Contains("Finance") || !c.Approvals.Contains("Legal")))
            .OrderBy(c => c.EffectiveOn).ThenBy(c => c.Number).Take(MaxApprovals).ToListAsync(ct);
        return [.. cases.Where(c => c.IsActive(StepKind.Approve)).Select(c => WaitingOf(c, call)).OrderByDescending(w => w.Mine)];
    }

    private static Waiting WaitingOf(ExitCase exit, Call call)
    {
        Role[] missing = [.. new[] { Role.Finance, Role.Legal }.Except(exit.ApprovedBy)];
        return new Waiting(exit.Id, exit.Number, exit.EffectiveOn, new Money(exit.SettlementTotal!.Value, exit.SettlementCurrency!), missing,
            missing.Any(r => call.Actor.Allows(r == Role.Finance ? Permission.ApproveMoney : Permission.ApproveLegal) && exit.CannotApprove(r, call.Actor.Id) is null),
            exit.Zone ?? Clocks.CompanyZone);
    }
}
