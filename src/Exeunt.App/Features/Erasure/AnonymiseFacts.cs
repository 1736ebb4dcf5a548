using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core.Activity;
using Exeunt.Core.Retention;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Erasure;

/// <summary>Sums of many former customers in one unit, currency and month: what is left of their orders, and leads to nobody.</summary>
public sealed class AnonymousMonth
{
    public required int UnitId { get; init; }

    /// <summary>ISO 4217; the sums are in its minor units.</summary>
    public required string Currency { get; init; }

    /// <summary>"2026-06".</summary>
    public required string Month { get; init; }
    public long Ordered { get; set; }
    public long Returned { get; set; }
    public long Adjusted { get; set; }
    public long Orders { get; set; }

    /// <summary>How many customers' sums are in it.</summary>
    public int Customers { get; set; }
    public int Version { get; set; }
}

internal sealed class AnonymousMonthTable : IEntityTypeConfiguration<AnonymousMonth>
{
    public void Configure(EntityTypeBuilder<AnonymousMonth> table)
    {
        table.ToTable("anonymous_months");
        table.HasKey(m => new { m.UnitId, m.Currency, m.Month });
        table.Property(m => m.Currency).HasMaxLength(3);
        table.Property(m => m.Month).HasMaxLength(7);
        table.Property(m => m.Version).IsConcurrencyToken();
    }
}

/// <summary>
/// Effect "retention.anonymise": a former customer's orders and payments have been kept as long as the schedule says. Their months are
/// added to the sums of many, the rows under the customer's number are deleted. The shop's orders go with them and are in no sum: they are what
/// returns rest on, and the trade they are part of is told as facts. Then everything is searched again.
/// </summary>
public sealed class AnonymiseFacts(AppDb db, LegalHolds holds) : IDestroys
{
    public const string Kind = "retention.anonymise";

    /// <summary>The cause of the search that follows.</summary>
    public const string Cause = "facts";

    public sealed record What(long CustomerId);

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var id = effect.Read<What>().CustomerId;
        var customer = await db.Customers.SingleAsync(c => c.Id == id, ct);
        if (customer.ErasedAt is null)
            return EffectResult.Done;
        var rows = await db.Set<RetainedRow>().Where(r => r.CustomerId == id && (r.Category == DataCategory.Transactions || r.Category == DataCategory.Analytics)).ToListAsync(ct);
        var until = rows.Max(r => r.Until) ?? DateOnly.MinValue;
        var again = Clocks.DateIn(call.BusinessNow, Clocks.CompanyZone) <= until ? Clocks.StartOf(until.AddDays(1), Clocks.CompanyZone)
            : await holds.Forbid(id, ct) || await Returns.ReturnCases.AnyOpen(db, id, ct) ? call.BusinessNow.AddDays(EraseClass.AgainDays) : (DateTimeOffset?)null;
        if (again is { } later)
        {
            db.Enqueue(Effect.At(later, Kind, $"retention|{id}|{later:yyyyMMddHH}", new What(id), effect.CaseId));
            return EffectResult.Done;
        }
        var activity = await db.Activity.SingleOrDefaultAsync(a => a.CustomerId == id, ct);
        if (activity is not null)
        {
            foreach (var month in Months(activity.Months))
                await Add(customer.UnitId, customer.Currency, month, ct);
            db.Activity.Remove(activity);
        }
        var facts = await db.Facts.Where(f => f.CustomerId == id).ToListAsync(ct);
        db.Facts.RemoveRange(facts);
        db.ActivityLines.RemoveRange(await db.ActivityLines.Where(a => a.CustomerId == id).ToListAsync(ct));
        db.FactCorrections.RemoveRange(await db.FactCorrections.Where(c => c.CustomerId == id).ToListAsync(ct));
        // What was concluded from them goes with them.
        db.ChurnStates.RemoveRange(await db.ChurnStates.Where(s => s.CustomerId == id).ToListAsync(ct));
        db.ChurnChanges.RemoveRange(await db.ChurnChanges.Where(c => c.CustomerId == id).ToListAsync(ct));
        db.ClassMembers.RemoveRange(await db.ClassMembers.Where(m => m.CustomerId == id).ToListAsync(ct));
        db.ClassChanges.RemoveRange(await db.ClassChanges.Where(c => c.CustomerId == id).ToListAsync(ct));
        db.ClassTasks.RemoveRange(await db.ClassTasks.Where(t => t.CustomerId == id).ToListAsync(ct));
        db.Listings.RemoveRange(await db.Listings.Where(l => l.CustomerId == id).ToListAsync(ct));
        db.TierChanges.RemoveRange(await db.TierChanges.Where(t => t.CustomerId == id).ToListAsync(ct));
        var orders = await db.Orders.Where(o => o.CustomerId == id).ToListAsync(ct);
        // Lines and payments go with them. An invoice's number leads through the books to a person, and a credit note's has it in itself.
        db.Orders.RemoveRange(orders);
        foreach (var back in await db.Returns.IgnoreAutoIncludes().Where(r => r.CreditNote != null && db.Cases.Any(c => c.Id == r.CaseId && c.CustomerId == id)).ToListAsync(ct))
            (back.CreditNote, back.Version) = (null, back.Version + 1);
        customer.Version++;
        if (rows.Exists(r => r.DoneAt is null))
            db.Enqueue(VerifyErasure.Of(id, effect.CaseId ?? rows.Select(r => r.CaseId).FirstOrDefault(c => c is not null), Cause, call));
        foreach (var row in rows)
            row.DoneAt = call.Now;
        db.Audit(call, "retention.anonymised", $"customer:{id}", new { facts = facts.Count, orders = orders.Count });
        return EffectResult.Done;
    }

    private static List<ActivityMonth> Months(byte[] packed)
    {
        var months = new List<ActivityMonth>();
        foreach (var month in new ActivityMonths(packed))
            months.Add(month);
        return months;
    }

    private async Task Add(int unit, string currency, ActivityMonth month, CancellationToken ct)
    {
        var name = month.Month.FirstDay.ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);
        var sum = await db.Set<AnonymousMonth>().FindAsync([unit, currency, name], ct);
        if (sum is null)
            db.Add(sum = new AnonymousMonth { UnitId = unit, Currency = currency, Month = name });
        else
            sum.Version++;
        sum.Ordered += month.Ordered;
        sum.Returned += month.Returned;
        sum.Adjusted += month.Adjusted;
        sum.Orders += month.Orders;
        sum.Customers++;
    }
}
