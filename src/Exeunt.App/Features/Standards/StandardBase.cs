using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Customers;
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
    private readonly List<Row> _rows = [];
    private readonly Dictionary<string, HashSet<int>> _unitsBelow = new(StringComparer.Ordinal);

    /// <param name="Terms">When a contract is in its term: first day and the day after the last.</param>
    private sealed record Row(long Id, byte[] Months, CustomerTraits Traits, (DateOnly From, DateOnly Until)[] Terms, Standing Always);

    public int Count => _rows.Count;

    /// <summary>The month in which the data ends, or the present one when it goes on: what lies before is closed.</summary>
    public Month Open { get; private set; }

    public long Id(int index) => _rows[index].Id;

    public CustomerTraits Traits(int index) => _rows[index].Traits;

    /// <summary>The numbers of a unit with this code and everything below it.</summary>
    public IReadOnlyCollection<int> UnitsBelow(string code) => _unitsBelow.TryGetValue(code, out var units) ? units : [];

    public CompiledStandard Compile(Standard standard) => new(standard, UnitsBelow);

    public BacktestReport Replay(Standard standard, BacktestRequest request, CancellationToken ct, Action<double>? progress = null) =>
        Backtest.Run<Reader, Values>(Count, Open, () => new Reader(this), Compile(standard), request, ct, progress);

    /// <param name="from">First customer (inclusive).</param>
    /// <param name="until">Last customer (inclusive).</param>
    /// <param name="scope">Paths of the units whose customers are wanted; "" is all.</param>
    public static async Task<StandardBase> Load(AppDb db, DateOnly today, CancellationToken ct, long from = 0, long until = long.MaxValue, IReadOnlyList<string>? scope = null)
    {
        var all = new StandardBase();
        var units = await db.Units.AsNoTracking().Select(u => new { u.Id, u.Path, u.Code }).ToListAsync(ct);
        foreach (var unit in units)
            all._unitsBelow[unit.Code] = [.. units.Where(u => u.Path.StartsWith(unit.Path, StringComparison.Ordinal)).Select(u => u.Id)];
        var allowed = scope is null ? null : units.Where(u => scope.Any(s => u.Path.StartsWith(s, StringComparison.Ordinal))).Select(u => u.Id).ToHashSet();

        var terms = (await db.Contracts.AsNoTracking().Where(c => c.CustomerId >= from && c.CustomerId <= until)
            .Select(c => new { c.CustomerId, c.StartOn, Months = c.TermMonths + c.Amendments.Sum(a => a.AddedMonths), c.State, c.LastServiceDay }).ToListAsync(ct))
            .Select(c => (c.CustomerId, c.StartOn, Until: c.State == ContractState.Ended && c.LastServiceDay is { } last && last.AddDays(1) < c.StartOn.AddMonths(c.Months) ? last.AddDays(1) : c.StartOn.AddMonths(c.Months)))
            .Where(c => c.Until > c.StartOn).ToLookup(c => c.CustomerId, c => (c.StartOn, c.Until));
        var held = (await db.Set<LegalHold>().AsNoTracking().Where(h => h.LiftedAt == null && h.CustomerId >= from && h.CustomerId <= until).Select(h => h.CustomerId).ToListAsync(ct)).ToHashSet();
        var busy = (await db.Cases.AsNoTracking().Where(c => c.State != CaseState.Closed && c.CustomerId >= from && c.CustomerId <= until).Select(c => c.CustomerId!.Value).ToListAsync(ct)).ToHashSet();

        var rows = from a in db.Activity.AsNoTracking()
                   join c in db.Customers.AsNoTracking() on a.CustomerId equals c.Id
                   where c.Id >= from && c.Id <= until && c.RestrictedAt == null && c.ObjectedAt == null && c.ErasedAt == null
                   orderby c.Id
                   select new { c.Id, a.Months, c.Kind, c.Tier, c.UnitId, c.Industry, c.Currency };
        var last = new Month(0);
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(ct))
        {
            foreach (var month in new ActivityMonths(row.Months))
                last = month.Month > last ? month.Month : last;
            if (allowed?.Contains(row.UnitId) == false)
                continue;
            all._rows.Add(new(row.Id, row.Months,
                new(row.Kind == CustomerKind.Person ? CustomerSort.Person : CustomerSort.Organisation,
                    row.Tier switch { CustomerTier.Vip => StandardTier.Vip, CustomerTier.HighRisk => StandardTier.HighRisk, _ => StandardTier.Normal }, row.UnitId, string.Intern(row.Industry ?? ""), string.Intern(row.Currency)),
                terms.Contains(row.Id) ? [.. terms[row.Id]] : [], (held.Contains(row.Id) ? Standing.Held : 0) | (busy.Contains(row.Id) ? Standing.OpenCase : 0)));
        }
        var now = Month.Of(today);
        all.Open = last < now ? last : now;
        return all;
    }

    public Reader NewReader() => new(this);

    /// <summary>The indicators that the months show.</summary>
    internal readonly struct Values(Indicators? found) : IIndicatorValues
    {
        public long this[Indicator indicator] => found is not { } f ? IIndicatorValues.Unknown : indicator switch
        {
            Indicator.ChurnState => (long)f.Churn.State,
            Indicator.Intermittent => f.Churn.IsIntermittent ? 1 : 0,
            Indicator.MonthsSilent => f.Churn.MonthsSilent ?? IIndicatorValues.Unknown,
            Indicator.Orders12m => f.Orders12m,
            Indicator.Spend12m => f.Spend12m,
            Indicator.ReturnRate12m => f.ReturnRate12m is { } rate ? (long)(rate * 10_000) : IIndicatorValues.Unknown,
            _ => IIndicatorValues.Unknown,
        };
    }

    internal sealed class Reader(StandardBase all) : ICustomerReader<Values>
    {
        private Row _row = null!;

        public void Open(int customer) => _row = all._rows[customer];

        public CustomerTraits Traits => _row.Traits;

        public Standing StandingOn(DateOnly asOf) =>
            _row.Always | (InTerm(asOf) ? Standing.ContractInTerm : 0) | (Indicators.Of(_row.Months, asOf) is null ? 0 : Standing.Known);

        public Values At(DateOnly asOf) => new(Indicators.Of(_row.Months, asOf, InTerm(asOf) ? ExclusionReason.ContractInTerm : null));

        private bool InTerm(DateOnly day)
        {
            foreach (var (from, until) in _row.Terms)
                if (from <= day && day < until)
                    return true;
            return false;
        }
    }
}
