using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Erasure;

/// <summary>A legal hold as it is shown, with the names of those who placed and lift it.</summary>
public sealed record PlacedHold(
    Guid Id, long CustomerId, Guid? CaseId, LegalHoldReason Reason, string PlacedBy, DateTimeOffset PlacedAt, string? LiftAskedBy, Role? LiftAskedAs, string? LiftedBy, DateTimeOffset? LiftedAt)
{
    internal static async Task<List<PlacedHold>> Of(StaffDirectory staff, IReadOnlyList<LegalHold> holds, CancellationToken ct)
    {
        var names = await staff.Names(holds.SelectMany(h => new[] { h.PlacedBy, h.LiftAskedBy ?? "", h.LiftedBy ?? "" }), ct);
        string? Name(string? id) => id is null ? null : names.GetValueOrDefault(id) ?? "—";
        return [.. holds.Select(h => new PlacedHold(h.Id, h.CustomerId, h.CaseId, h.Reason, Name(h.PlacedBy)!, h.PlacedAt, Name(h.LiftAskedBy), h.LiftAskedAs, Name(h.LiftedBy), h.LiftedAt))];
    }
}

/// <summary>Legal holds on the customers of the caller's units: those that stand, or the lifted ones; newest first.</summary>
public sealed class ListLegalHolds(AppDb db, StaffDirectory staff) : UseCase<ListLegalHolds.Request, ListLegalHolds.Page>(db)
{
    public const int PageSize = 50;

    /// <param name="Number">Of the page, from 1.</param>
    public sealed record Request(bool Lifted = false, int Number = 1);

    /// <param name="Next">Number of the next page; null: this is the last.</param>
    /// <param name="Standing">How many stand in all.</param>
    public sealed record Page(IReadOnlyList<PlacedHold> Holds, int? Next, int Standing);

    public override Permission Needs => Permission.ViewProof;

    protected override async Task<Outcome<Page>> Handle(Call call, Request request, CancellationToken ct)
    {
        var units = (await VisibleUnits.Of(Db, call.Actor, Needs, ct)).Ids(null);
        var mine = Db.Set<LegalHold>().AsNoTracking().Where(h => Db.Customers.Any(c => c.Id == h.CustomerId && units.Contains(c.UnitId)));
        var number = Math.Clamp(request.Number, 1, 100_000);
        var holds = await mine.Where(h => h.LiftedAt != null == request.Lifted).OrderByDescending(h => h.PlacedAt).ThenBy(h => h.Id).Skip((number - 1) * PageSize).Take(PageSize + 1).ToListAsync(ct);
        return new Page(await PlacedHold.Of(staff, [.. holds.Take(PageSize)], ct), holds.Count > PageSize ? number + 1 : null, await mine.CountAsync(h => h.LiftedAt == null, ct));
    }
}

/// <summary>The legal holds on one customer, in the order in which they were placed; the look is recorded.</summary>
public sealed class ShowLegalHolds(AppDb db, CaseDesk desk, StaffDirectory staff) : UseCase<ShowLegalHolds.Request, IReadOnlyList<PlacedHold>>(db)
{
    public sealed record Request(long CustomerId);

    public override Permission Needs => Permission.HandleLegalHolds;

    protected override async Task<Outcome<IReadOnlyList<PlacedHold>>> Handle(Call call, Request request, CancellationToken ct) =>
        await new Held(null, request.CustomerId).Find(Db, desk, Needs, call, ct) is { } customer ? await Seen(customer, call, ct) : CommonRefusals.NotFound;

    private async Task<List<PlacedHold>> Seen(long customer, Call call, CancellationToken ct)
    {
        Db.Audit(call, "legal-hold.viewed", $"customer:{customer}");
        await Db.SaveChangesAsync(ct);
        return await Of(Db, staff, customer, ct);
    }

    internal static async Task<List<PlacedHold>> Of(AppDb db, StaffDirectory staff, long customer, CancellationToken ct) =>
        await PlacedHold.Of(staff, await db.Set<LegalHold>().AsNoTracking().Where(h => h.CustomerId == customer).OrderBy(h => h.PlacedAt).ThenBy(h => h.Id).Take(100).ToListAsync(ct), ct);
}
