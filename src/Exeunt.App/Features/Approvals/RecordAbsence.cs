using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Approvals;

/// <summary>
/// 委托: somebody who will be away names who approves for one of their roles meanwhile. Only a role held oneself can be given, so that
/// nothing delegated is passed on; the other person must be one who approves at all.
/// </summary>
public sealed class RecordAbsence(AppDb db, StaffDirectory staff) : UseCase<RecordAbsence.Request, RecordAbsence.Recorded>(db)
{
    /// <summary>Longest absence, in days.</summary>
    public const int MaxDays = 180;

    /// <param name="To">The member of staff who stands in.</param>
    /// <param name="UntilOn">Last day, included.</param>
    public sealed record Request(Guid To, Role Role, DateOnly? FromOn, DateOnly? UntilOn, AbsenceReason Reason);

    public sealed record Recorded(Guid Id);

    public override Permission Needs => Permission.ApproveCases;

    protected override async Task<Outcome<Recorded>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (request.FromOn is not { } from)
            return CommonRefusals.Required("fromOn");
        if (request.UntilOn is not { } until)
            return CommonRefusals.Required("untilOn");
        if ((DateRange.Check(from, "fromOn") ?? DateRange.Check(until, "untilOn")) is { } never)
            return never;
        var today = call.Today(Clocks.CompanyZone);
        if (until < from || until < today || until.DayNumber - from.DayNumber >= MaxDays)
            return AbsenceRefusals.Days(today);
        if (!call.Actor.Has(request.Role) || !Permissions.RolesWith(Permission.ApproveCases).Contains(request.Role))
            return AbsenceRefusals.NotYourRole;
        var to = StaffDirectory.IdOf(request.To);
        if (to == call.Actor.Id)
            return AbsenceRefusals.Yourself;
        if ((await staff.Holders(Permission.ApproveCases, "", ct)).All(h => h.Id != request.To))
            return AbsenceRefusals.NoApprover;
        if (await Db.Delegations.AnyAsync(d => d.From == call.Actor.Id && d.Role == request.Role && d.EndedAt == null && d.FromOn <= until && d.UntilOn >= from, ct))
            return AbsenceRefusals.Overlaps;
        var row = new Delegation { Id = Guid.CreateVersion7(), From = call.Actor.Id, To = to, Role = request.Role, FromOn = from, UntilOn = until, Reason = request.Reason, At = call.Now };
        Db.Delegations.Add(row);
        Db.Audit(call, "absence.recorded", $"delegation:{row.Id:N}", new { row.To, row.Role, row.FromOn, row.UntilOn });
        return await Commit(new Recorded(row.Id), ct);
    }
}

public static class AbsenceRefusals
{
    public static Refusal Days(DateOnly today) => new(RefusalKind.Invalid, "absence.days",
        $"The last day is the first or later, today or later, and at most {RecordAbsence.MaxDays} days after it.", $"结束日须不早于开始日和今日，且不超过 {RecordAbsence.MaxDays} 天。", today, "untilOn");

    public static readonly Refusal NotYourRole = new(RefusalKind.Forbidden, "absence.not-your-role",
        "You can only give a role that you hold yourself and that approves.", "只能委托您本人持有且参与审批的角色。", Field: "role");

    public static readonly Refusal Yourself = new(RefusalKind.Invalid, "absence.yourself", "Choose another person.", "请选择其他人员。", Field: "to");

    public static readonly Refusal NoApprover = new(RefusalKind.Invalid, "absence.no-approver",
        "This person does not approve anything. Choose somebody who does.", "该人员不参与审批，请选择其他人员。", Field: "to");

    public static readonly Refusal Overlaps = new(RefusalKind.Conflict, "absence.overlaps",
        "Somebody stands in for this role on some of these days already. End that first.", "这段时间内该角色已有委托，请先结束原委托。", Field: "fromOn");

    public static readonly Refusal EndedAlready = new(RefusalKind.Conflict, "absence.ended-already", "This absence has ended.", "该委托已结束。");
}
