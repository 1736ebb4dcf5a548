using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.App.Ui;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Policies;
using Exeunt.Core.Settlement;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Settlements;

/// <summary>Stages plans of instalments for what is open of a claim. The caller saves.</summary>
public sealed class PlanMaker(AppDb db)
{
    /// <summary>What the case's reconciliation ends with when a plan watches the money.</summary>
    public const string Reference = "plan";

    /// <param name="count">2 to the policy's most: the caller has checked it.</param>
    public Plan Stage(PaymentOrder order, ExitCase exit, int count, InstalmentTerms terms, Call call)
    {
        var today = call.Today(exit.Zone!);
        var first = exit.EffectiveOn!.Value.AddDays(terms.FirstDueDays);
        var plan = new Plan { Id = Guid.CreateVersion7(), OrderId = order.Id, CaseId = order.CaseId, Price = order.Open.Minor, Currency = order.Currency, MadeBy = call.Actor.Id, MadeAt = call.Now };
        db.Plans.Add(plan);
        foreach (var row in InstalmentPlan.Of(order.Open, count, first > today ? first : today.AddDays(1)))
            db.PlanRows.Add(new PlanRow { PlanId = plan.Id, Number = row.Number, DueOn = row.DueOn, Amount = row.Amount });
        db.Audit(call, "plan.made", $"plan:{plan.Id:N}", new { plan.CaseId, plan.OrderId, count, plan.Price, plan.Currency });
        return plan;
    }

    /// <summary>The open claim of a case, why there is none, or why the policy knows no such plan.</summary>
    public async Task<Outcome<(PaymentOrder Order, InstalmentTerms Terms)>> Claim(ExitCase exit, int? count, Settling settling, CancellationToken ct)
    {
        var order = await db.PaymentOrders.SingleOrDefaultAsync(o => o.CaseId == exit.Id && o.Purpose == PaymentPurpose.Settlement, ct);
        if (order is not { Direction: PaymentDirection.Claim } || order.Open.Minor <= 0)
            return PlanRefusals.NoClaim;
        var contract = await db.Contracts.AsNoTracking().SingleAsync(c => c.Id == exit.ContractId, ct);
        if ((await settling.PolicyOf(contract, ct)).Instalments is not { } terms)
            return PlanRefusals.NotAllowed;
        return count is not { } n || n < 2 || n > terms.MaxCount ? PlanRefusals.Count(terms.MaxCount) : (order, terms);
    }

    /// <summary>The plan that runs for a case, with its instalments; null: none.</summary>
    public async Task<(Plan Plan, List<PlanRow> Rows)?> Running(Guid caseId, CancellationToken ct)
    {
        var plan = await db.Plans.SingleOrDefaultAsync(p => p.CaseId == caseId && (p.State == PlanState.Running || p.State == PlanState.Accelerated), ct);
        return plan is null ? null : (plan, await db.PlanRows.Where(r => r.PlanId == plan.Id).OrderBy(r => r.Number).ToListAsync(ct));
    }
}

/// <summary>Makes a plan for the claim of a case within the policy's limits; one that runs is replaced.</summary>
public sealed class MakePlan(AppDb db, CaseDesk desk, Settling settling, PlanMaker plans, Allocating allocating) : UseCase<MakePlan.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, int? Count);

    public override Permission Needs => Permission.HandleMoney;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        var claim = await plans.Claim(exit, request.Count, settling, ct);
        if (claim.Refusal is { } no)
            return no;
        var (order, terms) = claim.Value;
        if (await plans.Running(exit.Id, ct) is { } old)
        {
            old.Plan.State = PlanState.Replaced;
            old.Plan.Version++;
            Db.Audit(call, "plan.replaced", $"plan:{old.Plan.Id:N}", new { old.Plan.CaseId });
        }
        plans.Stage(order, exit, request.Count!.Value, terms, call);
        await allocating.FinishCase(order, PlanMaker.Reference, call, ct);
        return await Commit(Done.It, ct);
    }
}

/// <summary>The customer chooses to pay by instalments, once, within the policy's limits.</summary>
public sealed class ChooseInstalments(AppDb db, CaseDesk desk, Settling settling, PlanMaker plans, Allocating allocating) : UseCase<ChooseInstalments.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, int? Count);

    public override Permission Needs => Permission.CustomerOfCase;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.FindOwn(request.CaseId, call, ct) is not { } exit)
            return CommonRefusals.NotFound;
        var claim = await plans.Claim(exit, request.Count, settling, ct);
        if (claim.Refusal is { } no)
            return no;
        if (await Db.Plans.AnyAsync(p => p.CaseId == exit.Id, ct))
            return PlanRefusals.ThereIsOne;
        plans.Stage(claim.Value.Order, exit, request.Count!.Value, claim.Value.Terms, call);
        await allocating.FinishCase(claim.Value.Order, PlanMaker.Reference, call, ct);
        return await Commit(Done.It, ct);
    }
}

/// <summary>Demands overdue instalments (催告): the customer is told, and the period after which the whole may be demanded begins.</summary>
public sealed class DemandInstalments(AppDb db, CaseDesk desk, PlanMaker plans, CaseLetters letters) : UseCase<DemandInstalments.Request, Done>(db)
{
    public sealed record Request(Guid CaseId);

    public override Permission Needs => Permission.HandleMoney;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (await plans.Running(exit.Id, ct) is not ({ State: PlanState.Running } plan, var rows))
            return PlanRefusals.NoPlan;
        var today = call.Today(exit.Zone!);
        var overdue = rows.Where(r => r.Value.IsOverdue(today)).Sum(r => r.Value.Open);
        if (overdue == 0)
            return PlanRefusals.NothingOverdue;
        // A second demand does not begin the period anew: it would only be longer.
        plan.DemandedOn ??= today;
        plan.Version++;
        Db.Audit(call, "plan.demanded", $"plan:{plan.Id:N}", new { plan.CaseId, overdue, plan.Currency });
        await letters.Mail(exit, call, "mail.plan-demand", [exit.Number, Amounts.Text(new Money(overdue, plan.Currency)), Texts.In(exit.Language).Date(today.AddDays(InstalmentPlan.CureDays))], [], ct);
        return await Commit(Done.It, ct);
    }
}

/// <summary>Demands the whole of a plan at once, where the law allows it.</summary>
public sealed class AcceleratePlan(AppDb db, CaseDesk desk, PlanMaker plans, CaseLetters letters) : UseCase<AcceleratePlan.Request, Done>(db)
{
    public sealed record Request(Guid CaseId);

    public override Permission Needs => Permission.HandleMoney;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (await plans.Running(exit.Id, ct) is not ({ State: PlanState.Running } plan, var rows))
            return PlanRefusals.NoPlan;
        var today = call.Today(exit.Zone!);
        if (InstalmentPlan.CannotAccelerate([.. rows.Select(r => r.Value)], today, plan.DemandedOn) is { } no)
            return no;
        plan.State = PlanState.Accelerated;
        plan.Version++;
        foreach (var row in rows.Where(r => r.Value.Open > 0 && r.DueOn > today))
            row.DueOn = today;
        Db.Audit(call, "plan.accelerated", $"plan:{plan.Id:N}", new { plan.CaseId });
        await letters.Mail(exit, call, "mail.plan-accelerated", [exit.Number, Amounts.Text(new Money(rows.Sum(r => r.Value.Open), plan.Currency))], [], ct);
        return await Commit(Done.It, ct);
    }
}

/// <summary>Effect "erase.contact-after-plan": the addresses of a closed case were kept while a plan ran; now they go.</summary>
public sealed class ForgetContactAfterPlan(AppDb db) : IEffect
{
    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = await db.Cases.AsNoTracking().SingleAsync(c => c.Id == effect.CaseId, ct);
        // A case that still runs forgets them when it closes.
        if (exit is { IsClosed: true, Outcome: CaseOutcome.Executed })
            db.Enqueue(Effect.Now("erase.class", $"erase|{exit.CustomerId}|Contact|{effect.Id:N}", call, new { exit.CustomerId, Class = DataClass.Contact }, exit.Id));
        return EffectResult.Done;
    }
}

public static class PlanRefusals
{
    public static readonly Refusal NotAllowed = new(RefusalKind.Conflict, "plan.not-allowed",
        "The policy of this contract knows no payment by instalments.", "本合同适用的政策不支持分期付款。", Field: "count");

    public static readonly Refusal NoClaim = new(RefusalKind.Conflict, "plan.no-claim",
        "There is no open claim to be paid by instalments.", "没有可分期支付的应收款。", Field: "count");

    public static readonly Refusal NoPlan = new(RefusalKind.Conflict, "plan.none", "No plan is running in this case.", "本案没有进行中的分期计划。");

    public static readonly Refusal ThereIsOne = new(RefusalKind.Conflict, "plan.there-is-one",
        "You chose already. Write to us in the case to change it.", "您已选择过分期。如需更改，请在案件中留言。", Field: "count");

    public static readonly Refusal NothingOverdue = new(RefusalKind.Conflict, "plan.nothing-overdue",
        "No instalment is overdue; there is nothing to demand.", "没有逾期款项，无需催告。");

    public static Refusal Count(int most) =>
        new(RefusalKind.Invalid, "plan.count", $"Choose from 2 to {most} instalments.", $"请选择 2 至 {most} 期。", Field: "count");
}
