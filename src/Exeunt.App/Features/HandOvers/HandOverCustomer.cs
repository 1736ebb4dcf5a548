using Exeunt.App.Data;
using Exeunt.App.Features.Notifications;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.HandOvers;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.HandOvers;

/// <summary>Gives one customer to another owner, now or from a day on, with what is open (客户交接).</summary>
public sealed class HandOverCustomer(AppDb db, HandOverDesk desk) : UseCase<HandOverCustomer.Request, HandOverCustomer.Result>(db)
{
    public const int MaxDaysAhead = 365;

    /// <param name="From">First day of the new owner in the company's zone; null: today.</param>
    /// <param name="Words">Needed where the reason is "other".</param>
    /// <param name="Version">The customer's version that was looked at; null: whatever it is.</param>
    public sealed record Request(long CustomerId, Guid? To, HandOverReason? Reason, DateOnly? From = null, string? Words = null, int? Version = null);

    /// <param name="Kept">Cases that stay with the owner before, and why; empty for a later day, on which it is decided.</param>
    public sealed record Result(Guid Id, OwnerChangeState State, int CasesMoved, IReadOnlyList<HandOverDesk.Kept> Kept);

    public override Permission Needs => Permission.HandOverCustomers;

    protected override async Task<Outcome<Result>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CustomerId, call, Needs, ct) is not { } found)
            return CommonRefusals.NotFound;
        var (customer, path) = found;
        if ((request.Version ?? call.ExpectedVersion) is { } seen && seen != customer.Version)
            return CommonRefusals.ChangedMeanwhile;
        if (request.Reason is not { } reason || !Enum.IsDefined(reason) || reason == HandOverReason.GivenUp)
            return CommonRefusals.Required("reason");
        if (request.To is not { } to || to == Guid.Empty)
            return CommonRefusals.Required("to");
        if ((reason == HandOverReason.Other || request.Words is { Length: > 0 }) && CommonRefusals.Unfit("words", request.Words, OwnerChange.MaxWords, out var unfit))
            return unfit;
        var today = call.Today(Clocks.CompanyZone);
        var from = request.From ?? today;
        if (from < today || from > today.AddDays(MaxDaysAhead))
            return HandOverRefusals.From;
        if (customer.ErasedAt is not null)
            return GivingUpCheck.Erased;
        if (customer.OwnerId == to)
            return HandOverRefusals.SameOwner;
        if (await desk.CannotOwn(to, path, ct) is { } no)
            return no;
        if (await Db.OwnerChanges.AsNoTracking().AnyAsync(c => c.CustomerId == customer.Id && c.State == OwnerChangeState.Planned, ct))
            return HandOverRefusals.PlannedAlready;
        if (await Db.GivingUps.AsNoTracking().AnyAsync(g => g.CustomerId == customer.Id && (g.State == GivingUpState.Asked || g.State == GivingUpState.Approved), ct))
            return HandOverRefusals.GivingUpOpen;
        var change = new OwnerChange
        {
            Id = Guid.CreateVersion7(call.Now), CustomerId = customer.Id, FromOwner = customer.OwnerId, ToOwner = to, FromOn = from, Reason = customer.GivenUpOn is null ? reason : HandOverReason.TakenUp,
            TextId = await desk.StageText(customer.Id, DataClass.Profile, "hand-over", request.Words, ct), DecidedBy = call.Actor.Id, DecidedAt = call.Now,
        };
        Db.OwnerChanges.Add(change);
        if (from > today)
        {
            Db.Enqueue(Effect.At(Clocks.StartOf(from, Clocks.CompanyZone), HandOverDue.Kind, $"hand-over|{change.Id:N}", new HandOverDue.Which(change.Id)));
            Db.Audit(call, "customer.hand-over-planned", $"customer:{customer.Id}", new { change = change.Id, change.ToOwner, from });
            return await Commit(new Result(change.Id, change.State, 0, []), ct);
        }
        var kept = await desk.Move([(customer, change)], call, ct);
        HandOverDue.Tell(desk, change, call);
        return await Commit(new Result(change.Id, change.State, change.CasesMoved, kept), ct);
    }
}

/// <summary>Effect "hand-over.due": a hand-over that was decided for a later day. What forbids it by then is recorded, and told to whoever decided it.</summary>
public sealed class HandOverDue(AppDb db, HandOverDesk desk) : IEffect
{
    public const string Kind = "hand-over.due";

    public sealed record Which(Guid Change);

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var id = effect.Read<Which>().Change;
        var change = await db.OwnerChanges.SingleAsync(c => c.Id == id, ct);
        if (change.State != OwnerChangeState.Planned)
            return EffectResult.Done;
        var (customer, path) = (await desk.Find(change.CustomerId, call, Permission.System, ct))!.Value;
        // The person who decided it stands behind it, as if they had waited until today.
        var decided = call with { Actor = new Actor(ActorKind.Staff, change.DecidedBy, []) };
        var no = customer.ErasedAt is not null ? GivingUpCheck.Erased
            : customer.OwnerId != change.FromOwner ? CommonRefusals.ChangedMeanwhile
            : await desk.CannotOwn(change.ToOwner!.Value, path, ct);
        if (no is not null)
        {
            (change.State, change.Code, change.Version) = (OwnerChangeState.Refused, no.Code, change.Version + 1);
            db.Audit(call, "customer.hand-over-refused", $"customer:{customer.Id}", new { change = change.Id, no.Code });
            desk.Tell(StaffDirectory.GuidOf(change.DecidedBy), NotificationKind.CustomerDecided, $"{customer.Id}", $"/customers/{customer.Id}/hand-over", $"{change.Id:N}", call);
            return EffectResult.Done;
        }
        await desk.Move([(customer, change)], decided, ct);
        Tell(desk, change, decided);
        return EffectResult.Done;
    }

    internal static void Tell(HandOverDesk desk, OwnerChange change, Call call)
    {
        desk.Tell(change.ToOwner, NotificationKind.CustomersReceived, $"{change.CustomerId}", $"/customers/{change.CustomerId}", $"{change.Id:N}", call);
        desk.Tell(change.FromOwner, NotificationKind.CustomersGiven, $"{change.CustomerId}", $"/customers/{change.CustomerId}", $"{change.Id:N}", call);
    }
}

/// <summary>Takes back a hand-over whose day has not come.</summary>
public sealed class CancelHandOver(AppDb db, HandOverDesk desk) : UseCase<CancelHandOver.Request, Done>(db)
{
    public sealed record Request(long CustomerId, Guid Id);

    public override Permission Needs => Permission.HandOverCustomers;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CustomerId, call, Needs, ct) is not { } found
            || await Db.OwnerChanges.SingleOrDefaultAsync(c => c.Id == request.Id && c.CustomerId == found.Customer.Id, ct) is not { } change)
            return CommonRefusals.NotFound;
        if (change.State != OwnerChangeState.Planned)
            return HandOverRefusals.NotPlanned;
        (change.State, change.Version) = (OwnerChangeState.Cancelled, change.Version + 1);
        Db.Audit(call, "customer.hand-over-cancelled", $"customer:{found.Customer.Id}", new { change = change.Id });
        return await Commit(Done.It, ct);
    }
}
