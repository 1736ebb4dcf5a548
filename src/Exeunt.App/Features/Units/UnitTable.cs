using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Units;

/// <summary>
/// A node of the company's tree: 总部 → 分子公司 → 办事处 → team. <see cref="Path"/> is the ids from the root, "1.4.9.", so that
/// "this unit and below" is a prefix.
/// </summary>
public sealed class Unit
{
    public required int Id { get; init; }
    public int? ParentId { get; set; }
    public required string Path { get; set; }
    public required UnitKind Kind { get; set; }

    /// <summary>Short stable code used by imports and the command line ("HQ", "EAST", "LDN-1").</summary>
    public required string Code { get; set; }
    public required string Chinese { get; set; }
    public required string English { get; set; }

    public string Name(string language) => language == "zh" ? Chinese : English;
}

public enum UnitKind
{
    Headquarters,
    Subsidiary,
    Office,
    Team,
}

internal sealed class UnitTable : IEntityTypeConfiguration<Unit>
{
    public void Configure(EntityTypeBuilder<Unit> table)
    {
        table.ToTable("units");
        table.HasKey(u => u.Id);
        table.Property(u => u.Id).ValueGeneratedNever();
        table.Property(u => u.Path).HasMaxLength(120);
        table.Property(u => u.Code).HasMaxLength(40);
        table.Property(u => u.Chinese).HasMaxLength(80);
        table.Property(u => u.English).HasMaxLength(80);
        table.HasIndex(u => u.Code).IsUnique();
        table.HasIndex(u => u.Path).IsUnique();
    }
}
