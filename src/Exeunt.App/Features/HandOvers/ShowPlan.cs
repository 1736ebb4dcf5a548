using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.HandOvers;

/// <summary>Which customers of a plan are shown.</summary>
public enum PlanFilter
{
    All,

    /// <summary>A person chooses for them.</summary>
    ByHand,
    Unassigned,

    /// <summary>Could not be moved, or needed not.</summary>
    Left,

    /// <summary>A visit is planned, done or not wanted.</summary>
    Visits,

    /// <summary>The letter is to be posted.</summary>
    ToPost,
}

/// <summary>How far a plan is, and its customers a page at a time. Who leads the unit sees all; others see the customers they get or give.</summary>
public sealed class ShowPlan(AppDb db, PlanDesk plans, HandOverDesk desk, StaffDirectory staff) : UseCase<ShowPlan.Request, ShowPlan.View>(db)
{
    public const int PageSize = 50;

    /// <param name="After">Position of the last customer of the page before.</param>
    public sealed record Request(Guid Id, PlanFilter Filter = PlanFilter.All, int After = 0);

    /// <param name="Stays">Open cases of the plan's customers that the owner before still has: to be assigned by hand.</param>
    /// <param name="StillTheirs">Customers of the unit the owner before still looks after.</param>
    public sealed record Standing(
        int Total, int Moved, int Left, int Unassigned, int LettersMailed, int LettersPosted, int LettersToPost, int LettersWaiting, int VisitsPlanned, int VisitsDone, int VisitsDeclined, int VisitsWaived, int VisitsOverdue,
        int Stays, int StillTheirs)
    {
        /// <summary>Whether everything is done or waived.</summary>
        public bool IsDone => Moved + Left == Total && LettersToPost + LettersWaiting + VisitsPlanned + Stays + StillTheirs == 0;
    }

    /// <param name="Mine">Whether the visit is the caller's to record.</param>
    public sealed record Item(
        int Position, long CustomerId, string Name, Customers.CustomerTier Tier, int Open, Money Value, bool ByHand, Guid? SuccessorId, string? Successor, PlanItemState State, string? Code, LetterState Letter, Guid? DocumentId,
        VisitState Visit, VisitKind VisitKind, DateOnly? VisitOn, DateOnly? VisitedOn, VisitOutcome? Outcome, string? Present, string? Minutes, string? Waiver, string? VisitBy, bool Mine);

    /// <param name="Gone">Customers of the plan who have asked to leave within twelve months after the owner's last day: numbers of their cases.</param>
    public sealed record View(
        Guid Id, Guid OwnerId, string Owner, string Unit, HandOverReason Reason, PlanStage Stage, DateOnly LastDay, DateOnly FromOn, DateOnly VisitBy, int VisitShare, string MadeBy, string? StartedBy, DateTimeOffset? ClosedAt, int Version, DateOnly Today,
        Standing Standing, IReadOnlyList<Item> Items, int? Next, IReadOnlyList<Share> Successors, IReadOnlyList<StaffDirectory.Holder> Candidates, bool Leads, bool MayWaive, IReadOnlyList<GoneLine> Gone);

    /// <summary>How many customers somebody gets.</summary>
    public sealed record Share(Guid Id, string Name, int Customers, int Open);

    public sealed record GoneLine(Guid CaseId, string Number, DateOnly On);

    public override Permission Needs => Permission.VisitCustomers;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        var led = await plans.Find(request.Id, call, Permission.HandOverCustomers, ct);
        var me = StaffDirectory.GuidOf(call.Actor.Id);
        if ((led?.Plan ?? await Db.PortfolioPlans.AsNoTracking().SingleOrDefaultAsync(p => p.Id == request.Id && p.Stage != PlanStage.Draft
                && (p.OwnerId == me || Db.PlanItems.Any(i => i.PlanId == p.Id && i.Successor == me)), ct)) is not { } plan)
            return CommonRefusals.NotFound;
        var today = call.Today(Clocks.CompanyZone);
        var all = Db.PlanItems.AsNoTracking().Where(i => i.PlanId == plan.Id);
        if (led is null && plan.OwnerId != me)
            all = all.Where(i => i.Successor == me);
        var wanted = request.Filter switch
        {
            PlanFilter.ByHand => all.Where(i => i.ByHand),
            PlanFilter.Unassigned => all.Where(i => i.Successor == null),
            PlanFilter.Left => all.Where(i => i.State == PlanItemState.Left),
            PlanFilter.Visits => all.Where(i => i.Visit != VisitState.None),
            PlanFilter.ToPost => all.Where(i => i.Letter == LetterState.ToPost),
            _ => all,
        };
        var rows = await wanted.Where(i => i.Position > request.After).OrderBy(i => i.Position).Take(PageSize + 1).ToListAsync(ct);
        var page = rows.Take(PageSize).ToList();
        var ids = page.ConvertAll(i => i.CustomerId);
        var customers = await Db.Customers.AsNoTracking().Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, ct);
        var names = await desk.Names(customers.Values, ct);
        var words = await desk.Texts(page.SelectMany(i => new[] { i.MinutesId, i.WaiverId }), ct);
        var shares = await all.Where(i => i.Successor != null).GroupBy(i => i.Successor!.Value).Select(g => new { g.Key, Count = g.Count(), Open = g.Sum(i => i.Open) }).ToListAsync(ct);
        var people = await staff.Names(new[] { StaffDirectory.IdOf(plan.OwnerId), plan.MadeBy, plan.StartedBy ?? "" }.Concat(shares.Select(s => StaffDirectory.IdOf(s.Key))).Concat(page.Select(i => i.VisitBy ?? "")), ct);
        string? Name(Guid? id) => id is { } who ? people.GetValueOrDefault(StaffDirectory.IdOf(who)) ?? "—" : null;
        var unit = await Db.Units.AsNoTracking().SingleAsync(u => u.Id == plan.UnitId, ct);
        var view = new View(
            plan.Id, plan.OwnerId, Name(plan.OwnerId)!, unit.Name(call.Language), plan.Reason, plan.Stage, plan.LastDay, plan.FromOn, plan.VisitBy, plan.VisitShare, people.GetValueOrDefault(plan.MadeBy) ?? "—",
            plan.StartedBy is { } starter ? people.GetValueOrDefault(starter) ?? "—" : null, plan.ClosedAt, plan.Version, today, await StandingOf(Db, plan, today, ct),
            page.ConvertAll(i =>
            {
                var minutes = i.MinutesId is { } id && words.GetValueOrDefault(id) is { } json ? VisitMinutes.Read(json) : null;
                return new Item(i.Position, i.CustomerId, names.GetValueOrDefault(i.CustomerId) ?? "—", customers.GetValueOrDefault(i.CustomerId)?.Tier ?? default, i.Open, new Money(i.Value, i.Currency), i.ByHand, i.Successor, Name(i.Successor), i.State, i.Code, i.Letter,
                    i.DocumentId, i.Visit, i.VisitKind, i.VisitOn, i.VisitedOn, i.Outcome, minutes?.Present, minutes?.Minutes, i.WaiverId is { } w ? words.GetValueOrDefault(w) : null, i.VisitBy is { } by ? people.GetValueOrDefault(by) ?? "—" : null,
                    i.Visit == VisitState.Planned && (led is not null || i.Successor == me || plan.OwnerId == me));
            }),
            rows.Count > PageSize ? page[^1].Position : null, [.. shares.OrderByDescending(s => s.Count).ThenBy(s => s.Key).Select(s => new Share(s.Key, Name(s.Key)!, s.Count, s.Open))],
            led is { } l && plan.Stage == PlanStage.Draft ? [.. (await staff.Holders(Permission.HandleCases, l.Path, ct)).Concat(await Below(l.Path, ct)).Where(h => h.Id != plan.OwnerId).DistinctBy(h => h.Id).OrderBy(h => h.Name, StringComparer.Ordinal)] : [],
            led is not null, led is not null && !Barred(plan, call), await Gone(plan, ct));
        Db.Audit(call, "portfolio.viewed", $"plan:{plan.Id:N}", new { request.Filter, request.After, shown = page.Count });
        await Db.SaveChangesAsync(ct);
        return view;
    }

    /// <summary>Whether somebody made or started the plan, or is the one whose customers it moves, and so waives nothing in it.</summary>
    internal static bool Barred(PortfolioPlan plan, Call call) => call.Actor.Id == plan.MadeBy || call.Actor.Id == plan.StartedBy || call.Actor.Id == StaffDirectory.IdOf(plan.OwnerId);

    /// <summary>Those who can look after customers of a unit below, and not of the whole.</summary>
    private async Task<IEnumerable<StaffDirectory.Holder>> Below(string path, CancellationToken ct)
    {
        var found = new List<StaffDirectory.Holder>();
        foreach (var below in await Db.Units.AsNoTracking().Where(u => u.Path.StartsWith(path) && u.Path != path).OrderBy(u => u.Path).Select(u => u.Path).Take(100).ToListAsync(ct))
            found.AddRange(await staff.Holders(Permission.HandleCases, below, ct));
        return found;
    }

    internal static async Task<Standing> StandingOf(AppDb db, PortfolioPlan plan, DateOnly today, CancellationToken ct)
    {
        var groups = await db.PlanItems.AsNoTracking().Where(i => i.PlanId == plan.Id)
            .GroupBy(i => new { i.State, i.Letter, i.Visit, Overdue = i.Visit == VisitState.Planned && i.VisitOn < today, Nobody = i.Successor == null }).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(ct);
        int Where(Func<PlanItemState, LetterState, VisitState, bool> which) => groups.Where(g => which(g.Key.State, g.Key.Letter, g.Key.Visit)).Sum(g => g.Count);
        var before = StaffDirectory.IdOf(plan.OwnerId);
        var stays = await db.Cases.AsNoTracking().CountAsync(c => c.State != CaseState.Closed && c.AssignedTo == before && c.CustomerId != null
            && db.PlanItems.Any(i => i.PlanId == plan.Id && i.CustomerId == c.CustomerId && i.State == PlanItemState.Moved), ct);
        // Who came to them after the plan was made is not of the plan.
        var theirs = await db.Customers.AsNoTracking().CountAsync(c => c.OwnerId == plan.OwnerId && c.ErasedAt == null && db.PlanItems.Any(i => i.PlanId == plan.Id && i.CustomerId == c.Id && i.State != PlanItemState.Moved), ct);
        return new Standing(
            plan.Total, plan.Moved, plan.Left, groups.Where(g => g.Key.Nobody).Sum(g => g.Count), Where((_, l, _) => l == LetterState.Mailed), Where((_, l, _) => l == LetterState.Posted), Where((_, l, _) => l == LetterState.ToPost),
            Where((s, l, _) => l == LetterState.Waiting && s == PlanItemState.Moved), Where((_, _, v) => v == VisitState.Planned), Where((_, _, v) => v == VisitState.Done), Where((_, _, v) => v == VisitState.Declined),
            Where((_, _, v) => v == VisitState.Waived), groups.Where(g => g.Key.Overdue).Sum(g => g.Count), stays, theirs);
    }

    private async Task<IReadOnlyList<GoneLine>> Gone(PortfolioPlan plan, CancellationToken ct)
    {
        if (plan.Reason != HandOverReason.Departure || plan.Stage is PlanStage.Draft or PlanStage.Cancelled)
            return [];
        var (since, until) = (Clocks.StartOf(plan.LastDay.AddDays(1), Clocks.CompanyZone), Clocks.StartOf(plan.LastDay.AddMonths(OwnerLeft.Months).AddDays(1), Clocks.CompanyZone));
        var gone = await Db.Cases.AsNoTracking().Where(c => c.Kind == CaseKind.Termination && c.CustomerId != null && c.BusinessReceivedAt >= since && c.BusinessReceivedAt < until
                && Db.PlanItems.Any(i => i.PlanId == plan.Id && i.CustomerId == c.CustomerId && i.State == PlanItemState.Moved))
            .OrderBy(c => c.BusinessReceivedAt).ThenBy(c => c.Id).Take(50).Select(c => new { c.Id, c.Number, c.BusinessReceivedAt }).ToListAsync(ct);
        return [.. gone.Select(g => new GoneLine(g.Id, g.Number, Clocks.DateIn(g.BusinessReceivedAt, Clocks.CompanyZone)))];
    }
}
