using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.ReEntry;

/// <summary>How a former customer is met again.</summary>
public enum FormerClass
{
    /// <summary>Left, or was offboarded for commercial reasons: welcome; the old case is shown.</summary>
    Ended,

    /// <summary>Offboarded for breach or risk: coming back needs an approval.</summary>
    Offboarded,

    /// <summary>Ended at once for danger, an unlawful act or abuse: needs the approval of legal.</summary>
    Barred,
}

/// <summary>
/// A keyed token of a former customer's verified phone, mail or external number; outlives the erasure without personal data, until its
/// stated end.
/// </summary>
public sealed class RecognitionToken
{
    public required Guid Id { get; init; }

    /// <summary>First 16 bytes of an HMAC over kind and normal form.</summary>
    public required byte[] Token { get; init; }
    public required TokenKind Kind { get; init; }
    public required Guid CaseId { get; init; }
    public required long CustomerId { get; init; }
    public required FormerClass Class { get; init; }

    /// <summary>Last day, included; then it is deleted.</summary>
    public required DateOnly Until { get; init; }

    /// <summary>Who approves a return; null: nobody needs to.</summary>
    public Role? Approver { get; init; }
}

/// <summary>Somebody asks that a former customer may come back; decided by another person where the record calls for it.</summary>
public sealed class ReEntryRequest
{
    /// <summary>In the place of a case: they were welcomed back by their number alone.</summary>
    public static readonly Guid NoCase = Guid.Empty;

    public required Guid Id { get; init; }

    /// <summary>The old case, or <see cref="NoCase"/>.</summary>
    public required Guid CaseId { get; init; }
    public required string RequestedBy { get; init; }
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>
    /// Sealed words of the request and of the decision, under the old customer's key (class Case). Empty, or null, where nobody needed to ask, and where
    /// that key is destroyed: no other one goes when these words are to go.
    /// </summary>
    public required byte[] Words { get; init; }
    public bool? Approved { get; set; }
    public byte[]? Decision { get; set; }
    public string? DecidedBy { get; set; }
    public DateTimeOffset? DecidedAt { get; set; }

    /// <summary>The suppressed number that an import may bring again; null until they are welcomed back.</summary>
    public byte[]? LiftedToken { get; set; }
    public DateTimeOffset? WelcomedAt { get; set; }
    public int Version { get; set; }

    public const string WordsPlace = "re_entries.words";
    public const string DecisionPlace = "re_entries.decision";

    public string Row => Id.ToString("N");
}

internal sealed class ReEntryTable : IEntityTypeConfiguration<RecognitionToken>, IEntityTypeConfiguration<ReEntryRequest>
{
    public void Configure(EntityTypeBuilder<RecognitionToken> table)
    {
        table.ToTable("recognition_tokens");
        table.HasKey(t => t.Id);
        table.Property(t => t.Token).HasMaxLength(16);
        table.HasIndex(t => t.Token);
        table.HasIndex(t => new { t.CaseId, t.Kind }).IsUnique();
        table.HasIndex(t => t.Until);
    }

    public void Configure(EntityTypeBuilder<ReEntryRequest> table)
    {
        table.ToTable("re_entries", t => t.HasCheckConstraint("re_entry_is_not_approved_by_requester", "decided_by IS NULL OR decided_by <> requested_by"));
        table.HasKey(r => r.Id);
        table.Ignore(r => r.Row);
        table.Property(r => r.RequestedBy).HasMaxLength(80);
        table.Property(r => r.DecidedBy).HasMaxLength(80);
        table.Property(r => r.Version).IsConcurrencyToken();
        table.Property(r => r.LiftedToken).HasMaxLength(16);
        table.HasIndex(r => r.CaseId);
        table.HasIndex(r => r.LiftedToken);
    }
}
