using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;

namespace Exeunt.App.Features.Cases;

/// <summary>Answers the customer in the case.</summary>
public sealed class ReplyToCustomer(AppDb db, CaseDesk desk, CaseTexts texts) : UseCase<ReplyToCustomer.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, string? Words);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.IsClosed)
            return CaseRefusals.Closed;
        if (CommonRefusals.Unfit("words", request.Words, LeaveMessage.Max, out var unfit))
            return unfit;
        var text = await texts.Stage(exit, "message", request.Words.Trim(), ct);
        exit.LeaveMessage(text, fromCustomer: false);
        desk.Stage(exit, call);
        if (Intakes.MessageOut.Of(exit, text, call) is { } out_)
            Db.Enqueue(out_);
        return await Commit(Done.It, ct);
    }
}
