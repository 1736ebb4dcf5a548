using Exeunt.Core.Classes;
using Exeunt.Core.Standards;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Classes;

/// <summary>The class of a customer in a scheme, as the last evaluation found it. Who is in no class has no row.</summary>
public sealed class ClassMember
{
    public required string SchemeId { get; init; }
    public required long CustomerId { get; init; }
    public required string Class { get; set; }

    /// <summary>Version of the scheme that put the customer here, or left them here.</summary>
    public required int SchemeVersion { get; set; }

    /// <summary>The business day on which the evaluation first found this class.</summary>
    public required DateOnly Since { get; set; }
    public int Revision { get; set; }
}

/// <summary>A change of class as it was seen on its day: later facts may tell another story, this one stays.</summary>
public sealed class ClassChange
{
    public required string SchemeId { get; init; }
    public required long CustomerId { get; init; }
    public required DateOnly On { get; init; }

    /// <summary>Null: in none before.</summary>
    public required string? From { get; init; }

    /// <summary>Null: in none any more.</summary>
    public required string? To { get; set; }
}

public enum ClassTaskState
{
    Open,
    Done,
    Skipped,

    /// <summary>The customer left the class, or the plan changed, before anybody did it.</summary>
    Lapsed,
}

/// <summary>Why a step is skipped this time: a code, so that no personal words are kept here.</summary>
public enum SkipReason
{
    NotNeeded,
    DoneOtherwise,
    NotReachable,
    CustomerWish,
    WrongClass,
}

/// <summary>A step of a class's plan for one customer. It is for whoever looks after the customer on the day it is looked at, else for the unit.</summary>
public sealed class ClassTask
{
    public required Guid Id { get; init; }
    public required string SchemeId { get; init; }
    public required int SchemeVersion { get; init; }
    public required string Class { get; init; }
    public required string Step { get; init; }
    public required long CustomerId { get; init; }
    public required DateOnly DueOn { get; init; }
    public ClassTaskState State { get; set; }
    public SkipReason? Skipped { get; set; }
    public DateOnly? ClosedOn { get; set; }
    public string? ClosedBy { get; set; }
    public int Revision { get; set; }
}

/// <summary>A scheme as one evaluation uses it: which version, and where its population was cut, the same for every part and every repetition.</summary>
public sealed class ClassRun
{
    public required Guid RunId { get; init; }
    public required string SchemeId { get; init; }
    public required int SchemeVersion { get; init; }

    /// <summary><see cref="SchemeCuts"/> as JSON.</summary>
    public required string Cuts { get; init; }
}

internal sealed class ClassTable : IEntityTypeConfiguration<ClassMember>, IEntityTypeConfiguration<ClassChange>, IEntityTypeConfiguration<ClassTask>, IEntityTypeConfiguration<ClassRun>
{
    public void Configure(EntityTypeBuilder<ClassMember> table)
    {
        table.ToTable("class_members");
        table.HasKey(m => new { m.SchemeId, m.CustomerId });
        table.Property(m => m.SchemeId).HasMaxLength(StandardDocument.MaxId);
        table.Property(m => m.Class).HasMaxLength(SchemeDocument.MaxCode);
        table.Property(m => m.Revision).IsConcurrencyToken();
        table.HasIndex(m => new { m.SchemeId, m.Class, m.CustomerId });
        table.HasIndex(m => m.CustomerId);
    }

    public void Configure(EntityTypeBuilder<ClassChange> table)
    {
        table.ToTable("class_changes");
        table.HasKey(c => new { c.SchemeId, c.CustomerId, c.On });
        table.Property(c => c.SchemeId).HasMaxLength(StandardDocument.MaxId);
        table.Property(c => c.From).HasMaxLength(SchemeDocument.MaxCode);
        table.Property(c => c.To).HasMaxLength(SchemeDocument.MaxCode);
        table.HasIndex(c => c.CustomerId);
    }

    public void Configure(EntityTypeBuilder<ClassTask> table)
    {
        table.ToTable("class_tasks");
        table.HasKey(t => t.Id);
        table.Property(t => t.SchemeId).HasMaxLength(StandardDocument.MaxId);
        table.Property(t => t.Class).HasMaxLength(SchemeDocument.MaxCode);
        table.Property(t => t.Step).HasMaxLength(SchemeDocument.MaxCode);
        table.Property(t => t.ClosedBy).HasMaxLength(80);
        table.Property(t => t.Revision).IsConcurrencyToken();
        // A step waits once for a customer; two nodes cannot make it twice.
        table.HasIndex(t => new { t.CustomerId, t.SchemeId, t.Class, t.Step }).IsUnique().HasFilter("state = 'Open'");
        table.HasIndex(t => t.CustomerId);
        table.HasIndex(t => new { t.State, t.DueOn, t.Id });
    }

    public void Configure(EntityTypeBuilder<ClassRun> table)
    {
        table.ToTable("class_runs");
        table.HasKey(r => new { r.RunId, r.SchemeId });
        table.Property(r => r.SchemeId).HasMaxLength(StandardDocument.MaxId);
    }
}
