using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Notifications;

/// <summary>What somebody is told.</summary>
public enum NotificationKind
{
    /// <summary>A case was given to me.</summary>
    Assigned,

    /// <summary>The customer of my case wrote.</summary>
    Message,

    /// <summary>What I made was sent back to be changed.</summary>
    Returned,

    /// <summary>Something was not done in time and is now mine to look after.</summary>
    Escalated,

    /// <summary>Something of mine is overdue.</summary>
    Overdue,

    /// <summary>A colleague asks me for an answer before they go on.</summary>
    Question,

    /// <summary>Somebody asks how my case stands.</summary>
    Asked,

    /// <summary>My case went on to another state; not counted, shown among what changed since yesterday.</summary>
    Moved,

    /// <summary>Customers were handed to me.</summary>
    CustomersReceived,

    /// <summary>Customers of mine were handed to others.</summary>
    CustomersGiven,

    /// <summary>Something I asked for about a customer was decided, or could not be done.</summary>
    CustomerDecided,
}

/// <summary>
/// Something one person is told (提醒), written in the transaction that causes it. Holds ids and codes: its words are made when it is
/// shown.
/// </summary>
public sealed class Notification
{
    public long Id { get; init; }

    /// <summary>Actor id of whoever is told.</summary>
    public required string To { get; init; }
    public required NotificationKind Kind { get; init; }

    /// <summary>The case it is about; null: it is about something else, behind <see cref="Path"/>.</summary>
    public Guid? CaseId { get; init; }
    public string? Path { get; init; }

    /// <summary>Number of the case or customer.</summary>
    public required string Number { get; init; }

    /// <summary>Where it leads.</summary>
    public string Link => Path ?? $"/cases/{CaseId}";

    /// <summary>What it is about: a state, a kind of step; "" when the kind says it all.</summary>
    public string About { get; init; } = "";

    /// <summary>Actor id of whoever caused it.</summary>
    public required string By { get; init; }
    public required DateTimeOffset At { get; init; }
    public DateTimeOffset? ReadAt { get; set; }
}

/// <summary>What one person wants of a kind, where it differs from what everybody gets.</summary>
public sealed class NotificationWish
{
    public required string PersonId { get; init; }
    public required NotificationKind Kind { get; init; }
    public bool InApp { get; set; }
    public bool ByMail { get; set; }
}

internal sealed class NotificationTable : IEntityTypeConfiguration<Notification>, IEntityTypeConfiguration<NotificationWish>
{
    public void Configure(EntityTypeBuilder<Notification> table)
    {
        table.ToTable("notifications");
        table.HasKey(n => n.Id);
        table.Property(n => n.Id).ValueGeneratedOnAdd();
        table.Property(n => n.To).HasMaxLength(80);
        table.Property(n => n.Path).HasMaxLength(120);
        table.Ignore(n => n.Link);
        table.Property(n => n.Number).HasMaxLength(40);
        table.Property(n => n.About).HasMaxLength(40);
        table.Property(n => n.By).HasMaxLength(80);
        table.HasIndex(n => new { n.To, n.ReadAt, n.Id });
        table.HasIndex(n => new { n.To, n.Id });
    }

    public void Configure(EntityTypeBuilder<NotificationWish> table)
    {
        table.ToTable("notification_wishes");
        table.HasKey(w => new { w.PersonId, w.Kind });
        table.Property(w => w.PersonId).HasMaxLength(80);
    }
}
