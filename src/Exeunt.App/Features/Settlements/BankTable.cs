using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Settlements;

public enum BankFileState
{
    /// <summary>Lines may still be resolved.</summary>
    Open,

    /// <summary>Every line is accounted for; nothing of it changes any more.</summary>
    Closed,
}

/// <summary>One bank statement that was read, and its reconciliation.</summary>
public sealed class BankFile
{
    public required Guid Id { get; init; }

    /// <summary>SHA-256 of the file's bytes, hex: the same file is read once.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The days of its lines and the beginning of its hash. What the file was called is not kept: it may name a customer or an account.</summary>
    public required string Name { get; init; }
    public required string ReadBy { get; init; }
    public required DateTimeOffset ReadAt { get; init; }

    /// <summary>Lines in the file, those known from another file included.</summary>
    public required int Lines { get; set; }

    /// <summary>Lines that another file brought before.</summary>
    public required int Known { get; init; }
    public BankFileState State { get; set; }
    public string? ClosedBy { get; set; }
    public DateTimeOffset? ClosedAt { get; set; }
    public int Version { get; set; }
}

/// <summary>What became of a line of a bank file.</summary>
public enum BankLineState
{
    /// <summary>It fits no order; a person must say what it is.</summary>
    Open,

    /// <summary>Found by its reference.</summary>
    Matched,

    /// <summary>Assigned by a person.</summary>
    Assigned,

    /// <summary>It belongs to nothing of ours, for a reason; the money is in suspense.</summary>
    SetAside,
}

/// <summary>Why a line is set aside.</summary>
public enum SetAsideReason
{
    /// <summary>It is no business of these cases (interest, fees, another department's money).</summary>
    NotOurs,

    /// <summary>It goes back to whoever sent it.</summary>
    ToReturn,

    /// <summary>The bank booked the same payment twice.</summary>
    Duplicate,

    /// <summary>Nobody knows yet who paid.</summary>
    UnknownPayer,
}

/// <summary>A line of a bank file. The same line of the same day is stored once.</summary>
public sealed class BankLine
{
    /// <summary>Where the words are sealed; they are the company's own papers, not a customer's.</summary>
    public const string Place = "bank_lines.words";
    public const long WordsSubject = 0;

    /// <summary>Keyed token of the line and its ordinal among equal lines (<see cref="Customers.NumberTokens.OfBankLine"/>); in rows of earlier versions the digest itself.</summary>
    public required byte[] Key { get; init; }
    public required Guid FileId { get; init; }

    /// <summary>Line of the file, the first line being 1.</summary>
    public required int Number { get; init; }
    public required DateOnly BookedOn { get; init; }

    /// <summary>Minor units; positive = money in, negative = money out.</summary>
    public required long Amount { get; init; }
    public required string Currency { get; init; }

    /// <summary>The order's reference found in the line's text; the text itself (it may hold names) is not kept.</summary>
    public string? Reference { get; init; }
    public BankLineState State { get; set; }

    /// <summary>Why it did not match by itself: "no-reference", "unknown-reference", "wrong-currency", "wrong-direction", "too-much".</summary>
    public string? Why { get; init; }
    public Guid? OrderId { get; set; }
    public SetAsideReason? Reason { get; set; }

    /// <summary>Sealed words of whoever set it aside.</summary>
    public byte[]? Words { get; set; }
    public string? ResolvedBy { get; set; }
    public DateTimeOffset? ResolvedAt { get; set; }
    public required DateTimeOffset ImportedAt { get; init; }
    public int Version { get; set; }

    public string Row => Convert.ToHexStringLower(Key);

    /// <summary>What the audit log calls it.</summary>
    public string Target => $"bank-line:{FileId:N}/{Number}";

    public Money Value => new(Amount, Currency);
}

/// <summary>What one bank line paid of one order, in the legal order; what exceeds everything is the customer's credit.</summary>
public sealed class AllocationRow
{
    public required Guid Id { get; init; }
    public required byte[] LineKey { get; init; }
    public required Guid OrderId { get; init; }
    public required Guid CaseId { get; init; }
    public required DateOnly BookedOn { get; init; }
    public required string Currency { get; init; }

    /// <summary>Minor units, 0 or more, like the next three. A refund that was paid is principal.</summary>
    public required long Cost { get; init; }
    public required long Interest { get; init; }
    public required long Principal { get; init; }
    public required long Unapplied { get; init; }

    /// <summary>The entry in the ledger.</summary>
    public required Guid EntryId { get; init; }
    public required string By { get; init; }
    public required DateTimeOffset At { get; init; }

    public long Paid => Cost + Interest + Principal + Unapplied;
}

internal sealed class BankTable : IEntityTypeConfiguration<BankFile>, IEntityTypeConfiguration<BankLine>, IEntityTypeConfiguration<AllocationRow>
{
    public void Configure(EntityTypeBuilder<BankFile> table)
    {
        table.ToTable("bank_files");
        table.HasKey(f => f.Id);
        table.Property(f => f.Sha256).HasMaxLength(64);
        table.Property(f => f.Name).HasMaxLength(120);
        table.Property(f => f.ReadBy).HasMaxLength(80);
        table.Property(f => f.ClosedBy).HasMaxLength(80);
        table.Property(f => f.Version).IsConcurrencyToken();
        table.HasIndex(f => f.Sha256).IsUnique();
        table.HasIndex(f => f.State);
    }

    public void Configure(EntityTypeBuilder<BankLine> table)
    {
        table.ToTable("bank_lines");
        table.HasKey(l => l.Key);
        table.Ignore(l => l.Row).Ignore(l => l.Target).Ignore(l => l.Value);
        table.Property(l => l.Currency).HasMaxLength(3);
        table.Property(l => l.Reference).HasMaxLength(20);
        table.Property(l => l.Why).HasMaxLength(20);
        table.Property(l => l.ResolvedBy).HasMaxLength(80);
        table.Property(l => l.Version).IsConcurrencyToken();
        table.HasIndex(l => l.OrderId);
        table.HasIndex(l => l.Reference);
        // Lines read before there were files belong to none, and wait in no reconciliation.
        table.Property(l => l.State).HasDefaultValue(BankLineState.Open);
        table.HasIndex(l => new { l.FileId, l.Number });
        table.HasIndex(l => new { l.State, l.FileId });
    }

    public void Configure(EntityTypeBuilder<AllocationRow> table)
    {
        table.ToTable("payment_allocations");
        table.HasKey(a => a.Id);
        table.Ignore(a => a.Paid);
        table.Property(a => a.Currency).HasMaxLength(3);
        table.Property(a => a.By).HasMaxLength(80);
        table.HasIndex(a => a.CaseId);
        // A line pays an order once.
        table.HasIndex(a => new { a.LineKey, a.OrderId }).IsUnique();
    }
}
