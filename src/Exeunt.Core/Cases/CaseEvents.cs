using System.Text.Json.Serialization;
using Exeunt.Core.Policies;

namespace Exeunt.Core.Cases;

/// <summary>
/// Something that happened in a case. Events hold ids of personal texts, never the texts, so that the history can be folded
/// after an erasure too.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(CaseReceived), "received")]
[JsonDerivedType(typeof(IdentityProven), "identity-proven")]
[JsonDerivedType(typeof(IdentityRaised), "identity-raised")]
[JsonDerivedType(typeof(OffboardingOpened), "offboarding-opened")]
[JsonDerivedType(typeof(CaseAssigned), "assigned")]
[JsonDerivedType(typeof(TalkRecorded), "talk-recorded")]
[JsonDerivedType(typeof(TalkConcluded), "talk-concluded")]
[JsonDerivedType(typeof(OfferMade), "offer-made")]
[JsonDerivedType(typeof(OfferAnswered), "offer-answered")]
[JsonDerivedType(typeof(OfferExpired), "offer-expired")]
[JsonDerivedType(typeof(ProposalMade), "proposal-made")]
[JsonDerivedType(typeof(ProposalConfirmed), "proposal-confirmed")]
[JsonDerivedType(typeof(AgreementSigned), "agreement-signed")]
[JsonDerivedType(typeof(NegotiationEnded), "negotiation-ended")]
[JsonDerivedType(typeof(EffectiveDateChanged), "effective-date-changed")]
[JsonDerivedType(typeof(SettlementComputed), "settlement-computed")]
[JsonDerivedType(typeof(DecisionDrafted), "decision-drafted")]
[JsonDerivedType(typeof(ApprovalGiven), "approval-given")]
[JsonDerivedType(typeof(ApprovalReturned), "approval-returned")]
[JsonDerivedType(typeof(ApprovalRecalled), "approval-recalled")]
[JsonDerivedType(typeof(MoneyReleased), "money-released")]
[JsonDerivedType(typeof(CaseHeld), "held")]
[JsonDerivedType(typeof(CaseResumed), "resumed")]
[JsonDerivedType(typeof(DetailsChanged), "details-changed")]
[JsonDerivedType(typeof(DetailsStopped), "details-stopped")]
[JsonDerivedType(typeof(CaseWithdrawn), "withdrawn")]
[JsonDerivedType(typeof(CaseLapsed), "lapsed")]
[JsonDerivedType(typeof(CaseJoined), "joined")]
[JsonDerivedType(typeof(CaseLinked), "linked")]
[JsonDerivedType(typeof(CaseRefused), "refused")]
[JsonDerivedType(typeof(StepStarted), "step-started")]
[JsonDerivedType(typeof(StepDone), "step-done")]
[JsonDerivedType(typeof(StepSkipped), "step-skipped")]
[JsonDerivedType(typeof(StepOverdue), "step-overdue")]
[JsonDerivedType(typeof(CheckFailed), "check-failed")]
[JsonDerivedType(typeof(ItemDone), "item-done")]
[JsonDerivedType(typeof(WorkConfirmed), "work-confirmed")]
[JsonDerivedType(typeof(WorkWaived), "work-waived")]
[JsonDerivedType(typeof(NoticeServed), "notice-served")]
[JsonDerivedType(typeof(ObjectionMade), "objection-made")]
[JsonDerivedType(typeof(ObjectionDecided), "objection-decided")]
[JsonDerivedType(typeof(CureAgreed), "cure-agreed")]
[JsonDerivedType(typeof(CureJudged), "cure-judged")]
[JsonDerivedType(typeof(CaseCured), "cured")]
[JsonDerivedType(typeof(DecisionReversed), "decision-reversed")]
[JsonDerivedType(typeof(DisputeOpened), "dispute-opened")]
[JsonDerivedType(typeof(DisputeClosed), "dispute-closed")]
[JsonDerivedType(typeof(AppealMade), "appeal-made")]
[JsonDerivedType(typeof(AppealDecided), "appeal-decided")]
[JsonDerivedType(typeof(ProcedureChanged), "procedure-changed")]
[JsonDerivedType(typeof(CaseClosed), "closed")]
[JsonDerivedType(typeof(MessageLeft), "message-left")]
[JsonDerivedType(typeof(AskedUpwards), "asked-upwards")]
[JsonDerivedType(typeof(AnsweredUpwards), "answered-upwards")]
[JsonDerivedType(typeof(FactsChanged), "facts-changed")]
[JsonDerivedType(typeof(LineAdded), "line-added")]
[JsonDerivedType(typeof(LineApproved), "line-approved")]
[JsonDerivedType(typeof(LineContested), "line-contested")]
[JsonDerivedType(typeof(LineDecided), "line-decided")]
[JsonDerivedType(typeof(ConsequencesConfirmed), "consequences-confirmed")]
[JsonDerivedType(typeof(ReturnClaimed), "return-claimed")]
[JsonDerivedType(typeof(ReturnAdmitted), "return-admitted")]
[JsonDerivedType(typeof(ReturnSent), "return-sent")]
[JsonDerivedType(typeof(ParcelReceived), "parcel-received")]
[JsonDerivedType(typeof(ReturnInspected), "return-inspected")]
[JsonDerivedType(typeof(ReturnSettled), "return-settled")]
[JsonDerivedType(typeof(ResultConfirmed), "result-confirmed")]
[JsonDerivedType(typeof(ResultContested), "result-contested")]
public abstract record CaseEvent;

/// <summary>The application arrived. <paramref name="IntakeSubject"/> is the (negative) number under which what was typed is sealed.</summary>
/// <param name="Page">The legal page on which it was declared, with its version: "germany 1"; null: it was none.</param>
/// <param name="Declared">The ground the customer declared; null: a reason of their own.</param>
public sealed record CaseReceived(
    string Number, CaseKind Kind, string Procedure, int ProcedureVersion, Channel Channel, string Language, DateOnly? WishedOn, long IntakeSubject,
    string? Page = null, Ground? Declared = null
) : CaseEvent;

/// <summary>Possession of a contact on file was proven; from here the case belongs to a customer and a contract.</summary>
/// <param name="EffectiveOn">Last service day.</param>
/// <param name="RulePacks">Names of the rule packs in force at receipt, comma separated: "EU 1,DE 1"; "" in cases from before there were any.</param>
/// <param name="OfferForbiddenBy">Rule that forbids an offer to this customer; null: an offer may be made.</param>
/// <param name="Tier">The customer's tier at receipt; null in cases from before it was kept.</param>
/// <param name="Procedure">The procedure of the contract's policy, on which the case goes on; null: the one it began with.</param>
public sealed record IdentityProven(
    long CustomerId, long ContractId, int UnitId, int Level, string Method, string PolicyNumber, int PolicyVersion, string Zone,
    DateOnly EarliestOn, DateOnly EffectiveOn, string RulePacks = "", string? OfferForbiddenBy = null, string? Tier = null, string? Party = null,
    string? Procedure = null, int? ProcedureVersion = null
) : CaseEvent;

/// <summary>More was proven than before: a second factor, a document, an authority.</summary>
public sealed record IdentityRaised(int Level, string Method) : CaseEvent;

/// <summary>The company opens an offboarding; the evidence is frozen under its digest (SHA-256, hex).</summary>
/// <param name="EffectiveOn">Only for an immediate ending: the day it takes effect; otherwise the notice sets it.</param>
public sealed record OffboardingOpened(
    long CustomerId, long ContractId, int UnitId, string PolicyNumber, int PolicyVersion, string Zone, string RulePacks, string? Tier, string? Party,
    string Ground, string EvidenceDigest, DateOnly? EffectiveOn
) : CaseEvent;

public sealed record CaseAssigned(string To) : CaseEvent;

/// <summary>A talk: reason on two levels, by which channel, how long; own words are a personal text.</summary>
/// <param name="StartedAt">When it began, in business time; null in events from before that was asked.</param>
public sealed record TalkRecorded(string Reason, string? Detail, string Channel, int Minutes, Guid? TextId, DateTimeOffset? StartedAt = null) : CaseEvent;

/// <summary>What the talk of an offboarding came to.</summary>
public sealed record TalkConcluded(TalkResult Result, Guid? TextId) : CaseEvent;

public sealed record OfferMade(Guid OfferId, string OfferKind) : CaseEvent;

public sealed record OfferAnswered(Guid OfferId, bool Accepted) : CaseEvent;

/// <summary>Nobody answered the offer in time.</summary>
public sealed record OfferExpired(Guid OfferId) : CaseEvent;

/// <summary>A numbered proposal for an ending by agreement; <paramref name="Digest"/> is of its terms.</summary>
public sealed record ProposalMade(Guid ProposalId, int ProposalNumber, bool ByCustomer, string Digest) : CaseEvent;

public sealed record ProposalConfirmed(Guid ProposalId, bool ByCustomer, string Digest) : CaseEvent;

/// <summary>Both sides confirmed the same proposal: from here the settlement is computed from it.</summary>
public sealed record AgreementSigned(Guid ProposalId, Guid? DocumentId, string Digest) : CaseEvent;

/// <summary>No agreement by the date set: the case goes on under the policy.</summary>
public sealed record NegotiationEnded(string Reason) : CaseEvent;

public sealed record EffectiveDateChanged(DateOnly On, string Because) : CaseEvent;

/// <summary>The settlement in force; <paramref name="Digest"/> (SHA-256, hex) is what approvals bind.</summary>
/// <param name="Stages">Who approves it, stage by stage; null: the roles of the procedure's step, in parallel.</param>
public sealed record SettlementComputed(
    Guid SettlementId, string Digest, long Total, string Currency, IReadOnlyList<IReadOnlyList<Approver>>? Stages = null
) : CaseEvent;

/// <summary>A proposal to end the relationship, with its ground and reasons; <paramref name="Digest"/> is what approvals bind.</summary>
/// <param name="Stages">As of a settlement.</param>
public sealed record DecisionDrafted(Guid DecisionId, string Digest, string Ground, IReadOnlyList<IReadOnlyList<Approver>>? Stages = null) : CaseEvent;

/// <param name="OnBehalfOf">The absent person who delegated it; null: for oneself.</param>
public sealed record ApprovalGiven(string Step, Role Role, string By, string Digest, string? OnBehalfOf = null, Guid? TextId = null) : CaseEvent;

public sealed record ApprovalReturned(string Step, Role Role, string By, Guid? TextId) : CaseEvent;

/// <summary>Somebody took their own approval back before anything followed from it.</summary>
public sealed record ApprovalRecalled(string Step, string By) : CaseEvent;

/// <summary>A person released a payment that waits for one.</summary>
public sealed record MoneyReleased(string Step, string By) : CaseEvent;

public sealed record CaseHeld(string Reason) : CaseEvent;

/// <param name="Reason">Which hold ended; null: all (cases from before there could be several).</param>
public sealed record CaseResumed(string? Reason = null) : CaseEvent;

/// <summary>A contact or the payout account was changed in the case, which holds it.</summary>
/// <param name="What">"contact" or "payout".</param>
/// <param name="HeldUntil">Business time until which payout, release of numbers and erasure wait.</param>
public sealed record DetailsChanged(string What, DateTimeOffset HeldUntil) : CaseEvent;

/// <summary>A change of contact or account was stopped before it counted.</summary>
/// <param name="What">"contact" or "payout".</param>
/// <param name="TextId">The words of the member of staff who stopped it; null: the customer did.</param>
public sealed record DetailsStopped(string What, Guid? TextId = null) : CaseEvent;

public sealed record CaseWithdrawn : CaseEvent;

public sealed record CaseLapsed(string Reason) : CaseEvent;

/// <summary>The same contract is being ended already: this application goes on in that case.</summary>
public sealed record CaseJoined(Guid Into) : CaseEvent;

/// <summary>Another case belongs to this one: "reopened", "re-signed", "joined".</summary>
public sealed record CaseLinked(Guid Other, string Relation) : CaseEvent;

/// <summary>Refused with a ground; the reasons are a personal text.</summary>
public sealed record CaseRefused(string Ground, Guid? TextId) : CaseEvent;

public sealed record StepStarted(string Step) : CaseEvent;

/// <summary>A step ended; <paramref name="Reference"/> is what it made (a document id, an order id, a serial).</summary>
public sealed record StepDone(string Step, string? Reference = null) : CaseEvent;

public sealed record StepSkipped(string Step, string Reason) : CaseEvent;

/// <summary>The due time of a step is over; those who are told.</summary>
public sealed record StepOverdue(string Step, IReadOnlyList<Role> Told) : CaseEvent;

/// <summary>An automatic check found something, by its codes (<see cref="Procedures.AutomaticCheck"/>); people go through it.</summary>
public sealed record CheckFailed(string Step, IReadOnlyList<string> Items) : CaseEvent;

/// <summary>An item of a check-list or of the formalities is done.</summary>
/// <param name="State">"done", "missing", "waived", or "passed" by the system.</param>
public sealed record ItemDone(string Step, string Item, string State, Guid? TextId = null) : CaseEvent;

/// <summary>A named person or a system's signed call-back confirmed a work order; <paramref name="Task"/> says which.</summary>
public sealed record WorkConfirmed(Guid OrderId, string Task, string? Step = null) : CaseEvent;

/// <summary>A named person decided that a work order need not be done.</summary>
public sealed record WorkWaived(Guid OrderId, string Task, string Step, Guid TextId) : CaseEvent;

/// <summary>The notice of an offboarding reached the customer; it sets the last day and the time to object.</summary>
/// <param name="ObjectUntil">Last day for an objection, included.</param>
public sealed record NoticeServed(string Step, Guid DocumentId, DateOnly EffectiveOn, DateOnly ObjectUntil) : CaseEvent;

public sealed record ObjectionMade(Guid TextId) : CaseEvent;

public sealed record ObjectionDecided(bool Upheld, Guid TextId) : CaseEvent;

/// <summary>An improvement agreement: what is to be reached is in the case's texts; observed until a day (included).</summary>
public sealed record CureAgreed(Guid AgreementId, DateOnly UntilOn) : CaseEvent;

public sealed record CureJudged(bool Met, Guid? TextId) : CaseEvent;

/// <summary>What led to the ending was put right before anything irreversible was done: everything is turned back.</summary>
public sealed record CaseCured(Guid? TextId) : CaseEvent;

/// <summary>The review of an immediate ending found it wrong.</summary>
public sealed record DecisionReversed(string By, Guid TextId) : CaseEvent;

/// <param name="Forum">"lawyer", "regulator", "arbitration" or "court".</param>
public sealed record DisputeOpened(Guid DisputeId, string Forum, long Contested) : CaseEvent;

public sealed record DisputeClosed(Guid DisputeId, string Result) : CaseEvent;

public sealed record AppealMade(Guid AppealId, Guid TextId, DateOnly AnswerBy) : CaseEvent;

public sealed record AppealDecided(Guid AppealId, bool Upheld, Guid TextId) : CaseEvent;

/// <summary>The case goes on under another version of its procedure, for a stated reason.</summary>
public sealed record ProcedureChanged(int Version, string Reason) : CaseEvent;

public sealed record CaseClosed(CaseOutcome Outcome) : CaseEvent;

/// <summary>A message between the customer and the company; the words are a personal text.</summary>
public sealed record MessageLeft(Guid TextId, bool FromCustomer) : CaseEvent;

/// <summary>A question or report to somebody above (向上级汇报).</summary>
public sealed record AskedUpwards(Guid TextId, string To) : CaseEvent;

public sealed record AnsweredUpwards(Guid TextId) : CaseEvent;

/// <summary>The facts of the end were changed; <paramref name="Facts"/> is their version.</summary>
public sealed record FactsChanged(int Facts) : CaseEvent;

/// <summary>Somebody added a line to the settlement.</summary>
public sealed record LineAdded(Guid LineId, CaseLineKind Kind) : CaseEvent;

/// <summary>A credit was approved; not <paramref name="Complete"/>: a second approval is still missing.</summary>
public sealed record LineApproved(Guid LineId, bool Complete) : CaseEvent;

/// <summary>The customer objects to a line; the words are a personal text.</summary>
public sealed record LineContested(Guid LineId, Guid TextId) : CaseEvent;

/// <summary>A line was refused, upheld, dropped or taken back.</summary>
public sealed record LineDecided(Guid LineId, CaseLineState State, Guid? TextId) : CaseEvent;

/// <summary>The customer confirmed what ending does; <paramref name="Sha256"/> is of the text they were shown.</summary>
public sealed record ConsequencesConfirmed(Guid ConfirmationId, string Sha256) : CaseEvent;

/// <summary>A customer cancels, returns or exchanges lines of an order.</summary>
/// <param name="Statutory">The law grants it: nobody is asked.</param>
/// <param name="NeedsPerson">Nothing grants it: a person decides.</param>
/// <param name="ComesBack">Goods are sent back.</param>
/// <param name="SendBackBy">Last day for sending them, included; null: nothing comes back, or a person decides first.</param>
public sealed record ReturnClaimed(
    long CustomerId, Guid OrderId, int UnitId, int Level, string Method, string Zone, string RulePacks, string? Tier, string? Party, bool Statutory, bool NeedsPerson, bool ComesBack, DateOnly? SendBackBy
) : CaseEvent;

/// <summary>A person agreed to a return that nothing grants.</summary>
public sealed record ReturnAdmitted(DateOnly? SendBackBy, Guid? TextId) : CaseEvent;

/// <summary>The customer says when the goods were sent; the carrier's number is a personal text.</summary>
public sealed record ReturnSent(DateOnly On, Guid? TextId) : CaseEvent;

/// <param name="On">Civil date; the time for the refund runs from it.</param>
public sealed record ParcelReceived(DateOnly On) : CaseEvent;

/// <summary>What came back was looked at; pieces of all lines together.</summary>
public sealed record ReturnInspected(int Accepted, int Rejected) : CaseEvent;

/// <summary>Money, stock and invoice of the return are booked, minor units of the order's currency.</summary>
/// <param name="Refund">What goes back to the customer; negative: what they pay for an exchange.</param>
public sealed record ReturnSettled(long Refund, string Currency) : CaseEvent;

/// <param name="ByTime">Nobody said in time that it was wrong.</param>
public sealed record ResultConfirmed(bool ByTime) : CaseEvent;

/// <summary>The customer says what is wrong; another person looks again, in the case <paramref name="Again"/>.</summary>
public sealed record ResultContested(Guid TextId, Guid Again) : CaseEvent;

/// <summary>An event with its place in the case, its real and business time and who caused it.</summary>
public sealed record RecordedEvent(int Number, DateTimeOffset At, DateTimeOffset BusinessAt, string By, CaseEvent What);
