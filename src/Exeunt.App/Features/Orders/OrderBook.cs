using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Orders;

/// <summary>Orders with their lines and payments.</summary>
public sealed class OrderBook(AppDb db, Vault vault, NumberTokens numbers)
{
    public byte[] TokenOf(string number) => numbers.OfOrder(number);

    /// <summary>An order to change; null when there is none.</summary>
    public Task<Order?> Find(Guid id, CancellationToken ct) => db.Orders.Include(o => o.Lines).Include(o => o.Payments).AsSplitQuery().SingleOrDefaultAsync(o => o.Id == id, ct);

    public Task<Order?> FindByNumber(string number, CancellationToken ct)
    {
        var token = TokenOf(number);
        return db.Orders.Include(o => o.Lines).Include(o => o.Payments).AsSplitQuery().SingleOrDefaultAsync(o => o.NumberToken == token, ct);
    }

    /// <summary>The order's own number; null once erased.</summary>
    public Task<string?> NumberOf(Order order, CancellationToken ct) => vault.Open<string>(order.CustomerId, DataClass.Case, OrderTable.NumberPlace, order.Row, order.Number, ct);

    /// <summary>
    /// The order and customer that an order number and a contact on file belong to; both must fit. Does the same work whether or not there is one.
    /// </summary>
    public async Task<(Order Order, CustomerMatch.Person Who)?> Match(string number, string contact, CancellationToken ct)
    {
        var order = await FindByNumber(number, ct);
        var customer = order is null ? null : await db.Customers.AsNoTracking().SingleOrDefaultAsync(c => c.Id == order.CustomerId, ct);
        var onFile = customer is null ? null : await vault.Open<CustomerContact>(customer.Id, DataClass.Contact, CustomerTable.ContactPlace, customer.Row, customer.Contact, ct);
        return onFile is not null && CustomerMatch.Fits(onFile, contact) ? (order!, new CustomerMatch.Person(customer!, onFile)) : null;
    }
}
