using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Identity;

/// <summary>What a change is of.</summary>
public enum DetailKind
{
    Contact,
    Payout,
}

/// <summary>What a kind is called in addresses, forms and the case's events: "contact", "payout".</summary>
public static class DetailKinds
{
    public static string Code(this DetailKind kind) => kind == DetailKind.Payout ? "payout" : "contact";

    /// <summary>Null for any other name.</summary>
    public static DetailKind? Of(string? code) => code switch { "payout" => DetailKind.Payout, "contact" => DetailKind.Contact, _ => null };
}

public enum DetailState
{
    /// <summary>The hold runs: the old details still count.</summary>
    Waiting,
    Applied,
    Cancelled,
}

/// <summary>
/// A change of contact or payout account asked for in a case. It counts when its hold is over; until then the old contact, which is
/// told at once, can stop it.
/// </summary>
public sealed class PendingDetails
{
    public const string Place = "pending_details.data";
    public required Guid Id { get; init; }
    public required Guid CaseId { get; init; }
    public required long CustomerId { get; init; }
    public required DetailKind Kind { get; init; }

    /// <summary>Sealed under the customer's key of the class; null once applied or cancelled.</summary>
    public byte[]? Data { get; set; }
    public required string By { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Business time.</summary>
    public required DateTimeOffset HeldUntil { get; init; }
    public DetailState State { get; set; }
    public int Version { get; set; }

    public static DataClass ClassOf(DetailKind kind) => kind == DetailKind.Payout ? DataClass.Payout : DataClass.Contact;
}

internal sealed class DetailsTable : IEntityTypeConfiguration<PendingDetails>
{
    public void Configure(EntityTypeBuilder<PendingDetails> table)
    {
        table.ToTable("pending_details");
        table.HasKey(d => d.Id);
        table.Property(d => d.By).HasMaxLength(80);
        table.Property(d => d.Version).IsConcurrencyToken();
        table.HasIndex(d => new { d.CaseId, d.State });
    }
}
