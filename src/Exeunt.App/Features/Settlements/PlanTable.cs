using Exeunt.Core.Settlement;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Settlements;

public enum PlanState
{
    Running,

    /// <summary>The whole was demanded at once.</summary>
    Accelerated,

    /// <summary>Everything is paid.</summary>
    Paid,

    /// <summary>Another plan took its place.</summary>
    Replaced,
}

/// <summary>An agreement to pay a claim by instalments.</summary>
public sealed class Plan
{
    public required Guid Id { get; init; }
    public required Guid OrderId { get; init; }
    public required Guid CaseId { get; init; }

    /// <summary>The whole price of the plan, minor units.</summary>
    public required long Price { get; init; }
    public required string Currency { get; init; }
    public PlanState State { get; set; }

    /// <summary>Who made it: finance, or the customer of the case.</summary>
    public required string MadeBy { get; init; }
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>Civil date on which overdue instalments were demanded; null: not.</summary>
    public DateOnly? DemandedOn { get; set; }
    public int Version { get; set; }
}

/// <summary>One instalment of a plan.</summary>
public sealed class PlanRow
{
    public required Guid PlanId { get; init; }

    /// <summary>1, 2, 3…</summary>
    public required int Number { get; init; }
    public required DateOnly DueOn { get; set; }

    /// <summary>Minor units.</summary>
    public required long Amount { get; init; }
    public long Paid { get; set; }

    public DueInstalment Value => new(Number, DueOn, Amount, Paid);
}

internal sealed class PlanTable : IEntityTypeConfiguration<Plan>, IEntityTypeConfiguration<PlanRow>
{
    public void Configure(EntityTypeBuilder<Plan> table)
    {
        table.ToTable("instalment_plans");
        table.HasKey(p => p.Id);
        table.Property(p => p.Currency).HasMaxLength(3);
        table.Property(p => p.MadeBy).HasMaxLength(80);
        table.Property(p => p.Version).IsConcurrencyToken();
        table.HasIndex(p => p.CaseId);
        table.HasIndex(p => new { p.OrderId, p.State });
    }

    public void Configure(EntityTypeBuilder<PlanRow> table)
    {
        table.ToTable("instalments", t => t.HasCheckConstraint("instalment_is_not_overpaid", "paid >= 0 AND paid <= amount"));
        table.HasKey(r => new { r.PlanId, r.Number });
        table.Ignore(r => r.Value);
        table.HasIndex(r => r.DueOn);
    }
}
