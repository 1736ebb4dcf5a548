namespace Exeunt.Core.Retention;

/// <summary>Categories of data, as a retention rule and an erasure certificate name them.</summary>
public enum DataCategory
{
    /// <summary>Talks, preferences, notes, numbers of other systems.</summary>
    Profile,

    /// <summary>Mail, phone, address.</summary>
    Contact,

    /// <summary>The account for a refund.</summary>
    Payout,

    /// <summary>What was typed or handed in with an application, also by phone, chat or mail.</summary>
    Application,

    /// <summary>Contract, notices, settlement, certificate, and the name they are under.</summary>
    Contract,

    /// <summary>Vouchers, ledgers, invoices.</summary>
    Vouchers,

    /// <summary>Orders and payments under our internal number.</summary>
    Transactions,

    /// <summary>Customer due diligence under anti-money-laundering law.</summary>
    DueDiligence,

    /// <summary>What proves a consent.</summary>
    Consents,

    /// <summary>Recordings of calls and chats.</summary>
    Recordings,

    /// <summary>Logs of who had access.</summary>
    AccessLogs,

    /// <summary>Impact assessments.</summary>
    ImpactAssessments,

    /// <summary>Risk tier and evidence of abuse.</summary>
    RiskEvidence,

    /// <summary>Negative credit information.</summary>
    CreditNegative,

    /// <summary>Copies of papers that proved an identity.</summary>
    IdentityCopies,

    /// <summary>Features computed for analysis.</summary>
    Analytics,

    /// <summary>Hashes of the audit log, serials and hashes of certificates: nothing personal.</summary>
    Proof,
}

/// <summary>From which day a period counts.</summary>
public enum RetentionStart
{
    /// <summary>The end of the relationship.</summary>
    End,

    /// <summary>The close of the financial year (a calendar year) of the day in question.</summary>
    YearEnd,

    /// <summary>The transaction's completion.</summary>
    Completion,

    /// <summary>The event itself: a recording, an access, a computed feature.</summary>
    Event,

    /// <summary>The report.</summary>
    Report,

    /// <summary>The decision's, or the tier's, last day.</summary>
    Decision,

    /// <summary>The verification.</summary>
    Verification,
}

/// <summary>What becomes of data.</summary>
public enum RetentionOutcome
{
    Delete,

    /// <summary>What is left leads to nobody.</summary>
    Anonymise,

    /// <summary>封存: stored only, under its own key, with a legal basis and a last day; not in ordinary use.</summary>
    Lock,

    /// <summary>Nothing personal: kept for the life of the system.</summary>
    Keep,
}

/// <summary>One line of the schedule: how long a category is kept at a place, why, and what comes after.</summary>
/// <param name="Code">Stable: "CN-VOUCHERS".</param>
/// <param name="Place">"CN", "EU", or a member such as "DE".</param>
/// <param name="Months">From the start; 0 with <paramref name="Days"/> 0: not kept at all.</param>
/// <param name="After">Delete or Anonymise, when the last day is over; Keep never ends.</param>
/// <param name="Basis">The law, or the reason where it is the company's own choice.</param>
/// <param name="ByLaw">Whether the length is the law's; otherwise it is the company's choice.</param>
public sealed record RetentionRule(
    string Code, DataCategory Category, string Place, RetentionStart Start, int Months, int Days, RetentionOutcome After, Words Basis, bool ByLaw)
{
    /// <summary>Last day (inclusive) on which the data may still be there.</summary>
    /// <param name="from">The day that <see cref="Start"/> names; of a financial year any day of it.</param>
    public DateOnly LastDay(DateOnly from)
    {
        var start = Start == RetentionStart.YearEnd ? new DateOnly(from.Year, 12, 31) : from;
        return start.AddMonths(Months).AddDays(Days);
    }

    /// <summary>The first day of the period by the law's own count: of a financial year the day after it.</summary>
    public DateOnly FirstDay(DateOnly from) => Start == RetentionStart.YearEnd ? new DateOnly(from.Year + 1, 1, 1) : from;
}
