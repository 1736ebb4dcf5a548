using Exeunt.App.Features.Surveys;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.AspNetCore.Mvc;

namespace Exeunt.App.Features.Cases.Portal;

/// <summary>Two questions on how the ending was handled; a link works once.</summary>
public static class SurveyPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/survey/{token}", Show).Needs(Permission.Public);
        routes.MapForm("/survey/{token}", Send).Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit);
        routes.MapPage("/survey/{token}/thanks", (string token) => Web.Page<ThanksPage>()).Needs(Permission.Public);
    }

    private static async Task<IResult> Show(string token, ShowSurvey show, Caller caller, CancellationToken ct) =>
        (await show.Run(caller.Call, new(token), ct)).Refusal switch
        {
            null => Web.Page<SurveyPage>(new { Token = token }),
            var no => Not(no),
        };

    private static async Task<IResult> Send(
        string token, [FromForm] int? handling, [FromForm] int? clarity, [FromForm] string? words, AnswerSurvey answer, Caller caller, CancellationToken ct) =>
        (await answer.Run(caller.Call, new(token, handling ?? 0, clarity ?? 0, words), ct)).Refusal switch
        {
            null => Web.SeeOther($"/survey/{token}/thanks"),
            { Kind: RefusalKind.Invalid } no => Web.Page<SurveyPage>(new { Token = token, Handling = handling ?? 0, Clarity = clarity ?? 0, Words = words, Refusal = no }, Problems.StatusOf(no)),
            var no => Not(no),
        };

    private static IResult Not(Refusal no) =>
        no.Code == SurveyRefusals.Over.Code ? Web.Page<ThanksPage>(new { Refusal = no }, Problems.StatusOf(no)) : new ProblemResult(no);
}
