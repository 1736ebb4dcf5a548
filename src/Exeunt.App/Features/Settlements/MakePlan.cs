using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Settlements;

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
        await allocating.FinishCase(exit, ct);
        if (exit.Raised.Count > 0)
            desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
