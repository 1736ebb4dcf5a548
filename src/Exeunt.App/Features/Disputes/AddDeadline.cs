using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Disputes;

/// <summary>Notes a date that counts in a dispute; it comes to today's page from a week before.</summary>
public sealed class AddDeadline(AppDb db, CaseDesk desk) : UseCase<AddDeadline.Request, AddDeadline.Added>(db)
{
    public sealed record Request(Guid CaseId, Guid DisputeId, DeadlineKind? Kind, DateOnly? DueOn);

    public sealed record Added(Guid DeadlineId);

    public override Permission Needs => Permission.HandleDisputes;

    protected override async Task<Outcome<Added>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit
            || await Db.Set<Dispute>().AsNoTracking().SingleOrDefaultAsync(d => d.Id == request.DisputeId && d.CaseId == exit.Id, ct) is not { } dispute)
            return CommonRefusals.NotFound;
        if (dispute.Result is not null)
            return DisputeRefusals.ClosedAlready;
        if (request.Kind is not { } kind || !Enum.IsDefined(kind))
            return CommonRefusals.Required("kind");
        if (request.DueOn is not { } due)
            return CommonRefusals.Required("dueOn");
        var today = call.Today(exit.Zone!);
        if (due < today || due > today.AddYears(10))
            return DisputeRefusals.DeadlinePast;
        var deadline = new DisputeDeadline { Id = Guid.CreateVersion7(), DisputeId = dispute.Id, CaseId = exit.Id, Kind = kind, DueOn = due, AddedBy = call.Actor.Id };
        Db.Add(deadline);
        Db.Enqueue(Effect.At(Clocks.StartOf(due.AddDays(-DeadlineNear.Days), exit.Zone!), DeadlineNear.Kind, $"{DeadlineNear.Kind}|{deadline.Id:N}", new DeadlineNear.What(deadline.Id), exit.Id));
        Db.Audit(call, "dispute.deadline-added", $"case:{exit.Id:N}", new { dispute = dispute.Id, kind, due });
        return await Commit(new Added(deadline.Id), ct);
    }
}
