using System.Text.Json.Serialization;
using Exeunt.Core.Procedures;

namespace Exeunt.Core.Cases;

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

    /// <summary>Beside the others: money and erasure wait for a named reason, the end of the service does not.</summary>
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

/// <summary>What the talk of an offboarding came to.</summary>
public enum TalkResult
{
    /// <summary>It was a misunderstanding: the case ends.</summary>
    Cleared,

    /// <summary>Other terms were agreed: the case ends.</summary>
    ChangedTerms,

    /// <summary>An improvement agreement is made and observed.</summary>
    Improvement,

    /// <summary>The case goes on.</summary>
    GoesOn,
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
    /// <summary>Codes of the items that are done; null: none.</summary>
    public IReadOnlyList<string>? Items { get; init; }

    /// <summary>Codes of what an automatic check found, for people to look at; null: it has not looked yet.</summary>
    public IReadOnlyList<string>? Failed { get; init; }

    /// <summary>True once its due time has passed while it was open.</summary>
    public bool? Overdue { get; init; }

    /// <summary>For whom it waited up to the case's last event; null: nobody yet.</summary>
    public StepWaited? Waited { get; init; }

    public bool HasEnded => State is StepState.Done or StepState.Skipped;
}

/// <summary>
/// One ending, from its application to its last paper, on the procedure it started with. State changes only by the events it raises;
/// folding the events of a case gives the same case, which is tested after every scenario. This file holds the state and the machine;
/// the commands stand by topic in the files beside it.
/// </summary>
public sealed partial class ExitCase
{
    /// <summary>Days after which an application without proven identity lapses (business days are not meant).</summary>
    public const int IdentityDays = 30;

    private List<RecordedEvent> _raised = [];
    private List<StepProgress> _steps = [];
    private List<ApprovalRound> _rounds = [];
    private Moment _moment = null!;
    private FindProcedure _find = null!;

    private ExitCase() { }

    public Guid Id { get; private set; }

    /// <summary>Number for people, "T-2026-000123".</summary>
    public string Number { get; private set; } = "";
    public CaseKind Kind { get; private set; }
    public CaseState State { get; private set; }

    /// <summary>Why the case is held, comma separated; null: it is not.</summary>
    public string? HoldReason { get; private set; }

    /// <summary>Open disputes.</summary>
    public int Disputes { get; private set; }
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

    /// <summary>The customer's tier and party when the case came to them.</summary>
    public string? Tier { get; private set; }
    public string? Party { get; private set; }

    /// <summary>Identity assurance level reached (0 none, 1 one proof of possession, 2 two).</summary>
    public int IdentityLevel { get; private set; }
    public string? PolicyNumber { get; private set; }
    public int? PolicyVersion { get; private set; }

    /// <summary>The legal page on which it was declared ("germany 1"); null: it came another way.</summary>
    public string? Page { get; private set; }

    /// <summary>The ground the customer declared; null: a reason of their own.</summary>
    public Policies.Ground? Declared { get; private set; }

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
    public Guid? LinkedTo { get; private set; }
    public string? AssignedTo { get; private set; }
    public string? Reason { get; private set; }
    public string? ReasonDetail { get; private set; }

    /// <summary>The ground of an offboarding, and the digest of its frozen evidence.</summary>
    public string? Ground { get; private set; }
    public string? EvidenceDigest { get; private set; }
    public Guid? OpenOfferId { get; private set; }
    public bool OfferAsked { get; private set; }

    /// <summary>The proposal on the table of an ending by agreement.</summary>
    public Guid? ProposalId { get; private set; }
    public int ProposalNumber { get; private set; }
    public string? ProposalDigest { get; private set; }
    public bool ProposalByCustomer { get; private set; }
    public bool AgreedByCustomer { get; private set; }
    public bool AgreedByCompany { get; private set; }

    /// <summary>The signed agreement the settlement is computed from.</summary>
    public Guid? AgreementId { get; private set; }

    /// <summary>The last service day of the signed agreement, inclusive; null: none is signed.</summary>
    [JsonIgnore]
    public DateOnly? AgreedOn => AgreementId is null ? null : EffectiveOn;
    public Guid? SettlementId { get; private set; }
    public string? SettlementDigest { get; private set; }
    public long? SettlementTotal { get; private set; }
    public string? SettlementCurrency { get; private set; }
    public Guid? DecisionId { get; private set; }
    public string? DecisionDigest { get; private set; }

    /// <summary>Roles that approved the settlement in force, comma separated in order.</summary>
    public string Approvals { get; private set; } = "";

    /// <summary>Everyone who wrote part of what an approval binds or took the application; separated by spaces.</summary>
    public string Requesters { get; private set; } = "";

    /// <summary>Everyone who decided in this case: approvals given, objections judged; separated by spaces. They do not judge an appeal.</summary>
    public string Deciders { get; private set; } = "";

    /// <summary>The order of which lines come back; null in every other case.</summary>
    public Guid? OrderId { get; private set; }

    /// <summary>The law grants the return; whether a person decides on it; whether goods are sent back.</summary>
    public bool ReturnIsStatutory { get; private set; }
    public bool ReturnNeedsPerson { get; private set; }
    public bool ReturnComesBack { get; private set; }

    /// <summary>Last day for sending back, included.</summary>
    public DateOnly? SendBackBy { get; private set; }

    /// <summary>Last day for an objection to the notice, included.</summary>
    public DateOnly? ObjectUntil { get; private set; }
    public bool ObjectionOpen { get; private set; }
    public bool ObjectionMade { get; private set; }

    /// <summary>Last day of an improvement agreement, included.</summary>
    public DateOnly? CureUntil { get; private set; }
    public Guid? OpenAppealId { get; private set; }

    /// <summary>Last day for the answer to the open appeal, included.</summary>
    public DateOnly? AppealAnswerBy { get; private set; }

    /// <summary>A question to somebody above that waits for an answer.</summary>
    public string? AskedPerson { get; private set; }

    /// <summary>Business time of the first message of the customer that nobody has answered; null: none.</summary>
    public DateTimeOffset? UnansweredSince { get; private set; }
    public DateTimeOffset? ClosedAt { get; private set; }

    /// <summary>Number of events; also the version for optimistic concurrency.</summary>
    public int Version { get; private set; }

    public IReadOnlyList<StepProgress> Steps => _steps;

    /// <summary>The approvals of what is in force: one round for each subject.</summary>
    public IReadOnlyList<ApprovalRound> Rounds => _rounds;

    /// <summary>What was raised and not yet stored.</summary>
    public IReadOnlyList<RecordedEvent> Raised => _raised;

    public void MarkStored()
    {
        _raised.Clear();
        _ended.Clear();
    }

    public bool IsClosed => State == CaseState.Closed;

    public bool IsDisputed => Disputes > 0;

    public bool IdentityIsProven => IdentityLevel > 0;

    /// <summary>Whether it is known whose case it is: identity is proven, or the company opened it.</summary>
    public bool HasCustomer => CustomerId is not null;

    public IReadOnlyList<string> Holds => HoldReason?.Split(',') ?? [];

    /// <summary>
    /// A withdrawal was declared too late, or where there is no such right: the end itself waits too, since an ending with notice and fee is not
    /// what was declared. People refuse it with grounds, or lift the hold, and it goes on as an ordinary ending.
    /// </summary>
    public const string LateWithdrawal = "withdrawal-late";

    /// <summary>A claim on the insurance is open (未决赔案): erasure and closing wait for it, money and the end do not.</summary>
    public const string OpenClaim = "open-claim";

    /// <summary>Whether a hold stops money: any but that of an open claim.</summary>
    [JsonIgnore]
    public bool HoldsMoney => Holds.Any(h => h != OpenClaim);

    public IReadOnlyList<Role> ApprovedBy => [.. Approvals.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<Role>)];

    public StepProgress Step(string id) => _steps.First(s => s.Id == id);

    /// <summary>The step of a kind: the open one if there is one, else the first; null when the procedure has none.</summary>
    public StepProgress? Find(StepKind kind) => _steps.FirstOrDefault(s => s.Kind == kind && s.State == StepState.Active) ?? _steps.FirstOrDefault(s => s.Kind == kind);

    public bool IsActive(StepKind kind) => _steps.Any(s => s.Kind == kind && s.State == StepState.Active);

    public bool IsActive(string step) => _steps.Any(s => s.Id == step && s.State == StepState.Active);

    /// <summary>Whether every step of the kind has ended; true when the procedure has none.</summary>
    public bool HasEnded(StepKind kind) => _steps.Where(s => s.Kind == kind).All(s => s.HasEnded);

    /// <summary>The approvals of the settlement or decision in force; null before there is one.</summary>
    public ApprovalRound? Round(ApprovalSubject of) => _rounds.FirstOrDefault(r => r.Of == of);

    /// <summary>When and by whom a command happens.</summary>
    public sealed record Moment(DateTimeOffset At, DateTimeOffset BusinessAt, string By);

    /// <summary>Says who acts and when, before a command.</summary>
    public ExitCase With(Moment moment, FindProcedure find)
    {
        (_moment, _find) = (moment, find);
        return this;
    }

    /// <summary>A case from its events; equal to the row.</summary>
    public static ExitCase Fold(Guid id, IEnumerable<RecordedEvent> events, FindProcedure find)
    {
        var exit = new ExitCase { Id = id, _find = find };
        foreach (var recorded in events)
            exit.Apply(recorded);
        return exit;
    }

    /// <summary>The case from its events once more, over a row that was stored by an older version of the product.</summary>
    public void FoldAgain(IEnumerable<RecordedEvent> events, FindProcedure find)
    {
        (_find, _steps, _rounds, Approvals, Requesters, Deciders) = (find, [], [], "", "", "");
        (HoldReason, Disputes, IdentityLevel, CustomerId, CountedUntil) = (null, 0, 0, null, default);
        _ended.Clear();
        foreach (var recorded in events)
            Apply(recorded);
    }

    /// <summary>The same case, somebody else acting.</summary>
    public ExitCase With(Moment moment)
    {
        _moment = moment;
        return this;
    }

    /// <summary>The version of the procedure the case runs on.</summary>
    [JsonIgnore]
    public Procedure Plan => _find(Procedure, ProcedureVersion);

    /// <summary>
    /// Whether the service ends at once: the procedure says so, and the last service day is the day on which the application arrived.
    /// </summary>
    [JsonIgnore]
    public bool EndsAtOnce =>
        Zone is not null && Plan.Steps.Any(s => s.AtOnce)
        && EffectiveOn == DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(BusinessReceivedAt, TimeZoneInfo.FindSystemTimeZoneById(Zone)).DateTime);

    /// <summary>What conditions of steps look at.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<CaseFact, string> Facts
    {
        get
        {
            var known = new Dictionary<CaseFact, string>
            {
                [CaseFact.Channel] = $"{Channel}",
                [CaseFact.Level] = $"{IdentityLevel}",
            };
            void Add(CaseFact fact, string? value)
            {
                if (value is not null)
                    known[fact] = value;
            }
            Add(CaseFact.Tier, Tier);
            Add(CaseFact.Party, Party);
            Add(CaseFact.Ground, Ground);
            Add(CaseFact.Reason, ReasonDetail is null ? Reason : $"{Reason}/{ReasonDetail}");
            if (SettlementTotal is { } total)
                Add(CaseFact.Amount, $"{SettlementCurrency} {Money.Format(Math.Abs(total), Currency.MinorDigits(SettlementCurrency!))}");
            return known;
        }
    }

    /// <summary>Whether a step from which there is no way back has started. Money that turned out not to be owed is booked all the same.</summary>
    [JsonIgnore]
    public bool IsIrreversible =>
        Plan.Steps.Any(s => s.Irreversible && Step(s.Id).State is StepState.Active or StepState.Done) || _steps.Any(s => s is { Kind: StepKind.OrderMoney or StepKind.SettleReturn, StartedAt: not null });

    // ---- the machine --------------------------------------------------------------------------------------------------

    private Refusal? Blocked() =>
        IsClosed ? CaseRefusals.Closed
        : !HasCustomer ? CaseRefusals.IdentityFirst
        : null;

    /// <summary>Ends the case: open steps stay as they were, nothing else starts.</summary>
    private void Close(CaseOutcome outcome) => Raise(new CaseClosed(outcome));

    private void Finish(StepProgress step, string? reference = null) => Raise(new StepDone(step.Id, reference));

    /// <summary>Starts every step whose predecessors have ended, again until none does; the last one closes the case.</summary>
    private void Flow()
    {
        for (var more = true; more && !IsClosed;)
        {
            more = false;
            foreach (var step in Plan.Steps)
                more |= !IsClosed && (Start(step) || Complete(step));
        }
    }

    /// <summary>
    /// An approval that nothing is missing from (any more) is over: by the last one given, or because none is needed. So is a check-list
    /// whose items are all ticked, though another version of the procedure took the last one out.
    /// </summary>
    private bool Complete(ProcedureStep step)
    {
        if (step.Kind is StepKind.CheckList or StepKind.AutoCheck && IsActive(step.Id) && Step(step.Id).Items is { } ticked && step.Items.All(i => ticked.Contains(i.Code)))
        {
            Raise(new StepDone(step.Id));
            return true;
        }
        if (step.Kind != StepKind.Approve || !IsActive(step.Id) || _rounds.FirstOrDefault(r => r.Step == step.Id) is not { IsComplete: true } round)
            return false;
        Raise(new StepDone(step.Id, round.Stages.Count == 0 ? "within-limits" : null));
        return true;
    }

    private bool Start(ProcedureStep step)
    {
        if (step.OnDemand || Step(step.Id).State != StepState.Waiting || !step.After.All(LetsPass) || Stopped(step))
            return false;
        // Who the customer is comes first, unless it is the company's own case.
        if (!HasCustomer && step.Kind != StepKind.VerifyIdentity)
            return false;
        if (step.When.FirstOrDefault(c => !c.Holds(Facts)) is { } not)
        {
            Raise(new StepSkipped(step.Id, "condition:" + not.Fact));
            return true;
        }
        Raise(new StepStarted(step.Id));
        switch (step.Kind)
        {
            // Where the law forbids an offer the step is over before it began.
            case StepKind.Offer when OfferForbiddenBy is { } law:
                Raise(new StepSkipped(step.Id, "law:" + law));
                break;
            // What the law or the company's own promise grants is nobody's to decide; what does not come back is not waited for.
            case StepKind.AdmitReturn when !ReturnNeedsPerson:
                Raise(new StepSkipped(step.Id, ReturnIsStatutory ? "by-law" : "by-policy"));
                break;
            case StepKind.SendBack or StepKind.InspectReturn when !ReturnComesBack:
                Raise(new StepSkipped(step.Id, "nothing-comes-back"));
                break;
            case StepKind.Close:
                Raise(new StepDone(step.Id));
                Close(CaseOutcome.Executed);
                break;
        }
        return true;
    }

    /// <summary>
    /// A step that starts on demand and was not asked for holds nobody up longer than what stands before it, nor does a negotiation under way.
    /// </summary>
    private bool LetsPass(string before)
    {
        var step = Step(before);
        return step.HasEnded
            || ((step.Kind == StepKind.Negotiate || (step.Kind == StepKind.CurePeriod && step.State == StepState.Waiting)) && Plan.Step(before).After.All(LetsPass));
    }

    /// <summary>Whether what a step would do now waits for a hold, dispute, appeal or objection to end.</summary>
    public bool IsStopped(string step) => Stopped(Plan.Step(step));

    /// <summary>
    /// A hold stops money and erasure, never the end of the service, save that of a withdrawal too late; a dispute and an appeal stop erasure and closing; an objection
    /// that is not decided stops what could not be turned back, money among it. A refund that the law grants is stopped by none of them.
    /// </summary>
    private bool Stopped(ProcedureStep step) =>
        (step.Kind == StepKind.WaitUntilDate && Holds.Contains(LateWithdrawal))
        || (HoldsMoney && step.Kind == StepKind.OrderMoney)
        || (HoldReason is not null && step.Kind is StepKind.Erase or StepKind.Close)
        || ((IsDisputed || OpenAppealId is not null) && step.Kind is StepKind.Erase or StepKind.Close)
        || (ObjectionOpen && step.BarsTheWayBack)
        || (HoldsMoney && step.Kind == StepKind.SettleReturn && !ReturnIsStatutory);

    private void Raise(CaseEvent what)
    {
        var recorded = new RecordedEvent(Version + 1, _moment.At, _moment.BusinessAt, _moment.By, what);
        _raised.Add(recorded);
        Apply(recorded);
    }

    private void Apply(RecordedEvent recorded)
    {
        Version = recorded.Number;
        Count(recorded.BusinessAt);
        switch (recorded.What)
        {
            case CaseReceived e:
                (Number, Kind, Channel, Language, WishedOn, IntakeSubject) = (e.Number, e.Kind, e.Channel, e.Language, e.WishedOn, e.IntakeSubject);
                (Procedure, ProcedureVersion) = (e.Procedure, e.ProcedureVersion);
                (Page, Declared) = (e.Page, e.Declared);
                (ReceivedAt, BusinessReceivedAt) = (recorded.At, recorded.BusinessAt);
                State = CaseState.Received;
                _steps = [.. Plan.Steps.Select(Fresh)];
                AddRequester(recorded.By);
                break;
            case IdentityProven e:
                (CustomerId, ContractId, UnitId, IdentityLevel) = (e.CustomerId, e.ContractId, e.UnitId, e.Level);
                (PolicyNumber, PolicyVersion, Zone) = (e.PolicyNumber, e.PolicyVersion, e.Zone);
                (EarliestOn, EffectiveOn) = (e.EarliestOn, e.EffectiveOn);
                (RulePacks, OfferForbiddenBy, Tier, Party) = (e.RulePacks, e.OfferForbiddenBy, e.Tier, e.Party);
                if (e is { Procedure: { } own, ProcedureVersion: { } version })
                    GoOnUnder(own, version);
                break;
            case IdentityRaised e:
                IdentityLevel = e.Level;
                break;
            case OffboardingOpened e:
                (CustomerId, ContractId, UnitId) = (e.CustomerId, e.ContractId, e.UnitId);
                (PolicyNumber, PolicyVersion, Zone, RulePacks, Tier, Party) = (e.PolicyNumber, e.PolicyVersion, e.Zone, e.RulePacks, e.Tier, e.Party);
                (Ground, EvidenceDigest, EffectiveOn) = (e.Ground, e.EvidenceDigest, e.EffectiveOn);
                break;
            case ReturnClaimed e:
                (CustomerId, OrderId, UnitId, IdentityLevel) = (e.CustomerId, e.OrderId, e.UnitId, e.Level);
                (Zone, RulePacks, Tier, Party) = (e.Zone, e.RulePacks, e.Tier, e.Party);
                (ReturnIsStatutory, ReturnNeedsPerson, ReturnComesBack, SendBackBy) = (e.Statutory, e.NeedsPerson, e.ComesBack, e.SendBackBy);
                break;
            case ReturnAdmitted e:
                SendBackBy = e.SendBackBy;
                AddDecider(recorded.By);
                break;
            case ReturnInspected:
                AddDecider(recorded.By);
                break;
            case CaseJoined e:
                JoinedInto = e.Into;
                break;
            case CaseLinked e:
                LinkedTo = e.Other;
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
            case ProposalMade e:
                (ProposalId, ProposalNumber, ProposalDigest, ProposalByCustomer) = (e.ProposalId, e.ProposalNumber, e.Digest, e.ByCustomer);
                (AgreedByCustomer, AgreedByCompany) = (e.ByCustomer, !e.ByCustomer);
                if (!e.ByCustomer)
                    AddRequester(recorded.By);
                break;
            case ProposalConfirmed e:
                (AgreedByCustomer, AgreedByCompany) = (AgreedByCustomer || e.ByCustomer, AgreedByCompany || !e.ByCustomer);
                if (!e.ByCustomer)
                    AddRequester(recorded.By);
                break;
            case AgreementSigned e:
                AgreementId = e.ProposalId;
                break;
            case NegotiationEnded:
                (ProposalId, ProposalDigest) = (null, null);
                break;
            case EffectiveDateChanged e:
                EffectiveOn = e.On;
                break;
            case SettlementComputed e:
                (SettlementId, SettlementDigest, SettlementTotal, SettlementCurrency) = (e.SettlementId, e.Digest, e.Total, e.Currency);
                Approvals = "";
                AddRequester(recorded.By);
                OpenRound(ApprovalSubject.Settlement, e.Digest, e.Stages, recorded);
                break;
            case DecisionDrafted e:
                (DecisionId, DecisionDigest, Ground) = (e.DecisionId, e.Digest, e.Ground);
                AddRequester(recorded.By);
                OpenRound(ApprovalSubject.Decision, e.Digest, e.Stages, recorded);
                break;
            case FactsChanged or LineAdded:
                AddRequester(recorded.By);
                break;
            case DetailsChanged e:
                AddRequester(recorded.By);
                // Whoever approved paying did not approve paying there.
                if (e.What == "payout" && StepOf(ApprovalSubject.Settlement) is { } approval)
                {
                    Void(approval.Id);
                    Reopen(approval.Id, recorded);
                }
                break;
            case ApprovalGiven e:
                GiveApproval(e);
                break;
            case ApprovalReturned e:
                Void(e.Step);
                break;
            case ApprovalRecalled e:
                TakeBack(e.Step, e.By);
                Reopen(e.Step, recorded);
                break;
            case CaseHeld e:
                HoldReason = string.Join(',', Holds.Append(e.Reason));
                break;
            case CaseResumed e:
                HoldReason = e.Reason is { } ended && Holds.Where(h => h != ended).ToList() is { Count: > 0 } left ? string.Join(',', left) : null;
                break;
            case NoticeServed e:
                (EffectiveOn, ObjectUntil) = (e.EffectiveOn, e.ObjectUntil);
                break;
            case Cases.ObjectionMade:
                (ObjectionOpen, ObjectionMade) = (true, true);
                break;
            case ObjectionDecided:
                ObjectionOpen = false;
                AddDecider(recorded.By);
                break;
            case CureAgreed e:
                CureUntil = e.UntilOn;
                break;
            case DisputeOpened:
                Disputes++;
                break;
            case DisputeClosed:
                Disputes--;
                break;
            case AppealMade e:
                (OpenAppealId, AppealAnswerBy) = (e.AppealId, e.AnswerBy);
                break;
            case AppealDecided:
                (OpenAppealId, AppealAnswerBy) = (null, null);
                AddDecider(recorded.By);
                break;
            case MessageLeft e:
                UnansweredSince = e.FromCustomer ? UnansweredSince ?? recorded.BusinessAt : null;
                break;
            case AskedUpwards e:
                AskedPerson = e.To;
                break;
            case AnsweredUpwards:
                AskedPerson = null;
                break;
            case ProcedureChanged e:
                GoOnUnder(Procedure, e.Version);
                break;
            case StepStarted e:
                Set(e.Step, s => s with { State = StepState.Active, StartedAt = recorded.BusinessAt });
                break;
            case StepDone e:
                End(e.Step, StepEnd.Done, recorded);
                Set(e.Step, s => s with { State = StepState.Done, EndedAt = recorded.BusinessAt, Note = e.Reference });
                break;
            case StepSkipped e:
                End(e.Step, StepEnd.Skipped, recorded);
                Set(e.Step, s => s with { State = StepState.Skipped, EndedAt = recorded.BusinessAt, Note = e.Reason });
                break;
            case StepOverdue e:
                Set(e.Step, s => s with { Overdue = true });
                break;
            case CheckFailed e:
                Set(e.Step, s => s with { Failed = e.Items });
                break;
            case ItemDone e:
                Set(e.Step, s => s with { Items = [.. (s.Items ?? []).Append(e.Item).Distinct()] });
                break;
            case CaseClosed e:
                EndAll(recorded);
                (Outcome, State, ClosedAt, OpenOfferId, ObjectionOpen) = (e.Outcome, CaseState.Closed, recorded.At, null, false);
                break;
        }
        if (State != CaseState.Closed)
            State = HoldsMoney ? CaseState.Held : StateFromSteps();
    }

    /// <summary>The steps are those of another procedure or version; what has begun keeps where it stands.</summary>
    private void GoOnUnder(string procedure, int version)
    {
        (Procedure, ProcedureVersion) = (procedure, version);
        _steps = [.. Plan.Steps.Select(s => _steps.FirstOrDefault(old => old.Id == s.Id && old.Kind == s.Kind) ?? Fresh(s))];
    }

    private static StepProgress Fresh(ProcedureStep step) => new(step.Id, step.Kind, StepState.Waiting, null, null, null);

    /// <summary>The state a case would have if it were not held.</summary>
    private CaseState StateFromSteps()
    {
        if (!HasCustomer)
            return _steps.Any(s => s.State == StepState.Active) ? CaseState.IdentityPending : CaseState.Received;
        if (_steps.Any(s => s.Kind == StepKind.Certify && s.HasEnded))
            return CaseState.WindingUp;
        var wait = _steps.FirstOrDefault(s => s.Kind == StepKind.WaitUntilDate);
        if (wait is null && OrderId is not null)
            return _steps.Any(s => s is { Kind: StepKind.SettleReturn, HasEnded: true }) ? CaseState.WindingUp
                : _steps.Any(s => s.Kind is StepKind.InspectReturn or StepKind.SettleReturn && s.State is StepState.Active or StepState.Done) ? CaseState.Executing
                : CaseState.Open;
        if (wait is null || wait.HasEnded)
            return CaseState.Executing;
        return wait.State == StepState.Active && _steps.Where(s => s.Kind == StepKind.Approve && !Plan.IsAfter(s.Id, wait.Id)).All(s => s.HasEnded)
            ? CaseState.Scheduled
            : CaseState.Open;
    }

    /// <summary>Whoever writes something that approvals bind is not an approver of it any more.</summary>
    private void AddRequester(string by)
    {
        Requesters = Add(Requesters, by);
        foreach (var round in _rounds.Where(r => !Step(r.Step).HasEnded))
            TakeBack(round.Step, by);
    }

    private void AddDecider(string by) => Deciders = Add(Deciders, by);

    private static string Add(string people, string by) =>
        !by.StartsWith("staff:", StringComparison.Ordinal) || people.Split(' ').Contains(by) ? people : people.Length == 0 ? by : $"{people} {by}";

    private void Set(string step, Func<StepProgress, StepProgress> change) =>
        _steps = [.. _steps.Select(s => s.Id == step ? change(s) : s)];
}
