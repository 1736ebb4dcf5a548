using Exeunt.Core.Policies;

namespace Exeunt.Core.Returns;

/// <summary>What was sold; the law excepts some of it from a return without reason.</summary>
public enum GoodsKind
{
    Goods,
    Service,

    /// <summary>Digital content, or a sealed carrier of it; excepted once <see cref="SoldLine.Opened"/>.</summary>
    Digital,
    CustomMade,
    Perishable,
    Newspaper,
}

/// <summary>Why something comes back.</summary>
public enum ReturnReason
{
    NoReason,
    Defective,

    /// <summary>Broken on the way to the customer.</summary>
    DamagedOnTheWay,
    WrongItem,
    NotAsDescribed,
}

/// <summary>What the customer wants.</summary>
public enum ReturnWish
{
    /// <summary>Not be sent what is not sent yet.</summary>
    Cancel,

    /// <summary>Send back for money.</summary>
    Refund,

    /// <summary>Send back for another article.</summary>
    Exchange,

    /// <summary>Money, and keep the goods.</summary>
    RefundOnly,
}

public enum FreightPayer
{
    Customer,
    Company,
}

/// <summary>A line of an order as it was sold.</summary>
/// <param name="Number">1, 2, …</param>
/// <param name="Quantity">Pieces, 1 or more.</param>
/// <param name="Paid">What was paid for all of them, tax included, after the line's share of discounts.</param>
/// <param name="Freight">The line's share of the outward freight that may come back (the standard one).</param>
/// <param name="Opened">Digital content was opened, or its seal broken.</param>
/// <param name="ConfirmedUnsuitable">At the purchase the customer confirmed that this cannot be returned without reason.</param>
public sealed record SoldLine(
    int Number, GoodsKind Kind, int Quantity, Money Paid, Money Freight, Rate TaxRate, DateOnly? ShippedOn, DateOnly? DeliveredOn, bool Opened = false, bool ConfirmedUnsuitable = false);

/// <summary>An order as far as rights depend on it.</summary>
/// <param name="Distance">Sold at a distance: online, by phone, by post.</param>
/// <param name="InformedOn">When the customer was told of the right to withdraw; null: never.</param>
/// <param name="FreeReturns">The company agreed to pay the freight of returns.</param>
public sealed record Sale(string Jurisdiction, Party Party, bool Distance, DateOnly ConcludedOn, DateOnly? InformedOn, bool FreeReturns, IReadOnlyList<SoldLine> Lines);
