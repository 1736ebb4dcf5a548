using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Platform;

/// <summary>What happens later or outside: once, again after a failure, and never for two workers at a time.</summary>
public abstract class EffectTests(ExeuntApp app)
{
    private readonly string _key = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task Runs_an_effect_once()
    {
        await using var desk = await Desk.Open(app.On, _ => EffectResult.Done);
        await desk.Enqueue(_key);

        await desk.Worker.Drain(default);
        await desk.Worker.Drain(default);

        desk.Runs.ShouldBe(1);
        (await desk.Effect(_key)).ShouldSatisfyAllConditions(
            e => e.State.ShouldBe(EffectState.Done), e => e.LeaseUntil.ShouldBeNull(), e => e.DoneAt.ShouldNotBeNull());
    }

    /// <summary>The tests' clock is months behind the database server's; a data folder has nothing to compare with.</summary>
    [Fact]
    public async Task Takes_nothing_while_its_clock_is_apart_from_the_databases()
    {
        await using var desk = await Desk.Open(app.On, _ => EffectResult.Done, isReal: true);
        await desk.Enqueue(_key);

        await desk.Worker.Drain(default);

        desk.Runs.ShouldBe(app.On == Database.Postgres ? 0 : 1);
    }

    [Fact]
    public async Task Saves_what_the_handler_staged_together_with_the_end_of_the_effect()
    {
        await using var desk = await Desk.Open(app.On, db =>
        {
            Remember(db, _key);
            return EffectResult.Done;
        });
        await desk.Enqueue(_key);

        await desk.Worker.Drain(default);

        (await desk.Remembered(_key)).ShouldBeTrue();
    }

    [Fact]
    public async Task Keeps_nothing_that_a_failing_handler_staged()
    {
        await using var desk = await Desk.Open(app.On, db =>
        {
            Remember(db, _key);
            throw new IOException("the outside world is away");
        });
        await desk.Enqueue(_key);

        await desk.Worker.Drain(default);

        (await desk.Remembered(_key)).ShouldBeFalse();
        (await desk.Effect(_key)).State.ShouldBe(EffectState.Waiting);
    }

    [Fact]
    public async Task Tries_again_after_a_pause_that_doubles()
    {
        await using var desk = await Desk.Open(app.On, _ => throw new IOException("the outside world is away"));
        await desk.Enqueue(_key);

        foreach (var pause in (int[])[1, 2, 4])
        {
            (await desk.Worker.Drain(default)).ShouldBe(1);
            (await desk.Worker.Drain(default)).ShouldBe(0, "it is not due yet");
            (await desk.Effect(_key)).LeaseUntil.ShouldBe(desk.App.Time.GetUtcNow() + TimeSpan.FromSeconds(pause));
            desk.App.Advance(TimeSpan.FromSeconds(pause + 1));
        }
        desk.Runs.ShouldBe(3);
    }

    [Fact]
    public async Task Parks_an_effect_for_people_after_twelve_tries()
    {
        await using var desk = await Desk.Open(app.On, _ => EffectResult.Retry("gateway-timeout"));
        await desk.Enqueue(_key);

        for (var i = 0; i < 20; i++)
        {
            await desk.Worker.Drain(default);
            desk.App.Advance(TimeSpan.FromHours(2));
        }

        desk.Runs.ShouldBe(12);
        (await desk.Effect(_key)).ShouldSatisfyAllConditions(
            e => e.State.ShouldBe(EffectState.Parked), e => e.Note.ShouldBe("gateway-timeout"));
    }

    [Fact]
    public async Task Parks_a_document_that_cannot_be_printed_at_once_because_trying_again_mends_nothing()
    {
        await using var desk = await Desk.Open(app.On, _ => throw new UnprintableException([new(0x645), new(0x20BB7), new(0x62D), new(0x645)]));
        await desk.Enqueue(_key);

        (await desk.Worker.Drain(default)).ShouldBe(1);

        desk.Runs.ShouldBe(1);
        (await desk.Effect(_key)).ShouldSatisfyAllConditions(
            e => e.State.ShouldBe(EffectState.Parked), e => e.Note.ShouldBe("unprintable: U+062D U+0645 U+20BB7"));
    }

    [Fact]
    public async Task Parks_a_kind_that_nobody_carries_out()
    {
        await using var desk = await Desk.Open(app.On, _ => EffectResult.Done);
        await desk.Enqueue(_key, kind: "unheard-of");

        await desk.Worker.Drain(default);

        (await desk.Effect(_key)).State.ShouldBe(EffectState.Parked);
    }

    [Fact]
    public async Task Refuses_a_second_effect_with_the_same_key()
    {
        await using var desk = await Desk.Open(app.On, _ => EffectResult.Done);
        await desk.Enqueue(_key);

        await Should.ThrowAsync<DbUpdateException>(() => desk.Enqueue(_key));
    }

    [Fact]
    public async Task A_worker_whose_lease_was_taken_over_saves_nothing()
    {
        await using var desk = await Desk.Open(app.On, _ => EffectResult.Done);
        var first = true;
        desk.Handler = async db =>
        {
            Remember(db, $"{_key}-{first}");
            if (!first)
                return EffectResult.Done;
            // While the first worker hangs, its lease ends and another takes the effect to its end.
            first = false;
            desk.App.Advance(TimeSpan.FromMinutes(3));
            (await desk.AnotherWorker().Drain(default)).ShouldBe(1);
            return EffectResult.Done;
        };
        await desk.Enqueue(_key);

        await desk.Worker.Drain(default);

        (await desk.Remembered($"{_key}-True")).ShouldBeFalse();
        (await desk.Remembered($"{_key}-False")).ShouldBeTrue();
        (await desk.Effect(_key)).State.ShouldBe(EffectState.Done);
        desk.Runs.ShouldBe(2);
    }

    [Fact]
    public async Task Two_workers_share_the_work_and_do_nothing_twice()
    {
        await using var desk = await Desk.Open(app.On, _ => EffectResult.Done);
        for (var i = 0; i < 40; i++)
            await desk.Enqueue($"{_key}-{i}");
        var other = desk.AnotherWorker();

        var ran = await Task.WhenAll(desk.Worker.Drain(default), other.Drain(default));

        ran.Sum().ShouldBe(40);
        desk.Runs.ShouldBe(40);
    }

    [Fact]
    public async Task Waits_for_the_business_date_when_told_so()
    {
        await using var desk = await Desk.Open(app.On, _ => EffectResult.Done);
        var due = (await desk.App.SystemCall()).BusinessNow.AddDays(10);
        await desk.Enqueue(Effect.At(due, "probe", _key));

        (await desk.Worker.Drain(default)).ShouldBe(0);
        await desk.App.With<Clocks>(clocks =>
        {
            clocks.Offset += TimeSpan.FromDays(10);
            return Task.CompletedTask;
        });

        (await desk.Worker.Drain(default)).ShouldBe(1);
    }

    [Fact]
    public async Task Many_of_one_kind_that_are_due_run_at_once()
    {
        await using var desk = await Desk.Open(app.On, _ => EffectResult.Done);
        for (var i = 0; i < 620; i++)
            await desk.Enqueue($"{_key}-{i}", "probe.many");

        (await desk.Worker.Drain(default)).ShouldBe(620);

        desk.Together.ShouldBe([500, 120]);
        await desk.App.With<AppDb>(async db => (await db.Effects.CountAsync(e => e.Kind == "probe.many" && e.State == EffectState.Done && e.LeaseUntil == null)).ShouldBe(620));
    }

    [Fact]
    public async Task When_many_fail_together_each_is_tried_again_alone()
    {
        await using var desk = await Desk.Open(app.On, _ => EffectResult.Done);
        desk.Bad = $"{_key}-7";
        for (var i = 0; i < 20; i++)
            await desk.Enqueue($"{_key}-{i}", "probe.many");

        await desk.Worker.Drain(default);
        desk.App.Advance(TimeSpan.FromSeconds(1));
        await desk.Worker.Drain(default);

        desk.Together.ShouldBe([20]);
        desk.Runs.ShouldBe(20, "nineteen that end, one that fails");
        await desk.App.With<AppDb>(async db => (await db.Effects.Where(e => e.State != EffectState.Done && e.Kind == "probe.many").Select(e => e.Key).ToListAsync()).ShouldBe([desk.Bad]));
        (await desk.Remembered($"{desk.Bad}-together")).ShouldBeFalse("nothing of what failed together is kept");
    }

    [Theory]
    [InlineData("probe")]
    [InlineData("probe.many")]
    public async Task An_end_that_was_saved_and_whose_answer_was_lost_is_not_undone(string kind)
    {
        await using var desk = await Desk.Open(app.On, _ => EffectResult.Done);
        desk.Handler = async _ =>
        {
            await desk.App.With<AppDb>(async db =>
            {
                var effect = await db.Effects.SingleAsync(e => e.Key == _key);
                (effect.State, effect.DoneAt, effect.LeaseUntil) = (EffectState.Done, FakeTime.Start, null);
                await db.SaveChangesAsync();
            });
            throw new NpgsqlException("the connection was reset");
        };
        desk.Many = () => desk.Handler(null!);
        await desk.Enqueue(_key, kind);

        await desk.Worker.Drain(default);
        desk.App.Advance(TimeSpan.FromMinutes(5));
        (await desk.Worker.Drain(default)).ShouldBe(0);

        (await desk.Effect(_key)).State.ShouldBe(EffectState.Done);
    }

    [Theory]
    [InlineData("probe")]
    [InlineData("probe.many")]
    public async Task That_the_database_was_away_does_not_count_as_a_try(string kind)
    {
        await using var desk = await Desk.Open(app.On, _ => EffectResult.Done);
        var away = true;
        desk.Handler = _ => away ? throw new InvalidOperationException("transient", new NpgsqlException("connection refused")) : Task.FromResult(EffectResult.Done);
        desk.Many = () => desk.Handler(null!);
        await desk.Enqueue(_key, kind);

        for (var i = 0; i < 30; i++)
        {
            (await desk.Worker.Drain(default)).ShouldBe(1);
            desk.App.Advance(TimeSpan.FromSeconds(1.5));
        }
        (await desk.Effect(_key)).ShouldSatisfyAllConditions(e => e.State.ShouldBe(EffectState.Waiting), e => e.Attempts.ShouldBe(0));
        away = false;
        await desk.Worker.Drain(default);

        (await desk.Effect(_key)).State.ShouldBe(EffectState.Done);
    }

    private static void Remember(AppDb db, string key)
    {
        db.Settings.Add(new Setting { Key = key, Value = "1" });
        db.AuditLog.Add(AuditRow.Of(FakeTime.Start, "system", "setting.changed", key, null));
    }

    /// <summary>An app of its own (a worker takes all that is due) with a worker that knows one kind of effect, "probe".</summary>
    private sealed class Desk : IAsyncDisposable
    {
        private readonly ServiceProvider _services;
        private int _runs;

        private Desk(ExeuntApp app, Storage storage, Clocks clocks, bool isReal)
        {
            App = app;
            _services = new ServiceCollection().AddLogging().AddSingleton(this).AddSingleton(clocks).AddSingleton(new ClockWatch(app.Time)).AddSingleton(new SharedClock(storage, app.Time, isReal))
                .AddScoped(_ => storage.NewAppDb()).AddEffect<Probe>("probe").AddEffect<ManyProbes>("probe.many").BuildServiceProvider();
            Worker = AnotherWorker();
        }

        public static async Task<Desk> Open(Database on, Func<AppDb, EffectResult> handler, bool isReal = false)
        {
            var app = await ExeuntApp.Start(on);
            return new Desk(app, await app.With<Storage, Storage>(Task.FromResult), await app.With<Clocks, Clocks>(Task.FromResult), isReal)
            {
                Handler = db => Task.FromResult(handler(db)),
            };
        }

        public ExeuntApp App { get; }

        public EffectWorker Worker { get; }

        public Func<AppDb, Task<EffectResult>> Handler { get; set; } = _ => Task.FromResult(EffectResult.Done);

        public int Runs => _runs;

        public List<int> Together { get; } = [];

        /// <summary>What happens when many are run together.</summary>
        public Func<Task>? Many { get; set; }

        public string? Bad { get; set; }

        public EffectWorker AnotherWorker() => ActivatorUtilities.CreateInstance<EffectWorker>(_services);

        public Task Enqueue(string key, string kind = "probe") =>
            Enqueue(Exeunt.App.Platform.Effect.Now(kind, key, new Call(Actor.System, FakeTime.Start, FakeTime.Start)));

        public Task Enqueue(Effect effect) => App.With<AppDb>(db =>
        {
            db.Enqueue(effect);
            return db.SaveChangesAsync();
        });

        public Task<Effect> Effect(string key) => App.With<AppDb, Effect>(db => db.Effects.AsNoTracking().SingleAsync(e => e.Key == key));

        public Task<bool> Remembered(string key) => App.With<AppDb, bool>(db => db.Settings.AnyAsync(s => s.Key == key));

        public async ValueTask DisposeAsync()
        {
            await _services.DisposeAsync();
            await App.DisposeAsync();
        }

        private sealed class ManyProbes(Desk desk, AppDb db) : IManyEffects
        {
            public Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
            {
                Interlocked.Increment(ref desk._runs);
                return effect.Key == desk.Bad ? throw new IOException("this one cannot be done") : Task.FromResult(EffectResult.Done);
            }

            public async Task<IReadOnlyList<EffectResult>> Run(IReadOnlyList<Effect> effects, Call call, CancellationToken ct)
            {
                desk.Together.Add(effects.Count);
                if (desk.Many is { } many)
                    await many();
                if (desk.Bad is not null)
                {
                    Remember(db, $"{desk.Bad}-together");
                    throw new IOException("one of them cannot be done");
                }
                return [.. effects.Select(_ => EffectResult.Done)];
            }
        }

        private sealed class Probe(Desk desk, AppDb db) : IEffect
        {
            public Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
            {
                Interlocked.Increment(ref desk._runs);
                return desk.Handler(db);
            }
        }
    }

    public sealed class OnSqlite(SqliteApp app) : EffectTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : EffectTests(app), IClassFixture<PostgresApp>;
}
