using Exeunt.App.Data;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Platform;
using Exeunt.Core.Retention;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offboarding;

/// <summary>
/// Effect "spot.forget": forgets who was refused at admission and why, when the retention schedule keeps the evidence no longer. Ledger first, then
/// the key, then what it sealed. Where, when and on which ground stays. Who is refused at admission is nobody's customer, so that no hold stands on
/// them; what was ended on the spot in a case lies under its customer's key, goes with it, and yields to their holds.
/// </summary>
public sealed class ForgetSpot(AppDb db, KeyStore keys) : IDestroys
{
    public const string Kind = "spot.forget";

    /// <summary>Setting: what an earlier version recorded has been staged; what comes since is staged when it is recorded.</summary>
    private const string StagedSetting = "spot.forgetting-staged";

    public sealed record What(Guid Id);

    /// <param name="reviewedAt">Null when it is staged first: a review that comes late is looked at when the time is over.</param>
    public static Effect Of(Guid id, DateTimeOffset toldAt, DateTimeOffset? reviewedAt = null)
    {
        var until = LastDay(toldAt, reviewedAt);
        return Effect.At(Clocks.StartOf(until.AddDays(1), Clocks.CompanyZone), Kind, $"{Kind}|{id:N}|{until:yyyyMMdd}", new What(id));
    }

    /// <summary>Stages it, once, for what was recorded by a version that had no end for it.</summary>
    public static async Task Ensure(AppDb db, Call call, CancellationToken ct)
    {
        if (await db.Settings.AsNoTracking().AnyAsync(s => s.Key == StagedSetting, ct))
            return;
        byte[] nothing = [];
        var kept = await db.Set<SpotDecision>().AsNoTracking().Where(s => s.CaseId == null && s.Data != nothing).Select(s => new { s.Id, s.ToldAt }).ToListAsync(ct);
        if (kept.Count == 0)
            return;
        var staged = await db.EnqueueNew(kept.Select(s => Of(s.Id, s.ToldAt)), ct);
        await db.Put(StagedSetting, "1", ct);
        db.Audit(call, StagedSetting, "spot", new { staged });
        await db.SaveChangesAsync(ct);
    }

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var id = effect.Read<What>().Id;
        var spot = await db.Set<SpotDecision>().AsNoTracking().SingleAsync(s => s.Id == id && s.CaseId == null, ct);
        if (call.Today(Clocks.CompanyZone) <= LastDay(spot.ToldAt, spot.ReviewedAt))
        {
            db.Enqueue(Of(id, spot.ToldAt, spot.ReviewedAt));
            return EffectResult.Done;
        }
        if (!await db.Erasures.AsNoTracking().AnyAsync(e => e.CustomerId == spot.Subject && e.Class == DataClass.Case, ct))
            await db.Write(async token =>
            {
                db.Erasures.Add(new ErasureRow { CustomerId = spot.Subject, Class = DataClass.Case, At = call.Now });
                db.Audit(call, "erasure.recorded", $"spot:{id:N}", new { classes = new[] { DataClass.Case } });
                return await db.SaveChangesAsync(token);
            }, ct);
        Failpoint.Reach(Point.ErasureRecorded);
        await keys.Destroy(spot.Subject, [DataClass.Case], call.Now, ct);
        await db.Write(async token =>
        {
            await Remains.Clear(db, DataClass.Case, [spot.Subject], token);
            db.Audit(call, "erasure.done", $"spot:{id:N}", new { dataClass = DataClass.Case });
            return await db.SaveChangesAsync(token);
        }, ct);
        return EffectResult.Done;
    }

    /// <summary>Last day (inclusive) on which it is kept: as long as the schedule keeps evidence of a risk, from the day it was said, or of a review that came later.</summary>
    private static DateOnly LastDay(DateTimeOffset toldAt, DateTimeOffset? reviewedAt)
    {
        var from = Clocks.DateIn(reviewedAt is { } at && at > toldAt ? at : toldAt, Clocks.CompanyZone);
        return RetentionSchedule.Of(DataCategory.RiskEvidence, [], from).Until ?? from;
    }
}
