using System.Globalization;
using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offboarding;

/// <summary>Lists the customer's orders that are still open, so that each is finished or cancelled before the final bill. One line each: number, amount.</summary>
public sealed class ListOpenOrders(AppDb db, CaseDesk desk, CaseTexts texts) : UseCase<ListOpenOrders.Request, ListOpenOrders.Listed>(db)
{
    public const int Max = 500;
    private const int MaxNumber = 60;

    /// <param name="Orders">"PO-1001, 1250.00" on each line; the amount in the contract's currency may be left out.</param>
    public sealed record Request(Guid CaseId, string? Orders);

    public sealed record Listed(int Orders);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Listed>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.IsClosed)
            return CaseRefusals.Closed;
        if (exit.HasEnded(StepKind.WindDown))
            return CaseRefusals.StepNotActive;
        var contract = await Db.Contracts.AsNoTracking().SingleAsync(c => c.Id == exit.ContractId, ct);
        var lines = (request.Orders ?? "").Split('\n', StringSplitOptions.TrimEntries);
        var known = await Db.Set<OpenOrder>().CountAsync(o => o.CaseId == exit.Id, ct);
        var added = 0;
        foreach (var (n, line) in lines.Index())
        {
            if (line.Length == 0)
                continue;
            if (known + ++added > Max)
                return OffboardingRefusals.TooManyOrders;
            var parts = line.Split([',', '，', '\t'], 2, StringSplitOptions.TrimEntries);
            if (parts[0].Length is 0 or > MaxNumber)
                return OffboardingRefusals.OrderLine(n + 1);
            long amount = 0;
            if (parts.Length == 2 && parts[1].Length > 0)
            {
                try
                {
                    amount = Money.Parse(parts[1], contract.Currency, "orders").Minor;
                }
                catch (CalculationException)
                {
                    return OffboardingRefusals.OrderLine(n + 1);
                }
            }
            Db.Add(new OpenOrder
            {
                Id = Guid.CreateVersion7(), CaseId = exit.Id, TextId = await texts.Stage(exit, "order", parts[0], ct), Amount = amount, Currency = contract.Currency,
                AddedBy = call.Actor.Id, AddedAt = call.Now,
            });
        }
        if (added == 0)
            return CommonRefusals.Required("orders");
        Db.Audit(call, "open-orders.listed", $"case:{exit.Id:N}", new { added });
        return await Commit(new Listed(added), ct);
    }
}

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

/// <summary>A person says that the wind-down is over; refused while an order is open.</summary>
public sealed class FinishWindDown(AppDb db, CaseDesk desk) : UseCase<FinishWindDown.Request, Done>(db)
{
    public sealed record Request(Guid CaseId);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.Find(StepKind.WindDown) is not { State: StepState.Active } step)
            return exit.IsClosed ? CaseRefusals.Closed : CaseRefusals.StepNotActive;
        var orders = await Db.Set<OpenOrder>().AsNoTracking().Where(o => o.CaseId == exit.Id).Select(o => o.State).ToListAsync(ct);
        if (orders.Contains(OpenOrderState.Open))
            return OffboardingRefusals.OrdersOpen;
        if (exit.Finish(step.Id, string.Create(CultureInfo.InvariantCulture, $"orders:{orders.Count}")) is { } no)
            return no;
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
