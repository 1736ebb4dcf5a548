using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core.Procedures;

namespace Exeunt.App.Features.Cases;

/// <summary>Effect "step.follow-up": from here an appeal is open for the step's days; then the step is over by itself.</summary>
public sealed class FollowUpStep(AppDb db, CaseDesk desk) : IEffect
{
    /// <summary>Days when the procedure names none.</summary>
    public const int DefaultDays = 30;

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = (await desk.Find(effect.CaseId!.Value, call, ct))!;
        if (exit.StepOf(effect, StepKind.FollowUp) is not { } step)
            return EffectResult.Done;
        db.Enqueue(Effect.At(call.BusinessNow.AddDays(exit.Plan.Step(step).Days ?? DefaultDays), "step.follow-up-over", $"follow-up|{exit.Id:N}|{step}", new StepRef(step), exit.Id));
        return EffectResult.Done;
    }
}

/// <summary>Effect "step.follow-up-over".</summary>
public sealed class FollowUpOver(CaseDesk desk) : IEffect
{
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
