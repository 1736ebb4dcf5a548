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
        if (string.IsNullOrWhiteSpace(request.Words))
            return CommonRefusals.Required("words");
        if (request.Words.Length > Max)
            return CommonRefusals.TooLong("words", Max);
        if (!await details.Waits(exit.Id, kind, ct))
            return IdentityRefusals.NothingWaits;
        var text = await texts.Stage(exit, "stop", request.Words.Trim(), ct);
        if (await details.Stop(exit, kind, text, call, ct) is { } no)
            return no;
        await letters.Mail(exit, call, "mail.change-stopped", [exit.Number], [], ct);
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
