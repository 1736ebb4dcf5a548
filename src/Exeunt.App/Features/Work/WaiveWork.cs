using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Work;

/// <summary>A named person decides, with words, that a work order need not be done.</summary>
public sealed class WaiveWork(AppDb db, CaseDesk desk, CaseTexts texts, WorkDone done) : UseCase<WaiveWork.Request, Done>(db)
{
    public const int MaxWords = 1000;

    public sealed record Request(Guid WorkOrderId, string? Words);

    public override Permission Needs => Permission.WaiveWork;

    protected override int Tries => 3;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        var found = await WorkRefusals.Find(Db, desk, request.WorkOrderId, Needs, call, ct);
        if (found.Refusal is { } not)
            return not;
        var (order, exit) = found.Value;
        // Without a case there is no step either.
        if (exit is null || order.Step is null)
            return WorkRefusals.OfNoStep;
        if (exit.IsClosed)
            return CaseRefusals.Closed;
        if (CommonRefusals.Unfit("words", request.Words, MaxWords, out var unfit))
            return unfit;
        if (await done.Waive(exit, order, await texts.Stage(exit, "waived", request.Words.Trim(), ct), call, ct) is { } no)
            return no;
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}

/// <summary>What a confirmation, by whomever, does to an order and its case.</summary>
public sealed class WorkDone(AppDb db, CopiesOutside copies)
{
    /// <param name="exit">The case; null: the order belongs to none, and nothing waits for it.</param>
    public async Task Confirm(ExitCase? exit, WorkOrder order, Call call, CancellationToken ct)
    {
        End(order, call);
        db.Audit(call, "work.confirmed", $"work:{order.Id:N}", new { order.CaseId, order.CustomerId, order.Task });
        await copies.CertifyLast(order, call, ct);
        if (exit is null)
            return;
        // Every confirmation is an event, so the case's version makes one of two last ones look again. Orders of older cases name no step.
        var step = order.Step ?? (exit.IsClosed ? null : exit.Find(StepKind.WorkOrders)?.Id);
        exit.ConfirmWork(order.Id, order.Task, step, await IsLast(exit, order, step, ct));
    }

    public async Task<Refusal?> Waive(ExitCase exit, WorkOrder order, Guid text, Call call, CancellationToken ct)
    {
        if (exit.WaiveWork(order.Id, order.Task, order.Step!, text, await IsLast(exit, order, order.Step, ct)) is { } no)
            return no;
        (order.IsWaived, order.TextId) = (true, text);
        End(order, call);
        db.Audit(call, "work.waived", $"work:{order.Id:N}", new { order.CaseId, order.Task });
        return null;
    }

    private static void End(WorkOrder order, Call call)
    {
        (order.DoneBy, order.DoneAt) = (call.Actor.Id, call.Now);
        order.Version++;
    }

    /// <summary>Whether the step is over with this order. A wind-down never is: its open orders are people's, and a person ends it.</summary>
    private async Task<bool> IsLast(ExitCase exit, WorkOrder order, string? step, CancellationToken ct) =>
        exit.Steps.FirstOrDefault(s => s.Id == step)?.Kind != StepKind.WindDown
        && !await db.WorkOrders.AsNoTracking().AnyAsync(w => w.CaseId == order.CaseId && w.Step == order.Step && w.DoneAt == null && w.Id != order.Id, ct);
}
