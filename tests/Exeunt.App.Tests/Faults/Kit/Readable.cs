using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Tests.Faults.Kit;

/// <summary>What can be read of people, and what nobody may be able to read any more: by the key store as it lies on the disk, and the rows beside it.</summary>
internal static class Readable
{
    /// <summary>Opens the key store as it is now, for reading.</summary>
    public static async Task<KeyStore> Keys(Place place) =>
        await KeyStore.OpenSqliteReadOnly(await place.ExportKeys(), MasterKeys.Load(place.Options), CancellationToken.None);

    /// <summary>The names of some customers, by our numbers, as far as they open.</summary>
    public static async Task<Dictionary<long, string>> Names(Place place, KeyStore keys, IReadOnlyCollection<long> customers)
    {
        await using var db = place.Read();
        var rows = await db.Customers.AsNoTracking().Where(c => customers.Contains(c.Id) && c.Identity != null).Select(c => new { c.Id, c.Identity }).ToListAsync();
        var opened = await new Vault(keys).OpenAll<CustomerIdentity>(DataClass.Case, CustomerTable.IdentityPlace, [.. rows.Select(r => (r.Id, $"{r.Id}", r.Identity!))], CancellationToken.None);
        return opened.ToDictionary(o => o.Key, o => o.Value.Name);
    }

    /// <summary>Of whom the name does not open.</summary>
    public static async Task<IReadOnlyList<string>> Lost(Place place, KeyStore keys, IReadOnlyList<Person> living)
    {
        var names = await Names(place, keys, [.. living.Select(p => p.Id)]);
        return [.. living.Where(p => names.GetValueOrDefault(p.Id) != p.Name).Select(p => $"the name of the customer {p.Id} does not open")];
    }

    /// <summary>What is wrong with the erasure of a customer with whom there never was any trade.</summary>
    /// <param name="isOver">Whether nothing may be left.</param>
    public static async Task<IReadOnlyList<string>> Left(Place place, Person erased, bool isOver)
    {
        var found = new List<string>();
        await using var db = place.Read();
        await using var keys = await Keys(place);
        var ledger = (await db.Erasures.AsNoTracking().Where(e => e.CustomerId == erased.Id).Select(e => e.Class).ToListAsync()).ToLookup(c => c);
        foreach (var dataClass in Enum.GetValues<DataClass>())
        {
            var isDead = await keys.IsDead(erased.Id, dataClass, CancellationToken.None);
            var isThere = await keys.Find(erased.Id, dataClass, CancellationToken.None) is not null;
            if (ledger[dataClass].Count() > 1)
                found.Add($"the ledger has {dataClass} of the customer {erased.Id} {ledger[dataClass].Count()} times");
            if (isDead && !ledger.Contains(dataClass))
                found.Add($"{dataClass} of the customer {erased.Id} was destroyed, and the ledger does not tell of it");
            if (isThere && (isDead || isOver))
                found.Add($"the key {dataClass} of the customer {erased.Id} is there");
            if (isOver && !isDead)
                found.Add($"{dataClass} of the customer {erased.Id} was not destroyed");
        }
        var row = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == erased.Id);
        if (isOver && row is not { ErasedAt: not null, Profile: null, Contact: null, Identity: null, Payout: null, NumberToken: null })
            found.Add($"the row of the customer {erased.Id} still has something");
        return found;
    }
}
