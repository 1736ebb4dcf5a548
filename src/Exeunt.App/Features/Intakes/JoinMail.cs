using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Intakes;

/// <summary>Says that a mail belongs to a case: its words become a message of the customer, its file a document of the case.</summary>
public sealed class JoinMail(AppDb db, MailWork work, CaseDesk desk) : UseCase<JoinMail.Request, JoinMail.Joined>(db)
{
    /// <param name="Case">The case's number.</param>
    public sealed record Request(Guid Id, string? Case);

    public sealed record Joined(Guid CaseId);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Joined>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.Set<InboundMail>().SingleOrDefaultAsync(m => m.Id == request.Id, ct) is not { } mail || await work.Open(mail, ct) is not { } sheet)
            return CommonRefusals.NotFound;
        if (mail.State is not (MailState.New or MailState.Automatic or MailState.NotApplication) || await work.File(mail, ct) is not { } file)
            return IntakeRefusals.Over;
        var number = request.Case?.Trim().ToUpperInvariant();
        if (await Db.Cases.AsNoTracking().Where(c => c.Number == number).Select(c => (Guid?)c.Id).SingleOrDefaultAsync(ct) is not { } id || await desk.Find(id, call, Needs, ct) is not { } exit)
            return IntakeRefusals.NoCase;
        if (exit.IsClosed)
            return CaseRefusals.Closed with { Field = "case" };
        await work.Join(exit, mail, sheet, file, call, ct);
        return await Commit(new Joined(id), ct);
    }
}
