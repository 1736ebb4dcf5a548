using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Staff;

/// <summary>Gives a person a role for a unit and below; it counts from the person's next request on.</summary>
public sealed class AssignRole(AppDb db, StaffDb staff, People people) : UseCase<AssignRole.Request, Done>(db)
{
    /// <param name="Unit">The unit's code.</param>
    public sealed record Request(Guid Person, Role Role, string Unit);

    public override Permission Needs => Permission.ManageStaff;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        var unit = await people.FindUnit(call, request.Unit, ct);
        if (unit.Refusal is { } unknown)
            return unknown;
        // A person of other units may get a role in ours; only what they hold elsewhere is out of reach.
        var person = await people.Find(call, request.Person, ct);
        if (person.Refusal is { } refusal && refusal != StaffRefusals.OutsideYourUnits)
            return refusal;
        if (await staff.Roles.AnyAsync(r => r.StaffId == request.Person && r.Role == request.Role && r.UnitId == unit.Value.Id, ct))
            return StaffRefusals.RoleHeld;
        staff.ActorId = call.Actor.Id;
        staff.Roles.Add(new StaffRole { StaffId = request.Person, Role = request.Role, UnitId = unit.Value.Id });
        await staff.SaveChangesAsync(ct);
        return await Commit(Done.It, ct);
    }
}
