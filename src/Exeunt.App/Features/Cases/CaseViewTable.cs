using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Cases;

/// <summary>A saved view (已存视图) of the list of cases: its address under a name, for oneself or for a unit and those below it.</summary>
public sealed class CaseView
{
    public const int MaxName = 40;

    /// <summary>So many views one person may keep.</summary>
    public const int MaxPerPerson = 30;
    public required Guid Id { get; init; }

    /// <summary>Actor id of whoever made it; only they change it.</summary>
    public required string OwnerId { get; init; }
    public required string Name { get; set; }

    /// <summary>Filters, columns and order as they stand in the list's address, without the question mark.</summary>
    public required string Query { get; set; }

    /// <summary>Whom it is shown to: everybody whose role covers this unit or one below it; null: its owner alone.</summary>
    public int? UnitId { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public int Version { get; set; }
}

internal sealed class CaseViewTable : IEntityTypeConfiguration<CaseView>
{
    public void Configure(EntityTypeBuilder<CaseView> table)
    {
        table.ToTable("case_views");
        table.HasKey(v => v.Id);
        table.Property(v => v.OwnerId).HasMaxLength(80);
        table.Property(v => v.Name).HasMaxLength(CaseView.MaxName);
        table.Property(v => v.Query).HasMaxLength(1000);
        table.Property(v => v.Version).IsConcurrencyToken();
        table.HasIndex(v => v.OwnerId);
        table.HasIndex(v => v.UnitId);
    }
}
