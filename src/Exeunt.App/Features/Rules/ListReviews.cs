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
