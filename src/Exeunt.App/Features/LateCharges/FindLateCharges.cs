using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;
using FactKind = Exeunt.App.Features.Facts.FactKind;

namespace Exeunt.App.Features.LateCharges;

/// <summary>
/// Looks for what was charged after the end: facts with an amount, dated after the last service day of a customer whose contracts have all
/// ended. With another contract in force nothing can be said, since facts belong to a customer and not to a contract. Found ones wait for a person.
/// </summary>
public sealed class FindLateCharges(AppDb db) : UseCase<FindLateCharges.Request, FindLateCharges.Found>(db)
{
    /// <summary>Most that one scan takes; the next goes on.</summary>
    public const int Max = 1000;

    public sealed record Request;

    public sealed record Found(int Charges, bool More);

    public override Permission Needs => Permission.HandleMoney;

    protected override async Task<Outcome<Found>> Handle(Call call, Request request, CancellationToken ct)
    {
        var late = await (
            from contract in Db.Contracts.AsNoTracking()
            where contract.State == ContractState.Ended && contract.LastServiceDay != null
                && !Db.Contracts.Any(o => o.CustomerId == contract.CustomerId && (o.State != ContractState.Ended || o.LastServiceDay == null || o.LastServiceDay > contract.LastServiceDay || (o.LastServiceDay == contract.LastServiceDay && o.Id > contract.Id)))
            join exit in Db.Cases.AsNoTracking() on contract.Id equals exit.ContractId
            where exit.Outcome == CaseOutcome.Executed || exit.State != CaseState.Closed
            join fact in Db.Facts.AsNoTracking() on contract.CustomerId equals fact.CustomerId
            where fact.Amount > 0 && fact.Kind != FactKind.Complaint && fact.Kind != FactKind.Return && fact.On > contract.LastServiceDay
                && !Db.Set<LateCharge>().Any(c => c.CustomerId == fact.CustomerId && c.Document == fact.Document && c.Line == fact.Line)
            join customer in Db.Customers.AsNoTracking() on contract.CustomerId equals customer.Id
            orderby fact.On, fact.CustomerId, fact.Line
            select new { Fact = fact, CaseId = exit.Id, customer.Currency }).Take(Max + 1).ToListAsync(ct);
        var first = late.Take(Max).DistinctBy(l => (l.Fact.CustomerId, l.Fact.Document, l.Fact.Line)).ToList();
        foreach (var one in first)
            Db.Add(new LateCharge
            {
                CustomerId = one.Fact.CustomerId, Document = one.Fact.Document, Line = one.Fact.Line, Id = Guid.CreateVersion7(), CaseId = one.CaseId, On = one.Fact.On, Amount = one.Fact.Amount,
                Currency = one.Currency, FoundAt = call.Now,
            });
        if (first.Count == 0)
            return new Found(0, false);
        Db.Audit(call, "late-charges.found", "late-charges", new { charges = first.Count });
        return await Commit(new Found(first.Count, late.Count > Max), ct);
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
