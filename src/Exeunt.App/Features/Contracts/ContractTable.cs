using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Contracts;

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

    /// <summary>First day of service.</summary>
    public required DateOnly StartOn { get; init; }

    /// <summary>Length of the term in months from <see cref="StartOn"/>.</summary>
    public required int TermMonths { get; init; }

    /// <summary>Monthly fee in minor units, paid in advance for the billing month.</summary>
    public required long MonthlyFee { get; init; }

    /// <summary>Whether the current billing month is paid.</summary>
    public bool CurrentMonthPrepaid { get; set; }
    public long Deposit { get; set; }

    /// <summary>Value of equipment given at a discount for the term, minor units; 0 for none.</summary>
    public long DeviceValue { get; set; }

    /// <summary>Unpaid invoices, minor units.</summary>
    public long Unpaid { get; set; }

    /// <summary>Number and version of the termination policy in force when it was signed.</summary>
    public required string PolicyNumber { get; init; }
    public required int PolicyVersion { get; init; }

    /// <summary>IANA zone in which its dates are meant.</summary>
    public required string Zone { get; init; }

    /// <summary>Jurisdiction for legal limits ("CN", "DE", "GB"…).</summary>
    public required string Jurisdiction { get; init; }
    public ContractState State { get; set; }

    /// <summary>Last service day once it is ending or ended.</summary>
    public DateOnly? LastServiceDay { get; set; }
    public int Version { get; set; }

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
        table.Property(c => c.NumberToken).HasMaxLength(16);
        table.Property(c => c.Product).HasMaxLength(40);
        table.Property(c => c.ProductChinese).HasMaxLength(100);
        table.Property(c => c.ProductEnglish).HasMaxLength(100);
        table.Property(c => c.Currency).HasMaxLength(3);
        table.Property(c => c.PolicyNumber).HasMaxLength(40);
        table.Property(c => c.Zone).HasMaxLength(40);
        table.Property(c => c.Jurisdiction).HasMaxLength(10);
        table.Property(c => c.Version).IsConcurrencyToken();
        table.HasIndex(c => c.NumberToken).IsUnique();
        table.HasIndex(c => c.CustomerId);
    }
}
