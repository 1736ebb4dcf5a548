using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Erasure;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.ReEntry;

/// <summary>Whose external number is not brought back by an import.</summary>
internal static class Suppression
{
    /// <summary>
    /// The erasures whose token counts: all but those of former customers who were welcomed back after them. A welcome lifts what was erased of the customer
    /// of its case before it and nothing else: who comes back is another customer of ours, and is suppressed again once erased again. One by the number
    /// alone lifts whatever was erased under it before, in real time as the ledger's.
    /// </summary>
    public static IQueryable<ErasureRow> Of(AppDb db) =>
        db.Erasures.AsNoTracking().Where(e => e.Token != null
            && !db.Set<ReEntryRequest>().Any(r => r.LiftedToken == e.Token
                && ((r.CaseId == ReEntryRequest.NoCase && r.RequestedAt >= e.At) || (r.WelcomedAt >= e.At && db.Cases.Any(c => c.Id == r.CaseId && c.CustomerId == e.CustomerId)))));

    /// <summary>Those of them that stand against a number, in any of the spellings under which an import looks for it.</summary>
    /// <param name="source">The system that the number is from; empty: the one of a mapping that names none.</param>
    public static IQueryable<ErasureRow> Of(AppDb db, NumberTokens numbers, string? source, string number)
    {
        var tokens = numbers.AnyOfCustomer(string.IsNullOrWhiteSpace(source) ? "own" : source.Trim(), number).All.ToList();
        return Of(db).Where(e => tokens.Contains(e.Token!));
    }
}
