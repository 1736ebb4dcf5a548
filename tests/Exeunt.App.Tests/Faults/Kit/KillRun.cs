using System.Diagnostics;
using System.Globalization;
using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Tests.Faults.Kit;

/// <summary>What is done to the server again and again.</summary>
public enum Blow
{
    /// <summary>kill -9 at a random moment: mostly within a second, now and then after some work, or while it starts.</summary>
    Kill,

    /// <summary>It dies at one of the next failpoints, drawn by the seed, recovery included.</summary>
    Point,

    /// <summary>Its PostgreSQL goes away in the middle and comes back; the server lives on.</summary>
    DatabaseAway,
}

/// <summary>What a run of kills showed.</summary>
/// <param name="Points">Where it died, when it died at failpoints.</param>
public sealed record Kills(int Count, IReadOnlyList<Point> Points, IReadOnlyList<TimeSpan> Restarts, int Cases, int Commands, int Closed, int Payments, IReadOnlyList<string> Violations);

/// <summary>
/// Sixteen clients do real work on one installation, customers who apply and staff who finish cases, while the server is killed with SIGKILL at
/// random moments, or dies at one of the next failpoints, and is started again, or while its database goes away and comes back. The oracle looks at what is left at regular kills, and at the end
/// when a server that nobody kills has carried out everything that is due.
/// </summary>
public static class KillRun
{
    private const int Clients = 16;

    /// <summary>How long a run that must show something goes on until something was acknowledged.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>How long everything that is due may take when nobody kills any more.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(60);

    /// <param name="judgeEvery">After how many kills the oracle looks; reading everything takes longer the more there is.</param>
    /// <param name="least">Kills there are at least, whatever the time.</param>
    /// <param name="progress">Is told now and then how far it has come.</param>
    public static async Task<Kills> For(Place place, TimeSpan time, int seed, Blow blow, int judgeEvery, Action<string>? progress = null, int least = 0)
    {
        var random = new Random(seed);
        var acknowledged = new Acknowledged();
        var (restarts, violations) = (new List<TimeSpan>(), new List<string>());
        using var stop = new CancellationTokenSource();
        var port = ServerProcess.FreePort();
        var url = new Uri($"http://127.0.0.1:{port}");
        using var bank = new Bank(place).Open();
        using var staff = new Colleagues(place, url, acknowledged, stop.Token);
        var people = new Queue<Person>(place.People);
        // People who are in the middle of something that has its time.
        var (closed, busy) = (0, 0);
        var points = new List<Point>();
        await using var relay = blow == Blow.DatabaseAway ? Relay.To(place.Server!) : null;
        var served = relay is null ? place : place.Through(relay.Port);
        // By another address it is another installation, to which the master key is given: else no epoch ends and no second copy follows.
        if (relay is not null)
            MasterKeys.Load(served.Options).Take();
        var server = ServerProcess.Start(served, port, Next());
        await server.Ready();
        var began = Stopwatch.GetTimestamp();
        var work = Enumerable.Range(0, Clients - 1).Select(_ => Task.Run(Work)).Append(Task.Run(Calendar)).ToList();
        var (kills, judged, told) = (0, 0, 0);
        try
        {
            // On a machine with much else to do the time may be over before anything has happened.
            // When a client was turned away the others would wait for it.
            while ((Stopwatch.GetElapsedTime(began) < time || kills < least || (least > 0 && acknowledged.Commands.Count == 0 && Stopwatch.GetElapsedTime(began) < Patience))
                && work.Exists(w => !w.IsCompleted) && !work.Exists(w => w.IsFaulted))
            {
                if (relay is not null)
                {
                    await Task.Delay(random.Next(10) == 0 ? random.Next(0, 8000) : random.Next(0, 1500));
                    relay.Leave(hard: random.Next(2) == 0);
                    // As long as a restart takes, or only the connections are cut.
                    await Task.Delay(random.Next(3) == 0 ? random.Next(0, 4000) : 50);
                }
                else if (blow == Blow.Kill)
                {
                    // Mostly at once; now and then it lives long enough for cases to get on.
                    await Task.Delay(random.Next(10) == 0 ? random.Next(0, 8000) : random.Next(0, 700));
                    await server.Kill();
                }
                else if (!await server.Dies(TimeSpan.FromSeconds(30)))
                    // Nothing to do is left that passes so many points.
                    await server.Kill();
                if (relay is not null ? server.HasExited : server.DiedAt(place) is null && server.ExitCode != 137)
                    violations.Add($"I10 the server ended by itself ({server.ExitCode}): {server.Said}");
                if (relay is null && server.DiedAt(place) is { } point)
                    points.Add(point);
                kills++;
                if (kills - judged >= judgeEvery)
                {
                    judged = kills;
                    violations.AddRange((await Oracle.Judge(place, acknowledged)).Select(v => $"after kill {kills}: {v}"));
                }
                if (violations.Count > 0)
                    break;
                if (relay is null)
                {
                    await server.DisposeAsync();
                    server = ServerProcess.Start(place, port, Next());
                }
                else
                    relay.Return();
                // A third of them die again while they start, as a moment drawn from all there are would have it.
                for (; blow == Blow.Kill && random.Next(3) == 0; kills++)
                {
                    await Task.Delay(random.Next(0, 2500));
                    await server.Kill();
                    if (server.ExitCode != 137)
                        violations.Add($"I10 the server ended by itself while it started ({server.ExitCode}): {server.Said}");
                    await server.DisposeAsync();
                    server = ServerProcess.Start(place, port);
                }
                if (await server.Ready(relay is null ? null : Stopwatch.GetTimestamp()) is { } ready)
                    restarts.Add(ready);
                else if (blow != Blow.Point)
                {
                    violations.Add($"I10 after kill {kills} the server does not start: {server.Said}");
                    break;
                }
                if (kills / 50 > told)
                    progress?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{kills} {(relay is null ? "kills" : "times away")}, {acknowledged.Cases.Count} cases, {acknowledged.Commands.Count} commands, {restarts[^1].TotalSeconds:0.0} s to be ready"));
                told = kills / 50;
            }
            // Nobody begins anything new; what has begun has a while to end, and what is due to run.
            lock (people)
                people.Clear();
            relay?.Return();
            if (blow == Blow.Point || server.HasExited)
            {
                await server.DisposeAsync();
                server = ServerProcess.Start(place, port);
                if (await server.Ready() is null)
                    violations.Add($"I10 at the end the server does not start: {server.Said}");
            }
            await Task.Delay(TimeSpan.FromSeconds(3));
            await stop.CancelAsync();
            foreach (var one in work)
                try
                {
                    await one;
                }
                catch (Exception e) when (e is OperationCanceledException)
                {
                    // Stopped in the middle, as people are.
                }
                catch (InvalidOperationException e)
                {
                    violations.Add($"I2 a client was turned away: {e.Message}");
                }
            violations.AddRange((await place.Calm(Rest)).Select(e => $"I2 at the end nobody carries out {e}"));
            await server.End();
        }
        finally
        {
            await server.DisposeAsync();
        }
        bank.Dispose();
        violations.AddRange((await Oracle.Judge(place, acknowledged, quiet: true)).Select(v => $"at the end: {v}"));
        await using var db = place.Read();
        var payments = File.Exists(Bank.Ledger(place)) ? (await File.ReadAllLinesAsync(Bank.Ledger(place))).Length : 0;
        return new Kills(kills, points, restarts, acknowledged.Cases.Count, acknowledged.Commands.Count, closed, payments, violations);

        // Small numbers often, so that the recovery itself is hit; a larger one now and then, so that work gets on.
        long Next() => blow != Blow.Point ? 0 : random.Next(3) == 0 ? random.Next(1, 12) : random.Next(12, 120);

        async Task Work()
        {
            while (true)
            {
                Person person;
                lock (people)
                    if (!people.TryDequeue(out person!))
                        return;
                using var customer = new PatientClient(url, null, acknowledged, stop.Token);
                var journey = new Journey(place, person, staff, customer, $"s{seed}", stop.Token).Telling(acknowledged);
                await Busy(async () =>
                {
                    await journey.Apply();
                    await journey.Agree();
                });
                await journey.Due();
                await Busy(async () =>
                {
                    await journey.Execute();
                    await journey.Wind();
                });
                await journey.Close();
                Interlocked.Increment(ref closed);
            }
        }

        async Task Busy(Func<Task> work)
        {
            Interlocked.Increment(ref busy);
            await work();
            Interlocked.Decrement(ref busy);
        }

        // Without somebody who turns the pages no case would come to its end. A page is turned when everybody waits for it, so that nobody who is
        // slow misses a date.
        async Task Calendar()
        {
            for (var page = 1; ; page++)
            {
                for (var calm = 0; calm < 15; calm = Volatile.Read(ref busy) == 0 ? calm + 1 : 0)
                    await Task.Delay(100, stop.Token);
                await staff.Advance(31, $"s{seed} page {page}");
                while (!await IsTurned(page * 31))
                    await Task.Delay(500, stop.Token);
            }
        }

        async Task<bool> IsTurned(int days)
        {
            await using var db = place.Read();
            return await db.Settings.AsNoTracking().AnyAsync(o => o.Key == App.Start.ClockOffsetDays && o.Value == $"{days}", stop.Token);
        }
    }
}
