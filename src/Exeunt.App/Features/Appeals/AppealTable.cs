using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Appeals;

/// <summary>A customer's appeal (申诉) against what was decided or how it was done; decided by somebody who took no part.</summary>
public sealed class Appeal
{
    public required Guid Id { get; init; }
    public required Guid CaseId { get; init; }

    /// <summary>The customer's words: a personal text.</summary>
    public required Guid TextId { get; init; }
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>Last day for the answer, included.</summary>
    public required DateOnly AnswerBy { get; init; }
    public bool? Upheld { get; set; }
    public Guid? AnswerId { get; set; }
    public string? DecidedBy { get; set; }
    public DateTimeOffset? DecidedAt { get; set; }
    public int Version { get; set; }
}

internal sealed class AppealTable : IEntityTypeConfiguration<Appeal>
{
    public void Configure(EntityTypeBuilder<Appeal> table)
    {
        table.ToTable("appeals");
        table.HasKey(a => a.Id);
        table.Property(a => a.DecidedBy).HasMaxLength(80);
        table.Property(a => a.Version).IsConcurrencyToken();
        table.HasIndex(a => a.CaseId);
        table.HasIndex(a => new { a.DecidedAt, a.AnswerBy });
    }
}
