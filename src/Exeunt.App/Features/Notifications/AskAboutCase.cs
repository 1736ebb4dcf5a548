using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Notifications;

/// <summary>Asks whoever has a case to say how it stands.</summary>
public sealed class AskAboutCase(AppDb db, CaseDesk desk) : UseCase<AskAboutCase.Request, Done>(db)
{
    public sealed record Request(Guid CaseId);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.IsClosed)
            return Core.Cases.CaseRefusals.Closed;
        if (exit.AssignedTo is not { } person)
            return Batches.BatchRefusals.NobodyToAsk;
        desk.Tell(person, NotificationKind.Asked, exit, call);
        Db.Audit(call, "case.asked", $"case:{exit.Id:N}");
        return await Commit(Done.It, ct);
    }
}
