using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Standards;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Classes;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Classes;

/// <summary>How the customers of the units that the caller may watch spread over the classes of the schemes in force.</summary>
public sealed class ShowClasses(AppDb db, ClassBook book) : UseCase<ShowClasses.Request, ShowClasses.View>(db)
{
    /// <param name="Scheme">Only this one; null: all in force.</param>
    /// <param name="Unit">Only customers of this unit and those below it.</param>
    public sealed record Request(string? Scheme = null, int? Unit = null);

    public sealed record UnitChoice(int Id, string Name);

    /// <param name="OpenTasks">Of its plan.</param>
    public sealed record Part(string Code, Words Name, int Customers, int OpenTasks);

    /// <param name="None">Customers in no class: what the scheme needs is not known of them, or they were not evaluated yet.</param>
    public sealed record Spread(string Id, int Version, Words Name, SchemeKind Kind, IReadOnlyList<Part> Classes, int None);

    /// <param name="Customers">Customers who may be classified.</param>
    /// <param name="EvaluatedOn">The business date of the last evaluation; null: there was none.</param>
    public sealed record View(int Customers, DateOnly? EvaluatedOn, IReadOnlyList<Spread> Schemes, IReadOnlyList<UnitChoice> Units);

    public override Permission Needs => Permission.ViewWatch;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        var visible = await VisibleUnits.Of(Db, call.Actor, Needs, ct);
        if (request.Unit is { } below && !visible.Holds(below))
            return CommonRefusals.NotFound;
        var schemes = (await book.InForce(call.Today(Clocks.CompanyZone), ct)).Where(s => request.Scheme is null || s.Id == request.Scheme).ToList();
        if (request.Scheme is not null && schemes.Count == 0)
            return CommonRefusals.NotFound;
        var units = visible.Ids(request.Unit);
        var keys = schemes.ConvertAll(s => s.Id);
        var customers = Db.Customers.AsNoTracking().Judged().Where(c => units.Contains(c.UnitId));
        var counts = await Db.ClassMembers.AsNoTracking().Where(m => keys.Contains(m.SchemeId)).Join(customers, m => m.CustomerId, c => c.Id, (m, _) => new { m.SchemeId, m.Class })
            .GroupBy(m => new { m.SchemeId, m.Class }).Select(g => new { g.Key.SchemeId, g.Key.Class, Count = g.Count() }).ToListAsync(ct);
        var tasks = await Db.ClassTasks.AsNoTracking().Where(t => t.State == ClassTaskState.Open && keys.Contains(t.SchemeId)).Join(customers, t => t.CustomerId, c => c.Id, (t, _) => new { t.SchemeId, t.Class })
            .GroupBy(t => new { t.SchemeId, t.Class }).Select(g => new { g.Key.SchemeId, g.Key.Class, Count = g.Count() }).ToListAsync(ct);
        var all = await customers.CountAsync(ct);
        return new View(all, await Db.StandardRuns.AsNoTracking().OrderByDescending(r => r.At).Select(r => (DateOnly?)r.On).FirstOrDefaultAsync(ct),
            [.. schemes.Select(s => new Spread(s.Id, s.Version, s.Name, s.Kind,
                [.. s.Classes.Select(c => new Part(c.Code, c.Name, counts.FirstOrDefault(n => n.SchemeId == s.Id && n.Class == c.Code)?.Count ?? 0, tasks.FirstOrDefault(n => n.SchemeId == s.Id && n.Class == c.Code)?.Count ?? 0))],
                all - counts.Where(n => n.SchemeId == s.Id && s.Class(n.Class) is not null).Sum(n => n.Count)))],
            [.. visible.InOrder.Select(u => new UnitChoice(u.Id, u.Name(call.Language)))]);
    }
}
