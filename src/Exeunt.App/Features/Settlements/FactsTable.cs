using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Settlements;

/// <summary>What is known of the end of a case: Core's ExitFacts as JSON, without the lines that people add.</summary>
public sealed class FactsOfTheEnd
{
    public required Guid CaseId { get; init; }
    public required string Facts { get; set; }

    /// <summary>1 with the first writing; rises with every change.</summary>
    public int Version { get; set; }
    public required string ChangedBy { get; set; }
    public required DateTimeOffset ChangedAt { get; set; }
}

public enum RedLetterState
{
    /// <summary>The refunded supply was invoiced: a red-letter invoice (红字发票) must correct it.</summary>
    Needed,

    /// <summary>Issued, and confirmed by the buyer where they had used the invoice.</summary>
    Confirmed,

    /// <summary>No invoice had been issued.</summary>
    NotNeeded,
}

/// <summary>A refunded supply with its net amount and tax, which finance corrects by a red-letter invoice.</summary>
public sealed class RedLetter
{
    public required Guid CaseId { get; init; }

    /// <summary>The statement's line.</summary>
    public required string Code { get; init; }

    /// <summary>Minor units, negative, like <see cref="Vat"/>.</summary>
    public required long Net { get; init; }
    public required long Vat { get; init; }
    public required string Currency { get; init; }
    public required string TaxCode { get; init; }
    public required string TaxRate { get; init; }
    public RedLetterState State { get; set; }
    public string? DecidedBy { get; set; }
    public DateTimeOffset? DecidedAt { get; set; }
    public int Version { get; set; }
}

internal sealed class FactsTable : IEntityTypeConfiguration<FactsOfTheEnd>, IEntityTypeConfiguration<CaseLine>, IEntityTypeConfiguration<RedLetter>
{
    public void Configure(EntityTypeBuilder<FactsOfTheEnd> table)
    {
        table.ToTable("settlement_facts");
        table.HasKey(f => f.CaseId);
        table.Property(f => f.ChangedBy).HasMaxLength(80);
        table.Property(f => f.Version).IsConcurrencyToken();
    }

    public void Configure(EntityTypeBuilder<CaseLine> table)
    {
        table.ToTable("settlement_lines_added", t =>
        {
            t.HasCheckConstraint("line_amount_is_positive", "amount > 0");
            t.HasCheckConstraint("decider_is_not_adder", "decided_by IS NULL OR decided_by <> added_by");
            t.HasCheckConstraint("first_approver_is_not_adder", "first_approved_by IS NULL OR first_approved_by <> added_by");
            t.HasCheckConstraint("two_approvers_are_two", "first_approved_by IS NULL OR decided_by IS NULL OR first_approved_by <> decided_by");
            t.HasCheckConstraint("approved_credit_has_approver", "state <> 'Approved' OR decided_by IS NOT NULL");
        });
        table.HasKey(l => l.Id);
        table.Property(l => l.Id).ValueGeneratedNever();
        foreach (var computed in new[] { nameof(CaseLine.IsCredit), nameof(CaseLine.Counts), nameof(CaseLine.IsOpen), nameof(CaseLine.Value) })
            table.Ignore(computed);
        table.Property(l => l.Code).HasMaxLength(60);
        table.Property(l => l.Currency).HasMaxLength(3);
        table.Property(l => l.LabelEnglish).HasMaxLength(200);
        table.Property(l => l.LabelChinese).HasMaxLength(200);
        table.Property(l => l.Clause).HasMaxLength(60);
        table.Property(l => l.AddedBy).HasMaxLength(80);
        table.Property(l => l.FirstApprovedBy).HasMaxLength(80);
        table.Property(l => l.DecidedBy).HasMaxLength(80);
        table.Property(l => l.Version).IsConcurrencyToken();
        table.HasIndex(l => new { l.CaseId, l.Code }).IsUnique();
        table.HasIndex(l => l.State);
    }

    public void Configure(EntityTypeBuilder<RedLetter> table)
    {
        table.ToTable("red_letters");
        table.HasKey(r => new { r.CaseId, r.Code });
        table.Property(r => r.Code).HasMaxLength(60);
        table.Property(r => r.Currency).HasMaxLength(3);
        table.Property(r => r.TaxCode).HasMaxLength(40);
        table.Property(r => r.TaxRate).HasMaxLength(20);
        table.Property(r => r.DecidedBy).HasMaxLength(80);
        table.Property(r => r.Version).IsConcurrencyToken();
        table.HasIndex(r => r.State);
    }
}
