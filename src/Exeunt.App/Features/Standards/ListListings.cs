using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Staff;
using Exeunt.App.Features.Units;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Standards;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Standards;

/// <summary>One listing as pages show it; a person's name is masked.</summary>
public sealed record ListingLine(StandardListing Row, string Customer, string Unit, Words Standard, Words Reason, string? CaseNumber);

/// <summary>评估结果: who is or was listed, 50 a page, newest first.</summary>
public sealed class ListListings(AppDb db, ListingNames names) : UseCase<ListListings.Request, ListListings.View>(db)
{
    public const int PageSize = 50;

    /// <param name="Standard">Only of this code.</param>
    /// <param name="UnitId">Only customers who are in this unit or below now.</param>
    /// <param name="Customer">Only of this customer: their history.</param>
    /// <param name="Waiting">Only those about whom somebody must decide.</param>
    /// <param name="Open">Only those that are listed now.</param>
    /// <param name="After">The last one of the page before.</param>
    public sealed record Request(string? Standard = null, int? UnitId = null, long? Customer = null, bool Waiting = false, bool Open = false, Guid? After = null);

    public sealed record View(
        IReadOnlyList<ListingLine> Lines, Guid? Next, IReadOnlyList<(string Id, Words Name)> Standards, IReadOnlyList<Unit> Units, StandardRun? Run, int PartsLeft);

    public override Permission Needs => Permission.ViewWatch;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        var units = await VisibleUnits.Of(Db, call.Actor, Needs, ct);
        var ids = units.Ids(request.UnitId);
        var rows = Db.Listings.AsNoTracking().Where(l => Db.Customers.Any(c => c.Id == l.CustomerId && ids.Contains(c.UnitId)));
        if (request.Standard is { Length: > 0 } standard)
            rows = rows.Where(l => l.StandardId == standard);
        if (request.Customer is { } customer)
            rows = rows.Where(l => l.CustomerId == customer);
        if (request.Waiting)
            rows = rows.Where(l => l.State == ListingState.Waiting && l.ClosedOn == null);
        if (request.Open)
            rows = rows.Where(l => l.ClosedOn == null);
        if (request.After is { } after)
            rows = rows.Where(l => l.Id.CompareTo(after) < 0);
        var page = await rows.OrderByDescending(l => l.Id).Take(PageSize + 1).ToListAsync(ct);
        var shown = page.Take(PageSize).ToList();
        var lines = await names.Of(shown, units, call, ct);
        var all = await Db.SignedDocuments.AsNoTracking().Where(d => d.Kind == Procedures.SignedKind.Standard && (d.Status == Core.Documents.VersionStatus.Published || d.Status == Core.Documents.VersionStatus.Retired))
            .OrderBy(d => d.Id).ThenBy(d => d.Version).Select(d => new { d.Id, d.Document }).Take(500).ToListAsync(ct);
        var run = await Db.StandardRuns.AsNoTracking().OrderByDescending(r => r.At).FirstOrDefaultAsync(ct);
        var prefix = run is null ? "" : EvaluatePart.Prefix(run.Id);
        var left = run is null ? 0 : await Db.Effects.CountAsync(e => e.Kind == EvaluatePart.Kind && e.State == EffectState.Waiting && e.Key.StartsWith(prefix), ct);
        Db.Audit(call, "listings.listed", "standards", new { shown = lines.Count, request.After });
        // A read keeps no answer under an idempotency key: it holds names.
        await Db.SaveChangesAsync(ct);
        return new View(lines, page.Count > PageSize ? shown[^1].Id : null,
            [.. all.GroupBy(s => s.Id).Select(g => (g.Key, StandardDocument.Read(g.Last().Document).Standard!.Name))], units.InOrder, run, left);
    }
}

/// <summary>Puts listings into words: names masked, reasons from their numbers.</summary>
public sealed class ListingNames(AppDb db, Vault vault, Erasure.Locks locks)
{
    internal async Task<IReadOnlyList<ListingLine>> Of(IReadOnlyList<StandardListing> rows, VisibleUnits units, Call call, CancellationToken ct)
    {
        var ids = rows.Select(l => l.CustomerId).Distinct().ToList();
        var named = await Customers(ids, ct);
        var now = await db.Customers.AsNoTracking().Where(c => ids.Contains(c.Id)).Select(c => new { c.Id, c.UnitId }).ToDictionaryAsync(c => c.Id, c => c.UnitId, ct);
        var keys = rows.Select(l => l.StandardId).Distinct().ToList();
        var standards = (await db.SignedDocuments.AsNoTracking().Where(d => keys.Contains(d.Id)).Select(d => new { d.Id, d.Version, d.Document }).ToListAsync(ct))
            .ToDictionary(d => (d.Id, d.Version), d => StandardDocument.Read(d.Document).Standard!.Name);
        var cases = rows.Where(l => l.CaseId != null).Select(l => l.CaseId!.Value).ToList();
        var numbers = await db.Cases.AsNoTracking().Where(c => cases.Contains(c.Id)).Select(c => new { c.Id, c.Number }).ToDictionaryAsync(c => c.Id, c => c.Number, ct);
        return
        [
            .. rows.Select(l => new ListingLine(l, named.GetValueOrDefault(l.CustomerId, "—"), now.TryGetValue(l.CustomerId, out var unit) && units.Holds(unit) ? units.Name(unit, call.Language) : "",
                standards[(l.StandardId, l.Version)], IndicatorWords.Reasons(StandardDocument.ReasonsOf(l.Reason)), l.CaseId is { } id ? numbers.GetValueOrDefault(id) : null)),
        ];
    }

    /// <summary>The names of customers as they may be shown: an organisation's in clear, a person's masked. The caller writes the audit entry.</summary>
    public async Task<Dictionary<long, string>> Customers(IReadOnlyCollection<long> ids, CancellationToken ct)
    {
        var customers = await db.Customers.AsNoTracking().Where(c => ids.Contains(c.Id)).Select(c => new { c.Id, c.OrganisationName, c.Identity }).ToDictionaryAsync(c => c.Id, ct);
        var locked = await locks.Of([.. ids], ct);
        var names = await vault.OpenAll<CustomerIdentity>(DataClass.Case, CustomerTable.IdentityPlace,
            [.. customers.Values.Where(c => c is { OrganisationName: null, Identity: not null } && !locked.ContainsKey(c.Id)).Select(c => (c.Id, $"{c.Id}", c.Identity!))], ct);
        return customers.Values.ToDictionary(c => c.Id, c => (locked.ContainsKey(c.Id) ? null : c.OrganisationName) ?? Mask.Name(names.GetValueOrDefault(c.Id)?.Name));
    }
}

/// <summary>One listing with what can be decided about it, and the history of its customer's listings.</summary>
public sealed class ShowListing(AppDb db, ListingDesk desk, ListingNames names, StaffDirectory staff) : UseCase<ShowListing.Request, ShowListing.Sheet>(db)
{
    public sealed record Request(Guid Id);

    public sealed record ContractChoice(long Id, string Chinese, string English, DateOnly StartOn);

    public sealed record Sheet(
        ListingLine Line, Standard Standard, IReadOnlyList<Deciding> Reasons, Refusal? WhyNot, IReadOnlyList<ContractChoice> Contracts, IReadOnlyList<ListingLine> History, string? DecidedBy);

    public override Permission Needs => Permission.ViewWatch;

    protected override async Task<Outcome<Sheet>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.Id, call, Needs, ct) is not var (row, standard, path))
            return CommonRefusals.NotFound;
        var why = await desk.WhyNot(row, standard, path, call, ct);
        var units = await VisibleUnits.Of(Db, call.Actor, Needs, ct);
        var history = await Db.Listings.AsNoTracking().Where(l => l.CustomerId == row.CustomerId && l.Id != row.Id).OrderByDescending(l => l.Id).Take(50).ToListAsync(ct);
        var lines = await names.Of([row, .. history], units, call, ct);
        var contracts = standard.Action != StandardAction.OpenOffboarding || why is not null ? []
            : await Db.Contracts.AsNoTracking().Where(c => c.CustomerId == row.CustomerId && c.State != ContractState.Ended).OrderBy(c => c.Id).Take(50)
                .Select(c => new ContractChoice(c.Id, c.ProductChinese, c.ProductEnglish, c.StartOn)).ToListAsync(ct);
        var by = row.DecidedBy is { } decided ? (await staff.Names([decided], ct)).GetValueOrDefault(decided) ?? decided : null;
        Db.Audit(call, "listing.seen", $"listing:{row.Id:N}", new { row.CustomerId });
        await Db.SaveChangesAsync(ct);
        return new Sheet(lines[0], standard, StandardDocument.ReasonsOf(row.Reason), why, contracts, [.. lines.Skip(1)], by);
    }
}
