using Exeunt.App.Data;
using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Clock;

/// <summary>
/// Moves the business date to the day of the next due effect, or to the target, and stages the next step behind everything
/// that has become due: effects run in order of their due time, so each step waits for the ones before it. As an effect it
/// survives a restart and runs on one node at a time.
/// </summary>
public sealed class ClockStep(AppDb db, Clocks clocks) : IEffect
{
    public const string Kind = "clock.step";

    /// <summary>How often a step waits for an effect that failed and is tried again, a second each, before it goes on without it.</summary>
    private const int Patience = 5;

    public static Effect Next(DateTimeOffset businessTime, string name) => Effect.At(businessTime, Kind, $"{Kind} {name}");

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var (offset, target) = await ViewClock.Days(db, ct);
        if (offset >= target)
            return EffectResult.Done;
        var waiting = db.Effects.AsNoTracking().Where(e => e.State == EffectState.Waiting && e.Clock == EffectClock.Business && e.Kind != Kind);
        var reached = call.Now.AddDays(offset);
        if (effect.Attempts <= Patience && await waiting.AnyAsync(e => e.DueAt <= reached && e.LeaseUntil != null, ct))
            return EffectResult.Retry("waits for what is due before", TimeSpan.FromSeconds(1));

        var nextDue = await waiting.Where(e => e.DueAt > reached).OrderBy(e => e.DueAt).Select(e => (DateTimeOffset?)e.DueAt).FirstOrDefaultAsync(ct);
        var next = nextDue is { } due ? Math.Min(target, (int)Math.Ceiling((due - call.Now).TotalDays)) : target;
        await AdvanceBusinessDate.Set(db, Start.ClockOffsetDays, next, ct);
        db.Audit(call, "clock.moved", "clock", new { from = offset, to = next });
        if (next < target)
            db.Enqueue(Next(call.Now.AddDays(next), $"to {next} at {call.Now.ToUnixTimeMilliseconds()}"));
        // Ahead of the save by a moment: what runs next on this node sees the new date; a failed save is repeated at once.
        clocks.Offset = TimeSpan.FromDays(next);
        return EffectResult.Done;
    }
}

/// <summary>On PostgreSQL another node may have moved the date: look every few seconds. It only ever moves forward.</summary>
public sealed partial class ClockWatch(IServiceScopeFactory scopes, Clocks clocks, ILogger<ClockWatch> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var (offset, _) = await ViewClock.Days(scope.ServiceProvider.GetRequiredService<AppDb>(), stoppingToken);
                if (TimeSpan.FromDays(offset) > clocks.Offset)
                    clocks.Offset = TimeSpan.FromDays(offset);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Unseen(log, e);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The business date could not be read; trying again")]
    private static partial void Unseen(ILogger log, Exception e);
}
