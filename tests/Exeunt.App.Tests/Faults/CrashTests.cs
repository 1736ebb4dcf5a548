using Exeunt.App.Platform;
using Exeunt.App.Tests.Faults.Kit;
using Exeunt.App.Tests.Harness;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Exeunt.App.Tests.Faults;

/// <summary>The built server is killed again and again while people work; nothing they were told is lost. The long form is <c>./bench faults</c>.</summary>
public abstract class CrashTests(string? server, ITestOutputHelper output)
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(5);

    [Fact]
    public Task Loses_nothing_by_dying_at_its_failpoints() => Suffers(Blow.Point);

    [Fact]
    public Task Loses_nothing_by_kill_9_under_sixteen_clients() => Suffers(Blow.Kill);

    [Fact]
    public async Task Loses_nothing_by_dying_once_in_a_scenario_drawn_by_lot()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        // All of them, at every point, is the bench's work.
        var others = Scenario.All.Where(s => s.Name != Scenario.Exit.Name).ToArray();
        var drawn = others[random.Next(others.Length)];
        var at = random.Next(1, drawn.Least + 1);
        await using var installation = await Scenario.Installation(server);
        await using var template = await drawn.Template(installation);

        var crash = await CrashRun.At(template, drawn, at);

        output.WriteLine($"seed {seed}: {drawn.Name} at point {at}, {(crash.Died ? $"{crash.At}, ready after {crash.ReadyIn?.TotalSeconds:0.0} s" : "not reached")}");
        crash.Violations.Select(v => $"seed {seed}, {drawn.Name} at point {at}: {v}").ShouldBeEmpty();
        crash.Died.ShouldBeTrue($"seed {seed}, {drawn.Name} at point {at}");
    }

    [Fact]
    public async Task Is_not_hurt_by_a_failpoint_without_the_key()
    {
        await using var place = await Place.Make(server, 1);
        File.Delete(Path.Combine(place.Options.Data, Failpoint.KeyFile));
        await using var process = ServerProcess.Start(place, ServerProcess.FreePort(), killAt: 1);
        (await process.Ready()).ShouldNotBeNull();
        File.Exists(Path.Combine(place.Options.Data, Failpoint.TraceFile)).ShouldBeFalse();
    }

    private protected async Task Suffers(Blow blow)
    {
        await using var place = await Place.Make(server, 60);
        var seed = Environment.TickCount;
        var kills = await KillRun.For(place, Budget, seed, blow, judgeEvery: 1, least: 2);
        output.WriteLine($"seed {seed}: {kills.Count} kills{(blow == Blow.Point ? $" at {string.Join(", ", kills.Points)}" : "")}; {kills.Cases} cases, {kills.Commands} commands, {kills.Payments} payments; ready after {string.Join(' ', kills.Restarts.Select(r => $"{r.TotalSeconds:0.0}"))} s");
        kills.Violations.Select(v => $"seed {seed}: {v}").ShouldBeEmpty();
        kills.Count.ShouldBeGreaterThanOrEqualTo(2);
        kills.Commands.ShouldBeGreaterThan(0);
    }

    public sealed class OnSqlite(ITestOutputHelper output) : CrashTests(null, output);

    public sealed class OnPostgres(PostgresServer server, ITestOutputHelper output) : CrashTests(server.Connection, output), IClassFixture<PostgresServer>
    {
        [Fact]
        public Task Loses_nothing_when_its_database_goes_away_again_and_again() => Suffers(Blow.DatabaseAway);
    }
}

/// <summary>The server on which tests may make databases; without one they are skipped.</summary>
public sealed class PostgresServer : INeedPostgres
{
    public string? Connection { get; } = Templates.Server;
}
