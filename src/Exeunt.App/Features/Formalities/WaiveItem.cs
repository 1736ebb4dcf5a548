using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Formalities;

/// <summary>A named person gives something up, with words.</summary>
public sealed class WaiveItem(AppDb db, CaseDesk desk, CaseTexts texts) : UseCase<WaiveItem.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, Guid ItemId, string? Words);

    public override Permission Needs => Permission.WaiveWork;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit
            || await Db.Set<Formality>().SingleOrDefaultAsync(f => f.Id == request.ItemId && f.CaseId == exit.Id, ct) is not { } item)
            return CommonRefusals.NotFound;
        if (exit.IsClosed)
            return CaseRefusals.Closed;
        if (item.State is FormalityState.Done or FormalityState.Waived)
            return CaseRefusals.ItemDoneAlready;
        if (CommonRefusals.Unfit("words", request.Words, HandOverItem.MaxWords, out var unfit))
            return unfit;
        item.TextId = await texts.StageUntilClosed(exit, "formality", request.Words.Trim(), ct);
        (item.State, item.DoneBy, item.DoneAt) = (FormalityState.Waived, call.Actor.Id, call.Now);
        item.Version++;
        Db.Audit(call, "formality.waived", $"case:{exit.Id:N}", new { item = item.Code });
        await FormalityRefusals.Finish(Db, exit, item, "waived", item.TextId, ct);
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
