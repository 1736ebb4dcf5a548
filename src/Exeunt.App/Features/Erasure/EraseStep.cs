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
/// Effect "step.erase": destroys what needs not stay: profile and payout keys, what the applicant typed, the search tokens. Ledger
/// first, then keys: a crash between the two is repaired by running again. Contact, name and vouchers follow at their dates, as the
/// retention schedule says. A customer with another contract keeps the profile; under a legal hold everything stays.
/// </summary>
public sealed class EraseStep(AppDb db, CaseDesk desk, KeyStore keys, SearchStore search, Claims.OpenClaims claims, LegalHolds holds, Retention retention) : IEffect
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
        if (await db.Cases.AsNoTracking().AnyAsync(c => c.CustomerId == customer.Id && c.OrderId != null && c.State != CaseState.Closed, ct) || await claims.AnyOf(customer.Id, ct) || await holds.On(customer.Id, ct))
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
        DataClass[] gone = [DataClass.Profile, DataClass.Payout];
        if (!await db.Erasures.AsNoTracking().AnyAsync(e => e.CustomerId == customer.Id && e.Class == DataClass.Profile, ct))
        {
            var recorded = await db.Write(async token =>
            {
                // With the version raised, a hold that comes at the same moment is either seen here or sees this.
                if (await holds.On(customer.Id, token))
                    return false;
                customer.Version++;
                foreach (var dataClass in gone)
                    db.Erasures.Add(new ErasureRow { CustomerId = customer.Id, CaseId = exit.Id, Class = dataClass, Token = customer.NumberToken, At = call.Now });
                db.Erasures.Add(new ErasureRow { CustomerId = exit.IntakeSubject, CaseId = exit.Id, Class = DataClass.Case, At = call.Now });
                db.Audit(call, "erasure.recorded", $"customer:{customer.Id}", new { classes = gone, caseId = exit.Id });
                await db.SaveChangesAsync(token);
                return true;
            }, ct);
            if (!recorded)
            {
                await Again(exit, step, effect, call, ct);
                return EffectResult.Done;
            }
        }
        await keys.Destroy(customer.Id, gone, ct);
        await keys.Destroy(exit.IntakeSubject, [DataClass.Case], ct);
        await search.Remove(customer.Id, ct);
        // The ciphertext goes too; the destroyed keys are for the copies we cannot reach.
        (customer.Profile, customer.Payout, customer.NumberToken, customer.ErasedAt) = (null, null, null, call.Now);
        customer.Version++;
        var subjects = new[] { customer.Id, exit.IntakeSubject };
        db.Texts.RemoveRange(await db.Texts.Where(t => subjects.Contains(t.Subject) && (t.Class == DataClass.Profile || t.Subject < 0)).ToListAsync(ct));
        db.Documents.RemoveRange(await db.Documents.Where(d => d.Subject == customer.Id && d.Class == DataClass.Profile).ToListAsync(ct));
        db.Mails.RemoveRange(await db.Mails.Where(m => m.Subject == exit.IntakeSubject).ToListAsync(ct));
        await Intakes.IntakeProofs.Forget(db, exit.IntakeSubject, ct);
        // What was typed in the customer's other applications goes with this.
        foreach (var other in await db.Cases.AsNoTracking().Where(c => c.CustomerId == customer.Id && c.Id != exit.Id && c.IntakeSubject < 0).Select(c => c.Id).ToListAsync(ct))
            db.Enqueue(Effect.Now("erase.intake", $"erase.intake|{other:N}|{exit.Id:N}", call, caseId: other));
        await Remnants.Remove(db, customer.Id, gone, ct);
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

/// <summary>Effect "erase.class": destroys one class of a former customer when its time has come.</summary>
public sealed class EraseClass(AppDb db, KeyStore keys, Challenges challenges, Feedback.Forget feedback, Claims.OpenClaims claims, LegalHolds holds, Retention retention) : IEffect
{
    /// <summary>Days until what an open claim or a hold keeps is looked at again.</summary>
    public const int AgainDays = 30;

    public sealed record What(long CustomerId, DataClass Class);

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var what = effect.Read<What>();
        var customer = await db.Customers.SingleAsync(c => c.Id == what.CustomerId, ct);
        if (customer.ErasedAt is null)
            return EffectResult.Done;
        // Another case still writes to the customer; its own end brings this again.
        if (what.Class == DataClass.Contact && await db.Cases.AnyAsync(c => c.CustomerId == what.CustomerId && c.Id != effect.CaseId && c.State != CaseState.Closed, ct))
            return EffectResult.Done;
        // While instalments are owed the customer must be reached; when the plan is paid this comes again.
        if (what.Class == DataClass.Contact && await db.Plans.AnyAsync(p => (p.State == PlanState.Running || p.State == PlanState.Accelerated)
            && db.Cases.Any(c => c.Id == p.CaseId && c.CustomerId == what.CustomerId), ct))
            return EffectResult.Done;
        // Another contract ended later: the longest rule wins.
        if (await retention.KeptUntil(what.CustomerId, what.Class, Clocks.DateIn(call.BusinessNow, Clocks.CompanyZone), ct) is { } until)
        {
            await Again(Retention.Due(what.CustomerId, what.Class, until, effect.CaseId, Clocks.CompanyZone), ct);
            return EffectResult.Done;
        }
        // What a claim on the insurance is decided by stays until it is closed, and everything while it is held.
        var later = call.BusinessNow.AddDays(AgainDays);
        var again = Effect.At(later, effect.Kind, $"erase|{what.CustomerId}|{what.Class}|{later:yyyyMMdd}", what, effect.CaseId);
        if (await claims.AnyOf(what.CustomerId, ct) || await holds.Forbid(what.CustomerId, ct))
        {
            await Again(again, ct);
            return EffectResult.Done;
        }
        if (!await db.Erasures.AsNoTracking().AnyAsync(e => e.CustomerId == what.CustomerId && e.Class == what.Class, ct)
            && !await db.Write(async token =>
            {
                if (await holds.Forbid(what.CustomerId, token))
                    return false;
                customer.Version++;
                db.Erasures.Add(new ErasureRow { CustomerId = what.CustomerId, CaseId = effect.CaseId, Class = what.Class, At = call.Now });
                db.Audit(call, "erasure.recorded", $"customer:{what.CustomerId}", new { classes = new[] { what.Class }, caseId = effect.CaseId });
                await db.SaveChangesAsync(token);
                return true;
            }, ct))
        {
            await Again(again, ct);
            return EffectResult.Done;
        }
        await keys.Destroy(what.CustomerId, [what.Class], ct);
        await feedback.Of(what.CustomerId, what.Class, call, ct);
        customer.Version++;
        if (what.Class == DataClass.Contact)
        {
            customer.Contact = null;
            await challenges.Forget(call, ct);
        }
        if (what.Class == DataClass.Case)
        {
            customer.Identity = null;
            foreach (var contract in await db.Contracts.Where(c => c.CustomerId == customer.Id).ToListAsync(ct))
            {
                (contract.Number, contract.NumberToken) = (null, null);
                contract.Version++;
            }
            foreach (var order in await db.Orders.Where(o => o.CustomerId == customer.Id).ToListAsync(ct))
            {
                (order.Number, order.NumberToken) = (null, null);
                order.Version++;
            }
        }
        db.Documents.RemoveRange(await db.Documents.Where(d => d.Subject == customer.Id && d.Class == what.Class).ToListAsync(ct));
        db.Mails.RemoveRange(await db.Mails.Where(m => m.Subject == customer.Id && m.Class == what.Class).ToListAsync(ct));
        db.Texts.RemoveRange(await db.Texts.Where(t => t.Subject == customer.Id && t.Class == what.Class).ToListAsync(ct));
        await Remnants.Remove(db, customer.Id, [what.Class], ct);
        await retention.Done(customer.Id, what.Class, call, ct);
        db.Audit(call, "erasure.done", $"customer:{customer.Id}", new { what.Class });
        if (await db.Set<RetainedRow>().AsNoTracking().Where(r => r.CustomerId == customer.Id).Select(r => (Guid?)r.CaseId).FirstOrDefaultAsync(ct) is { } ended)
            db.Enqueue(VerifyErasure.Of(customer.Id, effect.CaseId ?? ended, $"{what.Class}", call));
        return EffectResult.Done;
    }

    private async Task Again(Effect later, CancellationToken ct)
    {
        if (!await db.Effects.AsNoTracking().AnyAsync(e => e.Key == later.Key, ct))
            db.Enqueue(later);
    }
}

/// <summary>Effect "erase.intake": forgets what was typed in an application that came to nothing, or whose customer is erased.</summary>
public sealed class EraseIntake(AppDb db, KeyStore keys, LegalHolds holds) : IEffect
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
        await keys.Destroy(exit.IntakeSubject, [DataClass.Case], ct);
        db.Texts.RemoveRange(await db.Texts.Where(t => t.Subject == exit.IntakeSubject).ToListAsync(ct));
        db.Mails.RemoveRange(await db.Mails.Where(m => m.Subject == exit.IntakeSubject).ToListAsync(ct));
        await Intakes.IntakeProofs.Forget(db, exit.IntakeSubject, ct);
        db.Audit(call, "erasure.intake", $"case:{exit.Id:N}");
        return EffectResult.Done;
    }
}
