using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Erasure;

public enum LegalHoldReason
{
    Litigation,
    Regulator,
    Investigation,
    Claim,

    /// <summary>Placed after a backup that was restored, and taken from the exported log: by whom and why the log of then tells. Only a restore gives it.</summary>
    Restored,
}

/// <summary>A legal hold (证据保全) on a customer: while it stands nothing of theirs is erased, whoever asks. The data officer and legal lift it together.</summary>
public sealed class LegalHold
{
    public required Guid Id { get; init; }
    public required long CustomerId { get; init; }

    /// <summary>The case on whose page it was placed; null: on the customer's.</summary>
    public Guid? CaseId { get; init; }
    public required LegalHoldReason Reason { get; init; }
    public required string PlacedBy { get; init; }
    public required DateTimeOffset PlacedAt { get; init; }

    /// <summary>The first of the two who lift it, and as what.</summary>
    public string? LiftAskedBy { get; set; }
    public Role? LiftAskedAs { get; set; }
    public string? LiftedBy { get; set; }
    public DateTimeOffset? LiftedAt { get; set; }
    public int Version { get; set; }
}

internal sealed class LegalHoldTable : IEntityTypeConfiguration<LegalHold>
{
    public void Configure(EntityTypeBuilder<LegalHold> table)
    {
        table.ToTable("legal_holds", t => t.HasCheckConstraint("hold_is_lifted_by_two", "lifted_by IS NULL OR lifted_by <> lift_asked_by"));
        table.HasKey(h => h.Id);
        table.Property(h => h.PlacedBy).HasMaxLength(80);
        table.Property(h => h.LiftAskedBy).HasMaxLength(80);
        table.Property(h => h.LiftedBy).HasMaxLength(80);
        table.Property(h => h.Version).IsConcurrencyToken();
        table.HasIndex(h => h.CustomerId);
    }
}
