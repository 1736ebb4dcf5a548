using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Work;

/// <summary>
/// Open work orders by due date, a page at a time, and those confirmed last; of the cases the caller's units carry out, and of erasures without a
/// case, and corrections, in them.
/// </summary>
public sealed class ListWork(AppDb db, CaseDesk desk, StaffDirectory staff) : UseCase<ListWork.Request, ListWork.Page>(db)
{
    public const int PageSize = 50;
    public const int MaxDone = 50;

    /// <param name="After">Id of the last order of the page before.</param>
    public sealed record Request(Guid? After = null);

    /// <param name="CaseId">Null: it belongs to no case.</param>
    /// <param name="CustomerId">Ours of the customer of an order without a case.</param>
    /// <param name="Link">Where the caller sees that case or customer; null: they may not.</param>
    /// <param name="Parked">Why its system could not be asked; null: it was, or will be tried again.</param>
    public sealed record Row(
        Guid Id, string Task, string Words, Guid? CaseId, string? CaseNumber, long? CustomerId, string? Link, DateOnly DueOn, string? DoneBy, DateTimeOffset? DoneAt, string Zone, string? System = null, DateTimeOffset? SentAt = null,
        string? Failure = null, string? Parked = null, bool IsWaived = false, bool CanWaive = false)
    {
        /// <summary>The case's number; without a case ours of the customer.</summary>
        public string Number => CaseNumber ?? $"K-{CustomerId}";
    }

    /// <param name="Count">All that are open.</param>
    public sealed record Page(IReadOnlyList<Row> Open, int Count, Guid? Next, IReadOnlyList<Row> Done, DateOnly Today);

    public override Permission Needs => Permission.CarryOutWork;

    protected override async Task<Outcome<Page>> Handle(Call call, Request request, CancellationToken ct)
    {
        var all = await ListedWork.Of(Db, desk, call, ct);
        var open = all.Where(w => w.Order.DoneAt == null);
        var count = await open.CountAsync(ct);
        if (request.After is { } after && await Db.WorkOrders.AsNoTracking().Where(w => w.Id == after).Select(w => (DateOnly?)w.DueOn).SingleOrDefaultAsync(ct) is { } due)
            open = open.Where(w => w.Order.DueOn > due || (w.Order.DueOn == due && w.Order.Id.CompareTo(after) > 0));
        var first = await open.OrderBy(w => w.Order.DueOn).ThenBy(w => w.Order.Id).Take(PageSize + 1).ToListAsync(ct);
        var done = request.After is not null ? [] : await all.Where(w => w.Order.DoneAt != null).OrderByDescending(w => w.Order.DoneAt).ThenBy(w => w.CaseNumber).Take(MaxDone).ToListAsync(ct);
        var names = await staff.Names(done.Select(d => d.Order.DoneBy!), ct);
        var parked = await Parked(Db, [.. first.Select(w => w.Order)], ct);
        var waives = call.Actor.Allows(Permission.WaiveWork);
        var units = await VisibleUnits.Of(Db, call.Actor, Permission.ViewCustomers, ct);
        string? LinkOf(ListedWork line) =>
            line.Order.CaseId is { } exit ? $"/cases/{exit}" : line.UnitId is { } unit && units.Holds(unit) ? $"/customers/{line.Order.CustomerId}" : null;
        Row Line(ListedWork line)
        {
            var w = line.Order;
            return new(w.Id, w.Task, w.Words(Texts.In(call.Language)), w.CaseId, line.CaseNumber, w.CustomerId, LinkOf(line), w.DueOn, ByWhom(w.DoneBy, names), w.DoneAt, line.Zone ?? Clocks.CompanyZone, w.System, w.SentAt, w.Failure,
                parked.GetValueOrDefault(w.Id), w.IsWaived, waives && w.Step is not null);
        }
        var page = first.Take(PageSize).Select(Line).ToList();
        return new Page(page, count, first.Count > PageSize ? page[^1].Id : null, [.. done.Select(Line)], call.Today(Clocks.CompanyZone));
    }

    /// <summary>A person's name, or the system's.</summary>
    public static string? ByWhom(string? by, IReadOnlyDictionary<string, string> names) =>
        by is null ? null : by.StartsWith("system:", StringComparison.Ordinal) ? by["system:".Length..] : names.GetValueOrDefault(by);

    /// <summary>Of orders whose sending was given up: why.</summary>
    public static async Task<Dictionary<Guid, string>> Parked(AppDb db, IReadOnlyList<WorkOrder> orders, CancellationToken ct)
    {
        var keys = orders.Where(o => o is { System: not null, DoneAt: null }).ToDictionary(o => SendWork.KeyOf(o.Id), o => o.Id);
        if (keys.Count == 0)
            return [];
        var parked = await db.Effects.AsNoTracking().Where(e => keys.Keys.Contains(e.Key) && e.State == EffectState.Parked).Select(e => new { e.Key, e.Note }).ToListAsync(ct);
        return parked.ToDictionary(e => keys[e.Key], e => e.Note ?? "parked");
    }
}
