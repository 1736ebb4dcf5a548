using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.App.Ui;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.LateCharges;

/// <summary>
/// A person of finance decides what was charged after the end: refund it, which orders the money back and tells the customer, or say why it is
/// owed all the same. The system found it, so whoever decides did not ask for it.
/// </summary>
public sealed class DecideLateCharge(AppDb db, CaseDesk desk, CaseTexts texts, CaseLetters letters) : UseCase<DecideLateCharge.Request, Done>(db)
{
    public const int MaxWords = 1000;

    /// <param name="Refund">False: it was owed; <paramref name="Words"/> says why.</param>
    public sealed record Request(Guid Id, bool? Refund, string? Words);

    public override Permission Needs => Permission.ApproveMoney;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.Set<LateCharge>().SingleOrDefaultAsync(c => c.Id == request.Id, ct) is not { } charge || await desk.Find(charge.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (charge.State != LateChargeState.Found)
            return LateChargeRefusals.DecidedAlready;
        if (request.Refund is not { } refund)
            return CommonRefusals.Required("refund");
        if (request.Words is { Length: > MaxWords })
            return CommonRefusals.TooLong("words", MaxWords);
        (charge.DecidedBy, charge.DecidedAt) = (call.Actor.Id, call.Now);
        charge.Version++;
        if (!refund)
        {
            if (string.IsNullOrWhiteSpace(request.Words))
                return CommonRefusals.Required("words");
            (charge.State, charge.TextId) = (LateChargeState.Justified, await texts.StageUntilClosed(exit, "late-charge", request.Words.Trim(), ct));
            Db.Audit(call, "late-charge.justified", $"case:{exit.Id:N}", new { charge = charge.Id });
            return await Commit(Done.It, ct);
        }
        await Refund(exit, charge, call, ct);
        return await Commit(Done.It, ct);
    }

    private async Task Refund(ExitCase exit, LateCharge charge, Call call, CancellationToken ct)
    {
        var amount = new Money(charge.Amount, charge.Currency);
        var order = new PaymentOrder
        {
            Id = Guid.CreateVersion7(), CaseId = exit.Id, Direction = PaymentDirection.Refund, Purpose = PaymentPurpose.LateCharge,
            Number = 1 + await Db.PaymentOrders.CountAsync(o => o.CaseId == exit.Id && o.Purpose == PaymentPurpose.LateCharge, ct),
            Amount = amount.Minor, Currency = amount.Currency, Reference = PaymentOrder.ReferenceOf(Db, exit.Id, PaymentPurpose.LateCharge, $"{charge.Id}"), OrderedAt = call.Now,
        };
        Db.PaymentOrders.Add(order);
        var entry = Guid.CreateVersion7();
        // The charge was booked as revenue elsewhere; here it is owed back.
        foreach (var (n, (account, minor)) in new[] { ("late-charges", amount.Minor), ("settlement", -amount.Minor) }.Index())
            Db.Postings.Add(new Posting { EntryId = entry, Line = n, CaseId = exit.Id, Account = account, Amount = minor, Currency = amount.Currency, Cause = "late-charge", At = call.Now });
        (charge.State, charge.OrderId) = (LateChargeState.Refunded, order.Id);
        Db.Audit(call, "payment.ordered", $"payment:{order.Id:N}", new { order.CaseId, order.Direction, order.Amount, order.Currency, order.Reference, lateCharge = charge.Id });
        Db.Enqueue(Effect.Now("bank.instruct", $"bank|{order.Id:N}", call, new BankInstruct.Order(order.Id), exit.Id));
        await letters.Mail(exit, call, "mail.late-charge", [exit.Number, Texts.In(exit.Language).Date(charge.On), Amounts.Text(amount)], [], ct);
    }
}

public static class LateChargeRefusals
{
    public static readonly Refusal DecidedAlready = new(RefusalKind.Conflict, "late-charge.decided-already", "This charge was decided already.", "该笔收费已处理。");
}
