using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Identity;

/// <summary>
/// Effect "details.apply": nobody stopped the change while it was held, so it counts from now on; not while a person holds the case
/// (a check for fraud, say): then it is looked at again a day later.
/// </summary>
public sealed class ApplyDetails(AppDb db, Vault vault, DataRequests.Corrections corrections) : IEffect
{
    public sealed record Which(Guid Id);

    private static Effect Later(Guid id, Guid caseId, Call call) =>
        Effect.At(call.BusinessNow + HoldCase.LookAgain, "details.apply", $"details|{id:N}|{call.BusinessNow.ToUnixTimeMilliseconds()}", new Which(id), caseId);

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var id = effect.Read<Which>().Id;
        var pending = await db.Set<PendingDetails>().SingleAsync(d => d.Id == id, ct);
        if (pending.State != DetailState.Waiting)
            return EffectResult.Done;
        if (await db.Cases.AsNoTracking().SingleAsync(c => c.Id == pending.CaseId, ct) is { IsClosed: false } exit && HoldCase.IsByPerson(exit))
        {
            db.Enqueue(Later(id, pending.CaseId, call));
            return EffectResult.Done;
        }
        var customer = await db.Customers.SingleAsync(c => c.Id == pending.CustomerId, ct);
        if (pending.Kind == DetailKind.Payout)
        {
            if (await vault.Open<PayoutAccount>(customer.Id, DataClass.Payout, PendingDetails.Place, id.ToString("N"), pending.Data, ct) is { } account)
                customer.Payout = await vault.Seal(customer.Id, DataClass.Payout, CustomerTable.PayoutPlace, customer.Row, account, ct);
        }
        else if (await vault.Open<CustomerContact>(customer.Id, DataClass.Contact, PendingDetails.Place, id.ToString("N"), pending.Data, ct) is { } contact)
        {
            var old = await vault.Open<CustomerContact>(customer.Id, DataClass.Contact, CustomerTable.ContactPlace, customer.Row, customer.Contact, ct);
            // What was not given stays as it was.
            var now = new CustomerContact(contact.Mail ?? old?.Mail, contact.Phone ?? old?.Phone, old?.Address);
            customer.Contact = await vault.Seal(customer.Id, DataClass.Contact, CustomerTable.ContactPlace, customer.Row, now, ct);
            // The old mailbox does not come back with the next file, nor stay in the other systems: codes go to the one on file.
            await corrections.StageContact(customer.Id, old, contact, call, ct);
            db.Enqueue(Effect.Now(DataRequests.IndexAgain.Kind, $"{DataRequests.IndexAgain.Kind}|{id:N}", call, new DataRequests.IndexAgain.What(customer.Id)));
        }
        customer.Version++;
        (pending.State, pending.Data) = (DetailState.Applied, null);
        pending.Version++;
        db.Audit(call, "details.applied", $"case:{pending.CaseId:N}", new { pending.Kind });
        return EffectResult.Done;
    }
}
