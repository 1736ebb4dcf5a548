using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Calendars;

/// <summary>A day that the company's calendar of a place has beside the built-in ones.</summary>
public sealed class CalendarDayRow
{
    /// <summary>"CN", "DE", "US-CA".</summary>
    public required string Jurisdiction { get; init; }
    public required DateOnly Day { get; init; }

    /// <summary>Worked, or a day off.</summary>
    public required bool Worked { get; init; }
    public required string Name { get; init; }
}

internal sealed class CalendarTable : IEntityTypeConfiguration<CalendarDayRow>
{
    public void Configure(EntityTypeBuilder<CalendarDayRow> table)
    {
        table.ToTable("calendar_days");
        table.HasKey(d => new { d.Jurisdiction, d.Day });
        table.Property(d => d.Jurisdiction).HasMaxLength(10);
        table.Property(d => d.Name).HasMaxLength(80);
    }
}
