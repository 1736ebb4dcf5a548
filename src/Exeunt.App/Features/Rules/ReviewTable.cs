using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Rules;

public enum ReviewKind
{
    Policy,
    Case,
}

/// <summary>A breach of a legal limit that a person has to look at. It stops nothing.</summary>
public sealed class Review
{
    public required Guid Id { get; init; }
    public required ReviewKind Kind { get; init; }

    /// <summary>"JY-01:1" of a policy, the id of a case.</summary>
    public required string Subject { get; init; }

    /// <summary>The case, when it is about one.</summary>
    public Guid? CaseId { get; init; }

    /// <summary>The rule's id.</summary>
    public required string Rule { get; init; }

    /// <summary>Name of the pack: "DE 1".</summary>
    public required string Pack { get; init; }

    /// <summary>JSON path of the part, and what is wrong, in both languages.</summary>
    public required string Part { get; init; }
    public required string English { get; init; }
    public required string Chinese { get; init; }
    public required DateTimeOffset OpenedAt { get; init; }
    public DateTimeOffset? ClosedAt { get; set; }
    public string? ClosedBy { get; set; }

    /// <summary>What was decided; never personal data.</summary>
    public string? Words { get; set; }
    public int Version { get; set; }
}

internal sealed class ReviewTable : IEntityTypeConfiguration<Review>
{
    public void Configure(EntityTypeBuilder<Review> table)
    {
        table.ToTable("reviews");
        table.HasKey(r => r.Id);
        table.Property(r => r.Subject).HasMaxLength(60);
        table.Property(r => r.Rule).HasMaxLength(40);
        table.Property(r => r.Pack).HasMaxLength(24);
        table.Property(r => r.Part).HasMaxLength(80);
        table.Property(r => r.ClosedBy).HasMaxLength(80);
        table.Property(r => r.Version).IsConcurrencyToken();
        table.HasIndex(r => new { r.Subject, r.Rule, r.Pack, r.Part }).IsUnique();
        table.HasIndex(r => new { r.ClosedAt, r.OpenedAt });
        table.HasIndex(r => r.CaseId);
    }
}
