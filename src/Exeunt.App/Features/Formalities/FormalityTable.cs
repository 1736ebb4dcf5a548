using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Formalities;

public enum FormalityState
{
    Open,
    Done,

    /// <summary>Not handed over in time; of the customer's with a price it became a line of the settlement.</summary>
    Missing,

    /// <summary>Given up by a named person.</summary>
    Waived,
}

/// <summary>One thing that a side hands in or over when a contract ends (解约手续), from the procedure's step or the policy's list.</summary>
public sealed class Formality
{
    public required Guid Id { get; init; }
    public required Guid CaseId { get; init; }
    public required string Step { get; init; }
    public required string Code { get; init; }
    public required string English { get; init; }
    public required string Chinese { get; init; }
    public required ItemSide Side { get; init; }
    public required DateOnly DueOn { get; init; }

    /// <summary>Done only with a document or photo.</summary>
    public required bool NeedsEvidence { get; init; }

    /// <summary>What is charged when the customer does not hand it over, minor units; null: nothing.</summary>
    public long? Price { get; init; }
    public string? Currency { get; init; }
    public FormalityState State { get; set; }

    /// <summary>The condition in which it came, or why it was waived: a personal text.</summary>
    public Guid? TextId { get; set; }
    public Guid? EvidenceId { get; set; }

    /// <summary>Number of the receipt, "T-2026-000123/R1".</summary>
    public string? Receipt { get; set; }
    public Guid? ReceiptId { get; set; }
    public string? DoneBy { get; set; }
    public DateTimeOffset? DoneAt { get; set; }
    public int Version { get; set; }
}

internal sealed class FormalityTable : IEntityTypeConfiguration<Formality>
{
    public void Configure(EntityTypeBuilder<Formality> table)
    {
        table.ToTable("formalities");
        table.HasKey(f => f.Id);
        table.Property(f => f.Step).HasMaxLength(60);
        table.Property(f => f.Code).HasMaxLength(60);
        table.Property(f => f.English).HasMaxLength(200);
        table.Property(f => f.Chinese).HasMaxLength(200);
        table.Property(f => f.Currency).HasMaxLength(3);
        table.Property(f => f.Receipt).HasMaxLength(60);
        table.Property(f => f.DoneBy).HasMaxLength(80);
        table.Property(f => f.Version).IsConcurrencyToken();
        table.HasIndex(f => new { f.CaseId, f.Code }).IsUnique();
    }
}
