using System.Text.Json.Serialization;
using Exeunt.Core.Calendar;

namespace Exeunt.Core.Policies;

/// <summary>Whom a policy is for. Legal limits differ by it.</summary>
public enum Party
{
    [JsonStringEnumMemberName("CONSUMER")]
    Consumer,

    [JsonStringEnumMemberName("BUSINESS")]
    Business,

    /// <summary>Business users of a platform.</summary>
    [JsonStringEnumMemberName("PLATFORM")]
    Platform,

    [JsonStringEnumMemberName("TELECOM")]
    Telecom,

    [JsonStringEnumMemberName("FINANCIAL")]
    Financial,
}

/// <summary>Where and for whom a policy holds.</summary>
/// <param name="Jurisdictions">Codes of the places of the customers: "CN", "DE", "FR", "EU", "GB", "US-CA", "US-NY"…; at least one.</param>
/// <param name="Party">Kind of customer.</param>
/// <param name="Products">Product codes; empty means all.</param>
/// <param name="Sector">Line of business with rules of its own: "SAAS", "UTILITY"; null: none. Telecom is a <see cref="Policies.Party"/>.</param>
public sealed record PolicyScope(
    IReadOnlyList<string> Jurisdictions, Party Party = Party.Consumer, IReadOnlyList<string>? Products = null, string? Sector = null);

/// <summary>Which procedures the cases of a policy's contracts run on, by their codes; null: the general one.</summary>
/// <param name="Termination">The customer ends the contract.</param>
/// <param name="Offboarding">The company ends it.</param>
/// <param name="Arrears">The company ends it because invoices stay unpaid.</param>
/// <param name="Immediate">The company ends it on the spot.</param>
public sealed record PolicyProcedures(string? Termination = null, string? Offboarding = null, string? Arrears = null, string? Immediate = null);

/// <summary>The parts that make a policy a formal document (制度文件).</summary>
public sealed record PolicyForm
{
    /// <summary>Why there is this policy (目的).</summary>
    public Words? Purpose { get; init; }

    /// <summary>To whom and what it applies (适用范围), in words.</summary>
    public Words? Scope { get; init; }

    /// <summary>Who does what (职责), one entry per office.</summary>
    public IReadOnlyList<PolicyEntry> Responsibilities { get; init; } = [];

    /// <summary>Terms and what they mean (定义).</summary>
    public IReadOnlyList<PolicyEntry> Definitions { get; init; } = [];

    /// <summary>The office that interprets the policy (解释部门).</summary>
    public Words? InterpretingOffice { get; init; }

    /// <summary>Names of the attachments (附件).</summary>
    public IReadOnlyList<Words> Attachments { get; init; } = [];
}

/// <summary>A name with its text.</summary>
public sealed record PolicyEntry(Words Name, Words Text);

/// <summary>Why a contract ends. The codes and their legal bases are listed in the documentation.</summary>
public enum Ground
{
    /// <summary>The customer leaves within the term for a reason of their own (提前解约).</summary>
    [JsonStringEnumMemberName("CONSUMER_EARLY")]
    ConsumerEarly,

    /// <summary>Nobody renews (期满不续).</summary>
    [JsonStringEnumMemberName("EXPIRY")]
    Expiry,

    /// <summary>A right of withdrawal without reason (无理由/冷静期).</summary>
    [JsonStringEnumMemberName("WITHDRAWAL")]
    Withdrawal,

    /// <summary>Both sides agree (协商解除, Civil Code 562(1)).</summary>
    [JsonStringEnumMemberName("MUTUAL")]
    Mutual,

    /// <summary>An agreed event has come about (约定事由, 562(2)).</summary>
    [JsonStringEnumMemberName("AGREED_EVENT")]
    AgreedEvent,

    /// <summary>Force majeure (不可抗力, 563(1)).</summary>
    [JsonStringEnumMemberName("FORCE_MAJEURE")]
    ForceMajeure,

    /// <summary>The other side declares it will not perform (预期违约).</summary>
    [JsonStringEnumMemberName("ANTICIPATORY")]
    Anticipatory,

    /// <summary>Late in spite of a demand (迟延经催告).</summary>
    [JsonStringEnumMemberName("LATE_AFTER_DEMAND")]
    LateAfterDemand,

    /// <summary>The purpose of the contract is frustrated (根本违约).</summary>
    [JsonStringEnumMemberName("FUNDAMENTAL")]
    Fundamental,

    /// <summary>A contract without a term is ended with reasonable notice (不定期合同任意解除, 563(2)).</summary>
    [JsonStringEnumMemberName("INDEFINITE_NOTICE")]
    IndefiniteNotice,

    /// <summary>The company stops the product (业务取消/停售).</summary>
    [JsonStringEnumMemberName("SERVICE_END")]
    ServiceEnd,

    /// <summary>The customer has died or the organisation is dissolved (身故/注销破产).</summary>
    [JsonStringEnumMemberName("DEATH")]
    Death,

    /// <summary>A law or an authority orders it (依法).</summary>
    [JsonStringEnumMemberName("LEGAL_ORDER")]
    LegalOrder,
}

/// <summary>What a ground does to the fee for leaving early.</summary>
public enum GroundFee
{
    /// <summary>The policy's fee.</summary>
    [JsonStringEnumMemberName("POLICY")]
    Policy,

    /// <summary>None: neither the fee nor a discount taken back.</summary>
    [JsonStringEnumMemberName("NONE")]
    None,
}

/// <summary>A condition for ending: a ground that the policy accepts, with its own notice and what it does to the fee.</summary>
/// <param name="Notice">Notice for this ground; null: the policy's.</param>
/// <param name="Proof">What has to be shown, in words; null: nothing.</param>
public sealed record GroundTerms(Ground Ground, GroundFee Fee = GroundFee.Policy, NoticePeriod? Notice = null, Words? Proof = null);

/// <summary>Until when the periodic fee is charged, beside the last day of service.</summary>
public enum BillingEnd
{
    /// <summary>With the service.</summary>
    [JsonStringEnumMemberName("WITH_SERVICE")]
    WithService,

    /// <summary>At the end of the billing period in which service ends.</summary>
    [JsonStringEnumMemberName("PERIOD_END")]
    PeriodEnd,
}

/// <summary>How a prepayment for everyday consumption (预付卡) is settled; whose fault it is decides between the first two.</summary>
public enum PrepaidMethod
{
    /// <summary>By consumption: at the ratio price when it is the operator's fault, at list price when it is the consumer's reason.</summary>
    [JsonStringEnumMemberName("BY_CONSUMPTION")]
    ByConsumption,

    /// <summary>An unlimited card: by the time that remains.</summary>
    [JsonStringEnumMemberName("UNLIMITED_TIME")]
    UnlimitedTime,
}

/// <summary>Terms for prepayments.</summary>
/// <param name="OperatorFaultRate">Annual interest on the refund when the operator is at fault (LPR at contracting); null: none.</param>
/// <param name="ConsumerReasonRate">Annual interest on the refund for the consumer's own reason (deposit benchmark); null: none.</param>
public sealed record PrepaidTerms(PrepaidMethod Method = PrepaidMethod.ByConsumption, Rate? OperatorFaultRate = null, Rate? ConsumerReasonRate = null);

/// <summary>Terms of an insurance policy.</summary>
/// <param name="CoolingOffDays">Days in which it may be given back for nothing (犹豫期); the day it was received is not counted. Null: none.</param>
/// <param name="CoolingOffFee">Kept then for the printed policy (工本费); null: nothing.</param>
/// <param name="Surrender">What comes back later; null: the unused part of the period, by days.</param>
/// <param name="LoanRate">Annual interest on a loan on the policy; null: none is charged.</param>
public sealed record InsuranceTerms(int? CoolingOffDays = null, Money? CoolingOffFee = null, Settlement.SurrenderTable? Surrender = null, Rate? LoanRate = null)
{
    /// <summary>The last day on which the policy may be given back for nothing; null: there is no such time.</summary>
    /// <param name="receivedOn">The day the policy was received, or taken to be.</param>
    /// <param name="calendar">A last day off moves to the next worked day; null: only weekends are known.</param>
    public DateOnly? CoolingOffUntil(DateOnly receivedOn, Calendar.BusinessDays? calendar = null) =>
        CoolingOffDays is { } days ? Calendar.Deadlines.Of(receivedOn, Calendar.DeadlineUnit.Day, days, calendar).LastDay : null;
}

/// <summary>Which of the two applies when both an earnest (定金) and a fee for leaving could be claimed (Civil Code 588).</summary>
public enum EarnestElection
{
    /// <summary>The fee; the earnest goes back as what it was paid: a prepayment.</summary>
    [JsonStringEnumMemberName("DAMAGES")]
    Damages,

    /// <summary>The earnest; no fee is charged.</summary>
    [JsonStringEnumMemberName("EARNEST")]
    Earnest,
}

/// <summary>Payment of what is owed by instalments (分期), at the customer's wish.</summary>
/// <param name="MaxCount">Most instalments, 2 to 60, a month apart.</param>
/// <param name="FirstDueDays">Days from the end of service to the first one.</param>
public sealed record InstalmentTerms(int MaxCount, int FirstDueDays = 30);

/// <summary>Interest on invoices that are late, to the last day of service.</summary>
/// <param name="AnnualRate">Rate a year, 0.03 for three percent.</param>
/// <param name="Multiplier">What the rate is multiplied by, 1.5; null: 1.</param>
/// <param name="DailyRate">Instead of the two: a rate a day.</param>
public sealed record LateInterestTerms(Rate? AnnualRate = null, Rate? Multiplier = null, Rate? DailyRate = null);

/// <summary>Which side hands something in or over.</summary>
public enum PolicySide
{
    [JsonStringEnumMemberName("CUSTOMER")]
    Customer,

    [JsonStringEnumMemberName("COMPANY")]
    Company,
}

/// <summary>A thing to hand in or over at the end (解约手续).</summary>
/// <param name="Code">Stable code: "router", "number", "data-export". The settlement line of a missing one is "missing." + code.</param>
/// <param name="Days">Days from the last day of service in which it is due.</param>
/// <param name="Price">What a missing one costs by the published list; null: nothing.</param>
public sealed record HandOver(PolicySide Side, string Code, Words Name, int Days = 14, Money? Price = null);

/// <summary>An entry of the published price list for damage (照价赔偿). The settlement line is "damage." + code.</summary>
public sealed record DamagePrice(string Code, Words Name, Money Price);

/// <summary>What happens to the contract when nobody ends it.</summary>
public enum RenewalKind
{
    /// <summary>It ends with its term.</summary>
    [JsonStringEnumMemberName("NONE")]
    None,

    /// <summary>It goes on without a term.</summary>
    [JsonStringEnumMemberName("INDEFINITE")]
    Indefinite,

    /// <summary>It is renewed for another fixed term.</summary>
    [JsonStringEnumMemberName("FIXED")]
    Fixed,
}

/// <summary>What happens after the term.</summary>
/// <param name="Months">Length of a fixed renewal.</param>
/// <param name="Notice">Notice after an indefinite renewal; null: the policy's.</param>
/// <param name="ReminderDays">Days before the renewal at which the customer is reminded; null: not.</param>
public sealed record RenewalTerms(RenewalKind Kind, int? Months = null, NoticePeriod? Notice = null, int? ReminderDays = null);

/// <summary>What ending does beside the money; told, and confirmed, before it binds.</summary>
public sealed record Consequences
{
    /// <summary>Whether ending by itself is reported to a credit bureau.</summary>
    public bool ReportedToCreditBureau { get; init; }

    /// <summary>What happens to the credit record (信用), in words.</summary>
    public Words? Credit { get; init; }

    /// <summary>What happens to obligations that are still open.</summary>
    public Words? Obligations { get; init; }

    /// <summary>What happens to points and benefits.</summary>
    public Words? Points { get; init; }

    /// <summary>What happens to other services that hang on the contract.</summary>
    public Words? Services { get; init; }

    /// <summary>Days after the end before a new contract is possible (重签); 0: at once.</summary>
    public int ResignAfterDays { get; init; }

    /// <summary>On what terms a new contract can be signed, in words.</summary>
    public Words? Resign { get; init; }
}
