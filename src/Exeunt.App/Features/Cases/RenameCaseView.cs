using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>Gives one's own view another name.</summary>
public sealed class RenameCaseView(AppDb db) : UseCase<RenameCaseView.Request, Done>(db)
{
    public sealed record Request(Guid Id, string? Name);

    public override Permission Needs => Permission.ViewCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.CaseViews.SingleOrDefaultAsync(v => v.Id == request.Id && v.OwnerId == call.Actor.Id, ct) is not { } view)
            return CommonRefusals.NotFound;
        if (CaseViewRefusals.Of(request.Name) is { } no)
            return no;
        view.Name = request.Name!.Trim();
        view.Version++;
        Db.Audit(call, "case-view.renamed", $"case-view:{view.Id:N}");
        return await Commit(Done.It, ct);
    }
}
