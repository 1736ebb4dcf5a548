using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Erasure;

/// <summary>
/// The contacts of former customers that an earlier version left: those kept for a return went only when it was carried out, not however it ended. The
/// effect that erases them is staged, once; it asks itself what forbids it.
/// </summary>
public static class ContactsLeft
{
    /// <summary>Setting: it has been done.</summary>
    public const string DoneSetting = "erasures.contacts-left";

    /// <summary>Returns of how many customers it was staged.</summary>
    public static async Task<int> Stage(AppDb db, Call call, CancellationToken ct)
    {
        if (await db.Settings.AsNoTracking().AnyAsync(s => s.Key == DoneSetting, ct) || !await db.Erasures.AsNoTracking().AnyAsync(ct))
            return 0;
        var left = await db.Customers.AsNoTracking()
            .Where(c => c.ErasedAt != null && c.Contact != null && db.Cases.Any(x => x.CustomerId == c.Id && x.OrderId != null) && !db.Cases.Any(x => x.CustomerId == c.Id && x.State != CaseState.Closed))
            .OrderBy(c => c.Id).Select(c => c.Id).ToListAsync(ct);
        var staged = await db.EnqueueNew(left.Select(id => Of(id, call)), ct);
        await db.Put(DoneSetting, "1", ct);
        db.Audit(call, DoneSetting, "customers", new { staged });
        await db.SaveChangesAsync(ct);
        return staged;
    }

    private static Effect Of(long customer, Call call) =>
        Effect.Now("erase.class", $"erase|{customer}|{DataClass.Contact}|returned", call, new EraseClass.What(customer, DataClass.Contact));
}
