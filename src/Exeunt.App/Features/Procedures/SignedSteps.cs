using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Procedures;

/// <summary>The page of a version of a signed document, as it is or with what was refused.</summary>
public interface ISignedPages
{
    /// <param name="form">The form that was sent ("submit", "sign", "revise" …); "" when none was.</param>
    /// <param name="typed">Words that were typed into it.</param>
    Task<IResult> Page(string id, int version, string form, Refusal? no, CancellationToken ct, string? typed = null);
}

/// <summary>The forms on a version's page that carry it on: a new version of it, hand in, take back, throw away, sign, give back, publish, take out of use.</summary>
public static class SignedSteps
{
    /// <param name="path">Address of all documents of the kind ("/standards").</param>
    public static void Map<TPages>(IEndpointRouteBuilder routes, string path, SignedKind kind) where TPages : class, ISignedPages
    {
        var writing = SignedDocumentDesk.Writing(kind);
        var page = OnlyDocuments.IdOf(kind) is null ? $"{path}/{{id}}/{{version:int}}" : $"{path}/{{version:int}}";
        string At(string id, int version) => OnlyDocuments.IdOf(kind) is null ? $"{path}/{id}/{version}" : $"{path}/{version}";
        routes.MapForm($"{page}/revise", async (HttpContext http, int version, ShowSigned show, DraftDocument draft, TPages pages, Caller caller, CancellationToken ct) =>
        {
            var id = SignedApi.IdOf(http, kind);
            if (await show.Run(caller.Call with { IdempotencyKey = null }, new(id, version), ct) is not { Refusal: null, Value: { } sheet } || sheet.Row.Kind != kind)
                return new ProblemResult(CommonRefusals.NotFound);
            var outcome = await draft.Run(caller.Call, new(kind, sheet.Row.Document), ct);
            return outcome.Refusal is { } no ? await pages.Page(id, version, "revise", no, ct) : Web.SeeOther($"{At(id, outcome.Value.Version)}/edit");
        }).Needs(writing);
        Step<SubmitDocument>("submit", writing);
        Step<WithdrawDocument>("withdraw", writing);
        Step<DiscardDocument>("discard", writing);
        Step<SignDocument>("sign", Permission.SignPolicies);
        Step<ReturnDocument>("return", Permission.SignPolicies);
        if (kind is SignedKind.Standard or SignedKind.Scheme)
            Step<RetireDocument>("retire", Permission.EditPolicies);
        routes.MapForm($"{page}/publish", async (HttpContext http, int version, IFormCollection typed, PublishDocument publish, TPages pages, Caller caller, CancellationToken ct) =>
            await publish.Run(caller.Call, new(SignedApi.IdOf(http, kind), version, ProceduresConsole.DayOf(typed["from"])), ct) is { Refusal: { } no } ? await pages.Page(SignedApi.IdOf(http, kind), version, "publish", no, ct) : Web.SeeOther(At(SignedApi.IdOf(http, kind), version)))
            .Needs(Permission.EditPolicies);

        void Step<T>(string verb, Permission permission) where T : SignedStep =>
            routes.MapForm($"{page}/{verb}", async (HttpContext http, int version, IFormCollection typed, T step, TPages pages, Caller caller, CancellationToken ct) =>
                await step.Run(caller.Call, new(SignedApi.IdOf(http, kind), version, typed["digest"], typed["words"]), ct) is { Refusal: { } no } ? await pages.Page(SignedApi.IdOf(http, kind), version, verb, no, ct, typed["words"]) : Web.SeeOther(At(SignedApi.IdOf(http, kind), version)))
                .Needs(permission);
    }
}
