using System.Globalization;
using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.HandOvers;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.HandOvers;

/// <summary>
/// Effect "portfolio.run": the next customers of a plan pass over, all of them with their cases, records and the effect's own end in one
/// transaction. Only customers that still wait are taken: after a stop in between, the same part is done again from the start and nobody
/// passes over twice. It acts as whoever started the plan, with the roles they have now.
/// </summary>
public sealed class RunPlan(AppDb db, HandOverDesk desk, StaffDirectory staff) : IEffect
{
    public const string Kind = "portfolio.run";

    /// <summary>Customers of one effect.</summary>
    public const int Customers = 50;

    public sealed record Part(Guid Plan);

    public static Effect Next(Guid plan, int position, Call call) =>
        Effect.Now(Kind, string.Create(CultureInfo.InvariantCulture, $"portfolio|{plan:N}|{position}"), call, new Part(plan));

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var id = effect.Read<Part>().Plan;
        var plan = await db.PortfolioPlans.SingleAsync(p => p.Id == id, ct);
        if (plan.Stage != PlanStage.Running)
            return EffectResult.Done;
        var items = await db.PlanItems.Where(i => i.PlanId == id && i.State == PlanItemState.Waiting).OrderBy(i => i.Position).Take(Customers).ToListAsync(ct);
        var ids = items.ConvertAll(i => i.CustomerId);
        var customers = await db.Customers.Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, ct);
        var planned = (await db.OwnerChanges.AsNoTracking().Where(c => ids.Contains(c.CustomerId) && c.State == OwnerChangeState.Planned).Select(c => c.CustomerId).ToListAsync(ct)).ToHashSet();
        var giving = (await db.GivingUps.AsNoTracking().Where(g => ids.Contains(g.CustomerId) && (g.State == GivingUpState.Asked || g.State == GivingUpState.Approved)).Select(g => g.CustomerId).ToListAsync(ct)).ToHashSet();
        var paths = await db.Units.AsNoTracking().ToDictionaryAsync(u => u.Id, u => u.Path, ct);
        var people = new Dictionary<Guid, Actor>();
        foreach (var person in items.Select(i => i.Successor).OfType<Guid>().Distinct())
            people[person] = await staff.ActorOf(person, ct);
        var starter = await staff.ActorOf(StaffDirectory.GuidOf(plan.StartedBy!)!.Value, ct);
        // Started after its day, it begins today.
        var from = call.Today(Clocks.CompanyZone) is var today && plan.FromOn < today ? today : plan.FromOn;
        var moves = new List<(Features.Customers.Customer, OwnerChange)>();
        foreach (var item in items)
        {
            var customer = customers.GetValueOrDefault(item.CustomerId);
            item.Version++;
            item.Code = customer is null ? CommonRefusals.NotFound.Code
                : customer.ErasedAt is not null ? GivingUpCheck.Erased.Code
                : customer.OwnerId != plan.OwnerId ? NotTheirs
                : planned.Contains(customer.Id) ? HandOverRefusals.PlannedAlready.Code
                : giving.Contains(customer.Id) ? HandOverRefusals.GivingUpOpen.Code
                : !starter.Allows(Permission.HandOverCustomers, paths[customer.UnitId]) ? "not-allowed"
                : !people[item.Successor!.Value].Allows(Permission.HandleCases, paths[customer.UnitId]) ? HandOverRefusals.NotAnOwner.Code
                : null;
            if (item.Code is not null)
            {
                // No letter and no visit for whoever did not pass over.
                (item.State, item.Letter, item.Visit) = (PlanItemState.Left, LetterState.None, VisitState.None);
                continue;
            }
            item.State = PlanItemState.Moved;
            var change = new OwnerChange
            {
                Id = Guid.CreateVersion7(call.Now), CustomerId = item.CustomerId, ToOwner = item.Successor, FromOn = from, Reason = plan.Reason, DecidedBy = plan.StartedBy!, DecidedAt = call.Now, PlanId = plan.Id,
            };
            db.OwnerChanges.Add(change);
            moves.Add((customer!, change));
            db.Enqueue(Effect.Now(SendHandOverLetter.Kind, string.Create(CultureInfo.InvariantCulture, $"letter|{plan.Id:N}|{item.Position}"), call, new SendHandOverLetter.Which(null, plan.Id, item.Position, plan.OwnerId)));
        }
        if (moves.Count > 0)
            await desk.Move(moves, call with { Actor = starter }, ct);
        plan.Moved += moves.Count;
        plan.Left += items.Count - moves.Count;
        plan.Version++;
        if (plan.Moved + plan.Left < plan.Total)
            db.Enqueue(Next(id, plan.Moved + plan.Left + 1, call));
        else
            plan.Stage = PlanStage.Moved;
        db.Audit(call, plan.Stage == PlanStage.Moved ? "portfolio.moved" : "portfolio.moving", $"plan:{id:N}", new { plan.Moved, plan.Left, plan.Total });
        return EffectResult.Done;
    }

    /// <summary>Somebody else looks after the customer by now.</summary>
    public const string NotTheirs = "portfolio.not-theirs-any-more";
}
