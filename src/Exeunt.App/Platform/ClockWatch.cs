using System.Text.Json;
using Exeunt.App.Data;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Platform;

/// <summary>Effects that destroy what nobody can bring back: they wait while the machine's clock is in doubt.</summary>
public interface IDestroys : IEffect;

/// <summary>A jump of the machine's clock that no person has confirmed.</summary>
/// <param name="At">What the clock said after it.</param>
/// <param name="By">How much further it went than time did; of one that may have come while nothing ran, the time since the last entry in the log.</param>
/// <param name="WasDown">Found at a start: nothing ran for long, or the clock was set meanwhile.</param>
public sealed record ClockJump(DateTimeOffset At, TimeSpan By, bool WasDown = false);

/// <summary>
/// Compares the machine's clock with the time that really passed, which no setting of the clock changes. Went it ahead by more than
/// <see cref="Tolerance"/>, every end that is counted in dates may have come too early: nothing is destroyed until a person confirms the
/// time. The doubt lives in the database, so that every node and the next start know of it. Moving the business date is no jump.
/// </summary>
/// <remarks>
/// While the server is down nothing tells a wrong clock from a long pause: one of more than <see cref="LongestAbsence"/> is in doubt as well, a jump that
/// is shorter is not seen.
/// </remarks>
public sealed class ClockWatch(TimeProvider time)
{
    public static readonly TimeSpan Tolerance = TimeSpan.FromHours(1);

    public static readonly TimeSpan LongestAbsence = TimeSpan.FromDays(7);

    private const string Setting = "clock.jump";
    private readonly Lock _lock = new();
    private (DateTimeOffset Clock, long Stamp) _anchor = (time.GetUtcNow(), time.GetTimestamp());

    /// <summary>How far the clock has gone ahead since the start, or since a doubt was recorded, in however many steps; null: not beyond the tolerance.</summary>
    private ClockJump? Look()
    {
        lock (_lock)
        {
            var (clock, stamp) = (time.GetUtcNow(), time.GetTimestamp());
            var ahead = clock - _anchor.Clock - time.GetElapsedTime(_anchor.Stamp, stamp);
            return ahead > Tolerance ? new ClockJump(clock, ahead) : null;
        }
    }

    /// <summary>Looks, and records what it finds; what could not be recorded is found again. Returns the jump that was found just now.</summary>
    public async Task<ClockJump?> Watch(AppDb db, Call call, CancellationToken ct)
    {
        if (Look() is not { } jump)
            return null;
        await Doubt(db, jump, call, ct);
        lock (_lock)
            _anchor = (time.GetUtcNow(), time.GetTimestamp());
        return jump;
    }

    /// <summary>At a start, before anything is written: doubts the clock when the last entry in the log is from long ago.</summary>
    public static async Task WatchStart(AppDb db, Call call, CancellationToken ct)
    {
        var last = await db.AuditLog.AsNoTracking().OrderByDescending(a => a.Id).Select(a => (DateTimeOffset?)a.At).FirstOrDefaultAsync(ct);
        if (last is { } at && call.Now - at is var absence && absence > LongestAbsence)
            await Doubt(db, new ClockJump(call.Now, absence, WasDown: true), call, ct);
    }

    /// <summary>The jump that is not confirmed; null: there is none.</summary>
    public static async Task<ClockJump?> InDoubt(AppDb db, CancellationToken ct) =>
        await db.Settings.AsNoTracking().SingleOrDefaultAsync(s => s.Key == Setting, ct) is { } found ? JsonSerializer.Deserialize<ClockJump>(found.Value, Json.Plain) : null;

    /// <summary>Records a jump, unless one is in doubt already.</summary>
    private static Task Doubt(AppDb db, ClockJump jump, Call call, CancellationToken ct) => db.Write(async token =>
    {
        if (await db.Settings.AsNoTracking().AnyAsync(s => s.Key == Setting, token))
            return 0;
        db.Settings.Add(new Setting { Key = Setting, Value = JsonSerializer.Serialize(jump, Json.Plain) });
        db.Audit(call, "clock.jumped", "clock", new { at = jump.At, minutes = (long)jump.By.TotalMinutes, jump.WasDown });
        return await db.SaveChangesAsync(token);
    }, ct);

    /// <summary>Stages the end of the doubt; the jump it was about, or null.</summary>
    public static async Task<ClockJump?> Confirm(AppDb db, CancellationToken ct)
    {
        if (await db.Settings.SingleOrDefaultAsync(s => s.Key == Setting, ct) is not { } found)
            return null;
        db.Settings.Remove(found);
        return JsonSerializer.Deserialize<ClockJump>(found.Value, Json.Plain);
    }
}
