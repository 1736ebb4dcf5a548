using System.Diagnostics;
using System.Globalization;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Faults.Kit;

namespace Exeunt.Bench;

/// <summary>
/// The long form of the fault tests, on both databases, for as many minutes as are given: a fresh installation for every numbered point of every
/// scenario, at which the server dies, then for pairs of points; one installation whose server dies at point after point under sixteen clients; one
/// killed by kill -9 at random moments; and one whose PostgreSQL goes away again and again. Any violation fails the bench with the seed that made it.
/// </summary>
internal static class FaultsBench
{
    private const string Target = "target";

    /// <summary>As many at once as there are processors: a scenario waits more than it works.</summary>
    private static readonly ParallelOptions Beside = new() { MaxDegreeOfParallelism = Environment.ProcessorCount };

    /// <summary>How long it may take; <c>--minutes N</c>.</summary>
    private static double _minutes = 10;

    private static readonly string[] Parts = ["crash", "points", "kill", "away"];

    /// <summary>Only one of the parts; empty: all. <c>--only PART</c>.</summary>
    private static string _only = "";

    /// <summary>Of the part "crash" only one scenario; empty: all. <c>--scenario NAME</c>.</summary>
    private static string _scenario = "";

    /// <summary>Only one of the databases, "sqlite" or "postgresql"; empty: both, one after the other. <c>--on NAME</c>.</summary>
    private static string _on = "";

    /// <summary>Takes <c>--minutes N</c>, <c>--only PART</c>, <c>--scenario NAME</c> and <c>--on NAME</c> out of the arguments.</summary>
    public static string[] TakeOptions(string[] args)
    {
        var rest = new List<string>();
        for (var i = 0; i < args.Length; i++)
            if (args[i] == "--minutes" && i + 1 < args.Length && double.TryParse(args[i + 1], NumberStyles.Float, CultureInfo.InvariantCulture, out var minutes) && minutes is > 0 and <= 6000)
                (_minutes, i) = (minutes, i + 1);
            else if (args[i] == "--only" && i + 1 < args.Length && Parts.Contains(args[i + 1]))
                _only = args[++i];
            else if (args[i] == "--scenario" && i + 1 < args.Length && Scenario.All.Any(s => s.Name == args[i + 1]))
                _scenario = args[++i];
            else if (args[i] == "--on" && i + 1 < args.Length && args[i + 1] is "sqlite" or "postgresql")
                _on = args[++i];
            else
                rest.Add(args[i]);
        return [.. rest];
    }

    public static async Task<IReadOnlyList<Row>> Run()
    {
        var postgres = Environment.GetEnvironmentVariable("EXEUNT_TEST_POSTGRES") is { Length: > 0 } server ? server : null;
        (string Name, string? Server)[] all = postgres is null ? [("SQLite", null)] : [("SQLite", null), ("PostgreSQL", postgres)];
        var databases = all.Where(d => _on.Length == 0 || d.Name.Equals(_on, StringComparison.OrdinalIgnoreCase)).ToList();
        if (databases.Count == 0)
            throw new InvalidOperationException("There is no PostgreSQL to run on.");
        var seed = Environment.TickCount;
        Console.Error.WriteLine($"seed {seed}");
        var rows = new List<Row>();
        var parts = Parts.Where(p => _only is "" || _only == p).ToList();
        var each = TimeSpan.FromMinutes(_minutes / databases.Count / parts.Count);
        var violations = new List<string>();
        foreach (var (name, on) in databases)
            // A database that is part of the server cannot be away.
            foreach (var part in parts.Where(p => p != "away" || on is not null))
            {
                var found = part == "crash" ? await Crashes(name, on, each, seed, violations) : await Killed(name, on, each, seed, part switch { "points" => Blow.Point, "away" => Blow.DatabaseAway, _ => Blow.Kill }, violations);
                // Said at once: hours may follow.
                foreach (var row in found)
                    Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.What}: {row.Ours:0.##} {row.Unit}"));
                rows.AddRange(found);
            }
        foreach (var violation in violations.Take(50))
            Console.Error.WriteLine(violation);
        if (violations.Count > 0)
            Environment.ExitCode = 1;
        return rows;
    }

    private static async Task<List<Row>> Crashes(string name, string? server, TimeSpan time, int seed, List<string> violations)
    {
        var rows = new List<Row>();
        var scenarios = Scenario.All.Where(s => _scenario is "" || _scenario == s.Name).ToList();
        await using var installation = await Scenario.Installation(server);
        foreach (var scenario in scenarios)
        {
            await using var template = await scenario.Template(installation);
            rows.AddRange(await Crashes($"{name}, {scenario.Name}", template, scenario, time / scenarios.Count, seed, violations));
        }
        return rows;
    }

    private static async Task<List<Row>> Crashes(string name, Place template, Scenario scenario, TimeSpan time, int seed, List<string> violations)
    {
        var deadline = Stopwatch.StartNew();
        Passing passing;
        try
        {
            passing = await CrashRun.Unhurt(template, scenario);
        }
        catch (InvalidOperationException e)
        {
            Console.Error.WriteLine(e.Message);
            violations.Add(e.Message);
            return [new($"{name}: violations without any crash", 1, "", Target, 0)];
        }
        // Every point, in an order in which a run that is cut short has seen them spread; then pairs, the second one while it recovers. Where much
        // happens between the points, at random moments too.
        var random = new Random(seed);
        var order = Enumerable.Range(1, passing.Count).ToArray();
        random.Shuffle(order);
        var noting = new Lock();
        var (singles, pairs, moments) = (new List<Crash>(), new List<Crash>(), new List<Crash>());
        await Parallel.ForEachAsync(order, Beside, async (at, _) =>
        {
            if (deadline.Elapsed > time)
                return;
            await At(singles, at, 0);
            if (scenario.HasGaps && deadline.Elapsed < time)
                await Moment();
        });
        var all = singles.Count == passing.Count;
        // Background work makes each run a little different: on, until nothing is hit any more.
        for (var at = passing.Count + 1; all && deadline.Elapsed < time && (singles.Count == 0 || singles[^1].At is not null); at++)
            await At(singles, at, 0);
        await Parallel.ForEachAsync(Enumerable.Repeat(0, Environment.ProcessorCount), Beside, async (_, _) =>
        {
            while (all && deadline.Elapsed < time)
                if (scenario.HasGaps && pairs.Count > moments.Count)
                    await Moment();
                else
                    await At(pairs, Draw(1, passing.Count + 1), Draw(1, 60));
        });
        List<Crash> crashes = [.. singles, .. pairs, .. moments];
        var hit = crashes.Where(c => c.At is not null).Select(c => c.At!.Value).ToHashSet();
        return
        [
            new($"{name}: points an unhurt run passes", passing.Count, "points"),
            new($"{name}: crashes at one of them, each carried on to the end", singles.Count(c => c.At is not null), "crashes", Target, passing.Count),
            new($"{name}: crashes in pairs, the second while it recovers", pairs.Count, "crashes"),
            .. scenario.HasGaps ? [new($"{name}: crashes at random moments", moments.Count(c => c.Died), "crashes")] : (Row[])[],
            new($"{name}: kinds of points it passes, of {Enum.GetValues<Point>().Length}", passing.Points.Count, "kinds"),
            new($"{name}: kinds it died at", hit.Count, "kinds", "that it passes", passing.Points.Count),
            .. Restarts(name + ", crash", [.. crashes.Where(c => c.ReadyIn is not null).Select(c => c.ReadyIn!.Value)]),
            new($"{name}: violations after crashes", crashes.Sum(c => c.Violations.Count), "", Target, 0),
        ];

        async Task At(List<Crash> among, int at, int again) => Note(among, await CrashRun.At(template, scenario, at, again), $"point {at} then {again}");

        async Task Moment()
        {
            var after = passing.Took * (Draw(0, 10_000) / 10_000.0);
            Note(moments, await CrashRun.After(template, scenario, after), string.Create(CultureInfo.InvariantCulture, $"after {after.TotalMilliseconds:0} ms"));
        }

        int Draw(int least, int below)
        {
            lock (random)
                return random.Next(least, below);
        }

        void Note(List<Crash> among, Crash crash, string when)
        {
            using var _ = noting.EnterScope();
            among.Add(crash);
            violations.AddRange(crash.Violations.Select(v => $"{name}, {when} ({crash.At}), seed {seed}: {v}"));
            foreach (var v in crash.Violations)
                Console.Error.WriteLine($"{name}, {when} ({crash.At}): {v}");
            if ((singles.Count + pairs.Count + moments.Count) % 20 == 0)
                Console.Error.WriteLine($"{name}: {singles.Count} crashes of {passing.Count} points, {pairs.Count} pairs, {moments.Count} moments");
        }
    }

    private static async Task<List<Row>> Killed(string name, string? server, TimeSpan time, int seed, Blow blow, List<string> violations)
    {
        var how = blow switch { Blow.Point => "dying at failpoints", Blow.DatabaseAway => "database away", _ => "kill -9" };
        await using var place = await Place.Make(server, (int)Math.Clamp(time.TotalMinutes * 200, 400, 20_000));
        var kills = await KillRun.For(place, time, seed, blow, judgeEvery: 20, said => Console.Error.WriteLine($"{name}: {said}"));
        violations.AddRange(kills.Violations.Select(v => $"{name}, seed {seed}: {v}"));
        return
        [
            new($"{name}, {how}, 16 clients: {(blow == Blow.DatabaseAway ? "times" : "kills")}", kills.Count, "", Target, 2000),
            .. blow == Blow.Point ? [new($"{name}, {how}: kinds it died at, of {Enum.GetValues<Point>().Length}", kills.Points.Distinct().Count(), "kinds")] : (Row[])[],
            .. Restarts($"{name}, {how}", kills.Restarts),
            new($"{name}, {how}: cases acknowledged", kills.Cases, "cases"),
            new($"{name}, {how}: commands acknowledged", kills.Commands, "commands"),
            new($"{name}, {how}: cases closed meanwhile", kills.Closed, "cases"),
            new($"{name}, {how}: payments the bank made", kills.Payments, "payments"),
            new($"{name}, {how}: acknowledged and lost", kills.Violations.Count(v => v.Contains("I1 ", StringComparison.Ordinal)), "", Target, 0),
            new($"{name}, {how}: paid twice", kills.Violations.Count(v => v.Contains("I3 ", StringComparison.Ordinal)), "", Target, 0),
            new($"{name}, {how}: other violations", kills.Violations.Count(v => !v.Contains("I1 ", StringComparison.Ordinal) && !v.Contains("I3 ", StringComparison.Ordinal)), "", Target, 0),
        ];
    }

    private static IEnumerable<Row> Restarts(string name, IReadOnlyList<TimeSpan> times)
    {
        if (times.Count == 0)
            yield break;
        var sorted = times.Select(t => t.TotalSeconds).Order().ToArray();
        yield return new($"{name}: start to ready, p50", sorted[sorted.Length / 2], "s");
        yield return new($"{name}: start to ready, p99", sorted[(int)((sorted.Length - 1) * 0.99)], "s", "target: at most", 5);
        yield return new($"{name}: start to ready, worst", sorted[^1], "s", "target: at most", 5);
    }
}
