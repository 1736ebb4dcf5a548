using System.Text.Json;
using System.Text.Json.Serialization;
using Exeunt.Core.Calendar;
using Exeunt.Core.Contracts;
using Exeunt.Core.Settlement;

namespace Exeunt.Core.Policies;

/// <summary>On which days a contract may end once the notice has run.</summary>
public enum EndsOn
{
    /// <summary>On any day.</summary>
    [JsonStringEnumMemberName("ANY_DAY")]
    AnyDay,

    /// <summary>On the last day of a calendar month.</summary>
    [JsonStringEnumMemberName("MONTH_END")]
    MonthEnd,

    /// <summary>On the last day of a billing period.</summary>
    [JsonStringEnumMemberName("PERIOD_END")]
    PeriodEnd,
}

/// <summary>What a policy says about one kind of line.</summary>
/// <param name="Clause">The clause's number, "4.2".</param>
/// <param name="English">The clause in English.</param>
/// <param name="Chinese">The clause in Chinese.</param>
/// <param name="TaxCode">How the line is taxed, a code of the company's tax table.</param>
/// <param name="TaxRate">Rate contained in the amount; null or 0: no tax in it.</param>
public sealed record LineTerms(
    string Clause,
    string English,
    string Chinese,
    string TaxCode = "NONE",
    Rate? TaxRate = null
);

/// <summary>
/// How contracts of a kind end and what that costs: one version of it, as data. The JSON document has these names in
/// camelCase, amounts as "300.00 CNY", rates as "0.20", and refuses names it does not know.
/// </summary>
public sealed record TerminationPolicy
{
    public required string Number { get; init; }

    /// <summary>1 or more.</summary>
    public required int Version { get; init; }

    public required DateOnly EffectiveFrom { get; init; }

    /// <summary>The day after the last one on which it is in force; null while it has no end.</summary>
    public DateOnly? EffectiveUntil { get; init; }

    /// <summary>When the policy is to be looked at again; a reminder is raised on that day.</summary>
    public DateOnly? ReviewOn { get; init; }

    public required string TitleEnglish { get; init; }

    public required string TitleChinese { get; init; }

    /// <summary>Where and for whom it holds; null: China, consumers, all products.</summary>
    public PolicyScope? Scope { get; init; }

    /// <summary>The procedures its cases run on; null: the general ones.</summary>
    public PolicyProcedures? Procedures { get; init; }

    /// <summary>The parts of the formal document.</summary>
    public PolicyForm? Form { get; init; }

    /// <summary>The grounds on which the contract may be ended; empty: any, on the policy's own terms.</summary>
    public IReadOnlyList<GroundTerms> Grounds { get; init; } = [];

    /// <summary>The longest initial term a contract under this policy has; null: not said.</summary>
    public int? MaxTermMonths { get; init; }

    /// <summary>Full months of service before the customer may leave early, 0 or more.</summary>
    public int MinimumMonths { get; init; }

    /// <summary>What happens after the term; null: as the contract says.</summary>
    public RenewalTerms? Renewal { get; init; }

    /// <summary>Notice a customer gives, when the contract names none.</summary>
    public NoticePeriod Notice { get; init; } = NoticePeriod.OfDays(30);

    /// <summary>On which days a contract may end.</summary>
    public EndsOn EndsOn { get; init; }

    /// <summary>Whether the customer may leave within the term, at the price this policy sets.</summary>
    public bool EarlyExitAllowed { get; init; } = true;

    /// <summary>Fee for leaving within the term; null: none.</summary>
    public EtfRule? Etf { get; init; }

    /// <summary>What a kept device costs.</summary>
    public DeviceRule Device { get; init; }

    /// <summary>Which discounts go back when the term is left early.</summary>
    public ClawbackKind Clawback { get; init; }

    /// <summary>Whether the unused part of a period paid in advance comes back.</summary>
    public bool RefundsUnusedPeriod { get; init; } = true;

    /// <summary>Until when the periodic fee is charged.</summary>
    public BillingEnd BillingEnds { get; init; }

    /// <summary>How prepayments for everyday consumption are settled; null: there are none.</summary>
    public PrepaidTerms? Prepaid { get; init; }

    /// <summary>How an insurance policy is given back; null: it is none.</summary>
    public InsuranceTerms? Insurance { get; init; }

    /// <summary>Earnest or fee, when both could be claimed.</summary>
    public EarnestElection EarnestElection { get; init; }

    /// <summary>Whether the customer may pay by instalments; null: not.</summary>
    public InstalmentTerms? Instalments { get; init; }

    /// <summary>Interest on late invoices; null: none.</summary>
    public LateInterestTerms? LateInterest { get; init; }

    /// <summary>What each side hands in or over.</summary>
    public IReadOnlyList<HandOver> HandOvers { get; init; } = [];

    /// <summary>The published price list for damage.</summary>
    public IReadOnlyList<DamagePrice> DamagePrices { get; init; } = [];

    /// <summary>What ending does beside the money.</summary>
    public Consequences Consequences { get; init; } = new();

    public DayCount DayCount { get; init; }

    public RoundingMode Rounding { get; init; }

    /// <summary>Clause and tax for each line code (<see cref="LineCode"/>).</summary>
    public IReadOnlyDictionary<string, LineTerms> Lines { get; init; } = new Dictionary<string, LineTerms>();

    /// <summary>Whether the contract goes on after its term when nobody ends it: by the policy, else as the contract says.</summary>
    public bool Renews(ContractTerms contract) => Renewal is { } renewal ? renewal.Kind != RenewalKind.None : contract.AutoRenew;

    /// <summary>
    /// The earliest last day of service after a notice: when the notice has run, on a day on which contracts may end, not within the
    /// term or the minimum months if the policy does not allow that, and no later than the term if the contract then ends anyway. A
    /// ground that takes effect when it is declared (<see cref="GroundEffect.IsImmediate"/>) waits for no notice but the ground's own.
    /// </summary>
    /// <exception cref="CalculationException">INVALID_COUNT, INVALID_DATE.</exception>
    public DateOnly EarliestEnd(
        ContractTerms contract,
        DateOnly noticeReceivedOn,
        BusinessDays? calendar = null,
        Ground ground = Ground.ConsumerEarly
    )
    {
        var immediate = GroundEffect.IsImmediate(ground);
        var end = NoticeFor(contract, noticeReceivedOn, ground, immediate).LastDay(noticeReceivedOn, calendar);
        var first = contract.Start.PlusDays(-1);
        if (end < first)
            end = first;
        var last = Renews(contract) ? DateOnly.MaxValue : contract.TermEnd;
        if (!immediate)
        {
            var mayLeaveEarly = EarlyExitAllowed && ground != Ground.Expiry && this.Accepts(ground);
            Amounts.RequireCount(MinimumMonths, "minimumMonths");
            var least = contract.Start.PlusMonths(MinimumMonths).PlusDays(-1);
            if (end < contract.TermEnd && (!mayLeaveEarly || least >= contract.TermEnd))
                return contract.TermEnd;
            if (end < least && end < contract.TermEnd)
                end = least;
            end = EndsOn switch
            {
                EndsOn.MonthEnd => new(end.Year, end.Month, DateTime.DaysInMonth(end.Year, end.Month)),
                EndsOn.PeriodEnd when end >= contract.Start => SettledPeriod.Of(contract, end.PlusDays(1)).Period.LastDay,
                _ => end,
            };
        }
        return end < last ? end : last;
    }

    private NoticePeriod NoticeFor(ContractTerms contract, DateOnly receivedOn, Ground ground, bool immediate)
    {
        if (this.TermsOf(ground)?.Notice is { } own)
            return own;
        if (immediate)
            return NoticePeriod.OfDays(0);
        if (receivedOn > contract.TermEnd && Renewal is { Kind: RenewalKind.Indefinite, Notice: { } afterRenewal })
            return afterRenewal;
        return contract.NoticeDays is { } days ? NoticePeriod.OfDays(days) : Notice;
    }

    /// <exception cref="JsonException">The text is not such a document.</exception>
    public static TerminationPolicy FromJson(string json) =>
        JsonSerializer.Deserialize<TerminationPolicy>(json, SettlementJson.Document)
        ?? throw new JsonException("A policy is an object.");

    public string ToJson() => JsonSerializer.Serialize(this, SettlementJson.Document);
}
