using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Evaluate;

/// <summary>Of which units' customers figures are: whoever shows figures says it.</summary>
/// <param name="IsAll">Of every unit there is.</param>
/// <param name="Codes">The topmost of the units; each stands for everything below it.</param>
/// <param name="Names">The same, as people call them.</param>
public sealed record FigureUnits(bool IsAll, IReadOnlyList<string> Codes, IReadOnlyList<Words> Names)
{
    /// <param name="below">Only this unit and those below it; null: all that are visible.</param>
    internal static async Task<FigureUnits> Of(AppDb db, VisibleUnits visible, int? below, CancellationToken ct)
    {
        var shown = visible.Ids(below).ToHashSet();
        var top = new List<Units.Unit>();
        // Parents come before what is below them.
        foreach (var unit in visible.InOrder)
            if (shown.Contains(unit.Id) && (top.Count == 0 || !unit.Path.StartsWith(top[^1].Path, StringComparison.Ordinal)))
                top.Add(unit);
        return new(shown.Count > 0 && shown.Count == await db.Units.CountAsync(ct), top.ConvertAll(u => u.Code), top.ConvertAll(u => new Words(u.English, u.Chinese)));
    }

    /// <summary>A line for the page.</summary>
    public string In(Texts t) => IsAll ? t["figures.all"] : t["figures.units", NamesIn(t)];

    public string NamesIn(Texts t) => string.Join(t.Pick(", ", "、"), Names.Select(n => n.In(t.Language)));
}
