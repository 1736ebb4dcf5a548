using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>Keeps the present list under a name.</summary>
public sealed class SaveCaseView(AppDb db) : UseCase<SaveCaseView.Request, Guid>(db)
{
    /// <param name="Query">The list's address without the question mark; read and written again, so that nothing else is kept.</param>
    /// <param name="UnitId">Shared with this unit and those below it; null: for oneself.</param>
    public sealed record Request(string? Name, string? Query, int? UnitId = null);

    public override Permission Needs => Permission.ViewCases;

    protected override async Task<Outcome<Guid>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (CaseViewRefusals.Of(request.Name) is { } no)
            return no;
        var me = call.Actor.Id;
        if (await Db.CaseViews.CountAsync(v => v.OwnerId == me, ct) >= CaseView.MaxPerPerson)
            return CaseViewRefusals.TooMany;
        if (request.UnitId is { } unit
            && (await Db.Units.Where(u => u.Id == unit).Select(u => u.Path).SingleOrDefaultAsync(ct) is not { } path || !call.Actor.Allows(Needs, path)))
            return CaseViewRefusals.NotYourUnit;
        var view = new CaseView
        {
            Id = Guid.CreateVersion7(), OwnerId = me, Name = request.Name!.Trim(), Query = (CaseFilter.Read(request.Query ?? "") with { Text = "" }).ToQuery(), UnitId = request.UnitId, CreatedAt = call.Now,
        };
        Db.CaseViews.Add(view);
        Db.Audit(call, "case-view.saved", $"case-view:{view.Id:N}", new { view.UnitId });
        return await Commit(view.Id, ct);
    }
}
