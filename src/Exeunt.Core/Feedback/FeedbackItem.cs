using Exeunt.Core.Calendar;
using Exeunt.Core.Cases;

namespace Exeunt.Core.Feedback;

/// <summary>What somebody hands in.</summary>
public enum FeedbackKind
{
    /// <summary>Something went wrong for whoever writes (投诉).</summary>
    Complaint,

    /// <summary>Something could be better (建议).</summary>
    Suggestion,
}

public enum FeedbackState
{
    /// <summary>Waits for somebody to take it.</summary>
    Received,

    /// <summary>Somebody has it.</summary>
    InHand,

    /// <summary>Answered; whoever wrote may say whether that settles it.</summary>
    Answered,
    Closed,
}

/// <summary>What was found: the first four of a complaint, the others of a suggestion.</summary>
public enum Verdict
{
    Justified,
    PartlyJustified,

    /// <summary>What was said could not be confirmed.</summary>
    NotJustified,

    /// <summary>Not ours to decide: another company's, or a court's.</summary>
    OutOfScope,
    Adopted,

    /// <summary>Good, but not now.</summary>
    Noted,
    NotAdopted,
}

/// <summary>What is done about a justified complaint. Compensation is paid as a goodwill line of a settlement, not here.</summary>
public enum Remedy
{
    Explanation,
    Apology,
    Redo,
    Compensation,
}

/// <summary>How it ended.</summary>
public enum FeedbackEnd
{
    /// <summary>Whoever wrote says the answer settles it.</summary>
    Settled,

    /// <summary>Nobody said anything against the answer in time.</summary>
    Silent,

    /// <summary>Not settled by a second answer: the way leads outside.</summary>
    Unsettled,
}

/// <summary>
/// One complaint or suggestion: who has it, what was found, how it ended. Words and addresses are kept beside it, sealed. A complaint about
/// a case is no part of that case and cannot hold it up.
/// </summary>
public sealed class FeedbackItem
{
    /// <summary>Worked days in which a complaint is answered, the day it came not counted.</summary>
    public const int ComplaintDays = 5;

    /// <summary>The same for one that an authority passed on; it decides within seven whether to take a complaint up.</summary>
    public const int AuthorityDays = 7;
    public const int SuggestionDays = 10;

    /// <summary>Days after an answer in which it can be said not to settle it; then silence closes.</summary>
    public const int ObjectionDays = 14;

    private FeedbackItem() { }

    public Guid Id { get; private set; }
    public string Number { get; private set; } = "";

    /// <summary>Rises with every item; lists page by it.</summary>
    public long Serial { get; private set; }
    public FeedbackKind Kind { get; private set; }

    /// <summary>Code of <see cref="FeedbackCategories"/>.</summary>
    public string Category { get; private set; } = "";
    public FeedbackState State { get; private set; }
    public Channel Channel { get; private set; }

    /// <summary>An authority passed it on.</summary>
    public bool ThroughAuthority { get; private set; }

    /// <summary>Whoever wrote had opened a case with a code: they are its customer. Otherwise nobody has proven anything.</summary>
    public bool IsProven { get; private set; }

    /// <summary>"zh" or "en".</summary>
    public string Language { get; private set; } = "";
    public DateTimeOffset ReceivedAt { get; private set; }

    /// <summary>Business time by which it is to be answered, exclusive.</summary>
    public DateTimeOffset DueAt { get; private set; }

    /// <summary>When it was found unanswered after its time; null: it never was, or it was opened anew.</summary>
    public DateTimeOffset? OverdueAt { get; private set; }

    /// <summary>Actor id of whoever has it.</summary>
    public string? AssignedTo { get; private set; }

    /// <summary>The case it is about, the customer it concerns, and the unit whose it is; null: not known (yet).</summary>
    public Guid? CaseId { get; private set; }
    public long? CustomerId { get; private set; }
    public int? UnitId { get; private set; }

    /// <summary>The one like it with which it is answered.</summary>
    public Guid? JoinedInto { get; private set; }
    public Verdict? Verdict { get; private set; }
    public IReadOnlyList<Remedy> Remedies { get; private set; } = [];

    /// <summary>Business time of the answer: the time to say that it does not settle it runs from its day.</summary>
    public DateTimeOffset? AnsweredAt { get; private set; }

    /// <summary>Actor ids of everybody who answered it, separated by spaces: none of them judges it again.</summary>
    public string Judges { get; private set; } = "";
    public bool WasReopened { get; private set; }
    public FeedbackEnd? End { get; private set; }
    public DateTimeOffset? ClosedAt { get; private set; }
    public int Version { get; private set; }

    /// <summary>How many entries its history has.</summary>
    public int Entries { get; private set; }

    public bool IsOpen => State is FeedbackState.Received or FeedbackState.InHand;

    public static FeedbackItem Receive(
        Guid id, long serial, FeedbackKind kind, string category, Channel channel, bool throughAuthority, string language, DateTimeOffset receivedAt, DateTimeOffset businessAt,
        DateTimeOffset dueAt) =>
        new()
        {
            Id = id, Serial = serial, Number = $"F-{businessAt.Year}-{serial:D6}", Kind = kind, Category = category, Channel = channel, ThroughAuthority = throughAuthority,
            Language = language, ReceivedAt = receivedAt, DueAt = dueAt,
        };

    /// <summary>Last day on which it is to be answered: worked days after the day on which it came.</summary>
    public static DateOnly AnswerBy(FeedbackKind kind, bool throughAuthority, DateOnly received, BusinessDays days) =>
        days.After(received, kind == FeedbackKind.Suggestion ? SuggestionDays : throughAuthority ? AuthorityDays : ComplaintDays);

    /// <summary>Number of the next entry of its history.</summary>
    public int NextEntry()
    {
        Version++;
        return ++Entries;
    }

    /// <summary>It came from the customer of a case who had opened it with a code.</summary>
    public void ComesFrom(Guid caseId, long? customerId, int? unitId) => (IsProven, CaseId, CustomerId, UnitId) = (true, caseId, customerId, unitId);

    /// <summary>Whether this person may say what is to be found of it; null: they may.</summary>
    /// <param name="actedInCase">They have the case it is about, or did something in it.</param>
    public Refusal? CannotJudge(string person, bool actedInCase) =>
        Kind == FeedbackKind.Complaint && actedInCase ? FeedbackRefusals.OwnCase
        : Judges.Split(' ').Contains(person) ? FeedbackRefusals.JudgedBefore
        : null;

    /// <summary>Gives it to somebody.</summary>
    public Refusal? Assign(string person, bool actedInCase)
    {
        if (CannotHandle() is { } no)
            return no;
        if (CannotJudge(person, actedInCase) is { } barred)
            return barred;
        if (AssignedTo == person)
            return FeedbackRefusals.HasItAlready;
        (AssignedTo, State) = (person, FeedbackState.InHand);
        return null;
    }

    /// <summary>Says whom it concerns. Somebody who acted in that case does not keep it.</summary>
    public Refusal? Link(long customerId, Guid? caseId, int unitId, bool holderActedInCase)
    {
        if (IsProven)
            return FeedbackRefusals.ProvenAlready;
        if (CannotHandle() is { } no)
            return no;
        (CustomerId, CaseId, UnitId) = (customerId, caseId, unitId);
        if (AssignedTo is { } holder && CannotJudge(holder, holderActedInCase) is not null)
            (AssignedTo, State) = (null, FeedbackState.Received);
        return null;
    }

    /// <summary>Is answered together with one like it.</summary>
    public Refusal? Join(FeedbackItem into)
    {
        if (CannotHandle() is { } no)
            return no;
        if (into.Id == Id || into.Kind != Kind || into.JoinedInto is not null || !into.IsOpen)
            return FeedbackRefusals.CannotJoin;
        (JoinedInto, AssignedTo, State) = (into.Id, into.AssignedTo, into.AssignedTo is null ? FeedbackState.Received : FeedbackState.InHand);
        return null;
    }

    /// <summary>Is answered alone again.</summary>
    public Refusal? Separate()
    {
        if (JoinedInto is null || !IsOpen)
            return FeedbackRefusals.NotJoined;
        (JoinedInto, AssignedTo, State) = (null, null, FeedbackState.Received);
        return null;
    }

    /// <summary>Answers it, by whoever has it.</summary>
    public Refusal? Answer(string person, bool actedInCase, Verdict verdict, IReadOnlyList<Remedy> remedies, DateTimeOffset at)
    {
        if (CannotHandle() is { } no)
            return no;
        if (CannotJudge(person, actedInCase) is { } barred)
            return barred;
        if (AssignedTo != person)
            return FeedbackRefusals.TakeFirst;
        if (!VerdictsOf(Kind).Contains(verdict))
            return FeedbackRefusals.ChooseVerdict;
        if (verdict is Feedback.Verdict.Justified or Feedback.Verdict.PartlyJustified && remedies.Count == 0)
            return FeedbackRefusals.ChooseRemedy;
        Answered(person, verdict, remedies, at);
        return null;
    }

    /// <summary>Is answered with the one it was joined into.</summary>
    public void AnsweredWith(FeedbackItem other, DateTimeOffset at)
    {
        AssignedTo = other.AssignedTo;
        Answered(other.AssignedTo!, other.Verdict!.Value, other.Remedies, at);
    }

    private void Answered(string person, Verdict verdict, IReadOnlyList<Remedy> remedies, DateTimeOffset at) =>
        (State, Verdict, Remedies, AnsweredAt, Judges) = (FeedbackState.Answered, verdict, [.. remedies.Distinct().Order()], at, $"{Judges} {person}".Trim());

    /// <summary>Whoever wrote says whether the answer settles it. A first "no" gives it to another person; a second ends it here.</summary>
    /// <param name="dueAt">When it is to be answered if it is opened anew.</param>
    /// <param name="until">Last instant (exclusive) of the time in which it can be said.</param>
    public Refusal? Say(bool settled, DateTimeOffset at, DateTimeOffset businessAt, DateTimeOffset until, DateTimeOffset dueAt)
    {
        if (State != FeedbackState.Answered)
            return State == FeedbackState.Closed ? FeedbackRefusals.Closed : FeedbackRefusals.NotAnswered;
        if (businessAt >= until)
            return FeedbackRefusals.Closed;
        if (settled || WasReopened)
        {
            Close(settled ? FeedbackEnd.Settled : FeedbackEnd.Unsettled, at);
            return null;
        }
        (State, WasReopened, AssignedTo, JoinedInto, Verdict, Remedies, AnsweredAt, OverdueAt, DueAt) = (FeedbackState.Received, true, null, null, null, [], null, null, dueAt);
        return null;
    }

    /// <summary>Closes what was answered and not contradicted; returns whether it was.</summary>
    /// <param name="answeredAt">Which answer the time ran from: a later one has a time of its own.</param>
    public bool FallSilent(DateTimeOffset answeredAt, DateTimeOffset at)
    {
        if (State != FeedbackState.Answered || AnsweredAt != answeredAt)
            return false;
        Close(FeedbackEnd.Silent, at);
        return true;
    }

    /// <summary>Marks it overdue; returns whether it is, for the first time.</summary>
    public bool MarkOverdue(DateTimeOffset businessAt)
    {
        if (!IsOpen || OverdueAt is not null || businessAt < DueAt)
            return false;
        OverdueAt = businessAt;
        return true;
    }

    /// <summary>What can be found of a complaint, and of a suggestion.</summary>
    public static IReadOnlyList<Verdict> VerdictsOf(FeedbackKind kind) =>
        kind == FeedbackKind.Complaint
            ? [Feedback.Verdict.Justified, Feedback.Verdict.PartlyJustified, Feedback.Verdict.NotJustified, Feedback.Verdict.OutOfScope]
            : [Feedback.Verdict.Adopted, Feedback.Verdict.Noted, Feedback.Verdict.NotAdopted];

    private void Close(FeedbackEnd end, DateTimeOffset at) => (State, End, ClosedAt) = (FeedbackState.Closed, end, at);

    private Refusal? CannotHandle() =>
        State == FeedbackState.Closed ? FeedbackRefusals.Closed
        : State == FeedbackState.Answered ? FeedbackRefusals.IsAnswered
        : JoinedInto is not null ? FeedbackRefusals.IsJoined
        : null;
}
