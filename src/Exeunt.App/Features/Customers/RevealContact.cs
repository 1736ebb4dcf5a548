using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Customers;

/// <summary>A customer's personal data in clear, as far as it is not erased.</summary>
public sealed record RevealedContact(string? Name, string? ContactPerson, string? Phone, string? Mail, string? Address);

/// <summary>Shows who a customer is and how to reach them, in clear, to one person, once; the look is recorded.</summary>
internal sealed class RevealContact(AppDb db, Vault vault, HandOvers.FormerOwners former, Erasure.Locks locks) : UseCase<long, RevealedContact>(db)
{
    public override Permission Needs => Permission.RevealPersonalData;

    protected override async Task<Outcome<RevealedContact>> Handle(Call call, long id, CancellationToken ct)
    {
        var units = await VisibleUnits.Of(Db, call.Actor, Needs, ct);
        var customer = await Db.Customers.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, ct);
        if (customer is null || !units.Holds(customer.UnitId))
            return CommonRefusals.NotFound;
        if (await former.WhyNot(id, units.Path(customer.UnitId), call.Actor, ct) is { } no)
            return no;
        if (await locks.Of(id, ct) is { } locked)
            return locked.Refusal;
        var identity = await vault.Open<CustomerIdentity>(id, DataClass.Case, CustomerTable.IdentityPlace, customer.Row, customer.Identity, ct);
        var contact = await vault.Open<CustomerContact>(id, DataClass.Contact, CustomerTable.ContactPlace, customer.Row, customer.Contact, ct);
        Db.Audit(call, "customer.revealed", $"customer:{id}", new { classes = new[] { DataClass.Case, DataClass.Contact } });
        // Recorded before it is shown; the answer itself is kept nowhere.
        await Db.SaveChangesAsync(ct);
        return new RevealedContact(identity?.Name, identity?.ContactPerson, contact?.Phone, contact?.Mail, contact?.Address);
    }
}
