using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Erasure;

/// <summary>
/// Whether a hold forbids to erase. A hold and an erasure of the same customer both raise the customer's version: whichever commits
/// second sees the other, so that no hold stands over data that an erasure then takes.
/// </summary>
public sealed class LegalHolds(AppDb db)
{
    /// <summary>Whether a legal hold stands on a customer.</summary>
    public Task<bool> On(long customerId, CancellationToken ct) => db.Set<LegalHold>().AsNoTracking().AnyAsync(h => h.CustomerId == customerId && h.LiftedAt == null, ct);

    /// <summary>Whether anything forbids to erase a class of a customer: a legal hold, or a case of theirs that people hold, that is disputed or appealed against.</summary>
    public async Task<bool> Forbid(long customerId, CancellationToken ct) => (await Forbidden([customerId], ct)).Count > 0;

    /// <summary>Those of some customers of whom that holds.</summary>
    public async Task<HashSet<long>> Forbidden(IReadOnlyCollection<long> customers, CancellationToken ct) =>
    [
        .. await db.Set<LegalHold>().AsNoTracking().Where(h => customers.Contains(h.CustomerId) && h.LiftedAt == null).Select(h => h.CustomerId).ToListAsync(ct),
        .. (await db.Cases.AsNoTracking().Where(c => c.CustomerId != null && customers.Contains(c.CustomerId.Value) && c.State != CaseState.Closed && (c.HoldReason != null || c.Disputes > 0 || c.OpenAppealId != null)).ToListAsync(ct))
            .Where(c => c.IsDisputed || c.OpenAppealId is not null || HoldCase.IsByPerson(c)).Select(c => c.CustomerId!.Value),
    ];

    /// <summary>Stages that an erasure under way notices what is staged with this.</summary>
    public static async Task Touch(AppDb db, long? customerId, CancellationToken ct)
    {
        if (customerId is { } id && await db.Customers.SingleOrDefaultAsync(c => c.Id == id, ct) is { } customer)
            customer.Version++;
    }
}

/// <summary>The customer that somebody speaks of who handles holds: that of a case, whatever its state, or one by number.</summary>
public sealed record Held(Guid? CaseId, long? CustomerId = null)
{
    /// <summary>Null: there is none, or it is not theirs to see.</summary>
    internal async Task<long?> Find(AppDb db, CaseDesk desk, Permission needs, Call call, CancellationToken ct)
    {
        if (CaseId is { } exit)
            return (await desk.Find(exit, call, needs, ct))?.CustomerId;
        return await VisibleUnits.HaveCustomer(db, call.Actor, needs, CustomerId, ct) ? CustomerId : null;
    }
}

/// <summary>Places a legal hold on a customer. Says what was erased before.</summary>
public sealed class PlaceLegalHold(AppDb db, CaseDesk desk) : UseCase<PlaceLegalHold.Request, PlaceLegalHold.Placed>(db)
{
    public sealed record Request(Held On, LegalHoldReason? Reason);

    /// <param name="Gone">Classes that were erased before and that no hold brings back.</param>
    public sealed record Placed(Guid HoldId, IReadOnlyList<DataClass> Gone);

    public override Permission Needs => Permission.HandleLegalHolds;

    /// <summary>An erasure that was first is looked at again.</summary>
    protected override int Tries => 3;

    protected override async Task<Outcome<Placed>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await request.On.Find(Db, desk, Needs, call, ct) is not { } customer)
            return CommonRefusals.NotFound;
        // What a restore places again people do not place.
        if (request.Reason is not { } reason || !Enum.IsDefined(reason) || reason == LegalHoldReason.Restored)
            return CommonRefusals.Required("reason");
        if (await Db.Set<LegalHold>().AnyAsync(h => h.CustomerId == customer && h.Reason == reason && h.LiftedAt == null, ct))
            return ErasureRefusals.HeldAlready;
        await LegalHolds.Touch(Db, customer, ct);
        var hold = new LegalHold { Id = Guid.CreateVersion7(), CustomerId = customer, CaseId = request.On.CaseId, Reason = reason, PlacedBy = call.Actor.Id, PlacedAt = call.Now };
        Db.Add(hold);
        Db.Audit(call, "legal-hold.placed", $"customer:{customer}", new { hold = hold.Id, request.On.CaseId, reason });
        var gone = await Db.Erasures.AsNoTracking().Where(e => e.CustomerId == customer).Select(e => e.Class).Distinct().ToListAsync(ct);
        return await Commit(new Placed(hold.Id, gone), ct);
    }
}

/// <summary>Lifts a legal hold: one of data officer and legal says so first, then a person of the other role.</summary>
public sealed class LiftLegalHold(AppDb db, CaseDesk desk) : UseCase<LiftLegalHold.Request, LiftLegalHold.Lifted>(db)
{
    public sealed record Request(Held On, Guid HoldId);

    /// <param name="IsLifted">false: the other role is still to say so.</param>
    public sealed record Lifted(bool IsLifted);

    public override Permission Needs => Permission.HandleLegalHolds;

    protected override async Task<Outcome<Lifted>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await request.On.Find(Db, desk, Needs, call, ct) is not { } customer
            || await Db.Set<LegalHold>().SingleOrDefaultAsync(h => h.Id == request.HoldId && h.CustomerId == customer, ct) is not { } hold)
            return CommonRefusals.NotFound;
        if (hold.LiftedAt is not null)
            return ErasureRefusals.LiftedAlready;
        // Who comes by a case may hold the office for the case's unit only; both are needed for the customer's.
        var path = await Db.Customers.AsNoTracking().Where(c => c.Id == customer).Join(Db.Units, c => c.UnitId, u => u.Id, (_, u) => u.Path).SingleAsync(ct);
        hold.Version++;
        if (hold.LiftAskedBy is null)
        {
            var office = call.Actor.Has(Role.DataOfficer, path) ? Role.DataOfficer : call.Actor.Has(Role.Legal, path) ? Role.Legal : (Role?)null;
            if (office is null)
                return ErasureRefusals.LiftedElsewhere;
            (hold.LiftAskedBy, hold.LiftAskedAs) = (call.Actor.Id, office);
            Db.Audit(call, "legal-hold.lift-asked", $"customer:{customer}", new { hold = hold.Id, hold.LiftAskedAs });
            return await Commit(new Lifted(false), ct);
        }
        var other = hold.LiftAskedAs == Role.DataOfficer ? Role.Legal : Role.DataOfficer;
        if (hold.LiftAskedBy == call.Actor.Id || !call.Actor.Has(other, path))
            return ErasureRefusals.LiftedByTwo(other);
        (hold.LiftedBy, hold.LiftedAt) = (call.Actor.Id, call.Now);
        Db.Audit(call, "legal-hold.lifted", $"customer:{customer}", new { hold = hold.Id, askedBy = hold.LiftAskedBy });
        if (!await Db.Set<LegalHold>().AnyAsync(h => h.CustomerId == customer && h.Id != hold.Id && h.LiftedAt == null, ct))
            await GoOn(customer, hold.Id, call, ct);
        return await Commit(new Lifted(true), ct);
    }

    /// <summary>What the last hold kept from being erased is looked at at once.</summary>
    private async Task GoOn(long customer, Guid cause, Call call, CancellationToken ct)
    {
        foreach (var exit in await desk.FindAll(await Db.Cases.AsNoTracking().Where(c => c.CustomerId == customer).OrderBy(c => c.Id).Take(200).Select(c => c.Id).ToListAsync(ct), call, ct))
        {
            desk.Again(exit, StepKind.Erase, $"lifted|{cause:N}", call);
            if (exit is { IsClosed: true, IntakeSubject: < 0 })
                Db.Enqueue(Effect.Now("erase.intake", $"erase.intake|{exit.Id:N}|{cause:N}", call, caseId: exit.Id));
        }
        // An erasure that was asked for and waits.
        var waiting = $"erase|{customer}|asked|";
        foreach (var asked in await Db.Effects.Where(e => e.Kind == EraseAsked.Kind && e.State == EffectState.Waiting && e.Key.StartsWith(waiting) && e.DueAt > call.BusinessNow).ToListAsync(ct))
            asked.DueAt = call.BusinessNow;
        // What is to stay until a day has an effect of its own on that day; only what is past it goes now.
        var today = call.Today(Clocks.CompanyZone);
        var due = Retention.LastDays(await Db.Set<RetainedRow>().AsNoTracking().Where(r => r.CustomerId == customer && r.DoneAt == null).ToListAsync(ct)).Where(l => l.Until < today).Select(l => l.Class);
        foreach (var dataClass in due.Prepend(DataClass.Contact))
            Db.Enqueue(Effect.Now("erase.class", $"erase|{customer}|{dataClass}|lifted|{cause:N}", call, new EraseClass.What(customer, dataClass)));
    }
}

/// <summary>What erasing and locking refuse.</summary>
public static class ErasureRefusals
{
    public static readonly Refusal HeldAlready = new(RefusalKind.Conflict, "legal-hold.placed-already",
        "A hold for this reason stands already.", "已有同一原因的证据保全。", Field: "reason");

    public static readonly Refusal LiftedAlready = new(RefusalKind.Conflict, "legal-hold.lifted-already", "This hold is lifted.", "该证据保全已解除。");

    public static Refusal LiftedByTwo(Role other) => new(RefusalKind.Forbidden, "legal-hold.lifted-by-two",
        $"A hold is lifted by two: the data officer and legal. A person with the role {other} in the customer's unit has to say so too.", $"解除保全须由数据负责人与法务两人共同确认，尚缺客户所属单位的：{other}。");

    public static readonly Refusal LiftedElsewhere = new(RefusalKind.Forbidden, "legal-hold.lifted-elsewhere",
        "A hold is lifted by the data officer and legal of the customer's unit. Ask one of them.", "解除保全须由客户所属单位的数据负责人与法务办理，请联系其中一人。");

    public static readonly Refusal Held = new(RefusalKind.Conflict, "legal-hold.stands",
        "A legal hold stands on this customer: nothing is erased until the data officer and legal lift it.", "该客户处于证据保全中，须由数据负责人与法务解除后方可删除。");

    public static readonly Refusal NotLocked = new(RefusalKind.Conflict, "data.not-locked",
        "Nothing of this customer is locked: use the ordinary page.", "该客户的数据未封存，请使用常规页面。");
}
