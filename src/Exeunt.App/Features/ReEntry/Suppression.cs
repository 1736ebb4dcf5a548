using Exeunt.App.Data;
using Exeunt.App.Features.Erasure;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.ReEntry;

/// <summary>Whose external number is not brought back by an import.</summary>
internal static class Suppression
{
    /// <summary>
    /// The erasures whose token counts: all but those of former customers who were welcomed back after them. A welcome lifts what was erased of the customer
    /// of its case before it and nothing else: who comes back is another customer of ours, and is suppressed again once erased again.
    /// </summary>
    public static IQueryable<ErasureRow> Of(AppDb db) =>
        db.Erasures.AsNoTracking().Where(e => e.Token != null
            && !db.Set<ReEntryRequest>().Any(r => r.LiftedToken == e.Token && r.WelcomedAt >= e.At && db.Cases.Any(c => c.Id == r.CaseId && c.CustomerId == e.CustomerId)));
}
