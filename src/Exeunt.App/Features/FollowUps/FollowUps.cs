using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.FollowUps;

/// <summary>Puts down something to be done for a former customer while the follow-up runs: help to move, a call, a corrected paper.</summary>
public sealed class AddFollowUp(AppDb db, CaseDesk desk, CaseTexts texts) : UseCase<AddFollowUp.Request, AddFollowUp.Added>(db)
{
    public const int MaxWords = 1000;

    public sealed record Request(Guid CaseId, string? Words, DateOnly? DueOn);

    public sealed record Added(Guid TaskId);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Added>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (!exit.IsActive(StepKind.FollowUp))
            return exit.IsClosed ? CaseRefusals.Closed : CaseRefusals.StepNotActive;
        if (string.IsNullOrWhiteSpace(request.Words))
            return CommonRefusals.Required("words");
        if (request.Words.Length > MaxWords)
            return CommonRefusals.TooLong("words", MaxWords);
        var today = call.Today(exit.Zone!);
        if (request.DueOn is not { } due || due < today || due > today.AddDays(180))
            return FollowUpRefusals.Due;
        var task = new FollowUpTask
        {
            Id = Guid.CreateVersion7(), CaseId = exit.Id, TextId = await texts.StageUntilClosed(exit, "follow-up", request.Words.Trim(), ct), DueOn = due, AddedBy = call.Actor.Id, AddedAt = call.Now,
        };
        Db.Add(task);
        Db.Audit(call, "follow-up.added", $"case:{exit.Id:N}", new { task = task.Id, due });
        return await Commit(new Added(task.Id), ct);
    }
}

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

/// <summary>The customer wants to be forgotten now: survey and follow-up are over, and with the case's end the addresses go.</summary>
public sealed class ForgetMe(AppDb db, CaseDesk desk) : UseCase<ForgetMe.Request, Done>(db)
{
    public sealed record Request(Guid CaseId);

    public override Permission Needs => Permission.CustomerOfCase;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.FindOwn(request.CaseId, call, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.EndAftercare() is { } no)
            return no;
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}

/// <summary>Effect "step.follow-up": the follow-up begins; it ends by itself after the step's days.</summary>
public sealed class FollowUpStep(AppDb db, CaseDesk desk) : IEffect
{
    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = (await desk.Find(effect.CaseId!.Value, call, ct))!;
        if (exit.StepOf(effect, StepKind.FollowUp) is not { } step)
            return EffectResult.Done;
        db.Enqueue(Effect.At(call.BusinessNow.AddDays(exit.Plan.Step(step).Days ?? 30), FollowUpEnds.Kind, $"{FollowUpEnds.Kind}|{exit.Id:N}|{step}", new StepRef(step), exit.Id));
        return EffectResult.Done;
    }
}

/// <summary>Effect "follow-up.ends": the time of the follow-up is over; an open appeal still keeps the case open.</summary>
public sealed class FollowUpEnds(CaseDesk desk) : IEffect
{
    public const string Kind = "step.follow-up-over";

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = (await desk.Find(effect.CaseId!.Value, call, ct))!;
        if (exit.StepOf(effect, StepKind.FollowUp) is not { } step)
            return EffectResult.Done;
        exit.Finish(step, null);
        desk.Stage(exit, call);
        return EffectResult.Done;
    }
}

public static class FollowUpRefusals
{
    public static readonly Refusal Due = new(RefusalKind.Invalid, "follow-up.due",
        "The date lies between today and 180 days from now.", "日期须在今天起 180 天内。", Field: "dueOn");

    public static readonly Refusal DoneAlready = new(RefusalKind.Conflict, "follow-up.done-already", "This is done already.", "该事项已完成。");
}
