using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Work;

/// <summary>What a department is asked to do when a contract ends.</summary>
public enum WorkTask
{
    StopService,
    RevokeAccess,
    StopBilling,
    FulfilOffer,
}

/// <summary>A work order (执行工单) of a case: done when a named person confirms it.</summary>
public sealed class WorkOrder
{
    public required Guid Id { get; init; }
    public required Guid CaseId { get; init; }
    public required WorkTask Task { get; init; }
    public required DateOnly DueOn { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public string? DoneBy { get; set; }
    public DateTimeOffset? DoneAt { get; set; }
    public int Version { get; set; }
}

internal sealed class WorkOrderTable : IEntityTypeConfiguration<WorkOrder>
{
    public void Configure(EntityTypeBuilder<WorkOrder> table)
    {
        table.ToTable("work_orders");
        table.HasKey(w => w.Id);
        table.Property(w => w.DoneBy).HasMaxLength(80);
        table.Property(w => w.Version).IsConcurrencyToken();
        table.HasIndex(w => new { w.CaseId, w.Task }).IsUnique();
        table.HasIndex(w => new { w.DoneAt, w.DueOn });
    }
}
