using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Imports;

/// <summary>Starts an uploaded import; the worker takes it up.</summary>
public sealed class StartImport(AppDb db) : UseCase<Guid, Guid>(db)
{
    public override Permission Needs => Permission.ImportData;

    protected override async Task<Outcome<Guid>> Handle(Call call, Guid request, CancellationToken ct)
    {
        var job = await Db.Imports.SingleOrDefaultAsync(i => i.Id == request && i.By == call.Actor.Id, ct);
        if (job is null)
            return CommonRefusals.NotFound;
        if (job.State != ImportState.Draft)
            return ImportRefusals.NotADraft;
        job.State = ImportState.Waiting;
        job.Version++;
        Db.Audit(call, "import.requested", $"import:{job.Id:N}", new { noun = job.Noun });
        return await Commit(job.Id, ct);
    }
}
