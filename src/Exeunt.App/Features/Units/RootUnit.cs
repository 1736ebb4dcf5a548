using Exeunt.App.Data;
using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Units;

/// <summary>The company itself, which every other unit is part of.</summary>
public static class RootUnit
{
    /// <summary>The root; makes 总部 / Headquarters (code HQ) when there is none.</summary>
    public static async Task<Unit> Ensure(AppDb db, Call call, CancellationToken ct)
    {
        if (await db.Units.AsNoTracking().SingleOrDefaultAsync(u => u.ParentId == null, ct) is { } root)
            return root;
        root = new Unit { Id = 1, Path = "1.", Kind = UnitKind.Headquarters, Code = "HQ", Chinese = "总部", English = "Headquarters" };
        db.Units.Add(root);
        db.Audit(call, "unit.added", "unit:1");
        await db.SaveChangesAsync(ct);
        return root;
    }
}
