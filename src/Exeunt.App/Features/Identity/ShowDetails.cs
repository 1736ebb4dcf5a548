using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Identity;

/// <summary>The customer's contact and account on file, masked, and the changes that wait.</summary>
public sealed class ShowDetails(AppDb db, CaseDesk desk, Vault vault) : UseCase<ShowDetails.Request, ShowDetails.View>(db)
{
    public sealed record Request(Guid CaseId);

    /// <param name="Account">Last four characters; null: refunds go to the original means.</param>
    public sealed record View(string Number, string Zone, int Level, string? Mail, string? Phone, string? Account, IReadOnlyList<PendingDetails> Waiting);

    public override Permission Needs => Permission.CustomerOfCase;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (call.Actor.IsOfAnotherCase(request.CaseId) || await desk.Look(request.CaseId, call, ct) is not { CustomerId: { } customerId, IsClosed: false } exit)
            return CommonRefusals.NotFound;
        var customer = await Db.Customers.AsNoTracking().SingleAsync(c => c.Id == customerId, ct);
        var contact = await vault.Open<CustomerContact>(customer.Id, DataClass.Contact, CustomerTable.ContactPlace, customer.Row, customer.Contact, ct);
        var account = await vault.Open<PayoutAccount>(customer.Id, DataClass.Payout, CustomerTable.PayoutPlace, customer.Row, customer.Payout, ct);
        var waiting = await Db.Set<PendingDetails>().AsNoTracking().Where(d => d.CaseId == exit.Id && d.State == DetailState.Waiting).OrderBy(d => d.At).ToListAsync(ct);
        return new View(exit.Number, exit.Zone!, exit.IdentityLevel, contact?.Mail is { } mail ? Mask.Mail(mail) : null, contact?.Phone is { } phone ? Mask.Phone(phone) : null,
            account is null ? null : "····" + account.Account[^Math.Min(4, account.Account.Length)..], waiting);
    }
}
