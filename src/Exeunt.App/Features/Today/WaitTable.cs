using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Today;

/// <summary>
/// One thing a case waits for that a person is to do, kept beside the case in the same transaction
/// (<see cref="Data.CaseDesk.Stage"/>), so that the inbox is one look into an index.
/// </summary>
public sealed class WaitRow
{
    /// <summary>The due time of what has no date: after every other.</summary>
    public static readonly DateTimeOffset NoDate = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public long Id { get; init; }
    public required Guid CaseId { get; init; }

    /// <summary><see cref="CaseWait.Key"/>; unique in the case.</summary>
    public required string Key { get; init; }

    /// <summary><see cref="CaseWait.What"/>.</summary>
    public required string What { get; init; }

    /// <summary>The roles that may, one bit each (<see cref="BitOf"/>).</summary>
    public int Roles { get; set; }
    public int? UnitId { get; set; }

    /// <summary>Whoever has the case, where it is theirs to do; "" for everybody with the role.</summary>
    public string AssignedTo { get; set; } = "";

    /// <summary>Business time by which it is to be done (exclusive); <see cref="NoDate"/> when there is none.</summary>
    public DateTimeOffset DueAt { get; set; }

    /// <summary>0 before 1: customers who come first among things due at the same time.</summary>
    public int Priority { get; set; }
    public DateTimeOffset Since { get; set; }

    /// <summary>Actors who may not do it though their role may (who asked for the approval); separated by spaces.</summary>
    public string Barred { get; set; } = "";

    public static int BitOf(Role role) => 1 << (int)role;

    /// <summary>The row as it should be for a wait of this case.</summary>
    public static WaitRow Of(ExitCase exit, CaseWait wait)
    {
        var row = new WaitRow { CaseId = exit.Id, Key = wait.Key, What = wait.What };
        row.Set(exit, wait);
        return row;
    }

    /// <summary>Brings the row to what the case says; what did not change stays as it is.</summary>
    public void Set(ExitCase exit, CaseWait wait)
    {
        Roles = wait.Roles.Aggregate(0, (bits, role) => bits | BitOf(role));
        UnitId = exit.UnitId;
        AssignedTo = wait.IsForAssignee ? exit.AssignedTo ?? "" : "";
        DueAt = wait.DueOn is { } on ? Clocks.StartOf(on.AddDays(1), exit.Zone ?? Clocks.CompanyZone) : NoDate;
        Since = wait.Since;
        Barred = wait.What == nameof(StepKind.Approve) ? exit.Requesters : "";
    }
}

internal sealed class WaitTable : IEntityTypeConfiguration<WaitRow>
{
    public void Configure(EntityTypeBuilder<WaitRow> table)
    {
        table.ToTable("waits");
        table.HasKey(w => w.Id);
        table.Property(w => w.Id).ValueGeneratedOnAdd();
        table.Property(w => w.Key).HasMaxLength(80);
        table.Property(w => w.What).HasMaxLength(40);
        table.Property(w => w.AssignedTo).HasMaxLength(80);
        table.HasIndex(w => new { w.CaseId, w.Key }).IsUnique();
        // The inbox: of one set of roles, mine or nobody's, by urgency; units are compared in the index.
        table.HasIndex(w => new { w.Roles, w.AssignedTo, w.DueAt, w.Priority, w.Id, w.UnitId });
        // A unit's things, whoever has them; and what is due before a date, for the list of cases.
        table.HasIndex(w => new { w.Roles, w.DueAt, w.Priority, w.Id, w.UnitId });
        table.HasIndex(w => new { w.DueAt, w.CaseId });
    }
}
