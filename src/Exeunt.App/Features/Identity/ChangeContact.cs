using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Identity;

/// <summary>The customer gives another mail address or phone number.</summary>
public sealed class ChangeContact(AppDb db, DetailsDesk details) : UseCase<ChangeContact.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, string? Mail, string? Phone);

    public override Permission Needs => Permission.CustomerOfCase;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (call.Actor.IsOfAnotherCase(request.CaseId))
            return CommonRefusals.NotFound;
        var (mail, phone) = (request.Mail?.Trim() is { Length: > 0 } m ? m : null, request.Phone?.Trim() is { Length: > 0 } p ? p : null);
        if (mail is null && phone is null || mail is { } a && (a.Length > Intake.MaxContact || !Spelling.IsAddress(a))
            || phone is { } n && (n.Length > Intake.MaxContact || !Spelling.IsPhone(n)))
            return IdentityRefusals.NoContact;
        return await details.Stage(request.CaseId, DetailKind.Contact, new CustomerContact(mail, phone, null), call, ct) is { } no ? no : await Commit(Done.It, ct);
    }
}
