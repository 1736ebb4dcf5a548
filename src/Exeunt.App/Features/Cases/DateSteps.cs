using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Platform;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>Effect "step.effective": the last service day is over, the case executes.</summary>
public sealed class EffectiveStep(AppDb db, CaseDesk desk) : IEffect
{
    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = (await desk.Find(effect.CaseId!.Value, call, ct))!;
        if (exit.StepOf(effect, StepKind.WaitUntilDate) is null || exit.ObjectionOpen || call.Today(exit.Zone!) <= exit.EffectiveOn)
            // Nothing to wait for any more, an objection comes first, or the day was moved to a later one.
            return EffectResult.Done;
        exit.ReachEffectiveDate();
        var contract = await db.Contracts.SingleAsync(c => c.Id == exit.ContractId, ct);
        contract.State = ContractState.Ended;
        contract.Version++;
        desk.Stage(exit, call);
        return EffectResult.Done;
    }
}

/// <summary>Effect "case.lapse": thirty days after receipt nobody has proven identity.</summary>
public sealed class LapseStep(AppDb db, CaseDesk desk) : IEffect
{
    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = (await desk.Find(effect.CaseId!.Value, call, ct))!;
        // What was declared on a legal page stays until people have found whose it is.
        if (exit.IsClosed || exit.HasCustomer || exit.Page is not null)
            return EffectResult.Done;
        exit.Lapse("identity-not-proven");
        desk.Stage(exit, call);
        db.Enqueue(Effect.At(call.BusinessNow.AddDays(30), "erase.intake", $"erase.intake|{exit.Id:N}", caseId: exit.Id));
        return EffectResult.Done;
    }
}
