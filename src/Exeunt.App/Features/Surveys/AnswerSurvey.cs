using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Surveys;

/// <summary>The customer's answer on how the ending was handled; the link works once.</summary>
public sealed class AnswerSurvey(AppDb db, CaseDesk desk, CaseTexts texts) : UseCase<AnswerSurvey.Request, Done>(db)
{
    public const int MaxWords = 2000;

    /// <param name="Handling">1 (very poor) to 5 (very good).</param>
    /// <param name="Clarity">1 to 5: was it clear what would happen and what it cost.</param>
    public sealed record Request(string Token, int Handling, int Clarity, string? Words);

    public override Permission Needs => Permission.Public;

    protected override int Tries => CaseDesk.OwnWordsTries;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        var hash = Secrets.Hash(request.Token);
        var index = await Db.CaseIndex.AsNoTracking().SingleOrDefaultAsync(i => i.SurveyHash == hash, ct);
        if (index is null)
            return CommonRefusals.NotFound;
        if (request.Handling is < 1 or > 5)
            return SurveyRefusals.Choose("handling");
        if (request.Clarity is < 1 or > 5)
            return SurveyRefusals.Choose("clarity");
        if (request.Words is { Length: > MaxWords })
            return CommonRefusals.TooLong("words", MaxWords);
        var customer = call with { Actor = Actor.Customer(index.CaseId) };
        var exit = (await desk.Find(index.CaseId, customer, ct))!;
        if (exit.IsClosed || !exit.IsActive(StepKind.Survey))
            return SurveyRefusals.Over;
        Guid? text = string.IsNullOrWhiteSpace(request.Words) ? null : await texts.StageUntilClosed(exit, "survey", request.Words.Trim(), ct);
        Db.SurveyAnswers.Add(new SurveyAnswer { CaseId = exit.Id, Handling = request.Handling, Clarity = request.Clarity, TextId = text, At = call.Now });
        exit.Finish(StepKind.Survey, null);
        desk.Stage(exit, customer);
        return await Commit(Done.It, ct);
    }
}
