using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core.Procedures;

namespace Exeunt.App.Features.Work;

/// <summary>
/// Effects "step.work-orders", "step.wind-down" and "step.hand-over": ask departments and systems for the step's tasks. A step without
/// any is over at once, but for winding down.
/// </summary>
public sealed class WorkOrdersStep(AppDb db, CaseDesk desk) : IEffect
{
    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = (await desk.Find(effect.CaseId!.Value, call, ct))!;
        if (exit.StepOf(effect, StepKind.WorkOrders) is not { } step)
            return EffectResult.Done;
        var tasks = exit.Plan.Step(step).Tasks;
        foreach (var task in tasks)
        {
            var order = WorkOrder.Of(exit, step, task, call.Today(exit.Zone!), call.Now);
            db.WorkOrders.Add(order);
            if (order.System is not null)
                db.Enqueue(SendWork.Of(order, call));
        }
        db.Audit(call, "work.ordered", $"case:{exit.Id:N}", new { step, tasks.Count });
        // The open orders of a wind-down are people's, and a person ends it.
        if (tasks.Count == 0 && exit.Step(step).Kind != StepKind.WindDown)
        {
            exit.Skip(step, "nothing-to-do");
            desk.Stage(exit, call);
        }
        return EffectResult.Done;
    }
}
