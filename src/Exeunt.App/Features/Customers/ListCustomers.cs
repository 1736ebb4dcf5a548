using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
using Exeunt.App.Features.Units;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Customers;

/// <summary>Whether one of the company's people looks after a customer.</summary>
public enum CustomerCare
{
    /// <summary>Without an owner, for whatever reason.</summary>
    Nobody,

    /// <summary>The management was given up.</summary>
    GivenUp,
}

/// <param name="Search">Part of a name (two characters or more), or a whole phone, mail, customer or contract number.</param>
/// <param name="UnitId">This unit and below.</param>
/// <param name="After">The last customer of the page before; 0 for the first page.</param>
public sealed record CustomerQuery(
    string? Search = null, CustomerKind? Kind = null, CustomerTier? Tier = null, int? UnitId = null, string? Country = null, long After = 0, CustomerCare? Care = null);

/// <summary>One line of the list; a person's name is masked.</summary>
public sealed record CustomerLine(
    long Id, string Name, CustomerKind Kind, CustomerTier Tier, string Unit, string? Owner, string Currency, string? Country, int Contracts, DateOnly? Since, DateOnly? GivenUpOn);

/// <param name="Next">Where the next page begins; null on the last.</param>
/// <param name="Stopped">The search looked at as many candidates as one page may; going on looks at more.</param>
public sealed record CustomerList(
    IReadOnlyList<CustomerLine> Lines, long? Next, bool Stopped, IReadOnlyList<Unit> Units, IReadOnlyList<string> Countries);

/// <summary>A page of the customers in the actor's units, searched through keyed tokens and then, decrypted, compared.</summary>
internal sealed class ListCustomers(AppDb db, CustomerSearch search, StaffDirectory staff, CustomerCountries countries, Erasure.Locks locks)
    : UseCase<CustomerQuery, CustomerList>(db)
{
    public const int PageSize = 50;
    public const int MaxSearch = 100;
    private const int MaxBatches = 20;

    public override Permission Needs => Permission.ViewCustomers;

    protected override async Task<Outcome<CustomerList>> Handle(Call call, CustomerQuery query, CancellationToken ct)
    {
        var units = await VisibleUnits.Of(Db, call.Actor, Needs, ct);
        var wanted = Wanted(query, units);
        var text = query.Search?.Trim() is { Length: > 0 and <= MaxSearch } words ? words : null;
        var (found, next, stopped) = text is null ? await Page(wanted, query.After, ct) : await Searched(wanted, text, query.After, ct);
        var lines = await Lines(call, found, units, ct);
        Db.Audit(call, text is null ? "customers.listed" : "customers.searched", "customers", new { shown = lines.Count, after = query.After });
        // A read keeps no answer under an idempotency key: it holds names.
        await Db.SaveChangesAsync(ct);
        return new CustomerList(lines, next, stopped, units.InOrder, await countries.All(Db, call.Now, ct));
    }

    private IQueryable<Customer> Wanted(CustomerQuery query, VisibleUnits units)
    {
        var ids = units.Ids(query.UnitId);
        var wanted = Db.Customers.AsNoTracking().Where(c => ids.Contains(c.UnitId));
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
        return wanted;
    }

    private static async Task<(List<Customer>, long? Next, bool Stopped)> Page(IQueryable<Customer> wanted, long after, CancellationToken ct)
    {
        var rows = await wanted.Where(c => c.Id > after).OrderBy(c => c.Id).Take(PageSize + 1).ToListAsync(ct);
        return rows.Count > PageSize ? (rows[..PageSize], rows[PageSize - 1].Id, false) : (rows, null, false);
    }

    private async Task<(List<Customer>, long? Next, bool Stopped)> Searched(IQueryable<Customer> wanted, string text, long after, CancellationToken ct)
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
            if (found.Count > PageSize)
                return (found[..PageSize], found[PageSize - 1].Id, false);
            if (horizon == long.MaxValue)
                return (found, null, false);
            after = horizon;
        }
        return (found, after, true);
    }

    private async Task<List<CustomerLine>> Lines(Call call, List<Customer> rows, VisibleUnits units, CancellationToken ct)
    {
        var ids = rows.Select(c => c.Id).ToList();
        var contracts = await Db.Contracts.AsNoTracking().Where(c => ids.Contains(c.CustomerId)).GroupBy(c => c.CustomerId)
            .Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        var owners = await staff.Names(rows.Select(c => c.OwnerId).OfType<Guid>().Select(StaffDirectory.IdOf), ct);
        var locked = await locks.Of([.. rows.Where(c => c.ErasedAt is not null).Select(c => c.Id)], ct);
        var people = await search.Open<CustomerIdentity>(rows.Where(c => c.Kind == CustomerKind.Person && !locked.ContainsKey(c.Id)), DataClass.Case, CustomerTable.IdentityPlace, c => c.Identity, ct);
        return
        [
            .. rows.Select(c => new CustomerLine(
                c.Id, c.OrganisationName ?? Mask.Name(people.GetValueOrDefault(c.Id)?.Name), c.Kind, c.Tier, units.Name(c.UnitId, call.Language),
                c.OwnerId is { } owner ? owners.GetValueOrDefault(StaffDirectory.IdOf(owner)) : null,
                c.Currency, c.Country, contracts.GetValueOrDefault(c.Id), c.Since, c.GivenUpOn)),
        ];
    }
}
