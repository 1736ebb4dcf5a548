using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Features.Work;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Offers;
using Exeunt.Core.Settlement;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offers;

/// <summary>The customer answers the offer: declining goes on with the ending, accepting keeps the contract and changes its terms.</summary>
public sealed class AnswerOffer(AppDb db, CaseDesk desk, Ending ending, OfferAccepting accepting) : UseCase<AnswerOffer.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, bool Accept);

    public override Permission Needs => Permission.CustomerOfCase;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.FindOwn(request.CaseId, call, ct) is not { } exit)
            return CommonRefusals.NotFound;
        var offerId = exit.OpenOfferId;
        if (exit.AnswerOffer(request.Accept) is { } no)
            return no;
        var offer = await Db.Offers.SingleAsync(o => o.Id == offerId, ct);
        if (offer.AnswerBy is { } by && call.Today(exit.Zone!) > by)
            return OfferRefusals.Over(by);
        (offer.AnsweredAt, offer.AnsweredOn, offer.Accepted) = (call.Now, call.Today(exit.Zone!), request.Accept);
        offer.Version++;
        if (request.Accept)
        {
            await ending.KeepContract(exit, call, ct);
            await accepting.Stage(exit, offer, call, ct);
        }
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}

/// <summary>What accepting an offer brings about: the contract's amendment, money, the tasks, and the look at what became of it.</summary>
public sealed class OfferAccepting(AppDb db, CaseLetters letters)
{
    public async Task Stage(ExitCase exit, Offer offer, Call call, CancellationToken ct)
    {
        var today = call.Today(exit.Zone!);
        if (offer.MadeFrom is { } entry)
        {
            var contract = db.Contracts.Local.FirstOrDefault(c => c.Id == exit.ContractId) ?? await db.Contracts.SingleAsync(c => c.Id == exit.ContractId, ct);
            var amendment = Amend(contract, exit, offer, entry, today, call);
            var t = Texts.In(exit.Language);
            await letters.Mail(exit, call, "mail.amended", [exit.Number, OfferWords.Of(offer, t), string.Join('\n', AmendmentWords.Of(amendment, t))], [], ct);
            if (offer.Amount is { } amount)
                Pay(exit, offer, amount, call);
            foreach (var task in entry.Tasks)
                db.WorkOrders.Add(new WorkOrder
                {
                    Id = Guid.CreateVersion7(), CaseId = exit.Id, Task = "offer:" + task.Code, English = task.What.English, Chinese = task.What.Chinese, Department = task.Role, DueOn = today.AddDays(task.Days),
                    CreatedAt = call.Now,
                });
        }
        else
            db.WorkOrders.Add(new WorkOrder { Id = Guid.CreateVersion7(), CaseId = exit.Id, Task = "FulfilOffer", Department = Role.AccountManager, DueOn = today.AddDays(3), CreatedAt = call.Now });
        db.Enqueue(Effect.At(call.BusinessNow.AddDays(Offer.ResultDays), OfferOutcome.Kind, $"offer.result|{offer.Id:N}", new OfferOutcome.Payload(offer.Id), exit.Id));
    }

    private ContractAmendment Amend(Contract contract, ExitCase exit, Offer offer, OfferEntry entry, DateOnly today, Call call)
    {
        var amendment = AmendmentOf(contract, exit.Id, offer, entry, today, call.Now);
        db.ContractAmendments.Add(amendment);
        if (amendment.DueAfter is { } due)
            contract.UnpaidDueOn = due;
        db.Audit(call, "contract.amended", $"contract:{contract.Row}", new { offer = offer.Id, offer.Kind, amendment.From, amendment.Until });
        return amendment;
    }

    /// <summary>What accepting an offer on a day changes of a contract, with the figures before and after.</summary>
    public static ContractAmendment AmendmentOf(Contract contract, Guid caseId, Offer offer, OfferEntry entry, DateOnly on, DateTimeOffset at)
    {
        var before = Settling.TermsOf(contract);
        var terms = OfferEffect.Amend(entry, offer.Parameters, before, on);
        DateOnly? due = entry.Kind == OfferKind.DeferredPayment && contract.Unpaid > 0 ? (contract.UnpaidDueOn is { } was && was > on ? was : on).AddMonths(offer.Months) : null;
        var from = terms?.From ?? on;
        var after = terms is null ? before : before with { Amendments = [.. before.Amendments ?? [], terms] };
        return new ContractAmendment
        {
            Id = Guid.CreateVersion7(at), ContractId = contract.Id, CaseId = caseId, OfferId = offer.Id, Number = contract.Amendments.Count + 1, Kind = entry.Kind, From = from, Until = terms?.Until,
            Currency = contract.Currency, MonthlyFee = terms?.MonthlyFee?.Minor, Off = terms?.Off?.Minor, Free = terms?.Free ?? false, AddedMonths = terms?.AddedMonths ?? 0, TakenBack = terms?.TakenBack ?? false,
            FeeBefore = before.FeeOn(from).Minor, FeeAfter = after.FeeOn(from).Minor, TermEndBefore = before.TermEnd, TermEndAfter = after.TermEnd, DueBefore = due is null ? null : contract.UnpaidDueOn, DueAfter = due,
            Paid = offer.Amount, At = at,
        };
    }

    /// <summary>The credit goes to the customer by the bank: booked as goodwill, ordered at most once.</summary>
    private void Pay(ExitCase exit, Offer offer, long amount, Call call)
    {
        var order = new PaymentOrder
        {
            Id = Guid.CreateVersion7(), CaseId = exit.Id, Purpose = PaymentPurpose.Offer, Direction = PaymentDirection.Refund, Amount = amount, Currency = offer.Currency,
            Reference = PaymentOrder.ReferenceOf(db, exit.Id, PaymentPurpose.Offer, "0"), OrderedAt = call.Now,
        };
        db.PaymentOrders.Add(order);
        Allocating.Post(db, exit.Id, offer.Currency, "offer", [new(LedgerAccount.Goodwill, amount), new(LedgerAccount.Settlement, -amount)], call);
        db.Audit(call, "payment.ordered", $"payment:{order.Id:N}", new { order.CaseId, order.Direction, order.Purpose, order.Amount, order.Currency, order.Reference });
        db.Enqueue(Effect.Now("bank.instruct", $"bank|{order.Id:N}", call, new BankInstruct.Order(order.Id), exit.Id));
    }
}

/// <summary>Effect "offer.result", 90 days of business time after the acceptance: were the tasks done, and is the customer still there?</summary>
public sealed class OfferOutcome(AppDb db) : IEffect
{
    public const string Kind = "offer.result";

    public sealed record Payload(Guid OfferId);

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var offer = await db.Offers.SingleAsync(o => o.Id == effect.Read<Payload>().OfferId, ct);
        if (offer.Accepted != true || offer.Result is not null)
            return EffectResult.Done;
        var contract = await db.Cases.AsNoTracking().Where(c => c.Id == offer.CaseId).Join(db.Contracts.AsNoTracking(), c => c.ContractId, c => c.Id, (_, c) => new { c.State, c.Zone }).SingleAsync(ct);
        var undone = await db.WorkOrders.AsNoTracking().AnyAsync(w => w.CaseId == offer.CaseId && w.Step == null && w.DoneAt == null, ct);
        (offer.Result, offer.ResultOn) = (ResultOf(contract.State, undone), call.Today(contract.Zone));
        offer.Version++;
        db.Audit(call, "offer.result", $"offer:{offer.Id:N}", new { offer.CaseId, offer.Result });
        return EffectResult.Done;
    }

    public static OfferResult ResultOf(ContractState contract, bool undone) =>
        contract != ContractState.InForce ? OfferResult.Lost : undone ? OfferResult.NotFulfilled : OfferResult.Confirmed;
}
