using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Keys;

/// <summary>A person says that the machine's clock, which jumped ahead, is right: what is due is destroyed again.</summary>
public sealed class ConfirmClock(AppDb db, Clocks clocks) : UseCase<ConfirmClock.Request, ConfirmClock.Confirmed>(db)
{
    /// <param name="Time">The instant by a clock the person trusts, within an hour of the machine's.</param>
    public sealed record Request(DateTimeOffset? Time);

    public sealed record Confirmed(DateTimeOffset Clock);

    private static readonly Refusal NoDoubt = new(RefusalKind.Conflict, "clock.not-in-doubt", "The clock is not in doubt: there is nothing to confirm.", "时钟未被存疑，无需确认。");

    private static readonly Refusal Other = new(RefusalKind.Invalid, "clock.differs",
        "This is not what the machine's clock says. Set the machine's clock right first, then confirm.", "所填时间与服务器时钟不符。请先校正服务器时钟，再确认。") { Field = "time" };

    public override Permission Needs => Permission.ManageSettings;

    protected override async Task<Outcome<Confirmed>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (request.Time is not { } said)
            return CommonRefusals.Required("time");
        if ((said - clocks.Now).Duration() > ClockWatch.Tolerance)
            return Other;
        if (await ClockWatch.Confirm(Db, ct) is not { } jump)
            return NoDoubt;
        var now = clocks.Now;
        // What waits goes on at once: its time was reckoned by the clock that was in doubt. So does, after the clock was set back, what was put off by it.
        await Db.Write(async token =>
        {
            await Db.Effects.Where(e => e.State == EffectState.Waiting && (e.Note == EffectWorker.ClockInDoubt || e.LeaseUntil > now + EffectWorker.LongestPause))
                .ExecuteUpdateAsync(s => s.SetProperty(e => e.LeaseUntil, (DateTimeOffset?)null), token);
            return jump.At <= now ? 0 : await Db.Effects.Where(e => e.State == EffectState.Waiting && e.Clock == EffectClock.Real && e.DueAt >= jump.At)
                .ExecuteUpdateAsync(s => s.SetProperty(e => e.DueAt, now), token);
        }, ct);
        Db.Audit(call, "clock.confirmed", "clock", new { said });
        return await Commit(new Confirmed(clocks.Now), ct);
    }
}
