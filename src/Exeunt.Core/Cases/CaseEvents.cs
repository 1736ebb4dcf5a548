using System.Text.Json.Serialization;

namespace Exeunt.Core.Cases;

/// <summary>
/// Something that happened in a case. Events hold ids of personal texts, never the texts, so that the history can be folded
/// after an erasure too.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(CaseReceived), "received")]
[JsonDerivedType(typeof(IdentityProven), "identity-proven")]
[JsonDerivedType(typeof(CaseAssigned), "assigned")]
[JsonDerivedType(typeof(TalkRecorded), "talk-recorded")]
[JsonDerivedType(typeof(OfferMade), "offer-made")]
[JsonDerivedType(typeof(OfferAnswered), "offer-answered")]
[JsonDerivedType(typeof(OfferExpired), "offer-expired")]
[JsonDerivedType(typeof(SettlementComputed), "settlement-computed")]
[JsonDerivedType(typeof(ApprovalGiven), "approval-given")]
[JsonDerivedType(typeof(ApprovalReturned), "approval-returned")]
[JsonDerivedType(typeof(CaseHeld), "held")]
[JsonDerivedType(typeof(CaseResumed), "resumed")]
[JsonDerivedType(typeof(CaseWithdrawn), "withdrawn")]
[JsonDerivedType(typeof(CaseLapsed), "lapsed")]
[JsonDerivedType(typeof(CaseJoined), "joined")]
[JsonDerivedType(typeof(StepStarted), "step-started")]
[JsonDerivedType(typeof(StepDone), "step-done")]
[JsonDerivedType(typeof(StepSkipped), "step-skipped")]
[JsonDerivedType(typeof(WorkConfirmed), "work-confirmed")]
[JsonDerivedType(typeof(CaseClosed), "closed")]
[JsonDerivedType(typeof(MessageLeft), "message-left")]
[JsonDerivedType(typeof(FactsChanged), "facts-changed")]
[JsonDerivedType(typeof(LineAdded), "line-added")]
[JsonDerivedType(typeof(LineApproved), "line-approved")]
[JsonDerivedType(typeof(LineContested), "line-contested")]
[JsonDerivedType(typeof(LineDecided), "line-decided")]
[JsonDerivedType(typeof(ConsequencesConfirmed), "consequences-confirmed")]
public abstract record CaseEvent;

/// <summary>The application arrived. <paramref name="IntakeSubject"/> is the (negative) number under which what was typed is sealed.</summary>
public sealed record CaseReceived(
    string Number, CaseKind Kind, string Procedure, int ProcedureVersion, Channel Channel, string Language, DateOnly? WishedOn, long IntakeSubject
) : CaseEvent;

/// <summary>Possession of a contact on file was proven; from here the case belongs to a customer and a contract.</summary>
/// <param name="EffectiveOn">Last service day.</param>
/// <param name="RulePacks">Names of the rule packs in force at receipt, comma separated: "EU 1,DE 1"; "" in cases from before there were any.</param>
/// <param name="OfferForbiddenBy">Rule that forbids an offer to this customer; null: an offer may be made.</param>
public sealed record IdentityProven(
    long CustomerId, long ContractId, int UnitId, int Level, string Method, string PolicyNumber, int PolicyVersion, string Zone,
    DateOnly EarliestOn, DateOnly EffectiveOn, string RulePacks = "", string? OfferForbiddenBy = null
) : CaseEvent;

public sealed record CaseAssigned(string To) : CaseEvent;

/// <summary>A talk: reason on two levels, by which channel, how long; own words are a personal text.</summary>
/// <param name="StartedAt">When it began, in business time; null in events from before that was asked.</param>
public sealed record TalkRecorded(string Reason, string? Detail, string Channel, int Minutes, Guid? TextId, DateTimeOffset? StartedAt = null) : CaseEvent;

public sealed record OfferMade(Guid OfferId, string OfferKind) : CaseEvent;

public sealed record OfferAnswered(Guid OfferId, bool Accepted) : CaseEvent;

/// <summary>Nobody answered the offer in time.</summary>
public sealed record OfferExpired(Guid OfferId) : CaseEvent;

/// <summary>The settlement in force; <paramref name="Digest"/> (SHA-256, hex) is what approvals bind.</summary>
public sealed record SettlementComputed(Guid SettlementId, string Digest, long Total, string Currency) : CaseEvent;

public sealed record ApprovalGiven(string Step, Role Role, string By, string Digest) : CaseEvent;

public sealed record ApprovalReturned(string Step, Role Role, string By, Guid? TextId) : CaseEvent;

public sealed record CaseHeld(string Reason) : CaseEvent;

public sealed record CaseResumed : CaseEvent;

public sealed record CaseWithdrawn : CaseEvent;

public sealed record CaseLapsed(string Reason) : CaseEvent;

/// <summary>The same contract is being ended already: this application goes on in that case.</summary>
public sealed record CaseJoined(Guid Into) : CaseEvent;

public sealed record StepStarted(string Step) : CaseEvent;

/// <summary>A step ended; <paramref name="Reference"/> is what it made (a document id, an order id, a serial).</summary>
public sealed record StepDone(string Step, string? Reference = null) : CaseEvent;

public sealed record StepSkipped(string Step, string Reason) : CaseEvent;

/// <summary>A named person confirmed a work order; <paramref name="Task"/> says which.</summary>
public sealed record WorkConfirmed(Guid OrderId, string Task) : CaseEvent;

public sealed record CaseClosed(CaseOutcome Outcome) : CaseEvent;

/// <summary>A message between the customer and the company; the words are a personal text.</summary>
public sealed record MessageLeft(Guid TextId, bool FromCustomer) : CaseEvent;

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

/// <summary>An event with its place in the case, its real and business time and who caused it.</summary>
public sealed record RecordedEvent(int Number, DateTimeOffset At, DateTimeOffset BusinessAt, string By, CaseEvent What);
