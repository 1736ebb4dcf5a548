using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core.Procedures;

namespace Exeunt.App.Features.Cases;

/// <summary>Effect "step.formalities": a procedure without items has none to wait for.</summary>
public sealed class FormalitiesStep(CaseDesk desk) : IEffect
{
    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = (await desk.Find(effect.CaseId!.Value, call, ct))!;
        if (exit.StepOf(effect, StepKind.Formalities) is { } step && exit.Plan.Step(step).Items.Count == 0)
        {
            exit.Skip(step, "nothing-to-do");
            desk.Stage(exit, call);
        }
        return EffectResult.Done;
    }
}
