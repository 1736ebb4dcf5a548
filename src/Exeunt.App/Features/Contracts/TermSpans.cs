using Exeunt.Core.Activity;
using Exeunt.Core.Churn;
using Exeunt.Core.Offers;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Contracts;

/// <summary>The days on which contracts are or were in their term, or pause as agreed: then their customers are not judged by months.</summary>
internal static class TermSpans
{
    /// <summary>All of them: whoever judges customers by months takes these.</summary>
    public static async Task<List<ExclusionSpan>> Excluded(IQueryable<Contract> contracts, CancellationToken ct) =>
        [.. await Terms(contracts, ct), .. await Pauses(contracts, ct)];

    private static async Task<List<ExclusionSpan>> Terms(IQueryable<Contract> contracts, CancellationToken ct)
    {
        var read = await contracts.AsNoTracking()
            .Select(c => new { c.CustomerId, c.State, c.StartOn, c.LastServiceDay, TermMonths = c.TermMonths + c.Amendments.Sum(a => a.AddedMonths) }).ToListAsync(ct);
        return
        [
            .. read.Select(c =>
            {
                var termEnd = c.StartOn.AddMonths(c.TermMonths);
                // What has ended was in term until its last day of service.
                var until = c.State == ContractState.Ended && c.LastServiceDay < termEnd ? c.LastServiceDay.Value.AddDays(1) : termEnd;
                return new ExclusionSpan(c.CustomerId, c.StartOn, until, ExclusionReason.ContractInTerm);
            }).Where(s => s.From < s.Until),
        ];
    }

    /// <summary>The pauses that were agreed as amendments, of contracts that have not ended before.</summary>
    private static async Task<List<ExclusionSpan>> Pauses(IQueryable<Contract> contracts, CancellationToken ct)
    {
        var read = await contracts.AsNoTracking().SelectMany(c => c.Amendments, (c, a) => new { c.CustomerId, c.State, c.LastServiceDay, a.Kind, a.From, a.Until })
            .Where(p => p.Kind == OfferKind.Pause && p.Until != null).ToListAsync(ct);
        return
        [
            .. read.Select(p => new ExclusionSpan(p.CustomerId, p.From, p.State == ContractState.Ended && p.LastServiceDay < p.Until ? p.LastServiceDay.Value.AddDays(1) : p.Until!.Value, ExclusionReason.AgreedPause))
                .Where(s => s.From < s.Until),
        ];
    }
}
