using System.Globalization;
using System.Text;
using Exeunt.App.Features.Rules.Console;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Policies;
using Exeunt.Core.Rules;

namespace Exeunt.App.Features.Rules;

/// <summary>规则包: the legal limits by place, new versions of them, and reviews of what breaks them.</summary>
public static class RulesFeature
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<RulePackCache>();
        services.AddScoped<RuleBook>().AddScoped<Reviews>().AddScoped<ITodaySource, RulesToday>();
        services.AddEffect<RecheckRules>(RecheckRules.Kind);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/rules", (ListRulePacks list, Caller caller, CancellationToken ct) => List(list, caller, null, ct)).Needs(Permission.ViewPolicies);
        routes.MapForm("/rules", Import).Needs(Permission.ManageRules).Takes(LargeBodies.OneFile);
        routes.MapPage("/rules/{jurisdiction}", async (string jurisdiction, string? version, string? status, ShowRulePack show, Caller caller, CancellationToken ct) =>
        {
            var view = await show.Run(caller.Call, new(jurisdiction, int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var v) ? v : null), ct);
            return view.Refusal is { } no ? new ProblemResult(no) : (IResult)Web.Page<RulePackPage>(new { View = view.Value, Shown = status ?? "" });
        }).Needs(Permission.ViewPolicies);
        routes.MapForm("/rules/{jurisdiction}/sign-off", async (string jurisdiction, IFormCollection typed, SignOffRule sign, Caller caller, CancellationToken ct) =>
            (await sign.Run(caller.Call, new(jurisdiction, typed["rule"].ToString()), ct)).Then(made => $"/rules/{made.Jurisdiction}")).Needs(Permission.ManageRules);
        routes.MapPage("/rules/reviews", (ListReviews list, Caller caller, string? closed, CancellationToken ct) => Reviewed(list, caller, new(closed == "1"), null, null, ct)).Needs(Permission.ViewReviews);
        routes.MapForm("/rules/reviews/{id:guid}", async (Guid id, IFormCollection typed, CloseReview close, ListReviews list, Caller caller, CancellationToken ct) =>
        {
            var closed = await close.Run(caller.Call, new(id, typed["words"]), ct);
            return closed.Refusal is not { } no ? Web.SeeOther("/rules/reviews")
                : no.Kind == RefusalKind.NotFound ? new ProblemResult(no)
                : await Reviewed(list, caller, new(), no, id, ct);
        }).Needs(Permission.CloseReviews);

        var api = routes.MapGroup("/api/rules").WithTags("Rules");
        api.MapGet("", async (ListRulePacks list, Caller caller, CancellationToken ct) => (await list.Run(caller.Call, new(), ct)).Api())
            .Needs(Permission.ViewPolicies).Produces<ListRulePacks.Row[]>().WithSummary("The newest rule pack of every place.");
        api.MapGet("/{jurisdiction}/{version:int}", async (string jurisdiction, int version, ShowRulePack show, Caller caller, CancellationToken ct) =>
            await show.Run(caller.Call, new(jurisdiction, version), ct) is { Refusal: var no } shown && no is not null ? new ProblemResult(no) : (IResult)Results.Text(shown.Value.Pack.ToJson(), "application/json"))
            .Needs(Permission.ViewPolicies).WithSummary("One version of a rule pack, as its document.");
        api.MapGet("/schema", () => Results.Text(RulePack.Schema(), "application/schema+json")).Needs(Permission.ViewPolicies).WithSummary("The JSON Schema of a rule pack.");
        api.MapPost("", async (HttpRequest request, ImportRulePack import, Caller caller, CancellationToken ct) => (await import.Run(caller.Call, new(await Body(request, ct)), ct)).Api())
            .Needs(Permission.ManageRules).Takes(LargeBodies.OneFile).Accepts<RulePack>("application/json").Produces<ImportRulePack.Imported>().WithSummary("Hand in the next version of a rule pack.");
        api.MapPost("/{jurisdiction}/{rule}/sign-off", async (string jurisdiction, string rule, SignOffRule sign, Caller caller, CancellationToken ct) => (await sign.Run(caller.Call, new(jurisdiction, Uri.UnescapeDataString(rule)), ct)).Api())
            .Needs(Permission.ManageRules).Produces<ImportRulePack.Imported>().WithSummary("Sign off an unverified rule that somebody else handed in.");
        api.MapPost("/check", async (HttpRequest request, CheckPolicyDocument check, Caller caller, CancellationToken ct) =>
            await check.Run(caller.Call, new(await Body(request, ct)), ct) is { Refusal: var no } found && no is not null ? new ProblemResult(no) : (IResult)Results.Json(found.Value.Select(Found.Of), Json.Plain))
            .Needs(Permission.ViewPolicies).Takes(LargeBodies.OneFile).Accepts<TerminationPolicy>("application/json").Produces<Found[]>().WithSummary("Hold a policy's document against the law of its places.");

        var reviews = routes.MapGroup("/api/reviews").WithTags("Rules");
        reviews.MapGet("", async (ListReviews list, Caller caller, bool? closed, CancellationToken ct) => (await list.Run(caller.Call, new(closed ?? false), ct)).Api())
            .Needs(Permission.ViewReviews).Produces<ListReviews.Page>().WithSummary("Reviews of what breaks a legal limit.");
        reviews.MapPost("/{id:guid}/closing", async (Guid id, Closing body, CloseReview close, Caller caller, CancellationToken ct) => (await close.Run(caller.Call, new(id, body.Words), ct)).Api())
            .Needs(Permission.CloseReviews).WithSummary("Close a review with what was decided.");
    }

    public sealed record Closing(string? Words);

    /// <summary>A finding as the API and the command line say it.</summary>
    public sealed record Found(string Rule, string Pack, string Article, RuleStatus Status, bool Blocks, string Where, string English, string Chinese, string? FixEnglish, string? FixChinese)
    {
        public static Found Of(PolicyFinding f) =>
            new(f.Rule.Id, f.Pack, f.Rule.Article, f.Rule.Status, f.Blocks, f.Where, f.Problem.English, f.Problem.Chinese, f.Fix?.English, f.Fix?.Chinese);
    }

    private static async Task<IResult> List(ListRulePacks list, Caller caller, Refusal? refusal, CancellationToken ct)
    {
        var rows = await list.Run(caller.Call, new(), ct);
        return rows.Refusal is { } no
            ? new ProblemResult(no)
            : Web.Page<RulesPage>(new { Rows = rows.Value, Refusal = refusal }, refusal is null ? StatusCodes.Status200OK : Problems.StatusOf(refusal));
    }

    private static async Task<IResult> Reviewed(ListReviews list, Caller caller, ListReviews.Request request, Refusal? refusal, Guid? of, CancellationToken ct)
    {
        var page = await list.Run(caller.Call, request, ct);
        return page.Refusal is { } no
            ? new ProblemResult(no)
            : Web.Page<ReviewsPage>(new { List = page.Value, Refusal = refusal, Of = of }, refusal is null ? StatusCodes.Status200OK : Problems.StatusOf(refusal));
    }

    private static async Task<IResult> Import(HttpContext context, ImportRulePack import, ListRulePacks list, Caller caller, CancellationToken ct)
    {
        var form = await context.Request.ReadFormAsync(ct);
        var document = "";
        if (form.Files["document"] is { Length: > 0 and <= 4 * ImportRulePack.MaxLength } file)
            using (var reader = new StreamReader(file.OpenReadStream(), Encoding.UTF8))
                document = await reader.ReadToEndAsync(ct);
        var imported = await import.Run(caller.Call, new(document), ct);
        return imported.Refusal is { } no ? await List(list, caller, no, ct) : Web.SeeOther($"/rules/{imported.Value.Jurisdiction}");
    }

    private static async Task<string> Body(HttpRequest request, CancellationToken ct)
    {
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        return await reader.ReadToEndAsync(ct);
    }
}
