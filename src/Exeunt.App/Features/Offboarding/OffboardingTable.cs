using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Offboarding;

/// <summary>A drafted decision to end a relationship; immutable, another draft is another row. What it says is sealed (class Case).</summary>
public sealed class DecisionRow
{
    public const string Place = "decisions.data";
    public required Guid Id { get; init; }
    public required Guid CaseId { get; init; }

    /// <summary>SHA-256 of the paper's bytes, hex: what an approval binds.</summary>
    public required string Digest { get; init; }

    /// <summary>Sealed bytes of Core's DecisionPaper; empty once erased.</summary>
    public required byte[] Data { get; init; }
    public required string DraftedBy { get; init; }
    public required DateTimeOffset At { get; init; }

    public string Row => Id.ToString("N");
}

/// <summary>An improvement agreement (整改约定): measured targets in clear, what was said about them in the case's texts.</summary>
public sealed class CureAgreement
{
    public required Guid Id { get; init; }
    public required Guid CaseId { get; init; }

    /// <summary>First and last day of the observation, both included.</summary>
    public required DateOnly FromOn { get; init; }
    public required DateOnly UntilOn { get; init; }

    /// <summary>Core's CureTargets as JSON; amounts in the contract's currency.</summary>
    public required string Targets { get; init; }
    public required string Currency { get; init; }

    /// <summary>What is to change, and what follows when it does not: personal texts.</summary>
    public required Guid TextId { get; init; }
    public required Guid ConsequenceId { get; init; }
    public required string AgreedBy { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>When its end was brought to the people of the case.</summary>
    public DateTimeOffset? RemindedAt { get; set; }
    public bool? Met { get; set; }

    /// <summary>The figures that were shown to whoever judged, as JSON.</summary>
    public string? Figures { get; set; }
    public string? JudgedBy { get; set; }
    public DateTimeOffset? JudgedAt { get; set; }
    public int Version { get; set; }
}

public enum OpenOrderState
{
    Open,

    /// <summary>Delivered or done.</summary>
    Finished,

    /// <summary>Called off.</summary>
    Cancelled,
}

/// <summary>An order that is still open when a relationship is wound down; its number is a personal text.</summary>
public sealed class OpenOrder
{
    public required Guid Id { get; init; }
    public required Guid CaseId { get; init; }
    public required Guid TextId { get; init; }

    /// <summary>Minor units, 0 or more.</summary>
    public required long Amount { get; init; }
    public required string Currency { get; init; }
    public required string AddedBy { get; init; }
    public required DateTimeOffset AddedAt { get; init; }
    public OpenOrderState State { get; set; }
    public string? DoneBy { get; set; }
    public DateTimeOffset? DoneAt { get; set; }
    public int Version { get; set; }
}

/// <summary>
/// The register of what was ended or refused on the spot (立即清退、拒绝接待): who said it to whom and when, and who looked at it
/// afterwards. Without a case it is a refusal at admission. The words are sealed under the customer's key, or a key of their own that the effect
/// "spot.forget" destroys.
/// </summary>
public sealed class SpotDecision
{
    public const string Place = "spot_decisions.data";
    public required Guid Id { get; init; }
    public Guid? CaseId { get; init; }
    public required int UnitId { get; init; }
    public required string Ground { get; init; }
    public required DateTimeOffset ToldAt { get; init; }
    public required string ToldBy { get; init; }

    /// <summary>Whose key seals the words: the customer's, or a random negative number's.</summary>
    public required long Subject { get; init; }

    /// <summary>Sealed <see cref="SpotWords"/> (class Case); empty once erased.</summary>
    public required byte[] Data { get; init; }
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>End of the next working day: until then somebody else reviews it.</summary>
    public required DateTimeOffset ReviewDueAt { get; init; }
    public string? ReviewedBy { get; set; }
    public DateTimeOffset? ReviewedAt { get; set; }

    /// <summary>Whether it stands; null: not reviewed.</summary>
    public bool? Stands { get; set; }

    /// <summary>Sealed words of the review.</summary>
    public byte[]? Review { get; set; }
    public int Version { get; set; }

    public string Row => Id.ToString("N");
}

/// <param name="ToldTo">To whom it was said.</param>
public sealed record SpotWords(string ToldTo, string Words);

internal sealed class OffboardingTable
    : IEntityTypeConfiguration<DecisionRow>, IEntityTypeConfiguration<CureAgreement>, IEntityTypeConfiguration<OpenOrder>, IEntityTypeConfiguration<SpotDecision>
{
    public void Configure(EntityTypeBuilder<DecisionRow> table)
    {
        table.ToTable("decisions");
        table.HasKey(d => d.Id);
        table.Ignore(d => d.Row);
        table.Property(d => d.Digest).HasMaxLength(64);
        table.Property(d => d.DraftedBy).HasMaxLength(80);
        table.HasIndex(d => d.CaseId);
    }

    public void Configure(EntityTypeBuilder<CureAgreement> table)
    {
        table.ToTable("cure_agreements");
        table.HasKey(a => a.Id);
        table.Property(a => a.Currency).HasMaxLength(3);
        table.Property(a => a.AgreedBy).HasMaxLength(80);
        table.Property(a => a.JudgedBy).HasMaxLength(80);
        table.Property(a => a.Version).IsConcurrencyToken();
        table.HasIndex(a => a.CaseId).IsUnique();
    }

    public void Configure(EntityTypeBuilder<OpenOrder> table)
    {
        table.ToTable("open_orders");
        table.HasKey(o => o.Id);
        table.Property(o => o.Currency).HasMaxLength(3);
        table.Property(o => o.AddedBy).HasMaxLength(80);
        table.Property(o => o.DoneBy).HasMaxLength(80);
        table.Property(o => o.Version).IsConcurrencyToken();
        table.HasIndex(o => o.CaseId);
    }

    public void Configure(EntityTypeBuilder<SpotDecision> table)
    {
        // Nobody reviews what they themselves said.
        table.ToTable("spot_decisions", t => t.HasCheckConstraint("reviewer_did_not_tell", "reviewed_by IS NULL OR reviewed_by <> told_by"));
        table.HasKey(s => s.Id);
        table.Ignore(s => s.Row);
        table.Property(s => s.Ground).HasMaxLength(40);
        table.Property(s => s.ToldBy).HasMaxLength(80);
        table.Property(s => s.ReviewedBy).HasMaxLength(80);
        table.Property(s => s.Version).IsConcurrencyToken();
        table.HasIndex(s => s.CaseId);
        table.HasIndex(s => new { s.ReviewedAt, s.ReviewDueAt });
    }
}
