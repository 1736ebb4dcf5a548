using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Offboarding;

/// <summary>What led to an offboarding was put right before anything irreversible was done: it is turned back (恢复).</summary>
public sealed class CureCase(AppDb db, CaseDesk desk, CaseTexts texts, TurnBack back) : UseCase<CureCase.Request, Done>(db)
{
    public const int MaxWords = 2000;

    /// <param name="Words">What was put right; the customer reads it.</param>
    public sealed record Request(Guid CaseId, string? Words);

    public override Permission Needs => Permission.HandleOffboarding;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.CannotCure() is { } not)
            return not;
        if (CommonRefusals.Unfit("words", request.Words, MaxWords, out var unfit))
            return unfit;
        if (exit.Cure(await texts.Stage(exit, "cured", request.Words.Trim(), ct)) is { } no)
            return no;
        await back.Stage(exit, "mail.cured", request.Words.Trim(), call, ct);
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
