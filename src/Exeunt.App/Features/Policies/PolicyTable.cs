using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Policies;

public enum PolicyStatus
{
    Draft,
    Published,
    Superseded,
}

/// <summary>One version of a termination policy; the document is the JSON of Core's TerminationPolicy.</summary>
public sealed class PolicyRow
{
    public required string Number { get; init; }
    public required int Version { get; init; }
    public required PolicyStatus Status { get; set; }
    public required string Document { get; set; }
    public required DateOnly EffectiveFrom { get; init; }
}

internal sealed class PolicyTable : IEntityTypeConfiguration<PolicyRow>
{
    public void Configure(EntityTypeBuilder<PolicyRow> table)
    {
        table.ToTable("policies");
        table.HasKey(p => new { p.Number, p.Version });
        table.Property(p => p.Number).HasMaxLength(40);
    }
}
