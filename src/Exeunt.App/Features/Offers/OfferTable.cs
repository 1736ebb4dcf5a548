using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Offers;

/// <summary>The kinds of retention offer (codes as in the field's lists).</summary>
public enum OfferKind
{
    Discount,
    Pause,
    Downgrade,
    Extension,
    DeferredPayment,
    ServiceRecovery,
}

/// <summary>An offer made in a case: what, for how long, what it costs us; and the answer.</summary>
public sealed class Offer
{
    public required Guid Id { get; init; }
    public required Guid CaseId { get; init; }
    public required OfferKind Kind { get; init; }

    /// <summary>Percent off for a discount, 0 otherwise.</summary>
    public int Percent { get; init; }

    /// <summary>For how many months it holds.</summary>
    public required int Months { get; init; }

    /// <summary>What it costs the company, minor units of the contract's currency; computed.</summary>
    public required long Cost { get; init; }
    public required string Currency { get; init; }
    public required string MadeBy { get; init; }
    public required DateTimeOffset MadeAt { get; init; }
    public DateTimeOffset? AnsweredAt { get; set; }
    public bool? Accepted { get; set; }
}

internal sealed class OfferTable : IEntityTypeConfiguration<Offer>
{
    public void Configure(EntityTypeBuilder<Offer> table)
    {
        table.ToTable("offers");
        table.HasKey(o => o.Id);
        table.Property(o => o.MadeBy).HasMaxLength(80);
        table.Property(o => o.Currency).HasMaxLength(3);
        table.HasIndex(o => o.CaseId);
    }
}
