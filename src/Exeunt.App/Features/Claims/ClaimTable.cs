using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Claims;

/// <summary>A claim on an insurance policy (赔案). While one is open (未决赔案), what it is decided by is not erased.</summary>
public sealed class Claim
{
    public required Guid Id { get; init; }
    public required long ContractId { get; init; }

    /// <summary>The company's own number of the claim; nothing personal.</summary>
    public required string Number { get; init; }
    public required DateOnly ReportedOn { get; init; }
    public DateOnly? ClosedOn { get; set; }
    public required string RecordedBy { get; init; }
    public string? ClosedBy { get; set; }
    public int Version { get; set; }
}

internal sealed class ClaimTable : IEntityTypeConfiguration<Claim>
{
    public const int MaxNumber = 40;

    public void Configure(EntityTypeBuilder<Claim> table)
    {
        table.ToTable("claims");
        table.HasKey(c => c.Id);
        table.Property(c => c.Id).ValueGeneratedNever();
        table.Property(c => c.Number).HasMaxLength(MaxNumber);
        table.Property(c => c.RecordedBy).HasMaxLength(80);
        table.Property(c => c.ClosedBy).HasMaxLength(80);
        table.Property(c => c.Version).IsConcurrencyToken();
        table.HasIndex(c => new { c.ContractId, c.Number }).IsUnique();
    }
}
