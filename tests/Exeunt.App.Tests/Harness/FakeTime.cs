namespace Exeunt.App.Tests.Harness;

/// <summary>
/// A clock that tests move. It stands still unless told to flow (browser tests, where a worker waits for real seconds to
/// pass). Timers stay the machine's; timestamps are the machine's and what tests let pass.
/// </summary>
public sealed class FakeTime(DateTimeOffset start, bool flows = false) : TimeProvider
{
    /// <summary>Monday 16 March 2026, 10:00 in Shanghai.</summary>
    public static readonly DateTimeOffset Start = new(2026, 3, 16, 2, 0, 0, TimeSpan.Zero);

    private readonly long _began = System.GetTimestamp();
    private long _movedTicks;
    private long _passedTicks;

    public override DateTimeOffset GetUtcNow() =>
        start + new TimeSpan(Interlocked.Read(ref _movedTicks)) + (flows ? System.GetElapsedTime(_began) : TimeSpan.Zero);

    public override long GetTimestamp() => System.GetTimestamp() + Interlocked.Read(ref _passedTicks) * (TimestampFrequency / TimeSpan.TicksPerSecond);

    /// <summary>Lets time pass.</summary>
    public void Advance(TimeSpan by)
    {
        Interlocked.Add(ref _passedTicks, by.Ticks);
        Jump(by);
    }

    /// <summary>Sets the clock, though no time has passed.</summary>
    public void Jump(TimeSpan by) => Interlocked.Add(ref _movedTicks, by.Ticks);
}
