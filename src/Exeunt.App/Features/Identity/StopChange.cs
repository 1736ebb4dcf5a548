using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Identity;

/// <summary>Stops a change that waits: whoever opens the case with a code to the old contact, or staff who were told.</summary>
public sealed class StopChange(AppDb db, CaseDesk desk) : UseCase<StopChange.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, DetailKind Kind);

    public override Permission Needs => Permission.CustomerOfCase;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.FindOwn(request.CaseId, call, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (await Db.Set<PendingDetails>().SingleOrDefaultAsync(d => d.CaseId == exit.Id && d.Kind == request.Kind && d.State == DetailState.Waiting, ct) is not { } waiting)
            return IdentityRefusals.NothingWaits;
        (waiting.State, waiting.Data) = (DetailState.Cancelled, null);
        waiting.Version++;
        Db.Audit(call, "details.stopped", $"case:{exit.Id:N}", new { waiting.Kind });
        exit.Resume(request.Kind == DetailKind.Payout ? "payout-changed" : "contact-changed");
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
