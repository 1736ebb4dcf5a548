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

    /// <summary>Of an insurance policy: what was paid, what is insured, what was lent on it.</summary>
    public InsuredTerms? Insured { get; init; }

    /// <summary>Earnest money (定金) given for the contract.</summary>
    public Earnest? Earnest { get; init; }

    /// <summary>What was agreed since it was signed, in the order in which it was agreed; null: nothing.</summary>
    public IReadOnlyList<TermAmendment>? Amendments { get; init; }

    /// <summary>The term with the months added since, 1 or more.</summary>
    public int WholeTermMonths => TermMonths + (Amendments?.Sum(a => a.AddedMonths) ?? 0);

    /// <summary>The day after the term.</summary>
    public DateOnly TermUntil => Start.PlusMonths(WholeTermMonths);

    /// <summary>Last day of the term (included).</summary>
    public DateOnly TermEnd => TermUntil.PlusDays(-1);

    /// <summary>The fee a month in force on a day, as if no month were free: what a fee for leaving is measured by.</summary>
    public Money FeeInForce(DateOnly day)
    {
        if (Amendments is null)
            return MonthlyFee;
        var fee = Amendments.LastOrDefault(a => a.MonthlyFee is not null && a.Covers(day))?.MonthlyFee ?? MonthlyFee;
        foreach (var amendment in Amendments)
            if (amendment.Off is { } off && amendment.Covers(day))
                fee = Money.Max(fee - off, Money.Zero(Currency));
        return fee;
    }

    /// <summary>What a month that begins on this day costs.</summary>
    public Money FeeOn(DateOnly day) =>
        Amendments?.Any(a => a.Free && a.Covers(day)) == true ? Money.Zero(Currency) : FeeInForce(day);

    /// <summary>What months from this day on cost together.</summary>
    /// <param name="months">0 or more.</param>
    public Money FeeFor(DateOnly from, int months)
    {
        if (Amendments is null)
            return MonthlyFee * months;
        var sum = Money.Zero(Currency);
        for (var i = 0; i < months; i++)
            sum += FeeOn(from.PlusMonths(i));
        return sum;
    }

    /// <summary>The first day of the billing period after the one in which a day stands; the start, when that lies ahead.</summary>
    public DateOnly NextPeriod(DateOnly day)
    {
        if (day < Start)
            return Start;
        var anchor = day >= TermUntil ? TermUntil : BillingAnchor ?? Start;
        var next = BillingPeriods.Current(anchor, day.PlusDays(1), BillingMonths).Until;
        // The last period of a term ends with it.
        return day < TermUntil && next > TermUntil ? TermUntil : next;
    }

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

/// <summary>An insurance policy's own figures.</summary>
/// <param name="PremiumsPaid">All premiums paid so far.</param>
/// <param name="Loan">Principal of a loan on the policy (保单贷款), interest already added to it included.</param>
/// <param name="LoanOn">The day from which the loan bears interest, not counted itself; null: none is charged.</param>
public sealed record InsuredTerms(Money? PremiumsPaid = null, Money? SumInsured = null, Money? Loan = null, DateOnly? LoanOn = null);
