using System.Text.Json;

namespace Exeunt.App.Features.OwnData;

// The lists that came to the package after its first shape. In each, "case" is the number of the case; what a state or reason is called is a code,
// what it means stands beside it in the customer's language where it is not plain.

/// <summary>An order of articles.</summary>
/// <param name="Number">Absent: erased.</param>
/// <param name="Discount">Of the whole order.</param>
public sealed record OwnOrder(
    Guid Id, string? Number, DateOnly OrderedOn, string Zone, string Jurisdiction, string Party, bool Distance, DateOnly? InformedOn, bool FreeReturns, OwnAmount Discount, OwnAmount Freight, string? InvoiceNumber,
    IReadOnlyList<OwnOrderLine> Lines, IReadOnlyList<OwnOrderPayment> Payments);

/// <param name="Paid">For all pieces, after the line's share of discounts.</param>
/// <param name="Returned">Pieces that are on their way back or came back; of them <paramref name="Refunded"/> were refunded or exchanged.</param>
/// <param name="ExchangedFor">The line it was sent in exchange for; absent: it was ordered.</param>
public sealed record OwnOrderLine(
    int Number, string Product, string Name, string Kind, int Quantity, OwnAmount UnitPrice, OwnAmount Paid, OwnAmount FreightShare, string TaxRate, DateOnly? ShippedOn, DateOnly? DeliveredOn, int Returned, int Refunded,
    int? ExchangedFor);

/// <param name="Ends">The last four characters of card, account or wallet.</param>
public sealed record OwnOrderPayment(int Number, string Means, OwnAmount Amount, DateOnly? PaidOn, OwnAmount Refunded, string? Ends);

/// <param name="Order">Number of the order.</param>
/// <param name="Total">Above 0 it goes to the customer.</param>
public sealed record OwnReturn(
    string? Case, string? Order, string Wish, DateOnly DeclaredOn, DateOnly? SentOn, DateOnly? ReceivedOn, DateOnly? RefundBy, OwnAmount Goods, OwnAmount Freight, OwnAmount Deducted, OwnAmount Exchanged, OwnAmount Total,
    string? ExchangeProduct, DateTimeOffset? SettledAt, DateOnly? ConfirmBy, string? CreditNote, IReadOnlyList<OwnReturnLine> Lines);

public sealed record OwnReturnLine(
    int Line, int Quantity, string Reason, string? Words, string Basis, string? Rule, DateOnly? LastDay, string ReturnFreight, int? Accepted, int? Rejected, string? Condition, string? Ground, string? Finding, string? Fate,
    DateOnly? FateOn, string? DeductedShare, OwnAmount Goods, OwnAmount Freight, OwnAmount Deducted);

/// <summary>A row of the history as its source told it.</summary>
/// <param name="Value">Of what is no money: minutes, times, hundredths of a point.</param>
/// <param name="Verdict">Of a complaint.</param>
/// <param name="Kept">Of a promise.</param>
/// <param name="CountsUntil">Of a rating.</param>
public sealed record OwnFactLine(DateOnly On, string Kind, OwnAmount? Amount, long? Value, string? ProductLine, DateOnly? DueOn, string? Verdict, bool? Kept, DateOnly? CountsUntil);

public sealed record OwnProductMonth(string ProductLine, string Month, OwnAmount Ordered, OwnAmount Returned, OwnAmount Adjusted, int Orders);

/// <summary>A document whose rows were replaced or cancelled.</summary>
public sealed record OwnCorrection(DateTimeOffset At, int Removed, OwnAmount Amount);

/// <summary>Something charged after the end.</summary>
/// <param name="Words">Why it is owed all the same.</param>
public sealed record OwnLateCharge(string? Case, DateOnly On, OwnAmount Amount, DateTimeOffset FoundAt, string State, string? Words, DateTimeOffset? DecidedAt);

/// <param name="Why">The reasons of a move down, in words.</param>
/// <param name="Told">Whether a letter was sent; absent: none was due.</param>
public sealed record OwnTierMove(DateOnly ProposedOn, string From, string To, string Words, string State, IReadOnlyList<string> Why, string? Grounds, DateOnly? DecidedOn, DateOnly? ReviewOn, bool? Told);

/// <param name="Scale">What the step of the scale means.</param>
/// <param name="Counts">What counts: the score, or the mean of both.</param>
public sealed record OwnRating(
    DateOnly On, int Score, string Scale, string Evidence, DateOnly Until, int? SecondScore, string? SecondScale, DateOnly? SecondOn, string Counts, DateOnly? WithdrawnOn, string? WithdrawnBecause);

/// <param name="Who">Who belongs to the class.</param>
/// <param name="Strategy">How its customers are treated.</param>
public sealed record OwnClass(string Scheme, int SchemeVersion, string Class, string Name, string? Who, string? Strategy, DateOnly Since);

/// <param name="From">Absent: in none before.</param>
/// <param name="To">Absent: in none any more.</param>
public sealed record OwnClassChange(string Scheme, DateOnly On, string? From, string? To);

/// <summary>A step of a class's work plan.</summary>
public sealed record OwnClassTask(string Scheme, string Class, string What, string? When, DateOnly DueOn, string State, string? Skipped, DateOnly? ClosedOn);

/// <param name="Why">What decided, with the numbers of that day.</param>
/// <param name="State">Absent while what followed is not told yet.</param>
public sealed record OwnListing(
    string Standard, int Version, DateOnly OpenedOn, string Why, string Action, DateOnly DueOn, string? State, DateTimeOffset? DecidedAt, string? Dismissed, DateOnly? ClosedOn, string? End, string? Case);

/// <param name="Now">The state that holds; else a change of it.</param>
/// <param name="Intermittent">Whether several silent stretches are flagged; absent: not recorded.</param>
public sealed record OwnChurn(DateOnly On, string? From, string To, string Words, bool Now, bool? Intermittent, DateOnly? IntermittentSince);

/// <summary>What the end of a case had come to, so many days later.</summary>
public sealed record OwnAftermath(string? Case, int Days, DateOnly On, string Outcome, bool StillThere, OwnAmount SpendBefore, OwnAmount SpendAfter, int Complaints, bool Disputed, bool CameBack);

/// <summary>By what a former customer is recognised: a keyed hash of it is kept, not the value.</summary>
public sealed record OwnRecognition(string? Case, string By, string Class, string Words, DateOnly Until, bool NeedsApproval);

public sealed record OwnReEntry(string? Case, DateTimeOffset RequestedAt, bool Approved, DateTimeOffset DecidedAt, DateTimeOffset? WelcomedAt);

/// <summary>Another of our people looks after them from a day on, or nobody.</summary>
public sealed record OwnOwnerChange(DateOnly FromOn, string Reason, string Words, bool Nobody, DateTimeOffset? DoneAt, int CasesMoved, int CasesKept);

/// <param name="Words">The reason as the letter gives it.</param>
public sealed record OwnGivingUp(DateOnly FromOn, string Reason, string ReasonWords, string Instead, string? Words, DateTimeOffset? DoneAt);

public sealed record OwnVisit(string Kind, string State, DateOnly? PlannedOn, DateOnly? VisitedOn, string? Outcome, string? Minutes, string Letter);

/// <summary>Something that was ended or refused on the spot.</summary>
public sealed record OwnSpotDecision(string? Case, string Ground, DateTimeOffset ToldAt, string? ToldTo, string? Words, DateTimeOffset ReviewDueAt, DateTimeOffset? ReviewedAt, bool? Stands);

public sealed record OwnAppeal(string? Case, DateTimeOffset MadeAt, DateOnly AnswerBy, string? Words, bool? Upheld, string? Answer, DateTimeOffset? DecidedAt);

/// <param name="Lines">Codes of the contested lines.</param>
/// <param name="Upheld">What is left of what was contested.</param>
public sealed record OwnDispute(string? Case, string Forum, string ForumWords, DateTimeOffset OpenedAt, string Lines, OwnAmount? Contested, string? Result, OwnAmount? Upheld, string? Ruling, DateTimeOffset? ClosedAt);

public sealed record OwnDisputeDate(string? Case, string Kind, string Words, DateOnly DueOn, DateTimeOffset? DoneAt);

/// <summary>An improvement agreement.</summary>
/// <param name="Actual">The figures it was judged by, in the order of the targets.</param>
public sealed record OwnCure(
    string? Case, DateTimeOffset At, DateOnly FromOn, DateOnly UntilOn, string? Words, string? Consequence, IReadOnlyList<string> Targets, IReadOnlyList<string> Actual, bool? Met, DateTimeOffset? JudgedAt);

public sealed record OwnOpenOrder(string? Case, string? Order, OwnAmount Amount, string State, DateTimeOffset AddedAt, DateTimeOffset? DoneAt);

/// <param name="System">The connected system that was asked; absent: people did it.</param>
public sealed record OwnWork(
    string? Case, string Task, string What, string Department, string? System, DateTimeOffset CreatedAt, DateOnly DueOn, DateTimeOffset? SentAt, string? Failure, bool Waived, DateTimeOffset? DoneAt);

public sealed record OwnFormality(string? Case, string Code, string What, string Side, DateOnly DueOn, OwnAmount? Price, string State, string? Words, string? Receipt, DateTimeOffset? DoneAt);

/// <summary>What is known of the end of a case beside its date, from which its settlement is computed.</summary>
public sealed record OwnEndFacts(string? Case, DateTimeOffset ChangedAt, JsonElement Facts);

/// <param name="Reference">Of the claim that is paid by it.</param>
public sealed record OwnPlan(string? Case, string? Reference, OwnAmount Price, string State, string MadeBy, DateTimeOffset MadeAt, DateOnly? DemandedOn);

/// <summary>What one payment paid, in the legal order; what exceeds everything is the customer's.</summary>
public sealed record OwnAllocation(string? Case, string? Reference, DateOnly BookedOn, OwnAmount Costs, OwnAmount Interest, OwnAmount Principal, OwnAmount Unapplied);

public sealed record OwnRedLetter(string? Case, string Line, OwnAmount Net, OwnAmount Vat, string TaxCode, string TaxRate, string State, DateTimeOffset? DecidedAt);

/// <param name="Contract">Number of the policy.</param>
public sealed record OwnClaim(string? Contract, string Number, DateOnly ReportedOn, DateOnly? ClosedOn);

public sealed record OwnCertificate(string? Case, string Serial, string Kind, string State, DateOnly IssuedOn, string Sha256, string? SupersededBy, string? Reason, DateTimeOffset? ChangedAt);

public sealed record OwnFollowUp(string? Case, DateTimeOffset AddedAt, DateOnly DueOn, DateTimeOffset? DoneAt);

/// <summary>One thing that was taken down of how an application came in.</summary>
public sealed record OwnIntake(string? Case, string Channel, DateTimeOffset At, string Key, string What, string Value);

/// <param name="At">Absent: it is not kept apart.</param>
public sealed record OwnIdentityCheck(string? Case, DateTimeOffset? At, string? Method, string? Words);

/// <summary>A change of contact or account that was asked for; what of it waits. Once it counts, it stands with the customer.</summary>
public sealed record OwnDetailChange(string? Case, string What, DateTimeOffset At, string By, DateTimeOffset HeldUntil, string State, string? Mail, string? Phone, string? Holder, string? Bank, string? Ends);

/// <param name="Words">Without secret links; absent for one-time codes.</param>
/// <param name="Attachments">Ids of documents.</param>
public sealed record OwnMail(DateTimeOffset At, DateTimeOffset? SentAt, string? Case, string To, string Subject, string? Words, IReadOnlyList<string> Attachments);

public sealed record OwnMailIn(string? Case, DateTimeOffset ArrivedAt, string State, string? From, string? FromName, string? Subject, string? Words, IReadOnlyList<string> Attachments);

public sealed record OwnCall(
    string? Case, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, DateTimeOffset? CallBackAt, string State, string? Who, string? Number, string? Name, string? Contact, string? ContractNumber, string? Representative, DateOnly? EndsOn,
    string? Words);

public sealed record OwnChat(string? Case, string System, DateTimeOffset At, string By, string? Words);

/// <param name="DueOn">Last day of the answer by law; after an extension the later one.</param>
/// <param name="LiftedAt">Of a restriction or objection: when it ended.</param>
public sealed record OwnDataRequest(
    string Number, string Kind, string What, string Law, string Proof, DateTimeOffset ReceivedAt, string ReceivedBy, string? Case, string? Words, DateOnly DueOn, DateOnly? ReceiptBy, DateOnly? ExtendableUntil,
    DateTimeOffset? ExtendedAt, string? ExtendedBecause, string State, string? Result, DateTimeOffset? DecidedAt, DateTimeOffset? LiftsAt, string? LiftedBecause, DateTimeOffset? LiftedAt)
{
    /// <summary>The mail address or phone that was asked for and does not count yet; null: none.</summary>
    public string? Wanted { get; init; }

    /// <summary>When what was granted begins; until then it can be stopped.</summary>
    public DateTimeOffset? BeginsAt { get; init; }
}

/// <summary>What became of a category of data after the end.</summary>
public sealed record OwnRetained(string Category, string What, string Outcome, string Words, DateOnly? Until, string? Basis, DateTimeOffset? DoneAt);

/// <summary>Somebody looked at, exported or downloaded the customer's data.</summary>
/// <param name="By">"company", "customer" or "system"; no names.</param>
public sealed record OwnLook(DateTimeOffset At, string By, string Verb, string What, string? Case);
