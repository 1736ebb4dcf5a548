using Exeunt.App.Data;
using Exeunt.App.Platform;
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
