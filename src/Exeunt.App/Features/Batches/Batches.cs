using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Notifications;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Batches;

/// <summary>What a batch can do to a case: the use case of each action, asked beforehand and run later, both as the person who wants it.</summary>
public sealed class BatchActions(IServiceProvider services)
{
    /// <summary>What the caller must be allowed to start a batch of this action at all.</summary>
    public static Permission PermissionOf(BatchAction action) => action == BatchAction.Assign ? Permission.AssignCases : Permission.HandleCases;

    /// <summary>Why this case would refuse it now; null when it would not. A case that changes until then may answer otherwise.</summary>
    public static Refusal? WhyNot(BatchAction action, string? argument, ExitCase exit, string? unitPath, Call call) =>
        !call.Actor.Allows(PermissionOf(action)) || (unitPath is not null && !call.Actor.Allows(PermissionOf(action), unitPath)) ? CommonRefusals.NotAllowed(PermissionOf(action))
        : action switch
        {
            BatchAction.Hold => exit.WhyNot(e => e.Hold(argument ?? "")),
            BatchAction.Resume => exit.WhyNot(e => e.Resume()),
            BatchAction.Recompute => exit.SettlementId is null && !exit.IsClosed ? CaseRefusals.NoSettlement : exit.CannotChangeMoney(),
            BatchAction.Ask => exit.IsClosed ? CaseRefusals.Closed : exit.AssignedTo is null ? BatchRefusals.NobodyToAsk : null,
            _ => exit.IsClosed ? CaseRefusals.Closed : null,
        };

    public async Task<Refusal?> Run(BatchAction action, string? argument, Guid caseId, Call call, CancellationToken ct) =>
        action switch
        {
            BatchAction.Assign => (await services.GetRequiredService<AssignCase>().Run(call, new(caseId, Guid.TryParse(argument, out var to) ? to : default), ct)).Refusal,
            BatchAction.Hold => (await services.GetRequiredService<HoldCase>().Run(call, new(caseId, argument), ct)).Refusal,
            BatchAction.Resume => (await services.GetRequiredService<ResumeCase>().Run(call, new(caseId), ct)).Refusal,
            BatchAction.Recompute => (await services.GetRequiredService<RecomputeSettlement>().Run(call, new(caseId), ct)).Refusal,
            _ => (await services.GetRequiredService<AskAboutCase>().Run(call, new(caseId), ct)).Refusal,
        };
}

/// <summary>Which cases are meant: those ticked, or all that a filter finds.</summary>
/// <param name="Query">The list's address; used when <paramref name="Cases"/> is empty.</param>
public sealed record BatchChoice(BatchAction Action, string? Argument, IReadOnlyList<Guid> Cases, string? Query);

/// <summary>Says beforehand what a batch would do to how many cases, and which cannot and why.</summary>
public sealed class PreviewBatch(AppDb db, CaseDesk desk, BatchCases chosen) : UseCase<BatchChoice, PreviewBatch.View>(db)
{
    public const int MaxShown = 50;

    /// <param name="Total">Cases meant.</param>
    /// <param name="Can">Of these, how many it would be done to as they are now.</param>
    public sealed record View(BatchAction Action, string? Argument, int Total, int Can, IReadOnlyList<Cannot> CannotBe);

    /// <param name="Count">Cases refused for this reason; <paramref name="Numbers"/> names the first of them.</param>
    public sealed record Cannot(string Code, string English, string Chinese, int Count, IReadOnlyList<string> Numbers);

    public override Permission Needs => Permission.ViewCases;

    protected override async Task<Outcome<View>> Handle(Call call, BatchChoice request, CancellationToken ct)
    {
        var cases = await chosen.Of(request, call, ct);
        if (cases.Refusal is { } no)
            return no;
        var (total, can, reasons) = (cases.Value.Count, 0, new Dictionary<string, (Refusal Why, List<string> Numbers, int Count)>());
        var paths = await Db.Units.AsNoTracking().ToDictionaryAsync(u => u.Id, u => u.Path, ct);
        foreach (var chunk in cases.Value.Chunk(500))
        {
            var ids = chunk.ToList();
            foreach (var exit in await Db.Cases.AsNoTracking().Where(c => ids.Contains(c.Id)).OrderBy(c => c.Number).ToListAsync(ct))
            {
                if (BatchActions.WhyNot(request.Action, request.Argument, desk.Ready(exit, call), exit.UnitId is { } unit ? paths.GetValueOrDefault(unit) : null, call) is not { } why)
                {
                    can++;
                    continue;
                }
                var (_, numbers, count) = reasons.GetValueOrDefault(why.Code, (why, [], 0));
                if (numbers.Count < MaxShown)
                    numbers.Add(exit.Number);
                reasons[why.Code] = (why, numbers, count + 1);
            }
        }
        return new View(request.Action, request.Argument, total, can,
            [.. reasons.Values.OrderByDescending(r => r.Count).Select(r => new Cannot(r.Why.Code, r.Why.English, r.Why.Chinese, r.Count, r.Numbers))]);
    }
}

/// <summary>Starts a batch: its cases are fixed now and done one after the other, in the background.</summary>
public sealed class StartBatch(AppDb db, BatchCases chosen) : UseCase<BatchChoice, Guid>(db)
{
    public override Permission Needs => Permission.ViewCases;

    protected override async Task<Outcome<Guid>> Handle(Call call, BatchChoice request, CancellationToken ct)
    {
        var cases = await chosen.Of(request, call, ct);
        if (cases.Refusal is { } no)
            return no;
        var batch = new Batch { Id = Guid.CreateVersion7(), By = call.Actor.Id, Action = request.Action, Argument = request.Argument, Total = cases.Value.Count, CreatedAt = call.Now };
        Db.Batches.Add(batch);
        Db.BatchItems.AddRange(cases.Value.Select((id, i) => new BatchItem { BatchId = batch.Id, Position = i + 1, CaseId = id }));
        Db.Enqueue(RunBatch.Next(batch.Id, 1, call));
        Db.Audit(call, "batch.started", $"batch:{batch.Id:N}", new { batch.Action, cases = batch.Total });
        return await Commit(batch.Id, ct);
    }
}

/// <summary>Stops one's own batch: what was done stays done, the rest is left.</summary>
public sealed class CancelBatch(AppDb db) : UseCase<CancelBatch.Request, Done>(db)
{
    public sealed record Request(Guid Id);

    public override Permission Needs => Permission.ViewCases;

    protected override int Tries => 5;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.Batches.SingleOrDefaultAsync(b => b.Id == request.Id && b.By == call.Actor.Id, ct) is not { } batch)
            return CommonRefusals.NotFound;
        if (batch.State != BatchState.Running)
            return BatchRefusals.Over;
        (batch.State, batch.EndedAt) = (BatchState.Cancelled, call.Now);
        // Its next effect settles what of its last cases was done meanwhile and leaves the rest.
        batch.Version++;
        Db.Audit(call, "batch.cancelled", $"batch:{batch.Id:N}");
        return await Commit(Done.It, ct);
    }
}

/// <summary>How far one's own batch is, and what became of each case: those refused first, a page at a time.</summary>
public sealed class ShowBatch(AppDb db) : UseCase<ShowBatch.Request, ShowBatch.View>(db)
{
    public const int PageSize = 50;

    /// <param name="State">Only cases of this result.</param>
    /// <param name="After">Position of the last case of the page before.</param>
    public sealed record Request(Guid Id, BatchItemState? State = null, int After = 0);

    public sealed record View(Batch Batch, IReadOnlyList<Item> Items, int? Next);

    public sealed record Item(int Position, Guid CaseId, string Number, BatchItemState State, string? Code, string? English, string? Chinese);

    public override Permission Needs => Permission.ViewCases;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.Batches.AsNoTracking().SingleOrDefaultAsync(b => b.Id == request.Id && b.By == call.Actor.Id, ct) is not { } batch)
            return CommonRefusals.NotFound;
        var items = Db.BatchItems.AsNoTracking().Where(i => i.BatchId == batch.Id && i.Position > request.After);
        if (request.State is { } state)
            items = items.Where(i => i.State == state);
        var rows = await items.OrderBy(i => i.Position).Take(PageSize + 1)
            .Join(Db.Cases.AsNoTracking(), i => i.CaseId, c => c.Id, (i, c) => new Item(i.Position, i.CaseId, c.Number, i.State, i.Code, i.English, i.Chinese)).ToListAsync(ct);
        rows.Sort((a, b) => a.Position.CompareTo(b.Position));
        return new View(batch, rows.Count > PageSize ? rows[..PageSize] : rows, rows.Count > PageSize ? rows[PageSize - 1].Position : null);
    }
}

/// <summary>The cases that a choice means, of those its maker sees: at most 5,000.</summary>
public sealed class BatchCases(CaseDesk desk, FilteredCases filtered, StaffDirectory staff)
{
    public async Task<Outcome<IReadOnlyList<Guid>>> Of(BatchChoice choice, Call call, CancellationToken ct)
    {
        if (choice.Cases.Count == 0 && choice.Query is null)
            return BatchRefusals.NothingChosen;
        var permission = BatchActions.PermissionOf(choice.Action);
        if (!call.Actor.Allows(permission))
            return CommonRefusals.NotAllowed(permission);
        if (choice.Action == BatchAction.Hold && !HoldCase.KnownReasons.Contains(choice.Argument))
            return CommonRefusals.Required("reason");
        if (choice.Action == BatchAction.Assign
            && !(Guid.TryParse(choice.Argument, out var to) && (await staff.Holders(Permission.HandleCases, "", ct)).Any(h => h.Id == to)))
            return CommonRefusals.Required("to");
        List<Guid> ids;
        if (choice.Cases.Count > 0)
        {
            var wanted = choice.Cases.Distinct().Take(Batch.Max + 1).ToList();
            ids = await desk.Visible(call, Permission.ViewCases).Where(c => wanted.Contains(c.Id)).OrderBy(c => c.Id).Select(c => c.Id).ToListAsync(ct);
        }
        else
            ids = await (await filtered.Of(CaseFilter.Read(choice.Query!), call, ct)).OrderBy(c => c.Id).Select(c => c.Id).Take(Batch.Max + 1).ToListAsync(ct);
        return ids.Count == 0 ? BatchRefusals.NothingChosen : ids.Count > Batch.Max ? BatchRefusals.TooMany : Outcome(ids);
    }

    private static Outcome<IReadOnlyList<Guid>> Outcome(List<Guid> ids) => (Outcome<IReadOnlyList<Guid>>)ids.AsReadOnly();
}

internal static class BatchRefusals
{
    public static readonly Refusal NothingChosen = new(RefusalKind.Invalid, "batch.nothing-chosen",
        "Choose at least one case.", "请至少选择一个案件。", Field: "case");

    public static readonly Refusal TooMany = new(RefusalKind.Invalid, "batch.too-many",
        $"At most {Batch.Max:N0} cases at once. Narrow the filter.", $"一次最多 {Batch.Max:N0} 个案件，请缩小筛选范围。", Field: "case");

    public static readonly Refusal Over = new(RefusalKind.Conflict, "batch.over", "This batch is over.", "该批量办理已结束。");

    public static readonly Refusal NobodyToAsk = new(RefusalKind.Conflict, "case.nobody-to-ask",
        "Nobody has this case yet, so there is nobody to ask. Assign it first.", "本案尚无人办理，无从询问。请先分配。");
}
