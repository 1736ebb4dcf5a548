using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Mail;

/// <summary>A mail to be sent, sealed: address, subject and words are personal data.</summary>
public sealed class MailRow
{
    public const string Place = "mails.data";

    /// <summary>Also its Message-ID, so that a second delivery is recognised.</summary>
    public required Guid Id { get; init; }
    public Guid? CaseId { get; init; }
    public required long Subject { get; init; }
    public required DataClass Class { get; init; }

    /// <summary>Sealed <see cref="MailContent"/>.</summary>
    public required byte[] Data { get; init; }
    public required DateTimeOffset At { get; init; }
    public DateTimeOffset? SentAt { get; set; }
}

/// <summary>The words of a mail; attachments are documents of the case by id.</summary>
public sealed record MailContent(string To, string Subject, string Body, IReadOnlyList<Guid> Attachments);

internal sealed class MailTable : IEntityTypeConfiguration<MailRow>
{
    public void Configure(EntityTypeBuilder<MailRow> table)
    {
        table.ToTable("mails");
        table.HasKey(m => m.Id);
        table.HasIndex(m => m.CaseId);
        table.HasIndex(m => m.Subject);
    }
}
