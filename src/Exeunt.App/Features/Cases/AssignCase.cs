using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Cases;

/// <summary>Gives a case to somebody.</summary>
public sealed class AssignCase(AppDb db, CaseDesk desk) : UseCase<AssignCase.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, Guid To);

    public override Permission Needs => Permission.AssignCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.Assign(Staff.StaffDirectory.IdOf(request.To)) is { } no)
            return no;
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
