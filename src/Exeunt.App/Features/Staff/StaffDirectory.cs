using System.Security.Claims;
using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Staff;

/// <summary>
/// Turns a signed-in principal into an actor, with the roles it has now: a dismissed or changed person loses them with the
/// next request.
/// </summary>
public sealed class StaffDirectory(StaffDb staff, AppDb db, Storage storage)
{
    public async Task Identify(HttpContext context, Caller caller)
    {
        var ct = context.RequestAborted;
        if (!Guid.TryParse(context.User.FindFirstValue(ClaimTypes.NameIdentifier), out var id))
            return;
        var member = await staff.Users.AsNoTracking().SingleOrDefaultAsync(m => m.Id == id, ct);
        var stamp = context.User.FindFirstValue("AspNet.Identity.SecurityStamp");
        if (member is null || member.IsDisabled || (member.IsDemo && !storage.Options.IsLoopback) || stamp != member.SecurityStamp)
            return;
        caller.Staff = member;
        caller.Actor = await ActorOf(member.Id, ct);
        staff.ActorId = caller.Actor.Id;
    }

    /// <summary>The actor for a member of staff, with the roles they have now; a disabled one has none.</summary>
    public async Task<Actor> ActorOf(Guid id, CancellationToken ct)
    {
        var roles = await staff.Roles.AsNoTracking().Where(r => r.StaffId == id && staff.Users.Any(m => m.Id == id && !m.IsDisabled)).Join(staff.Units, r => r.UnitId, u => u.Id, (r, u) => new { r.Role, u.Path }).ToListAsync(ct);
        return new Actor(ActorKind.Staff, IdOf(id), [.. roles.Select(r => new RoleAssignment(r.Role, r.Path))]);
    }

    /// <summary>A person who may do something.</summary>
    public sealed record Holder(Guid Id, string Name);

    /// <summary>Who holds a permission for the unit with this path (through a role there or above), by name; at most 200.</summary>
    public async Task<IReadOnlyList<Holder>> Holders(Permission permission, string unitPath, CancellationToken ct)
    {
        var wanted = Permissions.RolesWith(permission).ToList();
        var roles = await staff.Roles.AsNoTracking().Where(r => wanted.Contains(r.Role)).ToListAsync(ct);
        var paths = await db.Units.AsNoTracking().ToDictionaryAsync(u => u.Id, u => u.Path, ct);
        var ids = roles.Where(r => paths.TryGetValue(r.UnitId, out var path) && (unitPath.StartsWith(path, StringComparison.Ordinal) || unitPath.Length == 0))
            .Select(r => r.StaffId).Distinct().ToList();
        return await staff.Users.AsNoTracking().Where(m => ids.Contains(m.Id) && !m.IsDisabled).OrderBy(m => m.DisplayName).Take(200)
            .Select(m => new Holder(m.Id, m.DisplayName)).ToListAsync(ct);
    }

    /// <summary>The actor id of a member of staff, as it stands in the audit log and in case events.</summary>
    public static string IdOf(Guid id) => $"staff:{id:N}";

    /// <summary>The member's id in an actor id; null when the actor is not staff.</summary>
    public static Guid? GuidOf(string actorId) =>
        actorId.StartsWith("staff:", StringComparison.Ordinal) && Guid.TryParseExact(actorId[6..], "N", out var id) ? id : null;

    /// <summary>Display names of actor ids, for histories ("staff:…" → name; others are left out).</summary>
    public async Task<Dictionary<string, string>> Names(IEnumerable<string> actorIds, CancellationToken ct)
    {
        var ids = actorIds.Select(GuidOf).OfType<Guid>().Distinct().ToList();
        return await staff.Users.AsNoTracking().Where(m => ids.Contains(m.Id)).ToDictionaryAsync(m => IdOf(m.Id), m => m.DisplayName, ct);
    }
}
