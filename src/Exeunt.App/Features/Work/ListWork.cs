using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Work;

/// <summary>Open work orders by due date, and those confirmed last; of the cases the caller's units carry out.</summary>
public sealed class ListWork(AppDb db, CaseDesk desk, StaffDirectory staff) : UseCase<ListWork.Request, ListWork.Page>(db)
{
    public const int MaxOpen = 100;
    public const int MaxDone = 50;

    public sealed record Request;

    public sealed record Row(Guid Id, string Task, string Words, Guid CaseId, string CaseNumber, DateOnly DueOn, string? DoneBy, DateTimeOffset? DoneAt, string Zone);

    /// <param name="Later">Open ones beyond those in <paramref name="Open"/>.</param>
    public sealed record Page(IReadOnlyList<Row> Open, int Later, IReadOnlyList<Row> Done, DateOnly Today);

    public override Permission Needs => Permission.CarryOutWork;

    protected override async Task<Outcome<Page>> Handle(Call call, Request request, CancellationToken ct)
    {
        var all = Db.WorkOrders.AsNoTracking().Join(desk.Visible(call, Needs), w => w.CaseId, c => c.Id,
            (w, c) => new { Order = w, c.Number, c.Zone });
        var open = all.Where(w => w.Order.DoneAt == null);
        var first = await open.OrderBy(w => w.Order.DueOn).ThenBy(w => w.Number).ThenBy(w => w.Order.Task).Take(MaxOpen).ToListAsync(ct);
        var done = await all.Where(w => w.Order.DoneAt != null).OrderByDescending(w => w.Order.DoneAt).ThenBy(w => w.Number).Take(MaxDone).ToListAsync(ct);
        var count = await open.CountAsync(ct);
        var names = await staff.Names(done.Select(d => d.Order.DoneBy!), ct);
        Row Line(WorkOrder w, string number, string? zone) =>
            new(w.Id, w.Task, w.Words(Texts.In(call.Language)), w.CaseId, number, w.DueOn, names.GetValueOrDefault(w.DoneBy ?? ""), w.DoneAt, zone ?? Clocks.CompanyZone);
        return new Page([.. first.Select(w => Line(w.Order, w.Number, w.Zone))], count - first.Count, [.. done.Select(w => Line(w.Order, w.Number, w.Zone))],
            call.Today(Clocks.CompanyZone));
    }
}
