using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Cases;

/// <summary>Checks the code of a draft: from here its pages show the contract's dates and amounts.</summary>
public sealed class ProveDraft(AppDb db, Drafts drafts, Challenges challenges) : UseCase<ProveDraft.Request, Done>(db)
{
    public sealed record Request(string Token, string? Code);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await drafts.Find(request.Token, call.Now, ct) is not var (draft, _))
            return Intake.DraftGone;
        // An answer that was lost on its way is given again.
        if (draft.ProvenAt is not null)
            return Done.It;
        return await challenges.Prove(call, draft, request.Code, ct) is { } no ? no : Done.It;
    }
}
