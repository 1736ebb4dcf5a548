using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Feedback;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Feedback;

/// <summary>Where a complaint or suggestion stands, for whoever holds its secret link: their words, the answer, messages. Nothing of customers or cases.</summary>
public sealed class ShowOwnFeedback(AppDb db, FeedbackDesk desk) : UseCase<ShowOwnFeedback.Request, ShowOwnFeedback.View>(db)
{
    public sealed record Request(string Token);

    /// <param name="AnswerBy">Last day on which it is answered.</param>
    /// <param name="SayBy">Last day on which it can be said that the answer does not settle it; null: that cannot be said now.</param>
    /// <param name="LastSay">A "no" now ends it here: it was opened anew before.</param>
    /// <param name="Joined">It is answered together with others like it.</param>
    /// <param name="Written">What was written by either side; null: erased.</param>
    public sealed record View(
        string Number, FeedbackKind Kind, string About, FeedbackState State, DateTimeOffset ReceivedAt, DateOnly AnswerBy, bool Overdue, FeedbackTyped? Typed, FeedbackContact? Contact,
        Verdict? Verdict, IReadOnlyList<Remedy> Remedies, DateOnly? SayBy, bool LastSay, bool WasReopened, bool Joined, FeedbackEnd? End, IReadOnlyList<Line> Written);

    public sealed record Line(DateTimeOffset At, bool Mine, FeedbackEvent What, string? Words);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.OfLink(request.Token, ct) is not { } item)
            return CommonRefusals.NotFound;
        var index = await Db.FeedbackIndex.AsNoTracking().SingleAsync(i => i.FeedbackId == item.Id, ct);
        var lines = (await desk.History(item, ct))
            .Where(l => l.What is FeedbackEvent.Wrote or FeedbackEvent.Replied or FeedbackEvent.Answered or FeedbackEvent.Reopened or FeedbackEvent.Settled or FeedbackEvent.Unsettled)
            .Select(l => new Line(l.At, l.What is FeedbackEvent.Wrote or FeedbackEvent.Reopened or FeedbackEvent.Settled or FeedbackEvent.Unsettled, l.What, l.Words)).ToList();
        return new View(
            item.Number, item.Kind, item.Category, item.State, item.ReceivedAt, FeedbackDesk.AnswerBy(item), item.OverdueAt is not null, await desk.Typed(index, ct), await desk.Contact(index, ct),
            item.Verdict, item.Remedies, SayOfFeedback.Until(item) is { } until && call.BusinessNow < until ? Clocks.DateIn(until, Clocks.CompanyZone).AddDays(-1) : null, item.WasReopened,
            item.WasReopened, item.JoinedInto is not null, item.End, lines);
    }
}
