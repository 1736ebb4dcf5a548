using Exeunt.App.Data;
using Exeunt.App.Features.Tiers;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Ratings;

/// <summary>The score of a second person: the same confirms the rating, another is taken into the mean, which then counts.</summary>
public sealed class SecondRating(AppDb db, RatingDesk desk) : UseCase<SecondRating.Request, Done>(db)
{
    public sealed record Request(long CustomerId, Guid Id, int? Score);

    public override Permission Needs => Permission.RateCustomers;

    protected override int Tries => 5;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Customer(request.CustomerId, call, Needs, ct) is not { } customer || await desk.Find(customer.Id, request.Id, ct) is not var (text, rating))
            return CommonRefusals.NotFound;
        if (request.Score is not (>= RatingDesk.Least and <= RatingDesk.Most))
            return RatingRefusals.Score;
        var today = call.Today(Clocks.CompanyZone);
        if (rating.WithdrawnBecause is not null || rating.Until < today)
            return RatingRefusals.Over;
        if (rating.SecondScore is not null)
            return RatingRefusals.Seconded;
        if (rating.By == call.Actor.Id)
            return RatingRefusals.Own;
        if (TierDesk.IsOut(customer))
            return RatingRefusals.NotJudged;
        await desk.Change(customer, text, rating with { SecondScore = request.Score, SecondBy = call.Actor.Id, SecondOn = today }, call, ct);
        Db.Audit(call, "rating.seconded", $"customer:{customer.Id}", new { request.Id, score = request.Score });
        return await Commit(Done.It, ct);
    }
}
