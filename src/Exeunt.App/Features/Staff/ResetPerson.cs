using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.AspNetCore.Identity;

namespace Exeunt.App.Features.Staff;

/// <summary>Takes a person's password and second factor and ends the sessions; the answer is a new one-time link, shown once.</summary>
public sealed class ResetPerson(AppDb db, StaffDb staff, UserManager<StaffMember> users, OneTimeLinks links, People people)
    : UseCase<ResetPerson.Request, Invitation>(db)
{
    public sealed record Request(Guid Person);

    public override Permission Needs => Permission.ManageStaff;

    protected override async Task<Outcome<Invitation>> Handle(Call call, Request request, CancellationToken ct)
    {
        var person = await people.Find(call, request.Person, ct);
        if (person.Refusal is { } refusal)
            return refusal;
        var member = person.Value;
        staff.ActorId = call.Actor.Id;
        member.PasswordHash = null;
        member.TwoFactorEnabled = false;
        member.LockoutEnd = null;
        member.AccessFailedCount = 0;
        var invitation = await links.Issue(member, ct);
        await users.UpdateSecurityStampAsync(member);
        await Account.ForgetSecondFactor(users, member);
        return invitation;
    }
}
