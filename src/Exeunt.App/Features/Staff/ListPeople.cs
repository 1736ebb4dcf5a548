using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Staff;

/// <summary>A role somebody holds, with the unit in both languages.</summary>
public sealed record HeldRole(Role Role, int UnitId, string UnitCode, string English, string Chinese);

/// <param name="Customers">How many customers the person looks after.</param>
public sealed record Person(
    Guid Id,
    string Mail,
    string Name,
    bool IsDemo,
    bool IsDisabled,
    bool HasPassword,
    bool HasSecondFactor,
    IReadOnlyList<HeldRole> Roles,
    int Customers = 0
);

/// <summary>The people of the caller's units, those without any role among them, by name.</summary>
public sealed class ListPeople(AppDb db, StaffDb staff) : UseCase<ListPeople.Request, IReadOnlyList<Person>>(db)
{
    public const int Max = 1000;

    public sealed record Request;

    public override Permission Needs => Permission.ManageStaff;

    protected override async Task<Outcome<IReadOnlyList<Person>>> Handle(Call call, Request request, CancellationToken ct)
    {
        var units = await Db.Units.AsNoTracking().ToDictionaryAsync(u => u.Id, ct);
        var roles = (await staff.Roles.AsNoTracking().ToListAsync(ct)).Where(r => units.ContainsKey(r.UnitId)).ToLookup(r => r.StaffId);
        var members = await staff.Users.AsNoTracking().OrderBy(m => m.DisplayName).ThenBy(m => m.Id).Take(Max).ToListAsync(ct);
        var owned = await Db.Customers.AsNoTracking().Where(c => c.OwnerId != null && c.ErasedAt == null).GroupBy(c => c.OwnerId!.Value).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        return (Person[])[.. members
            .Where(m => !roles.Contains(m.Id) || roles[m.Id].Any(r => call.Actor.Allows(Needs, units[r.UnitId].Path)))
            .Select(m => new Person(m.Id, m.Email!, m.DisplayName, m.IsDemo, m.IsDisabled, m.PasswordHash is not null, m.TwoFactorEnabled,
                [.. roles[m.Id].OrderBy(r => r.Role).ThenBy(r => units[r.UnitId].Path).Select(r => new HeldRole(r.Role, r.UnitId, units[r.UnitId].Code, units[r.UnitId].English, units[r.UnitId].Chinese))], owned.GetValueOrDefault(m.Id)))];
    }
}
