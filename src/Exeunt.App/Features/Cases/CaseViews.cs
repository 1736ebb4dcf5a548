using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>The saved views a person sees as tabs of the list: their own, and those shared with a unit of theirs or one above it.</summary>
public sealed class CaseViews(AppDb db)
{
    /// <param name="Mine">Whether the reader made it and may change it.</param>
    public sealed record Line(Guid Id, string Name, string Query, bool Mine, int? UnitId);

    public async Task<IReadOnlyList<Line>> For(Call call, CancellationToken ct)
    {
        var me = call.Actor.Id;
        var units = await UnitsOf(call, ct);
        return
        [
            .. (await db.CaseViews.AsNoTracking().Where(v => v.OwnerId == me || (v.UnitId != null && units.Contains(v.UnitId.Value))).OrderBy(v => v.Name).Take(2 * CaseView.MaxPerPerson).ToListAsync(ct))
                .Select(v => new Line(v.Id, v.Name, v.Query, v.OwnerId == me, v.UnitId)),
        ];
    }

    /// <summary>Units in which the caller works, and all above them and below them: what is shared with one of these is for them.</summary>
    private async Task<List<int>> UnitsOf(Call call, CancellationToken ct)
    {
        var paths = call.Actor.UnitsFor(Permission.ViewCases);
        var all = await db.Units.AsNoTracking().Select(u => new { u.Id, u.Path }).ToListAsync(ct);
        return [.. all.Where(u => paths.Any(p => p.StartsWith(u.Path, StringComparison.Ordinal) || u.Path.StartsWith(p, StringComparison.Ordinal))).Select(u => u.Id)];
    }
}

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
            Id = Guid.CreateVersion7(), OwnerId = me, Name = request.Name!.Trim(), Query = CaseFilter.Read(request.Query ?? "").ToQuery(), UnitId = request.UnitId, CreatedAt = call.Now,
        };
        Db.CaseViews.Add(view);
        Db.Audit(call, "case-view.saved", $"case-view:{view.Id:N}", new { view.UnitId });
        return await Commit(view.Id, ct);
    }
}

/// <summary>Gives one's own view another name.</summary>
public sealed class RenameCaseView(AppDb db) : UseCase<RenameCaseView.Request, Done>(db)
{
    public sealed record Request(Guid Id, string? Name);

    public override Permission Needs => Permission.ViewCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.CaseViews.SingleOrDefaultAsync(v => v.Id == request.Id && v.OwnerId == call.Actor.Id, ct) is not { } view)
            return CommonRefusals.NotFound;
        if (CaseViewRefusals.Of(request.Name) is { } no)
            return no;
        view.Name = request.Name!.Trim();
        view.Version++;
        Db.Audit(call, "case-view.renamed", $"case-view:{view.Id:N}");
        return await Commit(Done.It, ct);
    }
}

/// <summary>Removes one's own view.</summary>
public sealed class DeleteCaseView(AppDb db) : UseCase<DeleteCaseView.Request, Done>(db)
{
    public sealed record Request(Guid Id);

    public override Permission Needs => Permission.ViewCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.CaseViews.SingleOrDefaultAsync(v => v.Id == request.Id && v.OwnerId == call.Actor.Id, ct) is not { } view)
            return CommonRefusals.NotFound;
        Db.CaseViews.Remove(view);
        Db.Audit(call, "case-view.deleted", $"case-view:{view.Id:N}");
        return await Commit(Done.It, ct);
    }
}

internal static class CaseViewRefusals
{
    public static readonly Refusal TooMany = new(RefusalKind.Conflict, "case-view.too-many",
        $"One person keeps at most {CaseView.MaxPerPerson} views. Delete one first.", $"每人最多保存 {CaseView.MaxPerPerson} 个视图，请先删除一个。", Field: "name");

    public static readonly Refusal NotYourUnit = new(RefusalKind.Invalid, "case-view.not-your-unit",
        "Choose a unit in which you see cases.", "请选择您可查看案件的单位。", Field: "unit");

    public static Refusal? Of(string? name) =>
        string.IsNullOrWhiteSpace(name) ? CommonRefusals.Required("name") : name.Trim().Length > CaseView.MaxName ? CommonRefusals.TooLong("name", CaseView.MaxName) : null;
}
