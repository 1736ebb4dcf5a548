using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Activity;
using Exeunt.Core.Feedback;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Feedback;

/// <summary>
/// Answers it, and those joined to it: what was found and why, what is done about it, and the words for whoever wrote, on the page of
/// their link and by mail.
/// </summary>
public sealed class AnswerFeedback(AppDb db, FeedbackDesk desk, Facts.FactBook facts) : UseCase<AnswerFeedback.Request, Done>(db)
{
    public const int MaxWords = 4000;
    public const int MaxGrounds = 2000;

    /// <param name="Grounds">Why it was found so; for us, not shown to whoever wrote.</param>
    /// <param name="Words">The answer.</param>
    public sealed record Request(Guid Id, Verdict? Verdict, IReadOnlyList<Remedy>? Remedies, string? Grounds, string? Words);

    public override Permission Needs => Permission.HandleFeedback;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.Id, call, Needs, ct) is not { } item)
            return CommonRefusals.NotFound;
        if (request.Verdict is not { } verdict || !Enum.IsDefined(verdict))
            return FeedbackRefusals.ChooseVerdict;
        var remedies = (request.Remedies ?? []).Where(Enum.IsDefined).ToList();
        if (CommonRefusals.Unfit("grounds", request.Grounds, MaxGrounds, out var unfit) || CommonRefusals.Unfit("words", request.Words, MaxWords, out unfit))
            return unfit;
        // The business time's day is the one the time to object runs from.
        var at = CaseDesk.MomentOf(call).BusinessAt;
        if (item.Answer(call.Actor.Id, await desk.Acted(item.CaseId, call.Actor.Id, ct), verdict, remedies, at) is { } no)
            return no;
        var joined = await Db.Feedback.Where(f => f.JoinedInto == item.Id && (f.State == FeedbackState.Received || f.State == FeedbackState.InHand)).ToListAsync(ct);
        foreach (var other in joined)
        {
            // Linked to a case of whoever answers after it was joined.
            if (other.CannotJudge(call.Actor.Id, await desk.Acted(other.CaseId, call.Actor.Id, ct)) is { } barred)
                return barred;
            other.AnsweredWith(item, at);
        }
        await desk.Note(item, call, FeedbackEvent.Judged, request.Grounds!.Trim(), $"{verdict}", ct);
        foreach (var answered in joined.Prepend(item))
            await Tell(answered, request.Words!.Trim(), call, ct);
        await Count(item, joined, verdict, call, ct);
        return await Commit(Done.It, ct);
    }

    /// <summary>Judged complaints of known customers count in their months, with the verdict; of one customer the others joined are duplicates.</summary>
    private async Task Count(FeedbackItem item, List<FeedbackItem> joined, Verdict verdict, Call call, CancellationToken ct)
    {
        var found = verdict switch
        {
            Verdict.Justified => ComplaintVerdict.Valid,
            Verdict.PartlyJustified => ComplaintVerdict.Partial,
            Verdict.OutOfScope => ComplaintVerdict.OutOfScope,
            _ => ComplaintVerdict.Unsubstantiated,
        };
        var customers = new HashSet<long>();
        var complaints = joined.Prepend(item).Where(f => f is { Kind: FeedbackKind.Complaint, CustomerId: not null })
            .Select(f => (f.CustomerId!.Value, f.Number,
                new Fact(FactKind.Complaint, Clocks.DateIn(f.ReceivedAt, Clocks.CompanyZone), 0, "", (long)(customers.Add(f.CustomerId.Value) ? found : ComplaintVerdict.Duplicate))));
        await facts.Tell("feedback", complaints, call.Now, ct);
    }

    private async Task Tell(FeedbackItem item, string words, Call call, CancellationToken ct)
    {
        await desk.Note(item, call, FeedbackEvent.Answered, words, ct: ct);
        var t = Texts.In(item.Language);
        await desk.Mail(item, call, "feedback.mail.answer", [item.Number, words, t.Date(Clocks.DateIn(SayOfFeedback.Until(item)!.Value, Clocks.CompanyZone).AddDays(-1))], ct);
        Db.Enqueue(Effect.At(SayOfFeedback.Until(item)!.Value, FeedbackSilent.Kind, $"feedback.silent|{item.Id:N}|{item.Entries}",
            new FeedbackSilent.After(item.Id, item.AnsweredAt!.Value)));
    }
}

/// <summary>A message to whoever wrote, before or beside the answer.</summary>
public sealed class ReplyFeedback(AppDb db, FeedbackDesk desk) : UseCase<ReplyFeedback.Request, Done>(db)
{
    public sealed record Request(Guid Id, string? Words);

    public override Permission Needs => Permission.HandleFeedback;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.Id, call, Needs, ct) is not { } item)
            return CommonRefusals.NotFound;
        if (item.State == FeedbackState.Closed)
            return FeedbackRefusals.Closed;
        if (CommonRefusals.Unfit("message", request.Words, WriteFeedback.Max, out var unfit))
            return unfit;
        await desk.Note(item, call, FeedbackEvent.Replied, request.Words.Trim(), ct: ct);
        await desk.Mail(item, call, "feedback.mail.reply", [item.Number, request.Words.Trim()], ct);
        return await Commit(Done.It, ct);
    }
}
