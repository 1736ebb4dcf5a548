using System.Diagnostics;
using Exeunt.App.Platform;

namespace Exeunt.App.Tests.Faults.Kit;

/// <summary>What one kill showed.</summary>
/// <param name="Died">Whether it was killed at all; false: it ended before there was such a point or moment.</param>
/// <param name="At">The point at which it died; null: at none, or not at a point.</param>
/// <param name="ReadyIn">From the start of the next server to its being ready; null when it was not killed.</param>
/// <param name="Violations">What the oracle and the scenario's own judge found, after the crash and at the end.</param>
public sealed record Crash(bool Died, Point? At, TimeSpan? ReadyIn, IReadOnlyList<string> Violations);

/// <summary>What an unhurt run passes.</summary>
/// <param name="Took">How long there was something to kill: from when the scenario was under way to its end.</param>
public sealed record Passing(int Count, IReadOnlySet<Point> Points, TimeSpan Took);

/// <summary>
/// One scenario on a fresh installation whose server, or whose command, dies at the k-th point or at a moment; restarted on what is left, people go on
/// as if nothing had happened. With a second number it dies once more, while it recovers.
/// </summary>
public static class CrashRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>How long everything that is due may take when the scenario is over.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(60);

    /// <summary>When a process is killed: at a point, counted from 1, or so long after the scenario is under way; neither: it lives.</summary>
    private readonly record struct Death(long Nth, TimeSpan? After = null);

    /// <summary>Dies at the k-th point, and with a second number again.</summary>
    public static async Task<Crash> At(Place template, Scenario scenario, long killAt, long again = 0) => (await Run(template, scenario, new Death(killAt), new Death(again))).Crash;

    /// <summary>Is killed with SIGKILL some time after the scenario is under way.</summary>
    public static async Task<Crash> After(Place template, Scenario scenario, TimeSpan time) => (await Run(template, scenario, new Death(0, time), default)).Crash;

    /// <summary>How many points an unhurt run passes, and which.</summary>
    /// <exception cref="InvalidOperationException">It is not as it should be although nobody hurt it.</exception>
    public static async Task<Passing> Unhurt(Place template, Scenario scenario)
    {
        var (crash, trace, took) = await Run(template, scenario, default, default);
        return crash.Violations.Count == 0
            ? new Passing(trace.Length, trace.Select(b => (Point)b).ToHashSet(), took)
            : throw new InvalidOperationException($"{scenario.Name}, unhurt: {string.Join("\n", crash.Violations)}");
    }

    private static async Task<(Crash Crash, byte[] Trace, TimeSpan Took)> Run(Place template, Scenario scenario, Death first, Death second)
    {
        await using var place = await template.Copy();
        await scenario.Before(place);
        var deaths = new Queue<Death>([first, second]);
        var violations = new List<string>();
        var (died, at, readyIn) = (false, (Point?)null, (TimeSpan?)null);
        var (trace, took) = (Array.Empty<byte>(), TimeSpan.Zero);
        if (scenario.Command is { } command)
        {
            await Carry(command(place));
            deaths.Clear();
        }
        using var until = new CancellationTokenSource(Patience);
        var port = ServerProcess.FreePort();
        var url = new Uri($"http://127.0.0.1:{port}");
        using var bank = new Bank(place).Open();
        using var staff = new Colleagues(place, url, place.Told, until.Token);
        using var customer = new PatientClient(url, null, place.Told, until.Token);
        var death = deaths.TryDequeue(out var beginning) ? beginning : default;
        var server = ServerProcess.Start(place, port, death.Nth);
        try
        {
            if (scenario.Command is not null)
                await Ready();
            var work = Whole();
            var striking = Strike(server, work, death.After);
            while (true)
            {
                await Task.WhenAny(work, server.Dies(Patience));
                if (work.IsCompleted && !server.HasExited)
                    // On its way out it may reach its point.
                    await server.End();
                if (!server.HasExited)
                    continue;
                var struck = await striking;
                var point = server.DiedAt(place);
                if (!struck && point is null)
                {
                    if (work.IsCompleted)
                        break;
                    violations.Add($"I10 the server ended by itself ({server.ExitCode}): {server.Said}");
                    await until.CancelAsync();
                    break;
                }
                (died, at) = (true, at ?? point);
                violations.AddRange(await Judge(isOver: false, $"after {point?.ToString() ?? "kill -9"}"));
                await server.DisposeAsync();
                death = deaths.TryDequeue(out var next) ? next : default;
                server = ServerProcess.Start(place, port, death.Nth);
                await Ready();
                if (work.IsCompletedSuccessfully)
                    work = Calm();
                striking = Strike(server, work, death.After);
            }
            try
            {
                violations.AddRange((await work).Select(e => $"I2 at the end nobody carries out {e}"));
            }
            catch (Exception e) when (e is InvalidOperationException or OperationCanceledException)
            {
                violations.Add($"I2 the scenario could not be carried on: {e.Message}");
            }
            if (scenario.Command is null)
                trace = await Trace();
        }
        finally
        {
            await server.DisposeAsync();
        }
        bank.Dispose();
        violations.AddRange(await Judge(isOver: true, "at the end"));
        return (new Crash(died, at, readyIn, violations), trace, took);

        // A command that was killed is typed again; what it asks to be taken out of its way is taken.
        async Task Carry(IReadOnlyList<string> words)
        {
            for (var refused = 0; ;)
            {
                var one = deaths.TryDequeue(out var next) ? next : default;
                await using var process = ServerProcess.Command(place, words, one.Nth);
                var began = Stopwatch.GetTimestamp();
                var ended = await process.Dies(one.After ?? Patience);
                if (!ended && one.After is null)
                {
                    violations.Add($"I10 the command hangs: {process.Said}");
                    return;
                }
                if (!ended)
                {
                    await process.Kill();
                    died = true;
                }
                else if (process.DiedAt(place) is { } point)
                    (died, at) = (true, at ?? point);
                else if (process.ExitCode == 0)
                {
                    (trace, took) = (await Trace(), Stopwatch.GetElapsedTime(began));
                    return;
                }
                else if (!died || ++refused > 3)
                {
                    violations.Add($"I10 the command does not come to a good end ({process.ExitCode}): {process.Said}");
                    return;
                }
                else
                    await place.MakeRoom();
            }
        }

        async Task<byte[]> Trace() =>
            Path.Combine(place.Options.Data, Failpoint.TraceFile) is var file && File.Exists(file) ? await File.ReadAllBytesAsync(file) : [];

        async Task<IReadOnlyList<string>> Whole()
        {
            var underway = Underway();
            await scenario.Play(place, staff, customer, place.Told, until.Token);
            if (scenario.Command is null)
                took = Stopwatch.GetElapsedTime(await underway);
            return await Calm();
        }

        async Task<IReadOnlyList<string>> Calm()
        {
            // What comes after the answer: the last mails, the last leaves of the log.
            await Task.Delay(300);
            return await place.Calm(Rest);
        }

        async Task<long> Underway()
        {
            while (!scenario.IsUnderway(place))
                await Task.Delay(2, until.Token);
            return Stopwatch.GetTimestamp();
        }

        async Task Ready()
        {
            if (await server.Ready() is { } ready && died)
                readyIn ??= ready;
        }

        // Kills it from outside; false: it came to an end before.
        async Task<bool> Strike(ServerProcess victim, Task work, TimeSpan? after)
        {
            if (after is not { } time)
                return false;
            while (!scenario.IsUnderway(place))
            {
                if (work.IsCompleted || victim.HasExited)
                    return false;
                await Task.Delay(2);
            }
            await Task.WhenAny(Task.Delay(time), work);
            if (work.IsCompleted || victim.HasExited)
                return false;
            await victim.Kill();
            return true;
        }

        async Task<IReadOnlyList<string>> Judge(bool isOver, string when)
        {
            IReadOnlyList<string> found = [.. await Oracle.Judge(place, place.Told, quiet: isOver), .. await scenario.Judge(place, isOver)];
            return [.. found.Select(v => $"{when}: {v}")];
        }
    }
}
