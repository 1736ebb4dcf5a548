using Exeunt.App.Data;
using Exeunt.App.Features.ChurnDefinitions;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Features.Evaluate;
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
    private Units.UnitsBelow _units = null!;
    private readonly Dictionary<int, Standing> _always = [];
    private CustomerBase _customers = null!;
    private Month _now;

    public int Count => _customers.Count;

    /// <summary>The month in which the data ends that a standard asks for, or the present one when it goes on: what lies before is closed. Where nobody trades, the payments and bills say it.</summary>
    public Month OpenFor(Standard standard) => _customers.LastMonth(_now, standard.IsOnArrears) ?? _customers.LastMonth(_now, withPayments: true) ?? _now;

    public long Id(int index) => _customers.Id(index);

    /// <summary>Whether anything ever happened with a customer.</summary>
    public bool HasHistory(int index) => !_customers.Packed(index).IsEmpty;

    /// <summary>The numbers of a unit with this code and everything below it.</summary>
    public IReadOnlyCollection<int> UnitsBelow(string code) => _units.Of(code);

    public CompiledStandard Compile(Standard standard) => new(standard, UnitsBelow);

    /// <summary>As <see cref="Compile(Standard)"/>, but only customers of some units are in its scope.</summary>
    public CompiledStandard Compile(Standard standard, IReadOnlySet<int> units) => new(standard, UnitsBelow, units);

    public BaseReader NewReader() => new(_customers, _always);

    public BacktestReport Replay(CompiledStandard standard, BacktestRequest request, Action<double>? progress, CancellationToken ct) =>
        Backtest.Run<BaseReader, CustomerValues>(Count, OpenFor(standard.Standard), NewReader, standard, request, progress, ct) with { ChurnDefinition = _customers.Churn.Version };

    /// <summary>As <see cref="Replay"/>, with what was counted in each unit.</summary>
    public (BacktestReport Report, IReadOnlyList<BacktestCounts> Units) ReplayByUnit(CompiledStandard standard, BacktestRequest request, Action<double>? progress, CancellationToken ct)
    {
        var (report, units) = Backtest.RunByUnit<BaseReader, CustomerValues>(Count, OpenFor(standard.Standard), NewReader, standard, request, progress, ct);
        return (report with { ChurnDefinition = _customers.Churn.Version }, units);
    }

    /// <summary>Reads customers with their product lines.</summary>
    /// <param name="first">First customer (inclusive).</param>
    /// <param name="until">Last customer (inclusive).</param>
    /// <param name="churn">By which definition of churn they are judged; null: the one in force on that day.</param>
    public static async Task<StandardBase> Load(AppDb db, Storage storage, DateOnly today, CancellationToken ct, long first = 0, long until = long.MaxValue, CompiledChurn? churn = null) =>
        await Over(await LoadBase.Run(storage, withLines: true, ct, first, until, withErased: false, churn ?? await ChurnBook.Compiled(db, today, ct)), db, today, ct, first, until);

    /// <summary>Puts what standards ask beside customers that were read.</summary>
    /// <param name="customers">Customers without erased ones.</param>
    public static async Task<StandardBase> Over(CustomerBase customers, AppDb db, DateOnly today, CancellationToken ct, long first = 0, long until = long.MaxValue)
    {
        var all = new StandardBase { _customers = customers, _now = Month.Of(today), _units = await Units.UnitsBelow.Read(db, ct) };
        foreach (var id in await db.Set<LegalHold>().AsNoTracking().Where(h => h.LiftedAt == null && h.CustomerId >= first && h.CustomerId <= until).Select(h => h.CustomerId).Distinct().ToListAsync(ct))
            all.Mark(id, Standing.Held);
        foreach (var id in await db.Cases.AsNoTracking().Where(c => c.State != CaseState.Closed && c.CustomerId >= first && c.CustomerId <= until).Select(c => c.CustomerId!.Value).Distinct().ToListAsync(ct))
            all.Mark(id, Standing.OpenCase);
        return all;
    }

    private void Mark(long customer, Standing standing)
    {
        if (_customers.IndexOf(customer) is >= 0 and var index)
            _always[index] = _always.GetValueOrDefault(index) | standing;
    }
}
