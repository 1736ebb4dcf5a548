using Exeunt.App.Data;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.App.Ui;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Contracts;
using Exeunt.Core.Offers;
using Exeunt.Core.Procedures;
using Exeunt.Core.Settlement;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offers;

/// <summary>The open offer as the customer sees it, once: what changes, from when, what it costs, what stays, until when it can be answered.</summary>
public sealed class ShowOffer(AppDb db, Settling settling) : UseCase<ShowOffer.Request, ShowOffer.View>(db)
{
    public sealed record Request(Guid CaseId);

    /// <param name="Number">The case's.</param>
    /// <param name="EndsOn">The last day of service if the customer says no, or nothing.</param>
    public sealed record View(
        string Number, string Words, IReadOnlyList<Change> Changes, IReadOnlyList<string> Costs, IReadOnlyList<string> Stays, DateOnly AnswerBy, DateOnly EndsOn, DateOnly Today);

    /// <summary>One thing that changes: before, after, and for which days (until included).</summary>
    public sealed record Change(string What, string? Before, string After, DateOnly? From, DateOnly? Until);

    public override Permission Needs => Permission.CustomerOfCase;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (call.Actor.IsOfAnotherCase(request.CaseId)
            || await Db.Cases.AsNoTracking().SingleOrDefaultAsync(c => c.Id == request.CaseId, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.OpenOfferId is not { } offerId || exit.IsClosed || !exit.IsActive(StepKind.Offer))
            return CaseRefusals.NoOpenOffer;
        var offer = await Db.Offers.AsNoTracking().SingleAsync(o => o.Id == offerId, ct);
        var contract = await Db.Contracts.AsNoTracking().SingleAsync(c => c.Id == exit.ContractId, ct);
        var (t, today, terms) = (Texts.In(call.Language), call.Today(exit.Zone!), Settling.TermsOf(contract));
        if (offer.AnswerBy is { } by && today > by)
            return OfferRefusals.Over(by);
        var agreed = offer.MadeFrom is { } entry ? OfferEffect.Amend(entry, offer.Parameters, terms, today) : null;
        var policy = await settling.PolicyOf(contract, ct);
        return new View(
            exit.Number, OfferWords.Of(offer, t), ChangesOf(offer, terms, agreed, contract, today, t), CostsOf(offer, terms, agreed, policy.Clawback == ClawbackKind.Enjoyed, t),
            [
                t["offer.stays.rest", t.Pick(contract.ProductEnglish, contract.ProductChinese)],
                .. agreed?.AddedMonths > 0 ? [] : new[] { t["offer.stays.term", t.Date(terms.TermEnd)] },
                t["offer.stays.right"],
            ],
            offer.AnswerBy ?? exit.EffectiveOn!.Value, exit.EffectiveOn!.Value, today);
    }

    private static List<Change> ChangesOf(Offer offer, ContractTerms terms, TermAmendment? agreed, Contracts.Contract contract, DateOnly today, Texts t)
    {
        var changes = new List<Change>();
        if (agreed is not null)
        {
            var after = terms with { Amendments = [.. terms.Amendments ?? [], agreed] };
            changes.Add(new(t["offer.change.fee"], Amounts.Text(terms.FeeOn(agreed.From)), Amounts.Text(after.FeeOn(agreed.From)), agreed.From, agreed.Until?.AddDays(-1)));
            if (after.TermEnd != terms.TermEnd)
                changes.Add(new(t["offer.change.term"], t.Date(terms.TermEnd), t.Date(after.TermEnd), null, null));
        }
        if (offer.Amount is { } amount)
            changes.Add(new(t["offer.change.paid"], null, Amounts.Text(new Money(amount, offer.Currency)), null, null));
        if (offer.Kind == OfferKind.DeferredPayment && contract.Unpaid > 0)
            changes.Add(new(t["offer.change.due", Amounts.Text(new Money(contract.Unpaid, contract.Currency))], contract.UnpaidDueOn is { } was ? t.Date(was) : null,
                t.Date((contract.UnpaidDueOn is { } later && later > today ? later : today).AddMonths(offer.Months)), null, null));
        changes.Add(new(t["offer.change.application"], t["offer.change.ends"], t["offer.change.goes-on"], null, null));
        return changes;
    }

    private static List<string> CostsOf(Offer offer, ContractTerms terms, TermAmendment? agreed, bool takesBack, Texts t)
    {
        var costs = new List<string>();
        if (agreed is { MonthlyFee: { } fee })
            costs.Add(t["offer.costs.fee", Amounts.Text(fee)]);
        if (offer.Kind == OfferKind.Pause)
            costs.Add(t["offer.costs.pause"]);
        if (agreed is { AddedMonths: > 0 and var months })
            costs.Add(t["offer.costs.longer", months]);
        if (agreed is { TakenBack: true, Off: { } off } && takesBack)
            costs.Add(t["offer.costs.taken-back", Amounts.Text(off), t.Date(terms.TermEnd)]);
        if (costs.Count == 0)
            costs.Add(t["offer.costs.nothing"]);
        return costs;
    }
}
