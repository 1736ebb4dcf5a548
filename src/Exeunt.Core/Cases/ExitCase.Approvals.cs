using Exeunt.Core.Procedures;

namespace Exeunt.Core.Cases;

/// <summary>Settlement, approvals, and the release of money: requester, approver and executor are never the same person.</summary>
public sealed partial class ExitCase
{
    /// <summary>Puts a settlement in force. A change voids approvals, since they bind what was seen.</summary>
    /// <param name="stages">Who approves it by the approval matrix; null: the roles of the procedure's step, in parallel.</param>
    public Refusal? Settle(Guid settlementId, string digest, long total, string currency, IReadOnlyList<IReadOnlyList<Approver>>? stages = null)
    {
        if (IsClosed)
            return CaseRefusals.Closed;
        if (!HasCustomer)
            return CaseRefusals.IdentityFirst;
        if (_steps.Any(s => s.Kind == StepKind.OrderMoney && s.State is not StepState.Waiting))
            return CaseRefusals.NothingToSettleNow;
        if (digest != SettlementDigest)
            Raise(new SettlementComputed(settlementId, digest, total, currency, stages));
        if (_steps.FirstOrDefault(s => s.Kind == StepKind.Settle && s.State == StepState.Active) is { } step)
            Finish(step, digest[..12]);
        Flow();
        return null;
    }

    /// <summary>Why facts and lines of the settlement cannot be changed any more; null when they can.</summary>
    public Refusal? CannotChangeMoney() =>
        Blocked() ?? (_steps.All(s => s.Kind != StepKind.OrderMoney || s.State is StepState.Waiting) ? null : CaseRefusals.NothingToSettleNow);

    /// <summary>The facts of the end were written; whoever wrote them asks for the approval.</summary>
    public Refusal? ChangeFacts(int version) => ApproverWrites() ?? ChangeMoney(new FactsChanged(version));

    public Refusal? AddLine(Guid lineId, CaseLineKind kind) => ApproverWrites() ?? ChangeMoney(new LineAdded(lineId, kind));

    /// <summary>Who approved the settlement in force does not write part of it, or would have approved their own request.</summary>
    private Refusal? ApproverWrites() => Round(ApprovalSubject.Settlement)?.People.Contains(_moment.By) == true ? CaseRefusals.ApproverWrites : null;

    public Refusal? ApproveLine(Guid lineId, bool complete) => ChangeMoney(new LineApproved(lineId, complete));

    public Refusal? ContestLine(Guid lineId, Guid textId) => ChangeMoney(new LineContested(lineId, textId));

    public Refusal? DecideLine(Guid lineId, CaseLineState state, Guid? textId) => ChangeMoney(new LineDecided(lineId, state, textId));

    private Refusal? ChangeMoney(CaseEvent what)
    {
        if (CannotChangeMoney() is { } no)
            return no;
        Raise(what);
        return null;
    }

    /// <summary>Puts the proposal of a decision in force; another ground, date or reason voids what was approved.</summary>
    public Refusal? DraftDecision(Guid decisionId, string digest, string ground, IReadOnlyList<IReadOnlyList<Approver>>? stages = null)
    {
        if (CannotDraftDecision() is { } no)
            return no;
        if (digest != DecisionDigest)
            Raise(new DecisionDrafted(decisionId, digest, ground, stages));
        Flow();
        return null;
    }

    public Refusal? CannotDraftDecision() =>
        Blocked() ?? (StepOf(ApprovalSubject.Decision) is not { } step || step.HasEnded ? CaseRefusals.StepNotActive : null);

    /// <summary>Approves for a role what was seen (<paramref name="seen"/> = the digest of the settlement or decision).</summary>
    /// <param name="onBehalfOf">The absent person whose approval this is; null: one's own.</param>
    /// <param name="textId">The approver's own grounds; a decision needs them.</param>
    public Refusal? Approve(ApprovalSubject of, Role role, string by, string seen, string? onBehalfOf = null, Guid? textId = null)
    {
        if (CannotApprove(of, role, by, onBehalfOf) is { } no)
            return no;
        var round = Round(of)!;
        if (seen != round.Digest)
            return CaseRefusals.DigestChanged;
        if (of == ApprovalSubject.Decision && textId is null)
            return CaseRefusals.GroundsNeeded;
        Raise(new ApprovalGiven(round.Step, role, by, seen, onBehalfOf, textId));
        Flow();
        return null;
    }

    /// <summary>Why this person cannot approve for this role now; null when they can.</summary>
    public Refusal? CannotApprove(ApprovalSubject of, Role role, string by, string? onBehalfOf = null)
    {
        if (IsClosed)
            return CaseRefusals.Closed;
        if (Round(of) is not { } round)
            return of == ApprovalSubject.Settlement ? CaseRefusals.NoSettlement : CaseRefusals.NoDecision;
        if (Step(round.Step).HasEnded || round.IsComplete)
            return CaseRefusals.ApprovedAlready;
        if (!IsActive(round.Step))
            return CaseRefusals.NotYourApproval;
        if (round.PlaceFor(role) is null)
            return round.Given.Any(g => g.Role == role) ? CaseRefusals.ApprovedAlready
                : round.Stages.Skip(round.Stage + 1).Any(s => s.Any(a => a.AnyOf.Contains(role))) ? CaseRefusals.NotYetYourApproval
                : CaseRefusals.NotYourApproval;
        if (onBehalfOf == by)
            return CaseRefusals.NotYourApproval;
        string[] people = onBehalfOf is null ? [by] : [by, onBehalfOf];
        if (people.Any(Requesters.Split(' ').Contains))
            return CaseRefusals.OwnRequest;
        return people.Any(round.People.Contains) ? CaseRefusals.TwoPeople : null;
    }

    /// <summary>Sends what is to be approved back with words; what was approved of it is void.</summary>
    public Refusal? ReturnForRework(ApprovalSubject of, Role role, string by, Guid? textId)
    {
        if (CannotApprove(of, role, by) is { } no)
            return no;
        Raise(new ApprovalReturned(Round(of)!.Step, role, by, textId));
        return null;
    }

    /// <summary>Takes one's own approval back, while nothing has followed from it.</summary>
    public Refusal? RecallApproval(ApprovalSubject of, string by)
    {
        if (CannotRecall(of, by) is { } no)
            return no;
        Raise(new ApprovalRecalled(Round(of)!.Step, by));
        Flow();
        return null;
    }

    public Refusal? CannotRecall(ApprovalSubject of, string by)
    {
        if (IsClosed)
            return CaseRefusals.Closed;
        if (Round(of) is not { } round || round.Given.All(g => g.By != by))
            return CaseRefusals.NothingToRecall;
        var step = Step(round.Step);
        return step.HasEnded && Plan.Steps.Any(s => s.After.Contains(step.Id) && Step(s.Id).State != StepState.Waiting) ? CaseRefusals.TooLateToRecall : null;
    }

    /// <summary>Releases a payment that waits for a person, who is neither requester nor approver.</summary>
    public Refusal? ReleaseMoney(string by)
    {
        if (CannotReleaseMoney(by) is { } no)
            return no;
        Raise(new MoneyReleased(Find(StepKind.OrderMoney)!.Id, by));
        return null;
    }

    public Refusal? CannotReleaseMoney(string by)
    {
        if (Blocked() is { } no)
            return no;
        if (Find(StepKind.OrderMoney) is not { State: StepState.Active } step || !Plan.Step(step.Id).Manual)
            return CaseRefusals.StepNotActive;
        if (IsStopped(step.Id))
            return CaseRefusals.Held;
        if (Requesters.Split(' ').Contains(by))
            return CaseRefusals.OwnRequest;
        return Round(ApprovalSubject.Settlement)?.People.Contains(by) == true ? CaseRefusals.OwnApproval : null;
    }

    private StepProgress? StepOf(ApprovalSubject of) =>
        Plan.Steps.FirstOrDefault(s => s.Kind == StepKind.Approve && s.Of == of) is { } step ? Step(step.Id) : null;

    /// <summary>A new thing to approve: without approvals, and the step open again if it was over.</summary>
    private void OpenRound(ApprovalSubject of, string digest, IReadOnlyList<IReadOnlyList<Approver>>? stages, RecordedEvent recorded)
    {
        if (StepOf(of) is not { } step)
            return;
        stages ??= [[.. Plan.Step(step.Id).Roles.Select(r => Approver.Of(r))]];
        _rounds = [.. _rounds.Where(r => r.Of != of), new(step.Id, of, digest, stages, [])];
        Reopen(step.Id, recorded);
    }

    private void Reopen(string step, RecordedEvent recorded)
    {
        if (Step(step).HasEnded)
            Set(step, s => s with { State = StepState.Active, StartedAt = recorded.BusinessAt, EndedAt = null, Note = null, Overdue = null, Waited = null });
    }

    /// <summary>The approvals somebody gave, for themselves or for another, are not there any more.</summary>
    private void TakeBack(string step, string by)
    {
        Change(step, r => r with { Given = [.. r.Given.Where(g => g.By != by && g.OnBehalfOf != by)] });
        Recount(step);
    }

    /// <summary>The roles in words stay in step with the settlement's round.</summary>
    private void Recount(string step)
    {
        if (_rounds.FirstOrDefault(r => r.Step == step) is { Of: ApprovalSubject.Settlement } round)
            Approvals = string.Join(',', round.Given.Select(g => g.Role));
    }

    private void GiveApproval(ApprovalGiven e)
    {
        Change(e.Step, r => r.PlaceFor(e.Role) is { } place ? r with { Given = [.. r.Given, new(r.Stage, place, e.Role, e.By, e.OnBehalfOf)] } : r);
        AddDecider(e.By);
        Recount(e.Step);
    }

    private void Void(string step)
    {
        Change(step, r => r with { Given = [] });
        Recount(step);
    }

    private void Change(string step, Func<ApprovalRound, ApprovalRound> change) => _rounds = [.. _rounds.Select(r => r.Step == step ? change(r) : r)];
}
