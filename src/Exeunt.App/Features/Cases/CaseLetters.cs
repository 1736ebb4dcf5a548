using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Mail;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>Mails to the customer of a case, to the contact on file, in the case's language.</summary>
public sealed class CaseLetters(AppDb db, Vault vault, Post post)
{
    /// <summary>Stages the mail with the texts "KEY.subject" and "KEY.body". Nothing is sent when the contact is erased.</summary>
    public Task Mail(ExitCase exit, Call call, string key, object[] arguments, IReadOnlyList<Guid> attachments, CancellationToken ct) =>
        Mail(exit, call, Texts.In(exit.Language)[key + ".subject", arguments], Texts.In(exit.Language)[key + ".body", arguments], attachments, ct);

    /// <summary>Stages a mail with these words, in the case's language. Nothing is sent when the contact is erased.</summary>
    public async Task Mail(ExitCase exit, Call call, string subject, string body, IReadOnlyList<Guid> attachments, CancellationToken ct)
    {
        var customer = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == exit.CustomerId, ct);
        var contact = await vault.Open<CustomerContact>(customer.Id, DataClass.Contact, CustomerTable.ContactPlace, customer.Row, customer.Contact, ct);
        if (contact?.Mail is not { } address)
            return;
        await post.Stage(call, exit.Id, customer.Id, DataClass.Contact, new MailContent(address, subject, body, attachments), ct);
    }

    /// <summary>Whether there is a mail address to serve something to.</summary>
    public async Task<bool> CanReach(ExitCase exit, CancellationToken ct)
    {
        var customer = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == exit.CustomerId, ct);
        return (await vault.Open<CustomerContact>(customer.Id, DataClass.Contact, CustomerTable.ContactPlace, customer.Row, customer.Contact, ct))?.Mail is not null;
    }

    /// <summary>The customer's name for letters, in one line; null once erased.</summary>
    public async Task<string?> NameOf(long customerId, CancellationToken ct) => await StoredName(customerId, ct) is { } name ? OneLine.Of(name) : null;

    private async Task<string?> StoredName(long customerId, CancellationToken ct)
    {
        var customer = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == customerId, ct);
        if (customer.OrganisationName is { } organisation)
            return organisation;
        return (await vault.Open<CustomerIdentity>(customer.Id, DataClass.Case, CustomerTable.IdentityPlace, customer.Row, customer.Identity, ct))?.Name;
    }
}
