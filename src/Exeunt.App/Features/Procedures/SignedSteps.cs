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
        var page = $"{path}/{{id}}/{{version:int}}";
        routes.MapForm($"{page}/revise", async (string id, int version, ShowSigned show, DraftDocument draft, TPages pages, Caller caller, CancellationToken ct) =>
        {
            if (await show.Run(caller.Call with { IdempotencyKey = null }, new(id, version), ct) is not { Refusal: null, Value: { } sheet } || sheet.Row.Kind != kind)
                return new ProblemResult(CommonRefusals.NotFound);
            var outcome = await draft.Run(caller.Call, new(kind, sheet.Row.Document), ct);
            return outcome.Refusal is { } no ? await pages.Page(id, version, "revise", no, ct) : Web.SeeOther($"{path}/{id}/{outcome.Value.Version}/edit");
        }).Needs(writing);
        Step<SubmitDocument>("submit", writing);
        Step<WithdrawDocument>("withdraw", writing);
        Step<DiscardDocument>("discard", writing);
        Step<SignDocument>("sign", Permission.SignPolicies);
        Step<ReturnDocument>("return", Permission.SignPolicies);
        if (kind is SignedKind.Standard or SignedKind.Scheme)
            Step<RetireDocument>("retire", Permission.EditPolicies);
        routes.MapForm($"{page}/publish", async (string id, int version, IFormCollection typed, PublishDocument publish, TPages pages, Caller caller, CancellationToken ct) =>
            await publish.Run(caller.Call, new(id, version, ProceduresConsole.DayOf(typed["from"])), ct) is { Refusal: { } no } ? await pages.Page(id, version, "publish", no, ct) : Web.SeeOther($"{path}/{id}/{version}"))
            .Needs(Permission.EditPolicies);

        void Step<T>(string verb, Permission permission) where T : SignedStep =>
            routes.MapForm($"{page}/{verb}", async (string id, int version, IFormCollection typed, T step, TPages pages, Caller caller, CancellationToken ct) =>
                await step.Run(caller.Call, new(id, version, typed["digest"], typed["words"]), ct) is { Refusal: { } no } ? await pages.Page(id, version, verb, no, ct, typed["words"]) : Web.SeeOther($"{path}/{id}/{version}"))
                .Needs(permission);
    }
}
