using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Rules;

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
        if (CommonRefusals.Unfit("words", request.Words, MaxWords, out var unfit))
            return unfit;
        if (review.ClosedAt is not null)
            return new Refusal(RefusalKind.Conflict, "review.closed-already", "This review is closed already.", "该复核已关闭。");
        (review.ClosedAt, review.ClosedBy, review.Words) = (call.BusinessNow, call.Actor.Id, request.Words.Trim());
        review.Version++;
        Db.Audit(call, "review.closed", $"review:{review.Id:N}");
        return await Commit(Done.It, ct);
    }
}
