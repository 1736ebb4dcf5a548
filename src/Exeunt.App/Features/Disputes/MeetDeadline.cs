using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Disputes;

/// <summary>A deadline was met.</summary>
public sealed class MeetDeadline(AppDb db, CaseDesk desk) : UseCase<MeetDeadline.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, Guid DeadlineId);

    public override Permission Needs => Permission.HandleDisputes;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit
            || await Db.Set<DisputeDeadline>().SingleOrDefaultAsync(d => d.Id == request.DeadlineId && d.CaseId == exit.Id, ct) is not { } deadline)
            return CommonRefusals.NotFound;
        if (deadline.DoneAt is not null)
            return DisputeRefusals.DeadlineDone;
        (deadline.DoneBy, deadline.DoneAt) = (call.Actor.Id, call.Now);
        deadline.Version++;
        Db.Audit(call, "dispute.deadline-met", $"case:{exit.Id:N}", new { deadline = deadline.Id });
        return await Commit(Done.It, ct);
    }
}
