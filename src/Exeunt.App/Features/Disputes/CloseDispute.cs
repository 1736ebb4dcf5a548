using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Disputes;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Disputes;

/// <summary>
/// Ends a dispute and carries out what was ruled or agreed: what is left of the contested amount. Before the money is ordered the settlement
/// is computed again with it; afterwards the frozen part is booked and the difference ordered. Then erasure goes on.
/// </summary>
public sealed class CloseDispute(AppDb db, CaseDesk desk, CaseTexts texts, ContestedBooks books, Allocating money, CaseLetters letters) : UseCase<CloseDispute.Request, Done>(db)
{
    public const int MaxWords = 4000;

    /// <param name="Upheld">What is left of the contested amount, in major units without a sign; null: all of it.</param>
    public sealed record Request(Guid CaseId, Guid DisputeId, DisputeResult? Result, string? Upheld, string? Words);

    public override Permission Needs => Permission.HandleDisputes;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit
            || await Db.Set<Dispute>().SingleOrDefaultAsync(d => d.Id == request.DisputeId && d.CaseId == exit.Id, ct) is not { } dispute)
            return CommonRefusals.NotFound;
        if (dispute.Result is not null)
            return DisputeRefusals.ClosedAlready;
        if (dispute.Contested != 0 && dispute.OpenedBy == call.Actor.Id)
            return DisputeRefusals.OwnRuling;
        if (request.Result is not { } result || !Enum.IsDefined(result))
            return CommonRefusals.Required("result");
        if (CommonRefusals.Unfit("words", request.Words, MaxWords, out var unfit))
            return unfit;
        var contested = new Money(dispute.Contested, dispute.Currency ?? exit.SettlementCurrency ?? "CNY");
        var upheld = Upheld(request, contested);
        if (upheld.Refusal is { } unreadable)
            return unreadable;
        if (ContestedMoney.Check(contested, upheld.Value) is { } toomuch)
            return toomuch;
        (dispute.Result, dispute.Upheld, dispute.ClosedBy, dispute.ClosedAt) = (result, upheld.Value.Minor, call.Actor.Id, call.Now);
        dispute.RulingId = await texts.Stage(exit, "dispute", request.Words.Trim(), ct);
        dispute.Version++;
        if (await books.Carry(exit, dispute, call, ct) is { } no)
            return no;
        if (exit.CloseDispute(dispute.Id, result.ToString().ToLowerInvariant()) is { } not)
            return not;
        await money.FinishCase(exit, ct);
        desk.Stage(exit, call);
        await letters.Mail(exit, call, "mail.dispute-closed", [exit.Number, Texts.In(exit.Language).Of("dispute.result", result), Ui.Amounts.Text(upheld.Value)], [], ct);
        return await Commit(Done.It, ct);
    }

    private static Outcome<Money> Upheld(Request request, Money contested)
    {
        if (string.IsNullOrWhiteSpace(request.Upheld))
            return contested;
        try
        {
            var magnitude = Money.Parse(request.Upheld, contested.Currency, "upheld");
            return contested.Minor < 0 ? -magnitude : magnitude;
        }
        catch (CalculationException e)
        {
            return e.Beside("upheld");
        }
    }
}

/// <summary>The books of contested money: what stays out of an order while it is contested, and what a ruling makes of it.</summary>
public sealed class ContestedBooks(AppDb db, SettleStep settle)
{
    /// <summary>Account of what is contested and not ordered.</summary>
    public const string Account = "contested";

    /// <summary>Account of what a ruling took from either side.</summary>
    public const string RulingAccount = "ruling";

    /// <summary>Sum of what open disputes contest in a case, with its sign.</summary>
    public async Task<Money> Open(Guid caseId, string currency, CancellationToken ct)
    {
        await db.Set<Dispute>().Where(d => d.CaseId == caseId).LoadAsync(ct);
        return new Money(db.Set<Dispute>().Local.Where(d => d.CaseId == caseId && d.Result == null && d.Currency == currency).Sum(d => d.Contested), currency);
    }

    /// <summary>Moves the contested part of a booked settlement out of the customer's account.</summary>
    public void Freeze(ExitCase exit, Money frozen, Call call)
    {
        if (frozen.IsZero)
            return;
        Post(exit, "dispute", call, (Account, frozen.Minor), ("settlement", -frozen.Minor));
        db.Audit(call, "dispute.frozen", $"case:{exit.Id:N}", new { frozen.Minor, frozen.Currency });
    }

    /// <summary>What a ruling does to the money of the case; the dispute has its result already.</summary>
    public async Task<Refusal?> Carry(ExitCase exit, Dispute dispute, Call call, CancellationToken ct)
    {
        var lost = new Money(dispute.Contested - dispute.Upheld!.Value, dispute.Currency ?? exit.SettlementCurrency ?? "CNY");
        if (await Booked(exit, ct))
        {
            await Order(exit, dispute, lost, call, ct);
            return null;
        }
        if (lost.IsZero)
            return null;
        // Not ordered yet: what fell away is a line of the settlement, which then needs its approvals as a whole again.
        var label = Texts.Everything["line.ruling"];
        var n = 1 + await db.CaseLines.CountAsync(l => l.CaseId == exit.Id && (l.Kind == CaseLineKind.RuledCredit || l.Kind == CaseLineKind.RuledCharge), ct);
        var line = CaseLine.Ruled(Guid.CreateVersion7(), exit.Id, lost.Minor > 0, $"ruling.{n}", lost.Minor < 0 ? -lost : lost, new Words(label[0], label[1]), dispute.RulingId, dispute.OpenedBy, call.Actor.Id, call.Now);
        db.CaseLines.Add(line);
        return exit.AddLine(line.Id, line.Kind) ?? await settle.StageAgain(exit, call, ct);
    }

    /// <summary>
    /// After the booking: what all rulings so far leave, less what is still kept out of the order, less what was ordered. A dispute that began
    /// after the booking keeps nothing out: what was ordered before is turned round only by what is ruled. Another person releases it.
    /// </summary>
    private async Task Order(ExitCase exit, Dispute dispute, Money lost, Call call, CancellationToken ct)
    {
        var currency = exit.SettlementCurrency!;
        var before = await OpenedBeforeBooking(exit, ct);
        await db.Set<Dispute>().Where(d => d.CaseId == exit.Id).LoadAsync(ct);
        var open = new Money(db.Set<Dispute>().Local.Where(d => d.CaseId == exit.Id && d.Result == null && d.Currency == currency && before.Contains(d.Id)).Sum(d => d.Contested), currency);
        var ruled = db.Set<Dispute>().Local.Where(d => d.CaseId == exit.Id && d.Result != null && d.Currency == currency).Sum(d => d.Contested - d.Upheld!.Value);
        var total = new Money(exit.SettlementTotal!.Value - ruled, currency);
        var payable = ContestedMoney.Uncontested(total, open);
        var orders = await db.PaymentOrders.AsNoTracking().Where(o => o.CaseId == exit.Id && (o.Purpose == PaymentPurpose.Settlement || o.Purpose == PaymentPurpose.Ruling)).ToListAsync(ct);
        var ordered = orders.Sum(o => o.Direction == PaymentDirection.Claim ? o.Amount : -o.Amount);
        var frozen = await db.Postings.Where(p => p.CaseId == exit.Id && p.Account == Account).SumAsync(p => p.Amount, ct);
        if (!lost.IsZero)
            Post(exit, "ruling", call, (RulingAccount, lost.Minor), ("settlement", -lost.Minor));
        var change = (total - payable).Minor - frozen;
        if (change != 0)
            Post(exit, "ruling", call, (Account, change), ("settlement", -change));
        var difference = payable.Minor - ordered;
        if (difference == 0)
            return;
        var order = new PaymentOrder
        {
            Id = Guid.CreateVersion7(), CaseId = exit.Id, Purpose = PaymentPurpose.Ruling, Number = 1 + orders.Count(o => o.Purpose == PaymentPurpose.Ruling),
            Amount = Math.Abs(difference), Currency = currency, Direction = difference < 0 ? PaymentDirection.Refund : PaymentDirection.Claim,
            Reference = PaymentOrder.ReferenceOf(db, exit.Id, PaymentPurpose.Ruling, $"{1 + orders.Count(o => o.Purpose == PaymentPurpose.Ruling)}"), OrderedAt = call.Now, State = PaymentState.Proposed,
        };
        db.PaymentOrders.Add(order);
        db.Audit(call, "payment.proposed", $"payment:{order.Id:N}", new { order.CaseId, order.Direction, order.Amount, order.Currency, order.Reference, dispute = dispute.Id });
    }

    private async Task<HashSet<Guid>> OpenedBeforeBooking(ExitCase exit, CancellationToken ct)
    {
        var events = (await db.CaseEvents.AsNoTracking().Where(e => e.CaseId == exit.Id).OrderBy(e => e.Number).ToListAsync(ct)).Select(e => e.Read().What);
        bool Books(string step) => exit.Step(step).Kind == StepKind.OrderMoney;
        return [.. events.TakeWhile(e => !(e is StepDone done && Books(done.Step) || e is StepSkipped skipped && Books(skipped.Step))).OfType<DisputeOpened>().Select(d => d.DisputeId)];
    }

    private async Task<bool> Booked(ExitCase exit, CancellationToken ct) =>
        exit.HasEnded(StepKind.OrderMoney) && await db.Postings.AsNoTracking().AnyAsync(p => p.CaseId == exit.Id && p.Cause == "settlement", ct);

    private void Post(ExitCase exit, string cause, Call call, params (string Account, long Minor)[] lines)
    {
        var (entry, currency) = (Guid.CreateVersion7(), exit.SettlementCurrency!);
        foreach (var (n, (account, minor)) in lines.Index())
            db.Postings.Add(new Settlements.Posting { EntryId = entry, Line = n, CaseId = exit.Id, Account = account, Amount = minor, Currency = currency, Cause = cause, At = call.Now });
    }
}
