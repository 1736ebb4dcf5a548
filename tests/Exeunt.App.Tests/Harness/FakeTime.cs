namespace Exeunt.App.Tests.Harness;

/// <summary>
/// A clock that tests move. It stands still unless told to flow (browser tests, where a worker waits for real seconds to
/// pass). Timers and timestamps stay the machine's.
/// </summary>
public sealed class FakeTime(DateTimeOffset start, bool flows = false) : TimeProvider
{
    /// <summary>Monday 16 March 2026, 10:00 in Shanghai.</summary>
    public static readonly DateTimeOffset Start = new(2026, 3, 16, 2, 0, 0, TimeSpan.Zero);

    private readonly long _began = System.GetTimestamp();
    private long _movedTicks;

    public override DateTimeOffset GetUtcNow() =>
        start + new TimeSpan(Interlocked.Read(ref _movedTicks)) + (flows ? System.GetElapsedTime(_began) : TimeSpan.Zero);

    /// <summary>Moves the clock forward.</summary>
    public void Advance(TimeSpan by) => Interlocked.Add(ref _movedTicks, by.Ticks);
}
