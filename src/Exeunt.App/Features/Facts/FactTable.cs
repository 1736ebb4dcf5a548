using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Facts;

/// <summary>What a fact is: the short codes are stored.</summary>
public enum FactKind
{
    Order,
    Return,
    Adjustment,
    Complaint,
}

/// <summary>
/// Something that happened with a customer, as its source told it. <see cref="Key"/> is the hash of source, document number,
/// line and ordinal of equal lines: the same file twice changes nothing, and equal lines that are real all count.
/// </summary>
public sealed class FactRow
{
    /// <summary>First 16 bytes of SHA-256 over source, document, line and ordinal.</summary>
    public required byte[] Key { get; init; }
    public required long CustomerId { get; init; }
    public required FactKind Kind { get; init; }
    public required DateOnly On { get; init; }

    /// <summary>Net amount in minor units of the customer's currency; negative for a return.</summary>
    public required long Amount { get; init; }

    /// <summary>64-bit hash of the document number, to count distinct documents; the number itself is the source's.</summary>
    public required long Document { get; init; }
}

/// <summary>The customer's months, packed (see Core Activity); rebuilt from the facts by <c>months rebuild</c>.</summary>
public sealed class ActivityRow
{
    public required long CustomerId { get; init; }
    public int Version { get; set; }
    public required byte[] Months { get; set; }
}

internal sealed class FactTable : IEntityTypeConfiguration<FactRow>, IEntityTypeConfiguration<ActivityRow>
{
    public void Configure(EntityTypeBuilder<FactRow> table)
    {
        table.ToTable("facts");
        table.HasKey(f => f.Key);
        table.Property(f => f.Key).HasMaxLength(16);
        table.HasIndex(f => new { f.CustomerId, f.On });
    }

    public void Configure(EntityTypeBuilder<ActivityRow> table)
    {
        table.ToTable("activity");
        table.HasKey(a => a.CustomerId);
        table.Property(a => a.CustomerId).ValueGeneratedNever();
        table.Property(a => a.Version).IsConcurrencyToken();
    }
}
