using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Policies;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Policies;

/// <summary>On the day a published version is to be looked at again: a task, until somebody records the review.</summary>
public sealed class ReviewDue(AppDb db) : IEffect
{
    public const string Kind = "policy.review";

    public sealed record Payload(string Number, int Version, DateOnly On);

    public static Effect On(string number, int version, DateOnly on) =>
        Effect.At(Clocks.StartOf(on, Clocks.CompanyZone), Kind, $"{Kind}:{number}:{version}:{on:yyyy-MM-dd}", new Payload(number, version, on));

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var (number, version, on) = effect.Read<Payload>();
        // Reviewed before its time, or replaced: nothing is due any more.
        if (await db.Policies.AsNoTracking().AnyAsync(p => p.Number == number && p.Version == version && p.Status == PolicyStatus.Published && p.ReviewOn == on, ct))
        {
            db.PolicyReviews.Add(new PolicyReview { Id = Guid.CreateVersion7(), Number = number, Version = version, DueOn = on });
            db.Audit(call, "policy.review-due", $"policy:{number}:{version}", new { on });
        }
        return EffectResult.Done;
    }
}

/// <summary>Records what the periodic review of a published version found, and when the next one is.</summary>
public sealed class RecordPolicyReview(AppDb db, PolicyDesk desk) : UseCase<RecordPolicyReview.Request, Done>(db)
{
    /// <param name="NextOn">After today.</param>
    public sealed record Request(string Number, int Version, string? Words, DateOnly? NextOn);

    public override Permission Needs => Permission.ReviewPolicies;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.Policies.SingleOrDefaultAsync(p => p.Number == request.Number && p.Version == request.Version, ct) is not { } row)
            return CommonRefusals.NotFound;
        if (row.Status != PolicyStatus.Published)
            return PolicyRefusals.NothingToReview;
        if (CommonRefusals.Unfit("words", request.Words, PolicyDesk.MaxWords, out var unfit))
            return unfit;
        var today = call.Today(Clocks.CompanyZone);
        if (request.NextOn is not { } next)
            return CommonRefusals.Required("nextOn");
        if (next <= today)
            return NextIsLater;
        var words = request.Words.Trim();
        var open = await Db.PolicyReviews.Where(r => r.Number == row.Number && r.Version == row.Version && r.DoneAt == null).ToListAsync(ct);
        foreach (var review in open)
            (review.DoneAt, review.DoneBy, review.Words, review.NextOn) = (call.Now, call.Actor.Id, words, next);
        if (row.ReviewOn != next)
        {
            row.ReviewOn = next;
            var effect = ReviewDue.On(row.Number, row.Version, next);
            if (!await Db.Effects.AsNoTracking().AnyAsync(e => e.Key == effect.Key, ct))
                Db.Enqueue(effect);
        }
        row.Revision++;
        desk.Tell(row, PolicyTurnKind.Reviewed, call, words: words);
        return await Commit(Done.It, ct);
    }

    private static readonly Refusal NextIsLater = new(RefusalKind.Invalid, "policy.next-review", "The next review is after today.", "下次复核日期须晚于今天。", Field: "nextOn");
}
