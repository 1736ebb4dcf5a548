using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Offers;

namespace Exeunt.App.Features.Offers;

/// <summary>The catalogue.</summary>
public sealed class ListOfferEntries(AppDb db, OfferBook book) : UseCase<ListOfferEntries.Request, ListOfferEntries.View>(db)
{
    public sealed record Request;

    public sealed record View(IReadOnlyList<OfferEntry> Entries, DateOnly Today);

    public override Permission Needs => Permission.ViewPolicies;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct) =>
        new View(await book.All(ct), call.Today(Clocks.CompanyZone));
}
