using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.HandOvers;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.HandOvers;

/// <summary>Who was there and what was said at a visit; sealed as one text.</summary>
public sealed record VisitMinutes(string Present, string Minutes)
{
    public static VisitMinutes? Read(string json) => JsonSerializer.Deserialize<VisitMinutes>(json, Json.Plain);

    public string Write() => JsonSerializer.Serialize(this, Json.Plain);
}

/// <summary>Records the visit at which a new contact was introduced, or that the customer wanted none. The new owner, the one before, or whoever leads the unit.</summary>
public sealed class RecordVisit(AppDb db, PlanDesk plans, HandOverDesk desk) : UseCase<RecordVisit.Request, Done>(db)
{
    public const int MaxPresent = 300;

    /// <param name="Declined">The customer wanted no visit; then only the minutes say so.</param>
    public sealed record Request(Guid Plan, int Position, DateOnly? On, string? Present, VisitOutcome? Outcome, string? Minutes, bool Declined = false);

    public override Permission Needs => Permission.VisitCustomers;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        var leads = await plans.Find(request.Plan, call, Permission.HandOverCustomers, ct) is not null;
        if (await Db.PlanItems.SingleOrDefaultAsync(i => i.PlanId == request.Plan && i.Position == request.Position, ct) is not { } item
            || await Db.PortfolioPlans.SingleOrDefaultAsync(p => p.Id == request.Plan, ct) is not { } plan)
            return CommonRefusals.NotFound;
        var me = StaffDirectory.GuidOf(call.Actor.Id);
        if (!leads && item.Successor != me && plan.OwnerId != me)
            // Somebody of the plan is told whose visit it is; to a stranger there is no plan.
            return await Db.PlanItems.AnyAsync(i => i.PlanId == plan.Id && i.Successor == me, ct) ? HandOverRefusals.NotYourVisit : CommonRefusals.NotFound;
        if (item.Visit != VisitState.Planned || plan.Stage is not (PlanStage.Running or PlanStage.Moved))
            return HandOverRefusals.NoVisit;
        if (CommonRefusals.Unfit("minutes", request.Minutes, PlanItem.MaxMinutes, out var unfit))
            return unfit;
        var today = call.Today(Clocks.CompanyZone);
        if (!request.Declined)
        {
            if (CommonRefusals.Unfit("present", request.Present, MaxPresent, out unfit))
                return unfit;
            if (request.Outcome is not { } outcome || !Enum.IsDefined(outcome))
                return CommonRefusals.Required("outcome");
            if (request.On is not { } on || on > today || on < today.AddYears(-1))
                return HandOverRefusals.VisitDay;
        }
        if (await Db.Customers.AsNoTracking().AnyAsync(c => c.Id == item.CustomerId && c.ErasedAt != null, ct))
            return GivingUpCheck.Erased;
        item.MinutesId = await desk.StageText(item.CustomerId, DataClass.Profile, "visit", new VisitMinutes(request.Declined ? "" : request.Present!.Trim(), request.Minutes.Trim()).Write(), ct);
        (item.Visit, item.VisitedOn, item.Outcome) = request.Declined ? (VisitState.Declined, (DateOnly?)null, (VisitOutcome?)null) : (VisitState.Done, request.On, request.Outcome);
        (item.VisitBy, item.VisitAt, item.Version) = (call.Actor.Id, call.Now, item.Version + 1);
        Db.Audit(call, request.Declined ? "visit.declined" : "visit.recorded", $"customer:{item.CustomerId}", new { item.PlanId, item.VisitedOn, item.Outcome });
        return await Commit(Done.It, ct);
    }
}

/// <summary>What of a customer in a plan can be waived.</summary>
public enum PlanPart
{
    Visit,
    Letter,
}

/// <summary>Decides with words that a visit or letter need not be: somebody else than whoever made or started the plan or should make the visit.</summary>
public sealed class WaivePart(AppDb db, PlanDesk plans, HandOverDesk desk) : UseCase<WaivePart.Request, Done>(db)
{
    public const int MaxWords = 1000;

    public sealed record Request(Guid Plan, int Position, PlanPart? Part, string? Words);

    public override Permission Needs => Permission.HandOverCustomers;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await plans.Find(request.Plan, call, Needs, ct) is not { } found || await Db.PlanItems.SingleOrDefaultAsync(i => i.PlanId == request.Plan && i.Position == request.Position, ct) is not { } item)
            return CommonRefusals.NotFound;
        if (ShowPlan.Barred(found.Plan, call) || item.Successor == StaffDirectory.GuidOf(call.Actor.Id))
            return HandOverRefusals.OwnWaiver;
        if (found.Plan.Stage is not (PlanStage.Running or PlanStage.Moved) || (request.Part == PlanPart.Letter ? item.Letter != LetterState.ToPost : item.Visit != VisitState.Planned))
            return HandOverRefusals.NoVisit;
        if (request.Part is null)
            return CommonRefusals.Required("part");
        if (CommonRefusals.Unfit("words", request.Words, MaxWords, out var unfit))
            return unfit;
        // An erased customer's key is gone: that it was waived, and by whom, stands in the row.
        if (await Db.Customers.AsNoTracking().AnyAsync(c => c.Id == item.CustomerId && c.ErasedAt == null, ct))
            item.WaiverId = await desk.StageText(item.CustomerId, DataClass.Profile, "visit", request.Words, ct);
        if (request.Part == PlanPart.Letter)
            item.Letter = LetterState.None;
        else
            (item.Visit, item.VisitBy, item.VisitAt) = (VisitState.Waived, call.Actor.Id, call.Now);
        item.Version++;
        Db.Audit(call, "portfolio.waived", $"customer:{item.CustomerId}", new { item.PlanId, request.Part });
        return await Commit(Done.It, ct);
    }
}

/// <summary>The letter to a customer without a mail address was posted.</summary>
public sealed class PostLetter(AppDb db, PlanDesk plans) : UseCase<PostLetter.Request, Done>(db)
{
    public sealed record Request(Guid Plan, int Position);

    public override Permission Needs => Permission.HandOverCustomers;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await plans.Find(request.Plan, call, Needs, ct) is null || await Db.PlanItems.SingleOrDefaultAsync(i => i.PlanId == request.Plan && i.Position == request.Position, ct) is not { } item)
            return CommonRefusals.NotFound;
        if (item.Letter != LetterState.ToPost)
            return HandOverRefusals.NoVisit;
        (item.Letter, item.Version) = (LetterState.Posted, item.Version + 1);
        Db.Audit(call, "hand-over.letter-posted", $"customer:{item.CustomerId}", new { item.PlanId, item.DocumentId });
        return await Commit(Done.It, ct);
    }
}

/// <summary>Closes a plan in which everything is done, or waived by somebody else.</summary>
public sealed class ClosePlan(AppDb db, PlanDesk plans) : UseCase<ClosePlan.Request, Done>(db)
{
    public sealed record Request(Guid Plan);

    public override Permission Needs => Permission.HandOverCustomers;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await plans.Find(request.Plan, call, Needs, ct) is not { } found)
            return CommonRefusals.NotFound;
        var plan = found.Plan;
        if (plan.Stage is PlanStage.Draft or PlanStage.Closed or PlanStage.Cancelled)
            return HandOverRefusals.NotDraft;
        var standing = await ShowPlan.StandingOf(Db, plan, call.Today(Clocks.CompanyZone), ct);
        if (plan.Stage == PlanStage.Running)
            return HandOverRefusals.NotDone("customers", plan.Total - plan.Moved - plan.Left, "个客户的交接");
        if (standing.StillTheirs > 0)
            return HandOverRefusals.NotDone("customers", standing.StillTheirs, "个客户的交接");
        if (standing.Stays > 0)
            return HandOverRefusals.NotDone("cases of the owner before", standing.Stays, "个仍由原负责人办理的案件");
        if (standing.LettersToPost + standing.LettersWaiting is > 0 and var letters)
            return HandOverRefusals.NotDone("letters", letters, "封通知函");
        if (standing.VisitsPlanned > 0)
            return HandOverRefusals.NotDone("visits", standing.VisitsPlanned, "次拜访");
        (plan.Stage, plan.ClosedBy, plan.ClosedAt, plan.Version) = (PlanStage.Closed, call.Actor.Id, call.Now, plan.Version + 1);
        Db.Audit(call, "portfolio.closed", $"plan:{plan.Id:N}", new { plan.Total, plan.Moved, plan.Left, standing.VisitsDone, standing.VisitsDeclined, standing.VisitsWaived });
        return await Commit(Done.It, ct);
    }
}
