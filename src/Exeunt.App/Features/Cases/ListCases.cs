using System.Globalization;
using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Staff;
using Exeunt.App.Features.Units;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>The list of cases: what its address says, 50 a page.</summary>
public sealed class ListCases(AppDb db, CaseDesk desk, FilteredCases filtered, CaseRows rows) : UseCase<ListCases.Request, ListCases.Page>(db)
{
    public const int PageSize = 50;

    /// <summary>Up to so many cases their settlements are added up.</summary>
    public const int MaxSummed = 5_000;

    /// <param name="After">Where the page before ended (<see cref="Page.Next"/>).</param>
    public sealed record Request(CaseFilter Filter, string? After = null);

    /// <param name="ByState">All visible cases by state, whatever else is filtered.</param>
    /// <param name="Sums">Settlements of everything found, by currency, customers' payments and ours apart; empty above <see cref="MaxSummed"/> cases.</param>
    /// <param name="Units">The units whose cases the caller may see, for the filter.</param>
    /// <param name="Stopped">So many customers have what is searched for that not all were looked at: more cases may fit.</param>
    public sealed record Page(
        IReadOnlyList<CaseRows.Row> Rows, string? Next, int Total, IReadOnlyDictionary<CaseState, int> ByState, IReadOnlyList<Sum> Sums, IReadOnlyList<Unit> Units, bool Stopped);

    public sealed record Sum(string Currency, long FromCustomers, long ToCustomers);

    public override Permission Needs => Permission.ViewCases;

    protected override async Task<Outcome<Page>> Handle(Call call, Request request, CancellationToken ct)
    {
        var (cases, stopped) = await filtered.Of(request.Filter, call, ct);
        var total = await cases.CountAsync(ct);
        var ids = await Ids(cases, request, PageSize + 1, ct);
        var page = await rows.Of(ids.Count > PageSize ? ids[..PageSize] : ids, ct);
        var counts = await desk.Visible(call, Needs).GroupBy(c => c.State).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        var paths = call.Actor.UnitsFor(Needs);
        var units = (await Db.Units.AsNoTracking().OrderBy(u => u.Path).ToListAsync(ct)).Where(u => paths.Any(p => u.Path.StartsWith(p, StringComparison.Ordinal))).ToList();
        Db.Audit(call, request.Filter.Text.Length == 0 ? "cases.listed" : "cases.searched", "cases", new { rows = page.Count });
        // A read keeps no answer under an idempotency key: it holds masked names.
        await Db.SaveChangesAsync(ct);
        return new Page(page, ids.Count > PageSize ? Cursor(request.Filter, page[^1]) : null, total, counts, await Sums(cases, total, ct), units, stopped);
    }

    /// <summary>The ids of the next cases, found in the index alone.</summary>
    private static async Task<List<Guid>> Ids(IQueryable<ExitCase> cases, Request request, int take, CancellationToken ct)
    {
        var after = Read(request.After);
        if (request.Filter.Order == CaseOrder.Newest)
        {
            if (after is { Id: var last })
                cases = cases.Where(c => c.Id < last);
            return await cases.OrderByDescending(c => c.Id).Select(c => c.Id).Take(take).ToListAsync(ct);
        }
        if (after is { Id: var id, On: { } on })
            cases = cases.Where(c => c.EffectiveOn >= on && (c.EffectiveOn > on || c.Id > id));
        return await cases.OrderBy(c => c.EffectiveOn).ThenBy(c => c.Id).Select(c => c.Id).Take(take).ToListAsync(ct);
    }

    private static string Cursor(CaseFilter filter, CaseRows.Row last) =>
        filter.Order == CaseOrder.Newest ? last.Id.ToString("N") : string.Create(CultureInfo.InvariantCulture, $"{last.Id:N}.{last.EffectiveOn:yyyyMMdd}");

    private static (Guid Id, DateOnly? On)? Read(string? after) =>
        after?.Split('.') is not { } parts || !Guid.TryParseExact(parts[0], "N", out var id) ? null
        : (id, parts.Length > 1 && DateOnly.TryParseExact(parts[1], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var on) ? on : null);

    private static async Task<IReadOnlyList<Sum>> Sums(IQueryable<ExitCase> cases, int total, CancellationToken ct) =>
        total is 0 or > MaxSummed ? []
        : [.. (await cases.Where(c => c.SettlementCurrency != null).GroupBy(c => c.SettlementCurrency!)
            .Select(g => new { g.Key, From = g.Sum(c => c.SettlementTotal > 0 ? c.SettlementTotal!.Value : 0), To = g.Sum(c => c.SettlementTotal < 0 ? -c.SettlementTotal!.Value : 0) })
            .ToListAsync(ct)).OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => new Sum(s.Key, s.From, s.To))];
}

/// <summary>Rows of lists of cases, names masked; whoever shows them audits the page once.</summary>
public sealed class CaseRows(AppDb db, CaseNames names, StaffDirectory staff)
{
    /// <param name="Waits">What it waits for people to do: kinds of step, or "Hold".</param>
    public sealed record Row(
        Guid Id, string Number, CaseKind Kind, CaseState State, CaseOutcome? Outcome, string? Customer, CustomerTier? Tier, DateTimeOffset ReceivedAt, DateOnly? EffectiveOn,
        string? AssignedTo, string? Assignee, IReadOnlyList<string> Waits, string? Reason, string? ReasonDetail, Channel Channel, long? Total, string? Currency, string Zone);

    /// <summary>The rows of these cases, in the order of the ids.</summary>
    public async Task<List<Row>> Of(IReadOnlyList<Guid> ids, CancellationToken ct)
    {
        var wanted = ids.ToList();
        var cases = await db.Cases.AsNoTracking().Where(c => wanted.Contains(c.Id)).Select(c => new
        {
            c.Id, c.Number, c.Kind, c.State, c.Outcome, c.CustomerId, c.BusinessReceivedAt, c.EffectiveOn, c.AssignedTo, c.Reason, c.ReasonDetail, c.Channel, c.SettlementTotal, c.SettlementCurrency, c.Zone,
        }).ToDictionaryAsync(c => c.Id, ct);
        var waits = (await db.Waits.AsNoTracking().Where(w => wanted.Contains(w.CaseId)).OrderBy(w => w.Id).Select(w => new { w.CaseId, w.What }).ToListAsync(ct)).ToLookup(w => w.CaseId, w => w.What);
        var people = await staff.Names(cases.Values.Select(c => c.AssignedTo ?? ""), ct);
        var customers = await names.Of([.. cases.Values.Select(c => c.CustomerId).OfType<long>().Distinct()], ct);
        return
        [
            .. wanted.Where(cases.ContainsKey).Select(id => cases[id]).Select(c => (Case: c, Who: c.CustomerId is { } customer ? customers.GetValueOrDefault(customer) : null)).Select(r => new Row(
                r.Case.Id, r.Case.Number, r.Case.Kind, r.Case.State, r.Case.Outcome, r.Who?.Name, r.Who?.Tier, r.Case.BusinessReceivedAt, r.Case.EffectiveOn, r.Case.AssignedTo,
                people.GetValueOrDefault(r.Case.AssignedTo ?? ""), [.. waits[r.Case.Id].Distinct()], r.Case.Reason, r.Case.ReasonDetail, r.Case.Channel,
                r.Case.SettlementTotal, r.Case.SettlementCurrency, r.Case.Zone ?? Clocks.CompanyZone)),
        ];
    }
}
