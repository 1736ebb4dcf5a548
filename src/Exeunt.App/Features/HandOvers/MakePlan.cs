using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.HandOvers;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.HandOvers;

/// <summary>
/// Plans the hand-over of everything one person looks after in a unit and below: successors are proposed evenly by open work; VIP and
/// high-risk customers and the most valuable are left for a person to choose, and visited.
/// </summary>
public sealed class MakePlan(AppDb db, PassingOver passing, StaffDirectory staff, StaffDb people) : UseCase<MakePlan.Request, MakePlan.Made>(db)
{
    public const int DefaultVisitShare = 50;

    /// <param name="LastDay">The owner's last day, included; null: the day before the first of the new owners.</param>
    /// <param name="From">First day of the new owners; null: today.</param>
    /// <param name="VisitShare">0 to 100: who together bring so much percent of the revenue in their currency are chosen by hand and visited; null: 50.</param>
    /// <param name="VisitBy">Last day for the visits; null: thirty days after the first day.</param>
    /// <param name="Successors">Who may be proposed; empty: everybody who can.</param>
    /// <param name="Capacity">How many customers of the plan each takes at most; null: any number.</param>
    public sealed record Request(
        Guid Person, int? Unit, HandOverReason? Reason, DateOnly? LastDay = null, DateOnly? From = null, int? VisitShare = null, DateOnly? VisitBy = null, IReadOnlyList<Guid>? Successors = null, int? Capacity = null);

    public sealed record Made(Guid Id, int Total, int Unassigned);

    public override Permission Needs => Permission.HandOverCustomers;

    protected override async Task<Outcome<Made>> Handle(Call call, Request request, CancellationToken ct)
    {
        var units = await VisibleUnits.Of(Db, call.Actor, Needs, ct);
        if (units.InOrder.Count == 0 || (request.Unit is { } asked && !units.Holds(asked)) || !await people.Users.AsNoTracking().AnyAsync(m => m.Id == request.Person, ct))
            return CommonRefusals.NotFound;
        if (request.Reason is not { } reason || reason is not (HandOverReason.Departure or HandOverReason.Absence or HandOverReason.Rebalance))
            return CommonRefusals.Required("reason");
        var today = call.Today(Clocks.CompanyZone);
        var from = request.From ?? today;
        if (DateRange.Check(from, "from") is { } outside)
            return outside;
        var lastDay = request.LastDay ?? from.AddDays(-1);
        var visitBy = request.VisitBy ?? from.AddDays(30);
        if ((DateRange.Check(lastDay, "lastDay") ?? DateRange.Check(visitBy, "visitBy")) is { } never)
            return never;
        if (from < today || from > today.AddDays(HandOverCustomer.MaxDaysAhead) || visitBy < from || visitBy > from.AddDays(183))
            return HandOverRefusals.Dates;
        if (request.VisitShare is < 0 or > 100)
            return Share;
        if (request.Capacity is < 1)
            return Capacity;
        var unit = request.Unit ?? units.InOrder[0].Id;
        var ids = units.Ids(unit);
        if (await Db.PortfolioPlans.AsNoTracking().AnyAsync(p => p.OwnerId == request.Person && p.UnitId == unit && p.ClosedAt == null, ct))
            return HandOverRefusals.PlanExists;
        var portfolio = Db.Customers.AsNoTracking().Where(c => c.OwnerId == request.Person && c.ErasedAt == null && ids.Contains(c.UnitId));
        var rows = await portfolio.OrderBy(c => c.Id).Take(PortfolioPlan.Max + 1).Select(c => new { c.Id, c.UnitId, c.Tier, c.Currency }).ToListAsync(ct);
        if (rows.Count == 0)
            return HandOverRefusals.NothingToPlan;
        if (rows.Count > PortfolioPlan.Max)
            return HandOverRefusals.TooMany;
        var (open, spend) = (await passing.OpenOf(portfolio, today, ct), await passing.SpendOf(portfolio, today, ct));
        var share = request.VisitShare ?? DefaultVisitShare;
        var customers = rows.ConvertAll(r => new PortfolioCustomer(r.Id, r.UnitId, 1 + open.GetValueOrDefault(r.Id), spend.GetValueOrDefault(r.Id), r.Currency, r.Tier != CustomerTier.Normal));
        var valuable = Distribution.MostValuable(customers, share);
        customers = customers.ConvertAll(c => c with { ByHand = c.ByHand || valuable.Contains(c.Id) });
        var proposed = Distribution.Propose(customers, await Candidates(request, units, [.. rows.Select(r => r.UnitId).Distinct()], ct));
        var plan = new PortfolioPlan
        {
            Id = Guid.CreateVersion7(call.Now), OwnerId = request.Person, UnitId = unit, Reason = reason, LastDay = lastDay, FromOn = from, VisitShare = share, VisitBy = visitBy, MadeBy = call.Actor.Id, MadeAt = call.Now, Total = rows.Count,
        };
        Db.PortfolioPlans.Add(plan);
        // Whoever a person chooses for comes first, so that the page begins with them.
        Db.PlanItems.AddRange(customers.OrderByDescending(c => c.ByHand).ThenByDescending(c => c.Weight).ThenBy(c => c.Id).Select((c, i) => new PlanItem
        {
            PlanId = plan.Id, Position = i + 1, CustomerId = c.Id, UnitId = c.Unit, Open = c.Weight - 1, Value = c.Value, Currency = c.Currency, ByHand = c.ByHand, Successor = proposed[c.Id],
            Visit = c.ByHand ? VisitState.Planned : VisitState.None, VisitOn = c.ByHand ? visitBy : null, VisitKind = lastDay >= from ? VisitKind.Joint : VisitKind.Introduction,
        }));
        Db.Audit(call, "portfolio.planned", $"staff:{request.Person:N}", new { plan.Id, plan.UnitId, plan.Total, plan.FromOn });
        return await Commit(new Made(plan.Id, plan.Total, proposed.Values.Count(p => p is null)), ct);
    }

    /// <summary>Everybody who can look after customers of these units, with what they look after already.</summary>
    private async Task<List<Candidate>> Candidates(Request request, VisibleUnits units, List<int> wanted, CancellationToken ct)
    {
        var of = new Dictionary<Guid, HashSet<int>>();
        foreach (var unit in wanted)
            foreach (var holder in await staff.Holders(Permission.HandleCases, units.Path(unit), ct))
                if (holder.Id != request.Person && (request.Successors is not { Count: > 0 } chosen || chosen.Contains(holder.Id)))
                    (of.TryGetValue(holder.Id, out var set) ? set : of[holder.Id] = []).Add(unit);
        var ids = of.Keys.ToList();
        var actors = ids.ToDictionary(StaffDirectory.IdOf);
        var owned = await Db.Customers.AsNoTracking().Where(c => c.OwnerId != null && ids.Contains(c.OwnerId.Value) && c.ErasedAt == null).GroupBy(c => c.OwnerId!.Value).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        var names = actors.Keys.ToList();
        var cases = await Db.Cases.AsNoTracking().Where(c => c.AssignedTo != null && names.Contains(c.AssignedTo) && c.State != Core.Cases.CaseState.Closed).GroupBy(c => c.AssignedTo!).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(ct);
        var loads = cases.ToDictionary(c => actors[c.Key], c => c.Count);
        return [.. of.Select(p => new Candidate(p.Key, p.Value, owned.GetValueOrDefault(p.Key) + loads.GetValueOrDefault(p.Key), request.Capacity))];
    }

    private static readonly Refusal Share = new(RefusalKind.Invalid, "portfolio.share", "A share from 0 to 100 percent, please.", "比例须为 0 至 100。", Field: "visitShare");

    private static readonly Refusal Capacity = new(RefusalKind.Invalid, "portfolio.capacity", "At least one customer, or leave it empty.", "至少 1 个，或留空。", Field: "capacity");
}

/// <summary>Finds plans for those who lead their unit, and for those who make its visits.</summary>
public sealed class PlanDesk(AppDb db)
{
    /// <summary>The plan with its unit's path, tracked; null: there is none for the caller.</summary>
    public async Task<(PortfolioPlan Plan, string Path)?> Find(Guid id, Call call, Permission permission, CancellationToken ct)
    {
        var found = await db.PortfolioPlans.Where(p => p.Id == id).Join(db.Units, p => p.UnitId, u => u.Id, (p, u) => new { Plan = p, u.Path }).SingleOrDefaultAsync(ct);
        return found is null || !call.Actor.Allows(permission, found.Path) ? null : (found.Plan, found.Path);
    }
}

/// <summary>Which customers of a plan are meant: those ticked, or all that have nobody yet.</summary>
public sealed record PlanChoice(IReadOnlyList<int>? Positions, bool AllUnassigned = false);

/// <summary>Gives customers of a plan that has not started to a successor, and plans or drops their visits; many at once.</summary>
public sealed class ChangePlan(AppDb db, PlanDesk plans, StaffDirectory staff) : UseCase<ChangePlan.Request, ChangePlan.Changed>(db)
{
    /// <param name="Successor">Null: as it is.</param>
    /// <param name="Visit">True: to be visited on <paramref name="VisitOn"/> (null: the plan's last day for visits); false: not; null: as it is.</param>
    public sealed record Request(Guid Plan, PlanChoice Choice, Guid? Successor = null, bool? Visit = null, DateOnly? VisitOn = null, VisitKind? Kind = null);

    public sealed record Changed(int Items);

    public override Permission Needs => Permission.HandOverCustomers;

    protected override async Task<Outcome<Changed>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await plans.Find(request.Plan, call, Needs, ct) is not { } found)
            return CommonRefusals.NotFound;
        var plan = found.Plan;
        // Once it runs, only the days of visits that are not made yet can change.
        var visitsOnly = plan.Stage is PlanStage.Running or PlanStage.Moved && request is { Successor: null, Visit: true };
        if (plan.Stage != PlanStage.Draft && !visitsOnly)
            return HandOverRefusals.NotDraft;
        var positions = request.Choice?.Positions?.Distinct().Take(PortfolioPlan.Max).ToList() ?? [];
        var items = await (request.Choice?.AllUnassigned == true
            ? Db.PlanItems.Where(i => i.PlanId == plan.Id && i.Successor == null)
            : Db.PlanItems.Where(i => i.PlanId == plan.Id && positions.Contains(i.Position))).Where(i => !visitsOnly || (i.State != PlanItemState.Left && (i.Visit == VisitState.None || i.Visit == VisitState.Planned))).ToListAsync(ct);
        if (items.Count == 0)
            return HandOverRefusals.NothingChosen;
        if (request.Successor is null && request.Visit is null)
            return CommonRefusals.Required("to");
        if (request.Kind is { } kind && !Enum.IsDefined(kind))
            return CommonRefusals.Required("kind");
        if (request.Successor is { } to)
        {
            var paths = await Db.Units.AsNoTracking().ToDictionaryAsync(u => u.Id, u => u.Path, ct);
            var actor = await staff.ActorOf(to, ct);
            if (to == plan.OwnerId)
                return HandOverRefusals.SameOwner;
            if (items.Any(i => !actor.Allows(Permission.HandleCases, paths[i.UnitId])))
                return HandOverRefusals.NotAnOwner;
        }
        if (request.Visit == true && (request.VisitOn ?? plan.VisitBy) is var day && (day < call.Today(Clocks.CompanyZone) || day > plan.FromOn.AddDays(365)))
            return HandOverRefusals.VisitDay;
        foreach (var item in items)
        {
            item.Successor = request.Successor ?? item.Successor;
            if (request.Visit is { } visit)
                (item.Visit, item.VisitOn, item.VisitKind) = visit ? (VisitState.Planned, (DateOnly?)(request.VisitOn ?? plan.VisitBy), request.Kind ?? item.VisitKind) : (VisitState.None, (DateOnly?)null, item.VisitKind);
            item.Version++;
        }
        // The plan's version too, so that it cannot start from what somebody is changing.
        plan.Version++;
        Db.Audit(call, "portfolio.changed", $"plan:{plan.Id:N}", new { items = items.Count, request.Successor, request.Visit, request.VisitOn });
        return await Commit(new Changed(items.Count), ct);
    }
}

/// <summary>Starts a plan in which every customer has a successor who can; what moves then moves in the background, from the plan's first day.</summary>
public sealed class StartPlan(AppDb db, PlanDesk plans, HandOverDesk desk, StaffDirectory staff) : UseCase<StartPlan.Request, Done>(db)
{
    public sealed record Request(Guid Plan, int? Version = null);

    public override Permission Needs => Permission.HandOverCustomers;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await plans.Find(request.Plan, call, Needs, ct) is not { } found)
            return CommonRefusals.NotFound;
        var plan = found.Plan;
        if (plan.Stage != PlanStage.Draft)
            return HandOverRefusals.NotDraft;
        if (request.Version is { } seen && seen != plan.Version)
            return CommonRefusals.ChangedMeanwhile;
        var groups = await Db.PlanItems.AsNoTracking().Where(i => i.PlanId == plan.Id).GroupBy(i => new { i.Successor, i.UnitId }).Select(g => new { g.Key.Successor, g.Key.UnitId, Count = g.Count() }).ToListAsync(ct);
        var paths = await Db.Units.AsNoTracking().ToDictionaryAsync(u => u.Id, u => u.Path, ct);
        var missing = 0;
        var gets = new Dictionary<Guid, int>();
        foreach (var person in groups.GroupBy(g => g.Successor))
        {
            var actor = person.Key is { } id ? await staff.ActorOf(id, ct) : null;
            foreach (var group in person)
                if (actor?.Allows(Permission.HandleCases, paths[group.UnitId]) == true)
                    gets[person.Key!.Value] = gets.GetValueOrDefault(person.Key.Value) + group.Count;
                else
                    missing += group.Count;
        }
        if (missing > 0)
            return HandOverRefusals.Unassigned(missing);
        (plan.Stage, plan.StartedBy, plan.StartedAt, plan.Version) = (PlanStage.Running, call.Actor.Id, call.Now, plan.Version + 1);
        Db.Enqueue(plan.FromOn <= call.Today(Clocks.CompanyZone) ? RunPlan.Next(plan.Id, 1, call)
            : Effect.At(Clocks.StartOf(plan.FromOn, Clocks.CompanyZone), RunPlan.Kind, $"portfolio|{plan.Id:N}|1", new RunPlan.Part(plan.Id)));
        // Each person is told once, not two hundred times.
        foreach (var (person, count) in gets)
            desk.Tell(person, Notifications.NotificationKind.CustomersReceived, $"{count}", $"/hand-overs/plans/{plan.Id}", "started", call);
        desk.Tell(plan.OwnerId, Notifications.NotificationKind.CustomersGiven, $"{plan.Total}", $"/hand-overs/plans/{plan.Id}", "started", call);
        Db.Audit(call, "portfolio.started", $"plan:{plan.Id:N}", new { plan.Total, successors = gets.Count });
        return await Commit(Done.It, ct);
    }
}

/// <summary>Cancels a plan before any customer has passed over.</summary>
public sealed class CancelPlan(AppDb db, PlanDesk plans) : UseCase<CancelPlan.Request, Done>(db)
{
    public sealed record Request(Guid Plan);

    public override Permission Needs => Permission.HandOverCustomers;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await plans.Find(request.Plan, call, Needs, ct) is not { } found)
            return CommonRefusals.NotFound;
        var plan = found.Plan;
        if (plan.Stage is not (PlanStage.Draft or PlanStage.Running or PlanStage.Moved) || plan.Moved > 0)
            return HandOverRefusals.NotDraft;
        (plan.Stage, plan.ClosedBy, plan.ClosedAt, plan.Version) = (PlanStage.Cancelled, call.Actor.Id, call.Now, plan.Version + 1);
        Db.Audit(call, "portfolio.cancelled", $"plan:{plan.Id:N}");
        return await Commit(Done.It, ct);
    }
}
