using System.Globalization;
using Exeunt.App.Data;
using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Erasure;

/// <summary>
/// Brings a database up to the erasures that the key store has marks of, before it serves: one that was restored from before an
/// erasure gets the erasure again (ledger, import suppression, no sealed values), and one that stopped between the destruction of a
/// key and the removal of what it sealed is finished.
/// </summary>
public static class ErasedBefore
{
    /// <summary>Setting: the last mark that this database has been brought up to.</summary>
    public const string AppliedSetting = "erasures.applied";

    /// <summary>Returns how many marks were applied; those of before are not looked at again.</summary>
    public static async Task<int> Apply(AppDb db, KeyStore keys, SearchStore search, Call call, CancellationToken ct)
    {
        var setting = await db.Settings.AsNoTracking().SingleOrDefaultAsync(s => s.Key == AppliedSetting, ct);
        var (after, applied) = (setting is null ? 0 : long.Parse(setting.Value, CultureInfo.InvariantCulture), 0);
        if (after > await keys.LastDead(ct))
            throw new InvalidDataException("The key store is older than the database: it does not know of erasures that the database has. Put the newest one in its place, or restore (docs/operations.md).");
        while (await keys.DeadAfter(after, Remains.AtOnce, ct) is { Count: > 0 } marks)
        {
            // A class that has a key again was filled anew after its erasure: what is readable there is not what was erased.
            var dead = new List<DeadKey>();
            foreach (var group in marks.GroupBy(m => m.Class))
            {
                var again = await keys.FindAll([.. group.Select(m => m.Subject)], group.Key, ct);
                dead.AddRange(group.Where(m => !again.ContainsKey(m.Subject)));
            }
            after = marks[^1].Id;
            await db.Write(async token =>
            {
                await Ledger(db, dead, call, token);
                db.Audit(call, "erasures.applied", "key-store", new { upTo = after, marks = marks.Count });
                await db.SaveChangesAsync(token);
                foreach (var group in dead.GroupBy(m => m.Class))
                    await Remains.Clear(db, group.Key, [.. group.Select(m => m.Subject).Distinct()], token);
                foreach (var intake in dead.Where(m => m.Subject < 0).Select(m => m.Subject).Distinct())
                    await Intakes.IntakeProofs.Forget(db, intake, token);
                if (await db.Settings.SingleOrDefaultAsync(s => s.Key == AppliedSetting, token) is { } known)
                    known.Value = after.ToString(CultureInfo.InvariantCulture);
                else
                    db.Settings.Add(new Setting { Key = AppliedSetting, Value = after.ToString(CultureInfo.InvariantCulture) });
                db.Audit(call, "erasures.cleared", "key-store", new { upTo = after });
                return await db.SaveChangesAsync(token);
            }, ct);
            db.ChangeTracker.Clear();
            foreach (var customer in dead.Where(m => m is { Subject: > 0, Class: DataClass.Profile }))
                await search.Remove(customer.Subject, ct);
            applied += marks.Count;
        }
        return applied;
    }

    /// <summary>Enters into the ledger what it does not have, with the token of the external number, and marks the customers as erased.</summary>
    private static async Task Ledger(AppDb db, List<DeadKey> dead, Call call, CancellationToken ct)
    {
        var ids = dead.Where(m => m.Subject > 0).Select(m => m.Subject).Distinct().ToList();
        var known = (await db.Erasures.AsNoTracking().Where(e => ids.Contains(e.CustomerId)).Select(e => new { e.CustomerId, e.Class }).ToListAsync(ct)).Select(e => (e.CustomerId, e.Class)).ToHashSet();
        var customers = await db.Customers.Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, ct);
        var fresh = new List<long>();
        foreach (var mark in dead)
        {
            if (!customers.TryGetValue(mark.Subject, out var customer) || !known.Add((mark.Subject, mark.Class)))
                continue;
            db.Erasures.Add(new ErasureRow { CustomerId = mark.Subject, Class = mark.Class, Token = mark.Class == DataClass.Profile ? customer.NumberToken : null, At = mark.At });
            db.Audit(call, "erasure.recorded", $"customer:{mark.Subject}", new { classes = new[] { mark.Class }, again = true });
            if (mark.Class != DataClass.Profile || customer.ErasedAt is not null)
                continue;
            customer.ErasedAt = mark.At;
            fresh.Add(customer.Id);
        }
        // What was planned for their facts when they left is not in a database from before that.
        var facts = await db.Facts.AsNoTracking().Where(f => fresh.Contains(f.CustomerId)).GroupBy(f => f.CustomerId).Select(g => new { Customer = g.Key, Last = g.Max(f => f.On) }).ToListAsync(ct);
        foreach (var fact in facts)
            db.Enqueue(Effect.At(EraseAsked.FactsGo(customers[fact.Customer].Country, fact.Last, call), AnonymiseFacts.Kind, $"retention|{fact.Customer}|again", new AnonymiseFacts.What(fact.Customer)));
    }
}
