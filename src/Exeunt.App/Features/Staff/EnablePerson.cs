using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.AspNetCore.Identity;

namespace Exeunt.App.Features.Staff;

/// <summary>Lets a disabled person sign in again, with the password and roles kept; ends a lock-out too.</summary>
public sealed class EnablePerson(AppDb db, StaffDb staff, UserManager<StaffMember> users, People people) : UseCase<EnablePerson.Request, Done>(db)
{
    public sealed record Request(Guid Person);

    public override Permission Needs => Permission.ManageStaff;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        var person = await people.Find(call, request.Person, ct);
        if (person.Refusal is { } refusal)
            return refusal;
        staff.ActorId = call.Actor.Id;
        person.Value.IsDisabled = false;
        person.Value.LockoutEnd = null;
        person.Value.AccessFailedCount = 0;
        await users.UpdateAsync(person.Value);
        return await Commit(Done.It, ct);
    }
}
