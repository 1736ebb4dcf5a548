using System.Globalization;
using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Batches;

/// <summary>
/// Effect "batch.run": the next cases of a batch, each through its own use case as the person who asked, with the roles they have now.
/// A case's answer is kept under a key of batch and case in the same transaction as its change: after a stop in between it is not
/// done twice, its first answer is read again.
/// </summary>
public sealed class RunBatch(AppDb db, StaffDirectory staff, IServiceScopeFactory scopes) : IEffect
{
    /// <summary>Cases of one effect: a few seconds' work, far within its lease.</summary>
    public const int Cases = 25;

    public sealed record Part(Guid BatchId);

    public static Effect Next(Guid batch, int position, Call call) =>
        Effect.Now("batch.run", string.Create(CultureInfo.InvariantCulture, $"batch|{batch:N}|{position}"), call, new Part(batch));

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var id = effect.Read<Part>().BatchId;
        var batch = await db.Batches.SingleAsync(b => b.Id == id, ct);
        if (batch.State != BatchState.Running)
            return await Leave(batch, ct);
        var items = await db.BatchItems.Where(i => i.BatchId == id && i.State == BatchItemState.Waiting).OrderBy(i => i.Position).Take(Cases).ToListAsync(ct);
        var actor = await ActorOf(batch.By, ct);
        foreach (var item in items)
        {
            // A scope of its own: the use case saves by itself, and what it leaves must not mix with ours.
            await using var scope = scopes.CreateAsyncScope();
            var no = await scope.ServiceProvider.GetRequiredService<BatchActions>().Run(
                batch.Action, batch.Argument, item.CaseId, call with { Actor = actor, IdempotencyKey = KeyOf(id, item.CaseId) }, ct);
            item.State = no is null ? BatchItemState.Done : BatchItemState.Refused;
            (item.Code, item.English, item.Chinese) = (no?.Code, no?.English, no?.Chinese);
        }
        batch.Done += items.Count(i => i.State == BatchItemState.Done);
        batch.Refused += items.Count(i => i.State == BatchItemState.Refused);
        batch.Version++;
        if (batch.Done + batch.Refused < batch.Total)
            db.Enqueue(Next(id, batch.Done + batch.Refused + 1, call));
        else
        {
            (batch.State, batch.EndedAt) = (BatchState.Done, call.Now);
            db.Audit(call, "batch.done", $"batch:{id:N}", new { batch.Done, batch.Refused });
        }
        return EffectResult.Done;
    }

    /// <summary>A cancelled batch: what was done while it was cancelled is told from the answers kept, the rest is left.</summary>
    private async Task<EffectResult> Leave(Batch batch, CancellationToken ct)
    {
        var items = await db.BatchItems.Where(i => i.BatchId == batch.Id && i.State == BatchItemState.Waiting).OrderBy(i => i.Position).ToListAsync(ct);
        var keys = items.Take(Cases).Select(i => KeyOf(batch.Id, i.CaseId)).ToList();
        var done = (await db.Idempotency.AsNoTracking().Where(r => r.Actor == batch.By && keys.Contains(r.Key)).Select(r => r.Key).ToListAsync(ct)).ToHashSet();
        foreach (var item in items)
            item.State = done.Contains(KeyOf(batch.Id, item.CaseId)) ? BatchItemState.Done : BatchItemState.Left;
        batch.Done += items.Count(i => i.State == BatchItemState.Done);
        batch.Version++;
        return EffectResult.Done;
    }

    private static string KeyOf(Guid batch, Guid caseId) => $"batch:{batch:N}:{caseId:N}";

    /// <summary>The person with the roles they have now; one who left has none.</summary>
    private async Task<Actor> ActorOf(string by, CancellationToken ct) =>
        StaffDirectory.GuidOf(by) is { } id ? await staff.ActorOf(id, ct) : new Actor(ActorKind.Staff, by, []);
}
