using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Identity;

/// <summary>Refuses an application with a ground: not the customer, not authorised, no right to end now.</summary>
public sealed class RefuseCase(AppDb db, CaseDesk desk, CaseTexts texts, Ending ending, CaseLetters letters) : UseCase<RefuseCase.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, string? Ground, string? Words);

    public static readonly string[] Grounds = ["not-authorised", "not-the-customer", "no-right-to-end"];

    public override Permission Needs => Permission.AssignCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.CannotRefuse() is { } not)
            return not;
        if (exit.OrderId is not null)
            return Returns.ReturnRefusals.DecideThere;
        if (!Grounds.Contains(request.Ground))
            return CommonRefusals.Required("ground");
        if (CommonRefusals.Unfit("words", request.Words, LeaveMessage.Max, out var unfit))
            return unfit;
        var text = await texts.Stage(exit, "refusal", request.Words.Trim(), ct);
        if (exit.Refuse(request.Ground!, text) is { } no)
            return no;
        if (exit.ContractId is not null)
        {
            await ending.Restore(exit, ct);
            await letters.Mail(exit, call, "mail.refused", [exit.Number, Texts.In(exit.Language)["desk.refused." + request.Ground], request.Words.Trim()], [], ct);
        }
        else
            await desk.CancelWaiting(exit.Id, ct);
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
