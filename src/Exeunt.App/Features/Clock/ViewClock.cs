using System.Globalization;
using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Clock;

/// <summary>Where the business date stands, in the company's zone.</summary>
/// <param name="RealToday">The real date.</param>
/// <param name="Today">The business date.</param>
/// <param name="Target">Where it is moving to; the same as <paramref name="Today"/> when it rests.</param>
/// <param name="DueOnTheWay">Business effects still waiting for a time up to the target.</param>
/// <param name="NextDueAt">When the next business effect is due; null when none waits.</param>
public sealed record ClockState(DateOnly RealToday, DateOnly Today, DateOnly Target, int DueOnTheWay, DateTimeOffset? NextDueAt)
{
    public bool IsMoving => Target > Today;
}

public sealed class ViewClock(AppDb db) : UseCase<ViewClock.Request, ClockState>(db)
{
    /// <summary>The company's zone, for showing and choosing the business date. Deadlines use their contract's zone.</summary>
    public const string Zone = Clocks.CompanyZone;

    public sealed record Request;

    public override Permission Needs => Permission.ManageSettings;

    protected override async Task<Outcome<ClockState>> Handle(Call call, Request request, CancellationToken ct) => await Read(Db, call, ct);

    internal static async Task<ClockState> Read(AppDb db, Call call, CancellationToken ct)
    {
        var (offset, target) = await Days(db, ct);
        var end = call.Now.AddDays(target);
        var due = db.Effects.AsNoTracking().Where(e => e.State == EffectState.Waiting && e.Clock == EffectClock.Business && e.Kind != ClockStep.Kind);
        return new ClockState(
            Clocks.DateIn(call.Now, Zone),
            Clocks.DateIn(call.Now.AddDays(offset), Zone),
            Clocks.DateIn(end, Zone),
            await due.CountAsync(e => e.DueAt <= end, ct),
            await due.OrderBy(e => e.DueAt).Select(e => (DateTimeOffset?)e.DueAt).FirstOrDefaultAsync(ct));
    }

    /// <summary>How many days business time is ahead, and how many it shall be.</summary>
    internal static async Task<(int Offset, int Target)> Days(AppDb db, CancellationToken ct)
    {
        var settings = await db.Settings.AsNoTracking().Where(s => s.Key == Start.ClockOffsetDays || s.Key == AdvanceBusinessDate.TargetDays).ToDictionaryAsync(s => s.Key, s => s.Value, ct);
        var offset = settings.TryGetValue(Start.ClockOffsetDays, out var now) ? int.Parse(now, CultureInfo.InvariantCulture) : 0;
        var target = settings.TryGetValue(AdvanceBusinessDate.TargetDays, out var then) ? int.Parse(then, CultureInfo.InvariantCulture) : 0;
        return (offset, Math.Max(offset, target));
    }
}
