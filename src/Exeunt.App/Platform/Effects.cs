using System.Diagnostics;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Platform;

/// <summary>Which clock an effect waits for.</summary>
public enum EffectClock
{
    /// <summary>Notice, execution, refund, survey, erasure: the business date.</summary>
    Business,

    /// <summary>Mail, retries, expiry of codes: real time.</summary>
    Real,
}

public enum EffectState
{
    Waiting,
    Done,

    /// <summary>Given up; waits for people, who see it on the administration page.</summary>
    Parked,

    /// <summary>No longer wanted (a withdrawn case).</summary>
    Cancelled,
}

/// <summary>
/// Something that happens later or outside, written in the transaction that causes it. <see cref="Key"/> is unique: staging
/// the same effect twice is a unique violation, never a double effect. The payload holds ids, never personal data.
/// </summary>
public sealed class Effect
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required string Kind { get; init; }
    public required string Key { get; init; }
    public Guid? CaseId { get; init; }
    public string Payload { get; init; } = "{}";
    public EffectClock Clock { get; init; }
    public required DateTimeOffset DueAt { get; set; }

    public EffectState State { get; set; }
    public int Attempts { get; set; }
    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>Rises with every lease; a worker whose lease was taken over cannot save (concurrency token).</summary>
    public int Fence { get; set; }
    public string? Note { get; set; }
    public DateTimeOffset? DoneAt { get; set; }

    public T Read<T>() => JsonSerializer.Deserialize<T>(Payload, Json.Plain)!;

    /// <summary>An effect due now in real time.</summary>
    public static Effect Now(string kind, string key, Call call, object? payload = null, Guid? caseId = null) =>
        new() { Kind = kind, Key = key, CaseId = caseId, Payload = Write(payload), Clock = EffectClock.Real, DueAt = call.Now };

    /// <summary>An effect due at a business time.</summary>
    public static Effect At(DateTimeOffset businessTime, string kind, string key, object? payload = null, Guid? caseId = null) =>
        new() { Kind = kind, Key = key, CaseId = caseId, Payload = Write(payload), Clock = EffectClock.Business, DueAt = businessTime };

    private static string Write(object? payload) => payload is null ? "{}" : JsonSerializer.Serialize(payload, Json.Plain);
}

/// <summary>What became of an effect's run.</summary>
/// <param name="IsTry">Whether it counts as one of the tries after which an effect is parked.</param>
public readonly record struct EffectResult(EffectState State, TimeSpan? RetryAfter = null, string? Note = null, bool IsTry = true)
{
    public static readonly EffectResult Done = new(EffectState.Done);

    /// <summary>Try again later; after the last try it is parked.</summary>
    public static EffectResult Retry(string note, TimeSpan? after = null) => new(EffectState.Waiting, after, note);

    /// <summary>Not tried, because what it needs is known to be away: later, and it does not count as a try.</summary>
    public static EffectResult Postpone(string note, TimeSpan after) => new(EffectState.Waiting, after, note, IsTry: false);

    /// <summary>Given up: people must look.</summary>
    public static EffectResult Park(string note) => new(EffectState.Parked, null, note);
}

/// <summary>
/// Carries out one kind of effect. It stages its changes on the scope's <see cref="AppDb"/> and does not save: the worker saves
/// them together with the effect's end, in one transaction under the lease's fence.
/// </summary>
public interface IEffect
{
    Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct);
}

/// <summary>
/// Carries out many effects of one kind at once, where one at a time would be too slow: all that are due, at most
/// <see cref="AtOnce"/>, are saved in one transaction. When that fails each is tried again alone.
/// </summary>
public interface IManyEffects : IEffect
{
    public const int AtOnce = 500;

    /// <summary>The results in the order of the effects.</summary>
    Task<IReadOnlyList<EffectResult>> Run(IReadOnlyList<Effect> effects, Call call, CancellationToken ct);
}

/// <summary>Which class carries out which kind.</summary>
public sealed record EffectKind(string Kind, Type Handler);

public static class EffectRegistration
{
    public static IServiceCollection AddEffect<THandler>(this IServiceCollection services, params string[] kinds)
        where THandler : class, IEffect
    {
        services.AddScoped<THandler>();
        foreach (var kind in kinds)
            services.AddSingleton(new EffectKind(kind, typeof(THandler)));
        return services;
    }
}

internal sealed class EffectsTable : IEntityTypeConfiguration<Effect>, IEntityTypeConfiguration<IdempotencyRecord>, IEntityTypeConfiguration<Setting>
{
    public void Configure(EntityTypeBuilder<Effect> table)
    {
        table.ToTable("effects");
        table.HasKey(e => e.Id);
        table.Property(e => e.Kind).HasMaxLength(60);
        table.Property(e => e.Key).HasMaxLength(160);
        table.HasIndex(e => e.Key).IsUnique();
        table.HasIndex(e => new { e.State, e.Clock, e.DueAt });
        table.HasIndex(e => e.CaseId);
        table.Property(e => e.Fence).IsConcurrencyToken();
    }

    public void Configure(EntityTypeBuilder<IdempotencyRecord> table)
    {
        table.ToTable("idempotency");
        table.HasKey(r => new { r.Actor, r.Key });
        table.Property(r => r.Actor).HasMaxLength(80);
        table.Property(r => r.Key).HasMaxLength(255);
        table.Property(r => r.UseCase).HasMaxLength(80);
    }

    public void Configure(EntityTypeBuilder<Setting> table)
    {
        table.ToTable("settings");
        table.HasKey(s => s.Key);
        table.Property(s => s.Key).HasMaxLength(80);
    }
}

/// <summary>
/// Takes due effects one after the other under a lease, runs them, and saves what they staged. Several nodes may run it on
/// PostgreSQL (rows are taken with SKIP LOCKED); on SQLite there is one process.
/// </summary>
public sealed partial class EffectWorker(
    IServiceScopeFactory scopes,
    IEnumerable<EffectKind> kinds,
    Clocks clocks,
    ClockWatch watch,
    SharedClock shared,
    ILogger<EffectWorker> log
) : BackgroundService
{
    public static readonly ActivitySource Tracing = new("Exeunt.Effects");
    private const int MaxAttempts = 12;
    private static readonly TimeSpan Lease = Failpoint.IsOn ? TimeSpan.FromSeconds(4) : TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Idle = Failpoint.IsOn ? TimeSpan.FromMilliseconds(20) : TimeSpan.FromSeconds(1);

    /// <summary>Longer than any ordinary wait for another try.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromHours(2);

    /// <summary>What an effect that waits for the clock to be confirmed has as its note, and how long until it is looked at again.</summary>
    public const string ClockInDoubt = "clock-in-doubt";
    private static readonly TimeSpan Doubt = TimeSpan.FromMinutes(10);

    /// <summary>What an effect that the database failed has as its note.</summary>
    private const string DatabaseAway = "database-away";
    private static readonly TimeSpan AwayPause = TimeSpan.FromSeconds(1);
    private readonly Dictionary<string, Type> _handlers = kinds.ToDictionary(k => k.Kind, k => k.Handler);
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>Taken, and not given back while the database was away.</summary>
    private readonly Queue<(Guid Id, int Fence, EffectResult Result)> _left = [];
    private bool _saidApart;

    /// <summary>Runs everything that is due now, in order of due time; returns how many ran.</summary>
    public async Task<int> Drain(CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            var ran = 0;
            while (await RunNext(ct) is > 0 and var together)
                ran += together;
            return ran;
        }
        finally
        {
            _one.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await Drain(ct);
                await Task.Delay(Idle, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                WorkerStumbled(log, e);
                await Task.Delay(Idle * 5, ct);
            }
        }
    }

    /// <summary>Whether the clock is apart from that of the database; said once each time it begins to be.</summary>
    private async Task<bool> IsApart(CancellationToken ct)
    {
        var apart = await shared.Apart(ct);
        if (apart is { } by && !_saidApart)
            ClockApart(log, by);
        _saidApart = apart is not null;
        return _saidApart;
    }

    /// <summary>Runs the next due effect, and with it others of its kind where its handler takes many; returns how many, 0 when nothing is due.</summary>
    private async Task<int> RunNext(CancellationToken ct)
    {
        if (await IsApart(ct))
            return 0;
        await FinishLeft(ct);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDb>();
        if (await watch.Watch(db, new Call(Actor.System, clocks.Now, clocks.BusinessNow), ct) is { } jump)
            ClockJumped(log, jump.By);
        if (await Take(db, ct) is not { } effect)
            return 0;
        Failpoint.Reach(Point.EffectTaken);
        if (_handlers.TryGetValue(effect.Kind, out var handler) && handler.IsAssignableTo(typeof(IDestroys)) && await ClockWatch.InDoubt(db, ct) is not null)
        {
            await Finish(effect.Id, effect.Fence, EffectResult.Postpone(ClockInDoubt, Doubt), ct);
            // The others as well, at once: there may be many.
            var destroying = _handlers.Where(h => h.Value.IsAssignableTo(typeof(IDestroys))).Select(h => h.Key).ToList();
            var until = clocks.Now + Doubt;
            await db.Write(token => db.Effects.Where(e => e.State == EffectState.Waiting && destroying.Contains(e.Kind) && (e.LeaseUntil == null || e.LeaseUntil < clocks.Now))
                .ExecuteUpdateAsync(s => s.SetProperty(e => e.LeaseUntil, until).SetProperty(e => e.Note, ClockInDoubt), token), ct);
            return 1;
        }
        using var span = Tracing.StartActivity($"effect {effect.Kind}");
        var call = new Call(Actor.System, clocks.Now, clocks.BusinessNow);
        EffectResult result;
        if (effect.Attempts == 1 && _handlers.TryGetValue(effect.Kind, out var many) && many.IsAssignableTo(typeof(IManyEffects)))
            return await RunMany(scope.ServiceProvider, db, effect, many, call, ct);
        try
        {
            if (!_handlers.TryGetValue(effect.Kind, out var type))
                result = EffectResult.Park("no-handler");
            else
                result = await ((IEffect)scope.ServiceProvider.GetRequiredService(type)).Run(effect, call, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw;
        }
        catch (RefusedException e)
        {
            result = EffectResult.Park(e.Note);
        }
#pragma warning disable CA1031 // Whatever a handler throws is a failed try of this effect: it is retried, then parked for people.
        catch (Exception e)
#pragma warning restore CA1031
        {
            EffectFailed(log, e, effect.Kind, effect.Id, effect.Attempts);
            await GiveBack(effect.Id, effect.Fence, Failed(e), ct);
            return 1;
        }
        var fence = effect.Fence;
        Failpoint.Reach(Point.EffectDone);
        if (result.State == EffectState.Done)
        {
            End(effect, result);
            try
            {
                await db.SaveChangesAsync(ct);
                Failpoint.Reach(Point.EffectEnded);
                return 1;
            }
            catch (Exception e) when (e is DbUpdateException || Writing.IsImpossible(e))
            {
                EffectFailed(log, e, effect.Kind, effect.Id, effect.Attempts);
                result = Failed(e, TimeSpan.FromMilliseconds(200));
            }
        }
        // Not done: nothing that was staged is kept.
        await GiveBack(effect.Id, fence, result, ct);
        return 1;
    }

    /// <summary>Runs an effect together with all others of its kind that are due for the first time.</summary>
    private async Task<int> RunMany(IServiceProvider services, AppDb db, Effect first, Type handler, Call call, CancellationToken ct)
    {
        List<Effect> effects = [first, .. await TakeMore(db, first, ct)];
        var fences = effects.ConvertAll(e => e.Fence);
        try
        {
            var results = await ((IManyEffects)services.GetRequiredService(handler)).Run(effects, call, ct);
            Failpoint.Reach(Point.EffectDone);
            for (var i = 0; i < effects.Count; i++)
                End(effects[i], results[i]);
            await db.SaveChangesAsync(ct);
            Failpoint.Reach(Point.EffectEnded);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // Whatever a handler throws is a failed try of these effects: each is tried again alone.
        catch (Exception e)
#pragma warning restore CA1031
        {
            EffectFailed(log, e, first.Kind, first.Id, first.Attempts);
            foreach (var (effect, fence) in effects.Zip(fences))
                await GiveBack(effect.Id, fence, Failed(e, TimeSpan.FromMilliseconds(200)), ct);
        }
        return effects.Count;
    }

    private async Task<List<Effect>> TakeMore(AppDb db, Effect first, CancellationToken ct)
    {
        var (now, business) = (clocks.Now, clocks.BusinessNow);
        return await db.Write(async token =>
        {
            var more = db is PostgresAppDb
                ? await db.Effects.FromSql($"""
                    SELECT * FROM effects WHERE state = 'Waiting' AND kind = {first.Kind} AND attempts = 0 AND lease_until IS NULL
                      AND ((clock = 'Real' AND due_at <= {now.ToUnixTimeMilliseconds()}) OR (clock = 'Business' AND due_at <= {business.ToUnixTimeMilliseconds()}))
                    ORDER BY due_at, id LIMIT {IManyEffects.AtOnce - 1} FOR UPDATE SKIP LOCKED
                    """).ToListAsync(token)
                : await db.Effects.Where(e => e.State == EffectState.Waiting && e.Kind == first.Kind && e.Attempts == 0 && e.LeaseUntil == null
                        && ((e.Clock == EffectClock.Real && e.DueAt <= now) || (e.Clock == EffectClock.Business && e.DueAt <= business)))
                    .OrderBy(e => e.DueAt).ThenBy(e => e.Id).Take(IManyEffects.AtOnce - 1).ToListAsync(token);
            foreach (var effect in more)
            {
                effect.LeaseUntil = now + Lease;
                effect.Fence++;
                effect.Attempts++;
            }
            await db.SaveChangesAsync(token);
            return more;
        }, ct);
    }

    private async Task<Effect?> Take(AppDb db, CancellationToken ct)
    {
        var (now, business) = (clocks.Now, clocks.BusinessNow);
        var due = db.Effects
                .Where(e => e.State == EffectState.Waiting && (e.LeaseUntil == null || e.LeaseUntil < now)
                    && ((e.Clock == EffectClock.Real && e.DueAt <= now) || (e.Clock == EffectClock.Business && e.DueAt <= business)))
                .OrderBy(e => e.Clock == EffectClock.Real ? 0 : 1).ThenBy(e => e.DueAt).ThenBy(e => e.Id);
        if (!await due.AnyAsync(ct))
            return null;
        return await db.Write(async token =>
        {
            var effect = db is PostgresAppDb
                ? (await db.Effects.FromSql($"""
                    SELECT * FROM effects WHERE state = 'Waiting' AND (lease_until IS NULL OR lease_until < {now.ToUnixTimeMilliseconds()})
                      AND ((clock = 'Real' AND due_at <= {now.ToUnixTimeMilliseconds()}) OR (clock = 'Business' AND due_at <= {business.ToUnixTimeMilliseconds()}))
                    ORDER BY CASE clock WHEN 'Real' THEN 0 ELSE 1 END, due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
                    """).ToListAsync(token)).FirstOrDefault()
                : await due.FirstOrDefaultAsync(token);
            if (effect is null)
                return null;
            effect.LeaseUntil = now + Lease;
            effect.Fence++;
            effect.Attempts++;
            await db.SaveChangesAsync(token);
            return effect;
        }, ct);
    }

    private async Task Finish(Guid id, int fence, EffectResult result, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDb>();
        var effect = await db.Effects.SingleAsync(e => e.Id == id, ct);
        // Another node has it, or an end whose answer was lost is in the database after all.
        if (effect.Fence != fence || effect.State != EffectState.Waiting)
            return;
        End(effect, result);
        await db.SaveChangesAsync(ct);
    }

    /// <summary>Finishes what could not be finished while the database was away: else it waits until its lease is over.</summary>
    private async Task FinishLeft(CancellationToken ct)
    {
        while (_left.TryPeek(out var left))
        {
            try
            {
                await Finish(left.Id, left.Fence, left.Result, ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested && !Writing.IsImpossible(e))
            {
                // Somebody else was first; if not, its lease gives it back.
                WorkerStumbled(log, e);
            }
            _left.Dequeue();
        }
    }

    /// <summary>A fault of the database is none of the effect's: it does not count, and is over soon or long.</summary>
    private static EffectResult Failed(Exception e, TimeSpan? again = null) =>
        Writing.IsImpossible(e) ? EffectResult.Postpone(DatabaseAway, AwayPause) : EffectResult.Retry(e.GetType().Name, again);

    /// <summary>Gives an effect back; while the database is away, as soon as it is there again.</summary>
    private async Task GiveBack(Guid id, int fence, EffectResult result, CancellationToken ct)
    {
        try
        {
            await Finish(id, fence, result, ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested && Writing.IsImpossible(e))
        {
            _left.Enqueue((id, fence, result));
        }
    }

    private void End(Effect effect, EffectResult result)
    {
        // Whoever read it before is too late, also when this is saved after they have read it again.
        effect.Fence++;
        effect.LeaseUntil = null;
        effect.Note = result.Note;
        if (!result.IsTry)
            effect.Attempts--;
        effect.State = result.State == EffectState.Waiting && effect.Attempts >= MaxAttempts ? EffectState.Parked : result.State;
        if (effect.State != EffectState.Waiting)
            effect.DoneAt = clocks.Now;
        else
            effect.LeaseUntil = clocks.Now + (result.RetryAfter ?? Backoff(effect.Attempts));
        Telemetry.EffectsRun.Add(1, new("kind", effect.Kind), new("result", effect.State.ToString()));
    }

    /// <summary>1 s, 2 s, 4 s … at most an hour.</summary>
    private static TimeSpan Backoff(int attempts) => TimeSpan.FromSeconds(Math.Min(3600, Math.Pow(2, attempts - 1)));

    [LoggerMessage(Level = LogLevel.Warning, Message = "Effect {Kind} {Id} failed on try {Attempt}")]
    private static partial void EffectFailed(ILogger log, Exception e, string kind, Guid id, int attempt);

    [LoggerMessage(Level = LogLevel.Error, Message = "The machine's clock went ahead of time by {By}: nothing is destroyed until this is confirmed")]
    private static partial void ClockJumped(ILogger log, TimeSpan by);

    [LoggerMessage(Level = LogLevel.Error, Message = "The machine's clock differs from the database server's by {By}: this node takes no work until they agree")]
    private static partial void ClockApart(ILogger log, TimeSpan by);

    [LoggerMessage(Level = LogLevel.Error, Message = "The effect worker stumbled and goes on")]
    private static partial void WorkerStumbled(ILogger log, Exception e);
}
