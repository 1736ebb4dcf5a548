using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Offboarding;

namespace Exeunt.App.Features.Appeals;

/// <summary>The customer appeals against what was decided or how it was done; erasing and closing wait for the answer.</summary>
public sealed class MakeAppeal(AppDb db, CaseDesk desk, CaseTexts texts) : UseCase<MakeAppeal.Request, Done>(db)
{
    public const int MaxWords = 4000;

    public sealed record Request(Guid CaseId, string? Words);

    public override Permission Needs => Permission.CustomerOfCase;

    protected override int Tries => CaseDesk.OwnWordsTries;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.FindOwn(request.CaseId, call, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.CannotAppeal() is { } not)
            return not;
        if (CommonRefusals.Unfit("appeal", request.Words, MaxWords, out var unfit))
            return unfit;
        var appeal = new Appeal
        {
            Id = Guid.CreateVersion7(), CaseId = exit.Id, TextId = await texts.StageUntilClosed(exit, "appeal", request.Words.Trim(), ct), MadeAt = call.BusinessNow,
            AnswerBy = call.Today(exit.Zone!).AddDays(DecisionPaper.AppealAnswerDays),
        };
        Db.Add(appeal);
        if (exit.Appeal(appeal.Id, appeal.TextId, appeal.AnswerBy) is { } no)
            return no;
        await Erasure.LegalHolds.Touch(Db, exit.CustomerId, ct);
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
