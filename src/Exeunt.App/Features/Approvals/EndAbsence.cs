using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Approvals;

/// <summary>Ends one's own absence early; the stand-in approves no more from now on.</summary>
public sealed class EndAbsence(AppDb db) : UseCase<EndAbsence.Request, Done>(db)
{
    public sealed record Request(Guid Id);

    public override Permission Needs => Permission.ApproveCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.Delegations.SingleOrDefaultAsync(d => d.Id == request.Id && d.From == call.Actor.Id, ct) is not { } row)
            return CommonRefusals.NotFound;
        if (row.EndedAt is not null)
            return AbsenceRefusals.EndedAlready;
        row.EndedAt = call.Now;
        Db.Audit(call, "absence.ended", $"delegation:{row.Id:N}");
        return await Commit(Done.It, ct);
    }
}
