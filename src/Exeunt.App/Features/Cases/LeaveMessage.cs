using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;

namespace Exeunt.App.Features.Cases;

/// <summary>A message from the customer to the people of the case.</summary>
public sealed class LeaveMessage(AppDb db, CaseDesk desk, CaseTexts texts) : UseCase<LeaveMessage.Request, Done>(db)
{
    public const int Max = 2000;

    public sealed record Request(Guid CaseId, string? Words);

    public override Permission Needs => Permission.CustomerOfCase;

    protected override int Tries => CaseDesk.OwnWordsTries;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.FindOwn(request.CaseId, call, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.IsClosed)
            return CaseRefusals.Closed;
        if (CommonRefusals.Unfit("words", request.Words, Max, out var unfit))
            return unfit;
        exit.LeaveMessage(await texts.Stage(exit, "message", request.Words.Trim(), ct), fromCustomer: true);
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
