using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.HandOvers;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.HandOvers;

/// <summary>One line of the history of who looked after a customer.</summary>
/// <param name="From">Name of the owner before; null: nobody.</param>
/// <param name="To">Name of the owner from then on; null: nobody.</param>
/// <param name="Words">Why, in own words; null: none, or erased.</param>
public sealed record OwnerLine(
    Guid Id, string? From, string? To, DateOnly FromOn, HandOverReason Reason, OwnerChangeState State, string? By, DateTimeOffset DecidedAt, string? Words, int CasesMoved, int CasesKept, string? Code, Guid? PlanId);

/// <summary>Who looked after a customer, from when, why, and who decided it; newest first.</summary>
public sealed class ListOwners(AppDb db, HandOverDesk desk, StaffDirectory staff) : UseCase<ListOwners.Request, ListOwners.View>(db)
{
    private const int Max = 100;

    public sealed record Request(long CustomerId);

    /// <param name="GivenUpOn">First day without an owner after the management was given up.</param>
    /// <param name="OwnerLeftOn">Last day of an owner who left within the past twelve months.</param>
    public sealed record View(long CustomerId, IReadOnlyList<OwnerLine> Lines, DateOnly? GivenUpOn, DateOnly? OwnerLeftOn, bool MayHandOver);

    public override Permission Needs => Permission.ViewCustomers;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CustomerId, call, Needs, ct) is not { } found)
            return CommonRefusals.NotFound;
        var view = new View(found.Customer.Id, await Of(found.Customer.Id, ct), found.Customer.GivenUpOn, await OwnerLeft.Before(Db, found.Customer.Id, call.Today(Clocks.CompanyZone), ct),
            call.Actor.Allows(Permission.HandOverCustomers, found.Path));
        Db.Audit(call, "customer.owners-viewed", $"customer:{found.Customer.Id}");
        await Db.SaveChangesAsync(ct);
        return view;
    }

    internal async Task<IReadOnlyList<OwnerLine>> Of(long customerId, CancellationToken ct)
    {
        var rows = await Db.OwnerChanges.AsNoTracking().Where(c => c.CustomerId == customerId).OrderByDescending(c => c.DecidedAt).ThenByDescending(c => c.Id).Take(Max).ToListAsync(ct);
        var names = await staff.Names(rows.SelectMany(r => new[] { r.FromOwner, r.ToOwner }).OfType<Guid>().Select(StaffDirectory.IdOf).Concat(rows.Select(r => r.DecidedBy)), ct);
        var words = await desk.Texts(rows.Select(r => r.TextId), ct);
        string? Name(Guid? id) => id is { } who ? names.GetValueOrDefault(StaffDirectory.IdOf(who)) ?? "—" : null;
        return [.. rows.Select(r => new OwnerLine(r.Id, Name(r.FromOwner), Name(r.ToOwner), r.FromOn, r.Reason, r.State, names.GetValueOrDefault(r.DecidedBy), r.DecidedAt,
            r.TextId is { } text ? words.GetValueOrDefault(text) : null, r.CasesMoved, r.CasesKept, r.Code, r.PlanId))];
    }
}

/// <summary>Customers who leave within twelve months after their owner left (员工跳槽).</summary>
internal static class OwnerLeft
{
    public const int Months = 12;

    /// <summary>Last day of an owner who left within twelve months before a day (included); the latest; null: nobody did.</summary>
    public static async Task<DateOnly?> Before(AppDb db, long customerId, DateOnly on, CancellationToken ct)
    {
        var since = on.AddMonths(-Months);
        var from = await db.OwnerChanges.AsNoTracking()
            .Where(c => c.CustomerId == customerId && c.State == OwnerChangeState.Done && c.Reason == HandOverReason.Departure && c.FromOwner != null && c.FromOn > since && c.FromOn <= on)
            .MaxAsync(c => (DateOnly?)c.FromOn, ct);
        return from?.AddDays(-1);
    }
}

/// <summary>What passes over with one customer, shown before it does; with whom it could go to.</summary>
public sealed class ShowHandOver(AppDb db, HandOverDesk desk, PassingOver passing, ListOwners owners, StaffDirectory staff) : UseCase<ShowHandOver.Request, ShowHandOver.View>(db)
{
    public sealed record Request(long CustomerId);

    /// <param name="Name">Masked, unless an organisation's.</param>
    /// <param name="Owner">Name of the present owner.</param>
    /// <param name="Open">What forbids to give the customer up without a successor; empty: nothing.</param>
    public sealed record View(
        long CustomerId, string Name, int Version, Guid? OwnerId, string? Owner, CustomerTier Tier, string Language, bool IsErased, DateOnly? GivenUpOn, DateOnly Today, IReadOnlyList<PassingLine> Lines, IReadOnlyList<PassingTotal> Totals,
        IReadOnlyList<StaffDirectory.Holder> Candidates, IReadOnlyList<OwnerLine> History, Guid? GivingUpId, IReadOnlyList<Refusal> Open);

    public override Permission Needs => Permission.HandOverCustomers;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CustomerId, call, Needs, ct) is not { } found)
            return CommonRefusals.NotFound;
        var customer = found.Customer;
        var today = call.Today(Clocks.CompanyZone);
        var one = Db.Customers.AsNoTracking().Where(c => c.Id == customer.Id);
        var name = (await desk.Names([customer], ct))[customer.Id];
        var owner = customer.OwnerId is { } id ? (await staff.Names([StaffDirectory.IdOf(id)], ct)).Values.FirstOrDefault() ?? "—" : null;
        var giving = await Db.GivingUps.AsNoTracking().Where(g => g.CustomerId == customer.Id && (g.State == GivingUpState.Asked || g.State == GivingUpState.Approved || g.State == GivingUpState.Returned))
            .OrderByDescending(g => g.AskedAt).Select(g => (Guid?)g.Id).FirstOrDefaultAsync(ct);
        var view = new View(customer.Id, name, customer.Version, customer.OwnerId, owner, customer.Tier, customer.Language, customer.ErasedAt is not null, customer.GivenUpOn, today,
            await passing.Lines(one, call.Language, today, ct), await passing.Totals(one, today, ct),
            [.. (await staff.Holders(Permission.HandleCases, found.Path, ct)).Where(h => h.Id != customer.OwnerId)], await owners.Of(customer.Id, ct), giving,
            await OpenCases.Check(Db, customer, hasSuccessor: false, today, ct));
        Db.Audit(call, "customer.hand-over-viewed", $"customer:{customer.Id}");
        await Db.SaveChangesAsync(ct);
        return view;
    }
}

/// <summary>The open cases of a customer as far as they forbid to give the customer up.</summary>
internal static class OpenCases
{
    public static async Task<IReadOnlyList<Refusal>> Check(AppDb db, Customer customer, bool hasSuccessor, DateOnly today, CancellationToken ct)
    {
        var owner = customer.OwnerId is { } id ? StaffDirectory.IdOf(id) : null;
        var open = await db.Cases.AsNoTracking().Where(c => c.CustomerId == customer.Id && c.State != Core.Cases.CaseState.Closed).OrderBy(c => c.Number).Take(200).ToListAsync(ct);
        return GivingUpCheck.Of(hasSuccessor, customer.ErasedAt is not null,
            [.. open.Select(c => new OpenCase(c.Number, c.IsDisputed, c.OpenAppealId is not null || c.ObjectionOpen,
                new[] { c.ObjectUntil, c.CureUntil, c.EffectiveOn }.Where(d => d >= today).Max(), c.AssignedTo is { } who && who != owner))], today);
    }
}
