using Exeunt.Core.Policies;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Policies;

/// <summary>One version of a termination policy; the document is the JSON of Core's TerminationPolicy, as it was signed.</summary>
public sealed class PolicyRow
{
    public required string Number { get; init; }
    public required int Version { get; init; }
    public required PolicyStatus Status { get; set; }
    public required string Document { get; set; }

    /// <summary>SHA-256 (hex) of <see cref="Document"/>.</summary>
    public string Digest { get; set; } = "";

    /// <summary>First day in force.</summary>
    public required DateOnly EffectiveFrom { get; set; }

    /// <summary>The day after the last one: the document's, or the first day of the version that follows.</summary>
    public DateOnly? EffectiveUntil { get; set; }

    /// <summary>When the version is to be looked at again: the document's, then what the last review set.</summary>
    public DateOnly? ReviewOn { get; set; }

    /// <summary>Rises whenever the signatures are voided; those of earlier rounds are history.</summary>
    public int Round { get; set; }

    /// <summary>Rises with every change of the row (concurrency token).</summary>
    public int Revision { get; set; }

    public InForce Interval => new(Number, Version, EffectiveFrom, EffectiveUntil);
}

/// <summary>
/// A hand in one round of a version: that of a writer, which becomes a signature (编制) when they hand it in, or of a signer. The key
/// lets nobody have two: writers and signers are different people, whatever the code does.
/// </summary>
public sealed class PolicySignOff
{
    public required string Number { get; init; }
    public required int Version { get; init; }
    public required int Round { get; init; }

    /// <summary>Id of the member of staff.</summary>
    public required string By { get; init; }
    public required SignOffStep Step { get; init; }

    /// <summary>Digest of the document that was signed; null for a writer who did not hand it in.</summary>
    public string? Digest { get; set; }
    public required DateTimeOffset At { get; set; }
}

public enum PolicyTurnKind
{
    Drafted,
    Edited,
    Submitted,
    Signed,
    Returned,
    Withdrawn,
    Discarded,
    Published,
    Superseded,
    Reviewed,
}

/// <summary>Something that happened to a version, as its page tells it.</summary>
public sealed class PolicyTurn
{
    public required Guid Id { get; init; }
    public required string Number { get; init; }
    public required int Version { get; init; }
    public required PolicyTurnKind Kind { get; init; }

    /// <summary>Which signature, for <see cref="PolicyTurnKind.Signed"/>.</summary>
    public SignOffStep? Step { get; init; }
    public required string By { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Why it was returned, what a review found.</summary>
    public string? Words { get; init; }
}

/// <summary>A review of a published version that has fallen due: a task until somebody records it.</summary>
public sealed class PolicyReview
{
    public required Guid Id { get; init; }
    public required string Number { get; init; }
    public required int Version { get; init; }
    public required DateOnly DueOn { get; init; }
    public DateTimeOffset? DoneAt { get; set; }
    public string? DoneBy { get; set; }
    public string? Words { get; set; }

    /// <summary>When it is to be looked at again.</summary>
    public DateOnly? NextOn { get; set; }
}

internal sealed class PolicyTable
    : IEntityTypeConfiguration<PolicyRow>, IEntityTypeConfiguration<PolicySignOff>, IEntityTypeConfiguration<PolicyTurn>, IEntityTypeConfiguration<PolicyReview>
{
    public void Configure(EntityTypeBuilder<PolicyRow> table)
    {
        table.ToTable("policies");
        table.HasKey(p => new { p.Number, p.Version });
        table.Ignore(p => p.Interval);
        table.Property(p => p.Number).HasMaxLength(PolicyDocument.MaxNumber);
        table.Property(p => p.Digest).HasMaxLength(64);
        table.Property(p => p.Revision).IsConcurrencyToken();
    }

    public void Configure(EntityTypeBuilder<PolicySignOff> table)
    {
        table.ToTable("policy_sign_offs");
        table.HasKey(s => new { s.Number, s.Version, s.Round, s.By });
        table.Property(s => s.Number).HasMaxLength(PolicyDocument.MaxNumber);
        table.Property(s => s.By).HasMaxLength(80);
        table.Property(s => s.Digest).HasMaxLength(64);
        table.HasOne<PolicyRow>().WithMany().HasForeignKey(s => new { s.Number, s.Version }).OnDelete(DeleteBehavior.Restrict);
        // Several may write; every other step has one signature.
        table.HasIndex(s => new { s.Number, s.Version, s.Round, s.Step }).IsUnique().HasFilter("step <> 'Prepared'");
    }

    public void Configure(EntityTypeBuilder<PolicyTurn> table)
    {
        table.ToTable("policy_turns");
        table.HasKey(t => t.Id);
        table.Property(t => t.Number).HasMaxLength(PolicyDocument.MaxNumber);
        table.Property(t => t.By).HasMaxLength(80);
        table.Property(t => t.Words).HasMaxLength(2000);
        table.HasIndex(t => new { t.Number, t.Version });
    }

    public void Configure(EntityTypeBuilder<PolicyReview> table)
    {
        table.ToTable("policy_reviews");
        table.HasKey(r => r.Id);
        table.Property(r => r.Number).HasMaxLength(PolicyDocument.MaxNumber);
        table.Property(r => r.DoneBy).HasMaxLength(80);
        table.Property(r => r.Words).HasMaxLength(2000);
        table.HasIndex(r => new { r.Number, r.Version, r.DueOn }).IsUnique();
    }
}
