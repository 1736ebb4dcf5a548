using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Erasure;

/// <summary>
/// One line of the erasure ledger: a class of a customer's personal data that was destroyed. <see cref="Token"/> is the keyed
/// token of the external number, by which an import does not bring the customer back.
/// </summary>
public sealed class ErasureRow
{
    public long Id { get; init; }
    public required long CustomerId { get; init; }
    public Guid? CaseId { get; init; }

    /// <summary>Name of the <see cref="Platform.DataClass"/>.</summary>
    public required string Class { get; init; }
    public byte[]? Token { get; init; }
    public required DateTimeOffset At { get; init; }
}

internal sealed class ErasureTable : IEntityTypeConfiguration<ErasureRow>
{
    public void Configure(EntityTypeBuilder<ErasureRow> table)
    {
        table.ToTable("erasures");
        table.HasKey(e => e.Id);
        table.Property(e => e.Id).ValueGeneratedOnAdd();
        table.Property(e => e.Class).HasMaxLength(20);
        table.Property(e => e.Token).HasMaxLength(16);
        table.HasIndex(e => e.CustomerId);
        table.HasIndex(e => e.Token);
    }
}
