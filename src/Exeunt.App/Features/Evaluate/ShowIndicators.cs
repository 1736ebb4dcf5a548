using System.Globalization;
using Exeunt.App.Data;
using Exeunt.App.Features.ChurnDefinitions;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Activity;

namespace Exeunt.App.Features.Evaluate;

/// <summary>
/// The base that pages of sums read, without erased customers: a large one is kept for a minute, so that looking at one thing after the other
/// does not read everything each time; a small one is read anew and never behind. One load at a time.
/// </summary>
public sealed class RecentBase(Storage storage, TimeProvider time) : IDisposable
{
    private const int Large = 20_000;
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private (CustomerBase All, DateTimeOffset At)? _last;

    /// <summary>The customers, judged by the churn definition in force on the call's day.</summary>
    public async Task<CustomerBase> Get(AppDb db, Call call, CancellationToken ct) =>
        (await Customers(ct)).With(await ChurnBook.Compiled(db, call.Today(Clocks.CompanyZone), ct));

    private async Task<CustomerBase> Customers(CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            if (_last is { All.Count: >= Large } last && time.GetUtcNow() - last.At < Fresh)
                return last.All;
            var all = await LoadBase.Run(storage, withLines: true, ct, withErased: false);
            _last = (all, time.GetUtcNow());
            return all;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}

/// <summary>All indicators, and of how many customers each is known on a day, in the units that the caller may watch.</summary>
public sealed class ShowIndicators(AppDb db, RecentBase recent) : UseCase<ShowIndicators.Request, ShowIndicators.View>(db)
{
    /// <param name="AsOf">yyyy-MM-dd; null: today.</param>
    public sealed record Request(string? AsOf = null);

    public sealed record Row(string Code, IndicatorUnit Unit, int Known);

    /// <param name="Figures">Of which units' customers the figures are.</param>
    public sealed record View(DateOnly AsOf, int Customers, IReadOnlyList<Row> Indicators, FigureUnits Figures);

    public override Permission Needs => Permission.ViewWatch;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (IndicatorDay.Read(request.AsOf, call, out var asOf) is { } no)
            return no;
        var all = await recent.Get(Db, call, ct);
        var visible = await VisibleUnits.Of(Db, call.Actor, Needs, ct);
        var units = visible.Ids(null).ToHashSet();
        var parts = all.Parts(Environment.ProcessorCount);
        var known = new int[parts.Count, IndicatorDefinition.All.Count];
        var customers = new int[parts.Count];
        Parallel.For(0, parts.Count, part =>
        {
            var scratch = new HistoryScratch();
            for (var i = parts[part].From; i < parts[part].Until; i++)
            {
                if (!units.Contains(all.UnitId(i)))
                    continue;
                customers[part]++;
                var values = all.Open(i, scratch).At(asOf);
                for (var k = 0; k < IndicatorDefinition.All.Count; k++)
                    if (values[IndicatorDefinition.All[k].Indicator] != IIndicatorValues.Unknown)
                        known[part, k]++;
            }
        });
        return new View(asOf, customers.Sum(), [.. IndicatorDefinition.All.Select((d, k) => new Row(d.Code, d.Unit, Enumerable.Range(0, parts.Count).Sum(part => known[part, k])))], await FigureUnits.Of(Db, visible, null, ct));
    }
}

/// <summary>How one indicator spreads over the customers of the units that the caller may watch.</summary>
public sealed class ShowIndicator(AppDb db, RecentBase recent) : UseCase<ShowIndicator.Request, ShowIndicator.View>(db)
{
    /// <param name="AsOf">yyyy-MM-dd; null: today.</param>
    /// <param name="Unit">Only customers of this unit and those below it.</param>
    /// <param name="Currency">Of amounts: customers of which currency; null: the one that most have.</param>
    public sealed record Request(string Code, string? AsOf = null, int? Unit = null, string? Currency = null);

    public sealed record UnitChoice(int Id, string Name);

    /// <param name="Customers">Customers looked at, of the currency where there is one.</param>
    /// <param name="Currency">Of amounts only.</param>
    /// <param name="Figures">Of which units' customers the figures are.</param>
    public sealed record View(
        string Code, IndicatorUnit Kind, DateOnly AsOf, int Customers, Distribution Spread, string? Currency, IReadOnlyList<string> Currencies, IReadOnlyList<UnitChoice> Units, FigureUnits Figures);

    public override Permission Needs => Permission.ViewWatch;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (IndicatorDefinition.Find(request.Code) is not { } definition)
            return CommonRefusals.NotFound;
        if (IndicatorDay.Read(request.AsOf, call, out var asOf) is { } no)
            return no;
        var all = await recent.Get(Db, call, ct);
        var visible = await VisibleUnits.Of(Db, call.Actor, Needs, ct);
        if (request.Unit is { } below && !visible.Holds(below))
            return CommonRefusals.NotFound;
        var units = visible.Ids(request.Unit).ToHashSet();
        var choices = visible.InOrder.Select(u => new UnitChoice(u.Id, u.Name(call.Language))).ToList();
        List<string> currencies = [];
        if (definition.Unit == IndicatorUnit.Money)
        {
            var counts = new Dictionary<string, int>(StringComparer.Ordinal);
            for (var i = 0; i < all.Count; i++)
                if (units.Contains(all.UnitId(i)))
                    counts[all.Currency(i)] = counts.GetValueOrDefault(all.Currency(i)) + 1;
            currencies = [.. counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Select(c => c.Key)];
            if (request.Currency is { } wanted && !currencies.Contains(wanted))
                return IndicatorDay.NoSuchCurrency;
        }
        var currency = definition.Unit == IndicatorUnit.Money ? request.Currency ?? currencies.FirstOrDefault() : null;
        var parts = all.Parts(Environment.ProcessorCount);
        var (found, customers) = (new List<long>[parts.Count], new int[parts.Count]);
        Parallel.For(0, parts.Count, part =>
        {
            var scratch = new HistoryScratch();
            var values = new List<long>();
            for (var i = parts[part].From; i < parts[part].Until; i++)
            {
                if (!units.Contains(all.UnitId(i)) || (currency is not null && all.Currency(i) != currency))
                    continue;
                customers[part]++;
                if (all.Open(i, scratch).At(asOf)[definition.Indicator] is var value and not IIndicatorValues.Unknown)
                    values.Add(value);
            }
            found[part] = values;
        });
        var known = found.SelectMany(f => f).ToArray();
        var spread = definition.Unit is IndicatorUnit.State or IndicatorUnit.YesNo ? Distribution.OfEach(known) : Distribution.Of(known);
        return new View(definition.Code, definition.Unit, asOf, customers.Sum(), spread, currency, currencies, choices, await FigureUnits.Of(Db, visible, request.Unit, ct));
    }
}

/// <summary>The day that indicators are asked for.</summary>
internal static class IndicatorDay
{
    public static readonly Refusal NoSuchCurrency = new(RefusalKind.Invalid, "indicator.currency", "None of these customers has this currency. Choose one of the list.", "这些客户中没有使用此货币的，请从列表中选择。", Field: "currency");

    private static readonly Refusal Unreadable = new(RefusalKind.Invalid, "indicator.as-of", "Expected a date as 2026-01-31, not after today.", "应为日期（如 2026-01-31），且不晚于今天。", Field: "asOf");

    public static Refusal? Read(string? text, Call call, out DateOnly asOf)
    {
        asOf = call.Today(Clocks.CompanyZone);
        if (string.IsNullOrEmpty(text))
            return null;
        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || day > asOf || day.Year < 1900)
            return Unreadable;
        asOf = day;
        return null;
    }
}
