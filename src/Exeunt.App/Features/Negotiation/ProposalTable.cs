using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Negotiation;

/// <summary>A numbered proposal for an ending by agreement, as it was made; it never changes.</summary>
public sealed class Proposal
{
    public required Guid Id { get; init; }
    public required Guid CaseId { get; init; }

    /// <summary>1, 2, … in the case.</summary>
    public required int Number { get; init; }
    public required bool ByCustomer { get; init; }
    public required string By { get; init; }
    public required DateTimeOffset At { get; init; }
    public required DateOnly EndsOn { get; init; }

    /// <summary>Minor units of <see cref="Currency"/>.</summary>
    public required long Fee { get; init; }

    /// <summary>The policy's fee on that day, which the agreed one is compared with.</summary>
    public required long PolicyFee { get; init; }
    public required string Currency { get; init; }
    public int? Instalments { get; init; }

    /// <summary>What else is proposed: a personal text, and its hash.</summary>
    public Guid? TextId { get; init; }
    public string? WordsSha256 { get; init; }
    public required string Digest { get; init; }

    /// <summary>Who confirmed it for the other side.</summary>
    public string? ConfirmedBy { get; set; }
    public DateTimeOffset? ConfirmedAt { get; set; }
    public Guid? AgreementId { get; set; }

    public AgreedTerms Terms => new(EndsOn, new(Fee, Currency), Instalments, WordsSha256);

    public Money GivenUp => new(PolicyFee - Fee, Currency);
}

internal sealed class ProposalTable : IEntityTypeConfiguration<Proposal>
{
    public void Configure(EntityTypeBuilder<Proposal> table)
    {
        table.ToTable("proposals", t => t.HasCheckConstraint("agreement_has_two_sides", "confirmed_by IS NULL OR confirmed_by <> \"by\""));
        table.HasKey(p => p.Id);
        table.Ignore(p => p.Terms);
        table.Ignore(p => p.GivenUp);
        table.Property(p => p.By).HasMaxLength(80);
        table.Property(p => p.ConfirmedBy).HasMaxLength(80);
        table.Property(p => p.Currency).HasMaxLength(3);
        table.Property(p => p.Digest).HasMaxLength(64);
        table.Property(p => p.WordsSha256).HasMaxLength(64);
        table.HasIndex(p => new { p.CaseId, p.Number }).IsUnique();
    }
}
