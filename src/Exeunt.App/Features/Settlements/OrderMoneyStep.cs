using Exeunt.App.Data;
using Exeunt.App.Features.Approvals;
using Exeunt.App.Features.Disputes;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Disputes;
using Exeunt.Core.Procedures;
using Exeunt.Core.Settlement;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Settlements;

/// <summary>
/// Effect "step.order-money": books the approved settlement in double entry and orders the refund, or records the claim. There is
/// at most one order per case and direction, by a unique key.
/// </summary>
public sealed class OrderMoneyStep(AppDb db, CaseDesk desk, Settling settling, CaseFacts facts, PlanMaker plans, ContestedBooks contested) : IEffect
{
    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = (await desk.Find(effect.CaseId!.Value, call, ct))!;
        // Held meanwhile: the end of the hold starts it again. Made manual meanwhile: only a person's release does.
        if (exit.StepOf(effect, StepKind.OrderMoney) is not { } step || exit.IsStopped(step) || (exit.Plan.Step(step).Manual && !await FourEyes.Released(db, exit, ct)))
            return EffectResult.Done;
        var contract = await db.Contracts.AsNoTracking().SingleAsync(c => c.Id == exit.ContractId, ct);
        var known = await facts.Of(exit, contract, ct);
        var statement = (await settling.Compute(contract, exit.EffectiveOn!.Value, ct, known)).Value;
        if (Settling.Digest(exit.Id, statement.ToJson()) != exit.SettlementDigest)
            return EffectResult.Park("settlement-changed-after-approval");
        Book(exit, statement, call);
        RedLetters(exit, statement);
        // What a dispute contests is booked apart and not ordered until it is ruled.
        var payable = ContestedMoney.Uncontested(statement.Total, await contested.Open(exit.Id, statement.Currency, ct));
        contested.Freeze(exit, statement.Total - payable, call);
        if (payable.IsZero)
        {
            exit.Skip(step, statement.Total.IsZero ? "nothing-owed" : "contested");
            desk.Stage(exit, call);
            return EffectResult.Done;
        }
        var order = new PaymentOrder
        {
            Id = Guid.CreateVersion7(), CaseId = exit.Id, Amount = Math.Abs(payable.Minor), Currency = statement.Currency,
            Direction = payable.Minor < 0 ? PaymentDirection.Refund : PaymentDirection.Claim,
            Reference = PaymentOrder.NewReference(), OrderedAt = call.Now, Cost = Claimed(statement, payable).Cost.Minor, Interest = Claimed(statement, payable).Interest.Minor,
        };
        db.PaymentOrders.Add(order);
        db.Audit(call, "payment.ordered", $"payment:{order.Id:N}", new { order.CaseId, order.Direction, order.Amount, order.Currency, order.Reference });
        db.Enqueue(Effect.Now("bank.instruct", $"bank|{order.Id:N}", call, new BankInstruct.Order(order.Id), exit.Id));
        if (order.Direction == PaymentDirection.Claim && known.Instalments is { } count && (await settling.PolicyOf(contract, ct)).Instalments is { } terms)
            plans.Stage(order, exit, Math.Min(count, terms.MaxCount), terms, call);
        exit.Finish(step, order.Reference);
        desk.Stage(exit, call);
        return EffectResult.Done;
    }

    /// <summary>The parts of the claim; all 0 when the customer gets money, and all principal while a part is contested.</summary>
    private static ClaimParts Claimed(Statement statement, Money payable) =>
        statement.Total.Minor <= 0 || payable != statement.Total ? ClaimParts.Of(statement.Currency, []) : ClaimParts.Of(statement.Currency, statement.Lines.Select(l => (l.Code, l.Amount)));

    /// <summary>What a red-letter invoice has to correct: the supplies that are refunded, with the tax contained in them.</summary>
    private void RedLetters(ExitCase exit, Statement statement)
    {
        foreach (var line in statement.Lines.Where(l => l.Amount.Minor < 0 && l.TaxRate is { } rate && !rate.Numerator.IsZero))
        {
            var split = VatSplit.Of(-line.Amount, line.TaxRate!.Value, redLetter: true, line.Working.Rounding);
            db.RedLetters.Add(new RedLetter
            {
                CaseId = exit.Id, Code = line.Code, Net = split.Net.Minor, Vat = split.Vat.Minor, Currency = statement.Currency, TaxCode = line.TaxCode, TaxRate = line.TaxRate.Value.ToString(),
            });
        }
    }

    private void Book(ExitCase exit, Statement statement, Call call)
    {
        var entry = Guid.CreateVersion7();
        foreach (var (posting, line) in statement.Postings.Select((p, i) => (p, i)))
            db.Postings.Add(new Posting
            {
                EntryId = entry, Line = line, CaseId = exit.Id, Account = posting.Account, Amount = posting.Minor, Currency = statement.Currency, Cause = "settlement", At = call.Now,
            });
    }
}

/// <summary>
/// Effect "bank.instruct": hands a refund order to the bank as a file named by its reference, once, whatever the bank does with the file: a
/// mark in "bank/handed" is there before the file gets its name. A claim is handed over too, as an expectation.
/// </summary>
public sealed class BankInstruct(AppDb db, Vault vault, HostOptions options) : IEffect
{
    public sealed record Order(Guid Id);

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var order = await db.PaymentOrders.AsNoTracking().SingleAsync(o => o.Id == effect.Read<Order>().Id, ct);
        // Nothing leaves while the case is held; its end instructs again.
        if (order.Direction == PaymentDirection.Refund && await db.Cases.AsNoTracking().AnyAsync(c => c.Id == order.CaseId && c.HoldReason != null && c.HoldReason != ExitCase.OpenClaim && c.State != CaseState.Closed && !c.ReturnIsStatutory, ct))
        {
            db.Audit(call, "payment.held", $"payment:{order.Id:N}");
            return EffectResult.Done;
        }
        var customer = await db.Customers.AsNoTracking().SingleAsync(c => db.Cases.Any(e => e.Id == order.CaseId && e.CustomerId == c.Id), ct);
        var account = order.Direction == PaymentDirection.Refund
            ? await vault.Open<Customers.PayoutAccount>(customer.Id, DataClass.Payout, Customers.CustomerTable.PayoutPlace, customer.Row, customer.Payout, ct) : null;
        // Returned goods are refunded by the means they were paid with, whatever account is on file.
        var means = order is { Purpose: PaymentPurpose.Return, Direction: PaymentDirection.Refund }
            ? await db.Set<Orders.OrderPayment>().AsNoTracking().SingleAsync(p => p.Number == order.OrderPayment && db.Returns.Any(r => r.CaseId == order.CaseId && r.OrderId == p.OrderId), ct) : null;
        object to = means is not null
            ? new { means = means.Means, reference = await vault.Open<string>(customer.Id, DataClass.Payout, Orders.OrderPayment.Place, means.Row, means.Reference, ct) }
            : account is null ? "original-means" : account;
        var folder = Path.Combine(options.World, "bank", "orders");
        Directory.CreateDirectory(folder);
        var text = System.Text.Json.JsonSerializer.Serialize(new
        {
            reference = order.Reference,
            direction = order.Direction,
            amount = Money.Format(order.Amount, Currency.MinorDigits(order.Currency)),
            currency = order.Currency,
            // The account is clear text only in the file for the bank, and only of a customer who named one.
            to,
            orderedOn = DateOnly.FromDateTime(call.BusinessNow.UtcDateTime),
        }, Json.Indented);
        await HandOver(folder, order.Reference, System.Text.Encoding.UTF8.GetBytes(text), ct);
        if (order.Direction == PaymentDirection.Refund && !await db.Effects.AsNoTracking().AnyAsync(e => e.Key == AskBank.KeyOf(order.Id), ct))
            db.Enqueue(Effect.At(call.BusinessNow + AskBank.After, AskBank.Kind, AskBank.KeyOf(order.Id), new Order(order.Id), order.CaseId));
        db.Audit(call, "payment.instructed", $"payment:{order.Id:N}", new { ownAccount = means is null && account is not null });
        return EffectResult.Done;
    }

    /// <summary>
    /// What the bank has it is not given again, not even the same: a bank that knows no references would pay twice. The order is written under
    /// another name, then the mark, then it gets its name: without the mark nothing was handed over; with it, what still has the other name was not.
    /// </summary>
    private static async Task HandOver(string folder, string reference, byte[] order, CancellationToken ct)
    {
        var (file, part) = (Path.Combine(folder, reference + ".json"), Path.Combine(folder, reference + ".json.part"));
        var handed = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "..", "handed")).FullName, reference);
        if (File.Exists(handed) && !File.Exists(part))
            return;
        Failpoint.Reach(Point.BeforeBank);
        if (!File.Exists(handed))
        {
            await using (var stream = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                await stream.WriteAsync(order, ct);
                stream.Flush(flushToDisk: true);
            }
            await Whole.Write(handed, "handed over"u8.ToArray(), ct);
        }
        Failpoint.Reach(Point.FileHalf);
        File.Move(part, file, overwrite: true);
        Failpoint.Reach(Point.AfterBank);
    }
}

/// <summary>
/// Effect "bank.ask": no statement has shown a refund that was handed to the bank. It is never given again: its result is unknown, and people are
/// asked to ask the bank. A statement that brings it later reconciles it as any other.
/// </summary>
public sealed class AskBank(AppDb db) : IEffect
{
    public const string Kind = "bank.ask";

    /// <summary>How long a bank may take to book what it was handed, in business time.</summary>
    public static readonly TimeSpan After = TimeSpan.FromDays(10);

    public static string KeyOf(Guid order) => $"{Kind}|{order:N}";

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var order = await db.PaymentOrders.SingleAsync(o => o.Id == effect.Read<BankInstruct.Order>().Id, ct);
        if (order is not { State: PaymentState.Ordered, Matched: 0 })
            return EffectResult.Done;
        order.State = PaymentState.Unknown;
        order.Version++;
        db.Audit(call, "payment.unknown", $"payment:{order.Id:N}", new { order.CaseId, order.Reference });
        return EffectResult.Done;
    }
}

/// <summary>Effect "bank.instruct-held": a hold has ended; refunds that waited for it go to the bank.</summary>
public sealed class InstructHeld(AppDb db) : IEffect
{
    public const string Kind = "bank.instruct-held";

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        foreach (var order in await db.PaymentOrders.AsNoTracking().Where(o => o.CaseId == effect.CaseId && o.Direction == PaymentDirection.Refund && o.State == PaymentState.Ordered).Select(o => o.Id).ToListAsync(ct))
            db.Enqueue(Effect.Now("bank.instruct", $"bank|{order:N}|{effect.Key}", call, new BankInstruct.Order(order), effect.CaseId));
        return EffectResult.Done;
    }
}

/// <summary>
/// Effect "step.reconcile": nothing to reconcile when nothing was ordered. With a plan of instalments the case goes on: the money is
/// watched by the plan. Otherwise a bank file, or the end of a dispute about money, ends the step.
/// </summary>
public sealed class ReconcileStep(CaseDesk desk, Allocating money) : IEffect
{
    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = (await desk.Find(effect.CaseId!.Value, call, ct))!;
        await money.FinishCase(exit, ct);
        if (exit.Raised.Count > 0)
            desk.Stage(exit, call);
        return EffectResult.Done;
    }
}
