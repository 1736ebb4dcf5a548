using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Staff;

/// <summary>Takes a role for a unit from a person; it is gone with the person's next request.</summary>
public sealed class WithdrawRole(AppDb db, StaffDb staff, People people) : UseCase<WithdrawRole.Request, Done>(db)
{
    /// <param name="Unit">The unit's code.</param>
    public sealed record Request(Guid Person, Role Role, string Unit);

    public override Permission Needs => Permission.ManageStaff;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        var unit = await people.FindUnit(call, request.Unit, ct);
        if (unit.Refusal is { } unknown)
            return unknown;
        if (StaffDirectory.GuidOf(call.Actor.Id) == request.Person)
            return StaffRefusals.NotYourself;
        if (await staff.Roles.SingleOrDefaultAsync(r => r.StaffId == request.Person && r.Role == request.Role && r.UnitId == unit.Value.Id, ct) is not { } role)
            return CommonRefusals.NotFound;
        staff.ActorId = call.Actor.Id;
        staff.Roles.Remove(role);
        await staff.SaveChangesAsync(ct);
        return await Commit(Done.It, ct);
    }
}
