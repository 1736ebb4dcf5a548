using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.FollowUps;

/// <summary>A follow-up is done.</summary>
public sealed class FinishFollowUp(AppDb db, CaseDesk desk) : UseCase<FinishFollowUp.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, Guid TaskId);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit
            || await Db.Set<FollowUpTask>().SingleOrDefaultAsync(t => t.Id == request.TaskId && t.CaseId == exit.Id, ct) is not { } task)
            return CommonRefusals.NotFound;
        if (task.DoneAt is not null)
            return FollowUpRefusals.DoneAlready;
        (task.DoneBy, task.DoneAt) = (call.Actor.Id, call.Now);
        task.Version++;
        Db.Audit(call, "follow-up.done", $"case:{exit.Id:N}", new { task = task.Id });
        return await Commit(Done.It, ct);
    }
}
