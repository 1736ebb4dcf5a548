using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Units;

/// <summary>Changes a unit's names; its code and place stay.</summary>
public sealed class RenameUnit(AppDb db) : UseCase<RenameUnit.Request, Done>(db)
{
    public sealed record Request(int Unit, string Chinese, string English);

    public override Permission Needs => Permission.ManageStaff;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (Unfit(request.Chinese, request.English) is { } refusal)
            return refusal;
        var unit = await Db.Units.SingleOrDefaultAsync(u => u.Id == request.Unit, ct);
        if (unit is null || !call.Actor.Allows(Needs, unit.Path))
            return CommonRefusals.NotFound;
        (unit.Chinese, unit.English) = (request.Chinese.Trim(), request.English.Trim());
        Db.Audit(call, "unit.renamed", $"unit:{unit.Id}");
        return await Commit(Done.It, ct);
    }

    internal static Refusal? Unfit(string? chinese, string? english) =>
        string.IsNullOrWhiteSpace(chinese) ? CommonRefusals.Required("zh")
        : string.IsNullOrWhiteSpace(english) ? CommonRefusals.Required("en")
        : chinese.Trim().Length > UnitRefusals.MaxName ? CommonRefusals.TooLong("zh", UnitRefusals.MaxName)
        : english.Trim().Length > UnitRefusals.MaxName ? CommonRefusals.TooLong("en", UnitRefusals.MaxName)
        : OneLine.IsBroken(chinese.AsSpan().Trim()) ? CommonRefusals.Unreadable("zh")
        : OneLine.IsBroken(english.AsSpan().Trim()) ? CommonRefusals.Unreadable("en")
        : null;
}
