using Exeunt.Core.Rules;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Rules;

/// <summary>One version of a rule pack. It never changes: cases are bound to it by name.</summary>
public sealed class RulePackRow
{
    public required string Jurisdiction { get; init; }
    public required int Version { get; init; }

    /// <summary>JSON of Core's RulePack.</summary>
    public required string Document { get; init; }
    public required DateOnly IssuedOn { get; init; }
    public required DateTimeOffset ImportedAt { get; init; }

    /// <summary>Who handed the rules in ("system" for the built-in ones); a sign-off of a rule keeps it.</summary>
    public required string ImportedBy { get; init; }

    public string Name => $"{Jurisdiction} {Version}";

    public static RulePackRow Of(RulePack pack, DateTimeOffset at, string by) =>
        new() { Jurisdiction = pack.Jurisdiction, Version = pack.Version, Document = pack.ToJson(), IssuedOn = pack.IssuedOn, ImportedAt = at, ImportedBy = by };
}

internal sealed class RulePackTable : IEntityTypeConfiguration<RulePackRow>
{
    public void Configure(EntityTypeBuilder<RulePackRow> table)
    {
        table.ToTable("rule_packs");
        table.HasKey(p => new { p.Jurisdiction, p.Version });
        table.Ignore(p => p.Name);
        table.Property(p => p.Jurisdiction).HasMaxLength(10);
        table.Property(p => p.ImportedBy).HasMaxLength(80);
    }
}
