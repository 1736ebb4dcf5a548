using Exeunt.App.Platform;
using Exeunt.Core;
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

    /// <summary>Tells apart several of one task in a case: "offer:DISCOUNT:billing"; "" for the only one.</summary>
    public string Code { get; init; } = "";

    /// <summary>Its own words, and who is to do it; null: those of the task.</summary>
    public string? TitleEnglish { get; init; }
    public string? TitleChinese { get; init; }
    public Role? ForRole { get; init; }
    public required DateOnly DueOn { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public string? DoneBy { get; set; }
    public DateTimeOffset? DoneAt { get; set; }
    public int Version { get; set; }

    public string Name(Texts t) => TitleEnglish is { } english ? t.Pick(english, TitleChinese ?? english) : t.Of("work.task", Task);
}

internal sealed class WorkOrderTable : IEntityTypeConfiguration<WorkOrder>
{
    public void Configure(EntityTypeBuilder<WorkOrder> table)
    {
        table.ToTable("work_orders");
        table.HasKey(w => w.Id);
        table.Property(w => w.DoneBy).HasMaxLength(80);
        table.Property(w => w.Version).IsConcurrencyToken();
        table.Property(w => w.Code).HasMaxLength(100).HasDefaultValue("");
        table.Property(w => w.TitleEnglish).HasMaxLength(120);
        table.Property(w => w.TitleChinese).HasMaxLength(120);
        table.HasIndex(w => new { w.CaseId, w.Task, w.Code }).IsUnique();
        table.HasIndex(w => new { w.DoneAt, w.DueOn });
    }
}
