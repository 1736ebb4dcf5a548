using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Settlements;

/// <summary>The customer objects to a charge; it is out of the total until somebody who did not add it decides.</summary>
public sealed class ContestLine(AppDb db, CaseDesk desk, SettleStep step, CaseFacts facts, CaseTexts texts) : UseCase<ContestLine.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, Guid LineId, string? Words);

    public override Permission Needs => Permission.CustomerOfCase;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.FindOwn(request.CaseId, call, ct) is not { } exit
            || (await facts.Lines(exit.Id, ct)).Find(l => l.Id == request.LineId) is not { } line)
            return CommonRefusals.NotFound;
        if (exit.CannotChangeMoney() is { } fixedNow)
            return fixedNow;
        if (CommonRefusals.Unfit("objection", request.Words, AddLine.MaxWords, out var unfit))
            return unfit;
        var text = await texts.Stage(exit, "line", request.Words.Trim(), ct);
        if ((line.Contest(text) ?? exit.ContestLine(line.Id, text)) is { } no)
            return no;
        if (await step.StageAgain(exit, call, ct) is { } uncomputed)
            return uncomputed;
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
