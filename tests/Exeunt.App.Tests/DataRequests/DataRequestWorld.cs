using System.Text;
using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Imports;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Settlements;
using Exeunt.App.Tests.Work;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Tests.DataRequests;

/// <summary>Requests that were granted, and files of the system from which the customers of <see cref="Cases.CaseWorld"/> came.</summary>
internal static class DataRequestWorld
{
    /// <summary>A request that an agent took down and the data officer granted.</summary>
    /// <param name="right">What is right, for a correction.</param>
    /// <param name="mail">Another mail address that is asked for; it counts three days later.</param>
    public static async Task<Guid> Granted(this ExeuntApp app, long customer, string kind, object? right = null, string? mail = null)
    {
        var request = (await (await app.SignIn(Role.Agent)).Ok(HttpMethod.Post, $"/api/customers/{customer}/data-requests", new { kind, proof = "InPerson", words = "by letter", mail })).GetProperty("id").GetGuid();
        await (await app.SignIn(Role.DataOfficer)).Ok(HttpMethod.Post, $"/api/data-requests/{request}/fulfilment", right ?? new { });
        await app.Drain();
        return request;
    }

    /// <summary>Two systems that are asked, and one that is off.</summary>
    public static async Task Connect(this ExeuntApp app)
    {
        var administrator = await app.SignIn(Role.Administrator);
        foreach (var (name, active) in new[] { ("billing", true), ("crm", true), ("old-crm", false) })
            await administrator.Ok(HttpMethod.Put, $"/api/systems/{name}", new { url = $"https://{name}.example/orders", secret = FakeSystem.Secret, active });
    }

    /// <summary>Brings in a file of these lines.</summary>
    public static Task<ImportResult> Bring(this ExeuntApp app, ImportNoun noun, bool dry, params string[] lines) => app.With<Storage, ImportResult>(async storage =>
    {
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
        return await new RunImport(storage, await app.SystemCall()).Run(file, new ImportRequest(noun, null, null, dry, "test", [""]), default);
    });

    public static Task<Customer> TheCustomer(this ExeuntApp app, long id) => app.With<AppDb, Customer>(db => db.Customers.AsNoTracking().SingleAsync(c => c.Id == id));

    public static async Task<CustomerContact?> ContactOf(this ExeuntApp app, long id)
    {
        var row = await app.TheCustomer(id);
        return await app.With<Vault, CustomerContact?>(vault => vault.Open<CustomerContact>(id, DataClass.Contact, CustomerTable.ContactPlace, row.Row, row.Contact, default));
    }

    public static async Task<CustomerIdentity?> IdentityOf(this ExeuntApp app, long id)
    {
        var row = await app.TheCustomer(id);
        return await app.With<Vault, CustomerIdentity?>(vault => vault.Open<CustomerIdentity>(id, DataClass.Case, CustomerTable.IdentityPlace, row.Row, row.Identity, default));
    }
}
