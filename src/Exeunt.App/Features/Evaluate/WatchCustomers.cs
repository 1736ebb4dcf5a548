using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core.Churn;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Evaluate;

/// <summary>A customer on the watch page; the name is masked.</summary>
/// <param name="Since">The day on which an evaluation first found this state; null: it has not looked since the facts say so.</param>
/// <param name="IntermittentSince">The same of the flag; null also: since before flags were recorded.</param>
public sealed record WatchedCustomer(
    long Id, string Name, ChurnState State, bool IsIntermittent, int? MonthsSilent, string Spend12m, DateOnly? LastOrderOn, DateOnly? Since, DateOnly? IntermittentSince);

/// <summary>The watch page: how many customers are in each state, and one page of those asked for.</summary>
/// <param name="OnBorderlineList">Customers of the borderline list: those of that state, and who is with us and intermittent.</param>
/// <param name="Intermittent">Customers flagged intermittent, whatever their state.</param>
/// <param name="Figures">Of which units' customers all of this is.</param>
public sealed record WatchView(
    DateOnly AsOf, IReadOnlyDictionary<ChurnState, int> Counts, int OnBorderlineList, int Intermittent, StateFilter? Filter, IReadOnlyList<WatchedCustomer> Page, long? Next, FigureUnits Figures);

/// <summary>Which customers a list shows: those of a state, of the borderline list, or flagged intermittent.</summary>
/// <param name="State">Null: those flagged intermittent. Borderline: the borderline list.</param>
public readonly record struct StateFilter(ChurnState? State)
{
    public const string Flag = "Intermittent";

    /// <summary>Reads <c>state=Churned</c>, <c>state=Intermittent</c> or <c>intermittent=1</c>; null: none of these.</summary>
    public static StateFilter? Read(string? state, string? intermittent) =>
        intermittent == "1" || string.Equals(state, Flag, StringComparison.OrdinalIgnoreCase) ? new(null)
        : Enum.TryParse<ChurnState>(state, ignoreCase: true, out var known) && Enum.IsDefined(known) ? new(known) : null;

    public bool Holds(ChurnStatus status) => State switch
    {
        null => status.IsIntermittent,
        ChurnState.Borderline => status.IsOnBorderlineList,
        { } state => status.State == state,
    };

    /// <summary>The same among the states that the last evaluation found.</summary>
    public IQueryable<ChurnStateRow> Of(IQueryable<ChurnStateRow> rows)
    {
        if (State is not { } state)
            return rows.Where(s => s.IsIntermittent);
        return state == ChurnState.Borderline
            ? rows.Where(s => s.State == state || (s.IsIntermittent && (s.State == ChurnState.New || s.State == ChurnState.Active || s.State == ChurnState.Reactivated)))
            : rows.Where(s => s.State == state);
    }

    public override string ToString() => State?.ToString() ?? Flag;
}

/// <summary>Reads the watch page for the units the caller may watch. Opening names to mask them is recorded once per page.</summary>
public sealed class WatchCustomers(AppDb db, RecentBase recent, Vault vault, Erasure.Locks locks)
{
    private const int PageSize = 50;
    private const string Zone = "Asia/Shanghai";

    public async Task<WatchView> Run(Call call, StateFilter? filter, long after, CancellationToken ct)
    {
        var asOf = call.Today(Zone);
        var units = await VisibleUnits.Of(db, call.Actor, Permission.ViewWatch, ct);
        var all = EvaluateCustomers.Run(await recent.Get(db, call, ct), asOf, units.Ids(null).ToHashSet(), onlyChurn: true);
        var page = all.Where(c => c.Id > after && (filter is { } wanted ? wanted.Holds(c.Indicators.Churn) : c.Indicators.Churn is { State: ChurnState.Churned } or { IsOnBorderlineList: true }))
            .Take(PageSize + 1).ToList();
        var shown = page.Take(PageSize).ToList();
        var ids = shown.ConvertAll(c => c.Id);
        var customers = await db.Customers.AsNoTracking().Where(c => ids.Contains(c.Id)).Select(c => new { c.Id, c.OrganisationName, c.Identity }).ToDictionaryAsync(c => c.Id, ct);
        var recorded = await db.ChurnStates.AsNoTracking().Where(s => ids.Contains(s.CustomerId)).ToDictionaryAsync(s => s.CustomerId, ct);
        var locked = await locks.Of(ids, ct);
        var names = await vault.OpenAll<CustomerIdentity>(DataClass.Case, CustomerTable.IdentityPlace,
            [.. customers.Values.Where(c => c is { OrganisationName: null, Identity: not null } && !locked.ContainsKey(c.Id)).Select(c => (c.Id, $"{c.Id}", c.Identity!))], ct);
        if (names.Count > 0)
        {
            db.Audit(call, "customers.masked", "watch", new { page = after, count = names.Count });
            await db.SaveChangesAsync(ct);
        }
        return new WatchView(asOf, EvaluateCustomers.Counts(all), all.Count(c => c.Indicators.Churn.IsOnBorderlineList), all.Count(c => c.Indicators.Churn.IsIntermittent), filter,
            shown.ConvertAll(c => new WatchedCustomer(c.Id, (locked.ContainsKey(c.Id) ? null : customers[c.Id].OrganisationName) ?? Mask.Name(names.GetValueOrDefault(c.Id)?.Name), c.Indicators.Churn.State, c.Indicators.Churn.IsIntermittent,
                c.Indicators.Churn.MonthsSilent, $"{Core.Money.Format(c.Indicators.Spend12m, Core.Currency.MinorDigits(c.Currency))} {c.Currency}", c.Indicators.LastOrderOn,
                recorded.GetValueOrDefault(c.Id) is { } of && of.State == c.Indicators.Churn.State ? of.Since : null,
                c.Indicators.Churn.IsIntermittent && recorded.GetValueOrDefault(c.Id) is { IsIntermittent: true } flagged ? flagged.IntermittentSince : null)),
            page.Count > PageSize ? shown[^1].Id : null, await FigureUnits.Of(db, units, null, ct));
    }
}
