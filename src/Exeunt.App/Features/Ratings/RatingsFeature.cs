using System.Globalization;
using Exeunt.App.Features.Ratings.Console;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Ratings;

/// <summary>配合态度: how customers cooperate, rated by staff on a described scale, with evidence and a second person's score.</summary>
public static class RatingsFeature
{
    public static void Add(IServiceCollection services) => services.AddScoped<RatingDesk>();

    public sealed record Given(int? Score, string? Evidence, string? Until);

    public sealed record Second(int? Score);

    public sealed record Withdrawn(string? Reason);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/customers/{id:long}/ratings").WithTags("Ratings");
        api.MapGet("", async (long id, ShowRatings show, Caller caller, CancellationToken ct) => (await show.Run(caller.Call, id, ct)).Api())
            .Needs(Permission.ViewWatch).Produces<ShowRatings.View>().WithSummary("How a customer cooperates now, and every rating by staff with its evidence.");
        api.MapPost("", async (long id, Given body, RateCustomer rate, Caller caller, CancellationToken ct) => (await rate.Run(caller.Call, new(id, body.Score, body.Evidence, body.Until), ct)).Api())
            .Needs(Permission.RateCustomers).Produces<RateCustomer.Rated>().WithSummary("Rate how a customer cooperates, 1 to 5, with evidence; it counts for six months, or until a day within twelve.");
        api.MapPost("/{rating:guid}/second", async (long id, Guid rating, Second body, SecondRating second, Caller caller, CancellationToken ct) => (await second.Run(caller.Call, new(id, rating, body.Score), ct)).Api())
            .Needs(Permission.RateCustomers).WithSummary("The score of a second person; the mean of both counts.");
        api.MapPost("/{rating:guid}/withdraw", async (long id, Guid rating, Withdrawn body, WithdrawRating withdraw, Caller caller, CancellationToken ct) => (await withdraw.Run(caller.Call, new(id, rating, body.Reason), ct)).Api())
            .Needs(Permission.RateCustomers).WithSummary("Withdraw a rating that was wrong, with the reason.");
        routes.MapPage("/customers/{id:long}/ratings", (long id, ShowRatings show, Caller caller, CancellationToken ct) => Page(id, show, caller, null, null, ct)).Needs(Permission.ViewWatch);
        routes.MapForm("/customers/{id:long}/ratings", async (long id, IFormCollection typed, RateCustomer rate, ShowRatings show, Caller caller, CancellationToken ct) =>
            await Then(id, (await rate.Run(caller.Call, new(id, Score(typed), typed["evidence"], typed["until"]), ct)).Refusal, typed, show, caller, ct)).Needs(Permission.RateCustomers);
        routes.MapForm("/customers/{id:long}/ratings/{rating:guid}", async (long id, Guid rating, IFormCollection typed, SecondRating second, WithdrawRating withdraw, ShowRatings show, Caller caller, CancellationToken ct) =>
            await Then(id, typed["do"] == "withdraw" ? (await withdraw.Run(caller.Call, new(id, rating, typed["reason"]), ct)).Refusal : (await second.Run(caller.Call, new(id, rating, Score(typed)), ct)).Refusal, typed, show, caller, ct, rating))
            .Needs(Permission.RateCustomers);
    }

    private static int? Score(IFormCollection typed) => int.TryParse(typed["score"], NumberStyles.None, CultureInfo.InvariantCulture, out var score) ? score : null;

    private static Task<IResult> Then(long id, Refusal? refusal, IFormCollection? typed, ShowRatings show, Caller caller, CancellationToken ct, Guid? of = null) =>
        refusal is null ? Task.FromResult(Web.SeeOther($"/customers/{id}/ratings")) : Page(id, show, caller, refusal, typed, ct, of);

    private static async Task<IResult> Page(long id, ShowRatings show, Caller caller, Refusal? refusal, IFormCollection? typed, CancellationToken ct, Guid? of = null)
    {
        var outcome = await show.Run(caller.Call with { IdempotencyKey = null }, id, ct);
        return outcome.Refusal is { } no ? new ProblemResult(no)
            : Web.Page<RatingsPage>(new { View = outcome.Value, Refusal = refusal, Form = typed is not null && of is null, Of = of, Reason = typed?["reason"].ToString(), Score = typed?["score"].ToString(), Evidence = typed?["evidence"].ToString(), Until = typed?["until"].ToString() },
                refusal is null ? StatusCodes.Status200OK : Problems.StatusOf(refusal));
    }
}
