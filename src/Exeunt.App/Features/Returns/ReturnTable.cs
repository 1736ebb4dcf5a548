using Exeunt.App.Features.Orders;
using Exeunt.Core;
using Exeunt.Core.Returns;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Returns;

/// <summary>The return of a case: what the customer wants of which order, its dates, its money.</summary>
public sealed class Return
{
    public required Guid CaseId { get; init; }
    public required Guid OrderId { get; init; }
    public ReturnWish Wish { get; init; }

    /// <summary>Civil date on which the customer declared it, in the order's zone.</summary>
    public required DateOnly DeclaredOn { get; init; }

    /// <summary>When the customer sent it, and when it arrived; civil dates.</summary>
    public DateOnly? SentOn { get; set; }
    public DateOnly? ReceivedOn { get; set; }

    /// <summary>Last day for the refund, included; null: it does not run yet.</summary>
    public DateOnly? RefundBy { get; set; }

    /// <summary>First day of the last days before stalling, and the last day before it (CN-CP25b); null where no such rule holds or it does not run yet.</summary>
    public DateOnly? RedOn { get; set; }
    public DateOnly? StallsAfter { get; set; }

    /// <summary>The article wanted in exchange; null: none.</summary>
    public string? ExchangeProduct { get; init; }

    /// <summary>The price of one of it that the customer was shown, minor units; a later price does not count.</summary>
    public long ExchangePrice { get; init; }

    /// <summary>The outcome, minor units: what the accepted goods and freight come to, what is deducted, the price of what goes out in exchange.</summary>
    public long Goods { get; set; }
    public long Freight { get; set; }
    public long Deducted { get; set; }
    public long Exchanged { get; set; }
    public required string Currency { get; init; }
    public DateTimeOffset? SettledAt { get; set; }

    /// <summary>Last day to say that the result is wrong, included.</summary>
    public DateOnly? ConfirmBy { get; set; }
    public string? CreditNote { get; set; }

    /// <summary>The return whose result is looked at again; null: this is the first look.</summary>
    public Guid? Again { get; init; }

    /// <summary>Who inspected before and so does not inspect again.</summary>
    public string? NotBy { get; init; }
    public int Version { get; set; }
    public List<ReturnLine> Lines { get; } = [];

    /// <summary>+ goes to the customer, - the customer pays.</summary>
    public long Total => Goods + Freight - Deducted - Exchanged;
}

/// <summary>Why pieces are not accepted. There is no ground about who the customer is.</summary>
public enum RejectGround
{
    WrongItem,
    NotIntact,
    Incomplete,

    /// <summary>Digital content or a sealed carrier that was opened.</summary>
    SealBroken,
}

/// <summary>What becomes of what was not accepted.</summary>
public enum RejectedFate
{
    SentBack,

    /// <summary>Kept for the customer until a day.</summary>
    KeptFor,
}

/// <summary>A line of a return.</summary>
public sealed class ReturnLine
{
    public required Guid CaseId { get; init; }

    /// <summary>Number of the order's line.</summary>
    public required int Line { get; init; }
    public required int Quantity { get; init; }
    public ReturnReason Reason { get; init; }

    /// <summary>The customer's own words; null: none.</summary>
    public Guid? TextId { get; set; }
    public ReturnBasis Basis { get; init; }

    /// <summary>Rule of law it rests on; null: none.</summary>
    public string? Rule { get; init; }
    public DateOnly? LastDay { get; init; }
    public FreightPayer ReturnFreight { get; init; }
    public bool OutwardFreight { get; init; }

    /// <summary>What the inspection found; null: not yet. What is neither accepted nor rejected did not come.</summary>
    public int? Accepted { get; set; }
    public int? Rejected { get; set; }
    public ReturnedCondition? Condition { get; set; }
    public RejectGround? Ground { get; set; }

    /// <summary>The inspector's words, for the customer.</summary>
    public Guid? FindingId { get; set; }
    public RejectedFate? Fate { get; set; }
    public DateOnly? FateOn { get; set; }

    /// <summary>The share deducted for the condition, "0.2", and the amounts: goods, tax in them, freight, tax in it, deduction; minor units.</summary>
    public string? DeductedShare { get; set; }
    public long Goods { get; set; }
    public long GoodsVat { get; set; }
    public long Freight { get; set; }
    public long FreightVat { get; set; }
    public long Deducted { get; set; }

    /// <summary>Of a second look: what the first one accepted and refunded; 0 in a first look.</summary>
    public int AcceptedBefore { get; init; }
    public long GoodsBefore { get; init; }
    public long DeductedBefore { get; init; }
}

/// <summary>A photo of a line of a return: a document of the case.</summary>
public sealed class ReturnPhoto
{
    public required Guid DocumentId { get; init; }
    public required Guid CaseId { get; init; }
    public required int Line { get; init; }
    public bool ByCustomer { get; init; }
}

internal sealed class ReturnTable : IEntityTypeConfiguration<Return>, IEntityTypeConfiguration<ReturnLine>, IEntityTypeConfiguration<ReturnPhoto>
{
    public void Configure(EntityTypeBuilder<Return> table)
    {
        table.ToTable("returns");
        table.HasKey(r => r.CaseId);
        table.Property(r => r.CaseId).ValueGeneratedNever();
        table.Ignore(r => r.Total);
        table.Property(r => r.ExchangeProduct).HasMaxLength(60);
        table.Property(r => r.Currency).HasMaxLength(3);
        table.Property(r => r.CreditNote).HasMaxLength(80);
        table.Property(r => r.NotBy).HasMaxLength(400);
        table.Property(r => r.Version).IsConcurrencyToken();
        table.HasMany(r => r.Lines).WithOne().HasForeignKey(l => l.CaseId);
        table.Navigation(r => r.Lines).AutoInclude();
        table.HasIndex(r => r.CreditNote).IsUnique();
        table.HasIndex(r => r.OrderId);
        // What is not settled yet, by its last day.
        table.HasIndex(r => new { r.SettledAt, r.RefundBy });
    }

    public void Configure(EntityTypeBuilder<ReturnLine> table)
    {
        table.ToTable("return_lines", t => t.HasCheckConstraint("no_more_looked_at_than_claimed", "COALESCE(accepted, 0) + COALESCE(rejected, 0) <= quantity"));
        table.HasKey(l => new { l.CaseId, l.Line });
        table.Property(l => l.Rule).HasMaxLength(40);
        table.Property(l => l.DeductedShare).HasMaxLength(12);
    }

    public void Configure(EntityTypeBuilder<ReturnPhoto> table)
    {
        table.ToTable("return_photos");
        table.HasKey(p => p.DocumentId);
        table.HasIndex(p => p.CaseId);
    }
}
