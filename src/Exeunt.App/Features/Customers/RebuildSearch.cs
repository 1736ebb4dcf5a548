using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Customers;

/// <summary>
/// Fills a search store that is not complete from the vault: it is in no backup, so after a restore (or a crash of PostgreSQL, whose search
/// tables are unlogged, or an import that was cut off between rows and index) it is made again, whatever was put into it meanwhile, and again when that was
/// cut off: at the next start, and by a server that runs (<see cref="SearchKeeper"/>). One audit entry says so.
/// </summary>
public static class RebuildSearch
{
    private const int Batch = 500;

    /// <summary>Does nothing when the store is complete or there are no customers; returns how many it indexed.</summary>
    public static async Task<int> IfIncomplete(AppDb db, Vault vault, SearchStore search, Call call, CancellationToken ct)
    {
        var isEmpty = await search.Count(ct) == 0;
        if ((!isEmpty && await search.IsComplete(ct)) || !await db.Customers.AsNoTracking().AnyAsync(ct))
            return 0;
        var indexed = 0;
        for (var after = long.MinValue; ;)
        {
            var customers = await db.Customers.AsNoTracking().Where(c => c.Id > after && c.ErasedAt == null).OrderBy(c => c.Id).Take(Batch).ToListAsync(ct);
            if (customers.Count == 0)
                break;
            after = customers[^1].Id;
            try
            {
                await search.Index(await Tokens(db, vault, search, customers, ct), areNew: isEmpty, ct);
                await Again(db, vault, search, customers, ct);
            }
            catch (Npgsql.PostgresException e) when (e.SqlState == Npgsql.PostgresErrorCodes.UniqueViolation)
            {
                // Another node that starts at the same time rebuilds it, and goes on to its end.
                return indexed;
            }
            indexed += customers.Count;
        }
        await search.Complete(ct);
        db.Audit(call, "search.rebuilt", "customers", new { indexed });
        await db.SaveChangesAsync(ct);
        return indexed;
    }

    /// <summary>Who was changed or erased while they were indexed is indexed as they are now, or not at all.</summary>
    private static async Task Again(AppDb db, Vault vault, SearchStore search, List<Customer> customers, CancellationToken ct)
    {
        for (var seen = customers; seen.Count > 0;)
        {
            var ids = seen.ConvertAll(c => c.Id);
            var now = await db.Customers.AsNoTracking().Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, ct);
            var changed = seen.Where(c => now.GetValueOrDefault(c.Id) is not { ErasedAt: null } there || there.Version != c.Version).ToList();
            foreach (var gone in changed.Where(c => now.GetValueOrDefault(c.Id) is not { ErasedAt: null }))
                await search.Remove(gone.Id, ct);
            seen = [.. changed.Select(c => now.GetValueOrDefault(c.Id)).OfType<Customer>().Where(c => c.ErasedAt is null)];
            if (seen.Count > 0)
                await search.Index(await Tokens(db, vault, search, seen, ct), areNew: false, ct);
        }
    }

    /// <summary>All that each of some customers is found by.</summary>
    internal static async Task<List<(long, int[])>> Tokens(AppDb db, Vault vault, SearchStore search, List<Customer> customers, CancellationToken ct)
    {
        var names = await Opened<CustomerIdentity>(DataClass.Case, CustomerTable.IdentityPlace, c => c.Identity);
        var contacts = await Opened<CustomerContact>(DataClass.Contact, CustomerTable.ContactPlace, c => c.Contact);
        var profiles = await Opened<CustomerProfile>(DataClass.Profile, CustomerTable.ProfilePlace, c => c.Profile);
        var ids = customers.Select(c => c.Id).ToList();
        var contracts = (await db.Contracts.AsNoTracking().Where(c => ids.Contains(c.CustomerId) && c.Number != null).ToListAsync(ct)).ToLookup(c => c.CustomerId);
        var all = new List<(long, int[])>(customers.Count);
        foreach (var customer in customers)
        {
            var tokens = new HashSet<int>();
            Add(TokenKind.Name, customer.OrganisationName);
            Add(TokenKind.Name, names.GetValueOrDefault(customer.Id)?.Name);
            Add(TokenKind.Name, names.GetValueOrDefault(customer.Id)?.ContactPerson);
            Add(TokenKind.Mail, contacts.GetValueOrDefault(customer.Id)?.Mail);
            Add(TokenKind.Phone, contacts.GetValueOrDefault(customer.Id)?.Phone);
            Add(TokenKind.Number, profiles.GetValueOrDefault(customer.Id)?.ExternalNumber);
            foreach (var contract in contracts[customer.Id])
                Add(TokenKind.Number, await vault.Open<string>(customer.Id, DataClass.Case, ContractTable.NumberPlace, contract.Row, contract.Number, ct));
            all.Add((customer.Id, [.. tokens]));

            void Add(TokenKind kind, string? value)
            {
                if (value is not null)
                    tokens.UnionWith(search.TokensOf(kind, value));
            }
        }
        return all;

        Task<Dictionary<long, T>> Opened<T>(DataClass dataClass, string place, Func<Customer, byte[]?> blob) =>
            vault.OpenAll<T>(dataClass, place, [.. customers.Where(c => blob(c) is not null).Select(c => (c.Id, c.Row, blob(c)!))], ct);
    }
}
