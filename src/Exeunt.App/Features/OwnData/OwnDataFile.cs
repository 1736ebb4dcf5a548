using Exeunt.App.Platform;
using Exeunt.App.Ui;
using Exeunt.Core;

namespace Exeunt.App.Features.OwnData;

/// <summary>
/// Everything held of one customer, as they download it. The names are part of a published shape (docs/feedback.md, "Own data"): they stay;
/// new ones may come. What is absent is not held. Instants are UTC, dates civil, amounts decimal texts with their currency.
/// </summary>
public sealed record OwnDataFile(
    string Schema, DateTimeOffset MadeAt, string Language, string? Case, OwnCustomer Customer, IReadOnlyList<OwnHeld> Held, IReadOnlyList<OwnContract> Contracts, IReadOnlyList<OwnCase> Cases,
    OwnFacts Facts, IReadOnlyList<OwnConfirmation> Confirmations, IReadOnlyList<OwnFeedback> Feedback, IReadOnlyList<OwnDocument> Documents, IReadOnlyList<OwnErased> Erased,
    IReadOnlyList<OwnLeftOut> LeftOut)
{
    public const string Version = "exeunt.own-data/1";

    /// <summary>What it is filed under where no case is: the number of the contract that was typed, or of the request.</summary>
    public string? Reference { get; init; }

    // What came later stands at the end; each list is a CSV of the archive too (OwnDataLists). Which table is where: OwnDataTables.
    public IReadOnlyList<OwnOrder> Orders { get; init; } = [];
    public IReadOnlyList<OwnReturn> Returns { get; init; } = [];
    public IReadOnlyList<OwnLateCharge> LateCharges { get; init; } = [];
    public IReadOnlyList<OwnTierMove> Tiers { get; init; } = [];
    public IReadOnlyList<OwnRating> Ratings { get; init; } = [];
    public IReadOnlyList<OwnClass> Classes { get; init; } = [];
    public IReadOnlyList<OwnClassChange> ClassChanges { get; init; } = [];
    public IReadOnlyList<OwnClassTask> ClassTasks { get; init; } = [];
    public IReadOnlyList<OwnListing> Listings { get; init; } = [];
    public IReadOnlyList<OwnChurn> Churn { get; init; } = [];
    public IReadOnlyList<OwnAftermath> Aftermath { get; init; } = [];
    public IReadOnlyList<OwnRecognition> Recognitions { get; init; } = [];
    public IReadOnlyList<OwnReEntry> ReEntries { get; init; } = [];
    public IReadOnlyList<OwnOwnerChange> OwnerChanges { get; init; } = [];
    public IReadOnlyList<OwnGivingUp> GivingUps { get; init; } = [];
    public IReadOnlyList<OwnVisit> Visits { get; init; } = [];
    public IReadOnlyList<OwnSpotDecision> SpotDecisions { get; init; } = [];
    public IReadOnlyList<OwnAppeal> Appeals { get; init; } = [];
    public IReadOnlyList<OwnDispute> Disputes { get; init; } = [];
    public IReadOnlyList<OwnDisputeDate> DisputeDates { get; init; } = [];
    public IReadOnlyList<OwnCure> Improvements { get; init; } = [];
    public IReadOnlyList<OwnOpenOrder> OpenOrders { get; init; } = [];
    public IReadOnlyList<OwnWork> WorkOrders { get; init; } = [];
    public IReadOnlyList<OwnFormality> Formalities { get; init; } = [];
    public IReadOnlyList<OwnEndFacts> EndFacts { get; init; } = [];
    public IReadOnlyList<OwnPlan> InstalmentPlans { get; init; } = [];
    public IReadOnlyList<OwnAllocation> Allocations { get; init; } = [];
    public IReadOnlyList<OwnRedLetter> RedLetters { get; init; } = [];
    public IReadOnlyList<OwnClaim> Claims { get; init; } = [];
    public IReadOnlyList<OwnCertificate> Certificates { get; init; } = [];
    public IReadOnlyList<OwnFollowUp> FollowUps { get; init; } = [];
    public IReadOnlyList<OwnIntake> Intakes { get; init; } = [];
    public IReadOnlyList<OwnIdentityCheck> IdentityChecks { get; init; } = [];
    public IReadOnlyList<OwnDetailChange> DetailChanges { get; init; } = [];
    public IReadOnlyList<OwnMail> Mails { get; init; } = [];
    public IReadOnlyList<OwnMailIn> MailsIn { get; init; } = [];
    public IReadOnlyList<OwnCall> Calls { get; init; } = [];
    public IReadOnlyList<OwnChat> Chats { get; init; } = [];
    public IReadOnlyList<OwnDataRequest> DataRequests { get; init; } = [];
    public IReadOnlyList<OwnRetained> Retained { get; init; } = [];
    public IReadOnlyList<OwnLook> Looks { get; init; } = [];
}

public sealed record OwnAmount(string Value, string Currency)
{
    public static OwnAmount Of(long minor, string currency) => 
        new(Amounts.Major(new Money(minor, currency)).ToString("F" + Core.Currency.MinorDigits(currency), System.Globalization.CultureInfo.InvariantCulture), currency);
}

/// <param name="ExternalNumber">The customer's number in the system it came from.</param>
public sealed record OwnCustomer(
    long Number, string Kind, string Tier, string? Organisation, string? Name, string? ContactPerson, string? Mail, string? Phone, string? Address, string? Country, string? Industry, DateOnly? Since,
    string Language, string Source, string? ExternalNumber, string? Notes, OwnAccount? Account)
{
    /// <summary>Of the amounts in <c>facts</c>.</summary>
    public required string Currency { get; init; }

    /// <summary>Which of our units looks after them.</summary>
    public string? Unit { get; init; }

    /// <summary>First day without one of our people for them; absent: there is one, or there never was.</summary>
    public DateOnly? GivenUpOn { get; init; }

    /// <summary>Since when their data is only stored, and since when neither marketing nor evaluation uses it, because they asked.</summary>
    public DateTimeOffset? RestrictedAt { get; init; }
    public DateTimeOffset? ObjectedAt { get; init; }
}

/// <param name="Ends">The last four characters of the account.</param>
public sealed record OwnAccount(string Holder, string? Bank, string Ends);

/// <summary>A class of data: what it holds, for what, and until when, in words.</summary>
public sealed record OwnHeld(string Class, string What, string For, string Until, bool Erased)
{
    /// <summary>Last day (inclusive) until which it is only stored, by law; absent: it is not locked.</summary>
    public DateOnly? LockedUntil { get; init; }

    /// <summary>Why it is locked.</summary>
    public string? LockedFor { get; init; }
}

public sealed record OwnContract(
    string? Number, string Product, DateOnly StartOn, DateOnly TermEndsOn, string State, DateOnly? LastServiceDay, OwnAmount MonthlyFee, IReadOnlyList<string> Terms, string Policy, int PolicyVersion,
    IReadOnlyList<OwnAmendment> Amendments)
{
    public DateOnly? SignedOn { get; init; }

    /// <summary>Unpaid invoices, and the day on which they were due.</summary>
    public OwnAmount? Unpaid { get; init; }
    public DateOnly? UnpaidDueOn { get; init; }

    /// <summary>Place whose law holds, and the zone in which its dates are meant.</summary>
    public string? Jurisdiction { get; init; }
    public string? Zone { get; init; }

    /// <summary>Rights that others have in it: codes; absent: none.</summary>
    public string? Rights { get; init; }
}

public sealed record OwnAmendment(int Number, DateOnly From, DateOnly? Until, DateTimeOffset At, IReadOnlyList<string> Words);

/// <param name="EndsOn">Last service day.</param>
public sealed record OwnCase(
    string Number, string Kind, string State, string? Outcome, string? Contract, string Channel, DateTimeOffset ReceivedAt, DateOnly? EndsOn, OwnTyped? Typed, IReadOnlyList<OwnStep> Steps,
    IReadOnlyList<OwnSaid> Said, IReadOnlyList<OwnOffer> Offers, IReadOnlyList<OwnProposal> Proposals, OwnSettlement? Settlement, IReadOnlyList<OwnAddedLine> AddedLines,
    IReadOnlyList<OwnPayment> Payments, IReadOnlyList<OwnInstalment> Instalments, OwnSurvey? Survey);

/// <summary>What was typed with the application.</summary>
public sealed record OwnTyped(string ContractNumber, string Name, string Contact, DateOnly? EndsOn, string? Reason, string? Words);

public sealed record OwnStep(string Name, string State, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt);

/// <summary>What was said or written, by whom ("customer" or "company"; no names of people), of what kind.</summary>
/// <param name="Words">Absent: erased, or none.</param>
public sealed record OwnSaid(DateTimeOffset At, string By, string What, string? Detail, string? Words);

public sealed record OwnOffer(string What, DateTimeOffset MadeAt, DateOnly? AnswerBy, bool? Accepted)
{
    public required string State { get; init; }
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>What was found of it 90 days later: "Confirmed", "Lost", "NotFulfilled".</summary>
    public string? Result { get; init; }
}

public sealed record OwnProposal(int Number, string By, DateTimeOffset At, DateOnly EndsOn, OwnAmount Fee, int? Instalments, string? Words);

/// <param name="Total">Above 0 the customer pays.</param>
public sealed record OwnSettlement(DateTimeOffset ComputedAt, OwnAmount Total, string Digest, IReadOnlyList<OwnLine> Lines);

public sealed record OwnLine(string Code, string Label, OwnAmount Amount, string Formula, string Explanation, string Clause, System.Text.Json.JsonElement Inputs);

public sealed record OwnAddedLine(string Label, OwnAmount Amount, bool Credit, string State, string? Words, string? Objection, string? Decision);

/// <param name="Direction">"Refund" (to the customer) or "Claim".</param>
public sealed record OwnPayment(string Direction, string Purpose, OwnAmount Amount, OwnAmount Paid, string Reference, string State, DateTimeOffset OrderedAt, DateTimeOffset? ReconciledAt)
{
    /// <summary>The part of a claim that is costs, and the part that is interest.</summary>
    public OwnAmount? Costs { get; init; }
    public OwnAmount? Interest { get; init; }
}

public sealed record OwnInstalment(int Number, DateOnly DueOn, OwnAmount Amount, OwnAmount Paid);

public sealed record OwnSurvey(DateTimeOffset At, int Handling, int Clarity, string? Words);

/// <param name="Documents">Orders, returns and adjustments, one row for each document of a day, newest first.</param>
public sealed record OwnFacts(IReadOnlyList<OwnMonth> Months, IReadOnlyList<OwnFact> Documents)
{
    /// <summary>Every row, newest first, as far as a file holds them; the archive's list has all of them.</summary>
    public IReadOnlyList<OwnFactLine> Lines { get; init; } = [];
    public IReadOnlyList<OwnProductMonth> ProductLines { get; init; } = [];
    public IReadOnlyList<OwnCorrection> Corrections { get; init; } = [];
}

public sealed record OwnMonth(string Month, OwnAmount Ordered, OwnAmount Returned, OwnAmount Adjusted, int Orders);

public sealed record OwnFact(DateOnly On, string Kind, OwnAmount? Amount, int Lines, long? Value = null);

public sealed record OwnConfirmation(DateTimeOffset At, string What, string Where, string Policy, int PolicyVersion, string Language, string Sha256, string Text);

public sealed record OwnFeedback(
    string Number, string Kind, string About, string State, DateTimeOffset ReceivedAt, string? Words, string? Wish, string? Contact, string? Verdict, IReadOnlyList<string> Remedies, string? End,
    IReadOnlyList<OwnSaid> Said);

/// <param name="File">Where it lies in the archive.</param>
public sealed record OwnDocument(Guid Id, string Case, string Kind, string File, string MediaType, int Size, string Sha256, DateTimeOffset At);

public sealed record OwnErased(string Class, DateTimeOffset At);

/// <summary>What is not in the file, and why.</summary>
/// <param name="Count">How many; absent where that is not counted.</param>
public sealed record OwnLeftOut(string What, string Why, int? Count = null);
