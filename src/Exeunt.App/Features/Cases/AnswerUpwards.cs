using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;

namespace Exeunt.App.Features.Cases;

/// <summary>Answers what one was asked.</summary>
public sealed class AnswerUpwards(AppDb db, CaseDesk desk, CaseTexts texts) : UseCase<AnswerUpwards.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, string? Words);

    public override Permission Needs => Permission.AssignCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.IsClosed)
            return CaseRefusals.Closed;
        if (CommonRefusals.Unfit("words", request.Words, LeaveMessage.Max, out var unfit))
            return unfit;
        if (exit.AnswerUpwards(await texts.Stage(exit, "answer", request.Words.Trim(), ct), call.Actor.Id) is { } no)
            return no;
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
