using Exeunt.Core;
using Exeunt.Core.Contracts;
using Exeunt.Core.Offers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Contracts;

/// <summary>
/// What an accepted offer changed of a contract, with the figures before and after. The contract's own row stays as it was signed; its
/// terms are read together with these.
/// </summary>
public sealed class ContractAmendment
{
    public required Guid Id { get; init; }
    public required long ContractId { get; init; }
    public required Guid CaseId { get; init; }
    public required Guid OfferId { get; init; }

    /// <summary>Its place among the contract's amendments, 1 upwards.</summary>
    public required int Number { get; init; }
    public required OfferKind Kind { get; init; }

    /// <summary>First day it holds, and the day after the last one; null: to the end.</summary>
    public required DateOnly From { get; init; }
    public DateOnly? Until { get; init; }
    public required string Currency { get; init; }

    /// <summary>Another fee a month; null: the fee stays. Minor units, like the amounts below.</summary>
    public long? MonthlyFee { get; init; }

    /// <summary>Taken off the fee each month.</summary>
    public long? Off { get; init; }
    public bool Free { get; init; }
    public int AddedMonths { get; init; }

    /// <summary>Whether the discount goes back when the contract is left early.</summary>
    public bool TakenBack { get; init; }
    public long FeeBefore { get; init; }
    public long FeeAfter { get; init; }
    public DateOnly TermEndBefore { get; init; }
    public DateOnly TermEndAfter { get; init; }

    /// <summary>When overdue amounts were due and are now; null where that does not change.</summary>
    public DateOnly? DueBefore { get; init; }
    public DateOnly? DueAfter { get; init; }

    /// <summary>Paid to the customer; null: nothing.</summary>
    public long? Paid { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>As the contract's terms take it; null when neither fee nor term changes.</summary>
    public TermAmendment? Terms =>
        MonthlyFee is null && Off is null && !Free && AddedMonths == 0 ? null
        : new TermAmendment(From, Until)
        {
            MonthlyFee = MonthlyFee is { } fee ? new Money(fee, Currency) : null, Off = Off is { } off ? new Money(off, Currency) : null, Free = Free, AddedMonths = AddedMonths, TakenBack = TakenBack,
        };
}

internal sealed class AmendmentTable : IEntityTypeConfiguration<ContractAmendment>
{
    public void Configure(EntityTypeBuilder<ContractAmendment> table)
    {
        table.ToTable("contract_amendments");
        table.HasKey(a => a.Id);
        table.Ignore(a => a.Terms);
        table.Property(a => a.Currency).HasMaxLength(3);
        // One offer amends once, and two writers cannot both be next.
        table.HasIndex(a => a.OfferId).IsUnique();
        table.HasIndex(a => new { a.ContractId, a.Number }).IsUnique();
        table.HasOne<Contract>().WithMany(c => c.Amendments).HasForeignKey(a => a.ContractId).OnDelete(DeleteBehavior.Restrict);
    }
}
