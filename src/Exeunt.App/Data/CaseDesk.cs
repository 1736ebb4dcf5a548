using System.Text.Json;
using Exeunt.App.Features.Approvals;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Notifications;
using Exeunt.App.Features.FollowUps;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Features.ProcessMap;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Features.Today;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Data;

/// <summary>
/// Loads a case and stages what its commands raised: events, audit entries, and an effect for every automatic step that
/// started. The caller saves, so that case, events, audit and effects are one transaction.
/// </summary>
public sealed class CaseDesk(AppDb db, ProcedureBook procedures, DueTimes due)
{
    /// <summary>How often what a customer says, which depends on nothing they saw, is tried when an effect or a colleague changes the case at the same moment.</summary>
    public const int OwnWordsTries = 5;

    /// <summary>Kinds of steps that an effect carries out: "step." and the kind in kebab-case. The others are people's, or wait for a date.</summary>
    private static readonly HashSet<StepKind> Automatic =
    [
        StepKind.Settle, StepKind.Formalities, StepKind.WindDown, StepKind.Archive, StepKind.WorkOrders, StepKind.HandOver, StepKind.Notify,
        StepKind.OrderMoney, StepKind.Certify, StepKind.Survey, StepKind.FollowUp, StepKind.Reconcile, StepKind.Erase,
        StepKind.AutoCheck, StepKind.Period, StepKind.SettleReturn,
    ];

    /// <summary>What the loaded cases wait for, and their steps that are open, so that both can be brought in step with them.</summary>
    private readonly Dictionary<Guid, (List<WaitRow> Waits, List<StepTime> Open)> _beside = [];

    /// <summary>A case by id, tracked, ready for a command by this caller; null when there is none.</summary>
    public async Task<ExitCase?> Find(Guid id, Call call, CancellationToken ct) => (await Load(id, call, ct)).Case;

    /// <summary>The case with its waits and its open steps, and its unit's path (null before it has a unit).</summary>
    private async Task<(ExitCase? Case, string? UnitPath)> Load(Guid id, Call call, CancellationToken ct)
    {
        var found = await db.Cases.Where(c => c.Id == id).Select(c => new
        {
            Case = c, Path = db.Units.Where(u => u.Id == c.UnitId).Select(u => u.Path).FirstOrDefault(), Waits = db.Waits.Where(w => w.CaseId == c.Id).ToList(),
        }).SingleOrDefaultAsync(ct);
        if (found is null)
            return (null, null);
        _beside[id] = (found.Waits, await db.StepTimes.Where(t => t.CaseId == id && t.How == StepEnd.Running).ToListAsync(ct));
        return (found.Case.With(MomentOf(call), procedures.Find), found.Path);
    }

    /// <summary>Several cases, tracked, ready for commands by this caller, in two questions.</summary>
    public async Task<IReadOnlyList<ExitCase>> FindAll(IReadOnlyCollection<Guid> ids, Call call, CancellationToken ct)
    {
        var found = await db.Cases.Where(c => ids.Contains(c.Id)).OrderBy(c => c.Id).Select(c => new { Case = c, Waits = db.Waits.Where(w => w.CaseId == c.Id).ToList() }).ToListAsync(ct);
        var open = (await db.StepTimes.Where(t => ids.Contains(t.CaseId) && t.How == StepEnd.Running).ToListAsync(ct)).ToLookup(t => t.CaseId);
        foreach (var one in found)
            _beside[one.Case.Id] = (one.Waits, [.. open[one.Case.Id]]);
        return [.. found.Select(f => f.Case.With(MomentOf(call), procedures.Find))];
    }

    /// <summary>A case for a command by its own customer (or by the system); null when there is none, or it is somebody else's.</summary>
    public async Task<ExitCase?> FindOwn(Guid id, Call call, CancellationToken ct) =>
        call.Actor.IsOfAnotherCase(id) ? null : await Find(id, call, ct);

    /// <summary>A case to look at; null when there is none.</summary>
    public async Task<ExitCase?> Look(Guid id, Call call, CancellationToken ct) =>
        (await db.Cases.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, ct))?.With(MomentOf(call), procedures.Find);

    /// <summary>A case loaded otherwise, ready to be asked what it waits for.</summary>
    public ExitCase Ready(ExitCase exit, Call call) => exit.With(MomentOf(call), procedures.Find);

    /// <summary>A case that this member of staff may see: of a unit for which they hold the permission, or not yet of any.</summary>
    public async Task<ExitCase?> Find(Guid id, Call call, Permission permission, CancellationToken ct)
    {
        var (exit, path) = await Load(id, call, ct);
        return exit is null || path is null || call.Actor.Allows(permission, path) ? exit : null;
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
        var entry = db.Entry(exit);
        CaseState? before = entry.State == EntityState.Detached ? null : entry.OriginalValues.GetValue<CaseState>(nameof(ExitCase.State));
        if (entry.State == EntityState.Detached)
            db.Cases.Add(exit);
        foreach (var told in CaseNotifications.Of(exit, exit.Raised, before))
            Tell(told, $"{exit.Raised[^1].Number}", call);
        FourEyes.Stage(db, exit, call);
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
            switch (recorded.What)
            {
                case StepStarted started:
                    StageStep(exit, started.Step, recorded.Number, call);
                    break;
                // The last service day moved, or what kept it from counting is decided.
                case EffectiveDateChanged or ObjectionDecided { Upheld: false } when exit.Find(StepKind.WaitUntilDate) is { State: StepState.Active } wait:
                    StageStep(exit, wait.Id, recorded.Number, call);
                    break;
                // Something new to approve: its time begins anew, unless its step has only just started.
                case SettlementComputed or DecisionDrafted or ApprovalRecalled:
                    foreach (var round in exit.Rounds.Where(r => exit.IsActive(r.Step) && !exit.Raised.Any(e => e.What is StepStarted s && s.Step == r.Step)))
                        StageDue(exit, round.Step, recorded.Number);
                    break;
                case ProcedureChanged:
                    foreach (var step in exit.Steps.Where(s => s.State == StepState.Active && !exit.Raised.Any(e => e.What is StepStarted started && started.Step == s.Id)))
                        // Money that a person had to release goes by itself where the new version says so.
                        if (step.Kind == StepKind.OrderMoney)
                            StageStep(exit, step.Id, recorded.Number, call);
                        else
                            StageDue(exit, step.Id, recorded.Number);
                    break;
                // What a hold, dispute or appeal stopped while it was open goes on.
                case CaseResumed or DisputeClosed or AppealDecided:
                    foreach (var step in exit.Steps.Where(s => s is { State: StepState.Active, Kind: StepKind.OrderMoney or StepKind.Erase or StepKind.SettleReturn or StepKind.WaitUntilDate } && !exit.IsStopped(s.Id)))
                        StageStep(exit, step.Id, recorded.Number, call);
                    if (recorded.What is CaseResumed && !exit.HoldsMoney)
                        db.Enqueue(Effect.Now(InstructHeld.Kind, $"resumed|{exit.Id:N}|{recorded.Number}", call, caseId: exit.Id));
                    break;
                case StepDone or StepSkipped or CaseClosed:
                    Settled(exit, StepOf(recorded.What));
                    break;
                case MoneyReleased released:
                    db.Enqueue(Effect.Now("step." + ExitCase.CodeOf(StepKind.OrderMoney), $"{exit.Id:N}|{released.Step}|{recorded.Number}", call, new StepRef(released.Step), exit.Id));
                    break;
                case DetailsChanged changed:
                    db.Enqueue(Effect.At(changed.HeldUntil, "hold.end", $"hold|{exit.Id:N}|{recorded.Number}", new HoldRef(changed.What + "-changed"), exit.Id));
                    break;
            }
            if (recorded.What is CaseClosed)
                foreach (var look in LookBack.Of(exit, call))
                    db.Enqueue(look);
            // Nobody's case any more: what was typed is kept a month, for who asks what became of it.
            if (recorded.What is CaseClosed { Outcome: CaseOutcome.Joined or CaseOutcome.Refused } && !exit.HasCustomer && exit.IntakeSubject < 0)
                db.Enqueue(Effect.At(call.BusinessNow.AddDays(30), "erase.intake", $"erase.intake|{exit.Id:N}", caseId: exit.Id));
            // Survey, appeal and follow-up are over: the addresses go. Those of a former customer are kept for a return too, and go however it ends; of one that
            // lapsed later, as a parcel may still come. In business time, so that letters, which are due in real time, are before it.
            if (recorded.What is CaseClosed ended && (ended.Outcome == CaseOutcome.Executed || exit.OrderId is not null))
                db.Enqueue(Effect.At(call.BusinessNow.AddDays(ended.Outcome == CaseOutcome.Lapsed ? LateParcelDays : 0), "erase.class", $"erase|{exit.CustomerId}|Contact|{exit.Id:N}", new { exit.CustomerId, Class = DataClass.Contact }, exit.Id));
        }
        if (!_beside.TryGetValue(exit.Id, out var beside))
            // A new case.
            _beside[exit.Id] = beside = ([], []);
        StageTimes(exit, beside.Open);
        exit.MarkStored();
        StageWaits(exit, beside.Waits);
    }

    /// <summary>Tells somebody something about a case, in the transaction that the caller saves; by mail too if they want.</summary>
    /// <param name="about">What it is about, as a code: a step, a state.</param>
    public void Tell(string person, NotificationKind kind, ExitCase exit, Call call, string about = "") =>
        Tell(new Notification { To = person, Kind = kind, CaseId = exit.Id, Number = exit.Number, About = about, By = call.Actor.Id, At = call.Now }, $"{call.Now.ToUnixTimeMilliseconds()}", call);

    private void Tell(Notification told, string cause, Call call)
    {
        db.Notifications.Add(told);
        if (told.Kind != NotificationKind.Moved)
            db.Enqueue(MailNotification.Of(told, cause, call));
    }

    /// <summary>Brings the rows of what the case waits for, all of them, in step with it; returns whether any was wrong.</summary>
    internal bool StageWaits(ExitCase exit, List<WaitRow> rows)
    {
        var kept = rows.ToDictionary(w => w.Key);
        var changed = false;
        foreach (var wait in WaitRow.Of(exit, step => due.Of(exit, step)))
        {
            if (kept.Remove(wait.Key, out var row))
                changed |= row.Become(wait);
            else
            {
                db.Waits.Add(wait);
                rows.Add(wait);
                changed = true;
            }
        }
        db.Waits.RemoveRange(kept.Values);
        rows.RemoveAll(kept.ContainsValue);
        return changed || kept.Count > 0;
    }

    /// <summary>Writes down which steps have ended since the case was loaded, and how long they were open, and which are open now.</summary>
    internal void StageTimes(ExitCase exit, List<StepTime> open)
    {
        foreach (var run in exit.Ended)
            if (open.Find(t => t.Step == run.Step) is { } row)
            {
                row.Ended(run, due);
                open.Remove(row);
            }
            else
                db.StepTimes.Add(StepTime.Of(exit, run, due));
        foreach (var step in exit.IsClosed ? [] : exit.Steps.Where(s => s.State == StepState.Active))
        {
            if (open.Find(t => t.Step == step.Id) is { } row)
                row.Stands(exit, due);
            else
            {
                open.Add(StepTime.Open(exit, step, due));
                db.StepTimes.Add(open[^1]);
            }
        }
    }

    private void StageStep(ExitCase exit, string stepId, int number, Call call)
    {
        var (step, plan) = (exit.Step(stepId), exit.Plan.Step(stepId));
        if (step.HasEnded)
            return;
        StageDue(exit, stepId, number);
        var key = $"{exit.Id:N}|{stepId}|{number}";
        var which = new StepRef(stepId);
        switch (step.Kind)
        {
            case StepKind.WaitUntilDate when exit.EndsAtOnce:
                db.Enqueue(Effect.Now("step.effective", key, call, which, exit.Id));
                break;
            case StepKind.WaitUntilDate:
                db.Enqueue(Effect.At(Clocks.StartOf(exit.EffectiveOn!.Value.AddDays(1), exit.Zone!), "step.effective", key, which, exit.Id));
                break;
            case StepKind.VerifyIdentity:
                db.Enqueue(Effect.At(exit.BusinessReceivedAt.AddDays(ExitCase.IdentityDays), "case.lapse", key, which, exit.Id));
                break;
            case StepKind.Negotiate:
                db.Enqueue(Effect.At(call.BusinessNow.AddDays(plan.Days ?? DefaultNegotiationDays), "step.negotiation-over", key, which, exit.Id));
                break;
            case StepKind.SendBack when exit.SendBackBy is { } sendBy:
                db.Enqueue(Effect.At(Clocks.StartOf(sendBy.AddDays(1), exit.Zone!), "return.lapse", key, which, exit.Id));
                break;
            case var kind when Automatic.Contains(kind) && !plan.Manual:
                db.Enqueue(Effect.Now("step." + ExitCase.CodeOf(kind), key, call, which, exit.Id));
                break;
        }
    }

    private const int DefaultNegotiationDays = 30;

    /// <summary>Days for which the contact stays after a return lapsed: a parcel that comes late begins it anew.</summary>
    private const int LateParcelDays = 30;

    /// <summary>Carries out the open step of a kind again: what it waited for outside the case has come.</summary>
    /// <param name="cause">Once for each.</param>
    public void Again(ExitCase exit, StepKind kind, string cause, Call call)
    {
        foreach (var step in exit.Steps.Where(s => s.Kind == kind && s.State == StepState.Active && !exit.IsClosed))
            db.Enqueue(Effect.Now("step." + ExitCase.CodeOf(kind), $"{exit.Id:N}|{step.Id}|{cause}", call, new StepRef(step.Id), exit.Id));
    }

    /// <summary>An open step with a due time is looked at when it is over.</summary>
    private void StageDue(ExitCase exit, string stepId, int number)
    {
        if (due.Of(exit, stepId) is { } at)
            db.Enqueue(Effect.At(at, StepDue.Kind, $"{exit.Id:N}|{stepId}|{number}|due", new StepRef(stepId), exit.Id));
    }

    /// <summary>An overdue step has ended, or all have: it stands on nobody's day any more.</summary>
    private void Settled(ExitCase exit, string? stepId)
    {
        if (exit.Steps.Any(s => s.Overdue == true && (stepId is null || s.Id == stepId)))
            db.Escalations.RemoveRange(db.Escalations.Where(e => e.CaseId == exit.Id && (stepId == null || e.Step == stepId)).AsEnumerable());
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

/// <summary>Which step of the case an effect carries out.</summary>
public sealed record StepRef(string? Step);

/// <summary>Which hold an effect ends.</summary>
public sealed record HoldRef(string Reason);

public static class StepsOfEffects
{
    /// <summary>The open step that the effect is to carry out; null when the case is closed or the step is not open (any more).</summary>
    public static string? StepOf(this ExitCase exit, Effect effect, StepKind kind)
    {
        if (exit.IsClosed)
            return null;
        // Effects written by an older version name no step.
        var step = effect.Read<StepRef>().Step ?? exit.Find(kind)?.Id;
        return step is not null && exit.IsActive(step) ? step : null;
    }
}
