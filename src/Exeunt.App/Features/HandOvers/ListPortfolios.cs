using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Staff;
using Exeunt.App.Features.Units;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Activity;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.HandOvers;

/// <summary>How much business hangs on one person.</summary>
/// <param name="Spend">Of the twelve closed months, in each currency.</param>
/// <param name="Share">Of the spend of all customers of the units looked at, in the currency most of them spend in: 0 to 100; null: they bring nothing in it.</param>
public sealed record Portfolio(Guid Id, string Name, bool IsDisabled, int Customers, int Vip, int HighRisk, IReadOnlyList<Money> Spend, int? Share);

/// <summary>The people who look after customers of the caller's units, with how much hangs on each; plans and requests that are open.</summary>
public sealed class ListPortfolios(AppDb db, StaffDb people, HandOverDesk desk, StaffDirectory staff) : UseCase<ListPortfolios.Request, ListPortfolios.View>(db)
{
    private const int Max = 200;

    /// <summary>From this share on it is said that the business hangs on one person.</summary>
    public const int MuchShare = 30;

    /// <param name="Unit">This unit and below; null: all of the caller's.</param>
    public sealed record Request(int? Unit = null);

    public sealed record PlanLine(Guid Id, string Owner, string Unit, PlanStage Stage, int Total, int Done, DateOnly FromOn);

    public sealed record GivingUpLine(Guid Id, long CustomerId, string Name, GivingUpState State, DateOnly FromOn, string AskedBy);

    /// <param name="ShareIn">Currency of the shares; null: nobody spends anything.</param>
    /// <param name="Nobodys">Customers without an owner, and how many of them were given up.</param>
    public sealed record View(IReadOnlyList<Portfolio> People, IReadOnlyList<PlanLine> Plans, IReadOnlyList<GivingUpLine> GivingUps, int Nobodys, int GivenUp, IReadOnlyList<Unit> Units, string? ShareIn);

    public override Permission Needs => Permission.HandOverCustomers;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        var units = await VisibleUnits.Of(Db, call.Actor, Needs, ct);
        var ids = units.Ids(request.Unit);
        var today = call.Today(Clocks.CompanyZone);
        var customers = Db.Customers.AsNoTracking().Where(c => ids.Contains(c.UnitId) && c.ErasedAt == null);
        var counts = await customers.Where(c => c.OwnerId != null).GroupBy(c => c.OwnerId!.Value)
            .Select(g => new { Owner = g.Key, Count = g.Count(), Vip = g.Count(c => c.Tier == CustomerTier.Vip), Risk = g.Count(c => c.Tier == CustomerTier.HighRisk) })
            .OrderByDescending(g => g.Count).ThenBy(g => g.Owner).Take(Max).ToListAsync(ct);
        // One pass over the months; what nobody looks after counts in the whole.
        var spend = new Dictionary<(Guid? Owner, string Currency), long>();
        var spenders = new Dictionary<string, int>(StringComparer.Ordinal);
        await foreach (var row in Db.Activity.AsNoTracking().Join(customers, a => a.CustomerId, c => c.Id, (a, c) => new { a.Months, c.OwnerId, c.Currency }).AsAsyncEnumerable().WithCancellation(ct))
            if (Indicators.Of(row.Months, today) is { Spend12m: not 0 } known)
            {
                spend[(row.OwnerId, row.Currency)] = spend.GetValueOrDefault((row.OwnerId, row.Currency)) + known.Spend12m;
                spenders[row.Currency] = spenders.GetValueOrDefault(row.Currency) + 1;
            }
        // Amounts of different currencies are never compared: the shares are in the one most customers spend in.
        var main = spenders.OrderByDescending(s => s.Value).ThenBy(s => s.Key, StringComparer.Ordinal).Select(s => s.Key).FirstOrDefault();
        var whole = spend.Where(s => s.Key.Currency == main).Sum(s => (decimal)s.Value);
        var owners = counts.Select(c => c.Owner).ToList();
        var members = await people.Users.AsNoTracking().Where(m => owners.Contains(m.Id)).Select(m => new { m.Id, m.DisplayName, m.IsDisabled }).ToDictionaryAsync(m => m.Id, ct);
        var plans = await Db.PortfolioPlans.AsNoTracking().Where(p => ids.Contains(p.UnitId) && p.ClosedAt == null).OrderByDescending(p => p.MadeAt).ThenBy(p => p.Id).Take(Max).ToListAsync(ct);
        var giving = await Db.GivingUps.AsNoTracking().Where(g => g.State == GivingUpState.Asked || g.State == GivingUpState.Approved || g.State == GivingUpState.Returned)
            .Join(customers, g => g.CustomerId, c => c.Id, (g, c) => new { Row = g, Customer = c }).OrderByDescending(g => g.Row.AskedAt).ThenBy(g => g.Row.Id).Take(Max).ToListAsync(ct);
        var names = await staff.Names(plans.Select(p => StaffDirectory.IdOf(p.OwnerId)).Concat(giving.Select(g => g.Row.AskedBy)), ct);
        var who = await desk.Names([.. giving.Select(g => g.Customer).DistinctBy(c => c.Id)], ct);
        return new View(
            [.. counts.Select(c =>
            {
                var own = spend.Where(s => s.Key.Owner == c.Owner).OrderBy(s => s.Key.Currency, StringComparer.Ordinal).ToList();
                var share = main is null ? 0 : spend.GetValueOrDefault((c.Owner, main));
                var member = members.GetValueOrDefault(c.Owner);
                return new Portfolio(c.Owner, member?.DisplayName ?? "—", member?.IsDisabled ?? true, c.Count, c.Vip, c.Risk, [.. own.Select(s => new Money(s.Value, s.Key.Currency))], share <= 0 || whole <= 0 ? null : (int)Math.Clamp(share * 100m / whole, 0, 100));
            })],
            [.. plans.Select(p => new PlanLine(p.Id, names.GetValueOrDefault(StaffDirectory.IdOf(p.OwnerId)) ?? "—", units.Name(p.UnitId, call.Language), p.Stage, p.Total, p.Moved + p.Left, p.FromOn))],
            [.. giving.Select(g => new GivingUpLine(g.Row.Id, g.Row.CustomerId, who[g.Customer.Id], g.Row.State, g.Row.FromOn, names.GetValueOrDefault(g.Row.AskedBy) ?? "—"))],
            await customers.CountAsync(c => c.OwnerId == null, ct), await customers.CountAsync(c => c.GivenUpOn != null, ct), units.InOrder, main);
    }
}

/// <summary>What hangs on one person and would pass over, before a plan is made.</summary>
public sealed class ShowPortfolio(AppDb db, PassingOver passing, StaffDb people, StaffDirectory staff) : UseCase<ShowPortfolio.Request, ShowPortfolio.View>(db)
{
    public sealed record Request(Guid Person, int? Unit = null);

    /// <summary>One class of the portfolio.</summary>
    public sealed record ClassLine(CustomerTier Tier, int Customers, IReadOnlyList<Money> Spend);

    /// <param name="Elsewhere">Customers of the person in units that are not the caller's: somebody there plans their hand-over.</param>
    /// <param name="PlanId">The open plan for this person and unit.</param>
    /// <param name="UnitId">The unit looked at: chosen, or the highest of the caller's.</param>
    public sealed record View(
        Guid Id, string Name, bool IsDisabled, int Customers, IReadOnlyList<ClassLine> Classes, IReadOnlyList<PassingTotal> Totals, int Elsewhere, Guid? PlanId, IReadOnlyList<Unit> Units, int UnitId,
        IReadOnlyList<StaffDirectory.Holder> Candidates, DateOnly Today);

    public override Permission Needs => Permission.HandOverCustomers;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        var units = await VisibleUnits.Of(Db, call.Actor, Needs, ct);
        if (units.InOrder.Count == 0 || (request.Unit is { } asked && !units.Holds(asked)) || await people.Users.AsNoTracking().SingleOrDefaultAsync(m => m.Id == request.Person, ct) is not { } person)
            return CommonRefusals.NotFound;
        var unit = request.Unit ?? units.InOrder[0].Id;
        var ids = units.Ids(unit);
        var today = call.Today(Clocks.CompanyZone);
        var all = Db.Customers.AsNoTracking().Where(c => c.OwnerId == person.Id && c.ErasedAt == null);
        var mine = all.Where(c => ids.Contains(c.UnitId));
        var rows = await mine.Select(c => new { c.Id, c.Tier, c.Currency }).ToListAsync(ct);
        var spend = await passing.SpendOf(mine, today, ct);
        var plan = await Db.PortfolioPlans.AsNoTracking().Where(p => p.OwnerId == person.Id && p.UnitId == unit && p.ClosedAt == null).Select(p => (Guid?)p.Id).SingleOrDefaultAsync(ct);
        return new View(person.Id, person.DisplayName, person.IsDisabled, rows.Count,
            [.. rows.GroupBy(r => r.Tier).OrderBy(g => g.Key switch { CustomerTier.Vip => 0, CustomerTier.HighRisk => 1, _ => 2 }).Select(g => new ClassLine(g.Key, g.Count(),
                [.. g.GroupBy(r => r.Currency).OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => new Money(c.Sum(r => spend.GetValueOrDefault(r.Id)), c.Key))]))],
            await passing.Totals(mine, today, ct), await all.CountAsync(ct) - rows.Count, plan, units.InOrder, unit,
            [.. (await staff.Holders(Permission.HandleCases, units.Path(unit), ct)).Where(h => h.Id != person.Id)], today);
    }
}
