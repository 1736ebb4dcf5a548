using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Intakes;

/// <summary>Makes a mail an application, by a person's word; the statutory clock starts when the mail arrived.</summary>
public sealed class ApplyFromMail(AppDb db, MailWork work, Receiving receiving) : UseCase<ApplyFromMail.Request, ApplyFromMail.Made>(db)
{
    /// <param name="Contact">Null: the sender's address.</param>
    public sealed record Request(Guid Id, string? ContractNumber, string? Name = null, string? Contact = null, DateOnly? EndsOn = null, string? Reason = null);

    public sealed record Made(Guid CaseId, string Number);

    public override Permission Needs => Permission.HandleCases;

    protected override int Tries => Receiving.Tries;

    protected override async Task<Outcome<Made>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.Set<InboundMail>().SingleOrDefaultAsync(m => m.Id == request.Id, ct) is not { } mail || await work.Open(mail, ct) is not { } sheet)
            return CommonRefusals.NotFound;
        if (mail.State is not (MailState.New or MailState.Automatic or MailState.NotApplication) || await work.File(mail, ct) is not { } file)
            return IntakeRefusals.Over;
        var contact = string.IsNullOrWhiteSpace(request.Contact) ? sheet.From : request.Contact;
        if (contact is null)
            return IntakeRefusals.NoSender;
        var own = call with { Language = sheet.Wish.Language };
        var typed = await receiving.Read(own, request.ContractNumber, string.IsNullOrWhiteSpace(request.Name) ? MailWork.NameOf(sheet) : request.Name, contact, request.EndsOn, request.Reason, MailWork.WordsOf(sheet), ct);
        if (typed.Refusal is { } no)
            return no;
        var begun = await work.Apply(mail, sheet, file, typed.Value, own, ct);
        return await Commit(new Made(begun.Exit.Id, begun.Exit.Number), ct);
    }
}
