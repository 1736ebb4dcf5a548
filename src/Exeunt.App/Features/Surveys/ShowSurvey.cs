using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Surveys;

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
