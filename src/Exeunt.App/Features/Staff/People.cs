using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Staff;

/// <summary>Finds the people and units an administrator may act on: roles and their units decide, never the list on a page.</summary>
public sealed class People(AppDb db, StaffDb staff)
{
    /// <summary>
    /// A person the actor administers: every role held lies in the actor's units (else a branch's administrator could reset
    /// head office's), and it is not the actor.
    /// </summary>
    public async Task<Outcome<StaffMember>> Find(Call call, Guid id, CancellationToken ct)
    {
        if (await staff.Users.SingleOrDefaultAsync(m => m.Id == id, ct) is not { } member)
            return CommonRefusals.NotFound;
        if (StaffDirectory.GuidOf(call.Actor.Id) == id)
            return StaffRefusals.NotYourself;
        var unitIds = await staff.Roles.AsNoTracking().Where(r => r.StaffId == id).Select(r => r.UnitId).Distinct().ToListAsync(ct);
        var paths = await db.Units.AsNoTracking().Where(u => unitIds.Contains(u.Id)).Select(u => u.Path).ToListAsync(ct);
        return paths.All(p => call.Actor.Allows(Permission.ManageStaff, p)) ? member : StaffRefusals.OutsideYourUnits;
    }

    /// <summary>A unit among the actor's, by its code.</summary>
    public async Task<Outcome<Units.Unit>> FindUnit(Call call, string? code, CancellationToken ct)
    {
        var wanted = code?.Trim() ?? "";
        var unit = await db.Units.AsNoTracking().SingleOrDefaultAsync(u => u.Code == wanted, ct);
        return unit is not null && call.Actor.Allows(Permission.ManageStaff, unit.Path) ? unit : StaffRefusals.UnknownUnit(wanted);
    }
}
