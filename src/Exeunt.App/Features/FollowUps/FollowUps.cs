using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Procedures;

namespace Exeunt.App.Features.FollowUps;

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
