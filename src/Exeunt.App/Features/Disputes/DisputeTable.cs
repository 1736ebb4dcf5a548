using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Disputes;

public enum DisputeForum
{
    Lawyer,
    Regulator,
    Arbitration,
    Court,
}

public enum DisputeResult
{
    Ruled,
    Settled,
    Withdrawn,
}

/// <summary>A dispute (法律纠纷) over a case: what is contested, where, and how it ended.</summary>
public sealed class Dispute
{
    public required Guid Id { get; init; }
    public required Guid CaseId { get; init; }
    public required DisputeForum Forum { get; init; }

    /// <summary>File number at the forum and own words: a personal text.</summary>
    public required Guid TextId { get; init; }

    /// <summary>Codes of the contested lines, comma separated; "" when an amount was named.</summary>
    public required string Lines { get; init; }

    /// <summary>Minor units with their sign: + charges, - credits that are contested; 0: no money.</summary>
    public required long Contested { get; init; }
    public string? Currency { get; init; }
    public required string OpenedBy { get; init; }
    public required DateTimeOffset OpenedAt { get; init; }
    public DisputeResult? Result { get; set; }

    /// <summary>What is left of the contested amount, between 0 and it; null while it is open.</summary>
    public long? Upheld { get; set; }
    public Guid? RulingId { get; set; }
    public string? ClosedBy { get; set; }
    public DateTimeOffset? ClosedAt { get; set; }
    public int Version { get; set; }
}

public enum DeadlineKind
{
    Answer,
    Evidence,
    Hearing,
    Payment,
    LegalRemedy,
}

/// <summary>A date that counts in a dispute; the people of the case are reminded before it.</summary>
public sealed class DisputeDeadline
{
    public required Guid Id { get; init; }
    public required Guid DisputeId { get; init; }
    public required Guid CaseId { get; init; }
    public required DeadlineKind Kind { get; init; }

    /// <summary>Last day, included.</summary>
    public required DateOnly DueOn { get; init; }
    public required string AddedBy { get; init; }
    public DateTimeOffset? RemindedAt { get; set; }
    public string? DoneBy { get; set; }
    public DateTimeOffset? DoneAt { get; set; }
    public int Version { get; set; }
}

internal sealed class DisputeTable : IEntityTypeConfiguration<Dispute>, IEntityTypeConfiguration<DisputeDeadline>
{
    public void Configure(EntityTypeBuilder<Dispute> table)
    {
        table.ToTable("disputes");
        table.HasKey(d => d.Id);
        table.Property(d => d.Lines).HasMaxLength(1000);
        table.Property(d => d.Currency).HasMaxLength(3);
        table.Property(d => d.OpenedBy).HasMaxLength(80);
        table.Property(d => d.ClosedBy).HasMaxLength(80);
        table.Property(d => d.Version).IsConcurrencyToken();
        table.HasIndex(d => d.CaseId);
    }

    public void Configure(EntityTypeBuilder<DisputeDeadline> table)
    {
        table.ToTable("dispute_deadlines");
        table.HasKey(d => d.Id);
        table.Property(d => d.AddedBy).HasMaxLength(80);
        table.Property(d => d.DoneBy).HasMaxLength(80);
        table.Property(d => d.Version).IsConcurrencyToken();
        table.HasIndex(d => d.DisputeId);
        table.HasIndex(d => new { d.DoneAt, d.DueOn });
    }
}
