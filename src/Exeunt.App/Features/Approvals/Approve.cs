using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Procedures;

namespace Exeunt.App.Features.Approvals;

/// <summary>
/// 审批: approves the settlement or the decision of a case, for a role of one's own or for somebody absent. It binds the digest that was
/// seen; never one's own request, and nobody twice. Of the decision of an immediate ending this is its review.
/// </summary>
public sealed class Approve(AppDb db, CaseDesk desk, ApprovalDesk approvals, CaseTexts texts, Offboarding.SpotReview review) : UseCase<Approve.Request, Done>(db)
{
    public const int MaxWords = 4000;

    /// <param name="Role">For which role; null: the first of the caller's that can approve.</param>
    /// <param name="Digest">Digest of what was looked at.</param>
    /// <param name="Words">The approver's own grounds; a decision needs them.</param>
    /// <param name="OnBehalfOf">The absent member of staff whose approval it is; null: one's own.</param>
    public sealed record Request(Guid CaseId, ApprovalSubject Of, Role? Role, string? Digest, string? Words = null, Guid? OnBehalfOf = null);

    public override Permission Needs => Permission.ApproveCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (request.Words is { Length: > MaxWords })
            return CommonRefusals.TooLong("words", MaxWords);
        var role = request.Role is { } named ? named : await approvals.RoleIn(exit, request.Of, call, ct);
        if (role.Refusal is { } none)
            return none;
        var (not, behalf) = await approvals.MayActAs(exit, request.Of, role.Value, request.OnBehalfOf, call, ct);
        if (not is not null)
            return not;
        if (exit.CannotApprove(request.Of, role.Value, call.Actor.Id, behalf) is { } no)
            return no;
        var words = string.IsNullOrWhiteSpace(request.Words) ? (Guid?)null : await texts.Stage(exit, "grounds", request.Words.Trim(), ct);
        if (exit.Approve(request.Of, role.Value, call.Actor.Id, request.Digest ?? "", behalf, words) is { } refused)
            return refused;
        if (request.Of == ApprovalSubject.Decision)
            await review.Stage(exit.Id, stands: true, request.Words!.Trim(), call, ct);
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
