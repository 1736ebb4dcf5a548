using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.AspNetCore.Identity;

namespace Exeunt.App.Features.Staff;

/// <summary>Ends a person's access: no sign-in, and open sessions and tokens stop with their next request.</summary>
public sealed class DisablePerson(AppDb db, StaffDb staff, UserManager<StaffMember> users, OneTimeLinks links, People people)
    : UseCase<DisablePerson.Request, Done>(db)
{
    public sealed record Request(Guid Person);

    public override Permission Needs => Permission.ManageStaff;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        var person = await people.Find(call, request.Person, ct);
        if (person.Refusal is { } refusal)
            return refusal;
        staff.ActorId = call.Actor.Id;
        person.Value.IsDisabled = true;
        await links.End(person.Value, ct);
        await users.UpdateSecurityStampAsync(person.Value);
        return await Commit(Done.It, ct);
    }
}
