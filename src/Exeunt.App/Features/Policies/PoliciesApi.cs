using System.Text;
using Exeunt.App.Platform;
using Exeunt.Core.Policies;
using Exeunt.Core.Rules;

namespace Exeunt.App.Features.Policies;

/// <summary>Policies over REST: the document is the body, the steps are POSTs (docs/policies.md).</summary>
public static class PoliciesApi
{
    public sealed record Signature(string? Digest);

    public sealed record Return(string? Words);

    public sealed record Publication(IReadOnlyList<string>? Acknowledged);

    public sealed record Review(string? Words, DateOnly? NextOn);

    /// <summary>A version without its document.</summary>
    public sealed record Summary(
        string Number, int Version, PolicyStatus Status, PolicyStanding Standing, DateOnly EffectiveFrom, DateOnly? EffectiveUntil, DateOnly? ReviewOn, bool ReviewDue, int Contracts, string Digest,
        string TitleEnglish, string TitleChinese);

    /// <summary>What the law says to a policy: what blocks and what warns.</summary>
    public sealed record Finding(string Rule, string Article, bool Blocks, string Where, string Problem, string? Fix);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(PolicySchema.Path, () => Results.Text(PolicySchema.Json, "application/schema+json", Encoding.UTF8))
            .Needs(Permission.Public).WithTags("Policies").WithSummary("The JSON Schema of a policy's document.").ExcludeFromDescription();

        var api = routes.MapGroup("/api/policies").WithTags("Policies");
        api.MapGet("", async (ListPolicies list, Caller caller, string? number, CancellationToken ct) =>
                await list.Run(caller.Call, new(number), ct) is { Refusal: null, Value: var rows } ? Results.Json(rows.Select(Of), Json.Plain) : new ProblemResult(CommonRefusals.NotAllowed(Permission.ViewPolicies)))
            .Needs(Permission.ViewPolicies).WithSummary("Every version of every policy, or of one number.");
        api.MapGet("/{number}/{version:int}", async (string number, int version, ShowPolicy show, Caller caller, CancellationToken ct) =>
                await show.Run(caller.Call, new(number, version), ct) is { Refusal: null, Value: var sheet } ? Results.Text(sheet.Policy.ToJson(), "application/json", Encoding.UTF8) : new ProblemResult(CommonRefusals.NotFound))
            .Needs(Permission.ViewPolicies).WithSummary("The document of a version.");
        api.MapPost("", Draft).Needs(Permission.EditPolicies).Takes(LargeBodies.OneFile).WithSummary("Start a draft: a new number, or the next version of a known one. The body is the document.");
        api.MapPut("/{number}/{version:int}", Edit).Needs(Permission.EditPolicies).Takes(LargeBodies.OneFile).WithSummary("Replace the document of a draft; every signature is void. If-Match may carry the digest the change started from.");
        api.MapPost("/check", Check).Needs(Permission.ViewPolicies).Takes(LargeBodies.OneFile).WithSummary("Read a document and hold it against the law; nothing is saved.");
        Step<SubmitPolicy>(api, "submit", Permission.EditPolicies, "Hand a draft in for sign-off.");
        Step<WithdrawPolicy>(api, "withdraw", Permission.EditPolicies, "Take a version back from sign-off.");
        Step<DiscardPolicy>(api, "discard", Permission.EditPolicies, "Throw a draft away.");
        api.MapPost("/{number}/{version:int}/sign", async (string number, int version, Signature body, SignPolicy sign, Caller caller, CancellationToken ct) =>
                (await sign.Run(caller.Call, new(number, version, Digest: body.Digest), ct)).Api())
            .Needs(Permission.SignPolicies).WithSummary("Give the next signature under the document with this digest.");
        api.MapPost("/{number}/{version:int}/return", async (string number, int version, Return body, ReturnPolicy back, Caller caller, CancellationToken ct) =>
                (await back.Run(caller.Call, new(number, version, Words: body.Words), ct)).Api())
            .Needs(Permission.SignPolicies).WithSummary("Send a version back to its writers, with words.");
        api.MapPost("/{number}/{version:int}/publish", async (string number, int version, Publication body, PublishPolicy publish, Caller caller, CancellationToken ct) =>
                (await publish.Run(caller.Call, new(number, version, body.Acknowledged), ct)).Api())
            .Needs(Permission.EditPolicies).WithSummary("Publish a signed version on its effective date; warnings are acknowledged by the ids of their rules.");
        api.MapPost("/{number}/{version:int}/review", async (string number, int version, Review body, RecordPolicyReview review, Caller caller, CancellationToken ct) =>
                (await review.Run(caller.Call, new(number, version, body.Words, body.NextOn), ct)).Api())
            .Needs(Permission.ReviewPolicies).WithSummary("Record the periodic review of a published version and the date of the next.");
    }

    private static void Step<T>(IEndpointRouteBuilder api, string verb, Permission permission, string summary) where T : PolicyStep =>
        api.MapPost($"/{{number}}/{{version:int}}/{verb}", async (string number, int version, T step, Caller caller, CancellationToken ct) => (await step.Run(caller.Call, new(number, version), ct)).Api())
            .Needs(permission).WithSummary(summary);

    private static async Task<IResult> Draft(HttpRequest request, DraftPolicy draft, Caller caller, CancellationToken ct)
    {
        var json = await Body(request, ct);
        return Wrong(json, caller) ?? (await draft.Run(caller.Call, new(json), ct)).Api();
    }

    private static async Task<IResult> Edit(string number, int version, HttpRequest request, EditPolicy edit, Caller caller, CancellationToken ct)
    {
        var json = await Body(request, ct);
        var seen = request.Headers.IfMatch.ToString().Trim('"');
        return Wrong(json, caller) ?? (await edit.Run(caller.Call, new(number, version, json, seen.Length > 0 ? seen : null), ct)).Api();
    }

    private static async Task<IResult> Check(HttpRequest request, PolicyDesk desk, Caller caller, CancellationToken ct)
    {
        var read = PolicyDocument.Read(await Body(request, ct));
        if (!read.IsValid)
            return Results.Json(Problem(read.Errors, caller), Json.Plain, "application/problem+json", StatusCodes.Status422UnprocessableEntity);
        return Results.Json((await desk.Findings(read.Policy, ct)).Select(f => Of(f, caller.T)), Json.Plain);
    }

    /// <summary>Everything that is wrong with a document, each with its place; null when nothing is.</summary>
    private static IResult? Wrong(string json, Caller caller) =>
        PolicyDocument.Read(json) is { IsValid: false, Errors: var errors } ? Results.Json(Problem(errors, caller), Json.Plain, "application/problem+json", StatusCodes.Status422UnprocessableEntity) : null;

    private static object Problem(IReadOnlyList<PolicyError> errors, Caller caller) => new
    {
        type = "/problems/" + errors[0].Code, title = errors[0].ToRefusal().In(caller.Language), status = StatusCodes.Status422UnprocessableEntity, code = errors[0].Code, field = errors[0].Path,
        errors = errors.Select(e => new { e.Path, e.Line, e.Column, e.Code, Message = e.In(caller.Language) }),
    };

    internal static Finding Of(PolicyFinding finding, Texts t) =>
        new(finding.Rule.Id, finding.Rule.Article, finding.Blocks, finding.Where, t.Pick(finding.Problem.English, finding.Problem.Chinese), finding.Fix is { } fix ? t.Pick(fix.English, fix.Chinese) : null);

    internal static Summary Of(ListPolicies.Row row) => new(
        row.Policy.Number, row.Policy.Version, row.Status, row.Standing, row.Interval.From, row.Interval.Until, row.ReviewOn, row.IsReviewDue, row.Contracts, row.Digest, row.Policy.TitleEnglish, row.Policy.TitleChinese);

    private static async Task<string> Body(HttpRequest request, CancellationToken ct)
    {
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        return await reader.ReadToEndAsync(ct);
    }
}
