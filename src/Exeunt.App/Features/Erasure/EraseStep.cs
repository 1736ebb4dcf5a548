using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Erasure;

/// <summary>
/// Effect "step.erase": destroys what needs not stay: profile and payout keys, what the applicant typed, the search tokens
/// (<see cref="FirstErasure"/>). Contact, name and vouchers follow at their dates, as the retention schedule says. A customer with another contract keeps the profile; under a legal hold everything stays.
/// </summary>
public sealed class EraseStep(AppDb db, CaseDesk desk, FirstErasure erasure, Claims.OpenClaims claims, LegalHolds holds, Retention retention) : IDestroys
{
    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = (await desk.Find(effect.CaseId!.Value, call, ct))!;
        // Held, disputed or appealed against meanwhile: the end of that starts it again.
        if (exit.StepOf(effect, StepKind.Erase) is not { } step || exit.IsStopped(step))
            return EffectResult.Done;
        // A ruling's payment is still under way: its reconciliation starts this again.
        if (await db.PaymentOrders.AsNoTracking().AnyAsync(o => o.CaseId == exit.Id && o.Purpose == PaymentPurpose.Ruling && o.State != PaymentState.Reconciled, ct))
            return EffectResult.Done;
        var customer = await db.Customers.SingleAsync(c => c.Id == exit.CustomerId, ct);
        // A return of an order needs the customer until it is over, a claim what decides it, and a hold everything; none has an erasure of its own, so this comes again.
        if (await Returns.ReturnCases.AnyOpen(db, customer.Id, ct) || await claims.AnyOf(customer.Id, ct) || await holds.On(customer.Id, ct))
        {
            await Again(exit, step, effect, call, ct);
            return EffectResult.Done;
        }
        if (await StillNeeded(exit, ct) is { } reason)
        {
            exit.Skip(step, reason);
            desk.Stage(exit, call);
            return EffectResult.Done;
        }
        // So does a dispute or an appeal in another case, which had its own erasure behind it.
        if (await holds.Forbid(customer.Id, ct) || !await erasure.Run(customer, exit.Id, exit.IntakeSubject, withName: false, null, call, ct))
        {
            await Again(exit, step, effect, call, ct);
            return EffectResult.Done;
        }
        db.Texts.RemoveRange(await db.Texts.Where(t => t.Subject == exit.IntakeSubject).ToListAsync(ct));
        db.Mails.RemoveRange(await db.Mails.Where(m => m.Subject == exit.IntakeSubject).ToListAsync(ct));
        await Intakes.IntakeProofs.Forget(db, exit.IntakeSubject, ct);
        // What was typed in the customer's other applications goes with this.
        foreach (var other in await db.Cases.AsNoTracking().Where(c => c.CustomerId == customer.Id && c.Id != exit.Id && c.IntakeSubject < 0).Select(c => c.Id).ToListAsync(ct))
            db.Enqueue(Effect.Now("erase.intake", $"erase.intake|{other:N}|{exit.Id:N}", call, caseId: other));
        await retention.Stage(exit, call, ct);
        db.Enqueue(VerifyErasure.Of(customer.Id, exit.Id, "exit", call));
        exit.Finish(step, "profile,payout");
        desk.Stage(exit, call);
        return EffectResult.Done;
    }

    private async Task Again(ExitCase exit, string step, Effect effect, Call call, CancellationToken ct)
    {
        var again = call.BusinessNow.AddDays(1);
        var key = $"{exit.Id:N}|{step}|again|{again:yyyyMMdd}";
        if (!await db.Effects.AsNoTracking().AnyAsync(e => e.Key == key, ct))
            db.Enqueue(Effect.At(again, effect.Kind, key, new StepRef(step), exit.Id));
    }

    /// <summary>Why the customer's data stays: another contract, or another case that has not come to its own erasure; null: nothing needs it.</summary>
    private async Task<string?> StillNeeded(ExitCase exit, CancellationToken ct)
    {
        if (await db.Contracts.AsNoTracking().AnyAsync(c => c.CustomerId == exit.CustomerId && c.State != ContractState.Ended, ct))
            return "other-contracts";
        var others = await db.Cases.AsNoTracking().Where(c => c.CustomerId == exit.CustomerId && c.Id != exit.Id && c.State != CaseState.Closed).ToListAsync(ct);
        return others.Any(c => !c.Steps.Any(s => s.Kind == StepKind.Erase && s.HasEnded)) ? "other-cases" : null;
    }
}

/// <summary>
/// Effect "erase.class": destroys one class of former customers when its time has come; all that are due at once, so that the yearly
/// end of many is done in minutes. Ledger and leaf of each first, then the keys in one transaction of the key store, then what is left;
/// the second search and the certificates follow as effects.
/// </summary>
public sealed class EraseClass(AppDb db, KeyStore keys, Challenges challenges, Feedback.Forget feedback, LegalHolds holds, Retention retention) : IManyEffects, IDestroys
{
    /// <summary>Days until what an open claim or a hold keeps is looked at again.</summary>
    public const int AgainDays = 30;

    public sealed record What(long CustomerId, DataClass Class);

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct) => (await Run([effect], call, ct))[0];

    public async Task<IReadOnlyList<EffectResult>> Run(IReadOnlyList<Effect> effects, Call call, CancellationToken ct)
    {
        var later = new Dictionary<Guid, EffectResult>();
        foreach (var group in effects.Select(e => (Effect: e, What: e.Read<What>())).GroupBy(e => e.What.Class))
            foreach (var (effect, letter) in await Erase(group.Key, [.. group], call, ct))
                later[effect] = EraseAsked.LetterFirst(letter, call);
        return [.. effects.Select(e => later.GetValueOrDefault(e.Id, EffectResult.Done))];
    }

    /// <summary>Returns which effects wait, and for a letter of when.</summary>
    private async Task<List<(Guid Effect, DateTimeOffset Letter)>> Erase(DataClass dataClass, IReadOnlyList<(Effect Effect, What What)> due, Call call, CancellationToken ct)
    {
        var ids = due.Select(d => d.What.CustomerId).Distinct().ToList();
        var needed = await StillNeeded(dataClass, due, ids, ct);
        // Another contract ended later: the longest rule wins.
        var kept = await retention.KeptUntil(ids, dataClass, Clocks.DateIn(call.BusinessNow, Clocks.CompanyZone), ct);
        var forbidden = await Forbidden(ids, ct);
        var later = call.BusinessNow.AddDays(AgainDays);
        await db.EnqueueNew(
        [
            .. due.Where(d => !needed.Contains(d.What.CustomerId) && kept.ContainsKey(d.What.CustomerId))
                .Select(d => Retention.Due(d.What.CustomerId, dataClass, kept[d.What.CustomerId], d.Effect.CaseId, Clocks.CompanyZone)),
            .. due.Where(d => !needed.Contains(d.What.CustomerId) && !kept.ContainsKey(d.What.CustomerId) && forbidden.Contains(d.What.CustomerId))
                .Select(d => Effect.At(later, d.Effect.Kind, $"erase|{d.What.CustomerId}|{dataClass}|{later:yyyyMMdd}", d.What, d.Effect.CaseId)),
        ], ct);
        // The letter that says how it ended goes with the contact: while the mail server is away it is waited for.
        var letters = dataClass != DataClass.Contact ? [] : await EraseAsked.Unsent(db, ids, call, ct);
        var free = due.Where(d => !needed.Contains(d.What.CustomerId) && !kept.ContainsKey(d.What.CustomerId) && !forbidden.Contains(d.What.CustomerId)).ToList();
        var waiting = free.Where(d => letters.ContainsKey(d.What.CustomerId)).Select(d => (Effect: d.Effect.Id, Letter: letters[d.What.CustomerId])).ToList();
        var gone = free.Where(d => !letters.ContainsKey(d.What.CustomerId)).DistinctBy(d => d.What.CustomerId).ToList();
        if (gone.Count == 0)
            return waiting;
        var customers = gone.ConvertAll(d => d.What.CustomerId);
        await db.Write(async token =>
        {
            // With the version raised, a hold that comes at the same moment is either seen here or sees this.
            var recorded = (await db.Erasures.AsNoTracking().Where(e => customers.Contains(e.CustomerId) && e.Class == dataClass).Select(e => e.CustomerId).ToListAsync(token)).ToHashSet();
            var fresh = customers.Except(recorded).ToList();
            await db.Customers.Where(c => fresh.Contains(c.Id)).ExecuteUpdateAsync(s => s.SetProperty(c => c.Version, c => c.Version + 1), token);
            if ((await Forbidden(fresh, token)).Count > 0)
                throw new DbUpdateConcurrencyException("A hold came at the same moment.");
            foreach (var (effect, what) in gone.Where(d => !recorded.Contains(d.What.CustomerId)))
            {
                db.Erasures.Add(new ErasureRow { CustomerId = what.CustomerId, CaseId = effect.CaseId, Class = dataClass, At = call.Now });
                db.Audit(call, "erasure.recorded", $"customer:{what.CustomerId}", new { classes = new[] { dataClass }, caseId = effect.CaseId });
            }
            return await db.SaveChangesAsync(token);
        }, ct);
        Failpoint.Reach(Point.ErasureRecorded);
        await keys.Destroy([.. customers.Select(c => (c, dataClass))], call.Now, ct);
        await feedback.Of(customers, dataClass, call, ct);
        if (dataClass == DataClass.Contact)
            await challenges.Forget(call, ct);
        var cases = (await db.Set<RetainedRow>().AsNoTracking().Where(r => customers.Contains(r.CustomerId)).Select(r => new { r.CustomerId, r.CaseId }).ToListAsync(ct)).ToLookup(r => r.CustomerId, r => r.CaseId);
        await db.Write(async token =>
        {
            await Remains.Clear(db, dataClass, customers, token);
            await retention.Done(customers, dataClass, call, token);
            if (dataClass == DataClass.Contact)
                await DataRequests.Corrections.CallOff(db, customers, call, token);
            db.Audit(call, "erasure.done", "customers", new { dataClass, count = customers.Count, digest = Digest(customers) });
            foreach (var (effect, what) in gone.Where(d => cases[d.What.CustomerId].Any()))
                db.Enqueue(VerifyErasure.Of(what.CustomerId, effect.CaseId ?? cases[what.CustomerId].FirstOrDefault(c => c is not null), $"{dataClass}", call));
            return await db.SaveChangesAsync(token);
        }, ct);
        return waiting;
    }

    /// <summary>Customers of whom this class is not erased now: not erased at all yet, or written to by a case or a plan whose own end brings this again.</summary>
    private async Task<HashSet<long>> StillNeeded(DataClass dataClass, IReadOnlyList<(Effect Effect, What What)> due, List<long> ids, CancellationToken ct)
    {
        var needed = (await db.Customers.AsNoTracking().Where(c => ids.Contains(c.Id) && c.ErasedAt == null).Select(c => c.Id).ToListAsync(ct)).ToHashSet();
        if (dataClass != DataClass.Contact)
            return needed;
        var own = due.Select(d => d.Effect.CaseId).ToHashSet();
        var open = await db.Cases.AsNoTracking().Where(c => c.CustomerId != null && ids.Contains(c.CustomerId.Value) && c.State != CaseState.Closed).Select(c => new { c.Id, Customer = c.CustomerId!.Value }).ToListAsync(ct);
        needed.UnionWith(open.Where(c => !own.Contains(c.Id)).Select(c => c.Customer));
        // While instalments are owed the customer must be reached; when the plan is paid this comes again.
        needed.UnionWith(await db.Plans.AsNoTracking().Where(p => p.State == PlanState.Running || p.State == PlanState.Accelerated)
            .Join(db.Cases.Where(c => c.CustomerId != null && ids.Contains(c.CustomerId.Value)), p => p.CaseId, c => c.Id, (_, c) => c.CustomerId!.Value).ToListAsync(ct));
        return needed;
    }

    /// <summary>Customers of whom nothing is erased now: what a claim on the insurance is decided by stays until it is closed, and everything while it is held.</summary>
    private async Task<HashSet<long>> Forbidden(List<long> ids, CancellationToken ct) =>
    [
        .. await db.Set<Claims.Claim>().AsNoTracking().Where(c => c.ClosedOn == null).Join(db.Contracts.Where(k => ids.Contains(k.CustomerId)), c => c.ContractId, k => k.Id, (_, k) => k.CustomerId).ToListAsync(ct),
        .. await holds.Forbidden(ids, ct),
    ];

    private static string Digest(IEnumerable<long> numbers) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(string.Join(',', numbers))));
}

/// <summary>Effect "erase.intake": forgets what was typed in an application that came to nothing, or whose customer is erased.</summary>
public sealed class EraseIntake(AppDb db, KeyStore keys, LegalHolds holds) : IDestroys
{
    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = await db.Cases.AsNoTracking().SingleAsync(c => c.Id == effect.CaseId, ct);
        if (exit.Outcome is not (CaseOutcome.Lapsed or CaseOutcome.Joined) && !(exit.Outcome == CaseOutcome.Refused && !exit.HasCustomer)
            && !await db.Customers.AnyAsync(c => c.Id == exit.CustomerId && c.ErasedAt != null, ct))
            return EffectResult.Done;
        if (exit.IsDisputed || HoldCase.IsByPerson(exit) || (exit.CustomerId is { } customer && await holds.Forbid(customer, ct)))
        {
            var later = call.BusinessNow.AddDays(EraseClass.AgainDays);
            db.Enqueue(Effect.At(later, effect.Kind, $"erase.intake|{exit.Id:N}|{later:yyyyMMddHHmm}", caseId: exit.Id));
            return EffectResult.Done;
        }
        if (!await db.Erasures.AsNoTracking().AnyAsync(e => e.CustomerId == exit.IntakeSubject && e.Class == DataClass.Case, ct))
            await db.Write(async token =>
            {
                // With the version raised, a hold that comes at the same moment is either seen here or sees this.
                await LegalHolds.Touch(db, exit.CustomerId, token);
                if (exit.CustomerId is { } held && await holds.Forbid(held, token))
                    throw new DbUpdateConcurrencyException("A hold came at the same moment.");
                db.Erasures.Add(new ErasureRow { CustomerId = exit.IntakeSubject, CaseId = exit.Id, Class = DataClass.Case, At = call.Now });
                db.Audit(call, "erasure.recorded", $"case:{exit.Id:N}", new { classes = new[] { DataClass.Case } });
                return await db.SaveChangesAsync(token);
            }, ct);
        await keys.Destroy(exit.IntakeSubject, [DataClass.Case], call.Now, ct);
        db.Texts.RemoveRange(await db.Texts.Where(t => t.Subject == exit.IntakeSubject).ToListAsync(ct));
        db.Mails.RemoveRange(await db.Mails.Where(m => m.Subject == exit.IntakeSubject).ToListAsync(ct));
        await Intakes.IntakeProofs.Forget(db, exit.IntakeSubject, ct);
        db.Audit(call, "erasure.intake", $"case:{exit.Id:N}");
        return EffectResult.Done;
    }
}
