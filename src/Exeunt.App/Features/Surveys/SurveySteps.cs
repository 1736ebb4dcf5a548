using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Documents;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Surveys;

/// <summary>Effect "step.survey": sends the certificate with a one-time survey link, and lets it expire after thirty days.</summary>
public sealed class SurveyStep(AppDb db, CaseDesk desk, CaseLetters letters, HostOptions options) : IEffect
{
    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = (await desk.Find(effect.CaseId!.Value, call, ct))!;
        if (exit.StepOf(effect, StepKind.Survey) is null)
            return EffectResult.Done;
        var token = Secrets.Token();
        var index = await db.CaseIndex.SingleAsync(i => i.CaseId == exit.Id, ct);
        index.SurveyHash = Secrets.Hash(token);
        db.Audit(call, "survey.sent", $"case:{exit.Id:N}");
        var certificate = await db.Documents.AsNoTracking().Where(d => d.CaseId == exit.Id && d.Kind == DocumentKind.Certificate).Select(d => d.Id).FirstAsync(ct);
        await letters.Mail(exit, call, "mail.certificate", [exit.Number, $"{options.Url}/verify", $"{options.Url}/survey/{token}"], [certificate], ct);
        db.Enqueue(Effect.At(call.BusinessNow.AddDays(ExitCase.SurveyDays), "survey.expire", $"survey|{exit.Id:N}", caseId: exit.Id));
        return EffectResult.Done;
    }
}

/// <summary>Effect "survey.expire": nobody answered in thirty days.</summary>
public sealed class SurveyExpires(CaseDesk desk) : IEffect
{
    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = (await desk.Find(effect.CaseId!.Value, call, ct))!;
        if (!exit.IsClosed && exit.IsActive(StepKind.Survey))
        {
            exit.Skip(StepKind.Survey, "not-answered");
            desk.Stage(exit, call);
        }
        return EffectResult.Done;
    }
}

/// <summary>The customer's answer on how the ending was handled; the link works once.</summary>
public sealed class AnswerSurvey(AppDb db, CaseDesk desk, CaseTexts texts) : UseCase<AnswerSurvey.Request, Done>(db)
{
    public const int MaxWords = 2000;

    /// <param name="Handling">1 (very poor) to 5 (very good).</param>
    /// <param name="Clarity">1 to 5: was it clear what would happen and what it cost.</param>
    public sealed record Request(string Token, int Handling, int Clarity, string? Words);

    public override Permission Needs => Permission.Public;

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

/// <summary>Whether a survey link still waits for its answer.</summary>
public sealed class ShowSurvey(AppDb db) : UseCase<ShowSurvey.Request, Done>(db)
{
    public sealed record Request(string Token);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        var hash = Secrets.Hash(request.Token);
        if (await Db.CaseIndex.AsNoTracking().SingleOrDefaultAsync(i => i.SurveyHash == hash, ct) is not { } index)
            return CommonRefusals.NotFound;
        var exit = await Db.Cases.AsNoTracking().SingleAsync(c => c.Id == index.CaseId, ct);
        return exit.IsClosed || !exit.IsActive(StepKind.Survey) ? SurveyRefusals.Over : Done.It;
    }
}

public static class SurveyRefusals
{
    public static Refusal Choose(string field) => new(RefusalKind.Invalid, "survey.choose", "Choose one of the five answers.", "请选择五个选项之一。", Field: field);

    public static readonly Refusal Over = new(RefusalKind.Conflict, "survey.over", "This survey is answered or over. Thank you.", "该问卷已作答或已结束，谢谢。");
}
