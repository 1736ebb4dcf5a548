using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Erasure;

/// <summary>
/// The erasure ledger: which class of which internal number was destroyed, when and why. It is applied again to every restored
/// database. <see cref="Token"/> is the keyed token of the external number, so that an import does not bring the customer back.
/// </summary>
public sealed class ErasureRow
{
    public long Id { get; init; }
    public required long CustomerId { get; init; }
    public Guid? CaseId { get; init; }
    public required DataClass Class { get; init; }
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
        table.HasIndex(e => e.Token);
        table.HasIndex(e => e.CustomerId);
    }
}
