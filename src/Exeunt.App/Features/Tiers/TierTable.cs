using Exeunt.App.Features.Customers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Tiers;

public enum TierChangeState
{
    /// <summary>A move down that nobody but its author has looked at yet.</summary>
    Waiting,
    Done,
    Refused,
}

/// <summary>A customer's move from one tier (客户等级) to another, with who asked, who decided and why. A move down needs a second person.</summary>
public sealed class TierChange
{
    public required Guid Id { get; init; }

    /// <summary>Rises with every change; lists page by it.</summary>
    public required long Serial { get; init; }
    public required long CustomerId { get; init; }
    public required CustomerTier From { get; init; }
    public required CustomerTier To { get; init; }

    /// <summary>Reason codes of a decision against the customer ("A01,A02"); empty for a move up.</summary>
    public required string Codes { get; init; }

    /// <summary>The author's grounds, a personal text that dies with the profile.</summary>
    public required Guid TextId { get; init; }
    public required string ProposedBy { get; init; }
    public required DateOnly ProposedOn { get; init; }
    public TierChangeState State { get; set; }
    public string? DecidedBy { get; set; }
    public DateOnly? DecidedOn { get; set; }

    /// <summary>Of a change that was made: the day on which the tier is looked at again; null for the normal one.</summary>
    public DateOnly? ReviewOn { get; set; }

    /// <summary>Whether the customer was written to; null: the change is none that they must be told, or not made.</summary>
    public bool? IsTold { get; set; }
    public int Version { get; set; }

    public bool IsDown => IsMoveDown(From, To);

    /// <summary>Whether a move takes something away: VIP is above normal, and normal above high risk.</summary>
    public static bool IsMoveDown(CustomerTier from, CustomerTier to) => Rank(to) < Rank(from);

    private static int Rank(CustomerTier tier) =>
        tier switch
        {
            CustomerTier.Vip => 2,
            CustomerTier.Normal => 1,
            _ => 0,
        };
}

internal sealed class TierTable : IEntityTypeConfiguration<TierChange>
{
    public void Configure(EntityTypeBuilder<TierChange> table)
    {
        table.ToTable("tier_changes");
        table.HasKey(c => c.Id);
        table.Property(c => c.Codes).HasMaxLength(40);
        table.Property(c => c.ProposedBy).HasMaxLength(80);
        table.Property(c => c.DecidedBy).HasMaxLength(80);
        table.Property(c => c.Version).IsConcurrencyToken();
        table.HasIndex(c => c.Serial).IsUnique();
        table.HasIndex(c => c.CustomerId);
        table.HasIndex(c => new { c.State, c.ReviewOn });
    }
}
