using Exeunt.App.Data;
using Exeunt.App.Features.Evaluate;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Activity;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Customers;

/// <summary>One line of the list; a person's name is masked. What no chosen column shows may be missing.</summary>
/// <param name="Activity">What the closed months say as of the business date; null: no history, or not asked for.</param>
public sealed record CustomerLine(
    long Id, string Name, CustomerKind Kind, CustomerTier Tier, string Unit, string? Owner, string Currency, string? Country, string? Industry, int Contracts, DateOnly? Since, DateOnly? GivenUpOn, Indicators? Activity)
{
    /// <summary>Names of the customer's classes, one for each scheme, in the call's language; "" when not asked for.</summary>
    public string Classes { get; init; } = "";

    /// <summary>Whether the data is only stored, because the customer asked for it.</summary>
    public bool IsRestricted { get; init; }
}

/// <summary>Finds the customers of a query, and makes the lines that the list and its export show.</summary>
internal sealed class CustomerLines(AppDb db, CustomerSearch search, StaffDirectory staff, Erasure.Locks locks, Classes.ClassBook classBook)
{
    private const int MaxBatches = 20;
    private static readonly string[] FromMonths = ["state", "intermittent", "spend", "orders", "silent", "last-order"];

    /// <summary>What is searched for; null: nothing.</summary>
    public static string? Words(CustomerQuery query) => query.Search?.Trim() is { Length: > 0 } words ? words[..Math.Min(words.Length, CustomerQuery.MaxSearch)] : null;

    /// <summary>The customers after one, ascending by number, at most so many; the number after which it goes on; and whether a search stopped early.</summary>
    public async Task<(List<Customer> Found, long? Next, bool Stopped)> Find(CustomerQuery query, VisibleUnits units, long after, int most, CancellationToken ct)
    {
        var wanted = Wanted(query, units);
        if (Words(query) is { } text)
            return await Searched(wanted, text, after, most, ct);
        var rows = await wanted.Where(c => c.Id > after).OrderBy(c => c.Id).Take(most + 1).ToListAsync(ct);
        return rows.Count > most ? (rows[..most], rows[most - 1].Id, false) : (rows, null, false);
    }

    private IQueryable<Customer> Wanted(CustomerQuery query, VisibleUnits units)
    {
        var ids = units.Ids(query.UnitId);
        var wanted = db.Customers.AsNoTracking().Where(c => ids.Contains(c.UnitId));
        if (query.Kind is { } kind)
            wanted = wanted.Where(c => c.Kind == kind);
        if (query.Tier is { } tier)
            wanted = wanted.Where(c => c.Tier == tier);
        if (query.Country is { Length: > 0 } country)
            wanted = wanted.Where(c => c.Country == country);
        if (query.Care == CustomerCare.Nobody)
            wanted = wanted.Where(c => c.OwnerId == null);
        else if (query.Care == CustomerCare.GivenUp)
            wanted = wanted.Where(c => c.GivenUpOn != null);
        if (query.State is { } state)
            wanted = wanted.Where(c => c.RestrictedAt == null && c.ObjectedAt == null).Join(state.Of(db.ChurnStates), c => c.Id, s => s.CustomerId, (c, _) => c);
        if (query.Class?.Split(':') is [var scheme, var one])
            wanted = wanted.Judged().Join(db.ClassMembers.Where(m => m.SchemeId == scheme && m.Class == one), c => c.Id, m => m.CustomerId, (c, _) => c);
        return wanted;
    }

    private async Task<(List<Customer>, long? Next, bool Stopped)> Searched(IQueryable<Customer> wanted, string text, long after, int most, CancellationToken ct)
    {
        var byContract = await search.ByContract(text, ct);
        var found = new List<Customer>();
        for (var batch = 0; batch < MaxBatches; batch++)
        {
            var (candidates, horizon) = await search.Candidates(text, after, ct);
            candidates.UnionWith(byContract.Where(id => id > after && id <= horizon));
            if (candidates.Count > 0)
            {
                var rows = await wanted.Where(c => candidates.Contains(c.Id)).OrderBy(c => c.Id).ToListAsync(ct);
                var matching = await search.Matching(rows, text, ct);
                found.AddRange(rows.Where(c => matching.Contains(c.Id) || byContract.Contains(c.Id)));
            }
            if (found.Count > most)
                return (found[..most], found[most - 1].Id, false);
            if (horizon == long.MaxValue)
                return (found, null, false);
            after = horizon;
        }
        return (found, after, true);
    }

    /// <summary>The lines of some customers. Opening names to mask them is for the caller to record, once.</summary>
    public async Task<List<CustomerLine>> Of(List<Customer> rows, IReadOnlyList<string> columns, VisibleUnits units, Call call, CancellationToken ct)
    {
        var ids = rows.ConvertAll(c => c.Id);
        var contracts = await db.Contracts.AsNoTracking().Where(c => ids.Contains(c.CustomerId)).GroupBy(c => c.CustomerId)
            .Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        var owners = await staff.Names(rows.Select(c => c.OwnerId).OfType<Guid>().Select(StaffDirectory.IdOf), ct);
        var locked = await locks.Of([.. rows.Where(c => c.ErasedAt is not null).Select(c => c.Id)], ct);
        var people = await search.Open<CustomerIdentity>(rows.Where(c => c.Kind == CustomerKind.Person && !locked.ContainsKey(c.Id)), DataClass.Case, CustomerTable.IdentityPlace, c => c.Identity, ct);
        var activity = columns.Any(FromMonths.Contains) ? await Activity(rows, call.Today(Clocks.CompanyZone), ct) : [];
        var classes = columns.Contains("classes") ? await ClassesOf(rows, call, ct) : [];
        return
        [
            .. rows.Select(c => new CustomerLine(
                c.Id, (locked.ContainsKey(c.Id) ? null : c.OrganisationName) ?? Mask.Name(people.GetValueOrDefault(c.Id)?.Name), c.Kind, c.Tier, units.Name(c.UnitId, call.Language),
                c.OwnerId is { } owner ? owners.GetValueOrDefault(StaffDirectory.IdOf(owner)) : null,
                c.Currency, c.Country, c.Industry, contracts.GetValueOrDefault(c.Id), c.Since, c.GivenUpOn, activity.GetValueOrDefault(c.Id)) { Classes = classes.GetValueOrDefault(c.Id, ""), IsRestricted = c.RestrictedAt is not null }),
        ];
    }

    /// <summary>The classes of those who may be evaluated.</summary>
    private async Task<Dictionary<long, string>> ClassesOf(List<Customer> rows, Call call, CancellationToken ct)
    {
        var schemes = (await classBook.InForce(call.Today(Clocks.CompanyZone), ct)).ToDictionary(s => s.Id, StringComparer.Ordinal);
        var ids = rows.Where(c => c.MayBeJudged).Select(c => c.Id).ToList();
        return (await db.ClassMembers.AsNoTracking().Where(m => ids.Contains(m.CustomerId)).ToListAsync(ct))
            .Where(m => schemes.ContainsKey(m.SchemeId)).GroupBy(m => m.CustomerId)
            .ToDictionary(g => g.Key, g => string.Join(" · ", g.OrderBy(m => m.SchemeId, StringComparer.Ordinal).Select(m => schemes[m.SchemeId].Class(m.Class)?.Name.In(call.Language) ?? m.Class)));
    }

    /// <summary>What the months say of those who may be evaluated.</summary>
    private async Task<Dictionary<long, Indicators?>> Activity(List<Customer> rows, DateOnly today, CancellationToken ct)
    {
        var judged = await FewCustomers.Of(db, rows, today, ct);
        var scratch = new HistoryScratch();
        var said = new Dictionary<long, Indicators?>(judged.Count);
        for (var i = 0; i < judged.Count; i++)
            said[judged.Id(i)] = judged.Open(i, scratch).At(today).Indicators;
        return said;
    }
}
