using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Documents;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Procedures;

/// <summary>Lets a running case go on under another published version of its procedure, for a stated reason; steps that have begun must be in it.</summary>
public sealed class MoveCase(AppDb db, CaseDesk desk, ProcedureBook procedures, CaseTexts texts) : UseCase<MoveCase.Request, Done>(db)
{
    public const int MaxReason = 1000;

    /// <param name="Version">A published version of the case's own procedure.</param>
    public sealed record Request(Guid CaseId, int Version, string? Reason);

    public override Permission Needs => Permission.MoveCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (CommonRefusals.Unfit("reason", request.Reason, MaxReason, out var unfit))
            return unfit;
        if (!await Db.SignedDocuments.AnyAsync(d => d.Id == exit.Procedure && d.Version == request.Version && d.Status == VersionStatus.Published, ct))
            return CaseRefusals.OtherProcedure;
        // The words can name somebody: the event holds their id.
        var reason = await texts.Stage(exit, "move", request.Reason.Trim(), ct);
        if (exit.MoveTo(procedures.Find(exit.Procedure, request.Version), $"{reason:N}") is { } no)
            return no;
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
