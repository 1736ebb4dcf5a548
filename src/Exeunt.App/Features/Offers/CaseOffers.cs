using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Reasons;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offers;

/// <summary>Reasons and offers as the case page shows them.</summary>
/// <param name="Made">Every offer made in the case, the newest first.</param>
/// <param name="Proposals">What may be offered now; empty when no offer is due.</param>
/// <param name="Amendment">What the accepted one changed of the contract.</param>
public sealed record CaseOffers(ReasonList Reasons, IReadOnlyList<Offer> Made, IReadOnlyList<OfferProposal> Proposals, ContractAmendment? Amendment)
{
    /// <summary>The one that counts: before one that was sent back or refused.</summary>
    public Offer? Latest => Made.FirstOrDefault(o => o.State is not (OfferState.Returned or OfferState.Refused)) ?? (Made.Count > 0 ? Made[0] : null);

    /// <summary>The one that waits for approval.</summary>
    public Offer? Waiting => Made.FirstOrDefault(o => o.State == OfferState.Waiting);
}

/// <summary>Reads what the case page shows of reasons and offers.</summary>
public sealed class CaseOffersReader(AppDb db, OfferDesk desk, ReasonBook reasons)
{
    public async Task<CaseOffers> Of(ExitCase exit, Call call, CancellationToken ct)
    {
        var made = await db.Offers.AsNoTracking().Where(o => o.CaseId == exit.Id).OrderByDescending(o => o.MadeAt).ThenByDescending(o => o.Id).Take(20).ToListAsync(ct);
        var due = exit.CannotMakeOffer() is null && !made.Any(o => o.State == OfferState.Waiting);
        return new CaseOffers(
            await reasons.All(ct), made, due ? await desk.Proposals(exit, call, ct) : [],
            made.Any(o => o.Accepted == true) ? await db.ContractAmendments.AsNoTracking().SingleOrDefaultAsync(a => a.CaseId == exit.Id, ct) : null);
    }
}
