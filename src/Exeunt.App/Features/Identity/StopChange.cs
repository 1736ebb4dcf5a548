using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Identity;

/// <summary>Staff stop a change of contact or account that waits and looks wrong, with words; the contact on file is told.</summary>
public sealed class StopChange(AppDb db, CaseDesk desk, DetailsDesk details, CaseTexts texts, CaseLetters letters) : UseCase<StopChange.Request, Done>(db)
{
    /// <param name="Kind">Null: no kind of this name.</param>
    /// <param name="Words">Why; for the colleagues.</param>
    public sealed record Request(Guid CaseId, DetailKind? Kind, string? Words);

    public const int Max = 500;

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (request.Kind is not { } kind || await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (CommonRefusals.Unfit("words", request.Words, Max, out var unfit))
            return unfit;
        if (await details.Waiting(exit.Id, kind, ct) is not { } waiting)
            return IdentityRefusals.NothingWaits;
        details.Stop(waiting, exit, await texts.Stage(exit, "stop", request.Words.Trim(), ct), call);
        await letters.Mail(exit, call, "mail.change-stopped", [exit.Number], [], ct);
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
