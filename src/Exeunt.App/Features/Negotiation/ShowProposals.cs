using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Negotiation;

/// <summary>The same for members of staff who may see the case.</summary>
public sealed class ShowProposals(AppDb db, CaseDesk desk, ShowNegotiation show) : UseCase<ShowNegotiation.Request, ShowNegotiation.View>(db)
{
    public override Permission Needs => Permission.ViewCases;

    protected override async Task<Outcome<ShowNegotiation.View>> Handle(Call call, ShowNegotiation.Request request, CancellationToken ct) =>
        await desk.Find(request.CaseId, call, Needs, ct) is null ? CommonRefusals.NotFound : await show.Read(call, request, ct);
}
