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

    /// <summary>Audit verb of an erasure entered into the ledger of a database that did not know of it.</summary>
    public const string Repeated = "erasure.repeated";

    /// <summary>Returns how many marks were applied; those of before are not looked at again.</summary>
    public static async Task<int> Apply(AppDb db, KeyStore keys, SearchStore search, Call call, CancellationToken ct)
    {
        var setting = await db.Settings.AsNoTracking().SingleOrDefaultAsync(s => s.Key == AppliedSetting, ct);
        var (after, applied) = (setting is null ? 0 : long.Parse(setting.Value, CultureInfo.InvariantCulture), 0);
        if (after > await keys.LastDead(ct))
            throw new InvalidDataException("The key store is older than the database: it does not know of erasures that the database has. Put the newest one in its place, or restore (docs/operations.md).");
        while (await keys.DeadAfter(after, Remains.AtOnce, ct) is { Count: > 0 } marks)
        {
            // A key that was made again after its erasure (older versions did) goes too. Only an account may be given anew: of that what the new key opens stays.
            await keys.Destroy([.. marks.Where(m => m.Class != DataClass.Payout).Select(m => (m.Subject, m.Class))], call.Now, ct);
            var anew = await keys.FindAll([.. marks.Where(m => m.Class == DataClass.Payout).Select(m => m.Subject)], DataClass.Payout, ct);
            after = marks[^1].Id;
            await db.Write(async token =>
            {
                await Ledger(db, marks, call, token);
                await Accounts(db, keys, [.. anew.Keys], token);
                db.Audit(call, "erasures.applied", "key-store", new { upTo = after, marks = marks.Count });
                await db.SaveChangesAsync(token);
                foreach (var group in marks.GroupBy(m => m.Class))
                    await Remains.Clear(db, group.Key, [.. group.Select(m => m.Subject).Where(s => group.Key != DataClass.Payout || !anew.ContainsKey(s)).Distinct()], token);
                foreach (var intake in marks.Where(m => m.Subject < 0).Select(m => m.Subject).Distinct())
                    await Intakes.IntakeProofs.Forget(db, intake, token);
                await db.Put(AppliedSetting, after.ToString(CultureInfo.InvariantCulture), token);
                db.Audit(call, "erasures.cleared", "key-store", new { upTo = after });
                return await db.SaveChangesAsync(token);
            }, ct);
            db.ChangeTracker.Clear();
            foreach (var customer in marks.Where(m => m is { Subject: > 0, Class: DataClass.Profile }))
                await search.Remove(customer.Subject, ct);
            applied += marks.Count;
        }
        return applied;
    }

    /// <summary>Clears the accounts from before their erasure of customers who gave another one after it.</summary>
    private static async Task Accounts(AppDb db, KeyStore keys, List<long> customers, CancellationToken ct)
    {
        var vault = new Vault(keys);
        foreach (var customer in await db.Customers.Where(c => customers.Contains(c.Id) && c.Payout != null).ToListAsync(ct))
            if (await vault.Open<Customers.PayoutAccount>(customer.Id, DataClass.Payout, Customers.CustomerTable.PayoutPlace, customer.Row, customer.Payout, ct) is null)
                (customer.Payout, customer.Version) = (null, customer.Version + 1);
    }

    /// <summary>
    /// Enters into the ledger what it does not have, with the token of the number, so that no import brings anybody back, known here or not;
    /// marks the customers as erased, and plans what is to become of the rest of them: in a database from before that nothing is planned.
    /// </summary>
    private static async Task Ledger(AppDb db, List<DeadKey> dead, Call call, CancellationToken ct)
    {
        var ids = dead.Where(m => m.Subject > 0).Select(m => m.Subject).Distinct().ToList();
        var known = (await db.Erasures.AsNoTracking().Where(e => ids.Contains(e.CustomerId)).Select(e => new { e.CustomerId, e.Class }).ToListAsync(ct)).Select(e => (e.CustomerId, e.Class)).ToHashSet();
        var customers = await db.Customers.Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, ct);
        foreach (var mark in dead.Where(m => m.Subject > 0))
        {
            if (!known.Add((mark.Subject, mark.Class)))
                continue;
            var customer = customers.GetValueOrDefault(mark.Subject);
            db.Erasures.Add(new ErasureRow { CustomerId = mark.Subject, Class = mark.Class, Token = mark.Class == DataClass.Profile ? mark.Number ?? customer?.NumberToken : null, At = mark.At });
            db.Audit(call, Repeated, mark.Class == DataClass.Payout ? ErasePayout.Target(mark.Subject) : $"customer:{mark.Subject}", new { classes = new[] { mark.Class } });
            if (mark.Class != DataClass.Profile || customer is not { ErasedAt: null })
                continue;
            customer.ErasedAt = mark.At;
            var last = await EraseAsked.LastTrade(db, customer.Id, ct);
            if (last is null)
                customer.OrganisationName = null;
            await EraseAsked.Plan(db, customer, last, call, ct);
        }
    }
}
