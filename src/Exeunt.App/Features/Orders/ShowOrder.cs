using Exeunt.App.Data;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Returns;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Orders;

/// <summary>An order of a customer for staff: lines, payments (without their references), what came back.</summary>
public sealed class ShowOrder(AppDb db, OrderBook book, Locks locks) : UseCase<ShowOrder.Request, ShowOrder.View>(db)
{
    public sealed record Request(Guid OrderId);

    public sealed record View(
        Guid Id, long CustomerId, string? Number, string Currency, DateOnly OrderedOn, string Zone, string Jurisdiction, bool Distance, DateOnly? InformedOn, bool FreeReturns,
        Money Discount, Money Freight, string Location, string? InvoiceNumber, IReadOnlyList<LineView> Lines, IReadOnlyList<PaymentView> Payments);

    public sealed record LineView(
        int Number, string Product, Words Name, GoodsKind Kind, int Quantity, Money UnitPrice, Money Paid, string TaxRate, DateOnly? ShippedOn, DateOnly? DeliveredOn, int Claimed, int Refunded, int? ExchangedFor);

    public sealed record PaymentView(int Number, PaymentMeans Means, Money Amount, DateOnly? PaidOn, Money Refunded);

    public override Permission Needs => Permission.ViewCustomers;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await book.Find(request.OrderId, ct) is not { } order || !await OfMine(Db, order.CustomerId, call, Needs, ct))
            return CommonRefusals.NotFound;
        if (await locks.Of(order.CustomerId, ct) is { } locked)
            return locked.Refusal;
        Money Of(long minor) => new(minor, order.Currency);
        var view = new View(
            order.Id, order.CustomerId, await book.NumberOf(order, ct), order.Currency, order.OrderedOn, order.Zone, order.Jurisdiction, order.Distance, order.InformedOn, order.FreeReturns,
            Of(order.Discount), Of(order.Freight), order.Location, order.InvoiceNumber,
            [.. order.Lines.OrderBy(l => l.Number).Select(l => new LineView(l.Number, l.Product, l.Name, l.Kind, l.Quantity, Of(l.UnitPrice), Of(l.Paid), l.TaxRate, l.ShippedOn, l.DeliveredOn, l.Claimed, l.Refunded, l.ExchangedFor))],
            [.. order.Payments.OrderBy(p => p.Number).Select(p => new PaymentView(p.Number, p.Means, Of(p.Amount), p.PaidOn, Of(p.Refunded)))]);
        Db.Audit(call, "order.viewed", $"order:{order.Id:N}");
        // A read keeps no answer under an idempotency key: it holds personal data.
        await Db.SaveChangesAsync(ct);
        return view;
    }

    /// <summary>Whether the caller holds the permission for the customer's unit.</summary>
    internal static async Task<bool> OfMine(AppDb db, long customerId, Call call, Permission permission, CancellationToken ct) =>
        await db.Customers.AsNoTracking().Where(c => c.Id == customerId).Join(db.Units, c => c.UnitId, u => u.Id, (_, u) => u.Path).SingleOrDefaultAsync(ct) is { } unit
        && call.Actor.Allows(permission, unit);
}

/// <summary>The orders of a customer, newest first, at most a hundred.</summary>
public sealed class ListOrders(AppDb db, OrderBook book, Locks locks) : UseCase<ListOrders.Request, IReadOnlyList<ListOrders.Row>>(db)
{
    public sealed record Request(long CustomerId);

    /// <param name="Total">What was to be paid: lines after discounts, and freight.</param>
    public sealed record Row(Guid Id, string? Number, DateOnly OrderedOn, Money Total, IReadOnlyList<LineRow> Lines);

    /// <param name="Left">Pieces that can still come back.</param>
    public sealed record LineRow(int Number, Words Name, int Quantity, int Left, bool Shipped, DateOnly? DeliveredOn);

    public override Permission Needs => Permission.ViewCustomers;

    protected override async Task<Outcome<IReadOnlyList<Row>>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (!await ShowOrder.OfMine(Db, request.CustomerId, call, Needs, ct))
            return CommonRefusals.NotFound;
        if (await locks.Of(request.CustomerId, ct) is { } locked)
            return locked.Refusal;
        var orders = await Db.Orders.AsNoTracking().Include(o => o.Lines).Where(o => o.CustomerId == request.CustomerId).OrderByDescending(o => o.OrderedOn).ThenByDescending(o => o.Id).Take(100).ToListAsync(ct);
        var rows = new List<Row>();
        foreach (var order in orders)
            rows.Add(new Row(order.Id, await book.NumberOf(order, ct), order.OrderedOn, new Money(order.Lines.Sum(l => l.Paid) + order.Freight, order.Currency),
                [.. order.Lines.OrderBy(l => l.Number).Select(l => new LineRow(l.Number, l.Name, l.Quantity, l.Quantity - l.Claimed, l.ShippedOn is not null, l.DeliveredOn))]));
        return rows;
    }
}
