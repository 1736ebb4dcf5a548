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

internal static class CaseViewRefusals
{
    public static readonly Refusal TooMany = new(RefusalKind.Conflict, "case-view.too-many",
        $"One person keeps at most {CaseView.MaxPerPerson} views. Delete one first.", $"每人最多保存 {CaseView.MaxPerPerson} 个视图，请先删除一个。", Field: "name");

    public static readonly Refusal NotYourUnit = new(RefusalKind.Invalid, "case-view.not-your-unit",
        "Choose a unit in which you see cases.", "请选择您可查看案件的单位。", Field: "unit");

    public static Refusal? Of(string? name) =>
        string.IsNullOrWhiteSpace(name) ? CommonRefusals.Required("name") : name.Trim().Length > CaseView.MaxName ? CommonRefusals.TooLong("name", CaseView.MaxName) : null;
}
