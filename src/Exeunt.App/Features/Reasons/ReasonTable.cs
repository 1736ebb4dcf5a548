using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Reasons;

/// <summary>A reason for leaving. Its code never changes, since old cases carry it; a retired one is no longer offered, but still named.</summary>
public sealed class ReasonRow
{
    public const int MaxCode = 81;
    public const int MaxName = 80;
    public const int MaxGuide = 2000;

    /// <summary>"PRICE", or "PRICE/TOO_HIGH" on the second level.</summary>
    public required string Code { get; init; }

    /// <summary>Its place among its like, 0 upwards.</summary>
    public int Position { get; set; }
    public required string English { get; set; }
    public required string Chinese { get; set; }

    /// <summary>How customers are asked it on the portal; null: they are not.</summary>
    public string? CustomerEnglish { get; set; }
    public string? CustomerChinese { get; set; }
    public bool Retired { get; set; }

    /// <summary>The conversation guide: what to ask.</summary>
    public string? AskEnglish { get; set; }
    public string? AskChinese { get; set; }

    /// <summary>The conversation guide: how to answer.</summary>
    public string? AnswerEnglish { get; set; }
    public string? AnswerChinese { get; set; }
    public int Version { get; set; }

    public bool IsDetail => Code.Contains('/', StringComparison.Ordinal);

    public string First => Code.Split('/')[0];

    public string Name(Texts t) => t.Pick(English, Chinese);
}

/// <summary>An entry of the offer catalogue that answers a reason; the first ones are proposed first.</summary>
public sealed class ReasonOffer
{
    public required string Reason { get; init; }
    public required string Entry { get; init; }
    public required int Position { get; set; }
}

internal sealed class ReasonTable : IEntityTypeConfiguration<ReasonRow>, IEntityTypeConfiguration<ReasonOffer>
{
    public void Configure(EntityTypeBuilder<ReasonRow> table)
    {
        table.ToTable("reasons");
        table.HasKey(r => r.Code);
        table.Ignore(r => r.IsDetail);
        table.Ignore(r => r.First);
        table.Property(r => r.Code).HasMaxLength(ReasonRow.MaxCode);
        foreach (var name in new[] { nameof(ReasonRow.English), nameof(ReasonRow.Chinese), nameof(ReasonRow.CustomerEnglish), nameof(ReasonRow.CustomerChinese) })
            table.Property(name).HasMaxLength(ReasonRow.MaxName);
        foreach (var guide in new[] { nameof(ReasonRow.AskEnglish), nameof(ReasonRow.AskChinese), nameof(ReasonRow.AnswerEnglish), nameof(ReasonRow.AnswerChinese) })
            table.Property(guide).HasMaxLength(ReasonRow.MaxGuide);
        table.Property(r => r.Version).IsConcurrencyToken();
    }

    public void Configure(EntityTypeBuilder<ReasonOffer> table)
    {
        table.ToTable("reason_offers");
        table.HasKey(o => new { o.Reason, o.Entry });
        table.Property(o => o.Reason).HasMaxLength(ReasonRow.MaxCode);
        table.Property(o => o.Entry).HasMaxLength(Core.Offers.OfferEntry.MaxCode);
        table.HasOne<ReasonRow>().WithMany().HasForeignKey(o => o.Reason).OnDelete(DeleteBehavior.Restrict);
    }
}
