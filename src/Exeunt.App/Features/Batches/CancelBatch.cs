using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Batches;

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
