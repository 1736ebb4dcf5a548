using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Ratings;

/// <summary>Withdraws a rating that was wrong, with the reason; what is right is rated anew. It does not count any more, also not for days that are past.</summary>
public sealed class WithdrawRating(AppDb db, RatingDesk desk) : UseCase<WithdrawRating.Request, Done>(db)
{
    public sealed record Request(long CustomerId, Guid Id, string? Reason);

    public override Permission Needs => Permission.RateCustomers;

    protected override int Tries => 5;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Customer(request.CustomerId, call, Needs, ct) is not { } customer || await desk.Find(customer.Id, request.Id, ct) is not var (text, rating))
            return CommonRefusals.NotFound;
        if (CommonRefusals.Unfit("reason", request.Reason, RatingDesk.MaxWords, out var unfit))
            return unfit;
        if (rating.WithdrawnBecause is not null)
            return RatingRefusals.Over;
        await desk.Change(customer, text, rating with { WithdrawnBecause = request.Reason.Trim(), WithdrawnBy = call.Actor.Id, WithdrawnOn = call.Today(Clocks.CompanyZone) }, call, ct);
        Db.Audit(call, "rating.withdrawn", $"customer:{customer.Id}", new { request.Id });
        return await Commit(Done.It, ct);
    }
}
