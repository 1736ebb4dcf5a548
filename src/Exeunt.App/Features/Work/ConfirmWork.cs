using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Work;

/// <summary>A named person confirms that a work order is done; the last one lets the case go on.</summary>
public sealed class ConfirmWork(AppDb db, CaseDesk desk, WorkDone done) : UseCase<ConfirmWork.Request, Done>(db)
{
    public sealed record Request(Guid WorkOrderId);

    public override Permission Needs => Permission.CarryOutWork;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        var found = await WorkRefusals.Find(Db, desk, request.WorkOrderId, Needs, call, ct);
        if (found.Refusal is { } no)
            return no;
        var (order, exit) = found.Value;
        await done.Confirm(exit, order, call, ct);
        if (exit is not null)
            desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }

    protected override int Tries => 5;
}

public static class WorkRefusals
{
    public static readonly Refusal DoneAlready = new(RefusalKind.Conflict, "work.done-already", "This work order is confirmed already.", "该工单已确认完成。");

    public static readonly Refusal OfNoStep = new(RefusalKind.Conflict, "work.of-no-step",
        "What was promised to a customer or is given back to them is done, not waived.", "对客户的承诺和恢复事项须完成，不得免除。");

    public static readonly Refusal NothingToRetry = new(RefusalKind.Conflict, "work.nothing-to-retry",
        "This order is people's, or its system is being asked just now.", "该工单由人工办理，或系统正在处理中。");

    /// <summary>An order that is not done, with its case, where the caller has the permission: for the unit of the case or, where it belongs to none, of the customer.</summary>
    internal static async Task<Outcome<(WorkOrder Order, ExitCase? Exit)>> Find(AppDb db, CaseDesk desk, Guid id, Permission needs, Call call, CancellationToken ct)
    {
        if (await db.WorkOrders.SingleOrDefaultAsync(w => w.Id == id, ct) is not { } order)
            return CommonRefusals.NotFound;
        var exit = order.CaseId is { } caseId ? await desk.Find(caseId, call, needs, ct) : null;
        if (exit is null && !await VisibleUnits.HaveCustomer(db, call.Actor, needs, order.CustomerId, ct))
            return CommonRefusals.NotFound;
        return order.DoneAt is null ? (order, exit) : DoneAlready;
    }
}
