using Exeunt.App.Data;
using Exeunt.App.Features.ChurnDefinitions;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Exeunt.Core.Churn;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>Effect "step.effective": the last service day is over, the case executes.</summary>
public sealed class EffectiveStep(AppDb db, CaseDesk desk) : IEffect
{
    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = (await desk.Find(effect.CaseId!.Value, call, ct))!;
        if (exit.StepOf(effect, StepKind.WaitUntilDate) is not { } step || exit.IsStopped(step) || exit.ObjectionOpen || (call.Today(exit.Zone!) <= exit.EffectiveOn && !exit.EndsAtOnce))
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

/// <summary>Effect "step.period": a period begins; it ends by itself after its last day.</summary>
public sealed class PeriodStep(AppDb db, CaseDesk desk) : IEffect
{
    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = (await desk.Find(effect.CaseId!.Value, call, ct))!;
        if (exit.StepOf(effect, StepKind.Period) is not { } step)
            return EffectResult.Done;
        var due = await db.Contracts.AsNoTracking().Where(c => c.Id == exit.ContractId).Select(c => c.UnpaidDueOn).SingleAsync(ct);
        var last = exit.Plan.Step(step).PeriodEnds(Clocks.DateIn(exit.Step(step).StartedAt!.Value, exit.Zone!), due, exit.EffectiveOn);
        db.Enqueue(Effect.At(Clocks.StartOf(last.AddDays(1), exit.Zone!), PeriodEnds.Kind, $"{PeriodEnds.Kind}|{exit.Id:N}|{step}", new StepRef(step), exit.Id));
        return EffectResult.Done;
    }
}

/// <summary>Effect "step.period-over": the last day of a period is over. A case for arrears that were paid meanwhile turns back.</summary>
public sealed class PeriodEnds(CaseDesk desk, Offboarding.ArrearsPaid arrears) : IEffect
{
    public const string Kind = "step.period-over";

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = (await desk.Find(effect.CaseId!.Value, call, ct))!;
        if (exit.StepOf(effect, StepKind.Period) is not { } step)
            return EffectResult.Done;
        if (!await arrears.TurnsBack(exit, call, ct))
            exit.Finish(step, null);
        desk.Stage(exit, call);
        return EffectResult.Done;
    }
}

/// <summary>Effect "step.auto-check": looks at what the items of the step name.</summary>
public sealed class AutoCheckStep(AppDb db, CaseDesk desk) : IEffect
{
    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = (await desk.Find(effect.CaseId!.Value, call, ct))!;
        if (exit.StepOf(effect, StepKind.AutoCheck) is not { } step)
            return EffectResult.Done;
        var found = new List<string>();
        foreach (var item in exit.Plan.Step(step).Items)
            if (await IsFound(item.Code, exit, call.Today(exit.Zone!), ct))
                found.Add(item.Code);
        exit.RunCheck(step, found);
        desk.Stage(exit, call);
        return EffectResult.Done;
    }

    private async Task<bool> Has(ExitCase exit, PolicyRight right, CancellationToken ct) =>
        (await db.Contracts.AsNoTracking().Where(c => c.Id == exit.ContractId).Select(c => c.Rights).SingleAsync(ct)).HasFlag(right);

    /// <summary>The customer's state by its closed months; a contract in term excludes nobody here, since it is the contract that is asked about.</summary>
    private async Task<ChurnState> StateOf(ExitCase exit, DateOnly today, CancellationToken ct)
    {
        if (await db.Activity.AsNoTracking().Where(a => a.CustomerId == exit.CustomerId).Select(a => a.Months).SingleOrDefaultAsync(ct) is not { } months)
            return ChurnState.Prospect;
        var by = await ThresholdsOf(exit.CustomerId!.Value, today, ct);
        return ChurnStatus.Of(months, today, by: by).State;
    }

    private async Task<ChurnThresholds> ThresholdsOf(long customer, DateOnly today, CancellationToken ct)
    {
        var known = await db.Customers.AsNoTracking().Where(c => c.Id == customer).Select(c => new { c.UnitId, c.Industry, c.Kind }).SingleAsync(ct);
        return (await ChurnBook.Compiled(db, today, ct)).Of(known.UnitId, known.Industry, known.Kind == Customers.CustomerKind.Organisation);
    }

    private async Task<bool> IsFound(string code, ExitCase exit, DateOnly today, CancellationToken ct) => code switch
    {
        AutomaticCheck.Arrears => await db.Contracts.AsNoTracking().AnyAsync(c => c.Id == exit.ContractId && c.Unpaid > 0, ct),
        AutomaticCheck.Disputes => exit.IsDisputed || exit.OpenAppealId is not null
            || await db.Cases.AsNoTracking().AnyAsync(c => c.ContractId == exit.ContractId && c.Id != exit.Id && c.State != CaseState.Closed && (c.Disputes > 0 || c.OpenAppealId != null), ct),
        // What an accepted offer or an earlier ending promised and nobody has delivered yet.
        AutomaticCheck.OpenOrders => await db.WorkOrders.AsNoTracking().AnyAsync(w => w.DoneAt == null && w.CaseId != exit.Id && db.Cases.Any(c => c.Id == w.CaseId && c.CustomerId == exit.CustomerId), ct),
        AutomaticCheck.Holds => exit.HoldsMoney,
        AutomaticCheck.OnNet => await db.Contracts.AsNoTracking().AnyAsync(c => c.Id == exit.ContractId && c.StartOn > today.AddDays(-AutomaticCheck.OnNetDays), ct),
        AutomaticCheck.IrrevocableBeneficiary => await Has(exit, PolicyRight.Irrevocable, ct),
        AutomaticCheck.Pledge => await Has(exit, PolicyRight.Pledged, ct),
        AutomaticCheck.InsuredTold => await Has(exit, PolicyRight.OtherInsured, ct) || await Has(exit, PolicyRight.Beneficiary, ct) || await Has(exit, PolicyRight.Irrevocable, ct),
        AutomaticCheck.Borderline => await StateOf(exit, today, ct) == ChurnState.Borderline,
        AutomaticCheck.LostByMonths => await StateOf(exit, today, ct) == ChurnState.Churned,
        AutomaticCheck.Reviews => await db.Reviews.AsNoTracking().AnyAsync(r => r.CaseId == exit.Id && r.ClosedAt == null, ct),
        // Not a check of this version: people look at it.
        _ => true,
    };
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
