using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Offers;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offers;

/// <summary>What became of the offers: by entry and currency how many were made, accepted and confirmed, what they cost and saved.</summary>
public sealed class ReportOffers(AppDb db) : UseCase<ReportOffers.Request, IReadOnlyList<ReportOffers.Row>>(db)
{
    public sealed record Request;

    /// <param name="Name">The entry's name today; its code when it is gone, "" for offers from before there was a catalogue.</param>
    /// <param name="Made">Put before customers.</param>
    /// <param name="Unanswered">Whose time ran out.</param>
    /// <param name="Cost">Of the accepted ones, minor units.</param>
    /// <param name="Saved">Value, at the time it was offered, of the confirmed ones, minor units.</param>
    public sealed record Row(string Entry, Words Name, string Currency, int Made, int Accepted, int Declined, int Unanswered, int Confirmed, int Lost, int NotFulfilled, long Cost, long Saved)
    {
        /// <summary>The part of the answered and unanswered ones that was accepted, with where the true one may lie.</summary>
        public WilsonInterval? Acceptance => WilsonInterval.Of(Accepted, Accepted + Declined + Unanswered);
    }

    public override Permission Needs => Permission.ViewWatch;

    protected override async Task<Outcome<IReadOnlyList<Row>>> Handle(Call call, Request request, CancellationToken ct)
    {
        var names = (await OfferBook.Current(Db, ct)).ToDictionary(e => e.Code, e => e.Name);
        var groups = await Db.Offers.AsNoTracking().Where(o => o.Approval == OfferApproval.NotNeeded || o.Approval == OfferApproval.Approved).GroupBy(o => new { o.EntryCode, o.Currency })
            .Select(g => new
            {
                g.Key, Made = g.Count(), Accepted = g.Count(o => o.Accepted == true), Declined = g.Count(o => o.Accepted == false), Unanswered = g.Count(o => o.Accepted == null && o.ExpiredAt != null),
                Confirmed = g.Count(o => o.Result == OfferResult.Confirmed), Lost = g.Count(o => o.Result == OfferResult.Lost), NotFulfilled = g.Count(o => o.Result == OfferResult.NotFulfilled),
                Cost = g.Sum(o => o.Accepted == true ? o.Cost : 0), Saved = g.Sum(o => o.Result == OfferResult.Confirmed ? o.Value : 0),
            }).OrderBy(g => g.Key.EntryCode).ThenBy(g => g.Key.Currency).Take(1000).ToListAsync(ct);
        return groups.Select(g => new Row(
            g.Key.EntryCode, names.GetValueOrDefault(g.Key.EntryCode) ?? new Words(g.Key.EntryCode, g.Key.EntryCode), g.Key.Currency, g.Made, g.Accepted, g.Declined, g.Unanswered, g.Confirmed, g.Lost,
            g.NotFulfilled, g.Cost, g.Saved)).ToList();
    }
}
