using System.Text;
using Exeunt.App.Platform;
using Exeunt.Core.Documents;

namespace Exeunt.App.Features.Procedures;

/// <summary>The REST API of documents that are signed: procedures, legal pages, and the approval matrix and the churn definition, whose ids are in no address.</summary>
internal static class SignedApi
{
    public sealed record Summary(string Id, int Version, SignedStanding Standing, DateOnly? From, string Digest, string English, string Chinese);

    public sealed record SignatureGiven(string? Digest);

    public sealed record Returned(string? Words);

    public sealed record Publication(DateOnly? From);

    public static void Map(IEndpointRouteBuilder api, SignedKind kind)
    {
        var writing = SignedDocumentDesk.Writing(kind);
        var one = OnlyDocuments.IdOf(kind) is not null ? "/{version:int}" : "/{id}/{version:int}";
        api.MapGet("", async (ListSigned list, Caller caller, CancellationToken ct) =>
                await list.Run(caller.Call, new(kind), ct) is { Refusal: null, Value: var rows } ? Results.Json(rows.Select(Of), Json.Plain) : new ProblemResult(CommonRefusals.NotAllowed(Permission.ViewPolicies)))
            .Needs(Permission.ViewPolicies).WithSummary("List all versions.");
        api.MapGet(one, async (HttpContext http, int version, ShowSigned show, Caller caller, CancellationToken ct) =>
                await show.Run(caller.Call, new(IdOf(http, kind), version), ct) is { Refusal: null, Value: var sheet } ? Results.Text(sheet.Readable, "application/json", Encoding.UTF8) : new ProblemResult(CommonRefusals.NotFound))
            .Needs(Permission.ViewPolicies).WithSummary("One version as its document.");
        api.MapPost("", async (HttpRequest request, DraftDocument draft, Caller caller, CancellationToken ct) =>
        {
            var json = await Body(request, ct);
            return Wrong(kind, json, caller) ?? (await draft.Run(caller.Call, new(kind, json), ct)).Api();
        }).Needs(writing).Takes(LargeBodies.OneFile).WithSummary("Start a draft from a document; its version is given.");
        api.MapPut(one, async (HttpContext http, int version, EditDocument edit, Caller caller, CancellationToken ct) =>
        {
            var json = await Body(http.Request, ct);
            var seen = http.Request.Headers.IfMatch.ToString().Trim('"');
            return Wrong(kind, json, caller) ?? (await edit.Run(caller.Call, new(IdOf(http, kind), version, json, seen.Length > 0 ? seen : null), ct)).Api();
        }).Needs(writing).Takes(LargeBodies.OneFile).WithSummary("Replace the document of a draft; If-Match holds the digest it started from.");
        api.MapPost("/check", async (HttpRequest request, SignedDocumentDesk desk, Caller caller, CancellationToken ct) =>
        {
            var json = await Body(request, ct);
            return Wrong(kind, json, caller)
                ?? Results.Json((await desk.Unsound(ReadDocument.Of(kind, json), caller.Call.Today(Clocks.CompanyZone), ct)).Select(p => Of(p, caller.Language)), Json.Plain);
        }).Needs(Permission.ViewPolicies).Takes(LargeBodies.OneFile).WithSummary("Say everything that is unsound in a document; nothing is kept.");
        Step<SubmitDocument>(api, one, "submit", kind, writing, "Hand a draft to those who sign.");
        Step<WithdrawDocument>(api, one, "withdraw", kind, writing, "Take a version back from sign-off.");
        Step<DiscardDocument>(api, one, "discard", kind, writing, "Throw a draft away.");
        api.MapPost(one + "/sign", async (HttpContext http, int version, SignatureGiven body, SignDocument sign, Caller caller, CancellationToken ct) =>
                (await sign.Run(caller.Call, new(IdOf(http, kind), version, Digest: body.Digest), ct)).Api())
            .Needs(Permission.SignPolicies).WithSummary("Give the next signature under the document with this digest.");
        api.MapPost(one + "/return", async (HttpContext http, int version, Returned body, ReturnDocument back, Caller caller, CancellationToken ct) =>
                (await back.Run(caller.Call, new(IdOf(http, kind), version, Words: body.Words), ct)).Api())
            .Needs(Permission.SignPolicies).WithSummary("Send a version back to its authors, with words.");
        api.MapPost(one + "/publish", async (HttpContext http, int version, Publication body, PublishDocument publish, Caller caller, CancellationToken ct) =>
                (await publish.Run(caller.Call, new(IdOf(http, kind), version, body.From), ct)).Api())
            .Needs(Permission.EditPolicies).WithSummary("Publish a signed version from a day on (today, when none is named).");
        if (kind is SignedKind.Standard or SignedKind.Scheme)
            api.MapPost(one + "/retire", async (HttpContext http, int version, Returned body, RetireDocument retire, Caller caller, CancellationToken ct) =>
                    (await retire.Run(caller.Call, new(IdOf(http, kind), version, Words: body.Words), ct)).Api())
                .Needs(Permission.EditPolicies).WithSummary("Take a published document out of use, with all its versions and nothing in their place; says why.");
    }

    private static void Step<T>(IEndpointRouteBuilder api, string one, string verb, SignedKind kind, Permission permission, string summary) where T : SignedStep =>
        api.MapPost($"{one}/{verb}", async (HttpContext http, int version, T step, Caller caller, CancellationToken ct) => (await step.Run(caller.Call, new(IdOf(http, kind), version), ct)).Api())
            .Needs(permission).WithSummary(summary);

    public static string IdOf(HttpContext http, SignedKind kind) => OnlyDocuments.IdOf(kind) ?? $"{http.GetRouteValue("id")}";

    public static Summary Of(ListSigned.Row row) => new(row.Id, row.Version, row.Standing, row.EffectiveFrom, row.Digest, row.Name.English, row.Name.Chinese);

    public static object Of(DocumentProblem problem, string language) =>
        new { problem.Code, problem.Path, problem.Part, problem.Line, problem.Column, Message = problem.In(language) };

    /// <summary>Everything that is wrong with a document that cannot be read; null when it can.</summary>
    private static IResult? Wrong(SignedKind kind, string json, Caller caller)
    {
        var problems = ReadDocument.Of(kind, json).Problems;
        if (problems.Count == 0)
            return null;
        var first = problems[0];
        return Results.Json(new
        {
            type = "/problems/" + first.Code, title = first.ToRefusal().In(caller.Language), status = StatusCodes.Status422UnprocessableEntity, code = first.Code, field = first.Path,
            errors = problems.Select(p => Of(p, caller.Language)),
        }, Json.Plain, "application/problem+json", StatusCodes.Status422UnprocessableEntity);
    }

    public static async Task<string> Body(HttpRequest request, CancellationToken ct)
    {
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        return await reader.ReadToEndAsync(ct);
    }
}
