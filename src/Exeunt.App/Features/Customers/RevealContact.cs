using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Customers;

/// <summary>A customer's personal data in clear, as far as it is not erased.</summary>
public sealed record RevealedContact(string? Name, string? ContactPerson, string? Phone, string? Mail, string? Address);

/// <summary>Shows who a customer is and how to reach them, in clear, to one person, once; the look is recorded. Of who is only stored it needs a named reason.</summary>
internal sealed class RevealContact(AppDb db, Vault vault, HandOvers.FormerOwners former, Erasure.Locks locks) : UseCase<RevealContact.Request, RevealedContact>(db)
{
    /// <summary>For what data that is only stored may be looked at (GDPR 18): at the customer's wish, to find out whether it is right, for claims, for others, by law.</summary>
    public static readonly string[] Reasons = ["customer-asked", "accuracy", "claim", "rights-of-others", "authority"];

    /// <param name="Reason">Of <see cref="Reasons"/>, where the customer is only stored; else it is not asked for.</param>
    public sealed record Request(long Id, string? Reason = null);

    public override Permission Needs => Permission.RevealPersonalData;

    protected override async Task<Outcome<RevealedContact>> Handle(Call call, Request request, CancellationToken ct)
    {
        var id = request.Id;
        var units = await VisibleUnits.Of(Db, call.Actor, Needs, ct);
        var customer = await Db.Customers.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, ct);
        if (customer is null || !units.Holds(customer.UnitId))
            return CommonRefusals.NotFound;
        if (await former.WhyNot(id, units.Path(customer.UnitId), call.Actor, ct) is { } no)
            return no;
        if (await locks.Of(id, ct) is { } locked)
            return locked.Refusal;
        if (customer.RestrictedAt is { } since && !Reasons.Contains(request.Reason))
            return CustomerRefusals.Restricted(Clocks.DateIn(since, Clocks.CompanyZone));
        var identity = await vault.Open<CustomerIdentity>(id, DataClass.Case, CustomerTable.IdentityPlace, customer.Row, customer.Identity, ct);
        var contact = await vault.Open<CustomerContact>(id, DataClass.Contact, CustomerTable.ContactPlace, customer.Row, customer.Contact, ct);
        Db.Audit(call, "customer.revealed", $"customer:{id}", new { classes = new[] { DataClass.Case, DataClass.Contact }, reason = customer.RestrictedAt is null ? null : request.Reason });
        // Recorded before it is shown; the answer itself is kept nowhere.
        await Db.SaveChangesAsync(ct);
        return new RevealedContact(identity?.Name, identity?.ContactPerson, contact?.Phone, contact?.Mail, contact?.Address);
    }
}

public static class CustomerRefusals
{
    /// <param name="since">The day from which the data is only stored.</param>
    public static Refusal Restricted(DateOnly since) => new(RefusalKind.Invalid, "data.restricted",
        $"This customer's data is only stored since {since:yyyy-MM-dd}, because they asked for it. Choose for what you look at it: that is recorded. The data officer ends the restriction on the page of the request.",
        $"应客户请求，该客户的数据自 {since:yyyy-MM-dd} 起仅作存储。请选择查看用途，用途将被记录；限制由数据负责人在请求页面解除。", Field: "reason");
}
