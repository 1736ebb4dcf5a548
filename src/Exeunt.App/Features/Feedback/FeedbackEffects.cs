using Exeunt.App.Data;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Platform;
using Exeunt.Core.Feedback;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Feedback;

/// <summary>Effect "feedback.due": the time to answer is over. It is marked, and stands on the day of those who assign.</summary>
public sealed class FeedbackDue(AppDb db, FeedbackDesk desk) : IEffect
{
    public const string Kind = "feedback.due";

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var id = effect.Read<FeedbackRef>().Id;
        var item = await db.Feedback.SingleAsync(f => f.Id == id, ct);
        if (item.MarkOverdue(call.BusinessNow))
            await desk.Note(item, call, FeedbackEvent.Overdue, ct: ct);
        return EffectResult.Done;
    }
}

/// <summary>Effect "feedback.silent": nobody said in time that the answer does not settle it.</summary>
public sealed class FeedbackSilent(AppDb db, FeedbackDesk desk) : IEffect
{
    public const string Kind = "feedback.silent";

    public sealed record After(Guid Id, DateTimeOffset AnsweredAt);

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var after = effect.Read<After>();
        var item = await db.Feedback.SingleAsync(f => f.Id == after.Id, ct);
        if (item.FallSilent(after.AnsweredAt, call.Now))
        {
            await desk.Note(item, call, FeedbackEvent.Silent, ct: ct);
            desk.StageForgetting(item, call);
        }
        return EffectResult.Done;
    }
}

/// <summary>Effect "feedback.forget": destroys the addresses, or the words, of a closed complaint or suggestion. Ledger first, then keys.</summary>
public sealed class Forget(AppDb db, KeyStore keys, Erasure.LegalHolds holds) : IDestroys
{
    public const string Kind = "feedback.forget";

    /// <summary>Days after closing for which whoever wrote can still be reached.</summary>
    public const int ContactDays = 30;

    /// <summary>Years after closing for which words are kept: a claim is barred after three (Civil Code Art. 188).</summary>
    public const int ComplaintYears = 3;
    public const int SuggestionYears = 1;

    public sealed record What(Guid Id, DataClass Class);

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var what = effect.Read<What>();
        var customer = await db.Feedback.AsNoTracking().Where(f => f.Id == what.Id).Select(f => f.CustomerId).SingleAsync(ct);
        if (customer is { } held && await holds.Forbid(held, ct))
        {
            // As with everything a hold keeps: looked at again until it is lifted.
            db.Enqueue(Effect.At(call.BusinessNow + Cases.HoldCase.LookAgain, Kind, $"{Kind}|{what.Id:N}|{what.Class}|{call.BusinessNow.ToUnixTimeMilliseconds()}", what));
            return EffectResult.Done;
        }
        var index = await db.FeedbackIndex.SingleAsync(i => i.FeedbackId == what.Id, ct);
        await Do(index, what.Class, customer, call, ct);
        return EffectResult.Done;
    }

    /// <summary>Those of customers whose own class of data goes: addresses of what is closed, words whatever state they are in.</summary>
    public async Task Of(IReadOnlyList<long> customers, DataClass dataClass, Call call, CancellationToken ct)
    {
        if (dataClass is not (DataClass.Contact or DataClass.Case))
            return;
        foreach (var index in await db.FeedbackIndex
            .Where(i => db.Feedback.Any(f => f.Id == i.FeedbackId && f.CustomerId != null && customers.Contains(f.CustomerId.Value) && (dataClass == DataClass.Case || f.State == FeedbackState.Closed))).ToListAsync(ct))
        {
            if (dataClass == DataClass.Case)
                await Do(index, DataClass.Contact, null, call, ct);
            await Do(index, dataClass, null, call, ct);
        }
    }

    /// <param name="customer">Of whom it is asked once more whether a hold stands; null: it belongs to nobody we know, or what is gone already takes this with it.</param>
    private async Task Do(FeedbackIndex index, DataClass dataClass, long? customer, Call call, CancellationToken ct)
    {
        if (!await db.Erasures.AsNoTracking().AnyAsync(e => e.CustomerId == index.Subject && e.Class == dataClass, ct))
            await db.Write(async token =>
            {
                // With the version raised, a hold that comes at the same moment is either seen here or sees this.
                await Erasure.LegalHolds.Touch(db, customer, token);
                if (customer is { } held && await holds.Forbid(held, token))
                    throw new DbUpdateConcurrencyException("A hold came at the same moment.");
                db.Erasures.Add(new ErasureRow { CustomerId = index.Subject, Class = dataClass, At = call.Now });
                db.Audit(call, "erasure.recorded", $"feedback:{index.FeedbackId:N}", new { classes = new[] { dataClass } });
                return await db.SaveChangesAsync(token);
            }, ct);
        await keys.Destroy(index.Subject, [dataClass], call.Now, ct);
        if (dataClass == DataClass.Contact)
            (index.Contact, index.MailToken) = (null, null);
        else
        {
            index.Typed = null;
            foreach (var entry in await db.FeedbackEntries.Where(e => e.FeedbackId == index.FeedbackId && e.Words != null).ToListAsync(ct))
                entry.Words = null;
        }
        db.Mails.RemoveRange(await db.Mails.Where(m => m.Subject == index.Subject && m.Class == dataClass).ToListAsync(ct));
        db.Audit(call, "erasure.done", $"feedback:{index.FeedbackId:N}", new { dataClass });
    }
}
