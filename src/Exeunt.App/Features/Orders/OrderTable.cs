using Exeunt.Core;
using Exeunt.Core.Policies;
using Exeunt.Core.Returns;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Orders;

/// <summary>An order of a customer: what was sold in clear, its number sealed (class Case).</summary>
public sealed class Order
{
    public required Guid Id { get; init; }
    public required long CustomerId { get; init; }

    /// <summary>Keyed token of the order number ("order|number"); null once erased.</summary>
    public byte[]? NumberToken { get; set; }

    /// <summary>Sealed order number (class Case, place "orders.number").</summary>
    public byte[]? Number { get; set; }
    public required string Currency { get; init; }

    /// <summary>Civil date in <see cref="Zone"/> on which it was concluded.</summary>
    public required DateOnly OrderedOn { get; init; }

    /// <summary>IANA zone in which its dates are meant.</summary>
    public required string Zone { get; init; }

    /// <summary>Place whose law holds: "CN", "DE"…</summary>
    public required string Jurisdiction { get; init; }
    public Party Party { get; init; }

    /// <summary>Sold at a distance.</summary>
    public bool Distance { get; init; }

    /// <summary>When the customer was told of the right to withdraw; null: never.</summary>
    public DateOnly? InformedOn { get; set; }

    /// <summary>The company agreed to pay the freight of returns.</summary>
    public bool FreeReturns { get; init; }

    /// <summary>Discounts and vouchers of the whole order, minor units.</summary>
    public long Discount { get; init; }

    /// <summary>Outward freight that was paid, minor units, and what of it was the standard one; only that comes back.</summary>
    public long Freight { get; init; }
    public long StandardFreight { get; init; }

    /// <summary>Code of the stock location it is sent from and comes back to.</summary>
    public required string Location { get; init; }

    /// <summary>Number of its invoice; null: none yet.</summary>
    public string? InvoiceNumber { get; set; }

    /// <summary>Rises with every change of its lines and payments: two returns at once cannot both take the last piece.</summary>
    public int Version { get; set; }

    public List<OrderLine> Lines { get; } = [];
    public List<OrderPayment> Payments { get; } = [];

    public string Row => Id.ToString("N");

    /// <summary>As far as rights depend on it: what was ordered and is to be sent.</summary>
    public Sale Sale => new(Jurisdiction, Party, Distance, OrderedOn, InformedOn, FreeReturns, 
        [.. Lines.Where(l => l.ExchangedFor is null && !l.IsCancelled).OrderBy(l => l.Number).Select(l => l.Sold(Currency))]);
}

/// <summary>A line of an order. How much of it is under way back, and how much was refunded, stands in it and cannot exceed what was sold.</summary>
public sealed class OrderLine
{
    public required Guid OrderId { get; init; }

    /// <summary>1, 2, …</summary>
    public required int Number { get; init; }

    /// <summary>Code of the article.</summary>
    public required string Product { get; init; }
    public required string ProductChinese { get; init; }
    public required string ProductEnglish { get; init; }
    public GoodsKind Kind { get; init; }
    public required int Quantity { get; init; }

    /// <summary>List price of one, tax included, minor units.</summary>
    public required long UnitPrice { get; init; }

    /// <summary>What was paid for all pieces after the line's share of discounts; and its share of the standard freight; minor units.</summary>
    public required long Paid { get; init; }
    public required long FreightShare { get; init; }
    public required string TaxCode { get; init; }

    /// <summary>A decimal: "0.13".</summary>
    public required string TaxRate { get; init; }
    public DateOnly? ShippedOn { get; set; }
    public DateOnly? DeliveredOn { get; set; }

    /// <summary>Digital content was opened.</summary>
    public bool Opened { get; set; }

    /// <summary>The customer confirmed at the purchase that it cannot be returned without reason.</summary>
    public bool ConfirmedUnsuitable { get; init; }

    /// <summary>Pieces in open returns or given back for good: no other return can have them.</summary>
    public int Claimed { get; set; }

    /// <summary>Pieces that were refunded or exchanged; among <see cref="Claimed"/>.</summary>
    public int Refunded { get; set; }

    /// <summary>The line it was sent in exchange for; null: it was ordered.</summary>
    public int? ExchangedFor { get; init; }

    public Words Name => new(ProductEnglish, ProductChinese);

    /// <summary>All of it was given up before any of it was sent.</summary>
    public bool IsCancelled => ShippedOn is null && DeliveredOn is null && Claimed == Quantity;

    public SoldLine Sold(string currency) =>
        new(Number, Kind, Quantity, new Money(Paid, currency), new Money(FreightShare, currency), Rate.Parse(TaxRate), ShippedOn, DeliveredOn, Opened, ConfirmedUnsuitable);
}

public enum PaymentMeans
{
    Card,
    Transfer,
    Wallet,
    Cash,
}

/// <summary>A payment of an order; refunds go back on it, never more than came by it.</summary>
public sealed class OrderPayment
{
    public const string Place = "order_payments.reference";
    public required Guid OrderId { get; init; }

    /// <summary>1, 2, … in the order in which they were paid.</summary>
    public required int Number { get; init; }
    public PaymentMeans Means { get; init; }

    /// <summary>Sealed reference of the means: token of a card, account, wallet (class Payout); null: none known.</summary>
    public byte[]? Reference { get; set; }

    /// <summary>Minor units of the order's currency.</summary>
    public required long Amount { get; init; }

    /// <summary>When it was paid; null: still owed (the difference of an exchange).</summary>
    public DateOnly? PaidOn { get; set; }

    /// <summary>What of it was ordered back, minor units.</summary>
    public long Refunded { get; set; }

    /// <summary>Row name in associated data.</summary>
    public string Row => $"{OrderId:N}|{Number}";
}

/// <summary>An article that can be had in exchange.</summary>
public sealed class Product
{
    public required string Code { get; init; }
    public required string Chinese { get; set; }
    public required string English { get; set; }
    public GoodsKind Kind { get; set; }

    /// <summary>Price of one, tax included, minor units.</summary>
    public required long Price { get; set; }
    public required string Currency { get; set; }
    public required string TaxCode { get; set; }
    public required string TaxRate { get; set; }
    public int Version { get; set; }
}

/// <summary>In which part of the stock something lies.</summary>
public enum StockPart
{
    /// <summary>On the shelf, as new.</summary>
    Shelf,

    /// <summary>Opened or used: sold at a lower price.</summary>
    SecondHand,

    /// <summary>To be disposed of.</summary>
    Scrap,
}

/// <summary>A movement of stock; the level of an article is the sum of its movements.</summary>
public sealed class StockMove
{
    public required Guid Id { get; init; }
    public required string Location { get; init; }
    public required string Product { get; init; }
    public StockPart Part { get; init; }

    /// <summary>Pieces: + came in, - went out.</summary>
    public required int Quantity { get; init; }

    /// <summary>"returned", "not-sent", "exchanged".</summary>
    public required string Cause { get; init; }
    public required Guid CaseId { get; init; }
    public required Guid OrderId { get; init; }
    public required int Line { get; init; }
    public required DateTimeOffset At { get; init; }
}

internal sealed class OrderTable
    : IEntityTypeConfiguration<Order>, IEntityTypeConfiguration<OrderLine>, IEntityTypeConfiguration<OrderPayment>, IEntityTypeConfiguration<Product>, IEntityTypeConfiguration<StockMove>
{
    public const string NumberPlace = "orders.number";

    public void Configure(EntityTypeBuilder<Order> table)
    {
        table.ToTable("orders");
        table.HasKey(o => o.Id);
        table.Property(o => o.Id).ValueGeneratedNever();
        table.Ignore(o => o.Row).Ignore(o => o.Sale);
        table.Property(o => o.NumberToken).HasMaxLength(16);
        table.Property(o => o.Currency).HasMaxLength(3);
        table.Property(o => o.Zone).HasMaxLength(40);
        table.Property(o => o.Jurisdiction).HasMaxLength(10);
        table.Property(o => o.Location).HasMaxLength(40);
        table.Property(o => o.InvoiceNumber).HasMaxLength(60);
        table.Property(o => o.Version).IsConcurrencyToken();
        table.HasMany(o => o.Lines).WithOne().HasForeignKey(l => l.OrderId);
        table.HasMany(o => o.Payments).WithOne().HasForeignKey(p => p.OrderId);
        table.HasIndex(o => o.NumberToken).IsUnique();
        table.HasIndex(o => new { o.CustomerId, o.OrderedOn });
    }

    public void Configure(EntityTypeBuilder<OrderLine> table)
    {
        table.ToTable("order_lines", t =>
        {
            t.HasCheckConstraint("no_more_back_than_sold", "claimed >= 0 AND claimed <= quantity");
            t.HasCheckConstraint("no_more_refunded_than_back", "refunded >= 0 AND refunded <= claimed");
        });
        table.HasKey(l => new { l.OrderId, l.Number });
        table.Ignore(l => l.Name).Ignore(l => l.IsCancelled);
        table.Property(l => l.Product).HasMaxLength(60);
        table.Property(l => l.ProductChinese).HasMaxLength(200);
        table.Property(l => l.ProductEnglish).HasMaxLength(200);
        table.Property(l => l.TaxCode).HasMaxLength(20);
        table.Property(l => l.TaxRate).HasMaxLength(12);
    }

    public void Configure(EntityTypeBuilder<OrderPayment> table)
    {
        table.ToTable("order_payments", t => t.HasCheckConstraint("no_more_back_than_paid", "refunded >= 0 AND refunded <= amount"));
        table.HasKey(p => new { p.OrderId, p.Number });
        table.Ignore(p => p.Row);
    }

    public void Configure(EntityTypeBuilder<Product> table)
    {
        table.ToTable("products");
        table.HasKey(p => p.Code);
        table.Property(p => p.Code).HasMaxLength(60);
        table.Property(p => p.Chinese).HasMaxLength(200);
        table.Property(p => p.English).HasMaxLength(200);
        table.Property(p => p.Currency).HasMaxLength(3);
        table.Property(p => p.TaxCode).HasMaxLength(20);
        table.Property(p => p.TaxRate).HasMaxLength(12);
        table.Property(p => p.Version).IsConcurrencyToken();
    }

    public void Configure(EntityTypeBuilder<StockMove> table)
    {
        table.ToTable("stock_moves");
        table.HasKey(m => m.Id);
        table.Property(m => m.Location).HasMaxLength(40);
        table.Property(m => m.Product).HasMaxLength(60);
        table.Property(m => m.Cause).HasMaxLength(20);
        table.HasIndex(m => new { m.Product, m.Location });
        table.HasIndex(m => m.CaseId);
    }
}
