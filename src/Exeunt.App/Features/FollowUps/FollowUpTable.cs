using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.FollowUps;

/// <summary>Something that somebody does for a former customer after the end (后续跟进); what, is a personal text.</summary>
public sealed class FollowUpTask
{
    public required Guid Id { get; init; }
    public required Guid CaseId { get; init; }
    public required Guid TextId { get; init; }
    public required DateOnly DueOn { get; init; }
    public required string AddedBy { get; init; }
    public required DateTimeOffset AddedAt { get; init; }
    public string? DoneBy { get; set; }
    public DateTimeOffset? DoneAt { get; set; }
    public int Version { get; set; }
}

/// <summary>What the decision of a closed case had come to, a number of days later. Computed once, from the records.</summary>
public sealed class DecisionEffectRow
{
    public required Guid CaseId { get; init; }

    /// <summary>30, 90 or 180.</summary>
    public required int Days { get; init; }
    public required DateOnly On { get; init; }
    public required CaseOutcome Outcome { get; init; }
    public required bool StillThere { get; init; }
    public required long SpendBefore { get; init; }
    public required long SpendAfter { get; init; }
    public required string Currency { get; init; }
    public required int Complaints { get; init; }
    public required bool Disputed { get; init; }
    public required bool CameBack { get; init; }
}

internal sealed class FollowUpTable : IEntityTypeConfiguration<FollowUpTask>, IEntityTypeConfiguration<DecisionEffectRow>
{
    public void Configure(EntityTypeBuilder<FollowUpTask> table)
    {
        table.ToTable("follow_up_tasks");
        table.HasKey(t => t.Id);
        table.Property(t => t.AddedBy).HasMaxLength(80);
        table.Property(t => t.DoneBy).HasMaxLength(80);
        table.Property(t => t.Version).IsConcurrencyToken();
        table.HasIndex(t => t.CaseId);
        table.HasIndex(t => new { t.DoneAt, t.DueOn });
    }

    public void Configure(EntityTypeBuilder<DecisionEffectRow> table)
    {
        table.ToTable("decision_effects");
        table.HasKey(e => new { e.CaseId, e.Days });
        table.Property(e => e.Currency).HasMaxLength(3);
    }
}
