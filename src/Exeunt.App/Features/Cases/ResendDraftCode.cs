using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Cases;

/// <summary>Another code for a draft.</summary>
public sealed class ResendDraftCode(AppDb db, Drafts drafts, CustomerMatch match, Challenges challenges) : UseCase<ResendDraftCode.Request, Done>(db)
{
    public sealed record Request(string Token);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await drafts.Find(request.Token, call.Now, ct) is not var (draft, typed))
            return Intake.DraftGone;
        if (await challenges.Stage(call, draft.TokenHash, null, await match.Find(typed, ct), typed.Contact, ct) is { } wait)
            return wait;
        return await Commit(Done.It, ct);
    }
}
