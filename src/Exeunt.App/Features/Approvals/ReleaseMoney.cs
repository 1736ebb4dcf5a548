using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;

namespace Exeunt.App.Features.Approvals;

/// <summary>放行: releases a payment that waits for a person, who neither asked for it nor ever approved it.</summary>
public sealed class ReleaseMoney(AppDb db, CaseDesk desk) : UseCase<ReleaseMoney.Request, Done>(db)
{
    public sealed record Request(Guid CaseId);

    public override Permission Needs => Permission.HandleMoney;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.ReleaseMoney(call.Actor.Id) is { } no)
            return no;
        if (await FourEyes.Approved(Db, exit, call.Actor.Id, ct))
            return CaseRefusals.OwnApproval;
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
