using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Evaluate;
using Exeunt.App.Platform;
using Exeunt.Core.Activity;
using Exeunt.Core.Standards;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Standards;

/// <summary>What a standard would do, shown while it is written: who is affected now, and who would have been in the last two years.</summary>
/// <param name="Affected">How many are listed today.</param>
/// <param name="Revenue">Their spend of the last 12 months, per currency.</param>
/// <param name="First">The first of them, masked, with the reason.</param>
/// <param name="Months">Month by month, oldest first.</param>
/// <param name="Figures">Of which units' customers all of this is.</param>
public sealed record StandardEffect(
    int Judged, int Affected, IReadOnlyList<CurrencyAmount> Revenue, IReadOnlyList<(long Id, string Name, Core.Words Reason)> First, IReadOnlyList<BacktestMonth> Months, FigureUnits Figures);

/// <summary>Computes the effect for the customers of the caller's units.</summary>
public sealed class LiveEffect(AppDb db, RecentBase recent, ListingNames names)
{
    /// <summary>With more customers a page would be too slow: a back-test tells it.</summary>
    public const int MaxCustomers = 1_000_000;

    private const int Shown = 5;

    /// <summary>The effect; null when there are too many customers for a page.</summary>
    public async Task<StandardEffect?> Of(Standard standard, Call call, CancellationToken ct)
    {
        if (await db.Activity.CountAsync(ct) > MaxCustomers)
            return null;
        var today = call.Today(Clocks.CompanyZone);
        var customers = await StandardBase.Over(await recent.Get(db, call, ct), db, today, ct);
        var units = await VisibleUnits.Of(db, call.Actor, Permission.ViewWatch, ct);
        var compiled = customers.Compile(standard, units.Ids(null).ToHashSet());
        var month = Month.Of(today);
        // The last month of the replay is the present one.
        var report = customers.Replay(compiled, new(month - 23, month, Threshold: -1), null, ct);
        var reader = customers.NewReader();
        var found = new List<(long Id, Core.Words Reason)>();
        var (judged, affected, revenue) = (0, 0, new SortedDictionary<string, Int128>(StringComparer.Ordinal));
        // Judged as the next evaluation will judge, today and with the months of grace; the replay says of each month what it was on its first day.
        for (var i = 0; i < customers.Count; i++)
        {
            reader.Open(i);
            var (isListed, end) = EvaluatePart.Judge(compiled, reader, today, null);
            judged += end == ListingEnd.Excluded ? 0 : 1;
            if (!isListed)
                continue;
            affected++;
            var values = reader.At(today);
            var currency = reader.Traits.Currency;
            if (values[Indicator.Spend12m] is not IIndicatorValues.Unknown and var spend)
                revenue[currency] = revenue.GetValueOrDefault(currency) + spend;
            if (found.Count < Shown)
                found.Add((customers.Id(i), Core.Standards.IndicatorWords.Reasons(compiled.Program.Why(ref values, currency))));
        }
        var shown = found.Count == 0 ? [] : await names.Customers([.. found.Select(f => f.Id)], ct);
        if (shown.Count > 0)
        {
            db.Audit(call, "customers.masked", "standards", new { count = shown.Count });
            await db.SaveChangesAsync(ct);
        }
        return new(judged, affected, [.. revenue.Select(r => new CurrencyAmount(r.Key, (long)Int128.Clamp(r.Value, long.MinValue, long.MaxValue)))],
            [.. found.Select(f => (f.Id, shown.GetValueOrDefault(f.Id, "—"), f.Reason))], report.Months, await FigureUnits.Of(db, units, null, ct));
    }
}
