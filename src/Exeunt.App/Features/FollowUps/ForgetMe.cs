using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.FollowUps;

/// <summary>The customer wants to be forgotten now: survey and follow-up are over, and with the case's end the addresses go.</summary>
public sealed class ForgetMe(AppDb db, CaseDesk desk) : UseCase<ForgetMe.Request, Done>(db)
{
    public sealed record Request(Guid CaseId);

    public override Permission Needs => Permission.CustomerOfCase;

    protected override int Tries => CaseDesk.OwnWordsTries;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.FindOwn(request.CaseId, call, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.EndAftercare() is { } no)
            return no;
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
