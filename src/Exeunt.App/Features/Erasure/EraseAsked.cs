using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.DataRequests;
using Exeunt.App.Features.Mail;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.Core.Activity;
using Exeunt.Core.Cases;
using Exeunt.Core.Feedback;
using Exeunt.Core.Retention;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Erasure;

/// <summary>
/// Effect "erase.asked": erases a customer who asked for it and with whom nothing is under way, without the case that otherwise does it.
/// Profile, account and contact go at once. Name, vouchers and facts of whom there was trade stay locked as long as the schedule says,
/// counted from the last of it; where there never was any, they go too.
/// </summary>
public sealed class EraseAsked(AppDb db, FirstErasure erasure, LegalHolds holds, Claims.OpenClaims claims, DataRequestDesk requests) : IDestroys
{
    public const string Kind = "erase.asked";

    /// <summary>At most so long until it is looked again whether a letter was sent.</summary>
    private static readonly TimeSpan MailAgain = TimeSpan.FromMinutes(10);

    /// <param name="RequestId">The request that asked for it; null: an effect of an earlier version, which did not say.</param>
    public sealed record What(long CustomerId, Guid? RequestId = null);

    /// <summary>Whether a contract, a case or a complaint of a customer is still under way.</summary>
    public static async Task<bool> IsUnderWay(AppDb db, long customer, CancellationToken ct) =>
        await db.Contracts.AsNoTracking().AnyAsync(c => c.CustomerId == customer && c.State != ContractState.Ended, ct)
        || await db.Cases.AsNoTracking().AnyAsync(c => c.CustomerId == customer && c.State != CaseState.Closed, ct)
        || await db.Feedback.AsNoTracking().AnyAsync(f => f.CustomerId == customer && f.State != FeedbackState.Closed, ct);

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var (id, requestId) = effect.Read<What>();
        var request = requestId is { } which ? await db.Set<DataRequest>().SingleAsync(r => r.Id == which, ct) : null;
        if (request is { State: not DataRequestState.Fulfilled })
            return EffectResult.Done;
        // Cut off in the middle: what was recorded is carried out, whatever came meanwhile.
        var begun = request is { BeginsAt: null } && await db.Erasures.AsNoTracking().AnyAsync(e => e.CustomerId == id && e.Class == DataClass.Profile, ct);
        // Whoever lifted a hold had it looked at early: the time in which it can be stopped still runs.
        if (request?.BeginsAt is { } begins && begins > call.BusinessNow)
            return Again(begins, effect, call);
        // A new contract is a new beginning: its end brings an erasure of its own.
        if (!begun && await db.Contracts.AsNoTracking().AnyAsync(c => c.CustomerId == id && c.State != ContractState.Ended, ct))
        {
            if (request is not null)
                await StopGranted.Stage(db, requests, request, new(await db.Customers.AsNoTracking().SingleAsync(c => c.Id == id, ct), null, request.Number), "contract-running", call, ct);
            return EffectResult.Done;
        }
        // Read before what may have come meanwhile: a claim and a hold raise its version, so that one that comes after the question makes the erasure fail.
        var customer = await db.Customers.SingleAsync(c => c.Id == id, ct);
        if (!begun && (await IsUnderWay(db, id, ct) || await IsOwed(id, ct) || await holds.Forbid(id, ct)))
        {
            // It was granted, and waits only for what came meanwhile.
            db.Audit(call, "erasure.waits", $"customer:{id}");
            return Again(call.BusinessNow + HoldCase.LookAgain, effect, call);
        }
        // The last letter has the link to the proof, and its address goes with the contact: while the mail server is away it is waited for.
        if ((await Unsent(db, [id], call, ct)).TryGetValue(id, out var letter))
            return LetterFirst(letter, call);
        if (customer.ErasedAt is not null && request?.BeginsAt is not null)
        {
            // A case erased them already; what was kept for the aftercare goes now.
            Begun(request);
            db.Audit(call, "erasure.begun", $"customer:{id}", new { request = request.Number });
            db.Enqueue(Effect.Now("erase.class", $"erase|{id}|{DataClass.Contact}|asked|{request.Id:N}", call, new EraseClass.What(id, DataClass.Contact), effect.CaseId));
            return EffectResult.Done;
        }
        var last = await LastTrade(db, id, ct);
        // A firm's name may be a person's; nothing needs it where there was no trade. That it has begun is saved with the first line of the ledger: a stop
        // at the same moment makes that fail, or finds it begun.
        if (!await erasure.Run(customer, null, null, withName: last is null, request is null ? null : () => Begun(request), call, ct))
            return Again(call.BusinessNow + HoldCase.LookAgain, effect, call);
        await Plan(db, customer, last, call, ct);
        // What was typed in their applications, also in those that came to nothing.
        foreach (var exit in await db.Cases.AsNoTracking().Where(c => c.CustomerId == id && c.IntakeSubject < 0).Select(c => c.Id).ToListAsync(ct))
            db.Enqueue(Effect.Now("erase.intake", $"erase.intake|{exit:N}|asked|{call.BusinessNow.ToUnixTimeMilliseconds()}", call, caseId: exit));
        return EffectResult.Done;
    }

    /// <summary>Whether something is still to be decided or paid for which they must be known and reached: a claim on an insurance, or instalments; granting asked for it too.</summary>
    private async Task<bool> IsOwed(long customer, CancellationToken ct) =>
        await claims.AnyOf(customer, ct)
        || await db.Plans.AsNoTracking().AnyAsync(p => (p.State == PlanState.Running || p.State == PlanState.Accelerated) && db.Cases.Any(c => c.Id == p.CaseId && c.CustomerId == customer), ct);

    private static void Begun(DataRequest request)
    {
        (request.BeginsAt, request.Result) = (null, "done-delete");
        request.Version++;
    }

    /// <summary>Looks again at a business time.</summary>
    private EffectResult Again(DateTimeOffset at, Effect effect, Call call)
    {
        var what = effect.Read<What>();
        db.Enqueue(Effect.At(at, Kind, $"erase|{what.CustomerId}|asked|{what.RequestId:N}|{effect.Id}", what, effect.CaseId));
        return EffectResult.Done;
    }

    /// <summary>When the oldest letter was written that waits to be sent and is still tried, of those customers who have one.</summary>
    internal static async Task<Dictionary<long, DateTimeOffset>> Unsent(AppDb db, IReadOnlyCollection<long> customers, Call call, CancellationToken ct)
    {
        var earliest = call.Now - SendMail.Longest;
        var letters = (await db.Mails.AsNoTracking().Where(m => customers.Contains(m.Subject) && m.SentAt == null && m.At > earliest).Select(m => new { m.Id, m.Subject, m.At }).ToListAsync(ct)).ToDictionary(m => Post.KeyOf(m.Id));
        if (letters.Count == 0)
            return [];
        var keys = letters.Keys.ToList();
        var waiting = await db.Effects.AsNoTracking().Where(e => keys.Contains(e.Key) && e.State == EffectState.Waiting).Select(e => e.Key).ToListAsync(ct);
        return waiting.GroupBy(k => letters[k].Subject).ToDictionary(g => g.Key, g => g.Min(k => letters[k].At));
    }

    /// <summary>Waits for a letter of then: soon again where it was written just now, and more and more seldom.</summary>
    internal static EffectResult LetterFirst(DateTimeOffset letter, Call call) =>
        EffectResult.Postpone("letter-first", TimeSpan.FromTicks(Math.Clamp((call.Now - letter).Ticks, TimeSpan.TicksPerSecond, MailAgain.Ticks)));

    /// <summary>Stages what becomes of the rest of a customer whose profile is gone: what is locked, why and until when, and what goes on which day.</summary>
    /// <param name="last">The last day of their trade; null: there never was any.</param>
    internal static async Task Plan(AppDb db, Customer customer, DateOnly? last, Call call, CancellationToken ct)
    {
        var places = await Retention.PlacesOf(db, customer.Id, ct);
        if (last is { } day)
            await new Retention(db).Stage(customer.Id, places, day, call, ct);
        foreach (var next in Rest(customer.Id, places, last, call))
            if (!await db.Effects.AsNoTracking().AnyAsync(e => e.Key == next.Key, ct))
                db.Enqueue(next);
        db.Audit(call, "retention.planned", $"customer:{customer.Id}", new { last });
    }

    /// <summary>What goes afterwards: the contact at once, the rest when its last day is over. What is kept of is searched again with each class that goes, the others once.</summary>
    private static IEnumerable<Effect> Rest(long id, IReadOnlyList<string> places, DateOnly? last, Call call)
    {
        yield return Effect.Now("erase.class", $"erase|{id}|{DataClass.Contact}|asked", call, new EraseClass.What(id, DataClass.Contact));
        if (last is null)
            yield return Effect.At(call.BusinessNow.AddMinutes(1), VerifyErasure.Kind, $"verify|{id}|asked", new VerifyErasure.What(id, "asked"));
        foreach (var (dataClass, categories) in new (DataClass, DataCategory[])[] { (DataClass.Case, [DataCategory.Contract, DataCategory.Consents]), (DataClass.Legal, [DataCategory.Vouchers]) })
            yield return Until(places, last, categories) is { } day ? Retention.Due(id, dataClass, day, null, Clocks.CompanyZone)
                : Effect.Now("erase.class", $"erase|{id}|{dataClass}|asked", call, new EraseClass.What(id, dataClass));
        yield return Effect.At(FactsGo(places, last, call), AnonymiseFacts.Kind, $"retention|{id}|asked", new AnonymiseFacts.What(id));
    }

    /// <summary>When the facts of a former customer become sums of many.</summary>
    /// <param name="last">Day of the last of them; null: at once.</param>
    private static DateTimeOffset FactsGo(IReadOnlyList<string> places, DateOnly? last, Call call) =>
        Until(places, last, DataCategory.Transactions, DataCategory.Analytics) is { } end ? Clocks.StartOf(end.AddDays(1), Clocks.CompanyZone) : call.BusinessNow;

    /// <summary>The last day (inclusive) on which the schedule keeps one of the categories; null: it keeps none.</summary>
    private static DateOnly? Until(IReadOnlyList<string> places, DateOnly? last, params DataCategory[] categories) =>
        last is not { } from ? null : categories.Max(c => RetentionSchedule.Of(c, places, from).Until);

    /// <summary>The last day of trade itself: an order, or a fact of trade or of a payment; null: never.</summary>
    internal static async Task<DateOnly?> LastDeal(AppDb db, long id, CancellationToken ct)
    {
        List<FactKind> kinds = [.. Fact.Trade, FactKind.Payment];
        return new[]
        {
            await db.Orders.AsNoTracking().Where(o => o.CustomerId == id).MaxAsync(o => (DateOnly?)o.OrderedOn, ct),
            await db.Facts.AsNoTracking().Where(f => f.CustomerId == id && kinds.Contains(f.Kind)).MaxAsync(f => (DateOnly?)f.On, ct),
        }.Max();
    }

    /// <summary>The last day on which there was anything that must be kept: an order, a fact, a contract, a case, a complaint; null: never.</summary>
    internal static async Task<DateOnly?> LastTrade(AppDb db, long id, CancellationToken ct)
    {
        var contracts = await db.Contracts.AsNoTracking().Where(c => c.CustomerId == id).Select(c => new { c.LastServiceDay, c.StartOn, c.TermMonths }).ToListAsync(ct);
        var cases = await db.Cases.AsNoTracking().Where(c => c.CustomerId == id).Select(c => c.BusinessReceivedAt).ToListAsync(ct);
        var feedback = await db.Feedback.AsNoTracking().Where(f => f.CustomerId == id).Select(f => f.ReceivedAt).ToListAsync(ct);
        return new[]
        {
            await db.Orders.AsNoTracking().Where(o => o.CustomerId == id).MaxAsync(o => (DateOnly?)o.OrderedOn, ct), await db.Facts.AsNoTracking().Where(f => f.CustomerId == id).MaxAsync(f => (DateOnly?)f.On, ct),
            contracts.Max(c => (DateOnly?)(c.LastServiceDay ?? c.StartOn.AddMonths(c.TermMonths))),
            cases.Concat(feedback).Max(at => (DateOnly?)Clocks.DateIn(at, Clocks.CompanyZone)),
        }.Max();
    }
}
