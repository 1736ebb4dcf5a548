using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Evaluate;
using Exeunt.App.Features.Staff;
using Exeunt.App.Features.Tiers;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Activity;

namespace Exeunt.App.Features.Ratings;

/// <summary>How a customer cooperates now, and every rating with its evidence, newest first.</summary>
public sealed class ShowRatings(AppDb db, RatingDesk desk, StaffDirectory staff) : UseCase<long, ShowRatings.View>(db)
{
    /// <param name="Counts">What counts of it, in hundredths of a point.</param>
    /// <param name="MaySecond">Whether the caller can give the second score.</param>
    public sealed record Line(Guid Id, KeptRating Rating, long Counts, bool IsOver, string By, string? SecondBy, string? WithdrawnBy, bool MaySecond, bool MayWithdraw);

    /// <param name="Now">What counts today, whoever told it, in hundredths of a point; null: nothing.</param>
    public sealed record View(long CustomerId, DateOnly Today, long? Now, IReadOnlyList<Line> Lines, bool MayRate);

    public override Permission Needs => Permission.ViewWatch;

    protected override async Task<Outcome<View>> Handle(Call call, long id, CancellationToken ct)
    {
        if (await desk.Customer(id, call, Needs, ct) is not { } customer)
            return CommonRefusals.NotFound;
        var today = call.Today(Clocks.CompanyZone);
        var isOut = TierDesk.IsOut(customer);
        var mayRate = (await VisibleUnits.Of(Db, call.Actor, Permission.RateCustomers, ct)).Holds(customer.UnitId);
        var ratings = customer.ErasedAt is null ? await desk.Of(id, ct) : [];
        var names = await staff.Names(ratings.SelectMany(r => new[] { r.Rating.By, r.Rating.SecondBy, r.Rating.WithdrawnBy }).OfType<string>().Distinct(), ct);
        string? Name(string? person) => person is null ? null : names.GetValueOrDefault(person) ?? "—";
        var lines = ratings.ConvertAll(r =>
        {
            var (withdrawn, isOver) = (r.Rating.WithdrawnBecause is not null, r.Rating.Until < today);
            return new Line(r.Id, r.Rating, r.Rating.Counts, isOver, Name(r.Rating.By)!, Name(r.Rating.SecondBy), Name(r.Rating.WithdrawnBy),
                mayRate && !isOut && !withdrawn && !isOver && r.Rating.SecondScore is null && r.Rating.By != call.Actor.Id, mayRate && !withdrawn);
        });
        var judged = await FewCustomers.Of(Db, [customer], today, ct);
        var now = isOut || judged.Count == 0 ? IIndicatorValues.Unknown : judged.Open(0, new HistoryScratch()).At(today)[Indicator.Attitude];
        // Words about a person were read only where there are some.
        if (lines.Count > 0)
        {
            Db.Audit(call, "ratings.viewed", $"customer:{id}", new { lines = lines.Count });
            // A read keeps no answer under an idempotency key: it holds such words.
            await Db.SaveChangesAsync(ct);
        }
        return new View(id, today, now == IIndicatorValues.Unknown ? null : now, lines, mayRate && !isOut);
    }
}
