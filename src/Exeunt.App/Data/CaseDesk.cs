using System.Text.Json;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Today;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Data;

/// <summary>
/// Loads a case and stages what its commands raised: events, audit entries, and an effect for every automatic step that
/// started. The caller saves, so that case, events, audit and effects are one transaction.
/// </summary>
public sealed class CaseDesk(AppDb db)
{
    /// <summary>The kind of effect that carries out a step, for steps that are not people's.</summary>
    private static readonly Dictionary<StepKind, string> Automatic = new()
    {
        [StepKind.Settle] = "step.settle",
        [StepKind.Archive] = "step.archive",
        [StepKind.WorkOrders] = "step.work-orders",
        [StepKind.Notify] = "step.notify",
        [StepKind.OrderMoney] = "step.order-money",
        [StepKind.Certify] = "step.certify",
        [StepKind.Survey] = "step.survey",
        [StepKind.Reconcile] = "step.reconcile",
        [StepKind.Erase] = "step.erase",
    };

    /// <summary>A case by id, tracked, ready for a command by this caller; null when there is none.</summary>
    public async Task<ExitCase?> Find(Guid id, Call call, CancellationToken ct)
    {
        if (await db.Cases.SingleOrDefaultAsync(c => c.Id == id, ct) is not { } exit)
            return null;
        // Beside the case, so that what it waits for can be brought in step with it.
        await db.Waits.Where(w => w.CaseId == id).LoadAsync(ct);
        return exit.With(MomentOf(call));
    }

    /// <summary>A case that this member of staff may see: of a unit for which they hold the permission, or not yet of any.</summary>
    public async Task<ExitCase?> Find(Guid id, Call call, Permission permission, CancellationToken ct)
    {
        var exit = await Find(id, call, ct);
        if (exit?.UnitId is not { } unit)
            return exit;
        var path = await db.Units.Where(u => u.Id == unit).Select(u => u.Path).SingleAsync(ct);
        return call.Actor.Allows(permission, path) ? exit : null;
    }

    /// <summary>The cases a member of staff may see.</summary>
    public IQueryable<ExitCase> Visible(Call call, Permission permission)
    {
        var paths = call.Actor.UnitsFor(permission);
        if (paths.Contains("") || paths.Any(p => p == "1."))
            return db.Cases.AsNoTracking();
        var units = db.Units.AsNoTracking().AsEnumerable().Where(u => paths.Any(p => u.Path.StartsWith(p, StringComparison.Ordinal))).Select(u => (int?)u.Id).ToList();
        return db.Cases.AsNoTracking().Where(c => c.UnitId == null || units.Contains(c.UnitId));
    }

    public static ExitCase.Moment MomentOf(Call call) => new(Whole(call.Now), Whole(call.BusinessNow), call.Actor.Id);

    /// <summary>Stages everything the case raised since it was loaded.</summary>
    public void Stage(ExitCase exit, Call call)
    {
        if (db.Entry(exit).State == EntityState.Detached)
            db.Cases.Add(exit);
        foreach (var recorded in exit.Raised)
        {
            db.CaseEvents.Add(new CaseEventRow
            {
                CaseId = exit.Id,
                Number = recorded.Number,
                At = recorded.At,
                BusinessAt = recorded.BusinessAt,
                By = recorded.By,
                Data = JsonSerializer.Serialize(recorded.What, Json.Plain),
            });
            db.Audit(call, "case." + TypeOf(recorded.What), $"case:{exit.Id:N}", new { recorded.Number, Step = StepOf(recorded.What) });
            if (recorded.What is StepStarted started)
                StageStep(exit, started.Step, recorded.Number, call);
            if (recorded.What is CaseClosed { Outcome: CaseOutcome.Executed })
                // Survey, appeal and follow-up are over: the addresses go.
                db.Enqueue(Effect.Now("erase.class", $"erase|{exit.CustomerId}|Contact|{exit.Id:N}", call, new { exit.CustomerId, Class = DataClass.Contact }, exit.Id));
        }
        exit.MarkStored();
        StageWaits(exit);
    }

    /// <summary>Brings the rows of what the case waits for in step with it; returns whether any changed.</summary>
    internal bool StageWaits(ExitCase exit)
    {
        var kept = db.Waits.Local.Where(w => w.CaseId == exit.Id).ToDictionary(w => w.Key);
        var changed = false;
        foreach (var wait in CaseWaits.Of(exit, Procedure.Find(exit.Procedure, exit.ProcedureVersion)))
        {
            if (kept.Remove(wait.Key, out var row))
            {
                row.Set(exit, wait);
                changed |= db.Entry(row).State == EntityState.Modified;
            }
            else
            {
                db.Waits.Add(WaitRow.Of(exit, wait));
                changed = true;
            }
        }
        db.Waits.RemoveRange(kept.Values);
        return changed || kept.Count > 0;
    }

    private void StageStep(ExitCase exit, string stepId, int number, Call call)
    {
        var step = exit.Steps.First(s => s.Id == stepId);
        var key = $"{exit.Id:N}|{stepId}|{number}";
        if (step.Kind == StepKind.WaitUntilDate)
            db.Enqueue(Effect.At(Clocks.StartOf(exit.EffectiveOn!.Value.AddDays(1), exit.Zone!), "step.effective", key, caseId: exit.Id));
        else if (step.Kind == StepKind.VerifyIdentity)
            db.Enqueue(Effect.At(exit.BusinessReceivedAt.AddDays(ExitCase.IdentityDays), "case.lapse", key, caseId: exit.Id));
        else if (Automatic.TryGetValue(step.Kind, out var kind) && !step.HasEnded)
            db.Enqueue(Effect.Now(kind, key, call, caseId: exit.Id));
    }

    /// <summary>Takes back what was to happen later (a withdrawn, saved or lapsed case).</summary>
    public async Task CancelWaiting(Guid caseId, CancellationToken ct)
    {
        foreach (var effect in await db.Effects.Where(e => e.CaseId == caseId && e.State == EffectState.Waiting
            && (e.Kind.StartsWith("step.") || e.Kind.StartsWith("case."))).ToListAsync(ct))
        {
            effect.State = EffectState.Cancelled;
            effect.Fence++;
        }
    }

    public static string TypeOf(CaseEvent what) =>
        JsonSerializer.SerializeToElement(what, Json.Plain).GetProperty("type").GetString()!;

    private static string? StepOf(CaseEvent what) =>
        what switch
        {
            StepStarted e => e.Step,
            StepDone e => e.Step,
            StepSkipped e => e.Step,
            _ => null,
        };

    private static DateTimeOffset Whole(DateTimeOffset at) => DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
}
