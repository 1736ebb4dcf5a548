using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Intakes;

/// <summary>Says with a reason that a mail is no application; it is forgotten a month later, and until then can still become one.</summary>
public sealed class DismissMail(AppDb db, MailWork work) : UseCase<DismissMail.Request, Done>(db)
{
    /// <param name="Reason">One of <see cref="Reasons"/>.</param>
    public sealed record Request(Guid Id, string? Reason);

    public static readonly string[] Reasons = ["only-asks", "other-matter", "advertising", "not-a-customer", "double"];

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.Set<InboundMail>().SingleOrDefaultAsync(m => m.Id == request.Id, ct) is not { } mail || mail.Data is null)
            return CommonRefusals.NotFound;
        if (mail.State is not (MailState.New or MailState.Automatic))
            return IntakeRefusals.Over;
        if (!Reasons.Contains(request.Reason))
            return IntakeRefusals.Reason;
        await work.Settle(mail, MailState.NotApplication, null, request.Reason, call, ct);
        Db.Enqueue(ForgetIntake.Of(mail.Subject, mail.Version, call));
        return await Commit(Done.It, ct);
    }
}
