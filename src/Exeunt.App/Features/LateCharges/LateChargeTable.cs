using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.LateCharges;

public enum LateChargeState
{
    /// <summary>Waits for a person.</summary>
    Found,

    /// <summary>The refund is ordered and the customer told.</summary>
    Refunded,

    /// <summary>It was owed all the same, with a reason (a new contract, a service before the end).</summary>
    Justified,
}

/// <summary>Something charged to a former customer after the last service day. The key is the fact's, so that a second scan finds it again only once.</summary>
public sealed class LateCharge
{
    public required long CustomerId { get; init; }
    public required long Document { get; init; }
    public required long Line { get; init; }
    public required Guid Id { get; init; }
    public required Guid CaseId { get; init; }
    public required DateOnly On { get; init; }

    /// <summary>Minor units, above 0.</summary>
    public required long Amount { get; init; }
    public required string Currency { get; init; }
    public required DateTimeOffset FoundAt { get; init; }
    public LateChargeState State { get; set; }

    /// <summary>Why it is owed: a personal text.</summary>
    public Guid? TextId { get; set; }
    public string? DecidedBy { get; set; }
    public DateTimeOffset? DecidedAt { get; set; }
    public Guid? OrderId { get; set; }
    public int Version { get; set; }
}

internal sealed class LateChargeTable : IEntityTypeConfiguration<LateCharge>
{
    public void Configure(EntityTypeBuilder<LateCharge> table)
    {
        table.ToTable("late_charges");
        table.HasKey(c => new { c.CustomerId, c.Document, c.Line });
        table.Property(c => c.Currency).HasMaxLength(3);
        table.Property(c => c.DecidedBy).HasMaxLength(80);
        table.Property(c => c.Version).IsConcurrencyToken();
        table.HasIndex(c => c.Id).IsUnique();
        table.HasIndex(c => new { c.State, c.FoundAt });
        table.HasIndex(c => c.CaseId);
    }
}
