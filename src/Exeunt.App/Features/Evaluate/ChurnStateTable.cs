using Exeunt.Core.Churn;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Evaluate;

/// <summary>The churn state that the last nightly evaluation found for a customer; lists filter by it. Nobody without a history has one.</summary>
public sealed class ChurnStateRow
{
    public required long CustomerId { get; init; }
    public required ChurnState State { get; set; }
    public required bool IsIntermittent { get; set; }

    /// <summary>The business day on which the evaluation first found this state.</summary>
    public required DateOnly Since { get; set; }

    /// <summary>The same of the flag; null: not flagged, or since before flags were recorded.</summary>
    public DateOnly? IntermittentSince { get; set; }
    public int Version { get; set; }
}

/// <summary>A change of state or of the flag as it was seen on its day: later facts may tell another story, this one stays.</summary>
public sealed class ChurnChangeRow
{
    public required long CustomerId { get; init; }
    public required DateOnly On { get; init; }

    /// <summary>Null: the first state of the customer.</summary>
    public required ChurnState? From { get; init; }
    public required ChurnState To { get; set; }

    /// <summary>Whether the customer was flagged intermittent before; null: the first state, or not recorded.</summary>
    public bool? WasIntermittent { get; init; }

    /// <summary>Whether the customer is flagged since; null: not recorded.</summary>
    public bool? IsIntermittent { get; set; }
}

internal sealed class ChurnStateTable : IEntityTypeConfiguration<ChurnStateRow>, IEntityTypeConfiguration<ChurnChangeRow>
{
    public void Configure(EntityTypeBuilder<ChurnStateRow> table)
    {
        table.ToTable("churn_states");
        table.HasKey(s => s.CustomerId);
        table.Property(s => s.CustomerId).ValueGeneratedNever();
        table.Property(s => s.State).HasConversion<short>();
        table.Property(s => s.Version).IsConcurrencyToken();
        table.HasIndex(s => new { s.State, s.CustomerId });
    }

    public void Configure(EntityTypeBuilder<ChurnChangeRow> table)
    {
        table.ToTable("churn_changes");
        table.HasKey(c => new { c.CustomerId, c.On });
        table.Property(c => c.From).HasConversion<short>();
        table.Property(c => c.To).HasConversion<short>();
    }
}
