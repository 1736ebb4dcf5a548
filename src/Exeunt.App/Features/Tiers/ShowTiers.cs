using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Tiers;

/// <summary>How customers spread over the tiers, which moves wait, which tiers are due to be looked at, and the latest moves, in the caller's units.</summary>
public sealed class ShowTiers(AppDb db, CustomerSearch search, StaffDirectory staff, Vault vault, Erasure.Locks locks) : UseCase<ShowTiers.Request, ShowTiers.View>(db)
{
    public const int PageSize = 50;

    /// <param name="CustomerId">Only the moves of one customer; null: of all.</param>
    /// <param name="Before">Serial of the last line of the page before; null: the first page.</param>
    public sealed record Request(long? CustomerId = null, long? Before = null);

    public sealed record UnitTiers(int UnitId, string Unit, int Vip, int Normal, int HighRisk);

    /// <param name="Customer">Masked; null when only one customer's are shown.</param>
    /// <param name="Words">The author's grounds; null: erased or locked.</param>
    public sealed record Line(TierChange Change, string? Customer, string ProposedBy, string? DecidedBy, string? Words, bool MayDecide);

    /// <param name="Due">Tiers to be looked at again, the oldest first, at most 50.</param>
    public sealed record View(IReadOnlyList<UnitTiers> Units, IReadOnlyList<Line> Waiting, IReadOnlyList<Line> Due, IReadOnlyList<Line> Latest, long? Next, bool MayPropose);

    public override Permission Needs => Permission.ViewWatch;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        var units = await VisibleUnits.Of(Db, call.Actor, Needs, ct);
        var ids = units.Ids(null);
        var customers = Db.Customers.AsNoTracking().Where(c => ids.Contains(c.UnitId));
        if (request.CustomerId is { } one)
        {
            customers = customers.Where(c => c.Id == one);
            if (!await customers.AnyAsync(ct))
                return CommonRefusals.NotFound;
        }
        var counts = request.CustomerId is not null ? []
            : await customers.Where(c => c.ErasedAt == null).GroupBy(c => new { c.UnitId, c.Tier }).Select(g => new { g.Key.UnitId, g.Key.Tier, Count = g.Count() }).ToListAsync(ct);
        var spread = counts.GroupBy(c => c.UnitId).Select(g => new UnitTiers(g.Key, units.Name(g.Key, call.Language), In(g.Key, CustomerTier.Vip), In(g.Key, CustomerTier.Normal), In(g.Key, CustomerTier.HighRisk)))
            .OrderBy(u => units.Path(u.UnitId), StringComparer.Ordinal).ToList();
        var mine = Db.TierChanges.AsNoTracking().Where(t => customers.Any(c => c.Id == t.CustomerId));
        var today = call.Today(Clocks.CompanyZone);
        var waiting = await mine.Where(t => t.State == TierChangeState.Waiting).OrderBy(t => t.Serial).Take(PageSize).ToListAsync(ct);
        // The newest move of a customer decides when its tier is looked at.
        var due = await mine.Where(t => t.State == TierChangeState.Done && t.ReviewOn <= today && Db.Customers.Any(c => c.Id == t.CustomerId && c.ErasedAt == null) && !Db.TierChanges.Any(n => n.CustomerId == t.CustomerId && n.State == TierChangeState.Done && n.Serial > t.Serial))
            .OrderBy(t => t.ReviewOn).ThenBy(t => t.Serial).Take(PageSize).ToListAsync(ct);
        var latest = await mine.Where(t => t.State != TierChangeState.Waiting && (request.Before == null || t.Serial < request.Before)).OrderByDescending(t => t.Serial).Take(PageSize + 1).ToListAsync(ct);
        var lines = await Lines(call, [.. waiting.Concat(due).Concat(latest.Take(PageSize)).DistinctBy(t => t.Id)], request.CustomerId is null, units, ct);
        Db.Audit(call, "tiers.viewed", request.CustomerId is { } c0 ? $"customer:{c0}" : "tiers", new { lines = lines.Count });
        // A read keeps no answer under an idempotency key: it holds names and words.
        await Db.SaveChangesAsync(ct);
        return new View(
            spread, [.. waiting.Select(t => lines[t.Id])], [.. due.Select(t => lines[t.Id])], [.. latest.Take(PageSize).Select(t => lines[t.Id])], latest.Count > PageSize ? latest[PageSize - 1].Serial : null,
            call.Actor.Allows(Permission.ProposeTiers));

        int In(int unit, CustomerTier tier) => counts.Where(c => c.UnitId == unit && c.Tier == tier).Sum(c => c.Count);
    }

    private async Task<Dictionary<Guid, Line>> Lines(Call call, List<TierChange> changes, bool withNames, VisibleUnits units, CancellationToken ct)
    {
        var ids = changes.ConvertAll(t => t.CustomerId);
        var customers = await Db.Customers.AsNoTracking().Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, ct);
        var people = withNames ? await search.Open<CustomerIdentity>(customers.Values.Where(c => c is { Kind: CustomerKind.Person, ErasedAt: null }), DataClass.Case, CustomerTable.IdentityPlace, c => c.Identity, ct) : [];
        var words = await CustomerWords.Shown(changes.Select(t => (Guid?)t.TextId), Db, vault, locks, ct);
        var names = await staff.Names(changes.SelectMany(t => new[] { t.ProposedBy, t.DecidedBy }).OfType<string>().Distinct(), ct);
        return changes.ToDictionary(t => t.Id, t =>
        {
            var customer = customers[t.CustomerId];
            return new Line(
                t, withNames ? (customer.ErasedAt is null ? customer.OrganisationName : null) ?? Mask.Name(people.GetValueOrDefault(t.CustomerId)?.Name) : null, names.GetValueOrDefault(t.ProposedBy) ?? "—", t.DecidedBy is { } by ? names.GetValueOrDefault(by) ?? "—" : null,
                words.GetValueOrDefault(t.TextId), t.State == TierChangeState.Waiting && t.ProposedBy != call.Actor.Id && call.Actor.Allows(Permission.DecideTiers, units.Path(customer.UnitId)));
        });
    }
}
