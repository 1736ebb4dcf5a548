using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Work;

/// <summary>
/// A work order (执行工单) of a case, or, without one, of a customer who was erased or corrected: done when a named person or a system's signed call-back confirms it, or when
/// it is waived by name.
/// </summary>
public sealed class WorkOrder
{
    public required Guid Id { get; init; }

    /// <summary>The case that it belongs to; null: an erasure that a customer asked for without one, or a correction.</summary>
    public Guid? CaseId { get; init; }

    /// <summary>The customer whom that was about; null with a case, which knows its own.</summary>
    public long? CustomerId { get; init; }

    /// <summary>The step it belongs to; null: none (an offer's fulfilment, copies to be erased or corrected elsewhere).</summary>
    public string? Step { get; init; }

    /// <summary>Code of the task: "stop-service".</summary>
    public required string Task { get; init; }
    public string English { get; init; } = "";
    public string Chinese { get; init; } = "";

    /// <summary>Who confirms it.</summary>
    public Role Department { get; init; } = Role.Technical;

    /// <summary>The connected system that is asked; null: people do it.</summary>
    public string? System { get; init; }
    public bool Irreversible { get; init; }
    public required DateOnly DueOn { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its system took it; it confirms later by a call-back.</summary>
    public DateTimeOffset? SentAt { get; set; }

    /// <summary>Code of the reason for which its system said that it failed; null: it did not.</summary>
    public string? Failure { get; set; }

    /// <summary>A named person decided that it need not be done; the words are a personal text.</summary>
    public bool IsWaived { get; set; }
    public Guid? TextId { get; set; }

    /// <summary>Who confirmed or waived it: a person, or "system:NAME".</summary>
    public string? DoneBy { get; set; }
    public DateTimeOffset? DoneAt { get; set; }
    public int Version { get; set; }

    /// <summary>What is asked, in a language.</summary>
    public string Words(Texts t) => English.Length > 0 ? t.Pick(English, Chinese) : t["work.task." + Task];

    /// <summary>An order for a task of a step.</summary>
    public static WorkOrder Of(ExitCase exit, string step, StepTask task, DateOnly today, DateTimeOffset now) =>
        new()
        {
            Id = Guid.CreateVersion7(now), CaseId = exit.Id, Step = step, Task = task.Code, English = task.Name.English, Chinese = task.Name.Chinese,
            Department = task.Department, System = task.System, Irreversible = task.Irreversible, DueOn = today.AddDays(task.DueDays), CreatedAt = now,
        };
}

internal sealed class WorkOrderTable : IEntityTypeConfiguration<WorkOrder>
{
    public void Configure(EntityTypeBuilder<WorkOrder> table)
    {
        table.ToTable("work_orders", t => t.HasCheckConstraint("work_order_has_one_subject", "(case_id IS NULL) <> (customer_id IS NULL)"));
        table.HasKey(w => w.Id);
        table.Property(w => w.DoneBy).HasMaxLength(80);
        table.Property(w => w.Failure).HasMaxLength(60);
        table.Property(w => w.Version).IsConcurrencyToken();
        table.Property(w => w.Step).HasMaxLength(60);
        table.Property(w => w.Task).HasMaxLength(80);
        table.Property(w => w.System).HasMaxLength(60);
        table.Property(w => w.Department).HasDefaultValue(Role.Technical);
        table.HasIndex(w => new { w.CaseId, w.Step, w.Task }).IsUnique();
        table.HasIndex(w => new { w.CustomerId, w.Task }).IsUnique();
        table.HasIndex(w => new { w.DoneAt, w.DueOn });
    }
}
