using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Returns;

/// <summary>A person agrees to a return that neither law nor promise grants, or does not. What the law grants never comes here.</summary>
public sealed class DecideReturn(AppDb db, CaseDesk desk, ReturnCases cases, ReturnDesk returns, ReturnPolicies policies, CaseTexts texts, CaseLetters letters) : UseCase<DecideReturn.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, bool? Admit, string? Words);

    public override Permission Needs => Permission.DecideLines;

    protected override int Tries => 5;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await cases.Find(request.CaseId, call, Needs, ct) is not { } found)
            return CommonRefusals.NotFound;
        var exit = found.Case;
        if (request.Admit is not { } admit)
            return CommonRefusals.Required("admit");
        if (CommonRefusals.Unfit("words", request.Words, LeaveMessage.Max, out var unfit))
            return unfit;
        if (exit.Requesters.Split(' ').Contains(call.Actor.Id))
            return Core.Cases.CaseRefusals.OwnRequest;
        if (!exit.IsActive(Core.Procedures.StepKind.AdmitReturn))
            return exit.CannotRefuse() ?? Core.Cases.CaseRefusals.StepNotActive;
        var text = await texts.Stage(exit, "return", request.Words.Trim(), ct);
        if (!admit)
        {
            if (exit.Refuse("return-not-due", text) is { } not)
                return not;
            ReturnCases.ReleaseAll(found);
            await desk.CancelWaiting(exit.Id, ct);
            await letters.Mail(exit, call, "mail.return-refused", [exit.Number, request.Words.Trim()], [], ct);
        }
        else
        {
            var policy = await policies.Current(ct);
            DateOnly? sendBy = exit.ReturnComesBack ? call.Today(exit.Zone!).AddDays(policy.SendDays) : null;
            if (!exit.ReturnComesBack)
                await returns.StartClock(found.Return, found.Order, null, ct);
            if (exit.AdmitReturn(sendBy, text) is { } no)
                return no;
            found.Return.Version++;
            if (sendBy is not null)
                await letters.Mail(exit, call, "mail.return-admitted", [exit.Number, Texts.In(exit.Language).Date(sendBy.Value), policy.AddressOf(found.Order.Location).In(exit.Language), request.Words.Trim()],
                    [await returns.Slip(exit, found.Return, found.Order, policy, call, ct)], ct);
        }
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
