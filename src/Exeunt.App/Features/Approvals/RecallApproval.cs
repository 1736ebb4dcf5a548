using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Procedures;

namespace Exeunt.App.Features.Approvals;

/// <summary>撤回审批: takes one's own approval back, while nothing has followed from it.</summary>
public sealed class RecallApproval(AppDb db, CaseDesk desk) : UseCase<RecallApproval.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, ApprovalSubject Of);

    public override Permission Needs => Permission.ApproveCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.RecallApproval(request.Of, call.Actor.Id) is { } no)
            return no;
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
