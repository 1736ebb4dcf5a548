using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core.Churn;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Evaluate;

/// <summary>A customer on the watch page; the name is masked.</summary>
public sealed record WatchedCustomer(long Id, string Name, ChurnState State, int? MonthsSilent, string Spend12m, DateOnly? LastOrderOn);

/// <summary>The watch page: how many customers are in each state, and one page of those in one state (or borderline and churned).</summary>
public sealed record WatchView(DateOnly AsOf, IReadOnlyDictionary<ChurnState, int> Counts, ChurnState? State, IReadOnlyList<WatchedCustomer> Page, long? Next);

/// <summary>Reads the watch page for the units the caller may watch. Opening names to mask them is recorded once per page.</summary>
public sealed class WatchCustomers(AppDb db, RecentBase recent, Vault vault, Erasure.Locks locks)
{
    private const int PageSize = 50;
    private const string Zone = "Asia/Shanghai";

    public async Task<WatchView> Run(Call call, ChurnState? state, long after, CancellationToken ct)
    {
        var asOf = call.Today(Zone);
        var all = EvaluateCustomers.Run(await recent.Get(db, call, ct), asOf, await EvaluateCustomers.UnitsUnder(db, call.Actor.UnitsFor(Permission.ViewWatch), ct));
        var page = all.Where(c => c.Id > after && (state is null ? c.Indicators.Churn.State is ChurnState.Borderline or ChurnState.Churned : c.Indicators.Churn.State == state))
            .Take(PageSize + 1).ToList();
        var shown = page.Take(PageSize).ToList();
        var ids = shown.ConvertAll(c => c.Id);
        var customers = await db.Customers.AsNoTracking().Where(c => ids.Contains(c.Id)).Select(c => new { c.Id, c.OrganisationName, c.Identity }).ToDictionaryAsync(c => c.Id, ct);
        var locked = await locks.Of(ids, ct);
        var names = await vault.OpenAll<CustomerIdentity>(DataClass.Case, CustomerTable.IdentityPlace,
            [.. customers.Values.Where(c => c is { OrganisationName: null, Identity: not null } && !locked.ContainsKey(c.Id)).Select(c => (c.Id, $"{c.Id}", c.Identity!))], ct);
        if (names.Count > 0)
        {
            db.Audit(call, "customers.masked", "watch", new { page = after, count = names.Count });
            await db.SaveChangesAsync(ct);
        }
        return new WatchView(asOf, EvaluateCustomers.Counts(all), state,
            shown.ConvertAll(c => new WatchedCustomer(c.Id, customers[c.Id].OrganisationName ?? Mask.Name(names.GetValueOrDefault(c.Id)?.Name), c.Indicators.Churn.State,
                c.Indicators.Churn.MonthsSilent, $"{Core.Money.Format(c.Indicators.Spend12m, Core.Currency.MinorDigits(c.Currency))} {c.Currency}", c.Indicators.LastOrderOn)),
            page.Count > PageSize ? shown[^1].Id : null);
    }
}
