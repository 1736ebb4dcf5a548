using System.Net.Mail;
using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.AspNetCore.Identity;

namespace Exeunt.App.Features.Staff;

/// <summary>Adds a person with a first role; the answer is the one-time link, shown once.</summary>
public sealed class InvitePerson(AppDb db, StaffDb staff, UserManager<StaffMember> users, OneTimeLinks links, People people)
    : UseCase<InvitePerson.Request, Invitation>(db)
{
    /// <param name="Unit">The unit's code.</param>
    public sealed record Request(string? Mail, string? Name, Role Role, string? Unit);

    public override Permission Needs => Permission.ManageStaff;

    protected override async Task<Outcome<Invitation>> Handle(Call call, Request request, CancellationToken ct)
    {
        var mail = request.Mail?.Trim() ?? "";
        if (mail.Length > 256 || !MailAddress.TryCreate(mail, out var address) || address.Address != mail)
            return StaffRefusals.MailInvalid;
        var name = request.Name?.Trim() is { Length: > 0 } given ? given : address.User;
        if (name.Length > StaffRefusals.MaxName)
            return CommonRefusals.TooLong("name", StaffRefusals.MaxName);
        if (OneLine.IsBroken(name))
            return CommonRefusals.Unreadable("name");
        var unit = await people.FindUnit(call, request.Unit, ct);
        if (unit.Refusal is { } refusal)
            return refusal;
        if (await users.FindByEmailAsync(mail) is not null)
            return StaffRefusals.MailTaken;

        staff.ActorId = call.Actor.Id;
        var member = new StaffMember { Id = Guid.CreateVersion7(), UserName = mail, Email = mail, DisplayName = name, Language = call.Language };
        staff.Roles.Add(new StaffRole { StaffId = member.Id, Role = request.Role, UnitId = unit.Value.Id });
        var invitation = await links.Issue(member, ct);
        // Saves the role and the link in the same transaction.
        return (await users.CreateAsync(member)).Succeeded ? invitation : StaffRefusals.MailInvalid;
    }
}
