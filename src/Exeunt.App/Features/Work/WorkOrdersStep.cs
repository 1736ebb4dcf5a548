using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;

namespace Exeunt.App.Features.Work;

/// <summary>Effect "step.work-orders": asks the departments to stop service, access and billing, due in two days.</summary>
public sealed class WorkOrdersStep(AppDb db, CaseDesk desk) : IEffect
{
    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = (await desk.Find(effect.CaseId!.Value, call, ct))!;
        if (exit.IsClosed || !exit.IsActive(StepKind.WorkOrders))
            return EffectResult.Done;
        foreach (var task in new[] { WorkTask.StopService, WorkTask.RevokeAccess, WorkTask.StopBilling })
            db.WorkOrders.Add(new WorkOrder { Id = Guid.CreateVersion7(), CaseId = exit.Id, Task = task, DueOn = call.Today(exit.Zone!).AddDays(2), CreatedAt = call.Now });
        db.Audit(call, "work.ordered", $"case:{exit.Id:N}");
        return EffectResult.Done;
    }
}
