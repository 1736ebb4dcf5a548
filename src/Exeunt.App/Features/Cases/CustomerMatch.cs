using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>What an applicant typed. Sealed; the receipt shows only this.</summary>
/// <param name="Contact">A mail address or phone number.</param>
public sealed record Typed(
    string ContractNumber, string Name, string Contact, DateOnly? EndsOn = null, string? Reason = null, string? Words = null)
{
    /// <summary>Declared for good cause, which <see cref="Words"/> names.</summary>
    public bool GoodCause { get; init; }

    /// <summary>Answers to a legal page's own questions, by their names.</summary>
    public Dictionary<string, string>? More { get; init; }
}

/// <summary>
/// Finds the contract and customer that what was typed belongs to: the contract's number and a contact on file must both fit.
/// Does the same work whether or not there is one.
/// </summary>
public sealed class CustomerMatch(AppDb db, Vault vault, NumberTokens numbers)
{
    /// <summary>A customer whose contact on file was typed, or who has a case.</summary>
    public record Person(Customer Customer, CustomerContact Contact);

    public sealed record Found(Contract Contract, Customer Customer, CustomerContact Contact) : Person(Customer, Contact);

    public async Task<Found?> Find(Typed typed, CancellationToken ct)
    {
        var token = numbers.OfContract(typed.ContractNumber);
        var contract = await db.Contracts.AsNoTracking().SingleOrDefaultAsync(c => c.NumberToken == token, ct);
        var customer = contract is null ? null : await db.Customers.AsNoTracking().SingleOrDefaultAsync(c => c.Id == contract.CustomerId, ct);
        var contact = customer is null
            ? null
            : await vault.Open<CustomerContact>(customer.Id, DataClass.Contact, CustomerTable.ContactPlace, customer.Row, customer.Contact, ct);
        return contact is not null && Fits(contact, typed.Contact) ? new Found(contract!, customer!, contact) : null;
    }

    /// <summary>Customer and contact on file of a case that has a customer; null for any other.</summary>
    public async Task<Person?> OfCase(Guid caseId, CancellationToken ct)
    {
        if (await db.Cases.AsNoTracking().Where(c => c.Id == caseId).Select(c => c.CustomerId).SingleOrDefaultAsync(ct) is not { } customerId)
            return null;
        var customer = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == customerId, ct);
        return await vault.Open<CustomerContact>(customer.Id, DataClass.Contact, CustomerTable.ContactPlace, customer.Row, customer.Contact, ct) is { } contact ? new Person(customer, contact) : null;
    }

    /// <summary>A contract with its customer and the contact on file; null once the contact is erased.</summary>
    public async Task<Found?> OfContract(long contractId, CancellationToken ct)
    {
        var contract = await db.Contracts.AsNoTracking().SingleAsync(c => c.Id == contractId, ct);
        var customer = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == contract.CustomerId, ct);
        return await vault.Open<CustomerContact>(customer.Id, DataClass.Contact, CustomerTable.ContactPlace, customer.Row, customer.Contact, ct) is { } contact ? new Found(contract, customer, contact) : null;
    }

    internal static bool Fits(CustomerContact contact, string typed) =>
        Spelling.IsMail(typed)
            ? contact.Mail is { } mail && Spelling.Mail(mail) == Spelling.Mail(typed)
            : contact.Phone is { } phone && Spelling.Phone(phone) is { Length: >= 6 } digits && digits == Spelling.Phone(typed);
}
