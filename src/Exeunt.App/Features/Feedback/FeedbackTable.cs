using Exeunt.Core.Feedback;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Feedback;

/// <summary>
/// What a complaint or suggestion has beside its own state: the secret link and what was typed. It is sealed under a number of its own
/// (negative, of no customer): words and number in class Case, addresses in class Contact, each with its own end (<see cref="Forget"/>).
/// </summary>
public sealed class FeedbackIndex
{
    public const string TypedPlace = "feedback_index.typed";
    public const string ContactPlace = "feedback_index.contact";
    public required Guid FeedbackId { get; init; }

    /// <summary>SHA-256 of the link's token; null when it was taken down by staff and nobody has a link.</summary>
    public byte[]? TokenHash { get; init; }
    public required long Subject { get; init; }

    /// <summary>Sealed <see cref="FeedbackTyped"/>; null once erased.</summary>
    public byte[]? Typed { get; set; }

    /// <summary>Sealed <see cref="FeedbackContact"/>; null: anonymous, or erased.</summary>
    public byte[]? Contact { get; set; }

    /// <summary>Keyed token of the mail address: how many receipts it gets in a day is limited.</summary>
    public byte[]? MailToken { get; set; }
    public required DateTimeOffset At { get; init; }

    public string Row => FeedbackId.ToString("N");
}

/// <summary>What was typed: a contract or case number, the words, and what would put it right.</summary>
public sealed record FeedbackTyped(string? Number, string Words, string? Wish);

/// <summary>How whoever wrote may be answered.</summary>
public sealed record FeedbackContact(string? Name, string? Mail, string? Phone);

/// <summary>What happened with it.</summary>
public enum FeedbackEvent
{
    Received,
    Assigned,
    Linked,
    Joined,
    Separated,

    /// <summary>A message from whoever wrote, and one to them.</summary>
    Wrote,
    Replied,

    /// <summary>Why it was found so, for us.</summary>
    Judged,

    /// <summary>The answer.</summary>
    Answered,
    Overdue,
    Settled,
    Reopened,
    Unsettled,
    Silent,
}

/// <summary>One line of the history of a complaint or suggestion; (item, number) is unique, so two writers cannot both be next.</summary>
public sealed class FeedbackEntry
{
    public const string Place = "feedback_entries.words";
    public required Guid FeedbackId { get; init; }
    public required int Number { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string By { get; init; }
    public required FeedbackEvent What { get; init; }

    /// <summary>A code, number or actor id that says more.</summary>
    public string? About { get; init; }

    /// <summary>Sealed words (class Case); null: none, or erased.</summary>
    public byte[]? Words { get; set; }

    public string Row => $"{FeedbackId:N}|{Number}";
}

internal sealed class FeedbackTable : IEntityTypeConfiguration<FeedbackItem>, IEntityTypeConfiguration<FeedbackIndex>, IEntityTypeConfiguration<FeedbackEntry>
{
    public void Configure(EntityTypeBuilder<FeedbackItem> table)
    {
        table.ToTable("feedback");
        table.HasKey(f => f.Id);
        table.Property(f => f.Id).ValueGeneratedNever();
        table.Ignore(f => f.IsOpen);
        table.Property(f => f.Number).HasMaxLength(40);
        table.Property(f => f.Category).HasMaxLength(20);
        table.Property(f => f.Language).HasMaxLength(2);
        table.Property(f => f.AssignedTo).HasMaxLength(80);
        table.Property(f => f.Judges).HasMaxLength(400);
        table.Property(f => f.Remedies).HasMaxLength(100).HasConversion(
            remedies => string.Join(' ', remedies),
            text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(r => Enum.Parse<Remedy>(r)).ToList(),
            new ValueComparer<IReadOnlyList<Remedy>>((a, b) => a!.SequenceEqual(b!), r => r.Count, r => r));
        table.Property(f => f.Version).IsConcurrencyToken();
        table.HasIndex(f => f.Number).IsUnique();
        table.HasIndex(f => f.Serial).IsUnique();
        table.HasIndex(f => new { f.State, f.DueAt, f.Serial });
        table.HasIndex(f => f.CustomerId);
        table.HasIndex(f => f.CaseId);
        table.HasIndex(f => f.JoinedInto);
        table.HasIndex(f => new { f.AssignedTo, f.State });
    }

    public void Configure(EntityTypeBuilder<FeedbackIndex> table)
    {
        table.ToTable("feedback_index");
        table.HasKey(i => i.FeedbackId);
        table.Ignore(i => i.Row);
        table.Property(i => i.MailToken).HasMaxLength(16);
        table.HasIndex(i => i.TokenHash).IsUnique();
        table.HasIndex(i => new { i.MailToken, i.At });
    }

    public void Configure(EntityTypeBuilder<FeedbackEntry> table)
    {
        table.ToTable("feedback_entries");
        table.HasKey(e => new { e.FeedbackId, e.Number });
        table.Ignore(e => e.Row);
        table.Property(e => e.By).HasMaxLength(80);
        table.Property(e => e.About).HasMaxLength(100);
    }
}
