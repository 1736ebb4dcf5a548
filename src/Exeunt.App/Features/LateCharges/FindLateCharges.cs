using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Facts;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;
using FactKind = Exeunt.Core.Activity.FactKind;

namespace Exeunt.App.Features.LateCharges;

/// <summary>
/// Looks for what was charged after the end: facts with an amount, dated after the last service day of a customer whose contracts have all
/// ended. With another contract in force nothing can be said, since facts belong to a customer and not to a contract. Found ones wait for a person.
/// </summary>
public sealed class FindLateCharges(AppDb db) : UseCase<FindLateCharges.Request, FindLateCharges.Found>(db)
{
    /// <summary>Most that one scan takes; the next goes on.</summary>
    public const int Max = 1000;

    /// <summary>Days after the last service day that are looked at.</summary>
    public const int LookBackDays = 400;

    private const int ChunkSize = 200;

    public sealed record Request;

    public sealed record Found(int Charges, bool More);

    public override Permission Needs => Permission.HandleMoney;

    protected override async Task<Outcome<Found>> Handle(Call call, Request request, CancellationToken ct)
    {
        var first = new List<(FactRow Fact, Guid CaseId, string Currency)>();
        var more = false;
        foreach (var part in (await Ended(call, ct)).Chunk(ChunkSize))
        {
            var ids = part.Select(p => p.CustomerId).ToList();
            var since = part.Min(p => p.LastServiceDay);
            var lastDay = part.ToDictionary(p => p.CustomerId);
            var charges = await Db.Facts.AsNoTracking().Where(f => ids.Contains(f.CustomerId) && f.On > since && f.Amount > 0 && Core.Activity.Fact.Trade.Contains(f.Kind) && f.Kind != FactKind.Return).ToListAsync(ct);
            var known = (await Db.Set<LateCharge>().AsNoTracking().Where(c => ids.Contains(c.CustomerId)).Select(c => new { c.CustomerId, c.Document, c.Line }).ToListAsync(ct)).Select(c => (c.CustomerId, c.Document, c.Line)).ToHashSet();
            first.AddRange(charges.Where(f => f.On > lastDay[f.CustomerId].LastServiceDay && !known.Contains((f.CustomerId, f.Document, f.Line)))
                .OrderBy(f => f.On).Select(f => (f, lastDay[f.CustomerId].CaseId, lastDay[f.CustomerId].Currency)));
            if (more = first.Count > Max)
                break;
        }
        first = [.. first.Take(Max)];
        foreach (var (fact, caseId, currency) in first)
            Db.Add(new LateCharge
            {
                CustomerId = fact.CustomerId, Document = fact.Document, Line = fact.Line, Id = Guid.CreateVersion7(), CaseId = caseId, On = fact.On, Amount = fact.Amount, Currency = currency, FoundAt = call.Now,
            });
        if (first.Count == 0)
            return new Found(0, false);
        Db.Audit(call, "late-charges.found", "late-charges", new { charges = first.Count });
        return await Commit(new Found(first.Count, more), ct);
    }

    private sealed record Former(long CustomerId, DateOnly LastServiceDay, Guid CaseId, string Currency);

    /// <summary>Customers of whom no contract is left, whose last one ended within the time that is looked at, with the case that ended it.</summary>
    private async Task<List<Former>> Ended(Call call, CancellationToken ct)
    {
        var oldest = call.Today(Clocks.CompanyZone).AddDays(-LookBackDays);
        var ended = await (
            from contract in Db.Contracts.AsNoTracking()
            where contract.State == ContractState.Ended && contract.LastServiceDay >= oldest && !Db.Contracts.Any(o => o.CustomerId == contract.CustomerId && o.State != ContractState.Ended)
            join exit in Db.Cases.AsNoTracking() on (long?)contract.Id equals exit.ContractId
            where exit.Outcome == CaseOutcome.Executed || exit.State != CaseState.Closed
            join customer in Db.Customers.AsNoTracking() on contract.CustomerId equals customer.Id
            select new { contract.CustomerId, contract.LastServiceDay, exit.Id, customer.Currency }).ToListAsync(ct);
        return [.. ended.GroupBy(e => e.CustomerId).Select(g => g.OrderByDescending(e => e.LastServiceDay).First()).Select(e => new Former(e.CustomerId, e.LastServiceDay!.Value, e.Id, e.Currency)).OrderBy(e => e.CustomerId)];
    }
}

/// <summary>Effect "late-charges.scan": looks every night, and after every import of facts.</summary>
public sealed class ScanLateCharges(AppDb db, FindLateCharges find) : IEffect
{
    public const string Kind = "late-charges.scan";

    /// <summary>The next nightly scan; with the same key it is staged once.</summary>
    public static Effect Nightly(Call call)
    {
        var on = call.Today(Clocks.CompanyZone).AddDays(1);
        return Effect.At(Clocks.StartOf(on, Clocks.CompanyZone).AddHours(3), Kind, $"{Kind}|{on:yyyyMMdd}", new What(true));
    }

    /// <param name="Nightly">Whether the next one follows.</param>
    public sealed record What(bool Nightly);

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        // A use case of its own, saved by itself: a second run finds only what is new.
        var found = await find.Run(call with { IdempotencyKey = null }, new(), ct);
        if (found.Refusal is { } no)
            return EffectResult.Retry(no.Code);
        if (effect.Read<What>().Nightly && Nightly(call) is var next && !await db.Effects.AnyAsync(e => e.Key == next.Key, ct))
            db.Enqueue(next);
        return EffectResult.Done;
    }
}
