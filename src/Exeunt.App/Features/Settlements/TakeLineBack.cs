using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Settlements;

/// <summary>Takes back a line one added oneself, while nobody has decided on it.</summary>
public sealed class TakeLineBack(AppDb db, CaseDesk desk, SettleStep step, CaseFacts facts) : UseCase<TakeLineBack.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, Guid LineId);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit || (await facts.Lines(exit.Id, ct)).Find(l => l.Id == request.LineId) is not { } line)
            return CommonRefusals.NotFound;
        if (exit.CannotChangeMoney() is { } fixedNow)
            return fixedNow;
        if ((line.TakeBack(call.Actor.Id, call.Now) ?? exit.DecideLine(line.Id, line.State, null)) is { } no)
            return no;
        if (exit.SettlementId is not null && await step.Stage(exit, call, ct) is { } uncomputed)
            return uncomputed;
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
