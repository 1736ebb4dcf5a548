using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Feedback;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Feedback;

/// <summary>A message of whoever wrote, by the secret link.</summary>
public sealed class WriteFeedback(AppDb db, FeedbackDesk desk) : UseCase<WriteFeedback.Request, Done>(db)
{
    public const int Max = 2000;
    public const int MaxEntries = 100;

    public sealed record Request(string Token, string? Words);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.OfLink(request.Token, ct) is not { } item)
            return CommonRefusals.NotFound;
        if (item.State == FeedbackState.Closed)
            return FeedbackRefusals.Closed;
        if (CommonRefusals.Unfit("words", request.Words, Max, out var unfit))
            return unfit;
        if (item.Entries >= MaxEntries)
            return FeedbackRefusals.TooManyWords;
        await desk.Note(item, call, FeedbackEvent.Wrote, request.Words.Trim(), ct: ct);
        return await Commit(Done.It, ct);
    }
}

/// <summary>Whoever wrote says whether the answer settles it. A first "no" gives it to another person, a second one ends it here.</summary>
public sealed class SayOfFeedback(AppDb db, FeedbackDesk desk) : UseCase<SayOfFeedback.Request, Done>(db)
{
    /// <param name="Words">What is still missing; needed for a "no".</param>
    public sealed record Request(string Token, bool Settled, string? Words = null);

    public override Permission Needs => Permission.Public;

    /// <summary>The end (exclusive, business time) of the time in which it can be said; null: it is not answered.</summary>
    public static DateTimeOffset? Until(FeedbackItem item) =>
        item is { State: FeedbackState.Answered, AnsweredAt: { } answered } ? Clocks.StartOf(Clocks.DateIn(answered, Clocks.CompanyZone).AddDays(FeedbackItem.ObjectionDays + 1), Clocks.CompanyZone) : null;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.OfLink(request.Token, ct) is not { } item)
            return CommonRefusals.NotFound;
        if (!request.Settled && CommonRefusals.Unfit("missing", request.Words, WriteFeedback.Max, out var unfit))
            return unfit;
        if (request.Words is { Length: > WriteFeedback.Max })
            return CommonRefusals.TooLong("missing", WriteFeedback.Max);
        var due = await desk.DueAt(item.Kind, item.ThroughAuthority, call, ct);
        if (item.Say(request.Settled, call.Now, call.BusinessNow, Until(item) ?? DateTimeOffset.MaxValue, due) is { } no)
            return no;
        await desk.Note(item, call, request.Settled ? FeedbackEvent.Settled : item.State == FeedbackState.Closed ? FeedbackEvent.Unsettled : FeedbackEvent.Reopened,
            string.IsNullOrWhiteSpace(request.Words) ? null : request.Words.Trim(), ct: ct);
        if (item.State == FeedbackState.Closed)
            desk.StageForgetting(item, call);
        else
            desk.StageDue(item);
        return await Commit(Done.It, ct);
    }
}
