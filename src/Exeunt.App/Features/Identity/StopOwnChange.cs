using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Identity;

/// <summary>Stops a change that waits: whoever opens the case with a code to the old contact.</summary>
public sealed class StopOwnChange(AppDb db, CaseDesk desk, DetailsDesk details) : UseCase<StopOwnChange.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, DetailKind Kind);

    public override Permission Needs => Permission.CustomerOfCase;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.FindOwn(request.CaseId, call, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (await details.Waiting(exit.Id, request.Kind, ct) is not { } waiting)
            return IdentityRefusals.NothingWaits;
        details.Stop(waiting, exit, null, call);
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
