using Exeunt.Core.Documents;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Procedures;

/// <summary>What a signed document is.</summary>
public enum SignedKind
{
    Procedure,

    /// <summary>The approval matrix; there is one, with the id "approvals".</summary>
    Approvals,

    /// <summary>A legal page of the portal.</summary>
    Page,

    /// <summary>A standard by which customers are listed.</summary>
    Standard,

    /// <summary>A scheme by which customers are classified.</summary>
    Scheme,

    /// <summary>From when customers count as lost; there is one, with the id "churn".</summary>
    Churn,
}

/// <summary>Kinds of which there is one document.</summary>
public static class OnlyDocuments
{
    /// <summary>The id of the one document of a kind, which stands in no address; null where there can be many.</summary>
    public static string? IdOf(SignedKind kind) => kind switch { SignedKind.Approvals => Approvals.ApprovalBook.Id, SignedKind.Churn => ChurnDefinitions.ChurnBook.Id, _ => null };

    /// <summary>Whether an id belongs to the one document of another kind.</summary>
    public static bool IsTaken(string id, SignedKind by) => Enum.GetValues<SignedKind>().Any(k => k != by && IdOf(k) == id);
}

/// <summary>One version of a procedure, of the approval matrix, of a legal page, of a standard, of a scheme or of the churn definition; the document is its JSON as it was signed.</summary>
public sealed class SignedDocument
{
    /// <summary>"general-termination"; of the matrix "approvals", of the churn definition "churn".</summary>
    public required string Id { get; init; }
    public required int Version { get; init; }
    public required SignedKind Kind { get; init; }
    public required VersionStatus Status { get; set; }
    public required string Document { get; set; }

    /// <summary>SHA-256 (hex) of <see cref="Document"/>.</summary>
    public required string Digest { get; set; }

    /// <summary>First day on which new cases start on it; null before it is published.</summary>
    public DateOnly? EffectiveFrom { get; set; }

    /// <summary>Rises whenever signatures are voided; those of earlier rounds are history.</summary>
    public int Round { get; set; }

    /// <summary>Rises with every change (concurrency token).</summary>
    public int Revision { get; set; }

    /// <summary>Address of a version's page.</summary>
    public string PathOf(int version) => Kind switch
    {
        SignedKind.Procedure => $"/procedures/{Id}/{version}",
        SignedKind.Approvals => $"/approvals/{version}",
        SignedKind.Standard => $"/standards/{Id}/{version}",
        SignedKind.Scheme => $"/classes/{Id}/{version}",
        SignedKind.Churn => $"/churn-definition/{version}",
        _ => $"/pages/{Id}/{version}",
    };
}

/// <summary>A hand in one round of a version. The key lets nobody have two: author, reviewer and legal are different people.</summary>
public sealed class SignedDocumentHand
{
    public required string Id { get; init; }
    public required int Version { get; init; }
    public required int Round { get; init; }

    /// <summary>Id of the member of staff.</summary>
    public required string By { get; init; }
    public required SignPart Part { get; init; }

    /// <summary>Digest of the document that was signed; null for an author.</summary>
    public string? Digest { get; init; }
    public required DateTimeOffset At { get; init; }
}

public enum SignedTurnKind
{
    Drafted,
    Edited,
    Submitted,
    Signed,
    Returned,
    Withdrawn,
    Discarded,
    Published,
    Retired,
}

/// <summary>Something that happened to a version, as its page tells it.</summary>
public sealed class SignedDocumentTurn
{
    public required Guid TurnId { get; init; }
    public required string Id { get; init; }
    public required int Version { get; init; }
    public required SignedTurnKind Kind { get; init; }
    public required string By { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Why it was returned, or taken out of use.</summary>
    public string? Words { get; init; }
}

internal sealed class SignedDocumentTable : IEntityTypeConfiguration<SignedDocument>, IEntityTypeConfiguration<SignedDocumentHand>, IEntityTypeConfiguration<SignedDocumentTurn>
{
    public void Configure(EntityTypeBuilder<SignedDocument> table)
    {
        table.ToTable("signed_documents");
        table.HasKey(d => new { d.Id, d.Version });
        table.Property(d => d.Id).HasMaxLength(ProcedureDocument.MaxId);
        table.Property(d => d.Digest).HasMaxLength(64);
        table.Property(d => d.Revision).IsConcurrencyToken();
        // One version of a document is written at a time.
        table.HasIndex(d => d.Id).IsUnique().HasFilter("status IN ('Draft', 'InSignOff')");
    }

    public void Configure(EntityTypeBuilder<SignedDocumentHand> table)
    {
        table.ToTable("signed_document_hands");
        table.HasKey(h => new { h.Id, h.Version, h.Round, h.By });
        table.Property(h => h.Id).HasMaxLength(ProcedureDocument.MaxId);
        table.Property(h => h.By).HasMaxLength(80);
        table.Property(h => h.Digest).HasMaxLength(64);
        table.HasOne<SignedDocument>().WithMany().HasForeignKey(h => new { h.Id, h.Version }).OnDelete(DeleteBehavior.Restrict);
        // Several may write; every other part has one hand.
        table.HasIndex(h => new { h.Id, h.Version, h.Round, h.Part }).IsUnique().HasFilter("part <> 'Author'");
    }

    public void Configure(EntityTypeBuilder<SignedDocumentTurn> table)
    {
        table.ToTable("signed_document_turns");
        table.HasKey(t => t.TurnId);
        table.Property(t => t.Id).IsRequired().HasMaxLength(ProcedureDocument.MaxId);
        table.Property(t => t.By).HasMaxLength(80);
        table.Property(t => t.Words).HasMaxLength(SignedDocumentDesk.MaxWords);
        table.HasIndex(t => new { t.Id, t.Version });
    }
}
