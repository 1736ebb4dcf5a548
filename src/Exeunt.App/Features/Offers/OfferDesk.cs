using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Activity;
using Exeunt.Core.Cases;
using Exeunt.Core.Offers;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offers;

/// <summary>An entry as it stands to a case.</summary>
/// <param name="Answers">The reason under which the table leads to it; null: it does not.</param>
/// <param name="Least">Cost and value with the smallest parameters of the entry; null where it asks for an amount or a fee.</param>
/// <param name="Conditions">Every condition with its result, the unmet ones first.</param>
public sealed record OfferProposal(OfferEntry Entry, string? Answers, OfferNumbers? Least, IReadOnlyList<OfferCondition> Conditions)
{
    public bool Eligible => Conditions.All(c => c.Met);

    /// <summary>Why not; the condition that a day will meet comes last, since it is the one that ends by itself.</summary>
    public OfferCondition? WhyNot => Conditions.FirstOrDefault(c => !c.Met);
}

/// <summary>What may be offered in a case, and why not: facts, conditions, cost and value.</summary>
public sealed class OfferDesk(AppDb db, OfferBook book)
{
    /// <summary>What the case's customer and contract are like today.</summary>
    public async Task<OfferFacts> Facts(ExitCase exit, Contract contract, Call call, CancellationToken ct)
    {
        var today = call.Today(contract.Zone);
        var customer = await db.Customers.AsNoTracking().Where(c => c.Id == contract.CustomerId).Select(c => new { c.Tier, c.Since, c.Industry, c.Currency }).SingleAsync(ct);
        var months = await db.Activity.AsNoTracking().Where(a => a.CustomerId == contract.CustomerId).Select(a => a.Months).SingleOrDefaultAsync(ct);
        var past = await db.Offers.AsNoTracking().Join(db.Cases.AsNoTracking().Where(c => c.CustomerId == contract.CustomerId), o => o.CaseId, c => c.Id, (o, c) => new { o.AnsweredOn, o.AnsweredAt, o.Accepted, o.Result, o.ResultOn })
            .Where(o => o.Accepted != null).OrderByDescending(o => o.AnsweredAt).Take(200).ToListAsync(ct);
        DateOnly? Last(bool accepted) => past.Where(o => o.Accepted == accepted).Select(o => o.AnsweredOn ?? Clocks.DateIn(o.AnsweredAt!.Value, contract.Zone)).Cast<DateOnly?>().Max();
        return new OfferFacts(
            today, customer.Tier.ToString(), customer.Since ?? contract.StartOn, Settling.TermsOf(contract).FeeInForce(today),
            new Money(months is null ? 0 : Indicators.Of(months, today)?.Spend12m ?? 0, customer.Currency), Overdue(contract, today),
            exit.Reason is { } reason ? exit.ReasonDetail is { } detail ? $"{reason}/{detail}" : reason : null, customer.Industry, Last(true), Last(false),
            past.Where(o => o.Result == OfferResult.Lost).Max(o => o.ResultOn));
    }

    /// <summary>What is unpaid and was due before today; without a due date it counts as due.</summary>
    public static Money Overdue(Contract contract, DateOnly today) =>
        new(contract.UnpaidDueOn is { } due && due >= today ? 0 : contract.Unpaid, contract.Currency);

    /// <summary>Every entry in use: first those that answer the case's reason, in the table's order, then the others; what cannot be offered last.</summary>
    public async Task<IReadOnlyList<OfferProposal>> Proposals(ExitCase exit, Call call, CancellationToken ct)
    {
        var contract = await db.Contracts.AsNoTracking().SingleAsync(c => c.Id == exit.ContractId, ct);
        var facts = await Facts(exit, contract, call, ct);
        var counted = await Counted(ct);
        var ranks = await Ranks(facts.Reason, ct);
        var proposals = (await book.All(ct)).Where(e => e.Active).Select(e =>
        {
            var least = new OfferParameters(e.Percent?.Least, e.Months?.Least);
            var numbers = e.MaxAmount.Count > 0 || e.AsksFee ? null : OfferNumbers.Of(InputsOf(e, least, facts, counted));
            var conditions = OfferEligibility.Of(e, facts).ToList();
            if (numbers is not null)
                conditions.Add(OfferEligibility.Margin(e, numbers));
            return new OfferProposal(e, ranks.TryGetValue(e.Code, out var rank) ? rank.Reason : null, numbers, [.. conditions.OrderBy(c => c.Met).ThenBy(c => c.PossibleOn is not null)]);
        });
        return [.. proposals.OrderByDescending(p => p.Eligible).ThenBy(p => ranks.TryGetValue(p.Entry.Code, out var rank) ? rank.Place : int.MaxValue).ThenBy(p => p.Entry.Code, StringComparer.Ordinal)];
    }

    public static OfferInputs InputsOf(OfferEntry entry, OfferParameters chosen, OfferFacts facts, IReadOnlyDictionary<string, (int Accepted, int Kept)> counted)
    {
        var (accepted, kept) = counted.GetValueOrDefault(entry.Code);
        return OfferInputs.Of(entry, chosen, facts.Fee, facts.Arrears, accepted, kept);
    }

    /// <summary>Of each entry, how many accepted offers have a result, and how many were confirmed.</summary>
    public async Task<Dictionary<string, (int Accepted, int Kept)>> Counted(CancellationToken ct) =>
        (await db.Offers.AsNoTracking().Where(o => o.Result != null && o.EntryCode != "").GroupBy(o => o.EntryCode)
            .Select(g => new { g.Key, Accepted = g.Count(), Kept = g.Count(o => o.Result == OfferResult.Confirmed) }).ToListAsync(ct))
        .ToDictionary(g => g.Key, g => (g.Accepted, g.Kept));

    /// <summary>The table's entries for a reason: those of its detail before those of its first level.</summary>
    private async Task<Dictionary<string, (string Reason, int Place)>> Ranks(string? reason, CancellationToken ct)
    {
        if (reason is null)
            return [];
        var first = reason.Split('/')[0];
        var rows = await db.ReasonOffers.AsNoTracking().Where(o => o.Reason == reason || o.Reason == first).ToListAsync(ct);
        var ranks = new Dictionary<string, (string, int)>();
        foreach (var row in rows.OrderByDescending(r => r.Reason.Length).ThenBy(r => r.Position))
            ranks.TryAdd(row.Entry, (row.Reason, ranks.Count));
        return ranks;
    }
}
