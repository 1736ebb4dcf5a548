using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Feedback;
using Exeunt.App.Features.Notifications;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Feedback;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.HandOvers;

/// <summary>Carries hand-overs out: the customer's owner, their open cases and complaints, planned visits, the record, who is told. The caller saves.</summary>
public sealed class HandOverDesk(AppDb db, Vault vault, CaseDesk desk, FeedbackDesk feedback, StaffDirectory staff, Erasure.Locks locks)
{
    /// <summary>A customer of a unit for which the caller holds the permission, tracked, with the unit's path; null: there is none for them.</summary>
    public async Task<(Customer Customer, string Path)?> Find(long id, Call call, Permission permission, CancellationToken ct)
    {
        var found = await db.Customers.Where(c => c.Id == id).Join(db.Units, c => c.UnitId, u => u.Id, (c, u) => new { Customer = c, u.Path }).SingleOrDefaultAsync(ct);
        return found is null || !call.Actor.Allows(permission, found.Path) ? null : (found.Customer, found.Path);
    }

    /// <summary>Why somebody cannot look after customers of the unit with this path; null: they can. A disabled person has no roles and cannot.</summary>
    public async Task<Refusal?> CannotOwn(Guid person, string unitPath, CancellationToken ct) =>
        (await staff.ActorOf(person, ct)).Allows(Permission.HandleCases, unitPath) ? null : HandOverRefusals.NotAnOwner;

    /// <summary>A case or complaint that stayed with the owner before, and why: "case.not-a-handler", "hand-over.took-part".</summary>
    public sealed record Kept(string Number, string Code);

    /// <summary>Customers that pass over now; each with the row that records it.</summary>
    public async Task<IReadOnlyList<Kept>> Move(IReadOnlyList<(Customer Customer, OwnerChange Change)> moves, Call call, CancellationToken ct)
    {
        var kept = new List<Kept>();
        var froms = moves.Select(m => m.Customer.OwnerId).OfType<Guid>().Distinct().Select(StaffDirectory.IdOf).ToList();
        var ids = moves.Select(m => m.Customer.Id).ToList();
        var paths = await db.Units.AsNoTracking().ToDictionaryAsync(u => u.Id, u => u.Path, ct);
        var people = new Dictionary<Guid, Actor>();
        foreach (var to in moves.Select(m => m.Change.ToOwner).OfType<Guid>().Distinct())
            people[to] = await staff.ActorOf(to, ct);
        var caseIds = await db.Cases.AsNoTracking().Where(c => c.CustomerId != null && ids.Contains(c.CustomerId.Value) && c.State != CaseState.Closed && c.AssignedTo != null && froms.Contains(c.AssignedTo))
            .Select(c => c.Id).ToListAsync(ct);
        var cases = (caseIds.Count == 0 ? [] : await desk.FindAll(caseIds, call, ct)).ToLookup(c => c.CustomerId!.Value);
        var items = (await db.Feedback.Where(f => f.CustomerId != null && ids.Contains(f.CustomerId.Value) && f.State != FeedbackState.Closed && f.State != FeedbackState.Answered && f.AssignedTo != null && froms.Contains(f.AssignedTo)).ToListAsync(ct))
            .ToLookup(f => f.CustomerId!.Value);
        var visits = (await db.PlanItems.Where(i => ids.Contains(i.CustomerId) && i.State == PlanItemState.Moved && i.Visit == VisitState.Planned).ToListAsync(ct)).ToLookup(i => i.CustomerId);
        foreach (var (customer, change) in moves)
        {
            change.FromOwner = customer.OwnerId;
            var from = customer.OwnerId is { } owner ? StaffDirectory.IdOf(owner) : null;
            if (change.ToOwner is { } to && from is not null)
            {
                foreach (var exit in cases[customer.Id].Where(c => c.AssignedTo == from))
                    if (WhyStays(exit, people[to], exit.UnitId is { } unit ? paths[unit] : null) is { } code)
                    {
                        kept.Add(new(exit.Number, code));
                        change.CasesKept++;
                    }
                    else
                    {
                        exit.Assign(people[to].Id);
                        desk.Stage(exit, call);
                        change.CasesMoved++;
                    }
                foreach (var item in items[customer.Id].Where(f => f.AssignedTo == from))
                    if ((people[to].Allows(Permission.HandleFeedback, item.UnitId is { } place ? paths[place] : paths[customer.UnitId]) ? await AssignFeedback.Give(people[to].Id, item, feedback, call, ct) : HandOverRefusals.NotAnOwner) is { } no)
                        kept.Add(new(item.Number, no.Code));
                foreach (var item in visits[customer.Id].Where(i => i.Successor == customer.OwnerId))
                    (item.Successor, item.Version) = (to, item.Version + 1);
            }
            (customer.OwnerId, customer.GivenUpOn) = (change.ToOwner, change.ToOwner is null ? change.FromOn : null);
            customer.Version++;
            (change.State, change.DoneAt) = (OwnerChangeState.Done, call.Now);
            change.Version++;
            db.Audit(call, "customer.handed-over", $"customer:{customer.Id}", new { change = change.Id, change.FromOwner, change.ToOwner, change.FromOn, change.Reason, change.CasesMoved, change.CasesKept });
        }
        return kept;
    }

    /// <summary>
    /// Why a case does not go along: the new owner may not handle cases of its unit, or took part in what was decided in it and would
    /// then stand on both sides. Code of the reason; null: it goes along.
    /// </summary>
    private static string? WhyStays(ExitCase exit, Actor to, string? unitPath) =>
        !AssignCase.CanHave(to, unitPath) ? AssignCase.NotAHandler.Code
        : exit.Deciders.Split(' ', StringSplitOptions.RemoveEmptyEntries).Contains(to.Id) ? TookPart
        : null;

    public const string TookPart = "hand-over.took-part";

    /// <summary>Tells somebody something about a customer; nobody is told what they did themselves.</summary>
    public void Tell(Guid? person, NotificationKind kind, string number, string path, string cause, Call call)
    {
        if (person is not { } id || StaffDirectory.IdOf(id) is var to && to == call.Actor.Id)
            return;
        var told = new Notification { To = StaffDirectory.IdOf(id), Kind = kind, Path = path, Number = number, By = call.Actor.Id, At = call.Now };
        db.Notifications.Add(told);
        db.Enqueue(MailNotification.Of(told, cause, call));
    }

    /// <summary>Stages a text about a customer, sealed under the customer's key; null when there are no words.</summary>
    public async Task<Guid?> StageText(long customerId, DataClass dataClass, string kind, string? words, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(words))
            return null;
        var id = Guid.CreateVersion7();
        db.Texts.Add(new PersonalText
        {
            Id = id, Subject = customerId, Class = dataClass, Kind = kind, Data = await vault.Seal(customerId, dataClass, PersonalText.Place, id.ToString("N"), words.Trim(), ct),
        });
        return id;
    }

    /// <summary>Texts by id; erased and locked ones are left out.</summary>
    public Task<Dictionary<Guid, string>> Texts(IEnumerable<Guid?> ids, CancellationToken ct) => CustomerWords.Shown(ids, db, vault, locks, ct);

    /// <summary>A customer's name for the console: an organisation's, else masked.</summary>
    public async Task<Dictionary<long, string>> Names(IReadOnlyCollection<Customer> customers, CancellationToken ct)
    {
        var locked = await locks.Of([.. customers.Where(c => c.ErasedAt is not null).Select(c => c.Id)], ct);
        var open = await vault.OpenAll<CustomerIdentity>(DataClass.Case, CustomerTable.IdentityPlace, [.. customers.Where(c => c.OrganisationName is null && c.Identity is not null && !locked.ContainsKey(c.Id)).Select(c => (c.Id, c.Row, c.Identity!))], ct);
        return customers.ToDictionary(c => c.Id, c => (locked.ContainsKey(c.Id) ? null : c.OrganisationName) ?? Mask.Name(open.GetValueOrDefault(c.Id)?.Name));
    }
}

/// <summary>
/// What somebody who looked after a customer before may still see in clear. Masked, the file is seen by everybody of the unit; names and
/// addresses in clear are not for a former owner any more, unless they have an open case of the customer, or hold a role above
/// that of an agent or account manager for which it is needed.
/// </summary>
public sealed class FormerOwners(AppDb db)
{
    /// <summary>Why the actor may not see the customer's data in clear; null: nothing of that kind.</summary>
    public async Task<Refusal?> WhyNot(long customerId, string unitPath, Actor actor, CancellationToken ct)
    {
        if (StaffDirectory.GuidOf(actor.Id) is not { } me
            || actor.Roles.Any(r => r.Role is not (Role.Agent or Role.AccountManager) && Permissions.RolesWith(Permission.RevealPersonalData).Contains(r.Role) && unitPath.StartsWith(r.UnitPath, StringComparison.Ordinal)))
            return null;
        return await db.OwnerChanges.AsNoTracking().AnyAsync(c => c.CustomerId == customerId && c.FromOwner == me && c.State == OwnerChangeState.Done
                && !db.Customers.Any(o => o.Id == customerId && o.OwnerId == me)
                && !db.Cases.Any(x => x.CustomerId == customerId && x.AssignedTo == actor.Id && x.State != CaseState.Closed), ct)
            ? HandOverRefusals.NotYoursAnyMore : null;
    }
}
