using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Customers;

/// <summary>Finds customers by part of a name, or a whole phone, mail, customer or contract number: keyed tokens first, then, decrypted, compared.</summary>
public sealed class CustomerSearch(AppDb db, Vault vault, SearchStore search, NumberTokens numbers)
{
    private const int Batch = 500;

    // Of a list of other things: how many candidates a page has, most of which are not in the list; how many pages; and how many customers are opened.
    private const int Page = 5_000;
    private const int MaxPages = 20;
    private const int MaxOpened = 10_000;

    /// <summary>Most customers by whom a list of other things is searched.</summary>
    private const int MaxFound = 200;

    /// <summary>Those of some customers who match, at most 200, smallest number first, and whether there may be more. Whoever uses it audits the search once.</summary>
    /// <param name="among">Numbers of those who count: of whom the list has something that its reader may see.</param>
    public async Task<(List<long> Found, bool Stopped)> Some(IQueryable<long> among, string text, CancellationToken ct)
    {
        var byContract = await ByContract(text, ct);
        var found = (await among.Where(id => byContract.Contains(id)).Distinct().ToListAsync(ct)).ToHashSet();
        var (after, opened) = (0L, 0);
        for (var page = 0; page < MaxPages && opened <= MaxOpened && found.Count <= MaxFound; page++)
        {
            var (candidates, horizon) = await Candidates(text, after, Page, ct);
            if (candidates.Count > 0)
            {
                var rows = await db.Customers.AsNoTracking().Where(c => candidates.Contains(c.Id) && among.Contains(c.Id)).ToListAsync(ct);
                found.UnionWith(await Matching(rows, text, ct));
                opened += rows.Count;
            }
            if (horizon == long.MaxValue)
                return ([.. found.Order().Take(MaxFound)], found.Count > MaxFound);
            after = horizon;
        }
        return ([.. found.Order().Take(MaxFound)], true);
    }

    /// <summary>The customers of a contract with this number.</summary>
    public Task<List<long>> ByContract(string text, CancellationToken ct)
    {
        var contract = numbers.OfContract(text);
        return db.Contracts.AsNoTracking().Where(c => c.NumberToken == contract).Select(c => c.CustomerId).ToListAsync(ct);
    }

    /// <summary>Customers that may match, up to a number below which none is missing.</summary>
    public Task<(HashSet<long> Ids, long Horizon)> Candidates(string text, long after, CancellationToken ct) => Candidates(text, after, Batch, ct);

    private async Task<(HashSet<long> Ids, long Horizon)> Candidates(string text, long after, int most, CancellationToken ct)
    {
        var horizon = long.MaxValue;
        var all = new HashSet<long>();
        foreach (var kind in KindsOf(text))
        {
            var some = await search.Find(kind, text, Math.Max(after, 0), most, ct);
            if (some.Count == most)
                horizon = Math.Min(horizon, some[^1]);
            all.UnionWith(some);
        }
        all.RemoveWhere(id => id > horizon);
        return (all, horizon);
    }

    /// <summary>Those of some customers that, decrypted, do match.</summary>
    public async Task<HashSet<long>> Matching(List<Customer> rows, string text, CancellationToken ct)
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

    /// <summary>Opens one sealed column of many customers.</summary>
    public Task<Dictionary<long, T>> Open<T>(IEnumerable<Customer> rows, DataClass dataClass, string place, Func<Customer, byte[]?> blob, CancellationToken ct) =>
        vault.OpenAll<T>(dataClass, place, [.. rows.Where(c => blob(c) is not null).Select(c => (c.Id, c.Row, blob(c)!))], ct);

    private static bool Has(TokenKind kind, string? name, string value) =>
        name is not null && SearchStore.Normal(kind, name).Contains(value, StringComparison.Ordinal);

    /// <summary>What a text may be. Digits may stand in a name too (58同城); a name is found by two characters and more.</summary>
    private static TokenKind[] KindsOf(string text) =>
        Spelling.IsMail(text) ? [TokenKind.Mail]
        : !Spelling.Plain(text).All(c => char.IsAsciiDigit(c) || c is '+' or '-' or ' ' or '(' or ')') ? [TokenKind.Name, TokenKind.Number]
        : SearchStore.Normal(TokenKind.Name, text).Length < 2 ? [TokenKind.Phone, TokenKind.Number]
        : [TokenKind.Phone, TokenKind.Number, TokenKind.Name];
}
