using Exeunt.Core.Procedures;

namespace Exeunt.Core.Cases;

/// <summary>What steps come to: dates, work, items, automatic steps; moving to another version of the procedure.</summary>
public sealed partial class ExitCase
{
    /// <summary>
    /// The last service day is over. What people had not done is not waited for in a customer's ending: talk, offer, check-lists and
    /// negotiation are left out, since a missing step of ours never delays a customer's end.
    /// </summary>
    public Refusal? ReachEffectiveDate()
    {
        if (Blocked() is { } no)
            return no;
        if (Find(StepKind.WaitUntilDate) is not { State: StepState.Active } wait)
            return CaseRefusals.StepNotActive;
        if (ObjectionOpen)
            return CaseRefusals.ObjectionFirst;
        foreach (var step in _steps.Where(s => !s.HasEnded && Delays(s.Kind) && !Plan.IsAfter(s.Id, wait.Id)).ToList())
        {
            if (step.Kind == StepKind.Negotiate)
                Raise(new NegotiationEnded(DateReached));
            Raise(new StepSkipped(step.Id, DateReached));
        }
        Finish(wait);
        Flow();
        return null;
    }

    private const string DateReached = "effective-date-reached";

    private bool Delays(StepKind kind) =>
        kind == StepKind.Negotiate || (Kind != CaseKind.Offboarding && kind is StepKind.Talk or StepKind.Offer or StepKind.CheckList);

    /// <summary>An automatic step has done its work.</summary>
    public Refusal? Finish(string step, string? reference)
    {
        if (IsClosed)
            return CaseRefusals.Closed;
        if (!IsActive(step))
            return CaseRefusals.StepNotActive;
        Raise(new StepDone(step, reference));
        Flow();
        return null;
    }

    /// <summary>As <see cref="Finish(string, string?)"/>, for the open step of a kind.</summary>
    public Refusal? Finish(StepKind kind, string? reference) => Find(kind) is { } step ? Finish(step.Id, reference) : CaseRefusals.StepNotActive;

    /// <summary>As <see cref="Skip(string, string)"/>, for the open step of a kind.</summary>
    public Refusal? Skip(StepKind kind, string reason) => Find(kind) is { } step ? Skip(step.Id, reason) : CaseRefusals.StepNotActive;

    /// <summary>A step has nothing to do in this case.</summary>
    public Refusal? Skip(string step, string reason)
    {
        if (IsClosed)
            return CaseRefusals.Closed;
        if (!IsActive(step))
            return CaseRefusals.StepNotActive;
        Raise(new StepSkipped(step, reason));
        Flow();
        return null;
    }

    /// <summary>The time for a step is over. It stays open; others are told.</summary>
    public Refusal? MarkOverdue(string step)
    {
        if (IsClosed)
            return CaseRefusals.Closed;
        if (!IsActive(step))
            return CaseRefusals.StepNotActive;
        if (Step(step).Overdue == true)
            return CaseRefusals.ToldAlready;
        Raise(new StepOverdue(step, Plan.Step(step).EscalateTo));
        return null;
    }

    /// <summary>An automatic check looked: nothing found, it is over; else what was found is for people.</summary>
    /// <param name="found">Codes of items of the step.</param>
    public Refusal? RunCheck(string step, IReadOnlyList<string> found)
    {
        if (Blocked() is { } no)
            return no;
        if (!IsActive(step))
            return CaseRefusals.StepNotActive;
        foreach (var item in Plan.Step(step).Items.Where(i => !found.Contains(i.Code) && Step(step).Items?.Contains(i.Code) != true))
            Raise(new ItemDone(step, item.Code, "passed"));
        if (found.Count > 0)
            Raise(new CheckFailed(step, found));
        else
            Raise(new StepDone(step));
        MoveEndAfterConsent(step);
        Flow();
        return null;
    }

    /// <summary>An item of a check-list or of the formalities is done; with the last one the step is.</summary>
    /// <param name="state">"done", "missing" or "waived".</param>
    public Refusal? FinishItem(string step, string item, string state, bool last, Guid? textId = null)
    {
        if (Blocked() is { } no)
            return no;
        if (!IsActive(step))
            return CaseRefusals.StepNotActive;
        if (Step(step).Items?.Contains(item) == true)
            return CaseRefusals.ItemDoneAlready;
        Raise(new ItemDone(step, item, state, textId));
        if (last)
            Raise(new StepDone(step));
        MoveEndAfterConsent(step);
        Flow();
        return null;
    }

    /// <summary>What could not end without somebody's consent did not end before it: the last service day is the day of consent at the earliest.</summary>
    private void MoveEndAfterConsent(string step)
    {
        if (!Step(step).HasEnded || Zone is null || Find(StepKind.WaitUntilDate) is not { State: StepState.Waiting } wait || !Plan.IsAfter(wait.Id, step))
            return;
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(_moment.BusinessAt, TimeZoneInfo.FindSystemTimeZoneById(Zone)).DateTime);
        if (EffectiveOn < today)
            Raise(new EffectiveDateChanged(today, "consent"));
    }

    /// <summary>A work order is confirmed; with the last one of its step the step is done. Said also of a closed case (an offer's fulfilment).</summary>
    public Refusal? ConfirmWork(Guid orderId, string task, string? step, bool last)
    {
        Raise(new WorkConfirmed(orderId, task, step));
        if (step is not null && last && !IsClosed && IsActive(step))
            Raise(new StepDone(step));
        if (!IsClosed)
            Flow();
        return null;
    }

    /// <summary>A work order need not be done: by name, with words.</summary>
    public Refusal? WaiveWork(Guid orderId, string task, string step, Guid textId, bool last)
    {
        if (Blocked() is { } no)
            return no;
        Raise(new WorkWaived(orderId, task, step, textId));
        if (last && IsActive(step))
            Raise(new StepDone(step));
        Flow();
        return null;
    }

    /// <summary>
    /// Goes on under another version of the same procedure. Every step that has begun must be in it, with the same kind, and so must the
    /// approval of what was put up for one.
    /// </summary>
    public Refusal? MoveTo(Procedure other, string reason)
    {
        if (Blocked() is { } no)
            return no;
        if (other.Id != Procedure || other.Version == ProcedureVersion)
            return CaseRefusals.OtherProcedure;
        if (LostIn(other) is { Count: > 0 } lost)
            return CaseRefusals.CannotMove(lost);
        Raise(new ProcedureChanged(other.Version, reason));
        Flow();
        return null;
    }

    /// <summary>What has begun, or was put up for approval, and has no place in another procedure.</summary>
    private List<string> LostIn(Procedure other) =>
    [
        .. _steps.Where(s => s.State != StepState.Waiting && other.Find(s.Id)?.Kind != s.Kind).Select(s => s.Id)
            .Union(_rounds.Where(r => other.Find(r.Step) is not { Kind: StepKind.Approve } step || step.Of != r.Of).Select(r => r.Step)),
    ];
}
