using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
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

/// <summary>Effect "dispute.deadline-near": a week before a deadline the people of the case see it.</summary>
public sealed class DeadlineNear(AppDb db) : IEffect
{
    public const string Kind = "dispute.deadline-near";
    public const int Days = 7;

    public sealed record What(Guid Id);

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var deadline = await db.Set<DisputeDeadline>().SingleOrDefaultAsync(d => d.Id == effect.Read<What>().Id, ct);
        if (deadline is not { DoneAt: null, RemindedAt: null })
            return EffectResult.Done;
        deadline.RemindedAt = call.BusinessNow;
        deadline.Version++;
        db.Audit(call, "dispute.deadline-near", $"case:{deadline.CaseId:N}", new { deadline = deadline.Id });
        return EffectResult.Done;
    }
}

/// <summary>Deadlines that are near and not met, for those who handle disputes.</summary>
public sealed class DisputesToday(AppDb db, CaseDesk desk) : ITodaySource
{
    public async Task<IReadOnlyList<TodayItem>> For(Call call, CancellationToken ct)
    {
        if (!call.Actor.Allows(Permission.HandleDisputes))
            return [];
        var t = Texts.In(call.Language);
        var near = await db.Set<DisputeDeadline>().AsNoTracking().Where(d => d.DoneAt == null && d.RemindedAt != null)
            .Join(desk.Visible(call, Permission.HandleDisputes), d => d.CaseId, c => c.Id, (d, c) => new { d.Kind, d.DueOn, c.Id, c.Number })
            .OrderBy(d => d.DueOn).ThenBy(d => d.Number).Take(50).ToListAsync(ct);
        return [.. near.Select(d => new TodayItem(t["dispute.today", d.Number, t.Of("dispute.deadline", d.Kind)], $"/cases/{d.Id}#disputes", d.DueOn, TodayKind.Waiting))];
    }
}
