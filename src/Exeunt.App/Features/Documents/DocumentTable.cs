using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Documents;

public enum DocumentKind
{
    Receipt,
    Statement,
    Notice,
    Certificate,
    Archive,

    /// <summary>A photo or paper that proves a line of the settlement.</summary>
    Evidence,

    /// <summary>An agreement both sides confirmed.</summary>
    Agreement,
    /// <summary>The frozen evidence of an offboarding, as one file.</summary>
    EvidenceFile,

    /// <summary>What proves how an application came in: a mail, a transcript, minutes, notes of a call.</summary>
    Intake,

    /// <summary>What an item of a check-list was ticked with: a consent, a copy of a letter. It can be about others than the customer.</summary>
    CheckPaper,

    /// <summary>An invoice corrected for what came back.</summary>
    CreditNote,

    /// <summary>A letter about who looks after the customer; it belongs to no case.</summary>
    HandOverLetter,

    /// <summary>What was erased, what stays and why.</summary>
    ErasureCertificate,

    /// <summary>The account is closed.</summary>
    ClosureCertificate,

    /// <summary>An answer to a request about personal data, or the package made for it.</summary>
    DataAnswer,
}

/// <summary>A document of a case, sealed; its hash is of the clear bytes.</summary>
public sealed class DocumentRow
{
    public const string Place = "documents.data";
    public required Guid Id { get; init; }

    /// <summary>The case it belongs to; null: a letter to the customer beside any case.</summary>
    public Guid? CaseId { get; init; }
    public required long Subject { get; init; }
    public required DataClass Class { get; init; }
    public required DocumentKind Kind { get; init; }
    public required string FileName { get; init; }
    public required string MediaType { get; init; }
    public required byte[] Data { get; init; }

    /// <summary>SHA-256 of the clear bytes.</summary>
    public required byte[] Sha256 { get; init; }
    public required int Size { get; init; }
    public required DateTimeOffset At { get; init; }

    public string Row => Id.ToString("N");
}

internal sealed class DocumentTable : IEntityTypeConfiguration<DocumentRow>
{
    public void Configure(EntityTypeBuilder<DocumentRow> table)
    {
        table.ToTable("documents");
        table.HasKey(d => d.Id);
        table.Ignore(d => d.Row);
        table.Property(d => d.FileName).HasMaxLength(120);
        table.Property(d => d.MediaType).HasMaxLength(60);
        table.HasIndex(d => new { d.CaseId, d.Kind });
        table.HasIndex(d => d.Subject);
    }
}
