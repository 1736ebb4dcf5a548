using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Units;

/// <summary>Adds a unit below another one.</summary>
public sealed class AddUnit(AppDb db) : UseCase<AddUnit.Request, UnitLine>(db)
{
    /// <param name="Parent">The code of the unit it belongs to.</param>
    public sealed record Request(string? Code, string? Parent, string? Chinese, string? English, UnitKind Kind);

    public override Permission Needs => Permission.ManageStaff;

    protected override async Task<Outcome<UnitLine>> Handle(Call call, Request request, CancellationToken ct)
    {
        var code = request.Code?.Trim() ?? "";
        if (code.Length is 0 or > UnitRefusals.MaxCode || !code.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '-'))
            return UnitRefusals.CodeInvalid;
        if (RenameUnit.Unfit(request.Chinese, request.English) is { } refusal)
            return refusal;
        var parent = await Db.Units.AsNoTracking().SingleOrDefaultAsync(u => u.Code == request.Parent, ct);
        if (parent is null || !call.Actor.Allows(Needs, parent.Path))
            return UnitRefusals.Unknown(request.Parent ?? "");
        if (request.Kind <= parent.Kind)
            return UnitRefusals.KindNotBelow;
        if (await Db.Units.AnyAsync(u => u.Code == code, ct))
            return UnitRefusals.CodeTaken;

        var id = await Db.Units.MaxAsync(u => u.Id, ct) + 1;
        var unit = new Unit
        {
            Id = id, ParentId = parent.Id, Path = $"{parent.Path}{id}.", Kind = request.Kind, Code = code,
            Chinese = request.Chinese!.Trim(), English = request.English!.Trim(),
        };
        Db.Units.Add(unit);
        Db.Audit(call, "unit.added", $"unit:{id}", new { parent = parent.Id, kind = request.Kind });
        return await Commit(new UnitLine(id, unit.ParentId, code, unit.Kind, unit.English, unit.Chinese, unit.Path, unit.Path.Count(c => c == '.') - 1), ct);
    }
}
