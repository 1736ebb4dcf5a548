using System.Data.Common;
using System.Globalization;
using Exeunt.App.Data;

namespace Exeunt.App.Platform;

/// <summary>
/// Holds this machine's clock against the database server's, to which nodes that share a database can be compared. Leases and every end in dates are
/// counted by the node: one whose clock is apart would take over what another is at, or end something before its time. It does not start, takes no
/// effects and is not ready until the clocks agree. A data folder has one node, and nothing to compare with.
/// </summary>
/// <param name="isReal">False for a clock that a test sets: it is apart from every other, and there is one.</param>
public sealed class SharedClock(Storage storage, TimeProvider time, bool isReal)
{
    /// <summary>A quarter of a lease; what keeps clocks by NTP is a thousand times nearer.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Often = TimeSpan.FromSeconds(10);
    private readonly Lock _lock = new();
    private (long At, TimeSpan? Apart)? _last;

    /// <summary>How far this machine's clock is ahead of the database server's (negative: behind), when that is beyond the tolerance; null: it is not. Looked at every ten seconds.</summary>
    /// <exception cref="DbException">The database does not answer.</exception>
    public async Task<TimeSpan?> Apart(CancellationToken ct)
    {
        if (!isReal || storage.Options.Database is null)
            return null;
        lock (_lock)
            if (_last is { } known && time.GetElapsedTime(known.At) < Often)
                return known.Apart;
        var apart = await Look(ct);
        lock (_lock)
            _last = (time.GetTimestamp(), apart);
        return apart;
    }

    /// <exception cref="InvalidDataException">The clocks are apart.</exception>
    public async Task Refuse(CancellationToken ct)
    {
        if (await Apart(ct) is { } apart)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                $"This machine's clock ({time.GetUtcNow():yyyy-MM-dd HH:mm:ss} UTC) is {Math.Abs(apart.TotalSeconds):0} s {(apart > TimeSpan.Zero ? "ahead of" : "behind")} the database server's. Notices, retention and the work of several nodes are counted by it: set both clocks (NTP), and start again."));
    }

    private async Task<TimeSpan?> Look(CancellationToken ct)
    {
        await using var connection = await Sql.OpenPostgres(storage.Options.Database!, ct);
        await using var clock = connection.Command("SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::BIGINT");
        var before = time.GetUtcNow();
        var began = time.GetTimestamp();
        var there = DateTimeOffset.FromUnixTimeMilliseconds(Convert.ToInt64(await clock.ExecuteScalarAsync(ct), CultureInfo.InvariantCulture));
        // It was read at some moment between asking and the answer: only what no such moment explains counts.
        var (earliest, latest) = (before, before + time.GetElapsedTime(began));
        var apart = earliest > there ? earliest - there : latest < there ? latest - there : TimeSpan.Zero;
        return apart.Duration() > Tolerance ? apart : null;
    }
}
