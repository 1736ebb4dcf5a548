using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core.Feedback;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Feedback;

/// <summary>Complaints and suggestions on today's page: mine, nobody's of my units, and, for those who assign, what is overdue with others.</summary>
public sealed class FeedbackToday(AppDb db, FeedbackDesk desk) : ITodaySource
{
    private const int Max = 50;

    public async Task<IReadOnlyList<TodayItem>> For(Call call, CancellationToken ct)
    {
        if (!call.Actor.Allows(Permission.HandleFeedback))
            return [];
        var (t, me, now) = (Texts.In(call.Language), call.Actor.Id, call.BusinessNow);
        var open = desk.Visible(call, Permission.HandleFeedback).Where(f => (f.State == FeedbackState.Received || f.State == FeedbackState.InHand) && f.JoinedInto == null);
        var assigns = call.Actor.Allows(Permission.AssignFeedback);
        var mine = await open
            .Where(f => f.AssignedTo == me || (assigns && f.OverdueAt != null)
                // What I may not judge does not wait for me.
                || (f.AssignedTo == null && !f.Judges.Contains(me) && !db.Cases.Any(c => c.Id == f.CaseId && c.AssignedTo == me)))
            .OrderBy(f => f.DueAt).ThenBy(f => f.Serial).Take(Max).ToListAsync(ct);
        return [.. mine.Select(f => new TodayItem(
            t[f.OverdueAt is not null && f.AssignedTo != me ? "feedback.today.overdue" : f.AssignedTo == me ? "feedback.today.mine" : "feedback.today.new", f.Number, t.Of("feedback.kind", f.Kind), t["feedback.about." + f.Category]],
            $"/voice/{f.Id}", FeedbackDesk.AnswerBy(f), TodayKind.Waiting))];
    }
}
