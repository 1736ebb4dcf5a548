using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Certificates;

public enum CertificateState
{
    Valid,
    Superseded,
    Revoked,
}

/// <summary>What outlives everything about a certificate: serial, hash, date, state. Nothing personal.</summary>
public sealed class CertificateRow
{
    /// <summary>128 random bits, as <see cref="CertificateSerial"/> writes them.</summary>
    public required string Serial { get; init; }

    /// <summary>The case that it certifies; null: an erasure that the customer asked for without one.</summary>
    public Guid? CaseId { get; init; }

    /// <summary>The request about data that such an erasure followed.</summary>
    public Guid? DataRequestId { get; init; }
    public required Guid DocumentId { get; init; }

    /// <summary>SHA-256 of the PDF.</summary>
    public required byte[] Sha256 { get; init; }
    public required DateOnly IssuedOn { get; init; }
    public required CertificateState State { get; set; }
    public CertificateKind Kind { get; init; }

    /// <summary>Serial of the one that replaces it.</summary>
    public string? SupersededBy { get; set; }

    /// <summary>Code of the reason for which it was replaced or revoked.</summary>
    public string? Reason { get; set; }
    public string? ChangedBy { get; set; }
    public DateTimeOffset? ChangedAt { get; set; }
    public int Version { get; set; }
}

/// <summary>A certificate as it is listed.</summary>
public sealed record Certified(string Serial, CertificateKind Kind, CertificateState State, DateOnly IssuedOn, string? SupersededBy, string? Reason, Guid DocumentId)
{
    public static Certified Of(CertificateRow row) => new(row.Serial, row.Kind, row.State, row.IssuedOn, row.SupersededBy, row.Reason, row.DocumentId);
}

internal sealed class CertificateTable : IEntityTypeConfiguration<CertificateRow>
{
    public void Configure(EntityTypeBuilder<CertificateRow> table)
    {
        table.ToTable("certificates", t => t.HasCheckConstraint("certificate_has_one_cause", "(case_id IS NULL) <> (data_request_id IS NULL)"));
        table.HasKey(c => c.Serial);
        table.Property(c => c.Serial).HasMaxLength(40);
        table.Property(c => c.Kind).HasDefaultValue(CertificateKind.Termination);
        table.Property(c => c.SupersededBy).HasMaxLength(40);
        table.Property(c => c.Reason).HasMaxLength(40);
        table.Property(c => c.ChangedBy).HasMaxLength(80);
        table.Property(c => c.Version).IsConcurrencyToken();
        table.HasIndex(c => c.CaseId);
        table.HasIndex(c => c.DataRequestId);
        table.HasIndex(c => c.Sha256);
        table.HasIndex(c => new { c.IssuedOn, c.Serial });
    }
}
