using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Erasure;

/// <summary>
/// Effect "erase.asked": destroys everything of a customer who asked for it and with whom there never was a contract, so that nothing must
/// be kept. Ledger first, then keys, as in <see cref="EraseStep"/>; contact and name follow at once as classes, the sums of what was bought lead to nobody.
/// </summary>
public sealed class EraseAsked(AppDb db, KeyStore keys, SearchStore search, LegalHolds holds) : IDestroys
{
    public const string Kind = "erase.asked";

    public sealed record What(long CustomerId);

    /// <summary>Whether nothing of a customer must be kept: no contract, whenever it was, no case, no order.</summary>
    public static async Task<bool> IsFree(AppDb db, long customer, CancellationToken ct) =>
        !await db.Contracts.AsNoTracking().AnyAsync(c => c.CustomerId == customer, ct) && !await db.Cases.AsNoTracking().AnyAsync(c => c.CustomerId == customer, ct)
        && !await db.Orders.AsNoTracking().AnyAsync(o => o.CustomerId == customer, ct);

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var id = effect.Read<What>().CustomerId;
        // A contract or a hold came meanwhile: the end of that brings an erasure of its own.
        if (!await IsFree(db, id, ct) || await holds.Forbid(id, ct))
            return EffectResult.Done;
        DataClass[] gone = [DataClass.Profile, DataClass.Payout];
        var customer = await db.Customers.SingleAsync(c => c.Id == id, ct);
        if (!await db.Erasures.AsNoTracking().AnyAsync(e => e.CustomerId == id && e.Class == DataClass.Profile, ct))
            await db.Write(async token =>
            {
                // With the version raised, a hold that comes at the same moment is either seen here or sees this.
                if (await holds.Forbid(id, token))
                    throw new DbUpdateConcurrencyException("A hold came at the same moment.");
                customer.Version++;
                foreach (var dataClass in gone)
                    db.Erasures.Add(new ErasureRow { CustomerId = id, Class = dataClass, Token = customer.NumberToken, At = call.Now });
                db.Audit(call, "erasure.recorded", $"customer:{id}", new { classes = gone });
                return await db.SaveChangesAsync(token);
            }, ct);
        Failpoint.Reach(Point.ErasureRecorded);
        await keys.Destroy(id, gone, call.Now, ct);
        await search.Remove(id, ct);
        await db.Write(async token =>
        {
            customer.ErasedAt = call.Now;
            customer.Version++;
            db.Audit(call, "erasure.done", $"customer:{id}", new { classes = gone });
            await db.SaveChangesAsync(token);
            foreach (var dataClass in gone)
                await Remains.Clear(db, dataClass, [id], token);
            return true;
        }, ct);
        foreach (var dataClass in new[] { DataClass.Contact, DataClass.Case, DataClass.Legal })
            db.Enqueue(Effect.Now("erase.class", $"erase|{id}|{dataClass}|asked", call, new EraseClass.What(id, dataClass)));
        db.Enqueue(Effect.Now(AnonymiseFacts.Kind, $"retention|{id}|asked", call, new AnonymiseFacts.What(id)));
        return EffectResult.Done;
    }
}
