using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Settlements;

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
        await allocating.FinishCase(exit, ct);
        if (exit.Raised.Count > 0)
            desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
