using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Documents;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Surveys;

/// <summary>Effect "step.survey": sends the certificate with a one-time survey link, and lets it expire after the step's days.</summary>
public sealed class SurveyStep(AppDb db, CaseDesk desk, CaseLetters letters, HostOptions options) : IEffect
{
    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = (await desk.Find(effect.CaseId!.Value, call, ct))!;
        if (exit.StepOf(effect, StepKind.Survey) is not { } step)
            return EffectResult.Done;
        var token = Secrets.Token();
        var index = await db.CaseIndex.SingleAsync(i => i.CaseId == exit.Id, ct);
        index.SurveyHash = Secrets.Hash(token);
        db.Audit(call, "survey.sent", $"case:{exit.Id:N}");
        var certificate = await db.Documents.AsNoTracking().Where(d => d.CaseId == exit.Id && d.Kind == DocumentKind.Certificate).OrderByDescending(d => d.At).Select(d => d.Id).FirstAsync(ct);
        await letters.Mail(exit, call, "mail.certificate", [exit.Number, $"{options.Url}/verify", $"{options.Url}/survey/{token}"], [certificate], ct);
        db.Enqueue(Effect.At(call.BusinessNow.AddDays(exit.Plan.Step(step).Days!.Value), "survey.expire", $"survey|{exit.Id:N}", caseId: exit.Id));
        return EffectResult.Done;
    }
}

/// <summary>Effect "survey.expire": nobody answered in time.</summary>
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

public static class SurveyRefusals
{
    public static Refusal Choose(string field) => new(RefusalKind.Invalid, "survey.choose", "Choose one of the five answers.", "请选择五个选项之一。", Field: field);

    public static readonly Refusal Over = new(RefusalKind.Conflict, "survey.over", "This survey is answered or over. Thank you.", "该问卷已作答或已结束，谢谢。");
}
