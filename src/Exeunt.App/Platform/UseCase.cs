using System.Security.Cryptography;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Platform;

/// <summary>A use case without its types, so that a test can walk them all.</summary>
public interface IUseCase
{
    /// <summary>What an actor must be allowed to do to get past the door.</summary>
    Permission Needs { get; }
}

/// <summary>
/// The one door for changes. <see cref="Run"/> checks the permission, answers a repeated idempotency key with the first
/// answer, and turns a lost race into a refusal; <see cref="Handle"/> is the use case itself and ends with <see cref="Commit"/>.
/// </summary>
public abstract class UseCase<TRequest, TResult>(AppDb db) : IUseCase
{
    public abstract Permission Needs { get; }

    protected AppDb Db => db;

    public async Task<Outcome<TResult>> Run(Call call, TRequest request, CancellationToken ct)
    {
        if (!call.Actor.Allows(Needs))
            return CommonRefusals.NotAllowed(Needs);
        var hash = call.IdempotencyKey is null ? null : HashOf(request);
        if (await Remembered(call, hash, ct) is { } first)
            return first;
        _pending = (call, hash);
        for (var tries = Tries; ; tries--)
        {
            try
            {
                var outcome = await Handle(call, request, ct);
                if (outcome.Succeeded)
                    return outcome;
                // Nothing of what a refused call staged is kept, even when the page that says so saves something of its own.
                db.ChangeTracker.Clear();
                // Refused, perhaps, because the same call came through meanwhile on another way.
                return await Remembered(call, hash, ct) ?? outcome;
            }
            catch (RefusedException e)
            {
                db.ChangeTracker.Clear();
                return e.Refusal;
            }
            catch (DbUpdateException e) when (e is DbUpdateConcurrencyException || db.IsUniqueViolation(e))
            {
                // The same key, or the same next number, was committed first by another caller.
                db.ChangeTracker.Clear();
                if (await Remembered(call, hash, ct) is { } answered)
                    return answered;
                if (tries <= 1)
                    return CommonRefusals.ChangedMeanwhile;
            }
        }
    }

    /// <summary>How often a lost race is run again from the start; 1 where the caller should look first.</summary>
    protected virtual int Tries => 1;

    protected abstract Task<Outcome<TResult>> Handle(Call call, TRequest request, CancellationToken ct);

    /// <summary>Saves everything staged in one transaction, with the answer under the caller's idempotency key.</summary>
    protected async Task<Outcome<TResult>> Commit(TResult result, CancellationToken ct)
    {
        var (call, hash) = _pending;
        if (call?.IdempotencyKey is { } key)
            db.Idempotency.Add(new IdempotencyRecord
            {
                Actor = call.Actor.Id,
                Key = key,
                UseCase = GetType().Name,
                RequestHash = hash!,
                Answer = Vault.Encrypt(db.AnswerKey, JsonSerializer.SerializeToUtf8Bytes(result, Json.Plain), About(call.Actor.Id, key)),
                At = call.Now,
            });
        await db.SaveChangesAsync(ct);
        Failpoint.Reach(Point.BeforeAnswer);
        return result;
    }

    private (Call? Call, byte[]? Hash) _pending;

    private async Task<Outcome<TResult>?> Remembered(Call call, byte[]? hash, CancellationToken ct)
    {
        if (call.IdempotencyKey is not { } key)
            return null;
        var name = GetType().Name;
        var first = await db.Idempotency.AsNoTracking()
            .SingleOrDefaultAsync(r => r.Actor == call.Actor.Id && r.Key == key, ct);
        if (first is null)
            return null;
        if (first.UseCase != name || !first.RequestHash.AsSpan().SequenceEqual(hash))
            return CommonRefusals.KeyReused;
        return JsonSerializer.Deserialize<TResult>(Vault.Decrypt(db.AnswerKey, first.Answer, About(first.Actor, key)), Json.Plain)!;
    }

    private byte[] HashOf(TRequest request) => HMACSHA256.HashData(db.AnswerKey, JsonSerializer.SerializeToUtf8Bytes(request, Json.Plain));

    private static string About(string actor, string key) => $"answer|{actor}|{key}";
}
