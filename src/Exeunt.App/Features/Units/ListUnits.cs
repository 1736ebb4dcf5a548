using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Units;

/// <param name="Depth">0 for the root.</param>
public sealed record UnitLine(int Id, int? ParentId, string Code, UnitKind Kind, string English, string Chinese, string Path, int Depth)
{
    public string Name(string language) => language == "zh" ? Chinese : English;
}

/// <summary>The caller's part of the company's tree, parents before children.</summary>
public sealed class ListUnits(AppDb db) : UseCase<ListUnits.Request, IReadOnlyList<UnitLine>>(db)
{
    public sealed record Request;

    public override Permission Needs => Permission.ManageStaff;

    protected override async Task<Outcome<IReadOnlyList<UnitLine>>> Handle(Call call, Request request, CancellationToken ct)
    {
        var units = await Db.Units.AsNoTracking().ToListAsync(ct);
        var children = units.OrderBy(u => u.Id).ToLookup(u => u.ParentId);
        var lines = new List<UnitLine>(units.Count);
        Add(null, 0);
        return lines;

        void Add(int? parent, int depth)
        {
            foreach (var unit in children[parent])
            {
                if (call.Actor.Allows(Needs, unit.Path))
                    lines.Add(new UnitLine(unit.Id, unit.ParentId, unit.Code, unit.Kind, unit.English, unit.Chinese, unit.Path, depth));
                Add(unit.Id, depth + 1);
            }
        }
    }
}
