using System.Globalization;
using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.OwnData;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Exeunt.Core.Retention;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Erasure;

/// <summary>What the retention schedule makes of a customer's data when a case ends their last contract.</summary>
public sealed class Retention(AppDb db)
{
    private static readonly DataCategory[] OfEveryExit =
    [
        DataCategory.Profile, DataCategory.Payout, DataCategory.Application, DataCategory.Contact, DataCategory.Contract, DataCategory.Consents, DataCategory.Vouchers,
        DataCategory.Transactions, DataCategory.Analytics, DataCategory.Proof,
    ];

    /// <summary>Setting: up to which customer <see cref="CountAgain"/> has counted, or <see cref="Everybody"/>.</summary>
    public const string CountedSetting = "retention.counted-again";

    private const string Everybody = "all";

    /// <summary>Customers of one page of <see cref="CountAgain"/>: each is asked for alone, and the page holds up other writers.</summary>
    private const int CountedAtOnce = 50;

    /// <summary>Under whose key a category lies; null: it has no key (facts under our internal number, hashes) or one of its own.</summary>
    public static DataClass? ClassOf(DataCategory category) => category switch
    {
        DataCategory.Profile => DataClass.Profile,
        DataCategory.Contact => DataClass.Contact,
        DataCategory.Payout => DataClass.Payout,
        DataCategory.Contract or DataCategory.Consents or DataCategory.RiskEvidence => DataClass.Case,
        DataCategory.Vouchers => DataClass.Legal,
        _ => null,
    };

    /// <summary>The places whose law reaches a customer's data: theirs, and those of their contracts and orders.</summary>
    internal static async Task<IReadOnlyList<string>> PlacesOf(AppDb db, long customer, CancellationToken ct)
    {
        var country = await db.Customers.AsNoTracking().Where(c => c.Id == customer && c.Country != null).Select(c => c.Country!).ToListAsync(ct);
        var contracts = await db.Contracts.AsNoTracking().Where(c => c.CustomerId == customer).Select(c => c.Jurisdiction).Distinct().ToListAsync(ct);
        var orders = await db.Orders.AsNoTracking().Where(o => o.CustomerId == customer).Select(o => o.Jurisdiction).Distinct().ToListAsync(ct);
        return [.. country.Concat(contracts).Concat(orders).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>What the schedule says about each category of a case's customer, from the end of its contract, or from a trade that came later.</summary>
    private static IReadOnlyList<Retained> Plan(ExitCase exit, IReadOnlyList<string> places, DateOnly? lastTrade)
    {
        string[] all = [.. exit.RulePacks.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Trim().Split(' ')[0]).Union(places)];
        var categories = exit.Kind == CaseKind.Offboarding ? OfEveryExit.Append(DataCategory.RiskEvidence) : OfEveryExit;
        return [.. categories.Order().Select(c => RetentionSchedule.AtEnd(c, all, exit.EffectiveOn!.Value, lastTrade))];
    }

    /// <summary>What is recorded of a case's customer, in the order of the categories; before an erasure, what is planned.</summary>
    public async Task<IReadOnlyList<RetainedRow>> Of(ExitCase exit, CancellationToken ct) =>
        exit.CustomerId is { } customer && await Of(customer, ct) is { Count: > 0 } rows ? rows : [.. (await OfAll(exit, ct)).Select(r => RetainedRow.Of(exit, r))];

    /// <summary>What is recorded of a customer, in the order of the categories; nothing before an erasure.</summary>
    public async Task<IReadOnlyList<RetainedRow>> Of(long customer, CancellationToken ct) =>
        [.. (await db.Set<RetainedRow>().AsNoTracking().Where(r => r.CustomerId == customer).ToListAsync(ct)).OrderBy(r => r.Category)];

    /// <summary>
    /// What the schedule says of a customer's ended contracts together: for each category the longest rule of all of them, and for what lies
    /// under one key, or goes together, the last day of all of that: nothing is said to go before it goes.
    /// </summary>
    private async Task<IReadOnlyList<Retained>> OfAll(ExitCase exit, CancellationToken ct)
    {
        var others = await db.Cases.AsNoTracking().Where(c => c.CustomerId == exit.CustomerId && c.Id != exit.Id && c.EffectiveOn != null && c.ContractId != null && c.Outcome == CaseOutcome.Executed).ToListAsync(ct);
        var customer = exit.CustomerId!.Value;
        var (places, lastTrade) = (await PlacesOf(db, customer, ct), await EraseAsked.LastDeal(db, customer, ct));
        return Together([.. others.Append(exit).SelectMany(e => Plan(e, places, lastTrade)).GroupBy(k => k.Category).Select(g => g.Aggregate(Retained.Longer)).OrderBy(k => k.Category)]);
    }

    private static IReadOnlyList<Retained> Together(IReadOnlyList<Retained> kept)
    {
        static string GoesWith(DataCategory category) =>
            category is DataCategory.Transactions or DataCategory.Analytics ? "facts" : ClassOf(category) is { } dataClass ? $"{dataClass}" : $"{category}";
        var last = kept.GroupBy(k => GoesWith(k.Category)).ToDictionary(g => g.Key, g => g.MaxBy(k => k.Until)!);
        return [.. kept.Select(k => last[GoesWith(k.Category)] is { Until: { } until } longest && until > k.Until ? k with { Until = until, Rule = longest.Rule } : k)];
    }

    /// <summary>
    /// Stages what becomes of each category, and when each class and the facts go. What is there already from another contract
    /// stays when it lasts longer.
    /// </summary>
    public async Task Stage(ExitCase exit, Call call, CancellationToken ct)
    {
        var customer = exit.CustomerId!.Value;
        var known = await Stage(customer, exit.Id, await OfAll(exit, ct), call, ct);
        var (profile, waiting) = ($"erase|{customer}|", "retention|");
        var queued = await db.Effects.AsNoTracking().Where(e => e.State == EffectState.Waiting && (e.Key.StartsWith(profile) || e.Key.StartsWith(waiting + customer + "|"))).Select(e => e.Key).ToListAsync(ct);
        foreach (var (dataClass, until) in LastDays(known.Values).Where(l => !queued.Exists(k => k.StartsWith($"erase|{customer}|{l.Class}", StringComparison.Ordinal))))
            db.Enqueue(Due(customer, dataClass, until, exit.Id, exit.Zone!));
        var facts = new[] { known[DataCategory.Transactions], known[DataCategory.Analytics] }.Max(r => r.Until)!.Value;
        if (!queued.Exists(k => k.StartsWith(waiting, StringComparison.Ordinal)))
            db.Enqueue(Effect.At(Clocks.StartOf(facts.AddDays(1), exit.Zone!), AnonymiseFacts.Kind, $"{waiting}{customer}|{facts:yyyyMMdd}", new AnonymiseFacts.What(customer), exit.Id));
    }

    /// <summary>Stages what becomes of each category of who leaves without a case, from the last day of their trade.</summary>
    /// <param name="places">As <see cref="PlacesOf"/> says.</param>
    public Task Stage(long customer, IReadOnlyList<string> places, DateOnly last, Call call, CancellationToken ct) =>
        Stage(customer, null, WithoutCase(places, last), call, ct);

    private static IReadOnlyList<Retained> WithoutCase(IReadOnlyList<string> places, DateOnly last) => Together([.. OfEveryExit.Order().Select(c => RetentionSchedule.Of(c, places, last))]);

    /// <summary>
    /// Counts anew, once, what earlier versions planned: they knew neither of a trade after the end nor of other places. A day only moves later, and what
    /// waits for it reads it before it destroys anything. Cut off, it goes on after the last page. Returns how many rows moved.
    /// </summary>
    public async Task<int> CountAgain(Call call, CancellationToken ct)
    {
        var planned = db.Set<RetainedRow>().Where(r => r.DoneAt == null && r.Until != null);
        var setting = await db.Settings.AsNoTracking().SingleOrDefaultAsync(s => s.Key == CountedSetting, ct);
        if (setting?.Value == Everybody || !await planned.AnyAsync(ct))
            return 0;
        var (after, moved) = (setting is null ? long.MinValue : long.Parse(setting.Value, CultureInfo.InvariantCulture), 0);
        while (await planned.Where(r => r.CustomerId > after).Select(r => r.CustomerId).Distinct().OrderBy(id => id).Take(CountedAtOnce).ToListAsync(ct) is { Count: > 0 } some)
        {
            moved += await db.Write(async token =>
            {
                var count = await CountPage(some, token);
                await db.Put(CountedSetting, some[^1].ToString(CultureInfo.InvariantCulture), token);
                db.Audit(call, CountedSetting, "retained", new { upTo = some[^1], moved = count });
                await db.SaveChangesAsync(token);
                return count;
            }, ct);
            db.ChangeTracker.Clear();
            after = some[^1];
        }
        await db.Put(CountedSetting, Everybody, ct);
        db.Audit(call, CountedSetting, "retained", new { moved });
        await db.SaveChangesAsync(ct);
        return moved;
    }

    private async Task<int> CountPage(List<long> customers, CancellationToken ct)
    {
        // A class in the ledger goes, or is gone: its rows only wait to be marked.
        var gone = (await db.Erasures.AsNoTracking().Where(e => customers.Contains(e.CustomerId)).Select(e => new { e.CustomerId, e.Class }).ToListAsync(ct)).Select(e => (e.CustomerId, (DataClass?)e.Class)).ToHashSet();
        var rows = (await db.Set<RetainedRow>().Where(r => customers.Contains(r.CustomerId) && r.DoneAt == null && r.Until != null).ToListAsync(ct)).Where(r => !gone.Contains((r.CustomerId, ClassOf(r.Category)))).ToList();
        var moved = 0;
        foreach (var own in rows.GroupBy(r => r.CustomerId))
            // Who asked first, and left by a case later, has rows of both.
            foreach (var caseId in own.Select(r => r.CaseId).Distinct().ToList())
            {
                var plan = (await PlanAgain(own.Key, caseId, ct)).ToDictionary(k => k.Category);
                foreach (var row in own)
                    if (plan.GetValueOrDefault(row.Category) is { Until: { } until } kept && until > row.Until)
                    {
                        row.Become(kept);
                        moved++;
                    }
            }
        return moved;
    }

    /// <summary>What the schedule says today of a customer whom a case erased, or, without one, who asked.</summary>
    private async Task<IReadOnlyList<Retained>> PlanAgain(long customer, Guid? caseId, CancellationToken ct)
    {
        if (caseId is { } id)
            return await db.Cases.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id && c.CustomerId == customer && c.EffectiveOn != null, ct) is { } exit ? await OfAll(exit, ct) : [];
        return await EraseAsked.LastTrade(db, customer, ct) is { } last ? WithoutCase(await PlacesOf(db, customer, ct), last) : [];
    }

    private async Task<Dictionary<DataCategory, RetainedRow>> Stage(long customer, Guid? caseId, IReadOnlyList<Retained> plan, Call call, CancellationToken ct)
    {
        var known = await db.Set<RetainedRow>().Where(r => r.CustomerId == customer).ToDictionaryAsync(r => r.Category, ct);
        foreach (var kept in plan)
            if (!known.TryGetValue(kept.Category, out var row))
                db.Add(known[kept.Category] = RetainedRow.Of(customer, caseId, kept));
            else if (kept.Until > (row.Until ?? DateOnly.MinValue))
                row.Become(kept);
        foreach (var category in new[] { DataCategory.Profile, DataCategory.Payout, DataCategory.Application })
            known[category].DoneAt = call.Now;
        return known;
    }

    /// <summary>The last day of each class that has one: the latest of its categories.</summary>
    public static IEnumerable<(DataClass Class, DateOnly Until)> LastDays(IEnumerable<RetainedRow> rows) =>
        rows.Where(r => r.Until is not null && ClassOf(r.Category) is not null).GroupBy(r => ClassOf(r.Category)!.Value).Select(g => (g.Key, g.Max(r => r.Until!.Value)));

    /// <summary>The effect that erases a class when its last day is over.</summary>
    public static Effect Due(long customer, DataClass dataClass, DateOnly until, Guid? caseId, string zone) =>
        Effect.At(Clocks.StartOf(until.AddDays(1), zone), "erase.class", $"erase|{customer}|{dataClass}|{until:yyyyMMdd}|{zone}", new EraseClass.What(customer, dataClass), caseId);

    /// <summary>Until when a class must stay (the last day, inclusive), of those customers for whom that day is not over.</summary>
    public async Task<Dictionary<long, DateOnly>> KeptUntil(IReadOnlyCollection<long> customers, DataClass dataClass, DateOnly today, CancellationToken ct) =>
        (await db.Set<RetainedRow>().AsNoTracking().Where(r => customers.Contains(r.CustomerId) && r.Until != null).ToListAsync(ct)).GroupBy(r => r.CustomerId)
            .Select(g => (g.Key, Last: LastDays(g).FirstOrDefault(l => l.Class == dataClass).Until)).Where(k => k.Last >= today).ToDictionary(k => k.Key, k => k.Last);

    /// <summary>The same classes, with what is locked of a customer who left, until when and why.</summary>
    public async Task<IReadOnlyList<OwnHeld>> Locked(Customer customer, IReadOnlyList<OwnHeld> held, Texts t, CancellationToken ct)
    {
        if (customer.ErasedAt is null)
            return held;
        var rows = await db.Set<RetainedRow>().AsNoTracking().Where(r => r.CustomerId == customer.Id && r.Until != null && r.DoneAt == null).ToListAsync(ct);
        return [.. held.Select(h => rows.Where(r => $"{ClassOf(r.Category)}" == h.Class).MaxBy(r => r.Until) is { } kept && !h.Erased ? h with { LockedUntil = kept.Until, LockedFor = kept.Basis(t) } : h)];
    }

    /// <summary>Marks that a class of some customers is gone; inside a write.</summary>
    public Task<int> Done(IReadOnlyCollection<long> customers, DataClass dataClass, Call call, CancellationToken ct)
    {
        var categories = Enum.GetValues<DataCategory>().Where(c => ClassOf(c) == dataClass).ToList();
        return db.Set<RetainedRow>().Where(r => customers.Contains(r.CustomerId) && r.DoneAt == null && categories.Contains(r.Category)).ExecuteUpdateAsync(s => s.SetProperty(r => r.DoneAt, call.Now), ct);
    }
}
