using System.Globalization;
using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Staff;
using Exeunt.App.Features.Standards;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Classes;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Classes;

/// <summary>工作计划: what the plans of classes ask for customers, by due day, 50 a page; names masked.</summary>
public sealed class ListClassTasks(AppDb db, ClassBook book, ListingNames names, StaffDirectory staff) : UseCase<ListClassTasks.Request, ListClassTasks.View>(db)
{
    public const int PageSize = 50;

    /// <param name="Scheme">Only of this scheme.</param>
    /// <param name="Class">Only of this class of it.</param>
    /// <param name="Unit">Only customers of this unit and below.</param>
    /// <param name="Everybody">Also for customers whom others look after.</param>
    /// <param name="Until">Only what is due up to this day.</param>
    /// <param name="After">The last one of the page before, as the view says it.</param>
    public sealed record Request(string? Scheme = null, string? Class = null, int? Unit = null, bool Everybody = false, DateOnly? Until = null, string? After = null);

    public sealed record Line(Guid Id, string SchemeId, Words Scheme, string ClassCode, Words Class, Words What, Words When, long CustomerId, string Customer, string Unit, string? Owner, DateOnly DueOn, bool MayClose);

    public sealed record View(IReadOnlyList<Line> Lines, string? Next, IReadOnlyList<Scheme> Schemes, IReadOnlyList<ShowClasses.UnitChoice> Units, DateOnly Today);

    public override Permission Needs => Permission.ViewWatch;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        var visible = await VisibleUnits.Of(Db, call.Actor, Needs, ct);
        if (request.Unit is { } below && !visible.Holds(below))
            return CommonRefusals.NotFound;
        if (DateRange.Check(request.Until, "until") is { } never)
            return never;
        var tasks = Open(Db, visible.Ids(request.Unit));
        if (!request.Everybody)
            tasks = ForMe(tasks, call);
        if (request.Scheme is { Length: > 0 } scheme)
            tasks = tasks.Where(t => t.Task.SchemeId == scheme);
        if (request.Class is { Length: > 0 } code)
            tasks = tasks.Where(t => t.Task.Class == code);
        if (request.Until is { } until)
            tasks = tasks.Where(t => t.Task.DueOn <= until);
        if (Cursor(request.After) is var (on, id))
            tasks = tasks.Where(t => t.Task.DueOn > on || (t.Task.DueOn == on && t.Task.Id.CompareTo(id) > 0));
        var found = await tasks.OrderBy(t => t.Task.DueOn).ThenBy(t => t.Task.Id).Take(PageSize + 1).ToListAsync(ct);
        var shown = found.Take(PageSize).ToList();
        var schemes = await book.Of(shown.Select(t => (t.Task.SchemeId, t.Task.SchemeVersion)), ct);
        var customers = await names.Customers([.. shown.Select(t => t.Task.CustomerId).Distinct()], ct);
        var owners = await staff.Names(shown.Select(t => t.OwnerId).OfType<Guid>().Select(StaffDirectory.IdOf), ct);
        if (shown.Count > 0)
        {
            Db.Audit(call, "class-tasks.listed", "classes", new { shown = shown.Count, request.After });
            // A read keeps no answer under an idempotency key: it holds names.
            await Db.SaveChangesAsync(ct);
        }
        return new View(
            shown.ConvertAll(LineOf),
            found.Count > PageSize ? CursorOf(shown[^1].Task) : null, await book.InForce(call.Today(Clocks.CompanyZone), ct),
            [.. visible.InOrder.Select(u => new ShowClasses.UnitChoice(u.Id, u.Name(call.Language)))], call.Today(Clocks.CompanyZone));

        Line LineOf(OwnedTask t)
        {
            var s = schemes[(t.Task.SchemeId, t.Task.SchemeVersion)];
            var c = s.Class(t.Task.Class)!;
            var step = c.Step(t.Task.Step)!;
            return new(t.Task.Id, s.Id, s.Name, c.Code, c.Name, step.What, SchemeWords.When(step), t.Task.CustomerId, customers.GetValueOrDefault(t.Task.CustomerId, "—"), visible.Name(t.UnitId, call.Language),
                t.OwnerId is { } owner ? owners.GetValueOrDefault(StaffDirectory.IdOf(owner)) : null, t.Task.DueOn, call.Actor.Allows(Permission.DecideListings, visible.Path(t.UnitId)));
        }
    }

    internal sealed class OwnedTask
    {
        public required ClassTask Task { get; init; }
        public required int UnitId { get; init; }
        public required Guid? OwnerId { get; init; }
    }

    /// <summary>Open tasks for customers of some units who may be worked with.</summary>
    internal static IQueryable<OwnedTask> Open(AppDb db, List<int> units) =>
        db.ClassTasks.AsNoTracking().Where(t => t.State == ClassTaskState.Open)
            .Join(db.Customers.Judged().Where(c => units.Contains(c.UnitId)), t => t.CustomerId, c => c.Id, (t, c) => new OwnedTask { Task = t, UnitId = c.UnitId, OwnerId = c.OwnerId });

    /// <summary>Those for customers whom the caller looks after, or nobody does.</summary>
    internal static IQueryable<OwnedTask> ForMe(IQueryable<OwnedTask> tasks, Call call)
    {
        var me = StaffDirectory.GuidOf(call.Actor.Id);
        return tasks.Where(t => t.OwnerId == null || t.OwnerId == me);
    }

    private static string CursorOf(ClassTask task) => string.Create(CultureInfo.InvariantCulture, $"{task.DueOn:yyyy-MM-dd}_{task.Id:N}");

    private static (DateOnly On, Guid Id)? Cursor(string? text) =>
        text?.Split('_') is [var day, var id] && DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var on) && Guid.TryParseExact(id, "N", out var task) ? (on, task) : null;
}
