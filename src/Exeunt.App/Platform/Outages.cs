using System.Collections.Concurrent;

namespace Exeunt.App.Platform;

/// <summary>
/// Whether a server outside (for mails, or a connected system) was away or hung when it was last tried. Effects run one after the other: without
/// this, a hundred messages would each wait for the same silent server, and the cases behind them would stand still.
/// </summary>
public sealed class Outages(TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>Timestamps: they do not go back with the machine's clock.</summary>
    private readonly ConcurrentDictionary<string, long> _since = new();

    /// <summary>How long nothing is tried with this server; null: the next message may be.</summary>
    public TimeSpan? AwayFor(string server) => _since.TryGetValue(server, out var since) && Pause - time.GetElapsedTime(since) is var left && left > TimeSpan.Zero ? left : null;

    /// <summary>From now on, not from when the message was begun: finding out takes as long as a try.</summary>
    public void IsAway(string server) => _since[server] = time.GetTimestamp();

    public void IsBack(string server) => _since.TryRemove(server, out _);
}
