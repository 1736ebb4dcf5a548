using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Intakes;

/// <summary>How an application came in, beside its case: by which way, when, who took it. What proves it are documents of the case.</summary>
public sealed class IntakeRow
{
    public const string Place = "intakes.data";
    public required Guid CaseId { get; init; }
    public required Channel Channel { get; init; }

    /// <summary>Real time of the call, the visit, the arrival.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who took it: "staff:…", "system" for a mail, "anonymous" for a program.</summary>
    public required string TakenBy { get; init; }

    /// <summary>Sealed list of <see cref="IntakeFact"/> under the case's intake number; null once erased.</summary>
    public byte[]? Data { get; set; }
}

/// <summary>One fact of an intake. Its label is the text "intake.fact.KEY".</summary>
public sealed record IntakeFact(string Key, string Value);

public enum CallState
{
    /// <summary>On the line, or hung up: what was typed is kept.</summary>
    Open,
    Applied,

    /// <summary>The caller only asked.</summary>
    Asked,

    /// <summary>The caller wants to be called; at <see cref="PhoneCall.CallBackAt"/>.</summary>
    CallBack,

    /// <summary>Called back, or tried to.</summary>
    CalledBack,

    /// <summary>Nothing came of it.</summary>
    Dropped,
}

/// <summary>A call as its agent notes it down.</summary>
public sealed class PhoneCall
{
    public const string Place = "phone_calls.data";
    public required Guid Id { get; init; }
    public required long Subject { get; init; }

    /// <summary>Who took it; nobody else goes on with it.</summary>
    public required string By { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public CallState State { get; set; }
    public DateTimeOffset? ProvenAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
    public DateTimeOffset? CallBackAt { get; set; }
    public Guid? CaseId { get; set; }

    /// <summary>Sealed <see cref="CallNotes"/>.</summary>
    public required byte[] Data { get; set; }
    public int Version { get; set; }
}

public enum MailState
{
    /// <summary>A person decides.</summary>
    New,
    Application,
    Message,

    /// <summary>A person said, with a reason, that it is none.</summary>
    NotApplication,

    /// <summary>By a machine; never answered.</summary>
    Automatic,

    /// <summary>The same mail once more.</summary>
    Repeated,

    /// <summary>It could not be taken; the file lies in the folder of refused ones.</summary>
    Refused,
}

/// <summary>A mail from the drop folder.</summary>
public sealed class InboundMail
{
    public const string Place = "inbound_mails.data";
    public required Guid Id { get; init; }
    public required long Subject { get; init; }
    public MailState State { get; set; }

    /// <summary>SHA-256 of the file; of one too large to read, of its name in the folder.</summary>
    public required byte[] Sha256 { get; init; }
    public required long Size { get; init; }

    /// <summary>SHA-256 of the Message-ID; null when there is none.</summary>
    public byte[]? MessageHash { get; init; }

    /// <summary>Keyed token of sender, subject and text; it outlives them.</summary>
    public byte[]? ContentHash { get; init; }

    /// <summary>Keyed token of the sender's address.</summary>
    public byte[]? SenderToken { get; set; }

    /// <summary>Real time at which it reached the folder.</summary>
    public required DateTimeOffset ArrivedAt { get; init; }
    public required DateTimeOffset TakenAt { get; init; }
    public Guid? CaseId { get; set; }
    public string? DecidedBy { get; set; }
    public DateTimeOffset? DecidedAt { get; set; }

    /// <summary>Why it was refused, set aside, or is left to people: a code.</summary>
    public string? Reason { get; set; }

    /// <summary>Sealed <see cref="MailSheet"/>; null for what was refused.</summary>
    public byte[]? Data { get; set; }
    public int Version { get; set; }
}

/// <summary>The file of a mail, sealed, until it is a document of a case or forgotten.</summary>
public sealed class InboundMailFile
{
    public const string Place = "inbound_mail_files.data";
    public required Guid MailId { get; init; }
    public required byte[] Data { get; init; }
}

public enum ConversationState
{
    Open,
    Application,
    Closed,
}

/// <summary>A conversation in a chat system.</summary>
public sealed class Conversation
{
    public const string Place = "conversations.data";
    public required Guid Id { get; init; }
    public required long Subject { get; init; }

    /// <summary>Name of the connected system.</summary>
    public required string System { get; init; }

    /// <summary>Keyed token of the system's own id of the conversation; null once forgotten.</summary>
    public byte[]? Token { get; set; }
    public ConversationState State { get; set; }
    public required DateTimeOffset StartedAt { get; init; }
    public required DateTimeOffset LastAt { get; set; }

    /// <summary>Whether the last word is the customer's.</summary>
    public bool Unanswered { get; set; }
    public Guid? CaseId { get; set; }
    public string? DecidedBy { get; set; }
    public string? Reason { get; set; }

    /// <summary>Sealed <see cref="ConversationHead"/>.</summary>
    public required byte[] Data { get; set; }
    public int Version { get; set; }
}

/// <summary>One message of a conversation.</summary>
public sealed class ChatMessage
{
    public const string Place = "chat_messages.data";
    public required Guid Id { get; init; }
    public required Guid ConversationId { get; init; }
    public required string System { get; init; }

    /// <summary>The chat system's webhook-id; of ours, our own.</summary>
    public required string MessageId { get; init; }

    /// <summary>"customer", "staff:…" or "system".</summary>
    public required string By { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>When the chat system took one of ours.</summary>
    public DateTimeOffset? SentAt { get; set; }

    /// <summary>Sealed <see cref="ChatWords"/>.</summary>
    public required byte[] Data { get; set; }
}

internal sealed class IntakeTable
    : IEntityTypeConfiguration<IntakeRow>, IEntityTypeConfiguration<PhoneCall>, IEntityTypeConfiguration<InboundMail>, IEntityTypeConfiguration<InboundMailFile>,
        IEntityTypeConfiguration<Conversation>, IEntityTypeConfiguration<ChatMessage>
{
    public void Configure(EntityTypeBuilder<IntakeRow> table)
    {
        table.ToTable("intakes");
        table.HasKey(i => i.CaseId);
        table.Property(i => i.TakenBy).HasMaxLength(80);
    }

    public void Configure(EntityTypeBuilder<PhoneCall> table)
    {
        table.ToTable("phone_calls");
        table.HasKey(c => c.Id);
        table.Property(c => c.By).HasMaxLength(80);
        table.Property(c => c.Version).IsConcurrencyToken();
        table.HasIndex(c => new { c.State, c.Id });
        table.HasIndex(c => c.Subject);
    }

    public void Configure(EntityTypeBuilder<InboundMail> table)
    {
        table.ToTable("inbound_mails");
        table.HasKey(m => m.Id);
        table.Property(m => m.DecidedBy).HasMaxLength(80);
        table.Property(m => m.Reason).HasMaxLength(60);
        table.Property(m => m.Version).IsConcurrencyToken();
        table.HasIndex(m => m.Sha256).IsUnique();
        table.HasIndex(m => m.MessageHash);
        table.HasIndex(m => new { m.State, m.Id });
        table.HasIndex(m => new { m.SenderToken, m.TakenAt });
        table.HasIndex(m => m.Subject);
    }

    public void Configure(EntityTypeBuilder<InboundMailFile> table)
    {
        table.ToTable("inbound_mail_files");
        table.HasKey(f => f.MailId);
    }

    public void Configure(EntityTypeBuilder<Conversation> table)
    {
        table.ToTable("conversations");
        table.HasKey(c => c.Id);
        table.Property(c => c.System).HasMaxLength(60);
        table.Property(c => c.DecidedBy).HasMaxLength(80);
        table.Property(c => c.Reason).HasMaxLength(60);
        table.Property(c => c.Version).IsConcurrencyToken();
        table.HasIndex(c => c.Token).IsUnique();
        table.HasIndex(c => new { c.State, c.Id });
        table.HasIndex(c => c.CaseId);
        table.HasIndex(c => c.Subject);
    }

    public void Configure(EntityTypeBuilder<ChatMessage> table)
    {
        table.ToTable("chat_messages");
        table.HasKey(m => m.Id);
        table.Property(m => m.System).HasMaxLength(60);
        table.Property(m => m.MessageId).HasMaxLength(100);
        table.Property(m => m.By).HasMaxLength(80);
        table.HasIndex(m => new { m.System, m.MessageId }).IsUnique();
        table.HasIndex(m => new { m.ConversationId, m.Id });
    }
}
