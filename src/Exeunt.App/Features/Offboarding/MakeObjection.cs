using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Offboarding;

/// <summary>The customer objects to the notice of an offboarding; until somebody else decides, nothing takes effect.</summary>
public sealed class MakeObjection(AppDb db, CaseDesk desk, CaseTexts texts) : UseCase<MakeObjection.Request, Done>(db)
{
    public const int MaxWords = 4000;

    public sealed record Request(Guid CaseId, string? Words);

    public override Permission Needs => Permission.CustomerOfCase;

    protected override int Tries => CaseDesk.OwnWordsTries;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.FindOwn(request.CaseId, call, ct) is not { } exit)
            return CommonRefusals.NotFound;
        var today = call.Today(exit.Zone ?? Clocks.CompanyZone);
        if (exit.CannotObject(today) is { } not)
            return not;
        if (CommonRefusals.Unfit("objection", request.Words, MaxWords, out var unfit))
            return unfit;
        if (exit.Object(await texts.Stage(exit, "objection", request.Words.Trim(), ct), today) is { } no)
            return no;
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
