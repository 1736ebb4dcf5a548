using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core.Activity;
using Exeunt.Core.Churn;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Evaluate;

/// <summary>One listed customer and what its closed months say.</summary>
internal readonly record struct EvaluatedCustomer(long Id, string Currency, Indicators Indicators);

/// <summary>
/// Judges every customer by its closed months as of a date: one pass over the packed rows, nothing stored. Customers with a
/// contract in term are listed as excluded; customers without a fact before the date's month are not listed.
/// </summary>
internal static class EvaluateCustomers
{
    /// <summary>All listed customers, ascending by number; only those of units under one of the paths ("" is all).</summary>
    public static async Task<List<EvaluatedCustomer>> Run(AppDb db, DateOnly asOf, IReadOnlyList<string> scope, CancellationToken ct)
    {
        var units = await db.Units.AsNoTracking().Select(u => new { u.Id, u.Path }).ToListAsync(ct);
        var allowed = units.Where(u => scope.Any(s => u.Path.StartsWith(s, StringComparison.Ordinal))).Select(u => u.Id).ToHashSet();
        var inTerm = (await db.Contracts.AsNoTracking()
            .Where(c => (c.State == ContractState.InForce || c.State == ContractState.Ending) && c.StartOn <= asOf)
            .Select(c => new { c.CustomerId, c.StartOn, TermMonths = c.TermMonths + c.Amendments.Sum(a => a.AddedMonths) }).ToListAsync(ct))
            .Where(c => c.StartOn.AddMonths(c.TermMonths) > asOf).Select(c => c.CustomerId).ToHashSet();
        var found = new List<EvaluatedCustomer>(await db.Activity.CountAsync(ct));
        var rows = from a in db.Activity.AsNoTracking()
                   join c in db.Customers.AsNoTracking() on a.CustomerId equals c.Id
                   // Who restricted the use of their data, or objected, is not evaluated.
                   where c.RestrictedAt == null && c.ObjectedAt == null
                   orderby a.CustomerId
                   select new { a.CustomerId, a.Months, c.Currency, c.UnitId };
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(ct))
            if (allowed.Contains(row.UnitId)
                && Indicators.Of(row.Months, asOf, inTerm.Contains(row.CustomerId) ? ExclusionReason.ContractInTerm : null) is { } indicators)
                found.Add(new EvaluatedCustomer(row.CustomerId, row.Currency, indicators));
        return found;
    }

    /// <summary>How many customers are in each state.</summary>
    public static IReadOnlyDictionary<ChurnState, int> Counts(IEnumerable<EvaluatedCustomer> customers) =>
        customers.GroupBy(c => c.Indicators.Churn.State).ToDictionary(g => g.Key, g => g.Count());

    /// <summary>The external numbers of customers; those whose profile was erased are left out. An export: its caller writes the audit entry.</summary>
    public static async Task<Dictionary<long, string>> Numbers(AppDb db, Vault vault, IReadOnlyList<EvaluatedCustomer> customers, CancellationToken ct)
    {
        var numbers = new Dictionary<long, string>(customers.Count);
        foreach (var chunk in customers.Chunk(5_000))
        {
            var (first, last) = (chunk[0].Id, chunk[^1].Id);
            var profiles = await db.Customers.AsNoTracking().Where(c => c.Id >= first && c.Id <= last && c.Profile != null).Select(c => new { c.Id, c.Profile }).ToListAsync(ct);
            var opened = await vault.OpenAll<CustomerProfile>(DataClass.Profile, CustomerTable.ProfilePlace,
                [.. profiles.Select(p => (p.Id, p.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), p.Profile!))], ct);
            foreach (var (id, profile) in opened)
                numbers[id] = profile.ExternalNumber;
        }
        return numbers;
    }
}
