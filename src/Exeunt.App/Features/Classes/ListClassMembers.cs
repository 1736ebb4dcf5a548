using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Classes;

/// <summary>The customers of a scheme by number, with class and since when; 500 a page. Names are in the list of customers.</summary>
public sealed class ListClassMembers(AppDb db) : UseCase<ListClassMembers.Request, ListClassMembers.View>(db)
{
    public const int PageSize = 500;

    /// <param name="Class">Only of this class.</param>
    /// <param name="After">The last customer of the page before.</param>
    public sealed record Request(string Scheme, string? Class = null, int? Unit = null, long After = 0);

    public sealed record Member(long Customer, string Class, DateOnly Since, int Version);

    public sealed record View(IReadOnlyList<Member> Members, long? Next);

    public override Permission Needs => Permission.ViewWatch;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        var visible = await VisibleUnits.Of(Db, call.Actor, Needs, ct);
        if (request.Unit is { } below && !visible.Holds(below))
            return CommonRefusals.NotFound;
        var units = visible.Ids(request.Unit);
        var found = await Db.ClassMembers.AsNoTracking().Where(m => m.SchemeId == request.Scheme && m.CustomerId > request.After && (request.Class == null || m.Class == request.Class))
            .Join(Db.Customers.Judged().Where(c => units.Contains(c.UnitId)), m => m.CustomerId, c => c.Id, (m, _) => m)
            .OrderBy(m => m.CustomerId).Take(PageSize + 1).ToListAsync(ct);
        return new View([.. found.Take(PageSize).Select(m => new Member(m.CustomerId, m.Class, m.Since, m.SchemeVersion))], found.Count > PageSize ? found[PageSize - 1].CustomerId : null);
    }
}
