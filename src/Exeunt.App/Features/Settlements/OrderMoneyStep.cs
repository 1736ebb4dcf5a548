using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Policies;
using Exeunt.Core.Settlement;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Settlements;

/// <summary>
/// Effect "step.order-money": books the approved settlement in double entry and orders the refund, or records the claim. There is
/// at most one order per case and direction, by a unique key.
/// </summary>
public sealed class OrderMoneyStep(AppDb db, CaseDesk desk, Settling settling) : IEffect
{
    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = (await desk.Find(effect.CaseId!.Value, call, ct))!;
        if (exit.IsClosed || !exit.IsActive(StepKind.OrderMoney))
            return EffectResult.Done;
        var contract = await db.Contracts.AsNoTracking().SingleAsync(c => c.Id == exit.ContractId, ct);
        var statement = (await settling.Compute(contract, exit.EffectiveOn!.Value, ct)).Value;
        if (Settling.Digest(exit.Id, statement.ToJson()) != exit.SettlementDigest)
            return EffectResult.Park("settlement-changed-after-approval");
        Book(exit, statement, call);
        if (statement.Total.IsZero)
        {
            exit.Skip(StepKind.OrderMoney, "nothing-owed");
            desk.Stage(exit, call);
            return EffectResult.Done;
        }
        var order = new PaymentOrder
        {
            Id = Guid.CreateVersion7(), CaseId = exit.Id, Amount = Math.Abs(statement.Total.Minor), Currency = statement.Currency,
            Direction = statement.Total.Minor < 0 ? PaymentDirection.Refund : PaymentDirection.Claim,
            Reference = "EX" + Secrets.Token()[..12].ToUpperInvariant(), OrderedAt = call.Now,
        };
        db.PaymentOrders.Add(order);
        db.Audit(call, "payment.ordered", $"payment:{order.Id:N}", new { order.CaseId, order.Direction, order.Amount, order.Currency, order.Reference });
        db.Enqueue(Effect.Now("bank.instruct", $"bank|{order.Id:N}", call, new BankInstruct.Order(order.Id), exit.Id));
        exit.Finish(StepKind.OrderMoney, order.Reference);
        desk.Stage(exit, call);
        return EffectResult.Done;
    }

    private void Book(ExitCase exit, Statement statement, Call call)
    {
        var entry = Guid.CreateVersion7();
        foreach (var (posting, line) in statement.Postings.Select((p, i) => (p, i)))
            db.Postings.Add(new Posting
            {
                EntryId = entry, Line = line, CaseId = exit.Id, Account = posting.Account, Amount = posting.Minor, Currency = statement.Currency, At = call.Now,
            });
    }
}

/// <summary>
/// Effect "bank.instruct": hands a refund order to the bank as a file named by its reference, so that a second run writes the same
/// file. A claim is handed over too, as an expectation.
/// </summary>
public sealed class BankInstruct(AppDb db, HostOptions options) : IEffect
{
    public sealed record Order(Guid Id);

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var order = await db.PaymentOrders.AsNoTracking().SingleAsync(o => o.Id == effect.Read<Order>().Id, ct);
        var folder = Path.Combine(options.World, "bank", "orders");
        Directory.CreateDirectory(folder);
        var text = System.Text.Json.JsonSerializer.Serialize(new
        {
            reference = order.Reference,
            direction = order.Direction,
            amount = Money.Format(order.Amount, Currency.MinorDigits(order.Currency)),
            currency = order.Currency,
            to = "original-means",
            orderedOn = DateOnly.FromDateTime(call.BusinessNow.UtcDateTime),
        }, Json.Indented);
        var file = Path.Combine(folder, order.Reference + ".json");
        await File.WriteAllTextAsync(file + ".part", text, ct);
        File.Move(file + ".part", file, overwrite: true);
        db.Audit(call, "payment.instructed", $"payment:{order.Id:N}");
        return EffectResult.Done;
    }
}

/// <summary>Effect "step.reconcile": nothing to reconcile when nothing was ordered; otherwise a bank file ends the step.</summary>
public sealed class ReconcileStep(AppDb db, CaseDesk desk) : IEffect
{
    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = (await desk.Find(effect.CaseId!.Value, call, ct))!;
        if (!exit.IsClosed && exit.IsActive(StepKind.Reconcile) && !await db.PaymentOrders.AnyAsync(o => o.CaseId == exit.Id, ct))
        {
            exit.Skip(StepKind.Reconcile, "nothing-owed");
            desk.Stage(exit, call);
        }
        return EffectResult.Done;
    }
}
