using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Classes;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Classes;

/// <summary>A customer's class in each scheme, how it came to it, and what the plans ask.</summary>
public sealed class ShowCustomerClasses(AppDb db, ClassBook book) : UseCase<long, ShowCustomerClasses.View>(db)
{
    /// <param name="From">Null: in none before.</param>
    /// <param name="To">Null: in none any more.</param>
    public sealed record Change(DateOnly On, Words? From, Words? To);

    public sealed record TaskLine(Guid Id, Words What, Words When, DateOnly DueOn);

    /// <param name="Class">Null: in none.</param>
    /// <param name="History">Newest first, at most 20.</param>
    public sealed record Line(string SchemeId, Words Scheme, string? ClassCode, Words? Class, Words? Strategy, DateOnly? Since, IReadOnlyList<Change> History, IReadOnlyList<TaskLine> Tasks);

    public sealed record View(IReadOnlyList<Line> Lines, bool MayClose, DateOnly Today);

    public override Permission Needs => Permission.ViewCustomers;

    protected override async Task<Outcome<View>> Handle(Call call, long id, CancellationToken ct)
    {
        var units = await VisibleUnits.Of(Db, call.Actor, Needs, ct);
        var customer = await Db.Customers.AsNoTracking().Where(c => c.Id == id).Select(c => new { c.UnitId, MayBeJudged = c.RestrictedAt == null && c.ObjectedAt == null && c.ErasedAt == null }).SingleOrDefaultAsync(ct);
        if (customer is null || !units.Holds(customer.UnitId))
            return CommonRefusals.NotFound;
        var today = call.Today(Clocks.CompanyZone);
        // Whose data is only stored is not judged by it.
        var schemes = customer.MayBeJudged ? await book.InForce(today, ct) : [];
        if (schemes.Count == 0)
            return new View([], false, today);
        var members = await Db.ClassMembers.AsNoTracking().Where(m => m.CustomerId == id).ToDictionaryAsync(m => m.SchemeId, ct);
        var changes = await Db.ClassChanges.AsNoTracking().Where(c => c.CustomerId == id).OrderByDescending(c => c.On).Take(200).ToListAsync(ct);
        var tasks = await Db.ClassTasks.AsNoTracking().Where(t => t.CustomerId == id && t.State == ClassTaskState.Open).OrderBy(t => t.DueOn).ThenBy(t => t.Id).ToListAsync(ct);
        var versions = await book.Of(tasks.Select(t => (t.SchemeId, t.SchemeVersion)), ct);
        return new View(
            [.. schemes.Select(s =>
            {
                var member = members.GetValueOrDefault(s.Id);
                var now = s.Class(member?.Class);
                Words? Name(string? code) => code is null ? null : s.Class(code)?.Name ?? new(code, code);
                return new Line(s.Id, s.Name, member?.Class, Name(member?.Class), now?.Strategy, member?.Since,
                    [.. changes.Where(c => c.SchemeId == s.Id).Take(20).Select(c => new Change(c.On, Name(c.From), Name(c.To)))],
                    [.. tasks.Where(t => t.SchemeId == s.Id).Select(t => (Task: t, Step: versions[(t.SchemeId, t.SchemeVersion)].Class(t.Class)!.Step(t.Step)!)).Select(t => new TaskLine(t.Task.Id, t.Step.What, SchemeWords.When(t.Step), t.Task.DueOn))]);
            })],
            call.Actor.Allows(Permission.DecideListings, units.Path(customer.UnitId)), today);
    }
}
