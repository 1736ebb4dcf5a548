using Exeunt.App.Data;
using Exeunt.App.Features.Classes;
using Exeunt.App.Features.HandOvers;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Features.Today;
using Exeunt.App.Features.Work;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Policies;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Agenda;

/// <summary>What stands on a day of the calendar.</summary>
public enum AgendaKind
{
    /// <summary>The last service day of a case.</summary>
    Ends,

    /// <summary>Something a case waits for is due.</summary>
    Due,

    /// <summary>A work order is due.</summary>
    Work,

    /// <summary>The last day of a legal or agreed period: to object, to improve.</summary>
    Deadline,

    /// <summary>An instalment is due.</summary>
    Instalment,

    /// <summary>A policy is to be reviewed.</summary>
    Review,

    /// <summary>A visit at which a new contact is introduced.</summary>
    Visit,

    /// <summary>Something that the plan of a customer's class asks for.</summary>
    Plan,
}

/// <summary>One line of a day.</summary>
/// <param name="Name">Number of the case, the policy or the customer.</param>
/// <param name="Words">What it is, in the call's language; holds no personal data.</param>
public sealed record AgendaItem(DateOnly On, AgendaKind Kind, string Name, string Words, string Link);

/// <summary>What happens on the days of a range, as far as the caller may know: by unit and permission, at most 200 of each kind.</summary>
public sealed class ShowAgenda(AppDb db, CaseDesk desk, Inbox inbox, ClassBook book) : UseCase<ShowAgenda.Request, ShowAgenda.View>(db)
{
    public const int MaxOfKind = 200;
    public const int MaxDays = 400;

    /// <param name="Until">The last day, included; at most 400 days after the first.</param>
    /// <param name="Mine">Only what is assigned to the caller.</param>
    public sealed record Request(DateOnly From, DateOnly Until, bool Mine = false);

    /// <param name="Capped">Kinds of which there is more than is shown.</param>
    public sealed record View(DateOnly Today, IReadOnlyList<AgendaItem> Items, IReadOnlyList<AgendaKind> Capped);

    public override Permission Needs => Permission.Staff;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        var (from, until) = (request.From, request.Until);
        if ((DateRange.Check(from, "from") ?? DateRange.Check(until, "until")) is { } never)
            return never;
        if (until < from || until.DayNumber - from.DayNumber > MaxDays)
            return AgendaRefusals.Range;
        var t = Texts.In(call.Language);
        var (items, capped) = (new List<AgendaItem>(), new List<AgendaKind>());
        void Add(AgendaKind kind, IEnumerable<AgendaItem> found)
        {
            var all = found.ToList();
            if (all.Count > MaxOfKind)
                capped.Add(kind);
            items.AddRange(all.Take(MaxOfKind));
        }
        if (call.Actor.Allows(Permission.ViewCases))
        {
            var me = call.Actor.Id;
            var cases = desk.Visible(call, Permission.ViewCases).Where(c => c.State != CaseState.Closed);
            if (request.Mine)
                cases = cases.Where(c => c.AssignedTo == me);
            Add(AgendaKind.Ends, (await cases.Where(c => c.EffectiveOn >= from && c.EffectiveOn <= until).OrderBy(c => c.EffectiveOn).ThenBy(c => c.Id).Take(MaxOfKind + 1)
                .Select(c => new { c.Id, c.Number, On = c.EffectiveOn!.Value, c.Kind }).ToListAsync(ct))
                .Select(c => new AgendaItem(c.On, AgendaKind.Ends, c.Number, t["agenda.ends", t.Of("desk.kind", c.Kind)], $"/cases/{c.Id}")));
            Add(AgendaKind.Deadline, (await cases.Where(c => (c.ObjectUntil >= from && c.ObjectUntil <= until) || (c.CureUntil >= from && c.CureUntil <= until)).OrderBy(c => c.Id).Take(MaxOfKind + 1)
                .Select(c => new { c.Id, c.Number, c.ObjectUntil, c.CureUntil }).ToListAsync(ct))
                .SelectMany(c => new[] { (On: c.ObjectUntil, Key: "agenda.object"), (On: c.CureUntil, Key: "agenda.cure") }.Where(d => d.On >= from && d.On <= until)
                    .Select(d => new AgendaItem(d.On!.Value, AgendaKind.Deadline, c.Number, t[d.Key], $"/cases/{c.Id}"))));
        }
        // A midnight that is due belongs to the day before it.
        Add(AgendaKind.Due, (await inbox.Within(call, request.Mine ? InboxScope.Mine : InboxScope.ForMe,
                Clocks.StartOf(from, Clocks.CompanyZone).AddMilliseconds(1), Clocks.StartOf(until.AddDays(1), Clocks.CompanyZone).AddMilliseconds(1), MaxOfKind + 1, ct))
            .Select(l => new AgendaItem(Clocks.DateIn(l.DueAt!.Value.AddMilliseconds(-1), Clocks.CompanyZone), AgendaKind.Due, l.Number, t["wait." + l.What], $"/cases/{l.CaseId}#next")));
        if (call.Actor.Allows(Permission.CarryOutWork))
            Add(AgendaKind.Work, (await (await ListedWork.Of(Db, desk, call, ct)).Where(w => w.Order.DoneAt == null && w.Order.DueOn >= from && w.Order.DueOn <= until)
                .Where(w => !request.Mine || w.AssignedTo == call.Actor.Id).OrderBy(w => w.Order.DueOn).ThenBy(w => w.CaseNumber).ThenBy(w => w.Order.Id).Take(MaxOfKind + 1).ToListAsync(ct))
                .Select(w => new AgendaItem(w.Order.DueOn, AgendaKind.Work, w.Number, w.Order.Words(t), w.Link)));
        if (call.Actor.Allows(Permission.ViewMoney) && !request.Mine)
            Add(AgendaKind.Instalment, (await Db.PlanRows.AsNoTracking().Where(r => r.DueOn >= from && r.DueOn <= until)
                .Join(Db.Plans.Where(p => p.State != PlanState.Paid), r => r.PlanId, p => p.Id, (r, p) => new { r.DueOn, r.Number, p.CaseId })
                .Join(desk.Visible(call, Permission.ViewMoney), r => r.CaseId, c => c.Id, (r, c) => new { r.DueOn, Part = r.Number, c.Id, c.Number })
                .OrderBy(r => r.DueOn).ThenBy(r => r.Number).Take(MaxOfKind + 1).ToListAsync(ct))
                .Select(r => new AgendaItem(r.DueOn, AgendaKind.Instalment, r.Number, t["agenda.instalment", r.Part], $"/cases/{r.Id}#payment")));
        if (call.Actor.Allows(Permission.ReviewPolicies))
            Add(AgendaKind.Review, (await Db.PolicyReviews.AsNoTracking().Where(r => r.DoneAt == null && r.DueOn >= from && r.DueOn <= until)
                .Join(Db.Policies.Where(p => p.Status == PolicyStatus.Published), r => new { r.Number, r.Version }, p => new { p.Number, p.Version }, (r, p) => new { r.Number, r.Version, r.DueOn })
                .OrderBy(r => r.DueOn).Take(MaxOfKind + 1).ToListAsync(ct))
                .Select(r => new AgendaItem(r.DueOn, AgendaKind.Review, r.Number, t["agenda.review"], $"/policies/{r.Number}/{r.Version}#review")));
        if (Staff.StaffDirectory.GuidOf(call.Actor.Id) is { } visitor && call.Actor.Allows(Permission.VisitCustomers))
            Add(AgendaKind.Visit, (await Db.PlanItems.AsNoTracking().Where(i => i.Visit == VisitState.Planned && i.VisitOn >= from && i.VisitOn <= until)
                .Join(Db.PortfolioPlans.Where(p => p.Stage == PlanStage.Running || p.Stage == PlanStage.Moved), i => i.PlanId, p => p.Id, (i, p) => new { i.CustomerId, i.VisitOn, i.Successor, i.VisitKind, i.PlanId, p.OwnerId })
                .Where(v => v.Successor == visitor || (v.OwnerId == visitor && v.VisitKind == VisitKind.Joint)).OrderBy(v => v.VisitOn).ThenBy(v => v.CustomerId).Take(MaxOfKind + 1).ToListAsync(ct))
                .Select(v => new AgendaItem(v.VisitOn!.Value, AgendaKind.Visit, $"{v.CustomerId}", t["agenda.visit"], $"/hand-overs/plans/{v.PlanId}?show=Visits")));
        if (call.Actor.Allows(Permission.DecideListings))
        {
            var planned = ListClassTasks.Open(Db, (await Customers.VisibleUnits.Of(Db, call.Actor, Permission.DecideListings, ct)).Ids(null)).Where(x => x.Task.DueOn >= from && x.Task.DueOn <= until);
            if (request.Mine)
                planned = ListClassTasks.ForMe(planned, call);
            var tasks = await planned.OrderBy(x => x.Task.DueOn).ThenBy(x => x.Task.Id).Take(MaxOfKind + 1).ToListAsync(ct);
            var schemes = await book.Of(tasks.Select(x => (x.Task.SchemeId, x.Task.SchemeVersion)), ct);
            Add(AgendaKind.Plan, tasks.Select(x => schemes[(x.Task.SchemeId, x.Task.SchemeVersion)].Class(x.Task.Class)!).Zip(tasks, (c, x) => new AgendaItem(
                x.Task.DueOn, AgendaKind.Plan, $"{x.Task.CustomerId}", t["agenda.plan", c.Step(x.Task.Step)!.What.In(call.Language), c.Name.In(call.Language)], $"/customers/{x.Task.CustomerId}#classes")));
        }
        return new View(call.Today(Clocks.CompanyZone), [.. items.OrderBy(i => i.On).ThenBy(i => i.Kind).ThenBy(i => i.Name, StringComparer.Ordinal)], capped);
    }
}

internal static class AgendaRefusals
{
    public static readonly Refusal Range = new(RefusalKind.Invalid, "agenda.range",
        $"Ask for at most {ShowAgenda.MaxDays} days, the last not before the first.", $"最多查询 {ShowAgenda.MaxDays} 天，且止日不得早于起日。", Field: "until");
}
