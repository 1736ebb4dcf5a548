using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.App.Ui;
using Exeunt.Core;
using Exeunt.Core.Settlement;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Settlements;

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
