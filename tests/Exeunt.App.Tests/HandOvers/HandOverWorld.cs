using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.HandOvers;
using Exeunt.App.Features.Units;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Exeunt.App.Tests.HandOvers;

/// <summary>Customers with owners, for tests of hand-overs.</summary>
public static class HandOverWorld
{
    private static int _next;

    /// <summary>Gives a customer an owner, as an import does.</summary>
    public static Task OwnedBy(this ExeuntApp app, long customer, Guid? owner) => app.Change(customer, c => c.OwnerId = owner);

    public static async Task Change(this ExeuntApp app, long customer, Action<Customer> change)
    {
        var call = await app.SystemCall();
        await app.With<AppDb>(async db =>
        {
            var row = await db.Customers.SingleAsync(c => c.Id == customer);
            change(row);
            row.Version++;
            db.Audit(call, "test.changed", $"customer:{customer}");
            await db.SaveChangesAsync();
        });
    }

    /// <summary>Customers of the first unit with a name and, for all but every tenth, a mail address; every twentieth is a VIP.</summary>
    public static async Task<IReadOnlyList<long>> CustomersOf(this ExeuntApp app, Guid owner, int count, string language = "zh")
    {
        var ids = Enumerable.Range(0, count).Select(_ => 950_000L + Interlocked.Increment(ref _next)).ToList();
        var call = await app.SystemCall();
        await app.With<IServiceProvider>(async services =>
        {
            var (db, vault, keys) = (services.GetRequiredService<AppDb>(), services.GetRequiredService<Vault>(), services.GetRequiredService<KeyStore>());
            var unit = await db.Units.OrderBy(u => u.Path.Length).FirstAsync();
            await keys.Ensure(ids, [DataClass.Profile, DataClass.Contact, DataClass.Case], default);
            foreach (var (i, id) in ids.Index())
                db.Customers.Add(new Customer
                {
                    Id = id, Source = "test", UnitId = unit.Id, OwnerId = owner, Kind = CustomerKind.Person, Tier = i % 20 == 0 ? CustomerTier.Vip : CustomerTier.Normal, Language = language, Currency = "CNY",
                    Profile = await vault.Seal(id, DataClass.Profile, CustomerTable.ProfilePlace, $"{id}", new CustomerProfile($"{id}"), default),
                    Contact = await vault.Seal(id, DataClass.Contact, CustomerTable.ContactPlace, $"{id}", new CustomerContact(i % 10 == 9 ? null : $"c{id}@customer.example", "13800001111", null), default),
                    Identity = await vault.Seal(id, DataClass.Case, CustomerTable.IdentityPlace, $"{id}", new CustomerIdentity("李小龙"), default),
                });
            db.Audit(call, "test.customers", "customers");
            await db.SaveChangesAsync();
        });
        return ids;
    }

    public static Task<Customer> TheCustomer(this ExeuntApp app, long id) => app.With<AppDb, Customer>(db => db.Customers.AsNoTracking().SingleAsync(c => c.Id == id));

    public static Task<List<OwnerChange>> ChangesOf(this ExeuntApp app, long id) => app.With<AppDb, List<OwnerChange>>(db => db.OwnerChanges.AsNoTracking().Where(c => c.CustomerId == id).OrderBy(c => c.Id).ToListAsync());

    public static IEnumerable<JsonElement> List(this JsonElement of, string name) => of.GetProperty(name).EnumerateArray();

    public static string Text(this JsonElement of, string name) => of.GetProperty(name).GetString()!;
}
