using Exeunt.Core.HandOvers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.HandOvers;

/// <summary>Why a customer gets another owner.</summary>
public enum HandOverReason
{
    /// <summary>The owner leaves the company or the position.</summary>
    Departure,
    Absence,

    /// <summary>Work is spread anew.</summary>
    Rebalance,

    /// <summary>The customer asked for somebody else.</summary>
    CustomerWish,

    /// <summary>Somebody who knows the trade or the language.</summary>
    Specialist,

    /// <summary>A customer whose management was given up is looked after again.</summary>
    TakenUp,

    /// <summary>The management was given up.</summary>
    GivenUp,
    Other,
}

public enum OwnerChangeState
{
    /// <summary>Decided, for a later day.</summary>
    Planned,
    Done,

    /// <summary>Taken back before its day.</summary>
    Cancelled,

    /// <summary>On its day it could not be done any more; <see cref="OwnerChange.Code"/> says why.</summary>
    Refused,
}

/// <summary>
/// One customer passes from one owner to another (客户交接), or to nobody. Rows are never removed: those done, in order, are the history
/// of who looked after the customer. No personal data of the customer but the sealed words.
/// </summary>
public sealed class OwnerChange
{
    public const int MaxWords = 1000;
    public required Guid Id { get; init; }
    public required long CustomerId { get; init; }

    /// <summary>The owner before; null: there was none. Of a planned one, as it was when it was decided.</summary>
    public Guid? FromOwner { get; set; }

    /// <summary>The owner from then on; null: nobody, the management was given up.</summary>
    public Guid? ToOwner { get; init; }

    /// <summary>First day of the new owner, in the company's zone.</summary>
    public required DateOnly FromOn { get; init; }
    public required HandOverReason Reason { get; init; }

    /// <summary>Why, in own words: a personal text; null: none.</summary>
    public Guid? TextId { get; init; }

    /// <summary>Actor id of whoever decided it.</summary>
    public required string DecidedBy { get; init; }
    public required DateTimeOffset DecidedAt { get; init; }
    public Guid? GivingUpId { get; init; }
    public Guid? PlanId { get; init; }
    public OwnerChangeState State { get; set; }
    public DateTimeOffset? DoneAt { get; set; }

    /// <summary>Open cases that went along, and those that stayed with the owner before.</summary>
    public int CasesMoved { get; set; }
    public int CasesKept { get; set; }
    public string? Code { get; set; }
    public int Version { get; set; }
}

public enum GivingUpState
{
    /// <summary>Waits for somebody else's approval.</summary>
    Asked,

    /// <summary>Sent back with words; another one may be asked for.</summary>
    Returned,

    /// <summary>Approved, or not in need of it, for a later day.</summary>
    Approved,
    Done,

    /// <summary>Taken back by whoever asked.</summary>
    Withdrawn,

    /// <summary>On its day something forbade it.</summary>
    Refused,
}

/// <summary>
/// The company stops looking after a customer by a person of its own (取消客户的业务管理): why, what takes its place, who approved it, which
/// letter went out. Contracts go on.
/// </summary>
public sealed class GivingUp
{
    public const int MaxGrounds = 2000;
    public const int MaxContact = 300;
    public required Guid Id { get; init; }
    public required long CustomerId { get; init; }
    public required GivingUpReason Reason { get; init; }

    /// <summary>The grounds in words, for us, and what the letter says: personal texts (class Case).</summary>
    public required Guid GroundsId { get; init; }
    public required Guid LetterTextId { get; init; }
    public required Alternative Alternative { get; init; }

    /// <summary>The named colleague; null: nobody, and then it needs approval.</summary>
    public Guid? Successor { get; init; }
    public required DateOnly FromOn { get; init; }

    /// <summary>SHA-256 (hex) over everything an approval binds.</summary>
    public required string Digest { get; init; }
    public required string AskedBy { get; init; }
    public required DateTimeOffset AskedAt { get; init; }
    public GivingUpState State { get; set; }
    public string? DecidedBy { get; set; }
    public DateTimeOffset? DecidedAt { get; set; }

    /// <summary>Words of the decision: a personal text.</summary>
    public Guid? DecisionId { get; set; }

    /// <summary>Code and version of the letter's template.</summary>
    public required string Letter { get; init; }
    public required int LetterVersion { get; init; }
    public Guid? DocumentId { get; set; }

    /// <summary>The mail with the letter; null: there is no address, the letter is to be posted.</summary>
    public Guid? MailId { get; set; }
    public DateTimeOffset? DoneAt { get; set; }

    /// <summary>Code of what forbade it on its day.</summary>
    public string? Code { get; set; }
    public int Version { get; set; }
}

public enum PlanStage
{
    /// <summary>Being written: nothing has moved.</summary>
    Draft,

    /// <summary>Started: customers pass over, now or from the day it says.</summary>
    Running,

    /// <summary>Every customer was looked at; visits and letters go on.</summary>
    Moved,
    Closed,
    Cancelled,
}

/// <summary>Everything one person looks after passes to others (离职交接): who gets what, letters, visits, until all is done.</summary>
public sealed class PortfolioPlan
{
    /// <summary>The most customers of one plan.</summary>
    public const int Max = 5_000;
    public required Guid Id { get; init; }

    /// <summary>Whose customers pass over.</summary>
    public required Guid OwnerId { get; init; }

    /// <summary>Customers of this unit and below.</summary>
    public required int UnitId { get; init; }
    public required HandOverReason Reason { get; init; }

    /// <summary>The owner's last day, included.</summary>
    public required DateOnly LastDay { get; init; }

    /// <summary>First day of the new owners.</summary>
    public required DateOnly FromOn { get; init; }

    /// <summary>Customers who together bring so much percent of the revenue are chosen by hand and visited.</summary>
    public required int VisitShare { get; init; }
    public required DateOnly VisitBy { get; init; }
    public required string MadeBy { get; init; }
    public required DateTimeOffset MadeAt { get; init; }
    public string? StartedBy { get; set; }
    public DateTimeOffset? StartedAt { get; set; }
    public PlanStage Stage { get; set; }
    public required int Total { get; init; }

    /// <summary>Customers with their new owner, and those that could not be moved or needed not.</summary>
    public int Moved { get; set; }
    public int Left { get; set; }
    public string? ClosedBy { get; set; }
    public DateTimeOffset? ClosedAt { get; set; }
    public int Version { get; set; }
}

public enum PlanItemState
{
    Waiting,
    Moved,

    /// <summary>Could not be moved, or needed not; <see cref="PlanItem.Code"/> says why.</summary>
    Left,
}

public enum LetterState
{
    /// <summary>Not yet: the customer has not passed over, or the letter is about to be written.</summary>
    Waiting,
    Mailed,

    /// <summary>There is no mail address: to be posted.</summary>
    ToPost,
    Posted,

    /// <summary>Nobody to write to any more, or it was waived.</summary>
    None,
}

public enum VisitState
{
    None,
    Planned,
    Done,

    /// <summary>The customer wanted none.</summary>
    Declined,

    /// <summary>Somebody else decided, with words, that it need not be.</summary>
    Waived,
}

public enum VisitKind
{
    /// <summary>Both owners together.</summary>
    Joint,

    /// <summary>The new owner alone.</summary>
    Introduction,
}

public enum VisitOutcome
{
    Accepted,
    Concerns,

    /// <summary>The customer wants another contact.</summary>
    WantsAnother,
    NotMet,
}

/// <summary>One customer of a plan: who gets it, the letter, the visit, and what became of them.</summary>
public sealed class PlanItem
{
    public const int MaxMinutes = 4000;
    public required Guid PlanId { get; init; }

    /// <summary>From 1; the order in which they pass over.</summary>
    public required int Position { get; init; }
    public required long CustomerId { get; init; }
    public required int UnitId { get; init; }

    /// <summary>As they were when the plan was made: open things, and the spend of twelve closed months in minor units.</summary>
    public required int Open { get; init; }
    public required long Value { get; init; }
    public required string Currency { get; init; }

    /// <summary>VIP, high risk, or among the most valuable: a person chooses the successor.</summary>
    public required bool ByHand { get; init; }
    public Guid? Successor { get; set; }
    public PlanItemState State { get; set; }
    public string? Code { get; set; }
    public LetterState Letter { get; set; }
    public Guid? DocumentId { get; set; }
    public Guid? MailId { get; set; }
    public VisitState Visit { get; set; }
    public VisitKind VisitKind { get; set; }
    public DateOnly? VisitOn { get; set; }

    /// <summary>When it really was, who was there and what was said (a personal text), and how it went.</summary>
    public DateOnly? VisitedOn { get; set; }
    public Guid? MinutesId { get; set; }
    public VisitOutcome? Outcome { get; set; }

    /// <summary>Who recorded or waived it, and the words of a waiver.</summary>
    public string? VisitBy { get; set; }
    public DateTimeOffset? VisitAt { get; set; }
    public Guid? WaiverId { get; set; }
    public int Version { get; set; }
}

internal sealed class HandOverTable
    : IEntityTypeConfiguration<OwnerChange>, IEntityTypeConfiguration<GivingUp>, IEntityTypeConfiguration<PortfolioPlan>, IEntityTypeConfiguration<PlanItem>
{
    public void Configure(EntityTypeBuilder<OwnerChange> table)
    {
        table.ToTable("owner_changes");
        table.HasKey(c => c.Id);
        table.Property(c => c.DecidedBy).HasMaxLength(80);
        table.Property(c => c.Code).HasMaxLength(80);
        table.Property(c => c.Version).IsConcurrencyToken();
        table.HasIndex(c => new { c.CustomerId, c.DoneAt });
        table.HasIndex(c => new { c.FromOwner, c.CustomerId });
        // One plan for a customer at a time, whoever is quicker.
        table.HasIndex(c => c.CustomerId).IsUnique().HasFilter("state = 'Planned'").HasDatabaseName("ix_owner_changes_planned");
    }

    public void Configure(EntityTypeBuilder<GivingUp> table)
    {
        table.ToTable("giving_ups", t => t.HasCheckConstraint("giving_up_needs_two", "successor IS NOT NULL OR decided_by IS NULL OR decided_by <> asked_by"));
        table.HasKey(g => g.Id);
        table.Property(g => g.Digest).HasMaxLength(64);
        table.Property(g => g.AskedBy).HasMaxLength(80);
        table.Property(g => g.DecidedBy).HasMaxLength(80);
        table.Property(g => g.Letter).HasMaxLength(40);
        table.Property(g => g.Code).HasMaxLength(80);
        table.Property(g => g.Version).IsConcurrencyToken();
        table.HasIndex(g => new { g.State, g.AskedAt });
        table.HasIndex(g => g.CustomerId).HasDatabaseName("ix_giving_ups_customer");
        table.HasIndex(g => g.CustomerId).IsUnique().HasFilter("state IN ('Asked', 'Approved')").HasDatabaseName("ix_giving_ups_open");
    }

    public void Configure(EntityTypeBuilder<PortfolioPlan> table)
    {
        table.ToTable("portfolio_plans");
        table.HasKey(p => p.Id);
        table.Property(p => p.MadeBy).HasMaxLength(80);
        table.Property(p => p.StartedBy).HasMaxLength(80);
        table.Property(p => p.ClosedBy).HasMaxLength(80);
        table.Property(p => p.Version).IsConcurrencyToken();
        table.HasIndex(p => new { p.OwnerId, p.UnitId }).IsUnique().HasFilter("closed_at IS NULL").HasDatabaseName("ix_portfolio_plans_open");
    }

    public void Configure(EntityTypeBuilder<PlanItem> table)
    {
        table.ToTable("portfolio_items");
        table.HasKey(i => new { i.PlanId, i.Position });
        table.Property(i => i.Currency).HasMaxLength(3);
        table.Property(i => i.Code).HasMaxLength(80);
        table.Property(i => i.VisitBy).HasMaxLength(80);
        table.Property(i => i.Version).IsConcurrencyToken();
        table.HasIndex(i => new { i.PlanId, i.CustomerId }).IsUnique();
        table.HasIndex(i => new { i.PlanId, i.State, i.Position });
        table.HasIndex(i => i.CustomerId);
        table.HasIndex(i => new { i.Visit, i.VisitOn });
    }
}
