using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>Gives a case to somebody who may handle cases of its unit.</summary>
public sealed class AssignCase(AppDb db, CaseDesk desk, StaffDirectory staff) : UseCase<AssignCase.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, Guid To);

    public override Permission Needs => Permission.AssignCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (request.To == Guid.Empty)
            return CommonRefusals.Required("to");
        var path = exit.UnitId is { } unit ? await Db.Units.AsNoTracking().Where(u => u.Id == unit).Select(u => u.Path).SingleAsync(ct) : null;
        if (!CanHave(await staff.ActorOf(request.To, ct), path))
            return NotAHandler;
        if (exit.Assign(StaffDirectory.IdOf(request.To)) is { } no)
            return no;
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }

    /// <summary>Whether somebody may handle cases of the unit with this path; null: of any.</summary>
    public static bool CanHave(Actor to, string? unitPath) =>
        unitPath is null ? to.Allows(Permission.HandleCases) : to.Allows(Permission.HandleCases, unitPath);

    public static readonly Refusal NotAHandler = new(RefusalKind.Invalid, "case.not-a-handler",
        "This person may not handle cases of this unit. Choose somebody who may.", "该人员无权办理本单位案件，请选择其他人员。", Field: "to");
}
