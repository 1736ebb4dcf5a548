using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
using Exeunt.App.Features.Units;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Customers;

/// <param name="Search">Part of a name (two characters or more), or a whole phone, mail, customer or contract number.</param>
/// <param name="UnitId">This unit and below.</param>
/// <param name="After">The last customer of the page before; 0 for the first page.</param>
public sealed record CustomerQuery(
    string? Search = null, CustomerKind? Kind = null, CustomerTier? Tier = null, int? UnitId = null, string? Country = null, long After = 0);

/// <summary>One line of the list; a person's name is masked.</summary>
public sealed record CustomerLine(
    long Id, string Name, CustomerKind Kind, CustomerTier Tier, string Unit, string? Owner, string Currency, string? Country, int Contracts, DateOnly? Since);

/// <param name="Next">Where the next page begins; null on the last.</param>
/// <param name="Stopped">The search looked at as many candidates as one page may; going on looks at more.</param>
public sealed record CustomerList(
    IReadOnlyList<CustomerLine> Lines, long? Next, bool Stopped, IReadOnlyList<Unit> Units, IReadOnlyList<string> Countries);

/// <summary>A page of the customers in the actor's units, searched through keyed tokens and then, decrypted, compared.</summary>
internal sealed class ListCustomers(AppDb db, Vault vault, SearchStore search, NumberTokens numbers, StaffDirectory staff, CustomerCountries countries)
    : UseCase<CustomerQuery, CustomerList>(db)
{
    public const int PageSize = 50;
    public const int MaxSearch = 100;
    private const int Batch = 500;
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
        return wanted;
    }

    private static async Task<(List<Customer>, long? Next, bool Stopped)> Page(IQueryable<Customer> wanted, long after, CancellationToken ct)
    {
        var rows = await wanted.Where(c => c.Id > after).OrderBy(c => c.Id).Take(PageSize + 1).ToListAsync(ct);
        return rows.Count > PageSize ? (rows[..PageSize], rows[PageSize - 1].Id, false) : (rows, null, false);
    }

    private async Task<(List<Customer>, long? Next, bool Stopped)> Searched(IQueryable<Customer> wanted, string text, long after, CancellationToken ct)
    {
        var contract = numbers.Of("contract", SearchStore.Normal(TokenKind.Number, text));
        var byContract = await Db.Contracts.AsNoTracking().Where(c => c.NumberToken == contract).Select(c => c.CustomerId).ToListAsync(ct);
        var found = new List<Customer>();
        for (var batch = 0; batch < MaxBatches; batch++)
        {
            var (candidates, horizon) = await Candidates(text, after, ct);
            candidates.UnionWith(byContract.Where(id => id > after && id <= horizon));
            if (candidates.Count > 0)
            {
                var rows = await wanted.Where(c => candidates.Contains(c.Id)).OrderBy(c => c.Id).ToListAsync(ct);
                var matching = await Matching(rows, text, ct);
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

    /// <summary>Customers that may match, up to a number below which none is missing.</summary>
    private async Task<(HashSet<long>, long Horizon)> Candidates(string text, long after, CancellationToken ct)
    {
        var horizon = long.MaxValue;
        var all = new HashSet<long>();
        foreach (var kind in KindsOf(text))
        {
            var some = await search.Find(kind, text, Math.Max(after, 0), Batch, ct);
            if (some.Count == Batch)
                horizon = Math.Min(horizon, some[^1]);
            all.UnionWith(some);
        }
        all.RemoveWhere(id => id > horizon);
        return (all, horizon);
    }

    private async Task<HashSet<long>> Matching(List<Customer> rows, string text, CancellationToken ct)
    {
        var matching = new HashSet<long>();
        foreach (var kind in KindsOf(text))
        {
            var value = SearchStore.Normal(kind, text);
            switch (kind)
            {
                case TokenKind.Name:
                    matching.UnionWith(rows.Where(c => c.OrganisationName is { } name && SearchStore.Normal(kind, name).Contains(value, StringComparison.Ordinal)).Select(c => c.Id));
                    foreach (var (id, who) in await Open<CustomerIdentity>(rows, DataClass.Case, CustomerTable.IdentityPlace, c => c.Identity, ct))
                        if (Has(kind, who.Name, value) || Has(kind, who.ContactPerson, value))
                            matching.Add(id);
                    break;
                case TokenKind.Number:
                    foreach (var (id, profile) in await Open<CustomerProfile>(rows, DataClass.Profile, CustomerTable.ProfilePlace, c => c.Profile, ct))
                        if (SearchStore.Normal(kind, profile.ExternalNumber) == value)
                            matching.Add(id);
                    break;
                default:
                    foreach (var (id, contact) in await Open<CustomerContact>(rows, DataClass.Contact, CustomerTable.ContactPlace, c => c.Contact, ct))
                        if (SearchStore.Normal(kind, (kind == TokenKind.Mail ? contact.Mail : contact.Phone) ?? "") == value)
                            matching.Add(id);
                    break;
            }
        }
        return matching;
    }

    private async Task<List<CustomerLine>> Lines(Call call, List<Customer> rows, VisibleUnits units, CancellationToken ct)
    {
        var ids = rows.Select(c => c.Id).ToList();
        var contracts = await Db.Contracts.AsNoTracking().Where(c => ids.Contains(c.CustomerId)).GroupBy(c => c.CustomerId)
            .Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        var owners = await staff.Names(rows.Select(c => c.OwnerId).OfType<Guid>().Select(StaffDirectory.IdOf), ct);
        var people = await Open<CustomerIdentity>(rows.Where(c => c.Kind == CustomerKind.Person), DataClass.Case, CustomerTable.IdentityPlace, c => c.Identity, ct);
        return
        [
            .. rows.Select(c => new CustomerLine(
                c.Id, c.OrganisationName ?? Mask.Name(people.GetValueOrDefault(c.Id)?.Name), c.Kind, c.Tier, units.Name(c.UnitId, call.Language),
                c.OwnerId is { } owner ? owners.GetValueOrDefault(StaffDirectory.IdOf(owner)) : null,
                c.Currency, c.Country, contracts.GetValueOrDefault(c.Id), c.Since)),
        ];
    }

    private Task<Dictionary<long, T>> Open<T>(IEnumerable<Customer> rows, DataClass dataClass, string place, Func<Customer, byte[]?> blob, CancellationToken ct) =>
        vault.OpenAll<T>(dataClass, place, [.. rows.Where(c => blob(c) is not null).Select(c => (c.Id, c.Row, blob(c)!))], ct);

    private static bool Has(TokenKind kind, string? name, string value) =>
        name is not null && SearchStore.Normal(kind, name).Contains(value, StringComparison.Ordinal);

    private static TokenKind[] KindsOf(string text) =>
        text.Contains('@', StringComparison.Ordinal) ? [TokenKind.Mail]
        : text.All(c => char.IsAsciiDigit(c) || c is '+' or '-' or ' ' or '(' or ')') ? [TokenKind.Phone, TokenKind.Number]
        : [TokenKind.Name, TokenKind.Number];
}
