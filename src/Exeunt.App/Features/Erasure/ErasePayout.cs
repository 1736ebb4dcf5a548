using Exeunt.App.Data;
using Exeunt.App.Features.Claims;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Identity;
using Exeunt.App.Features.Orders;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Erasure;

/// <summary>
/// Effect "erase.payout": destroys the account of a customer once the refund that it was given for is reconciled and nothing else is to be paid to it,
/// also of one who stays. A later refund takes an account, and a key, of its own. Where the means by which orders were paid lie under the same key, the
/// account is cleared and the key stays.
/// </summary>
public sealed class ErasePayout(AppDb db, KeyStore keys, OpenClaims claims, LegalHolds holds) : IDestroys
{
    public const string Kind = "erase.payout";

    public sealed record What(long CustomerId);

    /// <summary>What the log calls it by: whoever reads "customer:…" there takes the customer to be erased.</summary>
    public static string Target(long customer) => $"account:{customer}";

    /// <summary>Stages that it is looked at, after a refund was reconciled.</summary>
    public static async Task Stage(AppDb db, PaymentOrder order, Call call, CancellationToken ct)
    {
        var customer = await db.Cases.AsNoTracking().Where(c => c.Id == order.CaseId && db.Customers.Any(k => k.Id == c.CustomerId && k.Payout != null)).Select(c => c.CustomerId).SingleOrDefaultAsync(ct);
        if (customer is { } id)
            db.Enqueue(Effect.Now(Kind, $"{Kind}|{order.Id:N}", call, new What(id), order.CaseId));
    }

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var id = effect.Read<What>().CustomerId;
        // Gone with the rest of them; or another refund is under way, whose reconciliation brings this again.
        if (!await db.Customers.AsNoTracking().AnyAsync(c => c.Id == id && c.Payout != null, ct) || await IsUnderWay(id, ct))
            return EffectResult.Done;
        if (await MayBePaid(id, ct) || await claims.AnyOf(id, ct) || await holds.Forbid(id, ct))
        {
            var again = call.BusinessNow.AddDays(1);
            db.Enqueue(Effect.At(again, Kind, $"{Kind}|{id}|{effect.Id}", new What(id), effect.CaseId));
            db.Audit(call, "erasure.waits", Target(id));
            return EffectResult.Done;
        }
        // The means by which an order was paid lie under the same key: what is sent back goes there, and the key stays with it.
        if (await HasMeans(id, ct))
        {
            await db.Write(async token =>
            {
                (await Alone(id, token)).Payout = null;
                db.Audit(call, "payout.cleared", Target(id));
                return await db.SaveChangesAsync(token);
            }, ct);
            return EffectResult.Done;
        }
        await db.Write(async token =>
        {
            await Alone(id, token);
            if (await HasMeans(id, token))
                throw Meanwhile();
            // Cut off after this it comes again, and is in the ledger once.
            if (!await db.Erasures.AsNoTracking().AnyAsync(e => e.CustomerId == id && e.Class == DataClass.Payout && e.CaseId == effect.CaseId, token))
                db.Erasures.Add(new ErasureRow { CustomerId = id, CaseId = effect.CaseId, Class = DataClass.Payout, At = call.Now });
            db.Audit(call, "erasure.recorded", Target(id), new { classes = new[] { DataClass.Payout }, effect.CaseId });
            return await db.SaveChangesAsync(token);
        }, ct);
        Failpoint.Reach(Point.ErasureRecorded);
        await keys.Destroy([(id, DataClass.Payout)], call.Now, ct);
        await db.Write(async token =>
        {
            // Given anew in between, it stays.
            if (await keys.Find(id, DataClass.Payout, token) is null)
                await Remains.Clear(db, DataClass.Payout, [id], token);
            db.Audit(call, "erasure.done", Target(id), new { classes = new[] { DataClass.Payout } });
            return await db.SaveChangesAsync(token);
        }, ct);
        return EffectResult.Done;
    }

    /// <summary>The customer, with the version raised: a hold or another account that comes at the same moment makes this fail; what else came is seen here.</summary>
    private async Task<Customer> Alone(long id, CancellationToken ct)
    {
        var customer = await db.Customers.SingleAsync(c => c.Id == id, ct);
        customer.Version++;
        if (await IsUnderWay(id, ct) || await MayBePaid(id, ct) || await holds.Forbid(id, ct))
            throw Meanwhile();
        return customer;
    }

    private static DbUpdateConcurrencyException Meanwhile() => new("Something to be paid, or a hold, came at the same moment.");

    private Task<bool> IsUnderWay(long customer, CancellationToken ct) =>
        db.PaymentOrders.AsNoTracking().AnyAsync(o => o.Direction == PaymentDirection.Refund && o.State != PaymentState.Reconciled && db.Cases.Any(c => c.Id == o.CaseId && c.CustomerId == customer), ct);

    private Task<bool> HasMeans(long customer, CancellationToken ct) =>
        db.Set<OrderPayment>().AsNoTracking().AnyAsync(p => p.Reference != null && db.Orders.Any(o => o.Id == p.OrderId && o.CustomerId == customer), ct);

    /// <summary>Whether a case of the customer has not come to the end of its money, or another account waits for its time.</summary>
    private async Task<bool> MayBePaid(long customer, CancellationToken ct) =>
        await db.Set<PendingDetails>().AsNoTracking().AnyAsync(d => d.CustomerId == customer && d.Kind == DetailKind.Payout && d.State == DetailState.Waiting, ct)
        || (await db.Cases.AsNoTracking().Where(c => c.CustomerId == customer && c.State != CaseState.Closed).ToListAsync(ct)).Exists(c => c.Steps.Any(s => s.Kind == StepKind.Reconcile && !s.HasEnded));
}
