using System.Diagnostics;
using Exeunt.App.Platform;

namespace Exeunt.App.Tests.Faults.Kit;

/// <summary>What one kill showed.</summary>
/// <param name="KillAt">The number of the point at which it was to die.</param>
/// <param name="At">Where it died; null: it ended unhurt, there is no such point.</param>
/// <param name="ReadyIn">From the start of the next process to its being ready; null when it was not killed.</param>
/// <param name="Violations">What the oracle found, after the crash and at the end.</param>
public sealed record Crash(long KillAt, Point? At, TimeSpan? ReadyIn, IReadOnlyList<string> Violations);

/// <summary>
/// One exit of one customer on a fresh installation whose server dies at the k-th point; restarted on what is left, the clients go on as if nothing
/// had happened. With a second number the restarted server dies as well, while it recovers.
/// </summary>
public static class CrashRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>How long everything that is due may take when the exit is done.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(60);

    public static async Task<Crash> At(Place template, long killAt, long again = 0)
    {
        await using var place = await template.Copy();
        var acknowledged = new Acknowledged();
        using var until = new CancellationTokenSource(Patience);
        var port = ServerProcess.FreePort();
        var url = new Uri($"http://127.0.0.1:{port}");
        using var bank = new Bank(place).Open();
        using var staff = new Colleagues(place, url, acknowledged, until.Token);
        using var customer = new PatientClient(url, null, acknowledged, until.Token);
        var violations = new List<string>();
        Point? at = null;
        TimeSpan? readyIn = null;
        var server = ServerProcess.Start(place, port, killAt);
        try
        {
            var journey = new Journey(place, place.People[0], staff, customer, $"k{killAt}", until.Token).Telling(acknowledged).Whole();
            var next = again;
            while (!journey.IsCompleted)
            {
                await Task.WhenAny(journey, server.Dies(Patience));
                if (journey.IsCompleted)
                    break;
                var died = server.DiedAt(place);
                if (died is null)
                {
                    violations.Add($"I10 the server ended by itself ({server.ExitCode}): {server.Said}");
                    break;
                }
                at ??= died;
                violations.AddRange((await Oracle.Judge(place, acknowledged)).Select(v => $"after {died}: {v}"));
                await server.DisposeAsync();
                server = ServerProcess.Start(place, port, next);
                next = 0;
                if (await server.Ready() is { } ready)
                    readyIn ??= ready;
            }
            try
            {
                await journey;
            }
            catch (Exception e) when (e is InvalidOperationException or OperationCanceledException)
            {
                violations.Add($"I2 the scenario could not be carried on: {e.Message}");
            }
            // What comes after the answer: the last mails, the last leaves of the log.
            await Task.Delay(300);
            violations.AddRange((await place.Calm(Rest)).Select(e => $"I2 at the end nobody carries out {e}"));
            await server.End();
        }
        finally
        {
            await server.DisposeAsync();
        }
        bank.Dispose();
        violations.AddRange((await Oracle.Judge(place, acknowledged, quiet: true)).Select(v => $"at the end: {v}"));
        return new Crash(killAt, at, readyIn, violations);
    }

    /// <summary>How many points an unhurt run passes, and which.</summary>
    public static async Task<(int Count, IReadOnlySet<Point> Points, TimeSpan Took)> Unhurt(Place template)
    {
        await using var place = await template.Copy();
        var acknowledged = new Acknowledged();
        using var until = new CancellationTokenSource(Patience);
        var port = ServerProcess.FreePort();
        var url = new Uri($"http://127.0.0.1:{port}");
        using var staff = new Colleagues(place, url, acknowledged, until.Token);
        using var customer = new PatientClient(url, null, acknowledged, until.Token);
        var began = Stopwatch.GetTimestamp();
        await using var server = ServerProcess.Start(place, port);
        try
        {
            await new Journey(place, place.People[0], staff, customer, "unhurt", until.Token).Telling(acknowledged).Whole();
        }
        catch (OperationCanceledException)
        {
            throw new InvalidOperationException($"The scenario does not end by itself:\n{server.Said}");
        }
        var took = Stopwatch.GetElapsedTime(began);
        await server.End();
        var trace = await File.ReadAllBytesAsync(Path.Combine(place.Options.Data, Failpoint.TraceFile));
        return (trace.Length, trace.Select(b => (Point)b).ToHashSet(), took);
    }
}
