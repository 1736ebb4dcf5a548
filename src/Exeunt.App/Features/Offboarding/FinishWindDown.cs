using System.Globalization;
using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offboarding;

/// <summary>A person says that the wind-down is over; refused while an order of the customer, or a work order of the step, is open.</summary>
public sealed class FinishWindDown(AppDb db, CaseDesk desk) : UseCase<FinishWindDown.Request, Done>(db)
{
    public sealed record Request(Guid CaseId);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.Find(StepKind.WindDown) is not { State: StepState.Active } step)
            return exit.IsClosed ? CaseRefusals.Closed : CaseRefusals.StepNotActive;
        var orders = await Db.Set<OpenOrder>().AsNoTracking().Where(o => o.CaseId == exit.Id).Select(o => o.State).ToListAsync(ct);
        if (orders.Contains(OpenOrderState.Open))
            return OffboardingRefusals.OrdersOpen;
        if (await Db.WorkOrders.AsNoTracking().AnyAsync(w => w.CaseId == exit.Id && w.Step == step.Id && w.DoneAt == null, ct))
            return OffboardingRefusals.WorkOpen;
        if (exit.Finish(step.Id, string.Create(CultureInfo.InvariantCulture, $"orders:{orders.Count}")) is { } no)
            return no;
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
