using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>Asks or reports to somebody above (向上级汇报); it stands on that person's day until it is answered.</summary>
public sealed class AskUpwards(AppDb db, CaseDesk desk, CaseTexts texts, StaffDirectory staff) : UseCase<AskUpwards.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, Guid To, string? Words);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.IsClosed)
            return CaseRefusals.Closed;
        if (CommonRefusals.Unfit("words", request.Words, LeaveMessage.Max, out var unfit))
            return unfit;
        // Somebody who assigns cases of this unit, and not oneself.
        var path = await Db.Units.AsNoTracking().Where(u => u.Id == exit.UnitId).Select(u => u.Path).SingleOrDefaultAsync(ct);
        if ((await staff.Holders(Permission.AssignCases, path ?? "", ct)).All(h => h.Id != request.To) || StaffDirectory.IdOf(request.To) == call.Actor.Id)
            return NobodyAbove;
        if (exit.AskUpwards(await texts.Stage(exit, "question", request.Words.Trim(), ct), StaffDirectory.IdOf(request.To)) is { } no)
            return no;
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }

    public static readonly Refusal NobodyAbove = new(RefusalKind.Invalid, "case.nobody-above",
        "Choose a supervisor or head of this unit other than yourself.", "请选择本单位的主管或负责人（不能是本人）。", Field: "to");
}
