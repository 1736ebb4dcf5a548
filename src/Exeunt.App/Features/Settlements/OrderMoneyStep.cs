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
            Reference = PaymentOrder.ReferenceOf(db, exit.Id, PaymentPurpose.Settlement, "0"), OrderedAt = call.Now, Cost = Claimed(statement, payable).Cost.Minor, Interest = Claimed(statement, payable).Interest.Minor,
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
/// Effect "bank.instruct": hands a refund order to the bank as a file named by its reference, once, whatever the bank does with the file. One node takes
/// it upon itself in the database; a mark in "bank/handed" is there before the file gets its name. A claim is handed over too, as an expectation.
/// </summary>
public sealed class BankInstruct(AppDb db, Vault vault, HostOptions options) : IEffect
{
    /// <summary>How long it is left to a node with another folder of the world to go on with what it began; then people ask the bank.</summary>
    private static readonly TimeSpan Elsewhere = TimeSpan.FromDays(1);

    public sealed record Order(Guid Id);

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var order = await db.PaymentOrders.AsNoTracking().SingleAsync(o => o.Id == effect.Read<Order>().Id, ct);
        // Nothing leaves while the case is held; its end instructs again what nobody has begun to hand over, and what was begun goes on by itself.
        if (order.Direction == PaymentDirection.Refund && await db.Cases.AsNoTracking().AnyAsync(c => c.Id == order.CaseId && c.HoldReason != null && c.HoldReason != ExitCase.OpenClaim && c.State != CaseState.Closed && !c.ReturnIsStatutory, ct))
        {
            if (order is { HandedAt: not null, State: PaymentState.Ordered })
                return EffectResult.Postpone("payment-held", TimeSpan.FromMinutes(10));
            db.Audit(call, "payment.held", $"payment:{order.Id:N}");
            return EffectResult.Done;
        }
        // Paid meanwhile, or people ask the bank.
        if (order.State != PaymentState.Ordered)
            return EffectResult.Done;
        // Restored: it may have been paid already.
        if (order.Direction == PaymentDirection.Refund && await HeldPayments.Find(db, ct) is not null)
            return EffectResult.Postpone(HeldPayments.Note, TimeSpan.FromMinutes(10));
        // Ordered anew after a statement was read that shows it: a person assigns the line.
        if (order is { Direction: PaymentDirection.Refund, Attempt: 1, HandedAt: null }
            && await db.BankLines.AsNoTracking().AnyAsync(l => l.OrderId == null && l.Reference == order.Reference && l.Amount < 0, ct))
            return await AskBank.Doubt(db, order.Id, call, ct);
        var folder = Path.Combine(options.World, "bank", "orders");
        Directory.CreateDirectory(folder);
        if (await LeftToAnother(order, folder, call, ct) is { } left)
            return left;
        var customer = await db.Customers.AsNoTracking().SingleAsync(c => db.Cases.Any(e => e.Id == order.CaseId && e.CustomerId == c.Id), ct);
        var account = order.Direction == PaymentDirection.Refund
            ? await vault.Open<Customers.PayoutAccount>(customer.Id, DataClass.Payout, Customers.CustomerTable.PayoutPlace, customer.Row, customer.Payout, ct) : null;
        // Returned goods are refunded by the means they were paid with, whatever account is on file.
        var means = order is { Purpose: PaymentPurpose.Return, Direction: PaymentDirection.Refund }
            ? await db.Set<Orders.OrderPayment>().AsNoTracking().SingleAsync(p => p.Number == order.OrderPayment && db.Returns.Any(r => r.CaseId == order.CaseId && r.OrderId == p.OrderId), ct) : null;
        object to = means is not null
            ? new { means = means.Means, reference = await vault.Open<string>(customer.Id, DataClass.Payout, Orders.OrderPayment.Place, means.Row, means.Reference, ct) }
            : account is null ? "original-means" : account;
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
        await HandOver(folder, order, System.Text.Encoding.UTF8.GetBytes(text), ct);
        if (order.Direction == PaymentDirection.Refund && !await db.Effects.AsNoTracking().AnyAsync(e => e.Key == AskBank.KeyOf(order), ct))
            db.Enqueue(Effect.At(call.BusinessNow + AskBank.After, AskBank.Kind, AskBank.KeyOf(order), new Order(order.Id), order.CaseId));
        db.Audit(call, "payment.instructed", $"payment:{order.Id:N}", new { ownAccount = means is null && account is not null });
        return EffectResult.Done;
    }

    /// <summary>
    /// Takes the order upon this node's folder of the world, before anything is written. Null: it is this node's, now or since before. What another
    /// folder has begun to hand over is never handed over here, where its mark cannot be seen: the bank would pay twice.
    /// </summary>
    private async Task<EffectResult?> LeftToAnother(PaymentOrder order, string folder, Call call, CancellationToken ct)
    {
        var world = await World.WorldFolder.Id(options, ct);
        if (order.HandedAt is null && await Take(order.Id, world, call, ct))
            return null;
        var now = await db.PaymentOrders.AsNoTracking().SingleAsync(o => o.Id == order.Id, ct);
        if (now.HandedBy == world || File.Exists(MarkOf(folder, order)))
            return null;
        if (now.State != PaymentState.Ordered)
            return EffectResult.Done;
        // An expectation that is told twice pays nothing; one that is told by nobody is missed.
        if (now.Direction == PaymentDirection.Claim)
            return null;
        if (call.Now - now.HandedAt < Elsewhere)
            return EffectResult.Postpone("handed-over-elsewhere", TimeSpan.FromMinutes(10));
        return await AskBank.Doubt(db, order.Id, call, ct);
    }

    private async Task<bool> Take(Guid id, string world, Call call, CancellationToken ct) =>
        await db.Write(async token =>
        {
            var taken = await db.PaymentOrders.Where(o => o.Id == id && o.State == PaymentState.Ordered && o.HandedAt == null)
                .ExecuteUpdateAsync(s => s.SetProperty(o => o.HandedAt, (DateTimeOffset?)call.Now).SetProperty(o => o.HandedBy, world), token);
            if (taken == 0)
                return 0;
            db.Audit(call, "payment.handing-over", $"payment:{id:N}");
            return await db.SaveChangesAsync(token);
        }, ct) > 0;

    private static string MarkOf(string folder, PaymentOrder order) =>
        Path.Combine(folder, "..", "handed", order.Attempt == 1 ? order.Reference : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{order.Reference}.{order.Attempt}"));

    /// <summary>
    /// What the bank has it is not given again, not even the same: a bank that knows no references would pay twice. The order is written under a name of
    /// its own, then the mark, which names it and is made once; only the file that the mark names ever becomes the order, whoever comes too late.
    /// </summary>
    private static async Task HandOver(string folder, PaymentOrder order, byte[] text, CancellationToken ct)
    {
        var (file, handed) = (Path.Combine(folder, order.Reference + ".json"), MarkOf(folder, order));
        // Beside the bank's own folder, which may hold very many.
        var parts = Path.Combine(folder, "..", "parts");
        Directory.CreateDirectory(Path.GetDirectoryName(handed)!);
        Directory.CreateDirectory(parts);
        if (!File.Exists(handed))
        {
            Failpoint.Reach(Point.BeforeBank);
            var part = Path.Combine(parts, $"{order.Reference}.{Guid.NewGuid():N}.part");
            await Whole.Fill(part, text, ct);
            await Whole.WriteNew(handed, System.Text.Encoding.ASCII.GetBytes(Path.GetFileName(part)), ct);
        }
        Failpoint.Reach(Point.FileHalf);
        var named = await File.ReadAllTextAsync(handed, ct);
        try
        {
            // A mark of an earlier version names nothing.
            File.Move(named.EndsWith(".part", StringComparison.Ordinal) ? Path.Combine(parts, named) : Path.Combine(folder, order.Reference + ".json.part"), file, overwrite: true);
        }
        catch (FileNotFoundException)
        {
            // It was moved before.
        }
        foreach (var late in Directory.EnumerateFiles(parts, order.Reference + ".*.part").ToList())
            File.Delete(late);
        Failpoint.Reach(Point.AfterBank);
    }
}

/// <summary>
/// Effect "bank.ask": no statement has shown a refund that was handed to the bank. It is not given again: its result is unknown, and people are
/// asked to ask the bank; only two of them have it given again (<see cref="HandOverAgain"/>). A statement that brings it later reconciles it as any other.
/// </summary>
public sealed class AskBank(AppDb db) : IEffect
{
    public const string Kind = "bank.ask";

    /// <summary>How long a bank may take to book what it was handed, in business time.</summary>
    public static readonly TimeSpan After = TimeSpan.FromDays(10);

    public static string KeyOf(PaymentOrder order) => order.Attempt == 1 ? $"{Kind}|{order.Id:N}" : $"{Kind}|{order.Id:N}|{order.Attempt}";

    public Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct) => Doubt(db, effect.Read<BankInstruct.Order>().Id, call, ct);

    /// <summary>Stages that the result of an order is unknown, unless a statement has shown any of it.</summary>
    internal static async Task<EffectResult> Doubt(AppDb db, Guid id, Call call, CancellationToken ct)
    {
        var order = await db.PaymentOrders.SingleAsync(o => o.Id == id, ct);
        if (order is not { State: PaymentState.Ordered, Matched: 0 })
            return EffectResult.Done;
        order.State = PaymentState.Unknown;
        order.Version++;
        db.Audit(call, "payment.unknown", $"payment:{order.Id:N}", new { order.CaseId, order.Reference });
        return EffectResult.Done;
    }
}

/// <summary>Effect "bank.instruct-held": a hold has ended; refunds that waited for it go to the bank, those that were handed over do not go again.</summary>
public sealed class InstructHeld(AppDb db) : IEffect
{
    public const string Kind = "bank.instruct-held";

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        foreach (var order in await db.PaymentOrders.AsNoTracking().Where(o => o.CaseId == effect.CaseId && o.Direction == PaymentDirection.Refund && o.State == PaymentState.Ordered && o.HandedAt == null).Select(o => o.Id).ToListAsync(ct))
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
