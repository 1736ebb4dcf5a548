using Exeunt.App.Data;
using Exeunt.App.Features.HandOvers;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Staff;

/// <summary>
/// Ends a person's access: no sign-in, and open sessions and tokens stop with their next request. Not of somebody who looks after customers,
/// unless access must end at once; the customers then wait to be handed over.
/// </summary>
public sealed class DisablePerson(AppDb db, StaffDb staff, UserManager<StaffMember> users, OneTimeLinks links, People people)
    : UseCase<DisablePerson.Request, Done>(db)
{
    /// <param name="Anyway">Even though customers are still theirs.</param>
    public sealed record Request(Guid Person, bool Anyway = false);

    public override Permission Needs => Permission.ManageStaff;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        var person = await people.Find(call, request.Person, ct);
        if (person.Refusal is { } refusal)
            return refusal;
        var customers = await Db.Customers.AsNoTracking().CountAsync(c => c.OwnerId == request.Person && c.ErasedAt == null, ct);
        if (customers > 0 && !request.Anyway)
            return HandOverRefusals.OwnsCustomers(customers);
        if (customers > 0)
            Db.Audit(call, "staff.disabled-with-customers", StaffDirectory.IdOf(request.Person), new { customers });
        staff.ActorId = call.Actor.Id;
        person.Value.IsDisabled = true;
        await links.End(person.Value, ct);
        await users.UpdateSecurityStampAsync(person.Value);
        return await Commit(Done.It, ct);
    }
}
