using System.Text.Json;
using Exeunt.Core.Calendar;
using Exeunt.Core.Policies;
using Exeunt.Core.Settlement;

namespace Exeunt.Core.Contracts;

/// <summary>
/// What a settlement needs to know of a contract. It is a document: JSON with these names in camelCase, amounts as
/// "199.00 CNY", dates as "2025-01-31"; all amounts are in <see cref="Currency"/>.
/// </summary>
public sealed record ContractTerms
{
    /// <summary>The contract's number; an internal one, never personal data.</summary>
    public required string Number { get; init; }

    public required string Currency { get; init; }

    /// <summary>First day of the contract.</summary>
    public required DateOnly Start { get; init; }

    /// <summary>Length of the term in months, 1 or more.</summary>
    public required int TermMonths { get; init; }

    public required Money MonthlyFee { get; init; }

    /// <summary>First day of a billing period, on or before <see cref="Start"/>; without one, the start.</summary>
    public DateOnly? BillingAnchor { get; init; }

    /// <summary>Months billed at a time, 1 or more.</summary>
    public int BillingMonths { get; init; } = 1;

    /// <summary>Whether the running billing period is paid in advance; otherwise its served part is still to be billed.</summary>
    public bool CurrentPeriodPrepaid { get; init; } = true;

    /// <summary>Held as security; goes back.</summary>
    public Money? Deposit { get; init; }

    /// <summary>Value agreed at the start for the device that came with the contract.</summary>
    public Money? DeviceValue { get; init; }

    /// <summary>Months over which the device's value runs down; without, the term.</summary>
    public int? DeviceMonths { get; init; }

    /// <summary>Discount a month for the tie-in.</summary>
    public Money? MonthlyDiscount { get; init; }

    /// <summary>Notice agreed in the contract in days; without, the policy's.</summary>
    public int? NoticeDays { get; init; }

    /// <summary>Whether the contract goes on after the term when nobody gives notice.</summary>
    public bool AutoRenew { get; init; }

    /// <summary>Place of the customer, whose mandatory law applies: "CN", "DE", "US-CA"; null: not said, no law is looked up.</summary>
    public string? Jurisdiction { get; init; }

    /// <summary>Kind of customer.</summary>
    public Party Party { get; init; }

    /// <summary>A prepayment for everyday consumption (预付卡).</summary>
    public PrepaidCard? PrepaidCard { get; init; }

    /// <summary>Earnest money (定金) given for the contract.</summary>
    public Earnest? Earnest { get; init; }

    /// <summary>The day after the term.</summary>
    public DateOnly TermUntil => Start.PlusMonths(TermMonths);

    /// <summary>Last day of the term (included).</summary>
    public DateOnly TermEnd => TermUntil.PlusDays(-1);

    /// <exception cref="JsonException">The text is not such a document.</exception>
    public static ContractTerms FromJson(string json) =>
        JsonSerializer.Deserialize<ContractTerms>(json, SettlementJson.Document)
        ?? throw new JsonException("A contract is an object.");

    public string ToJson() => JsonSerializer.Serialize(this, SettlementJson.Document);
}

/// <summary>A prepayment: what was paid and given on top; for an unlimited card the term it holds for.</summary>
/// <param name="Gift">Credit given on top of what was paid; null: none.</param>
/// <param name="TermStart">First day of an unlimited card.</param>
/// <param name="TermEnd">The day after the last one of an unlimited card.</param>
public sealed record PrepaidCard(Money Paid, Money? Gift = null, DateOnly? PaidOn = null, DateOnly? TermStart = null, DateOnly? TermEnd = null);

/// <summary>Earnest money (定金) and the price of the main contract it was given for.</summary>
public sealed record Earnest(Money Amount, Money ContractPrice);
