using System.Globalization;
using Exeunt.App.Features.Reasons.Console;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Reasons;

/// <summary>原因: why customers leave, on two levels, with the guide for the talk and the offers that answer.</summary>
public static class ReasonsFeature
{
    public static void Add(IServiceCollection services) => services.AddScoped<ReasonBook>().AddScoped<ReasonOffers>();

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/policies/reasons", (ListReasons list, Caller caller, CancellationToken ct) => List(list, caller, null, null, ct)).Needs(Permission.ViewPolicies);
        routes.MapForm("/policies/reasons", AddOne).Needs(Permission.EditPolicies);
        routes.MapPage("/policies/reasons/{first}/{second?}", (string first, string? second, ListReasons list, Caller caller, CancellationToken ct) => One(CodeOf(first, second), list, caller, null, null, ct)).Needs(Permission.ViewPolicies);
        routes.MapForm("/policies/reasons/{first}/{second?}", Change).Needs(Permission.EditPolicies);
        Api(routes.MapGroup("/api/reasons").WithTags("Reasons"));
    }

    public sealed record NewReason(string? Under, string? Code, ReasonContent Content);

    private static void Api(IEndpointRouteBuilder api)
    {
        api.MapGet("", async (ListReasons list, Caller caller, CancellationToken ct) => Json(await list.Run(caller.Call, new(), ct)))
            .Needs(Permission.ViewPolicies).WithSummary("The reasons for leaving, on two levels, with guides and the offers that answer them.");
        api.MapPost("", async (NewReason body, AddReason add, Caller caller, CancellationToken ct) => body.Content is null
            ? new ProblemResult(CommonRefusals.Required("content")) : (await add.Run(caller.Call, new(body.Under, body.Code, body.Content), ct)).Api())
            .Needs(Permission.EditPolicies).WithSummary("Add a reason.");
        api.MapPut("/{first}/{second?}", async (string first, string? second, ReasonContent body, ChangeReason change, Caller caller, CancellationToken ct) =>
            (await change.Run(caller.Call, new(CodeOf(first, second), body), ct)).Api())
            .Needs(Permission.EditPolicies).WithSummary("Change a reason, or retire it. If-Match takes the version that was seen.");
    }

    private static IResult Json(Outcome<ListReasons.View> outcome) =>
        outcome.Refusal is { } no ? new ProblemResult(no) : Results.Json(outcome.Value.Reasons.All.Select(r => new
        {
            r.Code, r.English, r.Chinese, r.Position, customerEn = r.CustomerEnglish, customerZh = r.CustomerChinese, r.Retired,
            askEn = r.AskEnglish, askZh = r.AskChinese, answerEn = r.AnswerEnglish, answerZh = r.AnswerChinese, r.Version, offers = outcome.Value.Offers.GetValueOrDefault(r.Code, []),
        }), Platform.Json.Plain);

    public static string CodeOf(string first, string? second) => string.IsNullOrEmpty(second) ? first : $"{first}/{second}";

    private static async Task<IResult> AddOne(IFormCollection typed, AddReason add, ListReasons list, Caller caller, CancellationToken ct)
    {
        var content = new ReasonContent(typed["english"], typed["chinese"], 999, null, null, false, null, null, null, null, null);
        var added = await add.Run(caller.Call, new(typed["under"], typed["code"], content), ct);
        return added.Refusal is { Kind: not RefusalKind.NotFound } no ? await List(list, caller, no, typed, ct) : added.Then(a => $"/policies/reasons/{a.Code}");
    }

    private static async Task<IResult> Change(string first, string? second, IFormCollection typed, ChangeReason change, ListReasons list, Caller caller, CancellationToken ct)
    {
        var code = CodeOf(first, second);
        var content = new ReasonContent(
            typed["english"], typed["chinese"], int.TryParse(typed["position"], NumberStyles.None, CultureInfo.InvariantCulture, out var place) ? place : -1, typed["customerEn"], typed["customerZh"],
            typed["retired"] == "true", typed["askEn"], typed["askZh"], typed["answerEn"], typed["answerZh"],
            [.. typed["offers"].ToString().Split(['\r', '\n', ',', ' ', '，', '、'], StringSplitOptions.RemoveEmptyEntries).Select(c => c.ToUpperInvariant())]);
        var changed = await change.Run(caller.Call, new(code, content, int.TryParse(typed["seen"], NumberStyles.None, CultureInfo.InvariantCulture, out var seen) ? seen : null), ct);
        return changed.Refusal is { Kind: not RefusalKind.NotFound } no ? await One(code, list, caller, no, typed, ct) : changed.Then(_ => "/policies/reasons#" + Anchor(code));
    }

    /// <summary>The place of a reason on the page.</summary>
    public static string Anchor(string code) => "r-" + code.Replace('/', '-');

    private static async Task<IResult> List(ListReasons list, Caller caller, Refusal? refusal, IFormCollection? typed, CancellationToken ct)
    {
        var view = await list.Run(caller.Call with { IdempotencyKey = null }, new(), ct);
        return view.Refusal is { } no ? new ProblemResult(no)
            : Web.Page<ReasonsPage>(new { View = view.Value, Refusal = refusal, Typed = typed }, refusal is null ? StatusCodes.Status200OK : Problems.StatusOf(refusal));
    }

    private static async Task<IResult> One(string code, ListReasons list, Caller caller, Refusal? refusal, IFormCollection? typed, CancellationToken ct)
    {
        var view = await list.Run(caller.Call with { IdempotencyKey = null }, new(), ct);
        return view.Refusal is { } no ? new ProblemResult(no)
            : view.Value.Reasons.Find(code) is not { } row ? new ProblemResult(CommonRefusals.NotFound)
            : Web.Page<ReasonPage>(new { View = view.Value, Row = row, Refusal = refusal, Typed = typed }, refusal is null ? StatusCodes.Status200OK : Problems.StatusOf(refusal));
    }
}
