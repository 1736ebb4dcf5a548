using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>Removes one's own view.</summary>
public sealed class DeleteCaseView(AppDb db) : UseCase<DeleteCaseView.Request, Done>(db)
{
    public sealed record Request(Guid Id);

    public override Permission Needs => Permission.ViewCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.CaseViews.SingleOrDefaultAsync(v => v.Id == request.Id && v.OwnerId == call.Actor.Id, ct) is not { } view)
            return CommonRefusals.NotFound;
        Db.CaseViews.Remove(view);
        Db.Audit(call, "case-view.deleted", $"case-view:{view.Id:N}");
        return await Commit(Done.It, ct);
    }
}
