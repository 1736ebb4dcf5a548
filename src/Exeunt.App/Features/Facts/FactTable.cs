using System.Buffers.Binary;
using System.Security.Cryptography;
using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core.Activity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Facts;

/// <summary>
/// Something that happened with a customer, as its source told it. Its key starts with the customer, then the document
/// (source and number), then the line (its content and its ordinal among equal lines of the file or request): the same file
/// twice changes nothing, and equal lines that are real all count.
/// </summary>
public sealed class FactRow
{
    public required long CustomerId { get; init; }

    /// <summary>Keyed hash of source and document number; 0 when the source has no numbers and every row is a document.</summary>
    public required long Document { get; init; }

    /// <summary>Keyed hash of what the line says and its ordinal among equal lines.</summary>
    public required long Line { get; init; }
    public required FactKind Kind { get; init; }

    /// <summary>Civil date in the source.</summary>
    public required DateOnly On { get; init; }

    /// <summary>What the kind says (see <see cref="Fact"/>); of trade, net minor units of the customer's currency, negative for a return.</summary>
    public required long Amount { get; init; }

    /// <summary>What the kind says (see <see cref="Fact"/>); null: none, or not known.</summary>
    public long? Detail { get; set; }

    /// <summary>Number of the <see cref="Facts.ProductLine"/>; 0: none.</summary>
    public int ProductLine { get; init; }
}

/// <summary>The customer's months, packed (see Core Activity); rebuilt from the facts by <c>months rebuild</c>.</summary>
public sealed class ActivityRow
{
    public required long CustomerId { get; init; }
    public int Version { get; set; }
    public required byte[] Months { get; set; }
}

/// <summary>The same of the customer's trade in one product line.</summary>
public sealed class ActivityLineRow
{
    public required long CustomerId { get; init; }
    public required int ProductLine { get; init; }
    public int Version { get; set; }
    public required byte[] Months { get; set; }
}

/// <summary>A group of products, by the code that sources use for it.</summary>
public sealed class ProductLine
{
    public const int MaxCode = 60;
    public required int Id { get; init; }
    public required string Code { get; init; }
}

/// <summary>
/// A document whose facts were replaced or cancelled by its number. What its source tells of it in the ordinary way, late or again,
/// does not come back.
/// </summary>
public sealed class FactCorrection
{
    public required long CustomerId { get; init; }

    /// <summary>The document's hash, as in <see cref="FactRow"/>.</summary>
    public required long Document { get; init; }

    /// <summary>When it was corrected last.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>How many facts corrections took away, all together, and the sum of their amounts.</summary>
    public int Removed { get; set; }
    public long RemovedAmount { get; set; }
    public int Version { get; set; }
}

/// <summary>
/// The hashes in a fact's key, keyed with a secret of the installation, so that a fact that outlives its customer does not
/// lead back through the source's document numbers.
/// </summary>
public sealed class FactKeys(byte[] secret)
{
    private readonly SipHash _hash = new(HMACSHA256.HashData(secret, "facts"u8));

    /// <summary>The document's hash; 0 for an empty number.</summary>
    public long Document(string source, ReadOnlySpan<char> number)
    {
        if (number.IsEmpty)
            return 0;
        Span<char> text = stackalloc char[256];
        var length = source.Length + 1 + number.Length;
        if (length > text.Length)
            text = new char[length];
        source.CopyTo(text);
        text[source.Length] = '\u001F';
        number.CopyTo(text[(source.Length + 1)..]);
        return unchecked((long)Math.Max(1, _hash.Of(text[..length])));
    }

    /// <summary>The document's hash under what tells its kind's numbers apart: orders, returns and adjustments share theirs.</summary>
    public long Document(FactKind kind, string source, ReadOnlySpan<char> number) =>
        Document(kind <= FactKind.Other ? source : $"{source}\u001F{kind.ToString().ToLowerInvariant()}", number);

    /// <summary>
    /// What a line says, before its ordinal is known, whatever way it comes: customer, document, day, kind, amount in minor units, product
    /// line, and the detail where it is no matter of knowing more later (<see cref="Fact.TellsApart"/>). A row holds all of it.
    /// </summary>
    public ulong Content(in BulkFact fact)
    {
        var detail = Fact.TellsApart(fact.Kind) ? fact.Detail : null;
        Span<byte> bytes = stackalloc byte[8 + 8 + 8 + 8 + 4 + 4 + 4 + 4];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, fact.Customer);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], fact.Document);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], fact.Amount);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[24..], detail ?? 0);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[32..], fact.Day);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[36..], (int)fact.Kind);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[40..], fact.ProductLine);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[44..], detail is null ? 0 : 1);
        return _hash.Of(bytes);
    }

    /// <summary>
    /// The lines of one customer that have another key than the same lines would get today, with that key. Lines of equal content keep the
    /// keys that fit and share the others.
    /// </summary>
    public List<(BulkFact Fact, long Line)> Renewals(IEnumerable<BulkFact> ofCustomer)
    {
        var renewals = new List<(BulkFact, long)>();
        foreach (var equal in ofCustomer.GroupBy(f => Content(f)))
        {
            var free = Enumerable.Range(0, equal.Count()).Select(n => Line(equal.Key, n)).ToHashSet();
            var others = equal.Where(f => !free.Remove(f.Line)).OrderBy(f => f.Line).ToList();
            renewals.AddRange(others.Zip(free));
        }
        return renewals;
    }

    /// <summary>The line's hash: the content and its ordinal (0, 1, …) among equal lines of the file or request.</summary>
    public long Line(ulong content, int ordinal)
    {
        if (ordinal == 0)
            return unchecked((long)content);
        Span<byte> bytes = stackalloc byte[12];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, content);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], ordinal);
        return unchecked((long)_hash.Of(bytes));
    }
}

internal sealed class FactTable
    : IEntityTypeConfiguration<FactRow>, IEntityTypeConfiguration<ActivityRow>, IEntityTypeConfiguration<ActivityLineRow>, IEntityTypeConfiguration<ProductLine>,
        IEntityTypeConfiguration<FactCorrection>
{
    public void Configure(EntityTypeBuilder<FactRow> table)
    {
        table.ToTable("facts");
        table.HasKey(f => new { f.CustomerId, f.Document, f.Line });
        table.Property(f => f.CustomerId).ValueGeneratedNever();
        // The largest table by far: kind and day are small numbers here, not texts.
        table.Property(f => f.Kind).HasConversion<short>();
        table.Property(f => f.On).HasConversion(on => on.DayNumber, day => DateOnly.FromDayNumber(day));
    }

    public void Configure(EntityTypeBuilder<ActivityRow> table)
    {
        table.ToTable("activity");
        table.HasKey(a => a.CustomerId);
        table.Property(a => a.CustomerId).ValueGeneratedNever();
        table.Property(a => a.Version).IsConcurrencyToken();
    }

    public void Configure(EntityTypeBuilder<ActivityLineRow> table)
    {
        table.ToTable("activity_lines");
        table.HasKey(a => new { a.CustomerId, a.ProductLine });
        table.Property(a => a.Version).IsConcurrencyToken();
    }

    public void Configure(EntityTypeBuilder<ProductLine> table)
    {
        table.ToTable("product_lines");
        table.HasKey(l => l.Id);
        table.Property(l => l.Id).ValueGeneratedNever();
        table.Property(l => l.Code).HasMaxLength(ProductLine.MaxCode);
        table.HasIndex(l => l.Code).IsUnique();
    }

    public void Configure(EntityTypeBuilder<FactCorrection> table)
    {
        table.ToTable("fact_corrections");
        table.HasKey(c => new { c.CustomerId, c.Document });
        table.Property(c => c.Version).IsConcurrencyToken();
    }
}
