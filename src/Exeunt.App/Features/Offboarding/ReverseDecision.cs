using Exeunt.App.Data;
using Exeunt.App.Features.Approvals;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offboarding;

/// <summary>The review of an immediate ending finds it wrong: the customer is back, the case is refused.</summary>
public sealed class ReverseDecision(AppDb db, CaseDesk desk, ApprovalDesk approvals, CaseTexts texts, TurnBack back, SpotReview review) : UseCase<ReverseDecision.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, string? Words);

    public override Permission Needs => Permission.DecideOffboarding;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (!await Db.Set<SpotDecision>().AnyAsync(s => s.CaseId == exit.Id, ct))
            return OffboardingRefusals.CaseElsewhere;
        var role = await approvals.RoleIn(exit, ApprovalSubject.Decision, call, ct);
        if (role.Refusal is { } not)
            return not;
        if (string.IsNullOrWhiteSpace(request.Words))
            return CaseRefusals.GroundsNeeded;
        if (request.Words.Length > Approve.MaxWords)
            return CommonRefusals.TooLong("words", Approve.MaxWords);
        var words = request.Words.Trim();
        if (exit.ReverseDecision(role.Value, call.Actor.Id, await texts.Stage(exit, "decision", words, ct)) is { } no)
            return no;
        await review.Stage(exit.Id, stands: false, words, call, ct);
        await back.Stage(exit, "mail.reversed", words, call, ct);
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
