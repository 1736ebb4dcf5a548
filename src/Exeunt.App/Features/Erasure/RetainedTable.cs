using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Retention;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Erasure;

/// <summary>What became of a category of a former customer's data: deleted, or locked with its legal basis and last day.</summary>
public sealed class RetainedRow
{
    public required long CustomerId { get; init; }
    public required DataCategory Category { get; init; }

    /// <summary>The case that ended the contract; null: none did, the customer asked.</summary>
    public Guid? CaseId { get; init; }
    public required RetentionOutcome Outcome { get; set; }

    /// <summary>Last day (inclusive); null: it goes at once, or with the aftercare (contact), or holds nothing personal.</summary>
    public DateOnly? Until { get; set; }

    /// <summary>Code of the schedule's rule; null: nothing keeps it.</summary>
    public string? Rule { get; set; }

    /// <summary>When it was deleted or anonymised; null: not yet.</summary>
    public DateTimeOffset? DoneAt { get; set; }

    public static RetainedRow Of(ExitCase exit, Retained kept) => Of(exit.CustomerId!.Value, exit.Id, kept);

    public static RetainedRow Of(long customer, Guid? caseId, Retained kept) =>
        new() { CustomerId = customer, Category = kept.Category, CaseId = caseId, Outcome = kept.Outcome, Until = kept.Until, Rule = kept.Rule?.Code };

    public void Become(Retained kept) => (Outcome, Until, Rule) = (kept.Outcome, kept.Until, kept.Rule?.Code);

    /// <summary>Why it stays, in words; "" when nothing keeps it.</summary>
    public string Basis(Texts t) => Rule is not null && RetentionSchedule.Find(Rule) is { } rule ? rule.Basis.In(t.Language) : Category == DataCategory.Contact ? t["retention.contact.basis"] : "";

    /// <summary>What holds now: gone, anonymised, locked, kept for what comes after the end, or without anything personal.</summary>
    public RetentionOutcome Now => Outcome != RetentionOutcome.Lock || DoneAt is null ? Outcome : Rule is not null && RetentionSchedule.Find(Rule) is { } rule ? rule.After : RetentionOutcome.Delete;
}

internal sealed class RetainedTable : IEntityTypeConfiguration<RetainedRow>
{
    public void Configure(EntityTypeBuilder<RetainedRow> table)
    {
        table.ToTable("retained");
        table.HasKey(r => new { r.CustomerId, r.Category });
        table.Property(r => r.Rule).HasMaxLength(40);
    }
}
