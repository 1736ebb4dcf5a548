using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Reasons;

/// <summary>The reasons with the offers that answer them.</summary>
public sealed class ListReasons(AppDb db, ReasonBook book) : UseCase<ListReasons.Request, ListReasons.View>(db)
{
    public sealed record Request;

    /// <param name="Offers">By reason, in their order.</param>
    /// <param name="Entries">Codes and names of the catalogue.</param>
    public sealed record View(ReasonList Reasons, IReadOnlyDictionary<string, IReadOnlyList<string>> Offers, IReadOnlyDictionary<string, Words> Entries);

    public override Permission Needs => Permission.ViewPolicies;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        var offers = await Db.ReasonOffers.AsNoTracking().OrderBy(o => o.Position).Take(ReasonBook.Max * ReasonOffers.Max).ToListAsync(ct);
        var entries = await Offers.OfferBook.Current(Db, ct);
        return new View(await book.All(ct), offers.GroupBy(o => o.Reason).ToDictionary(g => g.Key, g => (IReadOnlyList<string>)[.. g.Select(o => o.Entry)]),
            entries.ToDictionary(e => e.Code, e => e.Name));
    }
}
