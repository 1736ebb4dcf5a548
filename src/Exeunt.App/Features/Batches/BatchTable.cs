using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Batches;

/// <summary>What can be done to many cases at once.</summary>
public enum BatchAction
{
    Assign,
    Hold,
    Resume,
    Recompute,

    /// <summary>Asks whoever has the case to say how it stands.</summary>
    Ask,
}

public enum BatchState
{
    Running,
    Done,

    /// <summary>Stopped by its owner; what was done stays done.</summary>
    Cancelled,
}

/// <summary>One action for many cases (批量办理), asked for by one person and carried out with their permissions.</summary>
public sealed class Batch
{
    /// <summary>The most cases of one batch.</summary>
    public const int Max = 5_000;
    public required Guid Id { get; init; }

    /// <summary>Actor id of whoever asked.</summary>
    public required string By { get; init; }
    public required BatchAction Action { get; init; }

    /// <summary>Whom to assign to, or the hold's reason; null where the action needs none.</summary>
    public string? Argument { get; init; }
    public BatchState State { get; set; }
    public required int Total { get; init; }
    public int Done { get; set; }
    public int Refused { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? EndedAt { get; set; }
    public int Version { get; set; }
}

public enum BatchItemState
{
    Waiting,
    Done,
    Refused,

    /// <summary>Not looked at any more: the batch was cancelled first.</summary>
    Left,
}

/// <summary>One case of a batch and what became of it.</summary>
public sealed class BatchItem
{
    public required Guid BatchId { get; init; }

    /// <summary>From 1; the order in which they are done.</summary>
    public required int Position { get; init; }
    public required Guid CaseId { get; init; }
    public BatchItemState State { get; set; }

    /// <summary>Code of the refusal.</summary>
    public string? Code { get; set; }

    /// <summary>Its sentences; they hold no personal data.</summary>
    public string? English { get; set; }
    public string? Chinese { get; set; }
}

internal sealed class BatchTable : IEntityTypeConfiguration<Batch>, IEntityTypeConfiguration<BatchItem>
{
    public void Configure(EntityTypeBuilder<Batch> table)
    {
        table.ToTable("batches");
        table.HasKey(b => b.Id);
        table.Property(b => b.By).HasMaxLength(80);
        table.Property(b => b.Argument).HasMaxLength(80);
        table.Property(b => b.Version).IsConcurrencyToken();
        table.HasIndex(b => b.By);
    }

    public void Configure(EntityTypeBuilder<BatchItem> table)
    {
        table.ToTable("batch_items");
        table.HasKey(i => new { i.BatchId, i.Position });
        table.Property(i => i.Code).HasMaxLength(80);
        table.HasIndex(i => new { i.BatchId, i.State, i.Position });
    }
}
