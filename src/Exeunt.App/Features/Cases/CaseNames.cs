using System.Globalization;
using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>Who the customers of some cases are, for lists: an organisation in clear, a person masked, and of whom is locked nothing. Whoever shows them audits the page once.</summary>
public sealed class CaseNames(AppDb db, Vault vault, Erasure.Locks locks)
{
    public sealed record Who(string Name, CustomerTier Tier);

    public async Task<Dictionary<long, Who>> Of(IReadOnlyCollection<long> ids, CancellationToken ct)
    {
        var customers = await db.Customers.AsNoTracking().Where(c => ids.Contains(c.Id)).Select(c => new { c.Id, c.Identity, c.OrganisationName, c.Tier, c.ErasedAt }).ToListAsync(ct);
        var locked = await locks.Of([.. customers.Where(c => c.ErasedAt is not null).Select(c => c.Id)], ct);
        var people = await vault.OpenAll<CustomerIdentity>(DataClass.Case, CustomerTable.IdentityPlace,
            [.. customers.Where(c => c.OrganisationName is null && c.Identity is not null && !locked.ContainsKey(c.Id)).Select(c => (c.Id, c.Id.ToString(CultureInfo.InvariantCulture), c.Identity!))], ct);
        return customers.ToDictionary(c => c.Id, c => new Who((locked.ContainsKey(c.Id) ? null : c.OrganisationName) ?? Mask.Name(people.GetValueOrDefault(c.Id)?.Name), c.Tier));
    }
}
