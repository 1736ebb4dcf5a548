using Exeunt.App.Data;
using Exeunt.App.Features.Units;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Customers;

/// <summary>Which units' customers an actor sees under a permission, and what those units are called.</summary>
internal sealed class VisibleUnits
{
    private readonly Dictionary<int, Unit> _units;

    private VisibleUnits(IEnumerable<Unit> units) => _units = units.ToDictionary(u => u.Id);

    public static async Task<VisibleUnits> Of(AppDb db, Actor actor, Permission permission, CancellationToken ct)
    {
        // The tree has hundreds of nodes at most: read whole, filtered here.
        var all = await db.Units.AsNoTracking().OrderBy(u => u.Path).ToListAsync(ct);
        return new VisibleUnits(all.Where(u => actor.Allows(permission, u.Path)));
    }

    /// <summary>Whether a customer is in the units in which somebody holds a permission; false too when there is no such customer.</summary>
    public static async Task<bool> HaveCustomer(AppDb db, Actor actor, Permission permission, long? customer, CancellationToken ct) =>
        await db.Customers.AsNoTracking().Where(c => c.Id == customer).Select(c => (int?)c.UnitId).SingleOrDefaultAsync(ct) is { } unit && (await Of(db, actor, permission, ct)).Holds(unit);

    public IReadOnlyList<Unit> InOrder => [.. _units.Values.OrderBy(u => u.Path, StringComparer.Ordinal)];

    public bool Holds(int unitId) => _units.ContainsKey(unitId);

    public string Path(int unitId) => _units[unitId].Path;

    public string Name(int unitId, string language) => _units[unitId].Name(language);

    /// <summary>The ids of the visible units, or of one of them and those below it.</summary>
    public List<int> Ids(int? below) =>
        below is not { } top
            ? [.. _units.Keys]
            : _units.GetValueOrDefault(top) is { } unit
                ? [.. _units.Values.Where(u => u.Path.StartsWith(unit.Path, StringComparison.Ordinal)).Select(u => u.Id)]
                : [];
}

/// <summary>
/// The countries that customers come from, for the filter. Read at most every ten minutes: it needs a look at every
/// customer, and a country more or less can wait.
/// </summary>
internal sealed class CustomerCountries
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);
    private volatile Read? _last;

    public async Task<IReadOnlyList<string>> All(AppDb db, DateTimeOffset now, CancellationToken ct)
    {
        if (_last is { } last && now - last.At < Fresh)
            return last.Countries;
        var countries = await db.Customers.AsNoTracking().Where(c => c.Country != null).Select(c => c.Country!).Distinct().OrderBy(c => c).Take(300).ToListAsync(ct);
        _last = new Read(now, countries);
        return countries;
    }

    private sealed record Read(DateTimeOffset At, IReadOnlyList<string> Countries);
}
