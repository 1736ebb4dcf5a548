using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offboarding;

/// <summary>A person judges an improvement agreement with the figures beside it: met, the customer is kept; missed, the case goes on.</summary>
public sealed class JudgeCure(AppDb db, CaseDesk desk, CaseTexts texts, RecordedFigures figures, TurnBack back) : UseCase<JudgeCure.Request, Done>(db)
{
    public const int MaxWords = 2000;

    public sealed record Request(Guid CaseId, bool? Met, string? Words);

    public override Permission Needs => Permission.HandleOffboarding;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.IsClosed)
            return CaseRefusals.Closed;
        if (request.Met is not { } met)
            return CommonRefusals.Required("met");
        if (CommonRefusals.Unfit("words", request.Words, MaxWords, out var unfit))
            return unfit;
        if (await Db.Set<CureAgreement>().SingleOrDefaultAsync(a => a.CaseId == exit.Id, ct) is not { } agreement)
            return CaseRefusals.StepNotActive;
        var today = call.Today(exit.Zone!);
        if (!met && today <= agreement.UntilOn)
            return OffboardingRefusals.NotYetUntil(agreement.UntilOn);
        var text = await texts.Stage(exit, "cure", request.Words.Trim(), ct);
        if (exit.JudgeCure(met, text) is { } no)
            return no;
        var contract = await Db.Contracts.AsNoTracking().SingleAsync(c => c.Id == exit.ContractId, ct);
        var shown = await figures.Since(contract, agreement.FromOn, today < agreement.UntilOn ? today : agreement.UntilOn, ct);
        (agreement.Met, agreement.Figures, agreement.JudgedBy, agreement.JudgedAt) = (met, JsonSerializer.Serialize(shown, Json.Plain), call.Actor.Id, call.Now);
        agreement.Version++;
        if (met)
            await back.Stage(exit, "mail.kept", request.Words.Trim(), call, ct);
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
