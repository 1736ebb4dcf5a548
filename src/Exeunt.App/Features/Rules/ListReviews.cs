using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Rules;

/// <summary>The newest open, or closed, reviews, at most two hundred. Of cases only those the caller may see.</summary>
public sealed class ListReviews(AppDb db, CaseDesk desk, StaffDirectory staff) : UseCase<ListReviews.Request, ListReviews.Page>(db)
{
    public const int Max = 200;

    public sealed record Request(bool Closed = false);

    public sealed record Row(Review Review, string? CaseNumber, string? ClosedBy);

    /// <param name="Total">How many there are; the rows are the newest of them.</param>
    public sealed record Page(IReadOnlyList<Row> Rows, bool Closed, int Total);

    public override Permission Needs => Permission.ViewReviews;

    protected override async Task<Outcome<Page>> Handle(Call call, Request request, CancellationToken ct)
    {
        var query = Visible(call).Where(r => r.ClosedAt != null == request.Closed);
        var total = await query.CountAsync(ct);
        var shown = await query.OrderByDescending(r => r.OpenedAt).ThenBy(r => r.Id).Take(Max).ToListAsync(ct);
        var ids = shown.Select(r => r.CaseId).OfType<Guid>().Distinct().ToList();
        var numbers = await Db.Cases.AsNoTracking().Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, c => c.Number, ct);
        var names = await staff.Names(shown.Select(r => r.ClosedBy ?? ""), ct);
        return new Page(
            [.. shown.Select(r => new Row(r, r.CaseId is { } id ? numbers.GetValueOrDefault(id) : null, r.ClosedBy is { } by ? names.GetValueOrDefault(by) ?? by : null))],
            request.Closed, total);
    }

    private IQueryable<Review> Visible(Call call)
    {
        var cases = desk.Visible(call, Needs);
        return Db.Reviews.AsNoTracking().Where(r => r.CaseId == null || cases.Any(c => c.Id == r.CaseId));
    }
}

/// <summary>Closes a review with what was decided.</summary>
public sealed class CloseReview(AppDb db, CaseDesk desk) : UseCase<CloseReview.Request, Done>(db)
{
    public const int MaxWords = 1000;

    /// <param name="Words">What was decided; no names, no addresses: it is kept in clear.</param>
    public sealed record Request(Guid Id, string? Words);

    public override Permission Needs => Permission.CloseReviews;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.Reviews.SingleOrDefaultAsync(r => r.Id == request.Id, ct) is not { } review
            || (review.CaseId is { } id && !await desk.Visible(call, Needs).AnyAsync(c => c.Id == id, ct)))
            return CommonRefusals.NotFound;
        if (string.IsNullOrWhiteSpace(request.Words))
            return CommonRefusals.Required("words");
        if (request.Words.Length > MaxWords)
            return CommonRefusals.TooLong("words", MaxWords);
        if (review.ClosedAt is not null)
            return new Refusal(RefusalKind.Conflict, "review.closed-already", "This review is closed already.", "该复核已关闭。");
        (review.ClosedAt, review.ClosedBy, review.Words) = (call.BusinessNow, call.Actor.Id, request.Words.Trim());
        review.Version++;
        Db.Audit(call, "review.closed", $"review:{review.Id:N}");
        return await Commit(Done.It, ct);
    }
}
