using Exeunt.Core.Standards;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Standards;

public enum BacktestState
{
    Running,
    Done,

    /// <summary>Given up; <see cref="StandardBacktest.Failure"/> says why.</summary>
    Failed,
}

/// <summary>A back-test of exactly one document, and its report, which holds figures only.</summary>
public sealed class StandardBacktest
{
    public required Guid Id { get; init; }
    public required string StandardId { get; init; }
    public required int Version { get; init; }

    /// <summary>Of <see cref="Document"/>.</summary>
    public required string Digest { get; init; }

    /// <summary>The document that is tried, as it stood when the test was asked for.</summary>
    public required string Document { get; init; }

    /// <summary>First month (its index).</summary>
    public required int FromMonth { get; init; }

    /// <summary>Last month (its index), inclusive.</summary>
    public required int ToMonth { get; init; }

    /// <summary>The comparison that is varied; null: the first that can be.</summary>
    public int? Threshold { get; init; }

    /// <summary>The version in force it is compared with; null: there was none.</summary>
    public int? AgainstVersion { get; init; }
    public required string By { get; init; }
    public required DateTimeOffset At { get; init; }
    public BacktestState State { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
    public string? Report { get; set; }

    /// <summary>SHA-256 (hex) of <see cref="Report"/>.</summary>
    public string? ReportHash { get; set; }

    /// <summary>Code of a failure.</summary>
    public string? Failure { get; set; }

    /// <summary>Whether the version was published with this report.</summary>
    public bool IsAttached { get; set; }
}

/// <summary>What a back-test counted in one unit: whoever sees some units only, sees the sum of theirs.</summary>
public sealed class BacktestUnit
{
    public required Guid BacktestId { get; init; }

    /// <summary>The unit the customers were in when it ran.</summary>
    public required int UnitId { get; init; }

    /// <summary><see cref="BacktestCounts"/> as JSON.</summary>
    public required string Counts { get; init; }
}

public enum ListingState
{
    /// <summary>A person must decide.</summary>
    Waiting,

    /// <summary>A person opened an offboarding case.</summary>
    CaseOpened,

    /// <summary>A person did what was to be done.</summary>
    Done,

    /// <summary>A person decided that nothing follows.</summary>
    Dismissed,

    /// <summary>It ended before anybody decided.</summary>
    Lapsed,
}

/// <summary>Why a listing ended.</summary>
public enum ListingEnd
{
    /// <summary>The condition failed for as long as the standard says.</summary>
    NotMet,

    /// <summary>Out of scope, or excluded (contract in term, VIP …).</summary>
    Excluded,

    /// <summary>Another version took its place.</summary>
    Superseded,

    /// <summary>The standard was taken out of use.</summary>
    Retired,

    /// <summary>The customer's data is not evaluated any more: restricted, objected to, or erased.</summary>
    LeftOut,
}

/// <summary>Why nothing follows from a listing: a code, so that no personal words are kept here.</summary>
public enum DismissReason
{
    WrongData,
    Explained,
    Agreement,
    OtherMeasure,
    NotWarranted,
}

/// <summary>A customer on the list of a standard, with the numbers of the day on which it began.</summary>
public sealed class StandardListing
{
    public required Guid Id { get; init; }
    public required string StandardId { get; init; }
    public required int Version { get; init; }
    public required long CustomerId { get; init; }

    /// <summary>The customer's unit on that day. Who sees and decides goes by the unit the customer is in now.</summary>
    public required int UnitId { get; init; }
    public required DateOnly OpenedOn { get; init; }

    /// <summary>The deciding comparisons, at least one, and their numbers (<see cref="StandardDocument.ReasonsOf"/>).</summary>
    public required string Reason { get; init; }
    public required StandardAction Action { get; init; }

    /// <summary>Last day on which a person should decide.</summary>
    public required DateOnly DueOn { get; init; }
    public DateOnly? ClosedOn { get; set; }
    public ListingEnd? End { get; set; }
    public ListingState State { get; set; }
    public string? DecidedBy { get; set; }
    public DateTimeOffset? DecidedAt { get; set; }
    public DismissReason? Dismissed { get; set; }
    public Guid? CaseId { get; set; }
    public int Revision { get; set; }
}

/// <summary>An evaluation of all customers on one day; it is carried out in parts.</summary>
public sealed class StandardRun
{
    public required Guid Id { get; init; }
    public required DateOnly On { get; init; }
    public required string By { get; init; }
    public required DateTimeOffset At { get; init; }
    public required int Parts { get; init; }
    public required int Customers { get; init; }
}

internal sealed class StandardTable : IEntityTypeConfiguration<StandardBacktest>, IEntityTypeConfiguration<BacktestUnit>, IEntityTypeConfiguration<StandardListing>, IEntityTypeConfiguration<StandardRun>
{
    public void Configure(EntityTypeBuilder<StandardBacktest> table)
    {
        table.ToTable("standard_backtests");
        table.HasKey(b => b.Id);
        table.Property(b => b.StandardId).HasMaxLength(StandardDocument.MaxId);
        table.Property(b => b.Digest).HasMaxLength(64);
        table.Property(b => b.ReportHash).HasMaxLength(64);
        table.Property(b => b.By).HasMaxLength(80);
        table.Property(b => b.Failure).HasMaxLength(80);
        table.HasIndex(b => new { b.StandardId, b.Version });
    }

    public void Configure(EntityTypeBuilder<BacktestUnit> table)
    {
        table.ToTable("standard_backtest_units");
        table.HasKey(u => new { u.BacktestId, u.UnitId });
    }

    public void Configure(EntityTypeBuilder<StandardListing> table)
    {
        table.ToTable("standard_listings");
        table.HasKey(l => l.Id);
        table.Property(l => l.StandardId).HasMaxLength(StandardDocument.MaxId);
        table.Property(l => l.DecidedBy).HasMaxLength(80);
        table.Property(l => l.Revision).IsConcurrencyToken();
        // A customer is on a list once; two nodes cannot put them there twice.
        table.HasIndex(l => new { l.StandardId, l.CustomerId }).IsUnique().HasFilter("closed_on IS NULL");
        table.HasIndex(l => l.CustomerId);
        table.HasIndex(l => new { l.State, l.DueOn });
        table.HasIndex(l => new { l.UnitId, l.Id });
    }

    public void Configure(EntityTypeBuilder<StandardRun> table)
    {
        table.ToTable("standard_runs");
        table.HasKey(r => r.Id);
        table.Property(r => r.By).HasMaxLength(80);
        table.HasIndex(r => r.At);
    }
}
