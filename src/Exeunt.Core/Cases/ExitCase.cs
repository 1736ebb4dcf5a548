namespace Exeunt.Core.Cases;

public enum CaseKind
{
    Termination,
    Offboarding,
    Cancellation,
}

public enum Channel
{
    Portal,
    Phone,
    Mail,
    Chat,
    Visit,
    Api,
}

public enum CaseState
{
    Received,
    IdentityPending,
    Open,
    Scheduled,
    Executing,
    WindingUp,
    Closed,
    Held,
}

/// <summary>How a case ended; exactly one.</summary>
public enum CaseOutcome
{
    Executed,
    Saved,
    Withdrawn,
    Refused,
    Lapsed,
    Joined,
}

public enum StepState
{
    Waiting,
    Active,
    Done,
    Skipped,
}

/// <summary>Where a step of a case stands.</summary>
public sealed record StepProgress(string Id, StepKind Kind, StepState State, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, string? Note)
{
    public bool HasEnded => State is StepState.Done or StepState.Skipped;
}

/// <summary>
/// One ending, from its application to its last paper. State changes only by the events it raises; folding the events of a case
/// gives the same case, which is tested after every scenario.
/// </summary>
public sealed class ExitCase
{
    /// <summary>Days after which an application without proven identity lapses (business days are not meant).</summary>
    public const int IdentityDays = 30;

    /// <summary>Days a survey link works.</summary>
    public const int SurveyDays = 30;

    private readonly List<RecordedEvent> _raised = [];
    private List<StepProgress> _steps = [];
    private Moment _moment = null!;

    private ExitCase() { }

    public Guid Id { get; private set; }

    /// <summary>Number for people, "T-2026-000123".</summary>
    public string Number { get; private set; } = "";
    public CaseKind Kind { get; private set; }
    public CaseState State { get; private set; }

    public string? HoldReason { get; private set; }
    public CaseOutcome? Outcome { get; private set; }
    public Channel Channel { get; private set; }
    public string Language { get; private set; } = "";
    public DateTimeOffset ReceivedAt { get; private set; }

    /// <summary>The business time of receipt: statutory clocks start here.</summary>
    public DateTimeOffset BusinessReceivedAt { get; private set; }
    public long IntakeSubject { get; private set; }
    public DateOnly? WishedOn { get; private set; }
    public long? CustomerId { get; private set; }
    public long? ContractId { get; private set; }
    public int? UnitId { get; private set; }

    /// <summary>Identity assurance level reached (0 none, 1 one proof of possession, 2 two).</summary>
    public int IdentityLevel { get; private set; }
    public string? PolicyNumber { get; private set; }
    public int? PolicyVersion { get; private set; }

    /// <summary>Names of the rule packs in force at receipt, comma separated: "EU 1,DE 1"; they stay.</summary>
    public string RulePacks { get; private set; } = "";

    /// <summary>Rule that forbids an offer in this case; null: an offer may be made.</summary>
    public string? OfferForbiddenBy { get; private set; }
    public string Procedure { get; private set; } = "";
    public int ProcedureVersion { get; private set; }
    public string? Zone { get; private set; }
    public DateOnly? EarliestOn { get; private set; }

    /// <summary>Last service day, inclusive, in the contract's zone.</summary>
    public DateOnly? EffectiveOn { get; private set; }
    public Guid? JoinedInto { get; private set; }
    public string? AssignedTo { get; private set; }
    public string? Reason { get; private set; }
    public string? ReasonDetail { get; private set; }
    public Guid? OpenOfferId { get; private set; }
    public bool OfferAsked { get; private set; }
    public Guid? SettlementId { get; private set; }
    public string? SettlementDigest { get; private set; }
    public long? SettlementTotal { get; private set; }
    public string? SettlementCurrency { get; private set; }

    /// <summary>Roles that approved the settlement in force, comma separated in order.</summary>
    public string Approvals { get; private set; } = "";

    /// <summary>Everyone who wrote part of what an approval binds or took the application; separated by spaces.</summary>
    public string Requesters { get; private set; } = "";
    public DateTimeOffset? ClosedAt { get; private set; }

    /// <summary>Number of events; also the version for optimistic concurrency.</summary>
    public int Version { get; private set; }

    public IReadOnlyList<StepProgress> Steps => _steps;

    /// <summary>What was raised and not yet stored.</summary>
    public IReadOnlyList<RecordedEvent> Raised => _raised;

    public void MarkStored() => _raised.Clear();

    public bool IsClosed => State == CaseState.Closed;

    public bool IdentityIsProven => IdentityLevel > 0;

    public IReadOnlyList<Role> ApprovedBy => [.. Approvals.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<Role>)];

    public StepProgress Step(StepKind kind) => _steps.First(s => s.Kind == kind);

    public bool IsActive(StepKind kind) => Step(kind).State == StepState.Active;

    /// <summary>When and by whom a command happens.</summary>
    public sealed record Moment(DateTimeOffset At, DateTimeOffset BusinessAt, string By);

    // ---- commands -----------------------------------------------------------------------------------------------------

    public static ExitCase Receive(
        Guid id, string number, CaseKind kind, Procedure procedure, Channel channel, string language, DateOnly? wishedOn, long intakeSubject, Moment moment)
    {
        var exit = new ExitCase { Id = id, _moment = moment };
        exit.Raise(new CaseReceived(number, kind, procedure.Id, procedure.Version, channel, language, wishedOn, intakeSubject));
        exit.Flow();
        return exit;
    }

    /// <summary>A case from its events; equal to the row.</summary>
    public static ExitCase Fold(Guid id, IEnumerable<RecordedEvent> events)
    {
        var exit = new ExitCase { Id = id };
        foreach (var recorded in events)
            exit.Apply(recorded);
        return exit;
    }

    /// <summary>Says who acts and when, before a command.</summary>
    public ExitCase With(Moment moment)
    {
        _moment = moment;
        return this;
    }

    public Refusal? ProveIdentity(
        long customerId, long contractId, int unitId, int level, string method, string policyNumber, int policyVersion, string zone, DateOnly earliest,
        string rulePacks = "", string? offerForbiddenBy = null)
    {
        if (IsClosed)
            return CaseRefusals.Closed;
        if (IdentityIsProven)
            return CaseRefusals.IdentityProvenAlready;
        var effective = WishedOn is { } wished && wished > earliest ? wished : earliest;
        Raise(new IdentityProven(customerId, contractId, unitId, level, method, policyNumber, policyVersion, zone, earliest, effective, rulePacks, offerForbiddenBy));
        Raise(new StepDone(Step(StepKind.VerifyIdentity).Id, method));
        Flow();
        return null;
    }

    public Refusal? Assign(string to)
    {
        if (IsClosed)
            return CaseRefusals.Closed;
        if (AssignedTo != to)
            Raise(new CaseAssigned(to));
        return null;
    }

    public Refusal? RecordTalk(string reason, string? detail, string channel, int minutes, Guid? textId, DateTimeOffset? startedAt = null)
    {
        if (Blocked() is { } no)
            return no;
        Raise(new TalkRecorded(reason, detail, channel, minutes, textId, startedAt));
        if (IsActive(StepKind.Talk))
            Raise(new StepDone(Step(StepKind.Talk).Id));
        Flow();
        return null;
    }

    public Refusal? MakeOffer(Guid offerId, string kind)
    {
        if (CannotMakeOffer() is { } no)
            return no;
        Raise(new OfferMade(offerId, kind));
        return null;
    }

    /// <summary>Why no offer can be made now; null when one can.</summary>
    public Refusal? CannotMakeOffer() =>
        Blocked() ?? (OfferAsked ? CaseRefusals.OfferAlreadyAsked : IsActive(StepKind.Offer) ? null : CaseRefusals.StepNotActive);

    /// <summary>Nobody answered the offer in time: the ending goes on.</summary>
    public Refusal? ExpireOffer()
    {
        if (Blocked() is { } no)
            return no;
        if (OpenOfferId is not { } offer || !IsActive(StepKind.Offer))
            return CaseRefusals.NoOpenOffer;
        Raise(new OfferExpired(offer));
        Raise(new StepDone(Step(StepKind.Offer).Id, "expired"));
        Flow();
        return null;
    }

    /// <summary>No offer is made (none fits, or the customer asked not to be asked).</summary>
    public Refusal? SkipOffer(string reason)
    {
        if (Blocked() is { } no)
            return no;
        if (!IsActive(StepKind.Offer) || OpenOfferId is not null)
            return CaseRefusals.StepNotActive;
        Raise(new StepSkipped(Step(StepKind.Offer).Id, reason));
        Flow();
        return null;
    }

    public Refusal? AnswerOffer(bool accept)
    {
        if (Blocked() is { } no)
            return no;
        // An offer nobody answered is over with the last service day: the contract has ended.
        if (OpenOfferId is not { } offer || !IsActive(StepKind.Offer))
            return CaseRefusals.NoOpenOffer;
        Raise(new OfferAnswered(offer, accept));
        if (accept)
        {
            Close(CaseOutcome.Saved);
            return null;
        }
        Raise(new StepDone(Step(StepKind.Offer).Id, "declined"));
        Flow();
        return null;
    }

    /// <summary>Puts a settlement in force. A change voids approvals, since they bind what was seen.</summary>
    public Refusal? Settle(Guid settlementId, string digest, long total, string currency)
    {
        if (IsClosed)
            return CaseRefusals.Closed;
        if (!IdentityIsProven)
            return CaseRefusals.IdentityFirst;
        if (Step(StepKind.OrderMoney).State is not StepState.Waiting)
            return CaseRefusals.NothingToSettleNow;
        if (digest != SettlementDigest)
            Raise(new SettlementComputed(settlementId, digest, total, currency));
        if (IsActive(StepKind.Settle))
            Raise(new StepDone(Step(StepKind.Settle).Id, digest[..12]));
        Flow();
        return null;
    }

    /// <summary>Why facts and lines of the settlement cannot be changed any more; null when they can.</summary>
    public Refusal? CannotChangeMoney() =>
        Blocked() ?? (Step(StepKind.OrderMoney).State is StepState.Waiting ? null : CaseRefusals.NothingToSettleNow);

    /// <summary>The facts of the end were written; whoever wrote them asks for the approval.</summary>
    public Refusal? ChangeFacts(int version) => ChangeMoney(new FactsChanged(version));

    public Refusal? AddLine(Guid lineId, CaseLineKind kind) => ChangeMoney(new LineAdded(lineId, kind));

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

    /// <summary>Approves for a role what was seen (<paramref name="seen"/> = the settlement's digest).</summary>
    public Refusal? Approve(Role role, string by, string seen)
    {
        if (CannotApprove(role, by) is { } no)
            return no;
        if (seen != SettlementDigest)
            return CaseRefusals.DigestChanged;
        var step = Step(StepKind.Approve).Id;
        Raise(new ApprovalGiven(step, role, by, seen));
        var needed = Cases.Procedure.Find(Procedure, ProcedureVersion).Step(step).Roles;
        if (needed.All(ApprovedBy.Contains))
            Raise(new StepDone(step));
        Flow();
        return null;
    }

    /// <summary>Why this person cannot approve for this role now; null when they can.</summary>
    public Refusal? CannotApprove(Role role, string by)
    {
        if (IsClosed)
            return CaseRefusals.Closed;
        if (SettlementDigest is null)
            return CaseRefusals.NoSettlement;
        var step = Step(StepKind.Approve);
        if (ApprovedBy.Contains(role) || step.HasEnded)
            return CaseRefusals.ApprovedAlready;
        if (!Cases.Procedure.Find(Procedure, ProcedureVersion).Step(step.Id).Roles.Contains(role) || step.State != StepState.Active)
            return CaseRefusals.NotYourApproval;
        return Requesters.Split(' ').Contains(by) ? CaseRefusals.OwnRequest : null;
    }

    public Refusal? ReturnForRework(Role role, string by, Guid? textId)
    {
        if (CannotApprove(role, by) is { } no)
            return no;
        Raise(new ApprovalReturned(Step(StepKind.Approve).Id, role, by, textId));
        return null;
    }

    public Refusal? Hold(string reason)
    {
        if (IsClosed)
            return CaseRefusals.Closed;
        if (State == CaseState.Held)
            return CaseRefusals.HeldAlready;
        if (State is not (CaseState.Open or CaseState.Scheduled))
            return CaseRefusals.StepNotActive;
        Raise(new CaseHeld(reason));
        return null;
    }

    public Refusal? Resume()
    {
        if (State != CaseState.Held)
            return CaseRefusals.NotHeld;
        Raise(new CaseResumed());
        Flow();
        return null;
    }

    /// <summary>The customer keeps the contract. Possible until 24:00 of the last service day in the contract's zone.</summary>
    /// <param name="today">Business date in the contract's zone.</param>
    public Refusal? Withdraw(DateOnly today)
    {
        if (CannotWithdraw(today) is { } no)
            return no;
        Raise(new CaseWithdrawn());
        Close(CaseOutcome.Withdrawn);
        return null;
    }

    public Refusal? CannotWithdraw(DateOnly today)
    {
        if (IsClosed)
            return CaseRefusals.Closed;
        if (!IdentityIsProven)
            return CaseRefusals.IdentityFirst;
        return State is CaseState.Open or CaseState.Scheduled or CaseState.Held && today <= EffectiveOn
            ? null
            : CaseRefusals.TooLateToWithdraw(EffectiveOn!.Value);
    }

    /// <summary>After identity was proven it turned out that another case ends the same contract already.</summary>
    public Refusal? Join(Guid into)
    {
        if (IsClosed)
            return CaseRefusals.Closed;
        Raise(new CaseJoined(into));
        Close(CaseOutcome.Joined);
        return null;
    }

    /// <summary>Nobody proved identity in time.</summary>
    public Refusal? Lapse(string reason)
    {
        if (IsClosed)
            return CaseRefusals.Closed;
        if (IdentityIsProven)
            return CaseRefusals.IdentityProvenAlready;
        Raise(new CaseLapsed(reason));
        Close(CaseOutcome.Lapsed);
        return null;
    }

    /// <summary>
    /// The last service day is over. What people had not done is not waited for: talk and offer are skipped, since a missing step
    /// of ours never delays a customer's end.
    /// </summary>
    public Refusal? ReachEffectiveDate()
    {
        if (Blocked() is { } no)
            return no;
        if (!IsActive(StepKind.WaitUntilDate))
            return CaseRefusals.StepNotActive;
        foreach (var kind in new[] { StepKind.Talk, StepKind.Offer })
            if (!Step(kind).HasEnded)
                Raise(new StepSkipped(Step(kind).Id, "effective-date-reached"));
        Raise(new StepDone(Step(StepKind.WaitUntilDate).Id));
        Flow();
        return null;
    }

    /// <summary>An automatic step has done its work.</summary>
    public Refusal? Finish(StepKind kind, string? reference)
    {
        if (IsClosed)
            return CaseRefusals.Closed;
        if (!IsActive(kind))
            return CaseRefusals.StepNotActive;
        Raise(new StepDone(Step(kind).Id, reference));
        Flow();
        return null;
    }

    /// <summary>A step has nothing to do in this case.</summary>
    public Refusal? Skip(StepKind kind, string reason)
    {
        if (IsClosed)
            return CaseRefusals.Closed;
        if (!IsActive(kind))
            return CaseRefusals.StepNotActive;
        Raise(new StepSkipped(Step(kind).Id, reason));
        Flow();
        return null;
    }

    /// <summary>A work order is confirmed; with the last one the step is done.</summary>
    public Refusal? ConfirmWork(Guid orderId, string task, bool last)
    {
        Raise(new WorkConfirmed(orderId, task));
        if (last && !IsClosed && IsActive(StepKind.WorkOrders))
            Raise(new StepDone(Step(StepKind.WorkOrders).Id));
        Flow();
        return null;
    }

    public Refusal? LeaveMessage(Guid textId, bool fromCustomer)
    {
        Raise(new MessageLeft(textId, fromCustomer));
        return null;
    }

    /// <summary>The customer has read and confirmed what ending does. Nothing waits for it, so it changes nothing but the history.</summary>
    public Refusal? ConfirmConsequences(Guid confirmationId, string sha256)
    {
        if (Blocked() is { } no)
            return no;
        Raise(new ConsequencesConfirmed(confirmationId, sha256));
        return null;
    }

    // ---- the machine --------------------------------------------------------------------------------------------------

    private Refusal? Blocked() =>
        IsClosed ? CaseRefusals.Closed
        : !IdentityIsProven ? CaseRefusals.IdentityFirst
        : null;

    private void Close(CaseOutcome outcome) => Raise(new CaseClosed(outcome));

    /// <summary>Starts every step whose predecessors have ended; the last one closes the case.</summary>
    private void Flow()
    {
        if (IsClosed)
            return;
        var procedure = Cases.Procedure.Find(Procedure, ProcedureVersion);
        foreach (var step in procedure.Steps)
        {
            if (_steps.First(s => s.Id == step.Id).State != StepState.Waiting)
                continue;
            if (!step.After.All(a => _steps.First(s => s.Id == a).HasEnded))
                continue;
            // A hold stops money and erasure, never the end of the service.
            if (State == CaseState.Held && step.Kind is (StepKind.OrderMoney or StepKind.Erase or StepKind.Close))
                continue;
            Raise(new StepStarted(step.Id));
            // Where the law forbids an offer the step is over before it began.
            if (step.Kind == StepKind.Offer && OfferForbiddenBy is { } law)
                Raise(new StepSkipped(step.Id, "law:" + law));
            if (step.Kind != StepKind.Close)
                continue;
            Raise(new StepDone(step.Id));
            Close(CaseOutcome.Executed);
        }
    }

    private void Raise(CaseEvent what)
    {
        var recorded = new RecordedEvent(Version + 1, _moment.At, _moment.BusinessAt, _moment.By, what);
        _raised.Add(recorded);
        Apply(recorded);
    }

    private void Apply(RecordedEvent recorded)
    {
        Version = recorded.Number;
        switch (recorded.What)
        {
            case CaseReceived e:
                (Number, Kind, Channel, Language, WishedOn, IntakeSubject) = (e.Number, e.Kind, e.Channel, e.Language, e.WishedOn, e.IntakeSubject);
                (Procedure, ProcedureVersion) = (e.Procedure, e.ProcedureVersion);
                (ReceivedAt, BusinessReceivedAt) = (recorded.At, recorded.BusinessAt);
                State = CaseState.Received;
                _steps = [.. Cases.Procedure.Find(e.Procedure, e.ProcedureVersion).Steps.Select(s => new StepProgress(s.Id, s.Kind, StepState.Waiting, null, null, null))];
                AddRequester(recorded.By);
                break;
            case IdentityProven e:
                (CustomerId, ContractId, UnitId, IdentityLevel) = (e.CustomerId, e.ContractId, e.UnitId, e.Level);
                (PolicyNumber, PolicyVersion, Zone) = (e.PolicyNumber, e.PolicyVersion, e.Zone);
                (EarliestOn, EffectiveOn) = (e.EarliestOn, e.EffectiveOn);
                (RulePacks, OfferForbiddenBy) = (e.RulePacks, e.OfferForbiddenBy);
                break;
            case CaseJoined e:
                JoinedInto = e.Into;
                break;
            case CaseAssigned e:
                AssignedTo = e.To;
                break;
            case TalkRecorded e:
                (Reason, ReasonDetail) = (e.Reason, e.Detail);
                break;
            case OfferMade e:
                OpenOfferId = e.OfferId;
                OfferAsked = true;
                AddRequester(recorded.By);
                break;
            case OfferAnswered or OfferExpired:
                OpenOfferId = null;
                break;
            case SettlementComputed e:
                (SettlementId, SettlementDigest, SettlementTotal, SettlementCurrency) = (e.SettlementId, e.Digest, e.Total, e.Currency);
                Approvals = "";
                AddRequester(recorded.By);
                Reopen(StepKind.Approve, recorded);
                break;
            case FactsChanged or LineAdded:
                AddRequester(recorded.By);
                break;
            case ApprovalGiven e:
                Approvals = Approvals.Length == 0 ? $"{e.Role}" : $"{Approvals},{e.Role}";
                break;
            case ApprovalReturned:
                Approvals = "";
                break;
            case CaseHeld e:
                (HoldReason, State) = (e.Reason, CaseState.Held);
                break;
            case CaseResumed:
                (State, HoldReason) = (StateFromSteps(), null);
                break;
            case StepStarted e:
                Set(e.Step, s => s with { State = StepState.Active, StartedAt = recorded.BusinessAt });
                break;
            case StepDone e:
                Set(e.Step, s => s with { State = StepState.Done, EndedAt = recorded.BusinessAt, Note = e.Reference });
                break;
            case StepSkipped e:
                Set(e.Step, s => s with { State = StepState.Skipped, EndedAt = recorded.BusinessAt, Note = e.Reason });
                break;
            case CaseClosed e:
                (Outcome, State, ClosedAt, OpenOfferId) = (e.Outcome, CaseState.Closed, recorded.At, null);
                break;
        }
        if (State is not (CaseState.Closed or CaseState.Held))
            State = StateFromSteps();
    }

    private CaseState StateFromSteps()
    {
        if (!IdentityIsProven)
            return _steps.Any(s => s.State == StepState.Active) ? CaseState.IdentityPending : CaseState.Received;
        if (Step(StepKind.Certify).HasEnded)
            return CaseState.WindingUp;
        if (Step(StepKind.WaitUntilDate).HasEnded)
            return CaseState.Executing;
        return Step(StepKind.Approve).HasEnded ? CaseState.Scheduled : CaseState.Open;
    }

    private void Reopen(StepKind kind, RecordedEvent recorded)
    {
        if (Step(kind).HasEnded)
            Set(Step(kind).Id, s => s with { State = StepState.Active, StartedAt = recorded.BusinessAt, EndedAt = null, Note = null });
    }

    private void AddRequester(string by)
    {
        if (by.StartsWith("staff:", StringComparison.Ordinal) && !Requesters.Split(' ').Contains(by))
            Requesters = Requesters.Length == 0 ? by : $"{Requesters} {by}";
    }

    private void Set(string step, Func<StepProgress, StepProgress> change) =>
        _steps = [.. _steps.Select(s => s.Id == step ? change(s) : s)];
}
