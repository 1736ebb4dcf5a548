using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.DataRequests;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.DataRequests;

public enum DataRequestState
{
    Open,
    Fulfilled,
    Refused,
}

/// <summary>How a request's identity was proven: never more than what is held already.</summary>
public enum DataRequestProof
{
    /// <summary>A code to the contact on file opened the case or the door: the customer sent it themselves. Staff cannot say so.</summary>
    ContactOnFile,

    /// <summary>In person, by a paper that was looked at and not copied.</summary>
    InPerson,

    /// <summary>A representative with a document of authority.</summary>
    Authority,
}

/// <summary>A request of a customer about their personal data (个人信息权利请求), with its legal clock.</summary>
public sealed class DataRequest
{
    public required Guid Id { get; init; }

    /// <summary>Rises with every request; lists page by it.</summary>
    public required long Serial { get; init; }

    /// <summary>"G-2026-000123".</summary>
    public required string Number { get; init; }
    public required long CustomerId { get; init; }

    /// <summary>The case whose link it came by, or on whose page it was taken down; null: it came without one.</summary>
    public Guid? CaseId { get; init; }
    public required DataRequestKind Kind { get; init; }
    public required DataRequestProof Proof { get; init; }
    public required DataRequestLaw Law { get; init; }
    /// <summary>When it came: of one that was taken down later, the beginning of that day.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Who took it down: a member of staff, or the customer.</summary>
    public required string ReceivedBy { get; init; }
    public DataRequestState State { get; set; }

    /// <summary>Last day of the answer (inclusive).</summary>
    public required DateOnly DueOn { get; set; }
    public DateOnly? ReceiptBy { get; init; }

    /// <summary>Last day after an extension; null: the law knows none.</summary>
    public DateOnly? ExtendableUntil { get; init; }
    public DateTimeOffset? ExtendedAt { get; set; }

    /// <summary>The customer's words, a personal text; null: none.</summary>
    public Guid? TextId { get; init; }

    /// <summary>The mail address or phone that is right, as whoever asked stated it; a personal text, sealed with the contact. Null: none, decided otherwise, or it counts by now.</summary>
    public Guid? WantedId { get; set; }

    /// <summary>Whether the customer sent it themselves, past a code; otherwise a member of staff took it down.</summary>
    public bool IsOwn => Proof == DataRequestProof.ContactOnFile && (ReceivedBy == Actor.Anonymous.Id || ReceivedBy.StartsWith("case:", StringComparison.Ordinal));

    /// <summary>Code of why it was extended.</summary>
    public string? ExtensionReason { get; set; }

    /// <summary>Code of why it was refused, or of what was done.</summary>
    public string? Result { get; set; }
    public string? DecidedBy { get; set; }

    /// <summary>SHA-256 of the token behind which lies what became of an erasure that this request, and no case, brought about; null: it brought none about.</summary>
    public byte[]? LinkHash { get; set; }
    public DateTimeOffset? DecidedAt { get; set; }

    /// <summary>Of an erasure or a change of mail or phone that was granted: when it begins (business time); until then it can be stopped. Null: it is not granted, or it has begun.</summary>
    public DateTimeOffset? BeginsAt { get; set; }
    public DateTimeOffset? RemindedAt { get; set; }

    /// <summary>Of a restriction or an objection: when it ends or ended by a decision; null: it holds.</summary>
    public DateTimeOffset? LiftsAt { get; set; }

    /// <summary>Code of why it ends.</summary>
    public string? LiftReason { get; set; }

    /// <summary>When it has ended.</summary>
    public DateTimeOffset? LiftedAt { get; set; }
    public int Version { get; set; }
}

internal sealed class DataRequestTable : IEntityTypeConfiguration<DataRequest>
{
    public void Configure(EntityTypeBuilder<DataRequest> table)
    {
        table.ToTable("data_requests", t => t.HasCheckConstraint("what_is_granted_has_two_people", "begins_at IS NULL OR decided_by <> received_by"));
        table.HasKey(r => r.Id);
        table.Ignore(r => r.IsOwn);
        table.Property(r => r.Number).HasMaxLength(20);
        table.Property(r => r.ReceivedBy).HasMaxLength(80);
        table.Property(r => r.ExtensionReason).HasMaxLength(40);
        table.Property(r => r.Result).HasMaxLength(40);
        table.Property(r => r.LiftReason).HasMaxLength(40);
        table.Property(r => r.DecidedBy).HasMaxLength(80);
        table.Property(r => r.Version).IsConcurrencyToken();
        table.HasIndex(r => r.Serial).IsUnique();
        table.HasIndex(r => r.CustomerId);
        table.HasIndex(r => r.LinkHash);
        table.HasIndex(r => new { r.State, r.DueOn });
    }
}
