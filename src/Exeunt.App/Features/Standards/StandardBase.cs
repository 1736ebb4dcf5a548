using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Erasure;
using Exeunt.Core.Activity;
using Exeunt.Core.Cases;
using Exeunt.Core.Churn;
using Exeunt.Core.Standards;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Standards;

/// <summary>
/// Customers with their months and what standards ask beside them, read once. Who restricted the use of their data or objected, and whose
/// profile was erased, is not in it.
/// </summary>
internal sealed class StandardBase
{
    private readonly Dictionary<string, HashSet<int>> _unitsBelow = new(StringComparer.Ordinal);
    private readonly Dictionary<int, Standing> _always = [];
    private CustomerBase _customers = null!;

    public int Count => _customers.Count;

    /// <summary>The month in which the data ends, or the present one when it goes on: what lies before is closed.</summary>
    public Month Open { get; private set; }

    public long Id(int index) => _customers.Id(index);

    /// <summary>Whether anything ever happened with a customer.</summary>
    public bool HasHistory(int index) => !_customers.Packed(index).IsEmpty;

    /// <summary>The numbers of a unit with this code and everything below it.</summary>
    public IReadOnlyCollection<int> UnitsBelow(string code) => _unitsBelow.TryGetValue(code, out var units) ? units : [];

    public CompiledStandard Compile(Standard standard) => new(standard, UnitsBelow);

    public BaseReader NewReader() => new(_customers, _always);

    public BacktestReport Replay(Standard standard, BacktestRequest request, Action<double>? progress, CancellationToken ct) =>
        Backtest.Run<BaseReader, CustomerValues>(Count, Open, NewReader, Compile(standard), request, progress, ct);

    /// <summary>Reads all customers.</summary>
    public static Task<StandardBase> Load(AppDb db, DateOnly today, CancellationToken ct) =>
        Load(db, today, 0, long.MaxValue, null, ct);

    /// <summary>Reads the customers of a range.</summary>
    /// <param name="first">First customer (inclusive).</param>
    /// <param name="until">Last customer (inclusive).</param>
    /// <param name="scope">Paths of the units whose customers are wanted; null is all.</param>
    /// <param name="everybody">Also customers without a history.</param>
    public static async Task<StandardBase> Load(AppDb db, DateOnly today, long first, long until, IReadOnlyList<string>? scope, CancellationToken ct, bool everybody = false)
    {
        var all = new StandardBase();
        var units = await db.Units.AsNoTracking().Select(u => new { u.Id, u.Path, u.Code }).ToListAsync(ct);
        foreach (var unit in units)
            all._unitsBelow[unit.Code] = [.. units.Where(u => u.Path.StartsWith(unit.Path, StringComparison.Ordinal)).Select(u => u.Id)];
        var allowed = scope is null ? null : units.Where(u => scope.Any(s => u.Path.StartsWith(s, StringComparison.Ordinal))).Select(u => u.Id).ToHashSet();
        var rows = from a in db.Activity.AsNoTracking()
                   join c in db.Customers.AsNoTracking() on a.CustomerId equals c.Id
                   where c.Id >= first && c.Id <= until && c.RestrictedAt == null && c.ObjectedAt == null && c.ErasedAt == null
                   select new { Customer = c, Months = (byte[]?)a.Months };
        if (everybody)
            rows = from c in db.Customers.AsNoTracking()
                   join a in db.Activity.AsNoTracking() on c.Id equals a.CustomerId into own
                   from a in own.DefaultIfEmpty()
                   where c.Id >= first && c.Id <= until && c.RestrictedAt == null && c.ObjectedAt == null && c.ErasedAt == null
                   select new { Customer = c, Months = (byte[]?)a.Months };
        // Counted first, so that what is read goes straight to its place.
        var customers = await rows.CountAsync(ct);
        var bytes = await rows.SumAsync(r => (long?)r.Months!.Length, ct) ?? 0;
        var builder = new CustomerBase.Builder(customers, checked((int)bytes), await TermSpans.Of(db.Contracts.Where(c => c.CustomerId >= first && c.CustomerId <= until), ct));
        var last = new Month(0);
        var taken = 0;
        await foreach (var row in rows.OrderBy(r => r.Customer.Id)
            .Select(r => new { r.Customer.Id, r.Months, r.Customer.Kind, r.Customer.Tier, r.Customer.UnitId, r.Customer.Industry, r.Customer.Currency, r.Customer.Since }).AsAsyncEnumerable().WithCancellation(ct))
        {
            // One that came in meanwhile waits for the next time.
            var months = row.Months ?? [];
            if (taken == customers || bytes < months.Length)
                break;
            if (months.Length > 0)
                foreach (var month in new ActivityMonths(months))
                    last = month.Month > last ? month.Month : last;
            if (allowed?.Contains(row.UnitId) == false)
                continue;
            builder.Add(new(row.Id, row.UnitId, row.Currency, row.Kind == Customers.CustomerKind.Organisation, (int)row.Tier, row.Industry, null, row.Since), months);
            bytes -= months.Length;
            taken++;
        }
        all._customers = builder.Build();
        foreach (var id in await db.Set<LegalHold>().AsNoTracking().Where(h => h.LiftedAt == null && h.CustomerId >= first && h.CustomerId <= until).Select(h => h.CustomerId).Distinct().ToListAsync(ct))
            all.Mark(id, Standing.Held);
        foreach (var id in await db.Cases.AsNoTracking().Where(c => c.State != CaseState.Closed && c.CustomerId >= first && c.CustomerId <= until).Select(c => c.CustomerId!.Value).Distinct().ToListAsync(ct))
            all.Mark(id, Standing.OpenCase);
        var now = Month.Of(today);
        all.Open = last < now ? last : now;
        return all;
    }

    private void Mark(long customer, Standing standing)
    {
        if (_customers.IndexOf(customer) is >= 0 and var index)
            _always[index] = _always.GetValueOrDefault(index) | standing;
    }
}
