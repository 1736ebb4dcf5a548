using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Batches;

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
