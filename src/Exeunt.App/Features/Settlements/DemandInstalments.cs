using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.App.Ui;
using Exeunt.Core;
using Exeunt.Core.Settlement;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Settlements;

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
