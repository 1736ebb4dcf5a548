using Exeunt.Core.Policies;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Contracts;

/// <summary>Rights that others than the customer have in a contract, above all in an insurance policy.</summary>
[Flags]
public enum PolicyRight
{
    None = 0,

    /// <summary>Another person than the customer is insured.</summary>
    OtherInsured = 1,

    /// <summary>A beneficiary is named.</summary>
    Beneficiary = 2,

    /// <summary>A beneficiary is named irrevocably and must consent to the end (不可撤销受益人).</summary>
    Irrevocable = 4,

    /// <summary>It is pledged, and the pledgee must consent to the end (质押).</summary>
    Pledged = 8,
}

public enum ContractState
{
    InForce,

    /// <summary>A case is ending it.</summary>
    Ending,
    Ended,
}

/// <summary>A contract of a customer: its terms in clear, its number sealed (class Case).</summary>
public sealed class Contract
{
    public required long Id { get; init; }
    public required long CustomerId { get; init; }

    /// <summary>Keyed token of the contract number ("contract|number"); null once erased.</summary>
    public byte[]? NumberToken { get; set; }

    /// <summary>Sealed contract number (class Case, place "contracts.number").</summary>
    public byte[]? Number { get; set; }

    /// <summary>Code of the product or service ("CLOUD-STD").</summary>
    public required string Product { get; init; }
    public required string ProductChinese { get; init; }
    public required string ProductEnglish { get; init; }
    public required string Currency { get; init; }

    /// <summary>The day it was concluded, from which a withdrawal period runs; null: taken to be the first day of service.</summary>
    public DateOnly? SignedOn { get; set; }

    /// <summary>First day of service.</summary>
    public required DateOnly StartOn { get; init; }

    /// <summary>Length of the term in months from <see cref="StartOn"/>.</summary>
    public required int TermMonths { get; init; }

    /// <summary>Monthly fee in minor units.</summary>
    public required long MonthlyFee { get; set; }

    /// <summary>Months billed at a time, 1 to 60.</summary>
    public int BillingMonths { get; set; } = 1;

    /// <summary>First day of a billing period, on or before <see cref="StartOn"/>; null: the start.</summary>
    public DateOnly? BillingAnchor { get; set; }

    /// <summary>Whether the current billing period is paid in advance.</summary>
    public bool CurrentMonthPrepaid { get; set; }

    /// <summary>Discount a month for the tie-in, minor units; 0 for none.</summary>
    public long MonthlyDiscount { get; set; }

    /// <summary>Notice agreed in the contract in days; null: the policy's.</summary>
    public int? NoticeDays { get; set; }

    /// <summary>Whether it goes on after the term when nobody gives notice.</summary>
    public bool AutoRenew { get; set; } = true;
    public long Deposit { get; set; }

    /// <summary>Value of equipment given at a discount for the term, minor units; 0 for none.</summary>
    public long DeviceValue { get; set; }

    /// <summary>Months over which the equipment's value runs down; null: the term.</summary>
    public int? DeviceMonths { get; set; }

    /// <summary>Unpaid invoices, minor units.</summary>
    public long Unpaid { get; set; }

    /// <summary>The day on which <see cref="Unpaid"/> was due; null: not said, no interest.</summary>
    public DateOnly? UnpaidDueOn { get; set; }

    /// <summary>A prepayment for consumption (预付卡), minor units; 0 for none.</summary>
    public long PrepaidPaid { get; set; }

    /// <summary>Credit given on top of it, minor units.</summary>
    public long PrepaidGift { get; set; }
    public DateOnly? PrepaidPaidOn { get; set; }

    /// <summary>First day of an unlimited card.</summary>
    public DateOnly? PrepaidFrom { get; set; }

    /// <summary>The day after the last one of an unlimited card.</summary>
    public DateOnly? PrepaidUntil { get; set; }

    /// <summary>What it was used for so far, at list price, minor units.</summary>
    public long PrepaidConsumed { get; set; }

    /// <summary>Earnest money (定金) paid for the contract, minor units; 0 for none.</summary>
    public long Earnest { get; set; }

    /// <summary>Price of the main contract that the earnest was paid for, minor units.</summary>
    public long EarnestPrice { get; set; }

    /// <summary>Of an insurance policy: all premiums paid so far, minor units.</summary>
    public long PremiumsPaid { get; set; }

    /// <summary>Sum insured, minor units; 0 for none.</summary>
    public long SumInsured { get; set; }

    /// <summary>Principal of a loan on the policy, minor units; 0 for none.</summary>
    public long PolicyLoan { get; set; }

    /// <summary>The day from which the loan bears interest, not counted itself; null: none is charged.</summary>
    public DateOnly? PolicyLoanOn { get; set; }

    /// <summary>Rights of others in it.</summary>
    public PolicyRight Rights { get; set; }

    /// <summary>Number and version of the termination policy in force when it was signed.</summary>
    public required string PolicyNumber { get; init; }
    public required int PolicyVersion { get; init; }

    /// <summary>IANA zone in which its dates are meant.</summary>
    public required string Zone { get; init; }

    /// <summary>Jurisdiction for legal limits ("CN", "DE", "GB"…).</summary>
    public required string Jurisdiction { get; init; }

    /// <summary>Kind of customer; legal limits differ by it.</summary>
    public Party Party { get; set; }
    public ContractState State { get; set; }

    /// <summary>Last service day once it is ending or ended.</summary>
    public DateOnly? LastServiceDay { get; set; }
    public int Version { get; set; }

    /// <summary>What was agreed since it was signed; always read with the contract, so that no reader of its terms can miss it.</summary>
    public List<ContractAmendment> Amendments { get; } = [];

    public string Row => Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

internal sealed class ContractTable : IEntityTypeConfiguration<Contract>
{
    public const string NumberPlace = "contracts.number";

    public void Configure(EntityTypeBuilder<Contract> table)
    {
        table.ToTable("contracts");
        table.HasKey(c => c.Id);
        table.Property(c => c.Id).ValueGeneratedNever();
        table.Ignore(c => c.Row);
        table.Navigation(c => c.Amendments).AutoInclude();
        table.Property(c => c.NumberToken).HasMaxLength(16);
        table.Property(c => c.Product).HasMaxLength(40);
        table.Property(c => c.ProductChinese).HasMaxLength(100);
        table.Property(c => c.ProductEnglish).HasMaxLength(100);
        table.Property(c => c.Currency).HasMaxLength(3);
        table.Property(c => c.PolicyNumber).HasMaxLength(40);
        table.Property(c => c.Zone).HasMaxLength(40);
        table.Property(c => c.Jurisdiction).HasMaxLength(10);
        // What contracts from before these columns are: billed by the month, renewed, of a consumer.
        table.Property(c => c.BillingMonths).HasDefaultValue(1).HasSentinel(1);
        table.Property(c => c.AutoRenew).HasDefaultValue(true).HasSentinel(true);
        table.Property(c => c.Rights).HasConversion<int>();
        table.Property(c => c.Party).HasDefaultValue(Party.Consumer).HasSentinel(Party.Consumer);
        table.Property(c => c.Version).IsConcurrencyToken();
        table.HasIndex(c => c.NumberToken).IsUnique();
        table.HasIndex(c => c.CustomerId);
    }
}
