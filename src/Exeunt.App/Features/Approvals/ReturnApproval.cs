using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Procedures;

namespace Exeunt.App.Features.Approvals;

/// <summary>退回: sends what waits for approval back with words, by whoever could approve it now; what was approved of it is void.</summary>
public sealed class ReturnApproval(AppDb db, CaseDesk desk, ApprovalDesk approvals, CaseTexts texts) : UseCase<ReturnApproval.Request, Done>(db)
{
    /// <param name="Role">For which role; null: the first of the caller's that could approve.</param>
    public sealed record Request(Guid CaseId, string? Words, ApprovalSubject Of = ApprovalSubject.Settlement, Role? Role = null);

    public override Permission Needs => Permission.ApproveCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (CommonRefusals.Unfit("words", request.Words, Approve.MaxWords, out var unfit))
            return unfit;
        var role = await approvals.RoleIn(exit, request.Of, call, ct, request.Role);
        if (role.Refusal is { } not)
            return not;
        var text = await texts.Stage(exit, "return", request.Words.Trim(), ct);
        if (exit.ReturnForRework(request.Of, role.Value, call.Actor.Id, text) is { } no)
            return no;
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
