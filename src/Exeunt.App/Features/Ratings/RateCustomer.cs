using Exeunt.App.Data;
using Exeunt.App.Features.Tiers;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Ratings;

/// <summary>Rates how a customer cooperates, on the described scale and with what it rests on. It counts at once, until its last day.</summary>
public sealed class RateCustomer(AppDb db, RatingDesk desk) : UseCase<RateCustomer.Request, RateCustomer.Rated>(db)
{
    /// <param name="Until">yyyy-MM-dd, its last day; null or empty: six months from today.</param>
    public sealed record Request(long CustomerId, int? Score, string? Evidence, string? Until);

    public sealed record Rated(Guid Id);

    public override Permission Needs => Permission.RateCustomers;

    protected override int Tries => 5;

    protected override async Task<Outcome<Rated>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Customer(request.CustomerId, call, Needs, ct) is not { } customer)
            return CommonRefusals.NotFound;
        if (request.Score is not (>= RatingDesk.Least and <= RatingDesk.Most))
            return RatingRefusals.Score;
        if (CommonRefusals.Unfit("evidence", request.Evidence, RatingDesk.MaxWords, out var unfit))
            return unfit;
        var today = call.Today(Clocks.CompanyZone);
        var until = today.AddMonths(RatingDesk.UsualMonths);
        if (!string.IsNullOrEmpty(request.Until) && (!RatingRefusals.TryDay(request.Until, out until) || until <= today || until > RatingRefusals.LastDay(today)))
            return RatingRefusals.Until;
        if (TierDesk.IsOut(customer))
            return RatingRefusals.NotJudged;
        var id = await desk.Add(customer, new(request.Score.Value, request.Evidence.Trim(), today, until, call.Actor.Id), call, ct);
        Db.Audit(call, "rating.recorded", $"customer:{customer.Id}", new { id, score = request.Score, until });
        return await Commit(new Rated(id), ct);
    }
}
